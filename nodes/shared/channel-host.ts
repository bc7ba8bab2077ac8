import { type Arrival, ByteChannel, type ByteChannelOptions } from '../../lib/bytes/byte-channel.js';
import { OctetWatch } from '../../lib/bytes/octet-watch.js';
import { PeerPort, type PeerSettings } from '../../lib/bytes/peer-port.js';
import { ByteSession } from '../../lib/bytes/session.js';
import type { Seat } from '../../lib/bytes/session-seat.js';
import type { LogLevel } from '../../lib/link/line-log.js';
import type { ChannelMember, ChannelService, channelServerKind } from './channel-service.js';
import type { LineHost } from './line-host.js';
import { list, unlist } from './line-registry.js';
import { MemberHost } from './member-host.js';
import { PeerLine } from './peer-line.js';

/** A session's line, as a channel finds it. */
export interface ChannelLine {
  readonly kind: typeof channelServerKind;
  readonly seat: Seat;
  readonly find: () => LineHost;
}

/** What a channel shows of itself. */
export interface ChannelStatus {
  /** What keeps it from working. */
  readonly reason: string | undefined;
  readonly holder: string | undefined;
  /** Frames of the flow that were dropped on their way to the serial port. */
  readonly lost: number;
  readonly sessions: readonly { readonly session: string; readonly remote: string }[];
}

/** The channel of a `channel` node: its engine, its lines or its UDP port, and the nodes that use it. */
export class ChannelHost {
  readonly name: string;
  readonly members: readonly SessionMember[];
  private readonly channel: ByteChannel;
  private readonly peer: PeerPort | undefined;
  /** Peers have no line of their own. */
  private readonly peerLine: PeerLine | undefined;
  private readonly takers = new Set<(arrival: Arrival) => void>();
  private readonly watchers = new Set<() => void>();

  /**
   * @param id of the node
   * @param lines of its sessions; of peers none
   */
  constructor(
    id: string,
    options: ByteChannelOptions,
    lines: readonly ChannelLine[],
    peers: PeerSettings | undefined,
    log: (level: LogLevel, text: string) => void,
  ) {
    this.name = options.name;
    const changed = (): void => {
      for (const watcher of this.watchers) watcher();
    };
    this.channel = new ByteChannel(options, {
      arrived: (arrival) => {
        for (const taker of this.takers) taker(arrival);
      },
      changed,
    });
    this.members = lines.map(
      (line) =>
        new SessionMember(id, options.name, this.channel, line, (why) => {
          log('error', why);
          changed();
        }),
    );
    if (peers === undefined) return;
    this.peer = new PeerPort(peers, log, changed);
    const handler = {
      received: (session: ByteSession, octets: Uint8Array) => this.channel.received(session, octets),
      closed: () => {},
    };
    const watch = new OctetWatch((error) => log('error', String(error)));
    const session = new ByteSession('peer', this.peer, Date.now(), handler, watch);
    this.channel.attach(session);
    this.peerLine = new PeerLine(id, this.channel, this.peer, session, watch, peers);
  }

  /** Opens what it has of its own: the serial port, the UDP port. */
  open(): void {
    this.channel.open();
    this.peer?.open();
    if (this.peerLine !== undefined) list(this.peerLine);
  }

  /** @returns when its ports are free */
  async close(): Promise<void> {
    if (this.peerLine !== undefined) unlist(this.peerLine);
    await Promise.all([this.channel.close(), this.peer?.close()]);
  }

  /** Calls with each frame that arrives; the result ends that. */
  addTaker(taker: (arrival: Arrival) => void): () => void {
    this.takers.add(taker);
    return () => this.takers.delete(taker);
  }

  /** Calls at once, and whenever the status may have changed; the result ends that. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    watcher();
    return () => this.watchers.delete(watcher);
  }

  /** Sends what a flow has. @throws TelecontrolError when it goes nowhere, saying why */
  send(octets: Uint8Array): void {
    this.channel.send(octets);
  }

  get status(): ChannelStatus {
    const { reason, holder, sessions } = this.channel.status;
    const refusal = this.members.map((member) => member.refusal).find((why) => why !== undefined);
    return {
      reason: refusal ?? this.peer?.reason ?? reason,
      holder,
      lost: this.channel.flow?.lost ?? 0,
      sessions: sessions.filter(({ remote }) => remote !== ''),
    };
  }
}

/** One session of a channel, as a member of the line that carries it. */
class SessionMember extends MemberHost<ChannelService> implements ChannelMember {
  readonly kind: typeof channelServerKind;
  readonly seat: Seat;
  /** There is no common address: the line has this member alone. */
  readonly address = 0;

  constructor(
    id: string,
    readonly name: string,
    readonly channel: ByteChannel,
    { kind, seat, find }: ChannelLine,
    report: (why: string) => void,
  ) {
    super(id, find, report);
    this.kind = kind;
    this.seat = seat;
  }

  /** Sessions stay with the line, and go on with the channel that follows. */
  follow(): void {}

  override leave(removed: boolean): void {
    this.service?.park(this);
    super.leave(removed);
  }
}
