import type { EventSource } from '../station/event-source.js';
import { COUNTERS, type EventClass, type Journal, type JournalEvent, VALUES } from '../station/journal.js';
import { EventFeed, type Owed, type Place } from './feed.js';
import { endOf, later } from './recent.js';

/** Addresses whose place is remembered, and for how long they may be away. */
const MAX_GROUPS = 64;
const MAX_AWAY = 24 * 3_600_000;
/** ms that clients of another instance have to come over. */
const NEWCOMERS = 60_000;

/** Why events are lost to a group: the journal could not hold them, it was away too long, or GRP names it no more. */
export type LossReason = 'overflow' | 'away' | 'removed';

/** The connections that share one reading of the journal: those of one client address. */
export class ClientGroup {
  private readonly feeds = new Set<EventFeed>();
  private parked: Place | undefined;
  /** A client that has not asked yet is owed values; integrated totals only when it has. */
  private owed: Owed = [true, false];
  private lostBefore = 0;
  /** Up to where events with time tag of a station were cleared by the clients (105 with QRP 2). */
  private readonly cleared = new Map<EventSource, Place>();
  /** Why nobody of the group is expected any more. */
  private dissolved: LossReason | undefined;

  constructor(
    readonly name: string,
    private readonly journal: Journal,
    from: Place,
    private readonly onLoss: (group: ClientGroup, why: LossReason) => void,
    /** When the last connection went, ms of the clock; of a new group now. */
    public awaySince = 0,
  ) {
    this.parked = from;
  }

  /** Drops the events with time tag of a station that wait for the group. */
  clearTimedEvents(source: EventSource): void {
    this.cleared.set(source, endOf(this.journal));
  }

  /** Whether the event of this number was cleared. */
  isCleared({ source, point }: JournalEvent, which: EventClass, number: number): boolean {
    if (this.cleared.size === 0) return false;
    const until = this.cleared.get(source);
    return until !== undefined && number < until[which] && point.row.time !== 'none';
  }

  get isAway(): boolean {
    return this.feeds.size === 0;
  }

  /** Nobody of the group is expected any more: what waits for it is lost as soon as its last connection has gone. */
  dissolve(why: LossReason): void {
    this.dissolved = why;
    this.settle();
  }

  /** The group is expected again. @returns false when what waited for it is lost already */
  revive(): boolean {
    if (this.dissolved !== undefined && this.isAway) return false;
    this.dissolved = undefined;
    return true;
  }

  private settle(): void {
    if (this.dissolved === undefined || !this.isAway || this.parked === undefined) return;
    const { lost, waiting } = this;
    this.lostBefore = lost + waiting;
    this.parked = undefined;
    if (waiting > 0) this.onLoss(this, this.dissolved);
  }

  /** Events that overwrote others before a client of the group could take them. */
  get lost(): number {
    let sum = this.lostBefore;
    for (const feed of this.feeds) sum += feed.lost;
    if (this.parked !== undefined && this.isAway)
      sum += this.overtaken(this.parked, VALUES) + this.overtaken(this.parked, COUNTERS);
    return sum;
  }

  /** Events that still wait for the group's return. */
  get waiting(): number {
    const { parked } = this;
    if (parked === undefined) return 0;
    const of = (which: EventClass): number => {
      const { first, end } = this.journal.classes[which];
      return this.owed[which] ? end - Math.max(first, parked[which]) : 0;
    };
    return of(VALUES) + of(COUNTERS);
  }

  /** Events that have gone while nobody of the group was there. */
  private overtaken(parked: Place, which: EventClass): number {
    return this.owed[which] ? Math.max(0, this.journal.classes[which].first - parked[which]) : 0;
  }

  /** Leaves out what stands before a place, as another has delivered it to the clients. */
  skip(place: Place): void {
    if (this.parked !== undefined) this.parked = later(this.parked, place);
  }

  /** Data transfer begins on a connection: the first gets what was left, further ones what happens from now on. */
  open(): EventFeed {
    const feed = new EventFeed(this.journal, this.parked ?? endOf(this.journal), this.owed, () =>
      this.onLoss(this, 'overflow'),
    );
    this.parked = undefined;
    this.feeds.add(feed);
    return feed;
  }

  /** Data transfer has ended: what the client had not acknowledged waits for its return. */
  close(feed: EventFeed, now: number): void {
    if (!this.feeds.delete(feed)) return;
    const resume = feed.close();
    this.owed = feed.owed;
    this.lostBefore += feed.lost;
    this.awaySince = now;
    const { parked } = this;
    this.parked =
      parked === undefined
        ? resume
        : [Math.min(parked[VALUES], resume[VALUES]), Math.min(parked[COUNTERS], resume[COUNTERS])];
    this.settle();
  }
}

/** All groups of a line. */
export class ClientGroups {
  /** Groups of one client address each, and those of the parameter GRP. */
  private readonly groups = new Map<string, ClientGroup>();
  private readonly configured = new Map<string, ClientGroup>();
  private anySeen = false;
  /** Where the first client begins. */
  private begin: Place = [0, 0];
  /** Where clients begin that another instance has served until lately, and until when one may be such. */
  private taken: { readonly from: Place; readonly until: number } = { from: [0, 0], until: -Infinity };
  private pausedAt: Place = [0, 0];
  private lostByForgotten = 0;

  /**
   * @param onLoss is told once in each data transfer that the journal could not hold all events for a group, and of events
   *   that waited for a group which is not expected any more
   */
  constructor(
    private readonly journal: Journal,
    private readonly onLoss: (group: ClientGroup, why: LossReason) => void = () => {},
  ) {}

  /** The group of a client address. What happened before any client was seen is for the first. */
  of(address: string, now: number): ClientGroup {
    this.expire(now);
    const known = this.groups.get(address);
    if (known !== undefined) return known;
    // What the journal could not hold until the first client came is lost to it.
    const from = this.anySeen && now >= this.taken.until ? endOf(this.journal) : this.origin;
    this.anySeen = true;
    const group = new ClientGroup(address, this.journal, from, this.onLoss, now);
    // Before the new one is there, which has no connection yet either.
    if (this.groups.size >= MAX_GROUPS) this.forgetOne();
    this.groups.set(address, group);
    return group;
  }

  /** Says which redundancy groups there are from now on. */
  configure(names: readonly string[]): void {
    for (const [name, group] of this.configured) {
      if (names.includes(name) && group.revive()) continue;
      group.dissolve('removed');
      // One with a connection is needed until that has gone; the next deploy finds it gone.
      if (!group.isAway) continue;
      this.configured.delete(name);
      this.lostByForgotten += group.lost;
    }
    for (const name of names) this.named(name);
  }

  /** When the next address has been away too long, ms of the clock; Infinity for never. */
  get deadline(): number {
    let earliest = Infinity;
    for (const { isAway, awaySince } of this.groups.values())
      if (isAway && awaySince + MAX_AWAY < earliest) earliest = awaySince + MAX_AWAY;
    return earliest;
  }

  /** Forgets who has been away too long. */
  expire(now: number): void {
    for (const group of this.groups.values()) if (group.isAway && now - group.awaySince >= MAX_AWAY) this.forget(group);
  }

  /**
   * A redundancy group by its name. It keeps events whether its clients have been seen or not: from the beginning, or from
   * when it is named first, once clients have come.
   */
  named(name: string): ClientGroup {
    let group = this.configured.get(name);
    if (group === undefined) {
      group = new ClientGroup(name, this.journal, this.anySeen ? endOf(this.journal) : this.begin, this.onLoss);
      this.configured.set(name, group);
    }
    return group;
  }

  /** Another instance serves the clients from now on. */
  pause(): void {
    this.pausedAt = this.anySeen ? endOf(this.journal) : [0, 0];
  }

  /** Another instance has delivered what stands before a place. */
  skip(place: Place): void {
    this.begin = later(this.begin, place);
    for (const group of this.all) group.skip(place);
  }

  /** The clients are served from here again. @param place from where on the other one may not have delivered */
  resume(place: Place, now: number): void {
    this.skip(place);
    this.taken = { from: later(place, this.pausedAt), until: now + NEWCOMERS };
  }

  private get origin(): Place {
    return this.anySeen ? this.taken.from : this.begin;
  }

  private get all(): readonly ClientGroup[] {
    return [...this.groups.values(), ...this.configured.values()];
  }

  /** A client of a redundancy group has come: events from before are not kept for addresses that nobody has seen. */
  joined(name: string): ClientGroup {
    this.anySeen = true;
    return this.named(name);
  }

  get lost(): number {
    let sum = this.lostByForgotten;
    for (const group of this.all) sum += group.lost;
    return sum;
  }

  /** Forgets the group that has been away longest; if none is away, all are served. */
  private forgetOne(): void {
    let longest: ClientGroup | undefined;
    for (const group of this.groups.values())
      if (group.isAway && (longest === undefined || group.awaySince < longest.awaySince)) longest = group;
    if (longest !== undefined) this.forget(longest);
  }

  private forget(group: ClientGroup): void {
    group.dissolve('away');
    this.groups.delete(group.name);
    this.lostByForgotten += group.lost;
  }
}
