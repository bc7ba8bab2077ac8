import { COUNTERS, type Journal, VALUES } from '../station/journal.js';
import type { Place } from './feed.js';

/** ms of events that one mark stands for. */
const GRAIN = 250;

/** Where the end of a journal stood lately: from which number on events are young. */
export class RecentEvents {
  private marks: { readonly at: number; readonly place: Place }[] = [];
  private end: Place = [0, 0];

  /** @param keep ms for which an event is young */
  constructor(
    private readonly journal: Journal,
    private readonly keep: number,
  ) {}

  /** Begins: whatever the journal has is taken for young. */
  begin(now: number): void {
    this.marks = [{ at: now, place: [0, 0] }];
    this.end = endOf(this.journal);
  }

  /** Something was written since the last call. */
  note(now: number): void {
    const last = this.marks.at(-1);
    if (last === undefined || now - last.at >= GRAIN) this.marks.push({ at: now, place: this.end });
    this.end = endOf(this.journal);
  }

  /** From where on events are young. */
  from(now: number): Place {
    while (this.marks[0] !== undefined && now - this.marks[0].at > this.keep + GRAIN) this.marks.shift();
    return this.marks[0]?.place ?? endOf(this.journal);
  }
}

export function endOf({ classes }: Journal): Place {
  return [classes[VALUES].end, classes[COUNTERS].end];
}

/** The later of two places, class by class. */
export function later(a: Place, b: Place): Place {
  return [Math.max(a[VALUES], b[VALUES]), Math.max(a[COUNTERS], b[COUNTERS])];
}
