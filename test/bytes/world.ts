import { EventEmitter, once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Arrival, ByteChannel, type ByteChannelOptions } from '../../lib/bytes/byte-channel.js';
import { type Clock, systemClock } from '../../lib/link/clock.js';
import type { LineObserver } from '../../lib/link/observer.js';

/** How long anything may take before a test gives up. */
const PATIENCE = 20_000;

/** Seconds become hundredths: nobody waits for a next attempt. */
export const fastClock: Clock = { ...systemClock, timer: (ms, call) => systemClock.timer(ms / 100, call) };

/** A channel whose downstream is the test, what goes on around it, and what has to be cleared away afterwards. */
export class World {
  readonly log: string[] = [];
  readonly security: string[] = [];
  /** Frames at the channel, and the same as `session: text`. */
  readonly frames: Arrival[] = [];
  readonly arrived: string[] = [];
  readonly observer: LineObserver;
  private readonly told = new EventEmitter();
  private readonly endings: (() => unknown)[] = [];

  constructor() {
    this.observer = {
      changed: () => this.tell(),
      log: (level, text) => {
        this.log.push(`${level}: ${text}`);
        this.tell();
      },
      security: (code, remote) => {
        this.security.push(`${code} ${remote.replace(/:\d+$/, '')}`);
        this.tell();
      },
    };
  }

  tell(): void {
    this.told.emit('change');
  }

  /** Called when the test is over. */
  atEnd(ending: () => unknown): void {
    this.endings.unshift(ending);
  }

  async end(): Promise<void> {
    for (const ending of this.endings) await ending();
  }

  channel(options: Partial<ByteChannelOptions> = {}): ByteChannel {
    const channel = new ByteChannel(
      {
        name: 'Test',
        sharing: 'slotted',
        slotTimeout: 600,
        packing: { separator: undefined, maxFrame: 1460, maxDelay: 1 },
        ...options,
      },
      {
        arrived: (frame) => {
          this.frames.push(frame);
          this.arrived.push(`${frame.session}: ${Buffer.from(frame.octets).toString()}`);
          this.tell();
        },
        changed: () => this.tell(),
      },
    );
    channel.open();
    this.atEnd(() => channel.close());
    return channel;
  }

  /** Something that comes true as octets and states come. */
  async until(ready: () => boolean, what: string): Promise<void> {
    const timer = setTimeout(() => this.told.emit('late'), PATIENCE);
    const late = once(this.told, 'late').then(() => true);
    try {
      while (!ready())
        if (await Promise.race([once(this.told, 'change').then(() => false), late]))
          throw new Error(
            `waited in vain for ${what}; log: ${this.log.join('; ')}; arrived: ${this.arrived.join('; ')}`,
          );
    } finally {
      clearTimeout(timer);
      this.told.emit('late');
    }
  }

  /** A client. @param from the address that it comes from */
  async client(port: number, from = '127.0.0.1'): Promise<Peer> {
    const socket = connect({ host: '127.0.0.1', port, localAddress: from });
    const peer = this.peer(socket);
    await once(socket, 'connect');
    return peer;
  }

  /** A client of a port that opens a moment later. */
  async reach(port: number): Promise<Peer> {
    for (const end = Date.now() + PATIENCE; ; ) {
      try {
        return await this.client(port);
      } catch (error) {
        if (Date.now() > end) throw error;
      }
    }
  }

  /** A server that takes whoever comes. */
  async server(
    host = '127.0.0.1',
    port = 0,
  ): Promise<{ readonly server: Server; readonly port: number; readonly peers: Peer[] }> {
    const peers: Peer[] = [];
    const server = createServer((socket) => {
      peers.push(this.peer(socket));
      this.tell();
    });
    server.listen(port, host);
    await once(server, 'listening');
    this.atEnd(() => server.close());
    return { server, port: (server.address() as { port: number }).port, peers };
  }

  private peer(socket: Socket): Peer {
    const peer = new Peer(socket, () => this.tell());
    this.atEnd(() => socket.destroy());
    return peer;
  }
}

/** The far end of a connection. */
export class Peer {
  received = '';
  isClosed = false;

  constructor(
    readonly socket: Socket,
    tell: () => void,
  ) {
    socket.on('error', () => {});
    socket.on('data', (octets: Buffer) => {
      this.received += octets.toString();
      tell();
    });
    socket.on('close', () => {
      this.isClosed = true;
      tell();
    });
  }

  send(text: string): void {
    this.socket.write(text);
  }

  end(): void {
    this.socket.end();
  }
}
