import type { Socket } from 'node:net';
import type { Channel, ChannelHandler } from './channel.js';
import { addressOf, localOf, remoteOf } from './remote.js';

/** How long a closing connection may take to send what is left, ms. */
const LINGER = 1000;
/** How long a peer may be silent before it is asked, ms; it then has ten seconds. */
const SILENT = 60_000;

/** A TCP connection. */
export class TcpChannel implements Channel {
  readonly remote: string;
  readonly address: string;
  readonly local: string;
  private handler: ChannelHandler | undefined;
  private code: string | undefined;

  constructor(private readonly socket: Socket) {
    this.address = addressOf(socket);
    this.remote = remoteOf(socket);
    this.local = localOf(socket);
    socket.setNoDelay(true);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.code = error.code ?? 'error';
    });
    socket.on('close', () => this.handler?.closed(this.code));
    // A peer that has ended will not acknowledge any more.
    socket.on('end', () => socket.destroy());
  }

  get backlog(): number {
    return this.socket.writableLength;
  }

  attach(handler: ChannelHandler): void {
    this.handler = handler;
    this.socket.on('data', (octets: Buffer) => handler.data(octets));
    this.socket.on('drain', () => handler.drained());
  }

  write(octets: Uint8Array): boolean {
    if (this.socket.destroyed) return true;
    this.socket.write(octets);
    return this.socket.writableLength === 0;
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  keepAlive(): void {
    this.socket.setKeepAlive(true, SILENT);
  }

  end(): void {
    if (this.socket.destroyed) return;
    this.socket.end();
    const timer = setTimeout(() => this.socket.destroy(), LINGER);
    this.socket.once('close', () => clearTimeout(timer));
  }

  destroy(): void {
    this.socket.destroy();
  }
}
