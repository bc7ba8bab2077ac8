import { once } from 'node:events';
import { createServer as createPlainServer, type Server, type Socket } from 'node:net';
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import type { Channel } from '../../lib/line/channel.js';
import { Dialer } from '../../lib/line/dialer.js';
import type { TlsChannel } from '../../lib/line/tls/channel.js';
import { TlsDial } from '../../lib/line/tls/dial.js';
import type { TlsClock } from '../../lib/line/tls/keeper.js';
import type { TlsRefusal } from '../../lib/line/tls/refusal.js';
import { clientSettings, type TlsProperties } from '../../lib/line/tls/settings.js';
import { systemClock } from '../../lib/link/clock.js';
import { nothing } from './tls-gate.js';

/** How long anything may take before a test gives up. */
const PATIENCE = 20_000;

/** What came of an attempt. */
export interface Attempt {
  readonly host: string;
  readonly channel?: TlsChannel;
  readonly code?: string;
  readonly reason?: string | undefined;
}

export interface DialOptions {
  readonly clock?: TlsClock;
  /** ms for a handshake. */
  readonly handshake?: number;
  /** ms for an attempt. */
  readonly timeout?: number;
}

/** A line that connects by TLS, and all that it told. */
export class DialledLine {
  readonly log: string[] = [];
  readonly refusals: TlsRefusal[] = [];
  readonly tls: TlsDial;
  examinations = 0;
  /** Octets of partners that were let in. */
  received = '';
  /** How connections have ended. */
  readonly ends: (string | undefined)[] = [];
  private readonly channels: TlsChannel[] = [];
  private readonly dialers: Dialer[] = [];
  private waiting: () => void = () => {};

  constructor(
    properties: Partial<TlsProperties>,
    private readonly options: DialOptions = {},
  ) {
    const settings = clientSettings({ ...nothing, ...properties }, '/');
    if (settings === undefined) throw new Error('these are no settings for TLS');
    const observer = {
      log: (level: string, text: string) => this.log.push(`${level}: ${text}`),
      refused: (refusal: TlsRefusal) => {
        this.refusals.push(refusal);
        this.waiting();
      },
      examine: () => {
        this.examinations++;
      },
    };
    this.tls = new TlsDial(settings, observer, options.clock ?? systemClock, options.handshake);
  }

  /** One attempt. */
  dial(port: number, host = '127.0.0.1'): Promise<Attempt> {
    return new Promise((resolve) => {
      const { tls } = this;
      const connected = (channel: Channel): void => {
        this.take(channel as TlsChannel);
        resolve({ host, channel: channel as TlsChannel });
      };
      const failed = (_: string, code: string, reason?: string): void => resolve({ host, code, reason });
      const handler = { connecting: () => {}, connected, failed };
      const dialer = new Dialer([host], port, this.options.timeout ?? PATIENCE, handler, { tls });
      this.dialers.push(dialer);
      dialer.dial();
    });
  }

  async until(ready: () => boolean, what: string): Promise<void> {
    if (ready()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE);
      this.waiting = () => {
        if (!ready()) return;
        clearTimeout(timer);
        this.waiting = () => {};
        resolve();
      };
    });
  }

  close(): void {
    for (const dialer of this.dialers) dialer.close();
    for (const channel of this.channels) channel.destroy();
    this.tls.close();
  }

  private take(channel: TlsChannel): void {
    this.channels.push(channel);
    channel.attach({
      data: (octets) => {
        this.received += Buffer.from(octets).toString('hex');
        this.waiting();
      },
      drained: () => {},
      closed: (code) => {
        this.ends.push(code);
        this.waiting();
      },
    });
  }
}

/** A partner: a TLS server of Node.js, or what is no TLS at all; it sends as soon as it can. */
export class Partner {
  /** Octets that came from the line. */
  received = '';
  private readonly names: (string | false)[] = [];
  /** The common names in the certificates that were shown. */
  private readonly certificates: unknown[] = [];
  /** Connections that came, with or without TLS. */
  arrivals = 0;
  private readonly sockets = new Set<Socket>();
  private waiting: () => void = () => {};

  private constructor(
    private readonly server: Server,
    greeting: string,
    arrival: string,
  ) {
    server.on('connection', (socket: Socket) => {
      this.arrivals++;
      this.sockets.add(socket);
      socket.once('close', () => {
        this.sockets.delete(socket);
        this.waiting();
      });
    });
    server.on('tlsClientError', () => {});
    server.on(arrival, (socket: Socket | TLSSocket) => {
      if ('getPeerCertificate' in socket) {
        this.names.push(socket.servername ?? false);
        this.certificates.push(socket.getPeerCertificate().subject?.CN);
      }
      this.waiting();
      socket.on('error', () => {});
      socket.on('data', (octets: Buffer) => {
        this.received += octets.toString('hex');
        this.waiting();
      });
      if (greeting !== '') socket.write(Buffer.from(greeting, 'hex'));
    });
  }

  /** @param greeting what it sends at once, digits */
  static async tls(options: TlsOptions, greeting = '', host = '127.0.0.1'): Promise<Partner> {
    return new Partner(createServer(options), greeting, 'secureConnection').listen(host);
  }

  static async plain(greeting = ''): Promise<Partner> {
    return new Partner(createPlainServer(), greeting, 'connection').listen('127.0.0.1');
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  /** @param wanted the digits received, or what they have to be like */
  async until(wanted: string | ((received: string) => boolean)): Promise<void> {
    await this.wait(() => (typeof wanted === 'string' ? this.received === wanted : wanted(this.received)), 'octets');
  }

  /** The name that the first connection asked for; false for none. */
  async name(): Promise<string | false> {
    await this.wait(() => this.names.length > 0, 'a handshake');
    return this.names[0] ?? false;
  }

  /** The common name in the certificate that a connection has shown, by its number from 0. */
  async shown(connection: number): Promise<unknown> {
    await this.wait(() => this.certificates.length > connection, 'a handshake');
    return this.certificates[connection];
  }

  /** All connections have ended. */
  async ended(): Promise<void> {
    await this.wait(() => this.sockets.size === 0, 'the end');
  }

  /** Ends all connections by RST. */
  reset(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private async wait(ready: () => boolean, what: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}, have ${this.received}`)), PATIENCE);
      this.waiting = () => {
        if (!ready()) return;
        clearTimeout(timer);
        this.waiting = () => {};
        resolve();
      };
      this.waiting();
    });
  }

  private async listen(host: string): Promise<this> {
    this.server.listen(0, host);
    await once(this.server, 'listening');
    return this;
  }
}
