import { APDU_OCTETS } from '../apci/frame.js';
import { type CloseReason, Session, type SessionEffects, type SessionSettings, type Source } from '../apci/session.js';
import type { Channel } from '../line/channel.js';
import { OctetWriter } from '../octets/octets.js';
import type { Clock } from './clock.js';

/** Octets that may wait for a peer that does not read, before we stop reading from it and sending to it. */
const MAX_BACKLOG = 65_536;

/**
 * Where links write: one stretch of memory for all of them, since a link hands over what it wrote before another writes.
 */
class Outbox {
  private static readonly SIZE = 65_536;
  writer = new OctetWriter(new Uint8Array(Outbox.SIZE));

  flush(channel: Channel): void {
    const { writer } = this;
    if (writer.at === 0) return;
    const free = channel.write(writer.octets.subarray(0, writer.at));
    if (free) writer.at = 0;
    else this.writer = new OctetWriter(new Uint8Array(Outbox.SIZE));
  }
}

const outbox = new Outbox();

/** Who a link works for. */
export interface LinkHandler extends Source, Pick<SessionEffects, 'deliver' | 'confirmed' | 'stateChanged'> {
  /** The connection is closed. `received` are the octets that led to it, where octets did. */
  closed(reason: CloseReason, received: Uint8Array): void;
  /** Something that must never happen has; the connection is closed. */
  failed(error: unknown): void;
}

/** The pump of one connection: octets of a channel, a session, and the clock. */
export class Link {
  readonly session: Session;
  private cancelTimer: (() => void) | undefined;
  private timerAt = Infinity;
  private blocked = false;

  /** @param guard is asked before each I-frame whether this process may act */
  constructor(
    readonly channel: Channel,
    settings: SessionSettings,
    private readonly clock: Clock,
    private readonly handler: LinkHandler,
    guard: () => boolean = () => true,
  ) {
    const effects: SessionEffects = {
      room: () => {
        if (outbox.writer.room < APDU_OCTETS) outbox.flush(channel);
        return outbox.writer;
      },
      deliver: (asdu, mark) => handler.deliver(asdu, mark),
      confirmed: (ticket) => handler.confirmed(ticket),
      stateChanged: (state) => handler.stateChanged(state),
      closed: (reason) => this.onClosed(reason),
    };
    this.session = new Session(settings, effects, () => channel.backlog < MAX_BACKLOG && guard());
    channel.attach({
      data: (octets) => this.turn(octets),
      drained: () => this.onDrained(),
      closed: (code) => this.session.close(code === undefined ? 'peer' : 'socket'),
    });
    this.session.connected(clock.now());
    this.settle();
  }

  /** Sends what there is to send, as far as the window is open. */
  pump(): void {
    this.turn();
  }

  /** Closes the connection from our side. */
  close(reason: CloseReason = 'local'): void {
    this.session.close(reason);
  }

  private onDrained(): void {
    if (this.blocked) {
      this.blocked = false;
      this.channel.resume();
    }
    this.turn();
  }

  private readonly onTimer = (): void => {
    this.timerAt = Infinity;
    this.turn(undefined, true);
  };

  /** Everything that happens to a connection happens in such a turn: what came, what is due, what is to be sent. */
  private turn(octets?: Uint8Array, isDue = false): void {
    const now = this.clock.now();
    try {
      if (octets !== undefined) this.session.receive(octets, now);
      if (isDue) this.session.expire(now);
      this.session.pull(this.handler, now);
    } catch (error) {
      // A fault of ours must cost no more than this connection.
      this.handler.failed(error);
      this.session.close('internal');
    }
    this.settle();
  }

  /** Hands over what was written, and sees to the timer. */
  private settle(): void {
    outbox.flush(this.channel);
    if (this.session.state === 'closed') return;
    if (!this.blocked && this.channel.backlog >= MAX_BACKLOG) {
      this.blocked = true;
      this.channel.pause();
    }
    const { deadline } = this.session;
    // A timer that is too early costs one look at the deadlines, one that is too late would be wrong.
    if (deadline >= this.timerAt) return;
    this.cancelTimer?.();
    this.timerAt = deadline;
    this.cancelTimer = this.clock.timer(deadline - this.clock.now(), this.onTimer);
  }

  private onClosed(reason: CloseReason): void {
    this.cancelTimer?.();
    this.timerAt = Infinity;
    outbox.flush(this.channel);
    if (reason === 'local') this.channel.end();
    else this.channel.destroy();
    this.handler.closed(reason, octetsMatter(reason) ? this.session.lastReceived : new Uint8Array(0));
  }
}

/** Whether a connection was closed for what the peer sent. */
function octetsMatter(reason: CloseReason): boolean {
  switch (reason) {
    case 'start-octet':
    case 'length':
    case 'u-format':
    case 's-format':
    case 'unexpected-act':
    case 'i-frame-while-stopped':
    case 's-frame-before-startdt':
    case 'send-sequence':
    case 'receive-sequence':
    case 'asdu':
      return true;
    default:
      return false;
  }
}
