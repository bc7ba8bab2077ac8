import { type CloseReason, NOTHING, type SessionState } from '../apci/session.js';
import { cause } from '../asdu/cause.js';
import type { Channel } from '../line/channel.js';
import type { Clock } from '../link/clock.js';
import { Link, type LinkHandler } from '../link/link.js';
import { LinkedConnection } from '../link/linked.js';
import { CodecError, type OctetWriter } from '../octets/octets.js';
import type { Client } from '../procedures/client.js';
import { ClientFiles } from '../procedures/files/client-files.js';
import { scanOf } from '../procedures/interrogation.js';
import { Request } from '../procedures/request.js';
import type { IsPending, Scan } from '../procedures/scan.js';
import { ScanQueue } from '../procedures/scan-queue.js';
import type { EventFeed, Place } from '../redundancy/feed.js';
import type { ClientGroup } from '../redundancy/groups.js';
import { COUNTERS, type EventMark, type JournalEvent, VALUES } from '../station/journal.js';
import type { Station } from '../station/station.js';
import { Answers } from './answers.js';
import { writeNextEvent } from './events.js';
import type { LineStations } from './line-stations.js';
import type { ConnectionSettings } from './settings.js';

/** Answers that may wait for a client; one that asks on without taking them is closed. */
const MAX_REPLIES = 4096;
/** Of the cause of transmission. */
const TEST_BIT = 0x80;
/** While events flood, each so many-th frame belongs to the interrogation. */
const SCAN_SHARE = 4;

/** What the line does for its connections. */
export interface ConnectionHost {
  readonly lineNumber: number;
  readonly stations: LineStations;
  group(connection: Connection): ClientGroup;
  request(request: Request, connection: Connection): void;
  /** An interrogation has been accepted. */
  interrogated(connection: Connection, originator: number): void;
  /** The client asked for an object that does not exist. */
  unknownObject(connection: Connection, refusal: Uint8Array): void;
  stateChanged(connection: Connection): void;
  closed(connection: Connection, reason: CloseReason, received: Uint8Array): void;
  failed(connection: Connection, error: unknown): void;
}

/** One client of a line: what goes to it, in which order, and what it asks. */
export class Connection extends LinkedConnection implements Client, LinkHandler {
  /** Values sent in events and interrogations, and commands received. */
  sent = 0;
  received = 0;
  /** 0..15 for A..P while data transfer is started. */
  flag: number | undefined;
  /** The instance is passive. */
  isStandby = false;
  readonly files = new ClientFiles((asdu) => this.reply(asdu));
  protected readonly link: Link;
  private readonly answers = new Answers();
  private readonly scans = new ScanQueue();
  private group: ClientGroup | undefined;
  private feed: EventFeed | undefined;
  private interrogated: [boolean, boolean] = [false, false];
  /** Events that were there when the scan began, which go out before its first value. */
  private backlog: Place | undefined;
  private turn = 0;
  private isFilesTurn = false;
  private readonly event = {} as JournalEvent;

  constructor(
    channel: Channel,
    readonly settings: ConnectionSettings,
    private readonly clock: Clock,
    private readonly host: ConnectionHost,
    guard?: () => boolean,
  ) {
    super(channel, clock.wall());
    this.link = new Link(channel, settings.session, clock, this, guard);
  }

  /** Events and answers that wait for this client. */
  get buffered(): number {
    return this.answers.size + (this.feed?.buffered ?? 0);
  }

  /** Whether data transfer is started with the events of this group. */
  takesFrom(group: ClientGroup): boolean {
    return this.feed !== undefined && this.group === group;
  }

  get lost(): number {
    return this.group?.lost ?? 0;
  }

  /** The instance has become passive, and the connection stays (SKO); or it is active again. */
  standBy(isStandby: boolean): void {
    this.isStandby = isStandby;
    this.link.session.standbyMark = isStandby && this.settings.standby.mark;
    if (isStandby) this.drop();
  }

  /** Gets values while the instance is passive, marked as that says. */
  get isValued(): boolean {
    return this.settings.standby.values;
  }

  /** Leaves out events that the active instance has delivered. */
  skip(place: Place): void {
    if (!this.isValued) this.feed?.skip(place);
  }

  // What procedures do for the client

  reply(asdu: Uint8Array, after?: EventMark): void {
    // What was under way when the instance became passive is not answered any more.
    if (this.state !== 'started' || (this.isStandby && !this.isValued)) return;
    if (((asdu[2] as number) & 0x3f) === cause['unknown-object-address']) this.host.unknownObject(this, asdu);
    this.answer(asdu, after);
  }

  /** Refuses what only an active instance may do. */
  refuse(asdu: Uint8Array): void {
    if (this.state === 'started') this.answer(asdu);
  }

  begin(scan: Scan): boolean {
    const begun = this.scans.begin(scan);
    if (begun && scan.confirmation !== undefined) this.host.interrogated(this, scan.request?.asdu.originator ?? 0);
    return begun;
  }

  abort(station: Station, request: Request): boolean {
    return this.scans.abort(station, request);
  }

  /** A station is no more, or has another in its place. */
  follow(old: Station, next: Station | undefined): void {
    // One that has not begun is refused, as it would be now.
    for (const request of this.scans.follow(old, next && ((asked) => scanOf(asked, next))))
      this.reply(request.answer(cause['activation-confirmation'], true, old.commonAddress));
  }

  clearTimedEvents(station: Station): void {
    this.group?.clearTimedEvents(station.source);
  }

  /** Takes what stations send by themselves, if the client gets values, or integrated totals, at all. */
  offer(scan: Scan): void {
    if (this.feed?.isEnabled(scan.points.row(0).isCounter ? COUNTERS : VALUES)) this.scans.offer(scan);
  }

  // What the link asks and tells

  next(to: OctetWriter): number {
    const start = to.at;
    const ticket = this.choose(to);
    if (ticket !== NOTHING && this.isStandby && this.settings.standby.test)
      to.octets[start + 2] = (to.octets[start + 2] as number) | TEST_BIT;
    return ticket;
  }

  /** Answers first; then events and the scan, so that neither starves the other and no value follows a newer one. */
  private choose(to: OctetWriter): number {
    const { feed } = this;
    const reply = this.answers.take(feed);
    if (reply !== undefined) {
      to.bytes(reply);
      return 0;
    }
    if (feed === undefined || (this.isStandby && !this.isValued)) return NOTHING;
    const begins = this.scans.unconfirmed;
    if (begins !== undefined) return this.confirm(begins, feed, to);
    if (feed.peek() !== undefined) {
      const shared = ++this.turn % SCAN_SHARE === 0 && (this.backlog === undefined || feed.isBeyond(this.backlog));
      if (shared && this.scanned(to)) return 0;
      const ticket = this.evented(feed, to);
      if (ticket !== NOTHING) return ticket;
    }
    return this.scanned(to) ? 0 : NOTHING;
  }

  deliver(octets: Uint8Array, mark: boolean): void {
    let request: Request;
    try {
      request = new Request(octets);
    } catch (error) {
      if (error instanceof CodecError) return this.close('asdu');
      throw error;
    }
    if (mark && this.settings.ignoreMarked) return;
    this.received++;
    this.host.request(request, this);
  }

  confirmed(ticket: number): void {
    if (ticket > 0) this.feed?.confirm(ticket);
  }

  stateChanged(state: SessionState): void {
    if (state === 'started' && this.feed === undefined) this.begun();
    else if (state === 'stopped') this.ended();
    this.host.stateChanged(this);
  }

  closed(reason: CloseReason, received: Uint8Array): void {
    this.ended();
    this.host.closed(this, reason, received);
  }

  failed(error: unknown): void {
    this.host.failed(this, error);
  }

  private begun(): void {
    this.group = this.host.group(this);
    this.feed = this.group.open();
    const always = !this.settings.afterInterrogation;
    if (always || this.interrogated[VALUES]) this.feed.enable(VALUES);
    if (always || this.interrogated[COUNTERS]) this.feed.enable(COUNTERS);
    if (!this.isStandby) for (const asdu of this.host.stations.initializations()) this.answers.add(asdu);
    if (!this.settings.implicit) return;
    this.enable(this.feed, VALUES);
    this.enable(this.feed, COUNTERS);
    for (const scan of this.host.stations.implicitScans()) this.scans.offer(scan);
  }

  /** Data transfer has ended: events wait for the next, answers and scans are void. */
  private ended(): void {
    if (this.feed !== undefined) this.group?.close(this.feed, this.clock.now());
    this.feed = undefined;
    this.drop();
  }

  /** What the client has asked for is void. */
  private drop(): void {
    this.answers.clear();
    this.scans.clear();
    this.files.end();
  }

  private answer(asdu: Uint8Array, after?: EventMark): void {
    if (this.answers.size >= MAX_REPLIES) return this.close('reply-overflow');
    this.answers.add(asdu, after);
  }

  /** Begins a scan: with its confirmation the client has interrogated, and gets events. */
  private confirm(scan: Scan, feed: EventFeed, to: OctetWriter): number {
    const isCounters = scan.typeId === 101;
    if (!isCounters) this.enable(feed, VALUES);
    if (isCounters || scan.station.parameters.ICCI) this.enable(feed, COUNTERS);
    this.backlog = feed.end;
    this.scans.confirm(to);
    return 0;
  }

  private enable(feed: EventFeed, which: 0 | 1): void {
    this.interrogated[which] = true;
    feed.enable(which);
  }

  private readonly isPending: IsPending = (event, isCounter) => this.feed?.isPending(event, isCounter) ?? false;

  /** Writes the next event. */
  private evented(feed: EventFeed, to: OctetWriter): number {
    const ticket = writeNextEvent(to, feed, this.group, this.event, this.host.lineNumber);
    if (ticket !== NOTHING) this.sent++;
    return ticket;
  }

  /** Writes one ASDU of what can wait: of a file; or of a read, the scan under way, a cyclic transmission. In turns. */
  private scanned(to: OctetWriter): boolean {
    this.isFilesTurn = !this.isFilesTurn;
    if (this.isFilesTurn && this.filed(to)) return true;
    const count = this.scans.write(to, this.isPending, this.clock.wall());
    this.sent += count ?? 0;
    return count !== undefined || this.filed(to);
  }

  private filed(to: OctetWriter): boolean {
    return this.files.isBusy && this.files.write(to, this.clock.now());
  }
}
