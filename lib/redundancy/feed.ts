import {
  COUNTERS,
  type EventClass,
  type EventJournal,
  type Journal,
  type JournalEvent,
  VALUES,
} from '../station/journal.js';

/** Numbers of events, one of each class. */
export type Place = readonly [values: number, counters: number];

/** The classes of events that a client gets. */
export type Owed = readonly [values: boolean, counters: boolean];

/** Events from `start` up to before `end`. */
interface Gap {
  readonly start: number;
  readonly end: number;
}

/** The reading of the journal by one connection: what it sends next, and what its client has acknowledged. */
export class EventFeed {
  private readonly next: [number, number];
  private readonly acknowledged: [number, number];
  private readonly enabled: [boolean, boolean] = [false, false];
  private readonly isOwed: [boolean, boolean];
  /** Lost events that were passed over, or were sent and never acknowledged. */
  private counted = 0;
  /** Stretches of events behind the last acknowledged one that were passed over. */
  private readonly gaps: readonly [Gap[], Gap[]] = [[], []];

  /**
   * @param owed the classes whose loss counts even before the client has interrogated: those that it got before
   * @param onLoss is told of the first loss
   */
  constructor(
    private readonly journal: Journal,
    from: Place,
    owed: Owed = [false, false],
    private readonly onLoss: () => void = () => {},
  ) {
    this.next = [...from];
    this.acknowledged = [...from];
    this.isOwed = [...owed];
  }

  /** The classes that the client gets, or got before. */
  get owed(): Owed {
    return this.isOwed;
  }

  /** Lets events of a class go out: the client has interrogated. */
  enable(which: EventClass): void {
    this.enabled[which] = true;
    this.isOwed[which] = true;
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

  /** Reads the next event of a class, which `peek` has named. @returns its number */
  take(which: EventClass, to: JournalEvent): number {
    const number = this.next[which]++;
    this.of(which).read(number, to);
    return number;
  }

  /** The ticket of the frame that carries an event. */
  static ticket(which: EventClass, number: number): number {
    return number * 2 + which + 1;
  }

  /** The client has acknowledged the frame of this ticket, and with it all events before. */
  confirm(ticket: number): void {
    const which = ((ticket - 1) % 2) as EventClass;
    this.acknowledged[which] = Math.floor((ticket - 1) / 2) + 1;
    const gaps = this.gaps[which];
    while (gaps[0] !== undefined && gaps[0].end <= this.acknowledged[which]) gaps.shift();
  }

  /** Whether the event of this number is still to be sent, so that no later value of its point may go out before. */
  isPending(number: number, isCounter: boolean): boolean {
    const which = isCounter ? COUNTERS : VALUES;
    return this.enabled[which] && number >= this.next[which];
  }

  /** Leaves out what stands before a place, as another has delivered it. */
  skip(place: Place): void {
    for (const which of [VALUES, COUNTERS] as const) {
      this.next[which] = Math.max(this.next[which], place[which]);
      this.acknowledged[which] = Math.max(this.acknowledged[which], place[which]);
    }
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
    // Who does not get a class loses nothing of it; what has gone meanwhile is counted for who gets it.
    if (from >= first || !this.isOwed[which]) return from;
    let passed = 0;
    for (const gap of this.gaps[which]) passed += gap.end - Math.max(from, gap.start);
    this.count(first - from - passed);
    this.next[which] = first;
    return first;
  }

  /** Events that went from the journal before this connection could send them, or have them acknowledged. */
  get lost(): number {
    return this.counted + this.overtaken(VALUES) + this.overtaken(COUNTERS);
  }

  /** Events that went from the journal since this connection last looked. */
  private overtaken(which: EventClass): number {
    return this.isOwed[which] ? Math.max(0, this.of(which).first - this.next[which]) : 0;
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
    const start = this.next[which];
    if (start < first) {
      this.count(first - start);
      this.gaps[which].push({ start, end: first });
      this.next[which] = first;
    }
    return this.next[which] < end;
  }

  private count(lost: number): void {
    if (this.counted === 0 && lost > 0) this.onLoss();
    this.counted += lost;
  }

  private of(which: EventClass): EventJournal {
    return this.journal.classes[which];
  }
}
