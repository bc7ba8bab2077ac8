import type { Moment } from './moment.js';
import type { MachineSettings } from './settings.js';

/** A time on both clocks: the wall goes on while a computer sleeps, the other one is not set back. */
export interface Instant {
  readonly now: number;
  readonly wall: number;
}

/** The right to act, up to a time on both clocks. */
export class Right {
  private granted: { readonly term: number; readonly until: number; readonly wallUntil: number } | undefined;
  /** It has run out while the coordinator did not answer, and goes on (onQuorumLoss). */
  isHeld = false;

  constructor(
    private readonly settings: MachineSettings,
    private readonly moment: Moment,
  ) {}

  get isGranted(): boolean {
    return this.granted !== undefined;
  }

  get term(): number | undefined {
    return this.granted?.term;
  }

  /** @param from when was sent what the right rests on */
  grant(term: number, from: Instant, isEndless: boolean): void {
    const { ttl, margin } = this.settings.timing;
    const until = isEndless ? Infinity : from.now + ttl - margin;
    const wallUntil = isEndless ? Infinity : from.wall + ttl - margin;
    if (until <= this.moment.now || wallUntil <= this.moment.wall) return;
    this.isHeld = false;
    if (this.granted === undefined || this.granted.term !== term || until > this.granted.until)
      this.granted = { term, until, wallUntil };
  }

  drop(): void {
    this.granted = undefined;
    this.isHeld = false;
  }

  /** Drops it when it has run out, unless it is to be held. @param mayHold the coordinator does not answer */
  expire(mayHold: boolean): void {
    const { granted, moment } = this;
    if (granted === undefined) return;
    const isOver = moment.due(granted.until) || moment.wall >= granted.wallUntil;
    if (!isOver) return;
    // Who was frozen does not know whether the coordinator was silent: meanwhile another may have come.
    if (mayHold && !moment.stalled) this.isHeld = true;
    else this.drop();
  }

  /** Its term; 0 when it does not count at this time. */
  guard(now: number, wall: number): number {
    const { granted } = this;
    if (granted === undefined) return 0;
    if (now < granted.until && wall < granted.wallUntil) return granted.term;
    return this.isHeld && !this.moment.isStale(now, wall) ? granted.term : 0;
  }
}
