import { COUNTERS, type Journal, VALUES } from '../station/journal.js';
import type { Station } from '../station/station.js';
import { EventFeed, type Place } from './feed.js';

/** Addresses whose place is remembered, and for how long they may be away. */
const MAX_GROUPS = 64;
const MAX_AWAY = 24 * 3_600_000;

/** The connections that share one reading of the journal: those of one client address. */
export class ClientGroup {
  private readonly feeds = new Set<EventFeed>();
  private parked: Place | undefined;
  private lostBefore = 0;
  /** When the last connection went, ms of the clock. */
  awaySince = 0;

  constructor(
    readonly name: string,
    private readonly journal: Journal<Station>,
    from: Place,
  ) {
    this.parked = from;
  }

  get isAway(): boolean {
    return this.feeds.size === 0;
  }

  /** Events that overwrote others before a client of the group could take them. */
  get lost(): number {
    let sum = this.lostBefore;
    for (const feed of this.feeds) sum += feed.lost;
    return sum;
  }

  /** Data transfer begins on a connection: the first gets what was left, further ones what happens from now on. */
  open(): EventFeed {
    const feed = new EventFeed(this.journal, this.parked ?? endOf(this.journal));
    this.parked = undefined;
    this.feeds.add(feed);
    return feed;
  }

  /** Data transfer has ended: what the client had not acknowledged waits for its return. */
  close(feed: EventFeed, now: number): void {
    if (!this.feeds.delete(feed)) return;
    const resume = feed.close();
    this.lostBefore += feed.lost;
    this.awaySince = now;
    const { parked } = this;
    this.parked =
      parked === undefined
        ? resume
        : [Math.min(parked[VALUES], resume[VALUES]), Math.min(parked[COUNTERS], resume[COUNTERS])];
  }
}

/** All groups of a line. */
export class ClientGroups {
  private readonly groups = new Map<string, ClientGroup>();
  private anySeen = false;

  constructor(private readonly journal: Journal<Station>) {}

  /** The group of a client address. What happened before any client was seen is for the first. */
  of(address: string, now: number): ClientGroup {
    const known = this.groups.get(address);
    if (known !== undefined && !(known.isAway && now - known.awaySince > MAX_AWAY)) return known;
    const from = this.anySeen ? endOf(this.journal) : startOf(this.journal);
    this.anySeen = true;
    const group = new ClientGroup(address, this.journal, from);
    this.groups.delete(address);
    this.groups.set(address, group);
    if (this.groups.size > MAX_GROUPS) this.forgetOne();
    return group;
  }

  get lost(): number {
    let sum = 0;
    for (const group of this.groups.values()) sum += group.lost;
    return sum;
  }

  /** Forgets the group that has been away longest; if none is away, all are served. */
  private forgetOne(): void {
    let longest: ClientGroup | undefined;
    for (const group of this.groups.values())
      if (group.isAway && (longest === undefined || group.awaySince < longest.awaySince)) longest = group;
    if (longest !== undefined) this.groups.delete(longest.name);
  }
}

function endOf(journal: Journal<Station>): Place {
  return [journal.classes[VALUES].end, journal.classes[COUNTERS].end];
}

function startOf(journal: Journal<Station>): Place {
  return [journal.classes[VALUES].first, journal.classes[COUNTERS].first];
}
