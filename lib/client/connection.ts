import { type CloseReason, NOTHING, type SessionSettings, type SessionState } from '../apci/session.js';
import { type Asdu, encodeAsdu } from '../asdu/asdu.js';
import type { Channel } from '../line/channel.js';
import type { Clock } from '../link/clock.js';
import { Link, type LinkHandler } from '../link/link.js';
import { LinkedConnection } from '../link/linked.js';
import type { ShownConnection } from '../link/status.js';
import type { OctetWriter } from '../octets/octets.js';
import { Dialogue, type DialogueHost } from './dialogue.js';

/** Orders that may wait for a substation that takes none. */
const MAX_WAITING = 4096;

/** How a standby connection marks what it sends (STBY). */
export type StandbyMark = 'none' | 'cf3' | 'test';

/** What the line does for its connections. */
export interface ConnectionHost extends DialogueHost {
  deliver(connection: ClientConnection, octets: Uint8Array, mark: boolean): void;
  stateChanged(connection: ClientConnection): void;
  closed(connection: ClientConnection, reason: CloseReason, received: Uint8Array): void;
  failed(connection: ClientConnection, error: unknown): void;
}

/** One connection to a substation: what is sent over it, and what is expected in return. */
export class ClientConnection extends LinkedConnection implements LinkHandler, ShownConnection {
  /** Orders sent, and values received. */
  sent = 0;
  received = 0;
  readonly lost = 0;
  ignored = 0;
  readonly dialogue: Dialogue;
  /** Data transfer is started, and what is to be asked first has been. */
  isUnderWay = false;
  private mark: StandbyMark = 'none';
  private readonly waiting: Uint8Array[] = [];
  protected readonly link: Link;

  /** @param index 0 for the primary connection of a line, 1 for the backup */
  constructor(
    readonly index: 0 | 1,
    channel: Channel,
    settings: SessionSettings,
    clock: Clock,
    private readonly host: ConnectionHost,
    guard: () => boolean,
  ) {
    super(channel, clock.wall());
    this.dialogue = new Dialogue((asdu) => this.send(asdu), host, clock);
    this.link = new Link(channel, settings, clock, this, guard);
  }

  /** A for the primary connection and B for the backup, while data transfer is started. */
  get flag(): number | undefined {
    return this.state === 'started' ? this.index : undefined;
  }

  /** Orders that wait for the window to open. */
  get buffered(): number {
    return this.waiting.length;
  }

  start(): void {
    this.link.start();
  }

  stop(): void {
    this.link.stop();
  }

  /** How what it sends from now on is marked. */
  markAs(mark: StandbyMark): void {
    this.mark = mark;
    this.link.session.standbyMark = mark === 'cf3';
  }

  next(to: OctetWriter): number {
    const asdu = this.waiting.shift();
    if (asdu === undefined) return NOTHING;
    to.bytes(asdu);
    this.sent++;
    return 0;
  }

  deliver(octets: Uint8Array, mark: boolean): void {
    this.host.deliver(this, octets, mark);
  }

  confirmed(): void {}

  stateChanged(state: SessionState): void {
    // What was not sent is not sent later either.
    if (state !== 'started') this.waiting.length = 0;
    this.host.stateChanged(this);
  }

  closed(reason: CloseReason, received: Uint8Array): void {
    this.waiting.length = 0;
    this.host.closed(this, reason, received);
  }

  failed(error: unknown): void {
    this.host.failed(this, error);
  }

  /** @returns whether there was room for it */
  private send(asdu: Asdu): boolean {
    if (this.state !== 'started' || this.waiting.length >= MAX_WAITING) return false;
    this.waiting.push(encodeAsdu(this.mark === 'test' ? { ...asdu, test: true } : asdu));
    return true;
  }
}
