import type { Channel } from '../line/channel.js';
import { FrameQueue } from '../sharing/frames.js';
import type { Party } from '../sharing/sharing.js';
import type { OctetWatch } from './octet-watch.js';

export type SessionCloseReason = 'peer' | 'socket' | 'local' | 'replaced' | 'certificate' | 'not-allowed' | 'passive';

/** Octets that a peer may leave unread in the operating system's hands before the rest waits in the queue. */
const MAX_BACKLOG = 16_384;

/** What a session tells. */
export interface SessionHandler {
  received(session: ByteSession, octets: Uint8Array): void;
  /** It has got the device, or lost it to another for longer than a slot. */
  changed?(): void;
  closed(session: ByteSession, reason: SessionCloseReason): void;
}

/** One connection of a byte channel: what is sent to a peer that does not read waits within bounds. */
export class ByteSession {
  framesSent = 0;
  framesReceived = 0;
  octetsSent = 0;
  octetsReceived = 0;
  private readonly queue = new FrameQueue({ separator: undefined, maxFrame: 65_507, maxDelay: 0 });
  private isHeld = false;
  private isThrottled = false;
  private reason: SessionCloseReason | undefined;

  /** @param since ms since 1970 UTC */
  constructor(
    public party: Party,
    readonly channel: Channel,
    readonly since: number,
    private readonly handler: SessionHandler,
    private readonly watch: OctetWatch,
  ) {
    channel.attach({
      data: (octets) => this.receive(octets),
      drained: () => this.flush(),
      closed: (code) => this.handler.closed(this, this.reason ?? (code === undefined ? 'peer' : 'socket')),
    });
  }

  get remote(): string {
    return this.channel.remote;
  }

  /** Octets that wait for the peer. */
  get waiting(): number {
    return this.queue.octets;
  }

  /** Frames that the peer was too slow for. */
  get lost(): number {
    return this.queue.dropped;
  }

  /** Sends a frame, whose octets it keeps. */
  send(frame: Uint8Array, now: number): void {
    this.queue.push(frame, now);
    this.queue.end();
    this.flush();
  }

  /** Stops and goes on reading: the flow is being deployed. */
  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
    this.settle();
  }

  /** Stops and goes on reading: the device is slower than the peer. */
  throttle(isThrottled: boolean): void {
    if (this.isThrottled === isThrottled) return;
    this.isThrottled = isThrottled;
    this.settle();
  }

  /** Tells that another has the device now, or this session. */
  holderChanged(): void {
    this.handler.changed?.();
  }

  /** Closes from our side; what the peer has not read by then is gone. */
  close(reason: SessionCloseReason): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    if (reason === 'local' || reason === 'passive') this.channel.end();
    else this.channel.destroy();
  }

  private receive(octets: Uint8Array): void {
    if (this.reason !== undefined) return;
    this.octetsReceived += octets.length;
    this.framesReceived++;
    this.watch.show(this.channel, 'received', octets);
    this.handler.received(this, octets);
  }

  private flush(): void {
    while (this.reason === undefined && this.channel.backlog < MAX_BACKLOG) {
      const frame = this.queue.take();
      if (frame === undefined) return;
      this.octetsSent += frame.octets.length;
      this.framesSent++;
      this.watch.show(this.channel, 'sent', frame.octets);
      this.channel.write(frame.octets);
    }
  }

  private settle(): void {
    if (this.isHeld || this.isThrottled) this.channel.pause();
    else this.channel.resume();
  }
}
