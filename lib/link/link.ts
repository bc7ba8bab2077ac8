import { APDU_OCTETS } from '../apci/frame.js';
import { type CloseReason, Session, type SessionEffects, type SessionSettings, type Source } from '../apci/session.js';
import type { Channel } from '../line/channel.js';
import { OctetWriter } from '../octets/octets.js';
import type { OctetObserver } from '../trace/frame-watch.js';
import { Alarm } from './alarm.js';
import type { Clock } from './clock.js';

/** Octets that may wait for a peer that does not read, before we stop reading from it and sending to it. */
const MAX_BACKLOG = 65_536;

/** Takes what a link wrote. @returns true when the memory may be used again at once */
type Sink = (octets: Uint8Array) => boolean;

/**
 * Where links write: one stretch of memory for all of them, since a link hands over what it wrote before another writes.
 * Where a command makes another link write or close within the turn of its own, the outbox knows whose octets it holds.
 */
class Outbox {
  private static readonly SIZE = 65_536;
  private writer = new OctetWriter(new Uint8Array(Outbox.SIZE));
  private owner: Sink | undefined;

  /** Room for one APDU of this link. */
  room(sink: Sink): OctetWriter {
    if (this.owner !== sink || this.writer.room < APDU_OCTETS) this.handOver();
    this.owner = sink;
    return this.writer;
  }

  /** Hands over what this link wrote. */
  flush(sink: Sink): void {
    if (this.owner === sink) this.handOver();
  }

  private handOver(): void {
    const { writer, owner } = this;
    if (writer.at === 0 || owner === undefined) return;
    const free = owner(writer.octets.subarray(0, writer.at));
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
  private readonly alarm: Alarm;
  /** The peer does not read what we send. */
  private blocked = false;
  /** How many times the peer has not read so much that nothing was read from it either. */
  stalls = 0;
  /** Nothing is read until whoever holds the link lets it go. */
  private held = false;
  private observer: OctetObserver | undefined;
  private observeSent: ((octets: Uint8Array) => void) | undefined;
  private readonly sink: Sink = (octets) => {
    if (this.observeSent !== undefined) this.observeSent(octets);
    return this.channel.write(octets);
  };

  /** @param guard is asked before each I-frame whether this process may act */
  constructor(
    readonly channel: Channel,
    settings: SessionSettings,
    private readonly clock: Clock,
    private readonly handler: LinkHandler,
    guard: () => boolean = () => true,
  ) {
    this.alarm = new Alarm(clock, () => this.turn(undefined, true));
    const effects: SessionEffects = {
      room: () => outbox.room(this.sink),
      deliver: (asdu, mark) => {
        handler.deliver(asdu, mark);
        // At once: what follows in the same segment, a STOPDT say, must not come before the answer.
        this.session.pull(handler, clock.now());
      },
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

  /** From now on the observer sees all octets, as they are written and received; undefined ends that. */
  observe(observer: OctetObserver | undefined): void {
    this.observer = observer;
    this.observeSent = observer && ((octets) => this.show(() => observer.sent(octets)));
  }

  /** Who only looks must not be able to disturb: what was seen is written all the same, to this channel. */
  private show(look: () => void): void {
    try {
      look();
    } catch (error) {
      this.observe(undefined);
      this.handler.failed(error);
    }
  }

  /** Controlling station: asks for data transfer. */
  start(): void {
    this.session.start(this.clock.now());
    this.settle();
  }

  /** Controlling station: ends data transfer. */
  stop(): void {
    this.session.stop(this.clock.now());
    this.settle();
  }

  /** Closes the connection from our side. */
  close(reason: CloseReason = 'local'): void {
    this.session.close(reason);
  }

  /** Stops reading: what the peer sends waits. Timers and what is written go on. */
  hold(): void {
    this.held = true;
    this.channel.pause();
  }

  /** Reads on. */
  release(): void {
    this.held = false;
    if (!this.blocked) this.channel.resume();
  }

  private onDrained(): void {
    if (this.blocked) {
      this.blocked = false;
      if (!this.held) this.channel.resume();
    }
    this.turn();
  }

  /** Everything that happens to a connection happens in such a turn: what came, what is due, what is to be sent. */
  private turn(octets?: Uint8Array, isDue = false): void {
    const now = this.clock.now();
    try {
      if (octets !== undefined) this.receive(octets, now);
      if (isDue) this.session.expire(now);
      this.session.pull(this.handler, now);
    } catch (error) {
      // A fault of ours must cost no more than this connection.
      this.handler.failed(error);
      this.session.close('internal');
    }
    this.settle();
  }

  private receive(octets: Uint8Array, now: number): void {
    const { observer } = this;
    if (observer !== undefined) this.show(() => observer.received(octets));
    this.session.receive(octets, now);
  }

  /** Hands over what was written, and sees to the timer. */
  private settle(): void {
    outbox.flush(this.sink);
    if (this.session.state === 'closed') return;
    if (!this.blocked && this.channel.backlog >= MAX_BACKLOG) {
      this.blocked = true;
      this.stalls++;
      this.channel.pause();
    }
    this.alarm.set(this.session.deadline);
  }

  private onClosed(reason: CloseReason): void {
    this.alarm.cancel();
    outbox.flush(this.sink);
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
