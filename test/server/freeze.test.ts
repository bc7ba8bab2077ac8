import assert from 'node:assert/strict';
import { Virtual } from './virtual.js';

const points = [
  { ioa: 1, type: 'M_IT_NA_1', counterGroup: 1 },
  { ioa: 2, type: 'M_IT_NA_1', counterGroup: 2 },
  { ioa: 3, type: 'M_IT_TB_1' },
  { ioa: 9, type: 'M_SP_NA_1' },
];
const two = (octet: number): string => octet.toString(16).padStart(2, '0');
const TAG = '85 1a 05 04 43 02 1a';
const LATER = '75 1e 05 04 43 02 1a';

function setup(parameters = '') {
  const rig = new Virtual([{ parameters, points }]);
  const client = rig.client();
  const write = (a: number, b: number, c: number): void => {
    for (const [i, value] of [a, b, c].entries()) rig.served.write(i + 1, value, rig.clock.wall());
  };
  /** What a request with this QCC is answered with. */
  const ask = (qcc: number, cot = '06'): string[] => client.ask(`65 01 ${cot} 00 01 00 00 00 00 ${two(qcc)}`).asdus();
  /** Readings of the three counters, by a general request. */
  const read = (): number[] =>
    ask(5)
      .filter((asdu) => asdu.slice(6, 8) === '25')
      .map((asdu) => Number.parseInt(asdu.slice(27, 29), 16));
  write(10, 20, 30);
  ask(5);
  return { rig, client, write, ask, read };
}

const confirmed = (qcc: number): string[] => [`65 01 07 00 01 00 00 00 00 ${two(qcc)}`];

describe('freezing counters', () => {
  it('PROTOCOL 21: FRZ 1: 7, no data and no termination; requests then read what was frozen, while counting goes on', () => {
    const { ask, write, read } = setup();
    assert.deepEqual(ask(0x45), confirmed(0x45));
    write(11, 21, 31);
    assert.deepEqual(read(), [10, 20, 30]);
    assert.deepEqual(ask(0x45), confirmed(0x45));
    assert.deepEqual(read(), [11, 21, 31], 'a second freeze takes the new readings');
  });

  it('PROTOCOL 21: FRZ 2: freezes and resets', () => {
    const { ask, rig, read } = setup();
    assert.deepEqual(ask(0x85), confirmed(0x85));
    assert.deepEqual(read(), [10, 20, 30]);
    assert.deepEqual(ask(0x45), confirmed(0x45));
    assert.deepEqual(read(), [0, 0, 0]);
    rig.served.write(1, 10, rig.clock.wall());
    ask(0x45);
    assert.deepEqual(read(), [10, 0, 0], 'the reading of before is a change');
  });

  it('PROTOCOL 21: FRZ 3: resets; without a freeze the running values are read', () => {
    const { ask, write, read } = setup();
    assert.deepEqual(ask(0xc5), confirmed(0xc5));
    assert.deepEqual(read(), [0, 0, 0]);
    write(1, 2, 3);
    assert.deepEqual(read(), [1, 2, 3]);
  });

  it('PROTOCOL 21: FRZ 3 after a freeze: the frozen readings stand', () => {
    const { ask, read } = setup();
    ask(0x45);
    ask(0xc5);
    assert.deepEqual(read(), [10, 20, 30]);
  });

  it('PROTOCOL 21: of a group: the others go on', () => {
    const { ask, write, read } = setup();
    assert.deepEqual(ask(0x41), confirmed(0x41));
    assert.deepEqual(ask(0x82), confirmed(0x82));
    write(11, 21, 31);
    assert.deepEqual(read(), [10, 20, 31]);
    assert.deepEqual(ask(0xc1), confirmed(0xc1));
    ask(0x41);
    assert.deepEqual(read(), [0, 20, 31]);
    assert.deepEqual(ask(1), [
      '65 01 07 00 01 00 00 00 00 01',
      '0f 01 26 00 01 00 01 00 00 00 00 00 00 00',
      '65 01 0a 00 01 00 00 00 00 01',
    ]);
  });

  it('PROTOCOL 21: a frozen reading has the time of the freeze, and keeps its status', () => {
    const { rig, ask, client } = setup();
    rig.served.station.write({ ioa: 3, value: 29, timeInvalid: true, timestamp: rig.clock.wall() - 5000 }, 0);
    client.asdus();
    ask(0x45);
    rig.clock.advance(1008);
    rig.served.station.write({ ioa: 3, value: 31, sequence: 5, carry: true, timestamp: rig.clock.wall() - 500 }, 0);
    client.asdus();
    assert.equal(ask(5)[3], `25 01 25 00 01 00 03 00 00 1d 00 00 00 00 ${TAG}`);
    ask(0x45);
    rig.clock.advance(60_000);
    assert.equal(ask(5)[3], `25 01 25 00 01 00 03 00 00 1f 00 00 00 25 ${LATER}`);
  });

  it('PROTOCOL 21: a counter that was reset is zero since the reset, and one that was never written stays invalid', () => {
    const { rig, ask } = setup();
    rig.clock.advance(1008);
    ask(0xc5);
    rig.clock.advance(60_000);
    assert.equal(ask(5)[3], `25 01 25 00 01 00 03 00 00 00 00 00 00 00 ${LATER}`);
    const fresh = new Virtual([{ points }]).client();
    fresh.ask('65 01 06 00 01 00 00 00 00 c5').asdus();
    const [, , , total] = fresh.ask('65 01 06 00 01 00 00 00 00 05').asdus();
    assert.equal(total?.slice(0, 47), '25 01 25 00 01 00 03 00 00 00 00 00 00 80 00 00');
  });

  it('PROTOCOL 21: the deadband of a counter that was reset is measured from zero', () => {
    const rig = new Virtual([{ points: [{ ioa: 1, type: 'M_IT_NA_1', deadband: 5 }] }]);
    const client = rig.client();
    rig.served.write(1, 10);
    client.ask('65 01 06 00 01 00 00 00 00 05', '65 01 06 00 01 00 00 00 00 c5').asdus();
    const event = (value: number): string[] => {
      rig.served.write(1, value);
      return client.asdus();
    };
    assert.deepEqual(event(4), []);
    assert.deepEqual(event(6), ['0f 01 03 00 01 00 01 00 00 06 00 00 00 00'], 'nearer to the reading of before');
  });

  it('PROTOCOL 21: in the time of the master, where time tags follow it', () => {
    const { rig, ask } = setup();
    rig.served.station.ahead = 1008;
    ask(0x45);
    assert.equal(ask(5)[3], `25 01 25 00 01 00 03 00 00 1e 00 00 00 00 ${LATER}`);
  });

  it('PROTOCOL 21: events, reads and general interrogations have the running values', () => {
    const { ask, rig, client } = setup('ICCI=True');
    ask(0x45);
    assert.deepEqual(client.ask('66 01 05 00 01 00 01 00 00').asdus(), ['0f 01 05 00 01 00 01 00 00 0a 00 00 00 00']);
    rig.served.write(1, 11);
    assert.deepEqual(client.asdus(), ['0f 01 03 00 01 00 01 00 00 0b 00 00 00 00']);
    assert.deepEqual(client.ask('66 01 05 00 01 00 01 00 00').asdus(), ['0f 01 05 00 01 00 01 00 00 0b 00 00 00 00']);
    const all = client.ask('64 01 06 00 01 00 00 00 00 14').asdus();
    assert.ok(all.includes('0f 01 14 00 01 00 01 00 00 0b 00 00 00 00'));
  });

  it('PROTOCOL 21: what one client freezes another reads', () => {
    const { ask, write, rig } = setup();
    ask(0x45);
    write(11, 21, 31);
    const other = rig.client('192.0.2.9:1');
    const answers = other.ask('65 01 06 00 01 00 00 00 00 01').asdus();
    assert.equal(answers.at(-2), '0f 01 26 00 01 00 01 00 00 0a 00 00 00 00');
  });

  for (const [what, qcc] of [
    ['a freeze', 0x45],
    ['a freeze with reset', 0x85],
    ['a freeze of one group', 0x41],
  ] as const)
    it(`PROTOCOL 21: ${what} by another client while readings are sent: they stay those of one freeze`, () => {
      const many = Array.from({ length: 40 }, (_, i) => ({ ioa: i + 1, type: 'M_IT_NA_1', counterGroup: 1 }));
      const rig = new Virtual([{ points: many }]);
      const write = (value: number): void => {
        for (const { ioa } of many) rig.served.write(ioa, value);
      };
      const client = rig.client();
      write(10);
      client.ask('65 01 06 00 01 00 00 00 00 45', '65 01 06 00 01 00 00 00 00 05').asdus();
      const other = rig.client('192.0.2.9:1');
      const got = client.ask('65 01 06 00 01 00 00 00 00 05').taken();
      assert.equal(got.length, 12, 'the confirmation and 11 readings');
      write(11);
      other.ask(`65 01 06 00 01 00 00 00 00 ${two(qcc)}`).asdus();
      client.acknowledge();
      got.push(...client.asdus());
      const readings = (asdus: readonly string[]): string[] =>
        asdus.filter((asdu) => asdu.slice(6, 8) === '25').map((asdu) => asdu.slice(27, 29));
      assert.deepEqual(
        readings(got),
        many.map(() => '0a'),
      );
      assert.deepEqual(
        readings(client.ask('65 01 06 00 01 00 00 00 00 05').asdus()),
        many.map(() => '0b'),
      );
    });

  it('PROTOCOL 21: of all stations by broadcast, each with its own address', () => {
    const { rig, client, write, read } = setup();
    rig.add({ ca: 2, points: [{ ioa: 1, type: 'M_IT_NA_1' }] });
    assert.deepEqual(client.ask('65 01 06 00 ff ff 00 00 00 45').asdus(), [
      '65 01 07 00 01 00 00 00 00 45',
      '65 01 07 00 02 00 00 00 00 45',
    ]);
    write(11, 21, 31);
    assert.deepEqual(read(), [10, 20, 30]);
  });

  for (const [what, qcc] of [
    ['a group without counters', 0x43],
    ['RQT 0', 0x40],
    ['RQT 6', 0x86],
    ['RQT 32', 0xe0],
  ] as const)
    it(`PROTOCOL 21: ${what}: 7 with P/N = 1, and nothing is frozen`, () => {
      const { rig, ask, write, read } = setup();
      const { frozen } = rig.served.station.image;
      assert.deepEqual(ask(qcc), [`65 01 47 00 01 00 00 00 00 ${two(qcc)}`]);
      assert.equal(rig.served.station.image.frozen, frozen, 'nor copied, however many counters there are');
      write(11, 21, 31);
      assert.deepEqual(read(), [11, 21, 31]);
    });

  it('PROTOCOL 21: FRZ is none of an interrogation: a request that runs goes on, its deactivation freezes nothing', () => {
    const { ask, write, read } = setup();
    assert.deepEqual(ask(0x45, '08'), ['65 01 49 00 01 00 00 00 00 45']);
    write(11, 21, 31);
    assert.deepEqual(read(), [11, 21, 31]);
  });

  it('PROTOCOL 33: a freeze is no interrogation: events of counters still wait for one', () => {
    const rig = new Virtual([{ points }]);
    const client = rig.client();
    rig.served.write(1, 7);
    assert.deepEqual(client.ask('65 01 06 00 01 00 00 00 00 45').asdus(), ['65 01 07 00 01 00 00 00 00 45']);
  });

  it('PROTOCOL 16: with the T bit it is confirmed and freezes and resets nothing', () => {
    const { ask, read, write } = setup();
    assert.deepEqual(ask(0x85, '86'), ['65 01 87 00 01 00 00 00 00 85']);
    assert.deepEqual(read(), [10, 20, 30]);
    write(11, 21, 31);
    assert.deepEqual(read(), [11, 21, 31]);
  });
});
