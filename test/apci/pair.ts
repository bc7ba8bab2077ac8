import assert from 'node:assert/strict';
import { type CloseReason, NOTHING, Session, type SessionSettings } from '../../lib/apci/session.js';
import { OctetReader, OctetWriter } from '../../lib/octets/octets.js';

/** Numbers from 0 to below 1, the same ones for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The n-th ASDU of an end: its number, filled up to a length that changes, now and then to the longest one. */
function sizeOfAsdu(n: number): number {
  return n % 50 === 49 ? 249 : 4 + (n % 9);
}

/** One side: a session, an endless supply of numbered ASDUs, and the invariants that hold at every moment. */
export class End {
  readonly session: Session;
  peer!: End;
  /** ASDUs that may still be sent. */
  waiting = 0;
  sent = 0;
  confirmed = 0;
  /** ASDUs of the peer. */
  delivered = 0;
  mayAct = true;
  closed: CloseReason | undefined;
  readonly out = new OctetWriter(new Uint8Array(1 << 20));
  private acknowledged = 0;
  private owingSince = Number.POSITIVE_INFINITY;
  private framesOut = 0;

  constructor(
    readonly name: string,
    readonly settings: SessionSettings,
    private readonly peerFirst: number,
    private readonly eager: boolean,
    private readonly now: () => number,
  ) {
    this.session = new Session(
      settings,
      {
        room: () => {
          assert.equal(this.closed, undefined, 'nothing is written after the end');
          return this.out;
        },
        deliver: (asdu) => {
          const number = new OctetReader(asdu).u32();
          assert.equal(number, this.delivered, `${name}: lost, repeated or reordered`);
          assert.equal(asdu.length, sizeOfAsdu(number));
          if (this.delivered === this.acknowledged) this.owingSince = this.now();
          this.delivered++;
          if (this.eager) this.pull();
        },
        confirmed: (ticket) => {
          assert.equal(ticket, this.confirmed, `${name}: tickets are confirmed in order, each once`);
          this.confirmed++;
          assert.ok(this.confirmed <= this.peer.delivered, `${name}: confirmed and not delivered`);
          if (this.eager) this.pull();
        },
        stateChanged: (state) => {
          const station = settings.role === 'controlled' ? this : this.peer;
          if (state === 'stopped') assert.equal(station.confirmed, station.sent, 'STOPDT con is held until then');
        },
        closed: (reason) => {
          assert.equal(this.closed, undefined, 'closed is told once');
          this.closed = reason;
        },
      },
      () => this.mayAct,
    );
    // SSN is a setting of the sender alone. To begin near the wrap both must agree, which on the wire they cannot.
    (this.session as unknown as { received: { next: number } }).received.next = peerFirst;
  }

  pull(): void {
    this.session.pull(
      {
        next: (to) => {
          if (this.waiting === 0) return NOTHING;
          assert.equal(this.session.state, 'started', 'I-frames only during data transfer');
          assert.ok(this.mayAct);
          this.waiting--;
          const size = sizeOfAsdu(this.sent);
          to.u32(this.sent);
          for (let n = 4; n < size; n++) to.u8(0x68);
          this.sent++;
          assert.ok(this.sent - this.confirmed <= this.settings.k, `${this.name}: more than k`);
          return this.sent - 1;
        },
      },
      this.now(),
    );
  }

  /** What was written during the last call, after a look at its control octets. */
  take(): Uint8Array {
    const octets = this.out.octets.slice(0, this.out.at);
    this.out.at = 0;
    for (let at = 0; at < octets.length; at += 2 + (octets[at + 1] as number)) this.look(octets, at);
    if (this.closed === undefined) {
      assert.ok(this.delivered - this.acknowledged < this.settings.w, `${this.name}: owes w acknowledgements`);
      assert.ok(this.now() <= this.owingSince + this.settings.t2, `${this.name}: owes an acknowledgement for t2`);
    }
    return octets;
  }

  private look(octets: Uint8Array, at: number): void {
    const control = octets[at + 2] as number;
    const sequence = (low: number): number => ((octets[low] as number) >> 1) + (octets[low + 1] as number) * 128;
    if (control % 2 === 0) {
      assert.equal(sequence(at + 2), (this.settings.firstSequence + this.framesOut) % 32768, 'N(S) is the next');
      this.framesOut++;
    }
    if (control % 4 === 3) return;
    const newly = (sequence(at + 4) - ((this.peerFirst + this.acknowledged) % 32768) + 32768) % 32768;
    this.acknowledged += newly;
    assert.ok(this.acknowledged <= this.delivered, `${this.name}: acknowledges what it has not delivered`);
    this.owingSince = Number.POSITIVE_INFINITY;
  }
}

/** One direction of a TCP connection: octets in order, in pieces, later. */
class Direction {
  readonly pieces: { readonly at: number; readonly octets: Uint8Array }[] = [];
  stalledUntil = 0;
  private latest = 0;

  constructor(
    readonly from: End,
    readonly to: End,
  ) {}

  get next(): number {
    const head = this.pieces[0];
    return head === undefined ? Number.POSITIVE_INFINITY : Math.max(head.at, this.stalledUntil);
  }

  add(octets: Uint8Array, at: number): void {
    this.latest = Math.max(this.latest, at);
    this.pieces.push({ at: this.latest, octets });
  }
}

export interface PairSettings {
  readonly station: SessionSettings;
  readonly master: SessionSettings;
  /** The longest delay of a piece, ms. */
  readonly delay: number;
  /** The longest piece, octets. */
  readonly segment: number;
  /** Whether the ends send from within deliveries and confirmations, as procedures do. */
  readonly eager: boolean;
  readonly seed: number;
}

/** Two sessions and the connection between them, in virtual time. */
export class Pair {
  now = 0;
  readonly station: End;
  readonly master: End;
  private readonly directions: readonly [Direction, Direction];
  private readonly chance: () => number;

  constructor(private readonly settings: PairSettings) {
    const { station, master, eager } = settings;
    const now = (): number => this.now;
    this.chance = random(settings.seed);
    this.station = new End('station', station, master.firstSequence, eager, now);
    this.master = new End('master', master, station.firstSequence, eager, now);
    this.station.peer = this.master;
    this.master.peer = this.station;
    this.directions = [new Direction(this.station, this.master), new Direction(this.master, this.station)];
    this.station.session.connected(0);
    this.master.session.connected(0);
  }

  get open(): boolean {
    return this.station.closed === undefined && this.master.closed === undefined;
  }

  /** Nothing to send, nothing on the way, nothing to be confirmed. */
  get settled(): boolean {
    return this.directions.every(({ from, pieces }) => {
      return from.waiting === 0 && from.confirmed === from.sent && pieces.length === 0;
    });
  }

  /** Lets both ends live until then, or until the connection is closed, or until `enough`. */
  run(until: number, enough: () => boolean = () => false): void {
    while (this.open && !enough()) {
      const [up, down] = this.directions;
      const arrival = Math.min(up.next, down.next);
      const deadline = Math.min(this.station.session.deadline, this.master.session.deadline);
      const next = Math.min(arrival, deadline);
      if (next > until) break;
      this.now = Math.max(this.now, next);
      if (arrival <= deadline) this.arrive(up.next <= down.next ? up : down);
      else
        this.act(this.station.session.deadline <= this.now ? this.station : this.master, ({ session }) =>
          session.expire(this.now),
        );
    }
    this.now = Math.max(this.now, until === Number.POSITIVE_INFINITY ? this.now : until);
  }

  /** One call of one end's session, after which its source is asked and what it wrote is on its way. */
  act(end: End, call: (end: End) => void): void {
    call(end);
    if (end.closed === undefined) end.pull();
    const direction = this.directions.find(({ from }) => from === end) as Direction;
    const octets = end.take();
    for (let at = 0; at < octets.length; ) {
      const size = 1 + Math.floor(this.chance() * this.settings.segment);
      direction.add(octets.slice(at, at + size), this.now + Math.floor(this.chance() * (this.settings.delay + 1)));
      at += size;
    }
    if (end.closed !== undefined && end.peer.closed === undefined) this.cut('peer');
  }

  stall(which: 0 | 1, ms: number): void {
    const direction = this.directions[which];
    direction.stalledUntil = Math.max(direction.stalledUntil, this.now + ms);
  }

  /** Ends the connection: of the octets on their way some still arrive, up to any one of them, the others never. */
  cut(reason: CloseReason = 'socket'): void {
    for (const { to, pieces } of this.directions) {
      const onTheWay = Uint8Array.from(pieces.flatMap(({ octets }) => [...octets]));
      const arriving = onTheWay.subarray(0, Math.floor(this.chance() * (onTheWay.length + 1)));
      pieces.length = 0;
      if (to.closed === undefined && arriving.length > 0) to.session.receive(arriving, this.now);
    }
    for (const end of [this.station, this.master]) if (end.closed === undefined) end.session.close(reason);
  }

  /** What must hold of a connection when it has ended, and at any time before. */
  assertConsistent(): void {
    for (const end of [this.station, this.master]) {
      assert.ok(end.confirmed <= end.peer.delivered, `${end.name}: everything confirmed was delivered`);
      assert.ok(end.peer.delivered <= end.sent, `${end.name}: nothing was delivered that was not sent`);
    }
  }

  private arrive(direction: Direction): void {
    const piece = direction.pieces.shift();
    if (piece !== undefined) this.act(direction.to, ({ session }) => session.receive(piece.octets, this.now));
  }
}
