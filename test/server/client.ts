import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { octets, STARTDT_ACT, STARTDT_CON, STOPDT_ACT, STOPDT_CON, TESTFR_ACT, TESTFR_CON, Wire } from './wire.js';

export * from './wire.js';

/** How long anything may take before a test gives up; nothing ever waits that long for its own sake. */
const PATIENCE = 8000;

interface Waiting {
  ready(): boolean;
  resolve(): void;
}

/**
 * A controlling station that speaks literal octets over a socket. It counts sequence numbers, since they are the same
 * in every test, and by itself acknowledges what it takes.
 */
export class TestClient {
  /** Whole APDUs that arrived and were not taken, as digits. */
  readonly frames: string[] = [];
  /** Everything that arrived, in octets. */
  octetsReceived = 0;
  closed = false;
  readonly wire = new Wire();
  /** Counts octets only, and looks at none: for floods. */
  countsOnly = false;
  /** Whether each I-frame taken is acknowledged. */
  acknowledges = true;
  private waiting: Waiting | undefined;

  /** This end's port, by which the server names the connection. */
  readonly port: number;

  private constructor(readonly socket: Socket) {
    this.port = socket.localPort as number;
    socket.setNoDelay(true);
    socket.on('data', (data: Buffer) => this.take(data));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
      this.wake();
    });
  }

  static connect(port: number): Promise<TestClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new TestClient(socket));
      });
    });
  }

  /** A client over TLS; whom the server is, is not what it looks at. */
  static connectTls(port: number, options: ConnectionOptions): Promise<TestClient> {
    return new Promise((resolve, reject) => {
      const socket = connectTls({
        port,
        host: '127.0.0.1',
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
        ...options,
      });
      socket.once('error', reject);
      socket.once('secureConnect', () => {
        socket.off('error', reject);
        resolve(new TestClient(socket));
      });
    });
  }

  /** Sends octets as they are. */
  send(...literal: string[]): void {
    this.socket.write(Buffer.concat(literal.map(octets)));
  }

  /** Sends ASDUs, each in an I-frame of its own, all at once. */
  ask(...asdus: string[]): void {
    this.send(...asdus.map((asdu) => this.wire.frame(asdu)));
  }

  acknowledge(): void {
    this.send(this.wire.acknowledgement());
  }

  /** The next APDU of any kind. */
  async next(): Promise<string> {
    await this.until(() => this.frames.length > 0 || this.closed, 'a frame');
    const frame = this.frames.shift();
    assert.ok(frame !== undefined, 'the server closed the connection');
    return frame;
  }

  /** The ASDU of the next I-frame; S-frames are passed over, U-frames are not expected. */
  async asdu(): Promise<string> {
    for (;;) {
      const asdu = this.wire.asduOf(await this.next());
      if (asdu === undefined) continue;
      if (this.acknowledges) this.acknowledge();
      return asdu;
    }
  }

  async asdus(count: number): Promise<string[]> {
    const found: string[] = [];
    while (found.length < count) found.push(await this.asdu());
    return found;
  }

  /** The ASDUs that arrive next are these. */
  async expect(...asdus: string[]): Promise<void> {
    for (const asdu of asdus) assert.equal(await this.asdu(), asdu);
  }

  /** Asks, and the ASDUs that arrive next are these. */
  async answers(asdu: string, ...expected: string[]): Promise<void> {
    this.ask(asdu);
    await this.expect(...expected);
  }

  /**
   * Nothing more arrives. Known without waiting: what was sent before the first test frame is dealt with when its
   * confirmation comes, and written before that of the second.
   */
  async quiet(): Promise<void> {
    const before: string[] = [];
    for (let round = 0; round < 2; round++) {
      this.send(TESTFR_ACT);
      for (;;) {
        const frame = await this.next();
        if (frame === TESTFR_CON) break;
        if (frame.slice(6, 11) !== '01 00') before.push(frame);
      }
    }
    assert.deepEqual(before, [], 'nothing was expected');
  }

  /** Begins data transfer. */
  async start(): Promise<this> {
    this.send(STARTDT_ACT);
    assert.equal(await this.next(), STARTDT_CON);
    return this;
  }

  async stop(): Promise<void> {
    this.send(STOPDT_ACT);
    for (;;) {
      const frame = await this.next();
      if (frame === STOPDT_CON) return;
      assert.equal(frame.slice(6, 11), '01 00', `an S-frame or STOPDT con was expected, not ${frame}`);
    }
  }

  /** The server has closed the connection; what it sent before is left in `frames`. */
  async closes(): Promise<void> {
    await this.until(() => this.closed, 'the end of the connection');
  }

  /** Cuts the connection. */
  async cut(): Promise<void> {
    this.socket.destroy();
    await this.closes();
  }

  /** Something that comes true as frames arrive. */
  async until(ready: () => boolean, what: string): Promise<void> {
    if (ready()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE);
      const done = (): void => {
        clearTimeout(timer);
        this.waiting = undefined;
        resolve();
      };
      this.waiting = { ready, resolve: done };
    });
  }

  private take(data: Buffer): void {
    this.octetsReceived += data.length;
    if (!this.countsOnly) this.frames.push(...this.wire.cut(data));
    this.wake();
  }

  private wake(): void {
    if (this.waiting?.ready()) this.waiting.resolve();
  }
}
