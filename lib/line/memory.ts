import type { Channel, ChannelHandler } from './channel.js';

/** Octets that may wait before `drained` is told, as of a socket. */
const HIGH_WATER = 16_384;

export interface MemoryPairOptions {
  /** Calls later, when what goes on has run to its end: how octets travel. A virtual clock brings its own delay. */
  readonly later: (call: () => void) => void;
  /** The address that the first end sees, as `address:port`. */
  readonly remote?: string;
}

/**
 * One end of a connection that exists in memory only: for tests in virtual time, and for whoever brings octets some
 * other way. What is written arrives later, in order, in the pieces that were written.
 */
export class MemoryChannel implements Channel {
  readonly remote: string;
  readonly address: string;
  peer!: MemoryChannel;
  isClosed = false;
  isPaused = false;
  /** Calls of `write`, and octets in them. */
  writes = 0;
  written = 0;
  private handler: ChannelHandler | undefined;
  private readonly queue: Uint8Array[] = [];
  private waiting = 0;
  private isFull = false;
  private isEnding = false;
  private isMoving = false;

  constructor(
    remote: string,
    private readonly later: (call: () => void) => void,
  ) {
    this.remote = remote;
    this.address = remote.slice(0, remote.lastIndexOf(':'));
  }

  get backlog(): number {
    return this.waiting;
  }

  attach(handler: ChannelHandler): void {
    this.handler = handler;
    this.peer.move();
  }

  write(octets: Uint8Array): boolean {
    if (this.isClosed || this.isEnding) return true;
    this.writes++;
    this.written += octets.length;
    // The slice of a Buffer would be no copy.
    this.queue.push(new Uint8Array(octets));
    this.waiting += octets.length;
    if (this.waiting >= HIGH_WATER) this.isFull = true;
    this.move();
    return true;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.peer.move();
  }

  end(): void {
    this.isEnding = true;
    this.move();
  }

  destroy(): void {
    this.cut(undefined);
  }

  /** Cuts the connection for both ends. @param code what the peer's operating system would say */
  cut(code: string | undefined): void {
    for (const [end, why] of [
      [this, undefined],
      [this.peer, code],
    ] as const) {
      if (end.isClosed) continue;
      end.isClosed = true;
      end.queue.length = 0;
      end.waiting = 0;
      this.later(() => end.handler?.closed(why));
    }
  }

  /** Sees to what is written being taken by the peer. */
  private move(): void {
    if (this.isMoving || this.isClosed) return;
    this.isMoving = true;
    this.later(() => {
      this.isMoving = false;
      this.deliver();
    });
  }

  private deliver(): void {
    const { peer } = this;
    while (!this.isClosed && peer.handler !== undefined && !peer.isPaused) {
      const octets = this.queue.shift();
      if (octets === undefined) break;
      this.waiting -= octets.length;
      peer.handler.data(octets);
    }
    if (this.isClosed || this.waiting > 0) return;
    if (this.isEnding) return this.cut(undefined);
    if (!this.isFull) return;
    this.isFull = false;
    this.handler?.drained();
  }
}

/** Both ends of a connection in memory. */
export function memoryPair({ later, remote = '192.0.2.1:40000' }: MemoryPairOptions): [MemoryChannel, MemoryChannel] {
  const near = new MemoryChannel(remote, later);
  const far = new MemoryChannel('192.0.2.100:2404', later);
  near.peer = far;
  far.peer = near;
  return [near, far];
}
