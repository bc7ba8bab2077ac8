import type { Channel } from '../line/channel.js';
import type { Clock } from '../link/clock.js';
import type { LineLog } from '../link/line-log.js';
import type { LineObserver } from '../link/observer.js';
import { type ConnectionStatus, type LineStatus, lineStatus, type ShownLine } from '../link/status.js';
import type { ByteChannel } from './byte-channel.js';
import { OctetWatch } from './octet-watch.js';
import { ByteSession, type SessionCloseReason } from './session.js';

/** Which session of its channel a line carries. */
export type Seat = 'primary' | 'secondary';

/** The one session of a line that carries a channel, and the channel that it belongs to. Channels come and go by deploys. */
export class SessionSeat {
  readonly frames: OctetWatch;
  /** The session, or nothing. */
  readonly sessions = new Set<ByteSession>();
  private channel: ByteChannel | undefined;
  private isHeld = false;
  private lastClose: LineStatus['lastClose'];
  private readonly closes: Record<string, number> = {};

  /** @param left is told that the session has gone */
  constructor(
    private readonly observer: LineObserver,
    private readonly lineLog: LineLog,
    private readonly clock: Clock,
    private readonly left: () => void = () => {},
  ) {
    this.frames = new OctetWatch((error) => lineLog.log('error', `an observer of the line failed: ${String(error)}`));
  }

  get session(): ByteSession | undefined {
    return [...this.sessions][0];
  }

  /** From now on the session belongs to this channel. */
  serve(channel: ByteChannel | undefined): void {
    const { session } = this;
    if (session !== undefined) this.channel?.detach(session);
    this.channel = channel;
    if (session !== undefined) {
      channel?.attach(session);
      this.settle(session);
    }
  }

  /** Takes a connection in; one that is there already goes. */
  take(channel: Channel, seat: Seat): void {
    const { session: former } = this;
    if (former !== undefined) {
      this.channel?.detach(former);
      former.close('replaced');
    }
    channel.keepAlive?.();
    const session = new ByteSession(
      seat,
      channel,
      this.clock.wall(),
      {
        received: (from, octets) => this.channel?.received(from, octets),
        changed: () => this.observer.changed(),
        closed: (from, reason) => this.closed(from, reason),
      },
      this.frames,
    );
    this.sessions.clear();
    this.sessions.add(session);
    this.channel?.attach(session);
    this.settle(session);
    this.lineLog.log('info', `${channel.remote} connected as the ${seat} session`);
    this.observer.changed();
  }

  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
    for (const session of this.sessions) this.settle(session);
  }

  /** Closes the session. @returns how many there were */
  close(reason: SessionCloseReason, remote = this.session?.remote): number {
    const found = [...this.sessions].filter((session) => session.remote === remote);
    for (const session of found) session.close(reason);
    return found.length;
  }

  /** An attempt to connect has failed. */
  failed(code: string): void {
    this.closes[code] = (this.closes[code] ?? 0) + 1;
  }

  /** @param isFirst whether it is the first line of its channel, which shows what is not of a session */
  status(line: Pick<ShownLine, 'state' | 'reason' | 'warnings' | 'refused'>, isFirst = true): LineStatus {
    const connections = [...this.sessions].map((session) => this.connection(session));
    const flags = connections.map(({ flag }) => flag ?? '').join('');
    const flow = isFirst ? this.channel?.flow : undefined;
    const lost = connections.reduce((sum, connection) => sum + connection.lost, flow?.lost ?? 0);
    const { closes, lastClose } = this;
    return lineStatus({ ...line, flags, lost, closes, lastClose, flow }, connections, []);
  }

  private connection(session: ByteSession): ConnectionStatus {
    const { channel } = this;
    const { party, remote, since, waiting, framesSent, framesReceived, octetsSent, octetsReceived } = session;
    const { certificate, backlog } = session.channel;
    return {
      remote,
      ...(certificate === undefined ? {} : { certificate }),
      state: channel?.maySpeak(party) === true ? 'started' : 'standby',
      flag: party === 'secondary' ? 'B' : 'A',
      since,
      framesSent,
      framesReceived,
      sent: octetsSent,
      received: octetsReceived,
      unacknowledged: backlog,
      buffered: waiting + (channel?.waitingOf(session) ?? 0),
      lost: channel?.lostOf(session) ?? session.lost,
      ...(channel?.isHolder(party) === true ? { holder: true } : {}),
    };
  }

  /** Without a channel nothing is read: what comes belongs to the next. */
  private settle(session: ByteSession): void {
    session.hold(this.isHeld || this.channel === undefined);
  }

  private closed(session: ByteSession, reason: SessionCloseReason): void {
    if (this.sessions.delete(session)) {
      this.channel?.detach(session);
      this.left();
    }
    this.closes[reason] = (this.closes[reason] ?? 0) + 1;
    this.lastClose = { remote: session.remote, reason };
    this.lineLog.log('info', `${session.remote} closed: ${reason}`);
    this.observer.changed();
  }
}
