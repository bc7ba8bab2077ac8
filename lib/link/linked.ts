import type { CloseReason, SessionState } from '../apci/session.js';
import type { Channel } from '../line/channel.js';
import type { OctetObserver, WatchedConnection } from '../trace/frame-watch.js';
import type { Link } from './link.js';

/** A connection of a line, of either side: what its link counts, and how it is watched, held and closed. */
export abstract class LinkedConnection implements WatchedConnection {
  readonly remote: string;
  readonly local: string | undefined;
  protected abstract readonly link: Link;

  /** @param since when it came to stand, ms since 1970 UTC */
  constructor(
    readonly channel: Channel,
    readonly since: number,
  ) {
    this.remote = channel.remote;
    this.local = channel.local;
  }

  get state(): SessionState {
    return this.link.session.state;
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

  get stalls(): number {
    return this.link.stalls;
  }

  get k(): number {
    return this.link.session.settings.k;
  }

  get w(): number {
    return this.link.session.settings.w;
  }

  /** Sends what there is to send. */
  pump(): void {
    this.link.pump();
  }

  close(reason: CloseReason = 'local'): void {
    this.link.close(reason);
  }

  /** Stops and goes on reading what the peer sends. */
  hold(isHeld: boolean): void {
    if (isHeld) this.link.hold();
    else this.link.release();
  }

  /** Who sees the octets of this connection; undefined for nobody. */
  observe(observer: OctetObserver | undefined): void {
    this.link.observe(observer);
  }
}
