import { Alarm } from '../link/alarm.js';
import { type Clock, systemClock } from '../link/clock.js';
import type { FlowStatus } from '../link/status.js';
import { TelecontrolError } from '../octets/error.js';
import { FrameQueue, type Packing } from '../sharing/frames.js';
import { type SharingMode, sharingOf } from '../sharing/modes.js';
import type { Outgoing, Party, Sharing } from '../sharing/sharing.js';
import type { Device } from './device.js';
import type { ByteSession } from './session.js';

/** Octets of a session that may speak and whose device is slow, above which it is not read. */
const HIGH_WATER = 16_384;

/** A frame that has arrived at a channel. */
export interface Arrival {
  readonly octets: Uint8Array;
  readonly session: Exclude<Party, 'flow'> | 'serial';
  /** Address and port of the session, or the name of the serial port. */
  readonly remote: string;
}

export interface ByteChannelOptions {
  readonly name: string;
  readonly sharing: SharingMode;
  /** ms, 50..65535. */
  readonly slotTimeout: number;
  readonly packing: Packing;
  /** What comes from sessions is whole as it comes: they are datagrams. */
  readonly datagrams?: boolean;
  /** The serial port; left out where a flow takes its place. */
  readonly device?: Device | undefined;
  readonly clock?: Clock;
}

export interface ByteChannelHandler {
  arrived(arrival: Arrival): void;
  /** Sessions, the holder or the device have changed. */
  changed(): void;
}

/** Who takes part in a channel, and who has its device. */
export interface ByteChannelStatus {
  readonly holder?: Party;
  /** Why the serial port is not open. */
  readonly reason?: string;
  readonly sessions: readonly { readonly session: Party; readonly remote: string }[];
  /** Frames that were dropped or ignored, of sessions that are there and of the flow. */
  readonly lost: number;
}

/**
 * A byte channel: octets between sessions and one device, which is a serial port, or a flow in its place. Who may speak
 * the sharing says; what comes up is packed into frames.
 */
export class ByteChannel {
  readonly name: string;
  private readonly sessions = new Map<Party, ByteSession>();
  private readonly sharing: Sharing;
  /** What comes up, with those who get it. */
  private readonly rising: FrameQueue;
  /** What goes down as flows are shown it. */
  private readonly sinking = new Map<Party, FrameQueue>();
  private readonly down: Packing;
  private readonly device: Device | undefined;
  private readonly isFailover: boolean;
  private readonly clock: Clock;
  private readonly alarm: Alarm;
  private shownHolder: Party | undefined;
  /** Frames of the flow. */
  private shownLost = 0;
  private isClosed = false;

  constructor(
    options: ByteChannelOptions,
    private readonly handler: ByteChannelHandler,
  ) {
    const { packing, datagrams = false } = options;
    this.name = options.name;
    this.device = options.device;
    this.isFailover = options.sharing === 'failover';
    this.clock = options.clock ?? systemClock;
    this.down = datagrams ? { separator: undefined, maxFrame: 65_507, maxDelay: 0 } : packing;
    this.sharing = sharingOf(options.sharing, this.down, options.slotTimeout);
    this.rising = new FrameQueue(packing);
    this.alarm = new Alarm(this.clock, () => {
      this.sharing.expire(this.clock.now());
      this.pump();
    });
  }

  /** Opens the serial port, where there is one. */
  open(): void {
    this.device?.open({
      data: (octets) => this.rise(octets),
      written: () => {
        this.sharing.settled(this.clock.now());
        this.pump();
      },
      changed: () => {
        if (this.device?.reason !== undefined) this.sharing.abandoned();
        this.pump();
        this.handler.changed();
      },
    });
  }

  /** Lets all sessions go; they are not closed. @returns when the serial port is free */
  async close(): Promise<void> {
    this.isClosed = true;
    this.alarm.cancel();
    this.sessions.clear();
    await this.device?.close();
  }

  /** A session takes part. */
  attach(session: ByteSession): void {
    this.sessions.set(session.party, session);
    this.sharing.connected(session.party);
    this.handler.changed();
  }

  /** A session has gone. */
  detach(session: ByteSession): void {
    if (this.sessions.get(session.party) !== session) return;
    // What came up before is not for who comes in its place.
    this.rising.end();
    this.deliver(this.clock.now());
    this.sinking.get(session.party)?.end();
    this.sessions.delete(session.party);
    this.sharing.disconnected(session.party, this.clock.now());
    this.pump();
    this.handler.changed();
  }

  received({ party, remote }: ByteSession, octets: Uint8Array): void {
    this.sharing.offer(party, octets, this.clock.now(), remote);
    this.pump();
  }

  /**
   * Sends what a flow has: to the serial port; where there is none, to the sessions that the sharing lets hear it.
   * @throws TelecontrolError `state` when it goes nowhere, saying why
   */
  send(octets: Uint8Array): void {
    const { device, name, sharing } = this;
    const now = this.clock.now();
    if (device === undefined) {
      const audience = sharing.risen(now);
      if (audience.length === 0)
        throw new TelecontrolError('state', `channel ${name}: there is no session that could hear it`);
      this.rising.push(octets, now, audience.join(' '));
      this.rising.end();
      this.pump();
    } else {
      if (device.reason !== undefined)
        throw new TelecontrolError('state', `channel ${name}: serial port ${device.name}: ${device.reason}`);
      const isTaken = sharing.offer('flow', octets, now, '');
      this.pump();
      if (!isTaken)
        throw new TelecontrolError('state', `channel ${name}: the ${sharing.holder} session has the serial port`);
    }
  }

  get status(): ByteChannelStatus {
    const { sharing, device, sessions } = this;
    const reason = device?.reason;
    const { holder } = sharing;
    const shown = [...sessions.values()];
    const lost = shown.reduce((sum, session) => sum + this.lostOf(session), sharing.lost('flow'));
    return {
      ...(holder === undefined ? {} : { holder }),
      ...(reason === undefined ? {} : { reason }),
      sessions: shown.map(({ party, remote }) => ({ session: party, remote })),
      lost,
    };
  }

  /** What of a flow beside sessions waits and was lost; undefined where nothing. */
  get flow(): FlowStatus | undefined {
    const [buffered, lost] = [this.sharing.waiting('flow'), this.sharing.lost('flow')];
    return buffered === 0 && lost === 0 ? undefined : { buffered, lost };
  }

  /** Whether a session's octets go to the device now, wait, or are ignored. */
  maySpeak(party: Party): boolean {
    return (this.sharing.holder ?? party) === party;
  }

  isHolder(party: Party): boolean {
    return this.sharing.holder === party;
  }

  /** Octets of a session that wait for the device. */
  waitingOf({ party }: ByteSession): number {
    return this.sharing.waiting(party);
  }

  /** Frames that went to or came from a session and were dropped, and pieces that were ignored. */
  lostOf({ party, lost }: ByteSession): number {
    return this.sharing.lost(party) + lost;
  }

  private rise(octets: Uint8Array): void {
    const now = this.clock.now();
    this.rising.push(octets, now, this.sharing.risen(now).join(' '));
    this.pump();
  }

  /** Everything that happens ends here: what may go down goes, what is a frame goes up, and the timer is set. */
  private pump(): void {
    if (this.isClosed) return;
    const { sharing, device } = this;
    const now = this.clock.now();
    if (device?.reason !== undefined) sharing.abandoned();
    while (device === undefined || device.isReady) {
      const outgoing = sharing.next(now);
      if (outgoing === undefined) break;
      this.sink(outgoing, now);
      if (device === undefined) sharing.settled(now);
      else device.write(outgoing.frame.octets);
    }
    this.deliver(now);
    for (const [party, session] of this.sessions)
      session.throttle(this.maySpeak(party) && sharing.waiting(party) >= HIGH_WATER);
    const packed = Math.min(this.rising.ripeAt, ...[...this.sinking.values()].map(({ ripeAt }) => ripeAt));
    this.alarm.set(Math.min(packed, sharing.deadline));
    const lost = sharing.lost('flow');
    const isChanged = sharing.holder !== this.shownHolder;
    if (!isChanged && lost === this.shownLost) return;
    this.shownHolder = sharing.holder;
    this.shownLost = lost;
    // Slots change hands many times a second: whoever wants to know looks.
    if (this.isFailover && isChanged) for (const session of this.sessions.values()) session.holderChanged();
    this.handler.changed();
  }

  /** Flows are shown what goes down, in frames as they came. */
  private sink({ party, frame }: Outgoing, now: number): void {
    if (party === 'flow') return;
    let queue = this.sinking.get(party);
    if (queue === undefined) {
      queue = new FrameQueue(this.down);
      this.sinking.set(party, queue);
    }
    if (frame.begins) queue.end();
    queue.push(frame.octets, now, frame.tag);
  }

  /** Hands over what has become a frame, in both directions. */
  private deliver(now: number): void {
    for (let frame = this.rising.takeWhole(now); frame !== undefined; frame = this.rising.takeWhole(now)) {
      const { octets, tag } = frame;
      for (const party of tag.split(' ')) this.sessions.get(party as Party)?.send(octets, now);
      if (this.device !== undefined) this.handler.arrived({ octets, session: 'serial', remote: this.device.name });
    }
    for (const [party, queue] of this.sinking)
      for (let frame = queue.takeWhole(now); frame !== undefined; frame = queue.takeWhole(now))
        if (party !== 'flow') this.handler.arrived({ octets: frame.octets, session: party, remote: frame.tag });
  }
}
