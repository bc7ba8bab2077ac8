import { Backoff } from '../line/backoff.js';
import type { Channel } from '../line/channel.js';
import type { DialerHandler } from '../line/dialer.js';
import type { Clock } from '../link/clock.js';
import type { ClientConnection } from './connection.js';
import type { PathOptions } from './options.js';

/** Makes attempts to connect. `Dialer` does so over TCP and TLS. */
export interface Dialling {
  dial(): void;
  close(): void;
}

export type MakeDialling = (options: PathOptions, handler: DialerHandler) => Dialling;

/** Who a path works for. */
export interface PathHost {
  connected(path: ClientPath, channel: Channel): void;
  failed(path: ClientPath, remote: string, code: string, reason: string | undefined): void;
}

/** One way to a substation: connects to the hosts in turns, and knows when to try again. */
export class ClientPath {
  /** The connection that stands. */
  connection: ClientConnection | undefined;
  /** When the next attempt is due, ms of the clock; Infinity while none is. */
  due = Infinity;
  private dialling: Dialling | undefined;
  private readonly backoff: Backoff;
  private connectedAt = 0;
  private isOpen = false;

  /** @param index 0 for the primary connection of a line, 1 for the backup */
  constructor(
    readonly index: 0 | 1,
    readonly options: PathOptions,
    private readonly clock: Clock,
    random: () => number,
    private readonly host: PathHost,
    private readonly make: MakeDialling,
  ) {
    this.backoff = new Backoff(options.hosts.length, random);
  }

  /** Connects at once, unless it is connected or about to be. */
  open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.due = this.clock.now();
  }

  /** Gives up attempts, and closes the connection. */
  close(): void {
    this.isOpen = false;
    this.due = Infinity;
    this.giveUp();
    this.connection?.close();
  }

  /** Begins an attempt that is under way anew, from the first host, as `make` does it now. */
  renew(): void {
    const isUnderWay = this.isOpen && this.connection === undefined && this.due === Infinity;
    this.giveUp();
    if (isUnderWay) this.due = this.clock.now();
  }

  /** Makes the attempt that is due. */
  dial(): void {
    this.due = Infinity;
    this.dialling ??= this.make(this.options, {
      connecting: () => {},
      connected: (channel) => {
        this.connectedAt = this.clock.now();
        this.host.connected(this, channel);
      },
      failed: (host, code, reason) => {
        this.due = this.clock.now() + this.backoff.failed();
        this.host.failed(this, named(host, this.options.port), code, reason);
      },
    });
    this.dialling.dial();
  }

  /** The connection has gone. */
  ended(): void {
    this.connection = undefined;
    if (!this.isOpen) return;
    const now = this.clock.now();
    this.due = now + this.backoff.ended(now - this.connectedAt);
  }

  private giveUp(): void {
    this.dialling?.close();
    this.dialling = undefined;
  }
}

function named(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
