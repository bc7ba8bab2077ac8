import { createServer, type Server } from 'node:net';
import type { Channel } from './channel.js';
import { TcpChannel } from './tcp.js';

export interface ListenerHandler {
  listening(address: string): void;
  /** Listening failed, with the operating system's code; it is tried again. */
  failed(code: string, message: string): void;
  accepted(channel: Channel): void;
}

/** Makes a server that hands over its connections once they may speak; it may throw, saying why there is none yet. */
export type ServerMaker = (accept: (channel: Channel) => void) => Server;

/** Plain TCP. */
const plainServer: ServerMaker = (accept) =>
  // Half-open would keep a connection of a peer that has ended.
  createServer({ allowHalfOpen: false, noDelay: true }, (socket) => accept(new TcpChannel(socket)));

/** ms to the second attempt to listen, and between further ones at the most: who has the port may be about to go. */
const FIRST_RETRY = 100;
const RETRY = 5000;

/** The address to listen on: `*` and `ALL` stand for all of IPv4, `[*]` and `[ALL]` for all of IPv6. */
export function listenAddress(host: string): string {
  switch (host.trim().toUpperCase()) {
    case '*':
    case 'ALL':
      return '0.0.0.0';
    case '[*]':
    case '[ALL]':
      return '::';
    default:
      return host.trim().replace(/^\[(.*)\]$/, '$1');
  }
}

/** A TCP port that is listened on, and tried again as long as that fails. */
export class Listener {
  private server: Server | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private pause = FIRST_RETRY;

  constructor(
    private readonly host: string,
    private readonly port: number,
    private readonly handler: ListenerHandler,
    private readonly makeServer: ServerMaker = plainServer,
  ) {}

  /** The port in use: that of the system's choice when 0 was asked for. */
  get boundPort(): number | undefined {
    const address = this.server?.address();
    return typeof address === 'object' && address !== null ? address.port : undefined;
  }

  open(): void {
    if (this.closed || this.server !== undefined) return;
    const address = listenAddress(this.host);
    let server: Server;
    try {
      server = this.makeServer((channel) => {
        if (this.closed) channel.destroy();
        else this.handler.accepted(channel);
      });
    } catch (error) {
      this.handler.failed('tls', error instanceof Error ? error.message : String(error));
      this.again();
      return;
    }
    this.server = server;
    server.once('listening', () => {
      // Looking up the name cannot be stopped: who closed meanwhile is listening now none the less.
      if (this.closed) server.close();
      else this.handler.listening(`${this.host}:${this.boundPort}`);
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (this.server !== server || this.closed) return;
      this.server = undefined;
      server.close();
      this.handler.failed(error.code ?? 'error', explain(error, this.host, this.port));
      this.again();
    });
    server.listen({ host: address, port: this.port, ipv6Only: address === '::' });
  }

  private again(): void {
    this.timer = setTimeout(() => this.open(), this.pause);
    this.pause = Math.min(RETRY, this.pause * 2);
  }

  /** Stops listening; connections stay. @returns when the port is free */
  close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    const server = this.server;
    this.server = undefined;
    if (server === undefined) return Promise.resolve();
    if (!server.listening)
      return new Promise((resolve) => {
        server.once('listening', () => resolve());
        server.once('error', () => resolve());
      });
    // The callback of close() would wait for connections, but the port is free at once.
    server.close();
    return Promise.resolve();
  }
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} at ${host} is in use by another program or line`;
    case 'EADDRNOTAVAIL':
      return `${host} is not an address of this computer`;
    case 'EACCES':
      return `port ${port} needs more rights; ports below 1024 are reserved on many systems`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      if (/[,;]/.test(host)) return `${host} is a list; a line listens at one address`;
      return `the name ${host} cannot be resolved`;
    default:
      return error.code ?? 'listening failed';
  }
}
