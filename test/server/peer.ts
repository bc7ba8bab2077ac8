import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { octets, TESTFR_ACT, TESTFR_CON, Wire } from './wire.js';

/** How long anything may take before a test gives up; nothing ever waits that long for its own sake. */
const PATIENCE = 20_000;

interface Waiting {
  ready(): boolean;
  resolve(): void;
}

/**
 * One end of a connection that speaks literal octets over a socket. It counts sequence numbers, since they are the same in
 * every test, and by itself acknowledges what it takes.
 */
export class Peer {
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

  constructor(readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (data: Buffer) => this.take(data));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
      this.wake();
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
    assert.ok(frame !== undefined, 'the other end closed the connection');
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

  /** The other end has closed the connection; what it sent before is left in `frames`. */
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
