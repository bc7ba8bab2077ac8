import assert from 'node:assert/strict';
import {
  type CloseReason,
  NOTHING,
  Session,
  type SessionEffects,
  type SessionSettings,
  type SessionState,
  type Source,
  standardSettings,
} from '../../lib/apci/session.js';
import { hex, OctetWriter } from '../../lib/octets/octets.js';

export const STARTDT_ACT = '68 04 07 00 00 00';
export const STARTDT_CON = '68 04 0b 00 00 00';
export const STOPDT_ACT = '68 04 13 00 00 00';
export const STOPDT_CON = '68 04 23 00 00 00';
export const TESTFR_ACT = '68 04 43 00 00 00';
export const TESTFR_CON = '68 04 83 00 00 00';

export function octets(digits: string): Uint8Array {
  const pairs = digits.trim().split(/\s+/);
  for (const pair of pairs) assert.match(pair, /^[0-9a-f]{2}$/, `not an octet: ${pair}`);
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

function low(sequence: number): string {
  return hex(Uint8Array.of((sequence % 128) * 2, Math.floor(sequence / 128)));
}

/** An I-frame with the one-octet ASDU aa: for tests with too many to write them out. */
export function iFrame(ns: number, nr: number): string {
  return `68 05 ${low(ns)} ${low(nr)} aa`;
}

export function sFrame(nr: number): string {
  return `68 04 01 00 ${low(nr)}`;
}

/** Cuts what a session wrote into APDUs, by their length octets alone: not by the code under test. */
export function framesIn(written: Uint8Array): string[] {
  const frames: string[] = [];
  for (let at = 0; at < written.length; ) {
    const end = at + 2 + (written[at + 1] ?? Number.NaN);
    assert.ok(end <= written.length, `half an APDU was written: ${hex(written.subarray(at))}`);
    frames.push(hex(written.subarray(at, end), 255));
    at = end;
  }
  return frames;
}

/** A session with a clock that is told, and everything that it does written down in order. */
export class Rig {
  readonly session: Session;
  now: number;
  /** Everything in order: `send 68 …`, `deliver aa`, `deliver aa marked`, `confirmed 3`, `state started`, `closed peer`. */
  readonly log: string[] = [];
  readonly delivered: string[] = [];
  readonly confirmed: number[] = [];
  readonly states: SessionState[] = [];
  readonly closed: CloseReason[] = [];
  /** What the gate answers. */
  mayAct = true;
  /** What the link above does when an ASDU is taken for sending or delivered, or an I-frame confirmed. */
  onTake: (() => void) | undefined;
  onDeliver: (() => void) | undefined;
  onConfirmed: (() => void) | undefined;
  private readonly room = new OctetWriter(new Uint8Array(100_000), BEGIN);
  private transmitted: string[] = [];
  private readonly waiting: string[] = [];
  private ticket = 0;

  constructor(settings: Partial<SessionSettings> = {}, connectedAt = 1000) {
    const effects: SessionEffects = {
      room: () => {
        this.flush();
        return this.room;
      },
      deliver: (asdu, mark) => {
        this.note(`deliver ${hex(asdu, 255)}${mark ? ' marked' : ''}`);
        this.delivered.push(hex(asdu, 255));
        this.onDeliver?.();
      },
      confirmed: (ticket) => {
        this.note(`confirmed ${ticket}`);
        this.confirmed.push(ticket);
        this.onConfirmed?.();
      },
      stateChanged: (state) => {
        this.note(`state ${state}`);
        this.states.push(state);
      },
      closed: (reason) => {
        this.note(`closed ${reason}`);
        this.closed.push(reason);
      },
    };
    this.session = new Session({ ...standardSettings, ...settings }, effects, () => this.mayAct);
    this.now = connectedAt;
    this.session.connected(this.now);
  }

  receive(digits: string): void {
    this.session.receive(octets(digits), this.now);
  }

  /** Offers ASDUs, numbered from ticket 0, and lets the session take what it may. Returns how many it took. */
  offer(...asdus: string[]): number {
    this.waiting.push(...asdus);
    return this.pull();
  }

  pull(): number {
    return this.session.pull(this.source, this.now);
  }

  /** Lets time pass, stopping at each deadline on the way. */
  advance(ms: number): void {
    const until = this.now + ms;
    for (let turns = 0; this.session.deadline <= until; turns++) {
      assert.ok(turns < 10_000, 'the session never rests');
      this.now = Math.max(this.now, this.session.deadline);
      this.session.expire(this.now);
    }
    this.now = until;
  }

  /** The APDUs transmitted since this was last asked. */
  sent(): string[] {
    this.flush();
    const sent = this.transmitted;
    this.transmitted = [];
    return sent;
  }

  /** Nothing was sent and nothing closed. */
  assertQuiet(message?: string): void {
    assert.deepEqual([this.sent(), this.closed], [[], []], message);
  }

  assertOpen(message?: string): void {
    assert.deepEqual(this.closed, [], message);
    assert.notEqual(this.session.state, 'closed');
  }

  assertClosed(reason: CloseReason, message?: string): void {
    assert.deepEqual(this.closed, [reason], message);
    assert.equal(this.session.state, 'closed');
    assert.equal(this.session.deadline, Number.POSITIVE_INFINITY, 'a closed session waits for nothing');
  }

  private readonly source: Source = {
    next: (to) => {
      const asdu = this.waiting.shift();
      if (asdu === undefined) return NOTHING;
      this.onTake?.();
      to.bytes(octets(asdu));
      return this.ticket++;
    },
  };

  private note(what: string): void {
    this.flush();
    this.log.push(what);
  }

  private flush(): void {
    for (const frame of framesIn(this.room.octets.subarray(BEGIN, this.room.at))) {
      this.transmitted.push(frame);
      this.log.push(`send ${frame}`);
    }
    this.room.at = BEGIN;
  }
}

/** A link hands out room in the middle of its buffer, so the rig does too. */
const BEGIN = 5;

/** A controlled station whose master has sent STARTDT. */
export function started(settings: Partial<SessionSettings> = {}): Rig {
  const rig = new Rig(settings);
  rig.receive(STARTDT_ACT);
  assert.deepEqual(rig.sent(), [STARTDT_CON]);
  return rig;
}

/** A controlling station whose STARTDT has been confirmed. */
export function startedMaster(settings: Partial<SessionSettings> = {}): Rig {
  const rig = new Rig({ role: 'controlling', ...settings });
  rig.session.start(rig.now);
  rig.receive(STARTDT_CON);
  assert.deepEqual(rig.sent(), [STARTDT_ACT]);
  return rig;
}
