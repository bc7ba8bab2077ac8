import assert from 'node:assert/strict';
import { type Asdu, decodeAsdu } from '../../lib/asdu/asdu.js';
import { type MemoryChannel, memoryPair } from '../../lib/line/memory.js';
import type { ServerLine } from '../../lib/server/server-line.js';
import type { FuzzClock } from './world.js';

export const U = {
  startAct: 0x07,
  startCon: 0x0b,
  stopAct: 0x13,
  stopCon: 0x23,
  testAct: 0x43,
  testCon: 0x83,
} as const;

const MODULO = 32768;

export interface PeerOptions {
  readonly remote: string;
  /** K, W, WT2 and SSN that the line has at this moment. */
  readonly k: number;
  readonly w: number;
  readonly t2: number;
  readonly first: number;
  /** Acknowledges and answers TESTFR at once. */
  readonly isDiligent: boolean;
  /** Answers what a balanced station asks. */
  readonly answers: boolean;
}

/** An APDU without an ASDU. */
export function control(first: number, nr = 0): Uint8Array {
  return Uint8Array.of(0x68, 4, first, 0, (nr << 1) & 0xfe, (nr >> 7) & 0xff);
}

/**
 * A controlling station that checks whatever the server sends on its connection: APCI, sequence numbers, the window, and
 * that each ASDU is one. What it sends itself may be right or wrong.
 */
export class Peer {
  readonly own: MemoryChannel;
  readonly server: MemoryChannel;
  readonly remote: string;
  isClosed = false;
  /** Told of each ASDU that has arrived. */
  onAsdu: (asdu: Asdu) => void = () => {};
  /** Told of each ASDU as the server writes it, and of the number of its I-frame on this connection. */
  onWritten: (asdu: Asdu, frame: number) => void = () => {};
  /** I-frames that the server has written: some may never arrive. */
  written = 0;
  /** Data transfer begins. */
  onStart: () => void = () => {};
  /** I-frames sent with the right number; received; the latter as far as an N(R) has been sent for them. */
  sent = 0;
  received = 0;
  acknowledged = 0;
  /** Octets went out that may mean anything: what the server has been told is not known any more. */
  isWild = false;
  /** Requests of the server in control direction that may be answered. */
  readonly asked: Asdu[] = [];
  private isMidway = false;
  private readonly behind: Uint8Array[] = [];
  private rest = new Uint8Array(0);
  private isStarted = false;
  /** A STOPDT act has arrived at the server. */
  private isStopping = false;
  /** A STARTDT was sent. */
  private hasAsked = false;
  /** Of STARTDT and STOPDT the latter was sent last. */
  private asksStop = false;
  private lastNr = 0;
  private readonly acts = { start: 0, stop: 0, test: 0 };

  constructor(
    line: ServerLine,
    clock: FuzzClock,
    readonly options: PeerOptions,
  ) {
    this.remote = options.remote;
    [this.server, this.own] = memoryPair({ later: clock.soon, remote: options.remote });
    const { server } = this;
    const write = server.write.bind(server);
    server.write = (octets) => {
      this.wrote(octets);
      return write(octets);
    };
    this.own.attach({
      data: (data) => this.take(data),
      drained: () => {},
      closed: () => {
        this.isClosed = true;
      },
    });
    line.accept(this.server);
  }

  /** N(R) of all that was received. */
  get nr(): number {
    return (this.options.first + this.received) % MODULO;
  }

  /** N(R) of the I-frames up to before this one. */
  nrOf(frame: number): number {
    return (this.options.first + frame + MODULO) % MODULO;
  }

  start(): void {
    this.u(U.startAct);
  }

  u(first: number): void {
    this.write(this.uFrame(first));
  }

  /** A U-frame that will be sent. */
  uFrame(first: number): Uint8Array {
    if (first === U.startAct) {
      this.acts.start++;
      this.hasAsked = true;
      this.asksStop = false;
      this.isStopping = false;
    } else if (first === U.stopAct) {
      this.acts.stop++;
      this.asksStop = true;
    } else if (first === U.testAct) this.acts.test++;
    return control(first);
  }

  /** An S-frame for all that was received. */
  acknowledge(): void {
    this.noteNr(this.received);
    this.write(control(1, this.nr));
  }

  /** The N(R) of a frame that will be sent covers so many I-frames; more than were received may be on their way. */
  noteNr(frames: number): void {
    this.acknowledged = Math.max(this.acknowledged, frames);
  }

  /** An I-frame with the right numbers, which will be sent. */
  iFrame(asdu: Uint8Array, ns = this.sent % MODULO, nr = this.nr, mark = false): Uint8Array {
    const head = [0x68, asdu.length + 4, (ns << 1) & 0xfe, ns >> 7, ((nr << 1) & 0xfe) | (mark ? 1 : 0), nr >> 7];
    if (ns === this.sent % MODULO) this.sent++;
    if (!this.hasAsked) this.mustClose = true;
    return Uint8Array.from([...head, ...asdu]);
  }

  ask(asdu: Uint8Array): void {
    this.noteNr(this.received);
    this.write(this.iFrame(asdu));
  }

  /** Sends at once; between the pieces of something else, behind its last one. */
  write(octets: Uint8Array): void {
    if (this.isMidway) this.behind.push(octets);
    else this.own.write(octets);
  }

  /** Sends pieces of one thing. @param between is called after each */
  writePieces(pieces: readonly Uint8Array[], between: () => void): void {
    this.isMidway = true;
    for (const piece of pieces) {
      this.own.write(piece);
      between();
    }
    this.isMidway = false;
    for (const octets of this.behind.splice(0)) this.own.write(octets);
  }

  cut(): void {
    this.own.cut('ECONNRESET');
  }

  /** A frame went out for which the server has to close: with a wrong number, or before STARTDT. */
  private mustClose = false;

  breaksSequence(): void {
    this.mustClose = true;
  }

  /** Everything that was sent has arrived. */
  settled(): void {
    const isKnown = !this.isWild && !this.server.isPaused;
    this.isStopping = this.asksStop && isKnown;
    // Who does not read does not see the end of a connection that the server closes in peace.
    if (this.isClosed || !isKnown || this.own.isPaused) return;
    assert.ok(!this.mustClose, 'a frame with a wrong number, or before STARTDT, closes');
    assert.ok(this.sent - this.lastNr < this.options.w, 'w I-frames are acknowledged');
  }

  /** So long nothing has happened that t2 must have run out. */
  waited(ms: number): void {
    const isKnown = !this.isClosed && !this.isWild && !this.own.isPaused && !this.server.isPaused;
    if (isKnown && ms >= this.options.t2) assert.equal(this.lastNr, this.sent, 'all is acknowledged after t2');
  }

  /** The server writes whole frames. */
  private wrote(octets: Uint8Array): void {
    for (let at = 0; at < octets.length; at += (octets[at + 1] as number) + 2)
      if (((octets[at + 2] as number) & 1) === 0)
        this.onWritten(decodeAsdu(octets.slice(at + 6, at + (octets[at + 1] as number) + 2)), this.written++);
  }

  private take(data: Uint8Array): void {
    assert.ok(!this.isClosed, 'nothing arrives on a closed connection');
    const all = new Uint8Array(this.rest.length + data.length);
    all.set(this.rest);
    all.set(data, this.rest.length);
    let at = 0;
    while (all.length - at >= 2) {
      const length = (all[at + 1] as number) + 2;
      assert.equal(all[at], 0x68, 'an APDU begins with 68');
      assert.ok(length >= 6 && length <= 255, `an APDU of ${length} octets`);
      if (all.length - at < length) break;
      this.frame(all.subarray(at, at + length));
      at += length;
    }
    this.rest = all.slice(at);
    if (this.options.isDiligent && this.received > this.acknowledged && !this.isClosed) this.acknowledge();
  }

  private frame(octets: Uint8Array): void {
    const first = octets[2] as number;
    if (first % 4 === 3) return this.onU(octets, first);
    const nr = ((octets[4] as number) >> 1) | ((octets[5] as number) << 7);
    if (!this.isWild) {
      assert.ok(nr >= this.lastNr && nr <= this.sent, `N(R) ${nr} after ${this.lastNr}, ${this.sent} were sent`);
      this.lastNr = nr;
    }
    if (first % 4 === 1) return assert.equal(octets.length, 6, 'an S-frame has six octets');
    assert.ok(this.isStarted, 'an I-frame while data transfer is stopped');
    assert.ok(!this.isStopping, 'an I-frame after STOPDT act');
    const ns = (first >> 1) | ((octets[3] as number) << 7);
    assert.equal(ns, this.nr, 'N(S) is the next');
    this.received++;
    if (!this.isWild)
      assert.ok(this.received - this.acknowledged <= this.options.k, `more than k = ${this.options.k} outstanding`);
    assert.ok(octets.length - 6 <= 249, 'an ASDU has at most 249 octets');
    const asdu = decodeAsdu(octets.slice(6));
    if (this.options.answers) this.answer(asdu, octets.slice(6));
    if (asdu.cause === 6) this.asked.push(asdu);
    if (this.asked.length > 20) this.asked.shift();
    this.onAsdu(asdu);
  }

  private onU(octets: Uint8Array, first: number): void {
    assert.deepEqual([...octets.subarray(3)], [0, 0, 0], 'the rest of a U-frame is 0');
    switch (first) {
      case U.startCon:
        assert.ok(this.isWild || this.acts.start-- > 0, 'a STARTDT con that nobody asked for');
        if (!this.isStarted) this.onStart();
        this.isStarted = true;
        this.isStopping = false;
        return;
      case U.stopCon:
        assert.ok(this.isWild || this.acts.stop-- > 0, 'a STOPDT con that nobody asked for');
        assert.ok(this.isWild || this.acknowledged >= this.received, 'a STOPDT con before all is acknowledged');
        this.isStarted = false;
        return;
      case U.testCon:
        assert.ok(this.isWild || this.acts.test-- > 0, 'a TESTFR con that nobody asked for');
        return;
      case U.testAct:
        if (this.options.isDiligent) this.write(control(U.testCon));
        return;
      default:
        assert.fail(`a controlled station sends no U-frame ${first}`);
    }
  }

  /** What a partner does with a command of a balanced station: it confirms and ends it. */
  private answer({ cause, typeId }: Asdu, octets: Uint8Array): void {
    if (cause !== 6 || typeId < 45 || typeId > 64) return;
    for (const next of [7, 10]) {
      const mirrored = octets.slice();
      mirrored[2] = ((octets[2] as number) & 0x80) | next;
      this.ask(mirrored);
    }
  }
}
