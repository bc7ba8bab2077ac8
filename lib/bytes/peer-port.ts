import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { lookup } from 'node:dns';
import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Backoff } from '../line/backoff.js';
import type { Channel, ChannelHandler } from '../line/channel.js';
import { listenAddress } from '../line/listener.js';
import { type Clock, systemClock } from '../link/clock.js';
import type { LogLevel } from '../link/line-log.js';

/** A host and a port, as they are written `host:port`. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface PeerSettings {
  readonly listen: Endpoint;
  readonly destinations: readonly Endpoint[];
  /** 224.0.0.0 to 239.255.255.255; undefined for none. */
  readonly multicastGroup: string | undefined;
}

type Found = (error: NodeJS.ErrnoException | null, address: string, family: number) => void;

/** Octets of datagrams that may wait to be sent; further ones are dropped. */
const MAX_UNSENT = 65_536;
/** How long the address of a name holds, ms. */
const FRESH = 60_000;

/** Peers over UDP: what is written goes to all destinations as one datagram each; whoever sends to the port is heard. */
export class PeerPort implements Channel {
  /** Who sent the datagram that came last. */
  remote = '';
  address = '';
  /** Why the port is not open. */
  reason: string | undefined = 'not opened yet';
  /** Datagrams that could not be sent. */
  dropped = 0;
  private handler: ChannelHandler | undefined;
  private socket: Socket | undefined;
  private unsent = 0;
  private isClosed = false;
  private cancelRetry: (() => void) | undefined;
  private readonly backoff = new Backoff(1, Math.random);
  private openedAt = 0;
  private told = '';
  private readonly addresses = new Map<string, { readonly address: string; readonly until: number }>();
  /** Who waits for the address of a name, in order. */
  private readonly lookups = new Map<string, Found[]>();

  /** @param changed is called when the port has opened, or has failed to */
  constructor(
    private readonly settings: PeerSettings,
    private readonly log: (level: LogLevel, text: string) => void,
    private readonly changed: () => void,
    private readonly clock: Clock = systemClock,
  ) {}

  /** The port in use, while it is open. */
  get port(): number | undefined {
    return this.reason === undefined ? this.socket?.address().port : undefined;
  }

  get backlog(): number {
    return 0;
  }

  attach(handler: ChannelHandler): void {
    this.handler = handler;
  }

  /** Binds the port, and tries again as long as that fails. */
  open(): void {
    const { listen, multicastGroup } = this.settings;
    const host = listenAddress(listen.host);
    const isV6 = host.includes(':');
    const socket = createSocket({
      type: isV6 ? 'udp6' : 'udp4',
      // Several members of a group may live on one computer.
      reuseAddr: multicastGroup !== undefined,
      ipv6Only: isV6,
      lookup: (name, _options, done) => this.resolve(name, isV6 ? 6 : 4, done),
    });
    this.socket = socket;
    socket.on('error', (error: NodeJS.ErrnoException) => this.failed(socket, error));
    socket.on('message', (octets, from) => this.receive(octets, from));
    // An address of its own would keep out what is sent to the group, or to all.
    const address = multicastGroup === undefined ? host : '0.0.0.0';
    socket.bind({ port: listen.port, address }, () => {
      try {
        const own = isIPv4(host) && host !== '0.0.0.0' ? host : undefined;
        if (!isV6) socket.setBroadcast(true);
        if (own !== undefined && multicastGroup !== undefined) socket.setMulticastInterface(own);
        if (multicastGroup !== undefined) socket.addMembership(multicastGroup, own);
      } catch (error) {
        return this.failed(socket, error as NodeJS.ErrnoException);
      }
      this.reason = undefined;
      this.told = '';
      this.openedAt = this.clock.now();
      this.log('info', `UDP port ${socket.address().port} is open`);
      this.changed();
    });
  }

  /** One datagram to each destination. */
  write(octets: Uint8Array): boolean {
    const { socket } = this;
    for (const { host, port } of this.settings.destinations) {
      if (socket === undefined || this.reason !== undefined || this.unsent + octets.length > MAX_UNSENT) {
        this.dropped++;
        continue;
      }
      this.unsent += octets.length;
      socket.send(octets, port, host, (error) => {
        this.unsent -= octets.length;
        if (error === null || this.isClosed) return;
        this.dropped++;
        this.tell(`cannot send to ${host}:${port}: ${(error as NodeJS.ErrnoException).code ?? error.message}`);
      });
    }
    return false;
  }

  /** Datagrams cannot be kept from coming: what nobody takes is dropped where it waits. */
  pause(): void {}
  resume(): void {}

  end(): void {
    this.destroy();
  }

  destroy(): void {
    void this.close();
  }

  /** @returns when the port is free */
  close(): Promise<void> {
    this.isClosed = true;
    this.cancelRetry?.();
    this.reason = 'closed';
    const { socket } = this;
    this.socket = undefined;
    if (socket === undefined) return Promise.resolve();
    return new Promise((done) => socket.close(() => done()));
  }

  private receive(octets: Uint8Array, { address, port }: RemoteInfo): void {
    // A member of a group that is a destination hears itself.
    if (port === this.port && isOwn(address)) return;
    this.address = address;
    this.remote = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
    this.handler?.data(octets);
  }

  private failed(socket: Socket, error: NodeJS.ErrnoException): void {
    if (this.socket !== socket || this.isClosed) return;
    this.socket = undefined;
    socket.close();
    const wait =
      this.reason === undefined ? this.backoff.ended(this.clock.now() - this.openedAt) : this.backoff.failed();
    this.reason = `${this.settings.listen.host}:${this.settings.listen.port}: ${error.code ?? error.message}`;
    this.tell(`cannot open the UDP port ${this.reason}; it is tried again`);
    this.cancelRetry = this.clock.timer(wait, () => this.open());
    this.changed();
  }

  private tell(text: string): void {
    if (this.told !== text) this.log('error', text);
    this.told = text;
  }

  /** Without this every datagram to a name would ask for its address, and one could overtake another. */
  private resolve(name: string, family: 4 | 6, done: Found): void {
    const known = this.addresses.get(name);
    if (known !== undefined && this.clock.now() < known.until) return done(null, known.address, family);
    const waiting = this.lookups.get(name);
    if (waiting !== undefined) return void waiting.push(done);
    const all = [done];
    this.lookups.set(name, all);
    lookup(name, { family }, (error, address) => {
      this.lookups.delete(name);
      if (error === null) this.addresses.set(name, { address, until: this.clock.now() + FRESH });
      for (const found of all) found(error, address, family);
    });
  }
}

function isOwn(address: string): boolean {
  return Object.values(networkInterfaces()).some((list) => list?.some((entry) => entry.address === address));
}
