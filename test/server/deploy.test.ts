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

  it('PROTOCOL 21: a counter interrogation under way goes on with the counters of the new one, and ends with 10', () => {
    const counters = (from: number, to: number): PointInput[] =>
      measured(from, to).map(({ ioa }) => ({ ioa, type: 'M_IT_NA_1' }));
    const rig = new Virtual([{ points: counters(1, 20) }]);
    const client = rig.client();
    const ask = '65 01 06 00 01 00 00 00 00 05';
    assert.equal(client.ask(ask).taken().length, 12);
    replace(rig, rig.served.station, counters(19, 21));
    client.acknowledge();
    const total = (ioa: number): string => `0f 01 25 00 01 00 ${two(ioa)} 00 00 00 00 00 00 80`;
    assert.deepEqual(client.asdus(), [total(19), total(20), total(21), ask.replace(' 06 ', ' 0a ')]);
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

describe('an interrogation of a group that a deploy takes away', () => {
  const GROUP = '64 01 06 00 01 00 00 00 00 16';
  const grouped = (from: number, to: number): PointInput[] =>
    measured(from, to).map((point) => ({ ...point, groups: [2] }));

  it('PROTOCOL 20: ends with 10', () => {
    const rig = new Virtual([{ points: grouped(1, 20) }]);
    const client = rig.client();
    assert.equal(client.ask(GROUP).taken().length, 12);
    replace(rig, rig.served.station, measured(1, 20));
    client.acknowledge();
    assert.deepEqual(client.asdus(), [GROUP.replace(' 06 ', ' 0a ')]);
    assert.deepEqual(client.ask(GROUP).asdus(), [GROUP.replace(' 06 ', ' 47 ')]);
    assert.deepEqual(client.ask(GI).asdus().length, 22, 'and others can begin');
  });

  it('PROTOCOL 20: is refused where it waited for its 7, and what is behind it begins', () => {
    const { rig, client, fill } = setup();
    const old = replace(rig, rig.served.station, grouped(1, 20));
    fill();
    rig.served.write(1, 43, undefined, old);
    for (let value = 44; value <= 56; value++) rig.served.write(1, value, undefined, old);
    client.ask(GROUP, '64 01 06 00 02 00 00 00 00 14').clock.settle();
    replace(rig, old, measured(1, 3));
    client.acknowledge();
    const got = client.asdus().filter((each) => each.startsWith('64'));
    const second = (each: string): string => each.replace('00 01 00', '00 02 00');
    assert.deepEqual(got, [GROUP.replace(' 06 ', ' 47 '), second(CON), second(TERM)]);
  });
});

describe('commands to a station that another one replaces', () => {
  const points = [
    { ioa: 1, type: 'M_SP_NA_1' },
    { ioa: 45, type: 'C_SC_NA_1', feedback: 1 },
    { ioa: 46, type: 'C_SC_NA_1', feedback: 1 },
  ];
  const more = [...points, { ioa: 5, type: 'M_SP_NA_1' }];
  const ASK = '2d 01 06 00 01 00 2d 00 00 01';
  const answer = (cause: string, status = '01', ioa = '2d'): string => `2d 01 ${cause} 00 01 00 ${ioa} 00 00 ${status}`;
  const RETURN = '01 01 0b 00 01 00 01 00 00 01';

  function commanded(confirm: 'auto' | 'flow' = 'auto') {
    const rig = new Virtual([{ parameters: 'SAI=False', points }], { takes: () => confirm });
    return { rig, client: rig.client() };
  }

  it('PROTOCOL 25: the first write of the new feedback point has cause 11, and 10 follows it', () => {
    const { rig, client } = commanded();
    assert.deepEqual(client.ask(ASK).asdus(), [answer('07')]);
    const station = replace(rig, replace(rig, rig.served.station, more, 'SAI=False'), points, 'SAI=False');
    rig.served.write(1, true, undefined, station);
    rig.served.write(1, false, undefined, station);
    assert.deepEqual(client.asdus(), [RETURN, answer('0a'), '01 01 03 00 01 00 01 00 00 00']);
    rig.clock.advance(10_000);
    assert.deepEqual(client.asdus(), []);
  });

  it('PROTOCOL 25: also where it is written before the line has the new station', () => {
    const { rig, client } = commanded();
    client.ask(ASK).asdus();
    const { table } = compilePoints(more.map((point) => ({ point, place: '' })));
    const station = new Station({ name: 'New', commonAddress: 1, points: table });
    station.follow(rig.served.station);
    rig.served.write(1, true, undefined, station);
    rig.served.line.replace(rig.served.station, { station, defined: parseParameters('WT3=0;SAI=0').defined });
    rig.served.write(1, false, undefined, station);
    assert.deepEqual(client.asdus(), [RETURN, answer('0a'), '01 01 03 00 01 00 01 00 00 00']);
  });

  it('PROTOCOL 25: a command that timed out meanwhile is not ended twice', () => {
    const { rig, client } = commanded();
    client.ask(ASK).asdus();
    const { table } = compilePoints(more.map((point) => ({ point, place: '' })));
    const station = new Station({ name: 'New', commonAddress: 1, points: table });
    station.follow(rig.served.station);
    rig.clock.advance(10_000);
    rig.served.line.replace(rig.served.station, { station, defined: parseParameters('WT3=0;SAI=0').defined });
    rig.served.write(1, true, undefined, station);
    assert.deepEqual(
      client.asdus().filter((each) => each.startsWith('2d')),
      [answer('0a')],
    );
  });

  it('PROTOCOL 25: where the feedback point is gone, or of another type, 10 follows after CTO', () => {
    for (const first of [[], [{ ioa: 1, type: 'M_DP_NA_1' }]]) {
      const { rig, client } = commanded();
      client.ask(ASK).asdus();
      const station = replace(rig, rig.served.station, [...first, { ioa: 45, type: 'C_SC_NA_1' }], 'SAI=False');
      if (first.length > 0) rig.served.write(1, 2, undefined, station);
      assert.deepEqual(client.asdus(), first.length > 0 ? ['03 01 03 00 01 00 01 00 00 02'] : []);
      rig.clock.advance(10_000);
      assert.deepEqual(client.asdus(), [answer('0a')]);
    }
  });

  it('PROTOCOL 26: the object is busy on the new station too, and so is its feedback, until the command is done', () => {
    const { rig, client } = commanded();
    client.ask(ASK).asdus();
    const station = replace(rig, rig.served.station, more, 'SAI=False');
    assert.deepEqual(client.ask(ASK, answer('06', '01', '2e')).asdus(), [answer('47'), answer('47', '01', '2e')]);
    rig.served.write(1, true, undefined, station);
    client.asdus();
    assert.deepEqual(client.ask(ASK).asdus(), [answer('07')]);
  });

  it('PROTOCOL 25: a flow answers across it, and its return information comes before the 10', () => {
    const { rig, client } = commanded('flow');
    assert.deepEqual(client.ask(ASK).asdus(), []);
    const id = rig.served.operations[0]?.command as string;
    const station = replace(rig, rig.served.station, more, 'SAI=False');
    rig.served.line.answer(id, true);
    rig.served.write(1, true, undefined, station);
    rig.served.line.answer(id, 'terminate');
    assert.deepEqual(client.asdus(), [answer('07'), RETURN, answer('0a')]);
  });

  it('PROTOCOL 25: a flow that confirms between both stations waits for the feedback of the new one', () => {
    const { rig, client } = commanded('flow');
    client.ask(ASK).asdus();
    const { table } = compilePoints(more.map((point) => ({ point, place: '' })));
    const station = new Station({ name: 'New', commonAddress: 1, points: table });
    station.follow(rig.served.station);
    rig.served.line.answer(rig.served.operations[0]?.command as string, true);
    rig.served.line.replace(rig.served.station, { station, defined: parseParameters('WT3=0;SAI=0').defined });
    rig.served.write(1, true, undefined, station);
    assert.deepEqual(client.asdus(), [answer('07'), RETURN]);
  });

  it('PROTOCOL 27: a selection stays with its point, and keeps others out', () => {
    const { rig, client } = commanded();
    const other = rig.client('192.0.2.9:1');
    assert.deepEqual(client.ask(answer('06', '81')).asdus(), [answer('07', '81')]);
    replace(rig, rig.served.station, more, 'SAI=False');
    assert.deepEqual(other.ask(answer('06')).asdus(), [answer('47')]);
    assert.deepEqual(client.ask(answer('06')).asdus(), [answer('07')]);
    assert.equal(rig.served.operations.length, 2);
  });

  for (const [what, after] of [
    ['of a point that is gone', []],
    ['of a point that has another type now', [{ ioa: 45, type: 'C_DC_NA_1' }]],
  ] as const)
    it(`PROTOCOL 27: a selection ${what} is gone: one that comes back is free`, () => {
      const { rig, client } = commanded();
      client.ask(answer('06', '81')).asdus();
      replace(rig, replace(rig, rig.served.station, after), points, 'SAI=False');
      assert.deepEqual(rig.client('192.0.2.9:1').ask(answer('06')).asdus(), [answer('07')]);
    });

  it('PROTOCOL 27: with the station its selections go, and those of others stay', () => {
    const { rig, client } = commanded();
    rig.add({ ca: 2, points });
    const second = (each: string): string => each.replace('00 01 00', '00 02 00');
    client.ask(answer('06', '81'), second(answer('06', '81'))).asdus();
    rig.served.line.remove(rig.served.station);
    rig.add({ ca: 1, points });
    const other = rig.client('192.0.2.9:1');
    assert.deepEqual(other.ask(answer('06'), second(answer('06'))).asdus(), [answer('07'), second(answer('47'))]);
  });
});

describe('redundancy groups that a deploy takes away', () => {
  it('PROTOCOL 31: what waited is lost, with a warning, and nothing more is counted', () => {
    const rig = new Virtual([{ parameters: 'GRP=A:10.0.0.1;EBS=5', points: measured(1, 1) }]);
    rig.client('192.0.2.9:1').ask(GI).asdus();
    for (let value = 1; value <= 3; value++) rig.served.write(1, value);
    const station = replace(rig, rig.served.station, measured(1, 1), 'EBS=5');
    assert.equal(rig.served.line.status.lost, 3);
    for (let value = 1; value <= 50; value++) {
      rig.served.write(1, value, undefined, station);
      rig.clock.settle();
    }
    assert.deepEqual(
      rig.served.log.filter((line) => line.includes('GRP')),
      ['warn: the events that waited for the group A are lost: the parameter GRP does not name it any more'],
    );
    assert.equal(rig.served.line.status.lost - (rig.served.line.status.connections[0]?.lost ?? 0), 3);
  });

  it('PROTOCOL 31: an address that is away for 24 hours loses what waited, with a warning, at that time', () => {
    const rig = new Virtual([{ parameters: 'SAI=False', points: measured(1, 1) }]);
    rig.client('192.0.2.1:1').cut();
    rig.served.write(1, 7);
    rig.clock.advance(24 * 3_600_000 - 1);
    assert.deepEqual([rig.served.line.status.lost, rig.served.log.filter((line) => line.includes('lost'))], [0, []]);
    const { changes } = rig.served;
    rig.clock.advance(1);
    assert.deepEqual(
      [rig.served.line.status.lost, rig.served.log.at(-1)],
      [1, 'warn: the events that waited for 192.0.2.1 are lost: it has been away for too long'],
    );
    assert.ok(rig.served.changes > changes, 'the line tells that it has changed');
    rig.served.write(1, 8);
    assert.equal(rig.served.line.status.lost, 1);
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

describe('a line that its last station has left', () => {
  it('lets in whom its parameters have allowed, and nobody else', () => {
    const rig = new Virtual([{ parameters: 'ALLOW=192.0.2.1;K=1;W=1', points: [] }]);
    const { line, station } = rig.served;
    line.remove(station);
    assert.deepEqual([rig.connect('192.0.2.1:1').closed, line.stations.parameters.K], [false, 1]);
    const other = rig.connect('192.0.2.9:1');
    rig.clock.settle();
    assert.equal(other.closed, true);
  });
});

describe('limits that a deploy moves from one station to another', () => {
  const A = 'GRP=A:192.0.2.1';
  const events = (asdus: readonly string[]): number => asdus.filter((asdu) => asdu.slice(6, 8) === '03').length;

  /** A line whose first station has some parameters and the second others, both replaced in one deploy. */
  function moved(before: readonly [string, string], after: readonly [string, string]) {
    const rig = new Virtual(before.map((parameters, i) => ({ ca: i + 1, parameters, points: measured(1, 1) })));
    const client = rig.client();
    client.cut();
    for (let value = 1; value <= 20; value++) rig.served.write(1, value);
    const [first, second] = [...rig.served.stations] as [Station, Station];
    rig.served.log.length = 0;
    rig.served.line.hold(true);
    replace(rig, first, measured(1, 1), after[0]);
    replace(rig, second, measured(1, 1), after[1]);
    rig.served.line.hold(false);
    return rig;
  }

  it('PROTOCOL 30: a redundancy group that is away keeps its events', () => {
    const rig = moved([`SAI=False;${A}`, ''], ['SAI=False', A]);
    assert.deepEqual(rig.served.log, []);
    assert.equal(events(rig.client().asdus()), 20);
  });

  it('PROTOCOL 30: the event buffer keeps what both sizes hold', () => {
    const rig = moved(['SAI=False;EBS=20', 'EBS=10'], ['SAI=False', 'EBS=20']);
    assert.deepEqual(rig.served.log, []);
    assert.equal(events(rig.client().asdus()), 20);
  });

  it('who is allowed before and after stays connected', () => {
    const rig = new Virtual(
      ['ALLOW=192.0.2.1,192.0.2.9', 'ALLOW=192.0.2.9'].map((parameters, i) => ({ ca: i + 1, parameters, points: [] })),
    );
    const client = rig.client();
    const { line, stations } = rig.served;
    line.hold(true);
    for (const [station, allow] of [
      [stations[0] as Station, ''],
      [stations[1] as Station, 'ALLOW=192.0.2.1,192.0.2.9'],
    ] as const)
      replace(rig, station, [], allow);
    line.hold(false);
    rig.clock.settle();
    assert.equal(client.closed, false);
    line.hold(true);
    replace(rig, line.stations.all[1] as Station, [], 'ALLOW=192.0.2.9');
    line.hold(false);
    rig.clock.settle();
    assert.equal(client.closed, true, 'and who is not any more does not');
  });
});
