import { type CloseReason, NOTHING, type SessionSettings, type SessionState } from '../apci/session.js';
import { cause } from '../asdu/cause.js';
import type { Channel } from '../line/channel.js';
import type { Clock } from '../link/clock.js';
import { Link, type LinkHandler } from '../link/link.js';
import { CodecError, type OctetWriter } from '../octets/octets.js';
import type { Client } from '../procedures/client.js';
import { ClientFiles } from '../procedures/files/client-files.js';
import { scanOf } from '../procedures/interrogation.js';
import { Request } from '../procedures/request.js';
import type { IsPending, Scan } from '../procedures/scan.js';
import { ScanQueue } from '../procedures/scan-queue.js';
import { EventFeed, type Place } from '../redundancy/feed.js';
import type { ClientGroup } from '../redundancy/groups.js';
import { COUNTERS, type EventMark, type JournalEvent, VALUES } from '../station/journal.js';
import type { Station } from '../station/station.js';
import type { OctetObserver } from '../trace/frame-watch.js';
import { writeEvent } from './events.js';
import type { LineStations } from './line-stations.js';

/** Answers that may wait for a client; one that asks on without taking them is closed. */
const MAX_REPLIES = 4096;
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

export interface ConnectionSettings {
  readonly session: SessionSettings;
  /** Events wait for an interrogation of the client (SAI). */
  readonly afterInterrogation: boolean;
  /** All values are sent without being asked for (IMPI). */
  readonly implicit: boolean;
  /** I-frames with the standby mark are ignored (ICF3). */
  readonly ignoreMarked: boolean;
}

/** One client of a line: what goes to it, in which order, and what it asks. */
export class Connection implements Client, LinkHandler {
  readonly remote: string;
  readonly since: number;
  /** Values sent in events and interrogations, and commands received. */
  sent = 0;
  received = 0;
  /** 0..15 for A..P while data transfer is started. */
  flag: number | undefined;
  readonly files = new ClientFiles((asdu) => this.reply(asdu));
  private readonly link: Link;
  private readonly replies: Uint8Array[] = [];
  /** Answers that follow an event. */
  private readonly followers: { readonly asdu: Uint8Array; readonly after: EventMark }[] = [];
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
    readonly channel: Channel,
    private readonly settings: ConnectionSettings,
    private readonly clock: Clock,
    private readonly host: ConnectionHost,
    guard?: () => boolean,
  ) {
    this.remote = channel.remote;
    this.since = clock.wall();
    this.link = new Link(channel, settings.session, clock, this, guard);
  }

  get state(): SessionState {
    return this.link.session.state;
  }

  get local(): string | undefined {
    return this.channel.local;
  }

  get framesSent(): number {
    return this.link.session.framesSent;
  }

  get framesReceived(): number {
    return this.link.session.framesReceived;
  }

  get unacknowledged(): number {
    return this.link.session.unacknowledged;
  }

  get unacknowledgedReceived(): number {
    return this.link.session.unacknowledgedReceived;
  }

  get k(): number {
    return this.settings.session.k;
  }

  get w(): number {
    return this.settings.session.w;
  }

  /** Events and answers that wait for this client. */
  get buffered(): number {
    return this.replies.length + this.followers.length + (this.feed?.buffered ?? 0);
  }

  /** Whether data transfer is started with the events of this group. */
  takesFrom(group: ClientGroup): boolean {
    return this.feed !== undefined && this.group === group;
  }

  get lost(): number {
    return this.group?.lost ?? 0;
  }

  /** Sends what there is to send. */
  pump(): void {
    this.link.pump();
  }

  close(reason: CloseReason = 'local'): void {
    this.link.close(reason);
  }

  /** Stops and goes on reading what the client sends. */
  hold(isHeld: boolean): void {
    if (isHeld) this.link.hold();
    else this.link.release();
  }

  /** Who sees the octets of this connection; undefined for nobody. */
  observe(observer: OctetObserver | undefined): void {
    this.link.observe(observer);
  }

  // What procedures do for the client

  reply(asdu: Uint8Array, after?: EventMark): void {
    if (this.state !== 'started') return;
    if (((asdu[2] as number) & 0x3f) === cause['unknown-object-address']) this.host.unknownObject(this, asdu);
    if (this.replies.length + this.followers.length >= MAX_REPLIES) return this.close('reply-overflow');
    if (after === undefined) this.replies.push(asdu);
    else this.followers.push({ asdu, after });
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

  /** Answers first; then events and the scan, so that neither starves the other and no value follows a newer one. */
  next(to: OctetWriter): number {
    const reply = this.replies.shift() ?? this.follower();
    if (reply !== undefined) {
      to.bytes(reply);
      return 0;
    }
    const { feed } = this;
    if (feed === undefined) return NOTHING;
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
    this.replies.push(...this.host.stations.initializations());
    if (!this.settings.implicit) return;
    this.enable(this.feed, VALUES);
    this.enable(this.feed, COUNTERS);
    for (const scan of this.host.stations.implicitScans()) this.scans.offer(scan);
  }

  /** Data transfer has ended: events wait for the next, answers and scans are void. */
  private ended(): void {
    if (this.feed !== undefined) this.group?.close(this.feed, this.clock.now());
    this.feed = undefined;
    this.replies.length = 0;
    this.followers.length = 0;
    this.scans.clear();
    this.files.end();
  }

  /** The first answer whose event has gone out, or will not go to this client. */
  private follower(): Uint8Array | undefined {
    const { feed } = this;
    // Events of values and of counters do not wait for each other, nor do their answers.
    const at = this.followers.findIndex(({ after }) => !feed?.isPending(after.number, after.which === COUNTERS));
    return at < 0 ? undefined : this.followers.splice(at, 1)[0]?.asdu;
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

  /** Writes the next event that was not cleared. */
  private evented(feed: EventFeed, to: OctetWriter): number {
    for (let which = feed.peek(); which !== undefined; which = feed.peek()) {
      const number = feed.take(which, this.event);
      if (this.group?.isCleared(this.event, which, number) || !this.event.source.sends(this.event.point)) continue;
      writeEvent(to, this.event, this.host.lineNumber);
      this.sent++;
      return EventFeed.ticket(which, number);
    }
    return NOTHING;
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
