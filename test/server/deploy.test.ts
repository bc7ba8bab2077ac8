import assert from 'node:assert/strict';
import { parseParameters } from '../../lib/station/parameters.js';
import { compilePoints, type PointInput } from '../../lib/station/points.js';
import { Station } from '../../lib/station/station.js';
import { Virtual } from './virtual.js';

const GI = '64 01 06 00 01 00 00 00 00 14';
const CON = '64 01 07 00 01 00 00 00 00 14';
const TERM = '64 01 0a 00 01 00 00 00 00 14';
const two = (octet: number): string => octet.toString(16).padStart(2, '0');
const measured = (from: number, to: number): PointInput[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ ioa: from + i, type: 'M_ME_NB_1' }));
const asdu = (cause: string, ioa: number, value: number, ca = '01'): string =>
  `0b 01 ${cause} 00 ${ca} 00 ${two(ioa)} 00 00 ${two(value)} 00 00`;
/** Values of an interrogation, each the same as its object address. */
const values = (from: number, to: number, ca = '01'): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => asdu('14', from + i, from + i, ca));

/** A station in the place of another, as a deploy makes one: with what both have. */
function replace(rig: Virtual, old: Station, points: readonly PointInput[], parameters = ''): Station {
  const compiled = compilePoints(points.map((point, i) => ({ point, place: `point ${i + 1}` })));
  assert.deepEqual(compiled.problems, []);
  const { commonAddress } = old;
  const station = new Station({ name: `New ${commonAddress}`, commonAddress, points: compiled.table });
  station.follow(old);
  rig.served.line.replace(old, { station, defined: parseParameters(`WT3=0;${parameters}`).defined });
  return station;
}

/** Two stations whose values are as their addresses; the client has interrogated station 1. */
function setup(parameters = '') {
  const rig = new Virtual([
    { parameters, points: measured(1, 20) },
    { ca: 2, parameters: 'BGS=0', points: measured(1, 3) },
  ]);
  const [old, other] = rig.served.stations as [Station, Station];
  for (let ioa = 1; ioa <= 20; ioa++) rig.served.write(ioa, ioa);
  for (let ioa = 1; ioa <= 3; ioa++) rig.served.write(ioa, ioa, undefined, other);
  const client = rig.client();
  client.ask(GI).asdus();
  /** Twelve events that the client does not take: the window is full, and all else waits. */
  const fill = (): void => {
    for (let value = 31; value <= 42; value++) rig.served.write(1, value);
    rig.clock.settle();
  };
  return { rig, old, other, client, fill };
}

describe('a station that another one replaces', () => {
  it('PROTOCOL 20: an interrogation under way goes on with the values of the new one, without a second 7, and ends with 10', () => {
    const { rig, old, client } = setup();
    assert.deepEqual(client.ask(GI).taken(), [CON, ...values(1, 11)]);
    replace(rig, old, measured(5, 21));
    client.acknowledge();
    assert.deepEqual(client.asdus(), [...values(5, 20), '0b 01 14 00 01 00 15 00 00 00 00 c0', TERM]);
    assert.deepEqual(client.ask(GI).asdus().slice(0, 2), [CON, asdu('14', 5, 5)], 'and the next one can begin');
  });

  it('PROTOCOL 20: one that waits for its 7 has one 7 and one 10', () => {
    const { rig, old, client, fill } = setup();
    fill();
    client.ask(GI).clock.settle();
    replace(rig, old, measured(2, 4));
    assert.equal(client.taken().length, 12);
    client.acknowledge();
    assert.deepEqual(client.asdus(), [CON, ...values(2, 4), TERM]);
  });

  for (const [what, last] of [
    ['with events that wait', 129],
    ['with one more of the new one', 130],
  ] as const)
    it(`PROTOCOL 20: ${what} no older value comes behind a newer one`, () => {
      const { rig, old, client } = setup();
      assert.equal(client.ask(GI).taken().length, 12);
      for (let value = 100; value <= 129; value++) rig.served.write(15, value);
      const station = replace(rig, old, measured(10, 18));
      rig.served.write(15, last, undefined, station);
      client.acknowledge();
      const got = client.asdus();
      assert.equal(got.at(-1), TERM);
      const events = Array.from({ length: last - 99 }, (_, i) => asdu('03', 15, 100 + i));
      const ofPoint = got.filter((each) => each.slice(18, 20) === '0f');
      assert.deepEqual(ofPoint, [...events, asdu('14', 15, last)]);
    });

  it('PROTOCOL 20: what others interrogate goes on where it was', () => {
    const { rig, other, client } = setup();
    assert.deepEqual(client.ask(GI).taken(), [CON, ...values(1, 11)]);
    replace(rig, other, measured(1, 2));
    client.acknowledge();
    assert.deepEqual(client.asdus(), [...values(12, 20), TERM]);
  });

  it('PROTOCOL 22: a read of the old one is dropped, of another one it is answered', () => {
    const { rig, old, client, fill } = setup();
    fill();
    client.ask('66 01 05 00 01 00 14 00 00', '66 01 05 00 02 00 03 00 00').clock.settle();
    replace(rig, old, measured(5, 20));
    assert.equal(client.taken().length, 12);
    client.acknowledge();
    assert.deepEqual(client.asdus(), [asdu('05', 3, 3, '02')]);
  });

  it('PROTOCOL 29: a turn of the old one is dropped, the next one is of the new one in its time', () => {
    const rig = new Virtual([{ parameters: 'K=1;W=1;WT1=600000', points: [{ ioa: 1, type: 'M_ME_NB_1', period: 2 }] }]);
    const client = rig.client();
    rig.served.write(1, 1);
    client.ask(GI).asdus();
    rig.served.write(1, 2);
    rig.clock.advance(2000);
    assert.deepEqual(client.taken(), [asdu('03', 1, 2)], 'which fills the window');
    replace(rig, rig.served.station, [{ ioa: 1, type: 'M_SP_NA_1', period: 2 }], 'K=1;W=1;WT1=600000');
    client.acknowledge();
    assert.deepEqual(client.asdus(), []);
    rig.clock.advance(1999);
    assert.deepEqual(client.asdus(), []);
    rig.clock.advance(1);
    assert.deepEqual(client.asdus(), ['01 01 01 00 01 00 01 00 00 c0']);
  });

  for (const [what, which] of [
    ['its own station', 0],
    ['another station', 1],
  ] as const)
    it(`PROTOCOL 29: a turn keeps its time while ${what} is replaced again and again`, () => {
      const points = [{ ioa: 1, type: 'M_ME_NB_1', period: 10 }];
      const rig = new Virtual([{ points }, { ca: 2, points: measured(1, 1) }]);
      rig.served.write(1, 1);
      const client = rig.client();
      client.ask(GI).asdus();
      let station = rig.served.stations[which] as Station;
      for (const ms of [4000, 4000, 1999]) {
        rig.clock.advance(ms);
        assert.deepEqual(client.asdus(), []);
        station = replace(rig, station, which === 0 ? [...points, ...measured(2, 2)] : measured(1, 2));
      }
      rig.clock.advance(1);
      assert.deepEqual(client.asdus(), [asdu('01', 1, 1)]);
    });
});

describe('a station that is removed', () => {
  it('PROTOCOL 20: its interrogation falls silent, and the one behind it begins', () => {
    const { rig, old, client } = setup();
    assert.equal(client.ask(GI, '64 01 06 00 02 00 00 00 00 14').taken().length, 12);
    rig.served.write(3, 99);
    rig.served.line.remove(old);
    client.acknowledge();
    const second = (each: string): string => each.replace('00 01 00', '00 02 00');
    assert.deepEqual(client.asdus(), [second(CON), ...values(1, 3, '02'), second(TERM)]);
    assert.deepEqual(client.ask(GI).asdus(), ['64 01 6e 00 01 00 00 00 00 14']);
  });

  it('PROTOCOL 20: the interrogation of another goes on without a second 7, and one that waited never begins', () => {
    const { rig, other, client } = setup();
    assert.equal(client.ask(GI, '64 01 06 00 02 00 00 00 00 14').taken().length, 12);
    rig.served.line.remove(other);
    client.acknowledge();
    assert.deepEqual(client.asdus(), [...values(12, 20), TERM]);
  });

  it('PROTOCOL 22: reads and turns of it are dropped', () => {
    const { rig, old, client, fill } = setup('BGS=10;WT1=600000');
    fill();
    client.ask('66 01 05 00 01 00 14 00 00').clock.settle();
    rig.clock.advance(10_000);
    rig.served.line.remove(old);
    assert.equal(client.taken().length, 12);
    client.acknowledge();
    assert.deepEqual(client.asdus(), []);
    rig.clock.advance(20_000);
    assert.deepEqual(client.asdus(), []);
    assert.equal(client.closed, false);
  });
});
