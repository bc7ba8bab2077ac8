import assert from 'node:assert/strict';
import fc from 'fast-check';
import { VirtualClock } from '../link/virtual-clock.js';
import { MemoryClient } from './memory-client.js';
import { Served } from './served.js';
import { octets } from './wire.js';

const GI = '64 01 06 00 01 00 00 00 00 14';
const TERM = '64 01 0a 00 01 00 00 00 00 14';
const COMMAND = '2d 01 06 00 01 00 88 13 00 01';

interface Seen {
  readonly ioa: number;
  readonly value: number;
  readonly cause: number;
}

/** The objects of types 7 and 33: address, 32 bits, quality, and a time tag of 7 octets in 33. */
function objectsOf(asdu: string): Seen[] {
  const body = octets(asdu);
  if (body[0] !== 7 && body[0] !== 33) return [];
  const size = body[0] === 7 ? 8 : 15;
  return Array.from({ length: body[1] as number }, (_, i) => ({
    ioa: body.readUIntLE(6 + i * size, 3),
    value: body.readUInt32LE(9 + i * size),
    cause: body[2] as number,
  }));
}

/** A master that watches what arrives while values change: each value written is greater than all before. */
class Watch {
  readonly clock = new VirtualClock();
  readonly served: Served;
  readonly client: MemoryClient;
  readonly latest = new Map<number, number>();
  readonly scanned = new Set<number>();
  events = 0;
  written = 0;
  done = false;
  /** ASDUs between a command and its confirmation. */
  longestWait = 0;
  private asked = -1;
  private arrived = 0;

  constructor(
    readonly points: number,
    readonly parameters: string,
    type = 'M_BO_TB_1',
  ) {
    const list = Array.from({ length: points }, (_, i) => ({ ioa: i + 1, type }));
    this.served = new Served([{ parameters, points: [...list, { ioa: 5000, type: 'C_SC_NA_1' }] }], {
      clock: this.clock,
    });
    this.client = new MemoryClient(this.served, this.clock).start();
  }

  change(ioa: number): void {
    this.served.write(ioa, ++this.written);
  }

  command(): void {
    if (this.asked >= 0) return;
    this.asked = this.arrived;
    this.client.ask(COMMAND);
  }

  /** One round trip. */
  round(): void {
    this.clock.settle();
    const asdus = this.client.taken();
    for (const asdu of asdus) this.see(asdu);
    if (asdus.length > 0) this.client.acknowledge();
  }

  private see(asdu: string): void {
    this.arrived++;
    if (asdu === TERM) this.done = true;
    if (asdu.startsWith('2d 01 07') && this.asked >= 0) {
      this.longestWait = Math.max(this.longestWait, this.arrived - this.asked);
      this.asked = -1;
    }
    for (const { ioa, value, cause } of objectsOf(asdu)) {
      const before = this.latest.get(ioa) ?? 0;
      if (cause === 3) {
        this.events++;
        assert.ok(value > before, `${ioa}: event ${value} after ${before}`);
      } else {
        assert.ok(value >= before, `${ioa}: ${value} of the scan after ${before}`);
        assert.ok(!this.scanned.has(ioa), `${ioa} is scanned once`);
        this.scanned.add(ioa);
      }
      this.latest.set(ioa, value);
    }
  }
}

describe('order and fairness of a scan', () => {
  for (const parameters of ['IGO=True', 'IGO=False;IWOT=False', 'IGO=True;SAI=False', 'IGO=True;K=2;W=1'])
    it(`PROTOCOL 20: ${parameters}: nothing older follows a newer value, the scan ends while values go on changing`, () => {
      fc.assert(
        fc.property(
          fc.array(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 6 }), { minLength: 10, maxLength: 60 }),
          (rounds) => {
            const watch = new Watch(60, parameters);
            for (let i = 1; i <= 60; i += 3) watch.change(i);
            watch.client.ask(GI);
            // Less than what k lets through in a round, again and again, until the scan has ended.
            const most = parameters.includes('K=2') ? 1 : 6;
            let turns = 0;
            for (; !watch.done; turns++) {
              assert.ok(turns < 1000, 'the scan does not end');
              for (const ioa of rounds[turns % rounds.length] as number[])
                if (watch.written < (turns + 21) * most) watch.change(ioa);
              if (turns % 10 === 0) watch.command();
              watch.round();
            }
            for (let i = 0; i < 100; i++) watch.round();
            assert.equal(watch.scanned.size, 60);
            assert.equal(watch.events, watch.written, 'no event is left out');
            assert.ok(watch.longestWait <= 12 + 1, `a command waited for ${watch.longestWait} ASDUs`);
          },
        ),
        { seed: 20260203, numRuns: 60 },
      );
    });

  it('PROTOCOL 20: a scan reads each value when it packs it', () => {
    const watch = new Watch(2, 'IGO=False;K=1;W=1');
    watch.client.ask(GI);
    const [con] = watch.client.taken();
    assert.equal(con, '64 01 07 00 01 00 00 00 00 14');
    // Within a deadband or without one, what is written now is what the scan finds; its event goes first.
    watch.served.write(2, 77);
    watch.client.acknowledge();
    watch.round();
    watch.round();
    watch.round();
    assert.equal(watch.latest.get(2), 77);
    assert.equal(watch.events, 1);
  });

  it('PROTOCOL 20: events are not starved by a scan: of four frames the scan gets one while events wait', () => {
    const watch = new Watch(20_000, 'IGO=True;IWOT=True');
    watch.client.ask(GI);
    watch.round();
    for (let i = 0; i < 200; i++) watch.change(19_000 + i);
    const causes: number[] = [];
    while (watch.events < 200) {
      for (const asdu of watch.client.taken()) {
        const [first] = objectsOf(asdu);
        if (first === undefined) continue;
        causes.push(first.cause);
        if (first.cause === 3) watch.events++;
      }
      watch.client.acknowledge();
    }
    const scan = causes.slice(12).filter((cause) => cause === 20).length;
    assert.ok(scan >= 60 && scan <= 80, `${scan} frames of the scan among 200 events`);
  });

  it('PROTOCOL 20: a scan is not starved by points that change faster than they can be sent: the others come through', () => {
    const watch = new Watch(600, 'IGO=True;EBS=1000', 'M_BO_NA_1');
    watch.client.ask(GI);
    for (let i = 0; i < 400; i++) {
      for (let hot = 1; hot <= 20; hot++) watch.change(hot);
      watch.command();
      watch.round();
    }
    assert.ok(watch.scanned.size >= 580, `${watch.scanned.size} points`);
    assert.ok(watch.longestWait <= 13);
    // It ends although they go on; of what it left out newer values have gone out meanwhile.
    assert.ok(watch.done);
    for (let ioa = 1; ioa <= 600; ioa++) assert.ok(watch.scanned.has(ioa) || ioa <= 20, `${ioa} is left out`);
    assert.ok(watch.events >= 600);
  });
});
