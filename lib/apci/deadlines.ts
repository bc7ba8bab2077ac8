import type { CloseReason } from './effects.js';

/** What a session waits for. */
export const deadlines = [
  /** t1: the oldest unacknowledged I-frame. */
  't1',
  /** t2: the oldest received I-frame that we have not acknowledged. */
  't2',
  /** t3: silence. */
  't3',
  /** t1 of a TESTFR act. */
  'testfr',
  /** t1 of a STARTDT or STOPDT act. */
  'act',
  /** t1 of an APDU that has begun. */
  'frame',
  /** The first STARTDT of a new connection. */
  'startdt',
] as const;

export type Deadline = (typeof deadlines)[number];

/** Why a session closes when it has waited in vain; t2 and t3 only make it act. */
export const expiryReason: Readonly<Record<Exclude<Deadline, 't2' | 't3'>, CloseReason>> = {
  t1: 't1-i-frame',
  testfr: 't1-testfr',
  act: 't1-act',
  frame: 't1-frame',
  startdt: 'no-startdt',
};

const index = Object.fromEntries(deadlines.map((name, i) => [name, i])) as Record<Deadline, number>;

/** The one table of timers of a session; times are the clock's milliseconds, Infinity stands for none. */
export class Deadlines {
  private readonly at = new Float64Array(deadlines.length).fill(Infinity);

  set(which: Deadline, at: number): void {
    this.at[index[which]] = at;
  }

  clear(which: Deadline): void {
    this.at[index[which]] = Infinity;
  }

  isSet(which: Deadline): boolean {
    return this.at[index[which]] !== Infinity;
  }

  clearAll(): void {
    this.at.fill(Infinity);
  }

  /** The earliest. */
  get next(): number {
    let earliest = Infinity;
    for (let i = 0; i < this.at.length; i++) if ((this.at[i] as number) < earliest) earliest = this.at[i] as number;
    return earliest;
  }

  /** The earliest that has passed, which is cleared; undefined when none has. */
  take(now: number): Deadline | undefined {
    const next = this.next;
    if (next > now || next === Infinity) return undefined;
    const which = deadlines[this.at.indexOf(next)] as Deadline;
    this.clear(which);
    return which;
  }
}
