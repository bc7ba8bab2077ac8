import {
  COUNTERS,
  type EventClass,
  type EventJournal,
  type Journal,
  type JournalEvent,
  VALUES,
} from '../station/journal.js';
import type { Station } from '../station/station.js';

/** Numbers of events, one of each class. */
export type Place = readonly [values: number, counters: number];

/** The reading of the journal by one connection: what it sends next, and what its client has acknowledged. */
export class EventFeed {
  private readonly next: [number, number];
  private readonly acknowledged: [number, number];
  private readonly enabled: [boolean, boolean] = [false, false];
  /** Events that went from the journal before this connection could send them, or have them acknowledged. */
  lost = 0;
  /** Of the lost ones, those between the last acknowledged event and the next to send. */
  private readonly skipped: [number, number] = [0, 0];

  constructor(
    private readonly journal: Journal<Station>,
    from: Place,
  ) {
    this.next = [...from];
    this.acknowledged = [...from];
  }

  /** Lets events of a class go out: the client has interrogated. */
  enable(which: EventClass): void {
    this.enabled[which] = true;
  }

  isEnabled(which: EventClass): boolean {
    return this.enabled[which];
  }

  /** The class of the event that comes next; undefined when there is none to send. */
  peek(): EventClass | undefined {
    const values = this.has(VALUES);
    if (!this.has(COUNTERS)) return values ? VALUES : undefined;
    if (!values) return COUNTERS;
    const [valueJournal, counterJournal] = this.journal.classes;
    return valueJournal.orderOf(this.next[VALUES]) < counterJournal.orderOf(this.next[COUNTERS]) ? VALUES : COUNTERS;
  }

  /** Reads the next event of a class, which `peek` has named. @returns the ticket of the frame that carries it */
  take(which: EventClass, to: JournalEvent<Station>): number {
    const number = this.next[which]++;
    this.of(which).read(number, to);
    return number * 2 + which + 1;
  }

  /** The client has acknowledged the frame of this ticket, and with it all events before. */
  confirm(ticket: number): void {
    const which = (ticket - 1) % 2;
    this.acknowledged[which] = Math.floor((ticket - 1) / 2) + 1;
    if (this.acknowledged[which] === this.next[which]) this.skipped[which] = 0;
  }

  /** Whether the event of this number is still to be sent, so that no later value of its point may go out before. */
  isPending(number: number, isCounter: boolean): boolean {
    const which = isCounter ? COUNTERS : VALUES;
    return this.enabled[which] && number >= this.next[which];
  }

  /** Where the journal ends now. */
  get end(): Place {
    return [this.of(VALUES).end, this.of(COUNTERS).end];
  }

  /** Whether all events of enabled classes before this place have been sent. */
  isBeyond(place: Place): boolean {
    return (
      (!this.enabled[VALUES] || this.next[VALUES] >= place[VALUES]) &&
      (!this.enabled[COUNTERS] || this.next[COUNTERS] >= place[COUNTERS])
    );
  }

  /** The connection has gone. @returns where another has to go on, so that nothing unacknowledged is left out */
  close(): Place {
    return [this.closeOne(VALUES), this.closeOne(COUNTERS)];
  }

  private closeOne(which: EventClass): number {
    const { first } = this.of(which);
    const from = this.acknowledged[which];
    if (from >= first) return from;
    if (this.enabled[which]) this.lost += Math.max(0, first - from - this.skipped[which]);
    return first;
  }

  /** Events that wait to be sent or acknowledged. */
  get buffered(): number {
    return this.waiting(VALUES) + this.waiting(COUNTERS);
  }

  private waiting(which: EventClass): number {
    const { first, end } = this.of(which);
    return end - Math.max(first, this.acknowledged[which]);
  }

  private has(which: EventClass): boolean {
    if (!this.enabled[which]) return false;
    const { first, end } = this.of(which);
    if (this.next[which] < first) {
      this.lost += first - this.next[which];
      this.skipped[which] += first - this.next[which];
      this.next[which] = first;
    }
    return this.next[which] < end;
  }

  private of(which: EventClass): EventJournal<Station> {
    return this.journal.classes[which];
  }
}
