import { statSync } from 'node:fs';
import { Backoff } from '../line/backoff.js';
import { type Clock, systemClock } from '../link/clock.js';
import type { LogLevel } from '../link/line-log.js';
import type { Device, DeviceHandler } from './device.js';

export const parities = ['none', 'even', 'odd', 'mark', 'space'] as const;

export interface SerialSettings {
  /** `/dev/ttyUSB0`, `COM3`. */
  readonly path: string;
  readonly baudRate: number;
  readonly dataBits: 5 | 6 | 7 | 8;
  readonly parity: (typeof parities)[number];
  readonly stopBits: 1 | 1.5 | 2;
}

type Callback = (error: Error | null | undefined) => void;

/** What we use of a port of the package `serialport`. */
export interface SerialPort {
  open(done: Callback): void;
  write(octets: Uint8Array, done: Callback): unknown;
  drain(done: Callback): void;
  close(done: Callback): void;
  readonly isOpen: boolean;
  on(event: 'data', listener: (octets: Uint8Array) => void): unknown;
  on(event: 'close' | 'error', listener: (error?: Error | null) => void): unknown;
}

/** What we use of the package `serialport`. */
export interface SerialPackage {
  readonly SerialPort: new (options: SerialSettings & { readonly autoOpen: false }) => SerialPort;
}

/** ms beyond the time that octets need on the wire, after which a port that does not send them is opened anew. */
const STALLED = 5000;
/** ms between two looks whether the port is still there. */
const LOOK = 1000;
/** Bits of one octet on the wire at most: start, eight, parity, two stop bits. */
const BITS = 12;

/** A serial port that is opened again and again as long as it is not there, or has gone. */
export class SerialDevice implements Device {
  readonly name: string;
  reason: string | undefined = 'not opened yet';
  private handler: DeviceHandler | undefined;
  private port: SerialPort | undefined;
  private isWriting = false;
  private readonly backoff: Backoff;
  private openedAt = 0;
  private cancelRetry: (() => void) | undefined;
  private cancelWatch: (() => void) | undefined;
  private cancelLook: (() => void) | undefined;
  private told = '';

  /** @param load brings the package; it may throw, saying how to install it */
  constructor(
    private readonly settings: SerialSettings,
    private readonly load: () => SerialPackage,
    private readonly log: (level: LogLevel, text: string) => void,
    private readonly clock: Clock = systemClock,
    random = Math.random,
  ) {
    this.name = settings.path;
    this.backoff = new Backoff(1, random);
  }

  get isReady(): boolean {
    return this.reason === undefined && !this.isWriting;
  }

  open(handler: DeviceHandler): void {
    this.handler = handler;
    this.attempt();
  }

  write(octets: Uint8Array): void {
    const { port } = this;
    if (port === undefined) return;
    this.isWriting = true;
    const needed = (octets.length * BITS * 1000) / this.settings.baudRate + STALLED;
    this.cancelWatch = this.clock.timer(needed, () => this.gone(port, 'does not send what it is given: flow control?'));
    port.write(octets, (error) => {
      if (error) return this.gone(port, error.message);
      port.drain((problem) => {
        if (problem) return this.gone(port, problem.message);
        if (this.port !== port) return;
        this.cancelWatch?.();
        this.isWriting = false;
        this.handler?.written();
      });
    });
  }

  async close(): Promise<void> {
    const { port } = this;
    this.handler = undefined;
    this.cancelRetry?.();
    this.release('closed');
    if (port?.isOpen) await new Promise<void>((done) => port.close(() => done()));
  }

  private attempt(): void {
    let port: SerialPort;
    try {
      port = new (this.load().SerialPort)({ ...this.settings, autoOpen: false });
    } catch (error) {
      return this.failed(messageOf(error));
    }
    this.port = port;
    port.on('error', (error) => this.gone(port, messageOf(error)));
    port.on('close', (error) => this.gone(port, error ? messageOf(error) : 'has been closed'));
    port.on('data', (octets) => {
      if (this.port === port) this.handler?.data(octets);
    });
    port.open((error) => {
      // Opening takes a while, and whoever wanted it may have gone.
      if (this.handler === undefined) return void (port.isOpen && port.close(() => {}));
      if (error) return this.gone(port, error.message);
      if (this.port !== port) return;
      this.reason = undefined;
      this.told = '';
      this.openedAt = this.clock.now();
      this.log('info', `serial port ${this.name} is open`);
      this.handler.changed();
      this.look(port, undefined);
    });
  }

  /**
   * A port that was unplugged may read as one that is silent: its file tells that it has gone, or is another.
   * @param opened which file it was before
   */
  private look(port: SerialPort, opened: string | undefined): void {
    const found = identity(this.settings.path);
    if (opened !== undefined && found !== opened) return this.gone(port, 'has been unplugged');
    // Where a port is no file nothing can be said.
    if (found !== undefined) this.cancelLook = this.clock.timer(LOOK, () => this.look(port, found));
  }

  /** It cannot be opened, or was unplugged: it is tried again. */
  private gone(port: SerialPort, why: string): void {
    if (this.port !== port || this.handler === undefined) return;
    // What it cannot send may hold its closing up.
    if (port.isOpen) port.close(() => {});
    this.failed(why);
  }

  private failed(why: string): void {
    if (this.handler === undefined) return;
    const { backoff, clock } = this;
    const wait = this.reason === undefined ? backoff.ended(clock.now() - this.openedAt) : backoff.failed();
    this.release(why);
    if (this.told !== why) this.log('error', `serial port ${this.name}: ${why}; it is tried again`);
    this.told = why;
    this.cancelRetry = clock.timer(wait, () => this.attempt());
    this.handler.changed();
  }

  private release(why: string): void {
    this.port = undefined;
    this.reason = why;
    this.isWriting = false;
    this.cancelWatch?.();
    this.cancelLook?.();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Which file a path leads to; undefined where it leads to none. */
function identity(path: string): string | undefined {
  try {
    const { dev, ino, rdev } = statSync(path);
    return `${dev} ${ino} ${rdev}`;
  } catch {
    return undefined;
  }
}
