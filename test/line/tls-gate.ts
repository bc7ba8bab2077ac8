import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { Channel } from '../../lib/line/channel.js';
import type { TlsChannel } from '../../lib/line/tls/channel.js';
import { TlsGate } from '../../lib/line/tls/gate.js';
import type { TlsClock } from '../../lib/line/tls/keeper.js';
import type { TlsRefusal } from '../../lib/line/tls/refusal.js';
import { listenerSettings, type TlsProperties } from '../../lib/line/tls/settings.js';
import { systemClock } from '../../lib/link/clock.js';

export const nothing: TlsProperties = {
  partnerCertificates: '',
  myCertificate: '',
  myKey: '',
  crl: '',
  verifyPartner: true,
  pskIdentity: '',
  preSharedKey: '',
};

/** How long anything may take before a test gives up. */
const PATIENCE = 20_000;

export interface GateOptions {
  readonly clock?: TlsClock;
  /** ms for a handshake. */
  readonly handshake?: number;
  readonly directory?: string;
}

/** A gate that listens, and all that it told. */
export class OpenGate {
  readonly log: string[] = [];
  readonly refusals: TlsRefusal[] = [];
  readonly accepted: TlsChannel[] = [];
  /** Octets of peers that were let in. */
  received = '';
  examinations = 0;
  admitsAll = true;
  readonly gate: TlsGate;
  private readonly server;
  private readonly sockets: Socket[] = [];
  private waiting: () => void = () => {};

  constructor(properties: Partial<TlsProperties>, options: GateOptions = {}) {
    const settings = listenerSettings({ ...nothing, ...properties }, options.directory ?? '/');
    if (settings === undefined) throw new Error('these are no settings for TLS');
    const observer = {
      log: (level: string, text: string) => {
        this.log.push(`${level}: ${text}`);
        this.waiting();
      },
      refused: (refusal: TlsRefusal) => {
        this.refusals.push(refusal);
        this.waiting();
      },
      admits: () => this.admitsAll,
      examine: () => {
        this.examinations++;
        this.waiting();
      },
    };
    this.gate = new TlsGate(settings, observer, options.clock ?? systemClock, options.handshake);
    this.server = this.gate.createServer((channel) => this.accept(channel));
  }

  async listen(host = '127.0.0.1'): Promise<this> {
    this.server.listen(0, host);
    await once(this.server, 'listening');
    return this;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  /** A peer; what it is told of its end is in `ending`. */
  dial(options: ConnectionOptions = {}): Peer {
    const peer = new Peer(
      connect({
        port: this.port,
        host: '127.0.0.1',
        // Whom the server is, is not what is tested here.
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
        ...options,
      }),
    );
    this.sockets.push(peer.socket);
    return peer;
  }

  dialPlain(options: { readonly localAddress?: string; readonly localPort?: number } = {}): Socket {
    const socket = connectPlain({ port: this.port, host: '127.0.0.1', ...options });
    socket.on('error', () => {});
    socket.resume();
    this.sockets.push(socket);
    return socket;
  }

  /** The next peer that is let in. */
  async channel(): Promise<TlsChannel> {
    await this.until(() => this.accepted.length > 0, 'a connection');
    return this.accepted.shift() as TlsChannel;
  }

  /** The next peer that is turned away. */
  async refusal(): Promise<TlsRefusal> {
    await this.until(() => this.refusals.length > 0, 'a refusal');
    return this.refusals.shift() as TlsRefusal;
  }

  async until(ready: () => boolean, what: string): Promise<void> {
    if (ready()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`waited in vain for ${what}; ${JSON.stringify([this.log, this.refusals])}`)),
        PATIENCE,
      );
      this.waiting = () => {
        if (!ready()) return;
        clearTimeout(timer);
        this.waiting = () => {};
        resolve();
      };
    });
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.gate.close();
    this.server.close();
  }

  private accept(channel: Channel): void {
    channel.attach({
      data: (octets) => {
        this.received += Buffer.from(octets).toString('hex');
        this.waiting();
      },
      drained: () => {},
      closed: () => this.waiting(),
    });
    this.accepted.push(channel as TlsChannel);
    this.waiting();
  }
}

/** The other end of a connection. */
export class Peer {
  received = '';
  readonly closed: Promise<void>;
  private error: string | undefined;

  constructor(readonly socket: TLSSocket) {
    socket.on('data', (octets: Buffer) => {
      this.received += octets.toString('hex');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.error = error.code;
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', () => resolve());
    });
  }

  /** Why it ended, once it has. */
  async ending(): Promise<string | undefined> {
    await this.closed;
    return this.error;
  }
}
