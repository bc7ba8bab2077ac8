import assert from 'node:assert/strict';
import { Virtual } from './virtual.js';

const points = [
  { ioa: 1, type: 'M_SP_TB_1' },
  { ioa: 2, type: 'M_SP_NA_1' },
  { ioa: 3, type: 'M_SP_TA_1' },
  { ioa: 4, type: 'M_IT_TB_1' },
];
const GI = '64 01 06 00 01 00 00 00 00 14';
const CLEAR = '69 01 06 05 01 00 00 00 00 02';
const CLEARED = '69 01 07 05 01 00 00 00 00 02';
const at = Date.UTC(2026, 1, 3, 4, 5, 6, 789);
const TAG = '85 1a 05 04 43 02 1a';

function setup(parameters = '') {
  const rig = new Virtual([
    { parameters, points },
    { ca: 2, points },
  ]);
  const happen = (value: boolean): void => {
    for (const station of rig.served.stations) for (const ioa of [1, 2, 3]) rig.served.write(ioa, value, at, station);
  };
  return { rig, happen };
}

/** Events of one write of all points, of the second station, and of the first where they have no time tag. */
const second = [
  `1e 01 03 00 02 00 01 00 00 01 ${TAG}`,
  '01 01 03 00 02 00 02 00 00 01',
  '02 01 03 00 02 00 03 00 00 01 85 1a 05',
];
const untimed = '01 01 03 00 01 00 02 00 00 01';

describe('reset process, QRP 2', () => {
  it('PROTOCOL 24: clears the events with time tag that wait, of that station alone, and no others', () => {
    const { rig, happen } = setup();
    const client = rig.client();
    happen(true);
    assert.deepEqual(client.ask(CLEAR).asdus(), [CLEARED], 'and no end of initialization');
    const got = client.ask(GI).asdus();
    assert.deepEqual(got.slice(1, 5), [untimed, ...second]);
    assert.deepEqual(got.slice(5), [
      '01 01 14 00 01 00 02 00 00 01',
      '01 01 14 00 01 00 03 00 00 01',
      '01 01 14 00 01 00 01 00 00 01',
      '64 01 0a 00 01 00 00 00 00 14',
    ]);
  });

  it('PROTOCOL 24: what happens afterwards is sent', () => {
    const { rig } = setup('SAI=False');
    const client = rig.client();
    rig.served.write(1, true, at);
    assert.equal(client.asdus().length, 1);
    client.ask(CLEAR).asdus();
    rig.served.write(1, false, at);
    assert.deepEqual(client.asdus(), [`1e 01 03 00 01 00 01 00 00 00 ${TAG}`]);
  });

  it('PROTOCOL 24: of the client that asks: another has them all', () => {
    const { rig, happen } = setup('SAI=False;K=1;W=1');
    const [one, other] = [rig.client(), rig.client('192.0.2.2:1')];
    one.cut();
    other.cut();
    happen(true);
    const back = rig.client();
    assert.deepEqual(back.ask(CLEAR).asdus(), [`1e 01 03 00 01 00 01 00 00 01 ${TAG}`, CLEARED, untimed, ...second]);
    assert.equal(rig.client('192.0.2.2:2').asdus().length, 6);
  });

  it('PROTOCOL 24: counters with a time tag too, and for good: a new connection does not get them', () => {
    const { rig } = setup();
    const client = rig.client();
    rig.served.write(4, 7, at);
    client.ask(CLEAR).asdus();
    client.cut();
    assert.deepEqual(rig.client().ask('65 01 06 00 01 00 00 00 00 05').asdus(), [
      '65 01 07 00 01 00 00 00 00 05',
      `25 01 25 00 01 00 04 00 00 07 00 00 00 00 ${TAG}`,
      '65 01 0a 00 01 00 00 00 00 05',
    ]);
  });

  it('PROTOCOL 24: to all stations, of all', () => {
    const { rig, happen } = setup();
    const client = rig.client();
    happen(true);
    assert.deepEqual(client.ask(CLEAR.replace('05 01 00', '05 ff ff')).asdus(), [
      CLEARED,
      CLEARED.replace('05 01 00', '05 02 00'),
    ]);
    assert.deepEqual(client.ask(GI).asdus().slice(1, 3), [untimed, second[1]]);
  });

  it('PROTOCOL 24: QRP 1 clears none', () => {
    const { rig } = setup();
    const client = rig.client();
    rig.served.write(1, true, at);
    assert.equal(client.ask('69 01 06 05 01 00 00 00 00 01').asdus().length, 2);
    assert.equal(client.ask(GI).asdus()[1], `1e 01 03 00 01 00 01 00 00 01 ${TAG}`);
  });

  it('PROTOCOL 24: it is told to the flow', () => {
    const { rig } = setup();
    rig.client().ask(CLEAR).asdus();
    assert.deepEqual(
      rig.served.operations.map(({ object }) => object.qualifier),
      [2],
    );
  });

  it('PROTOCOL 16: with the T bit it is confirmed and told, and clears nothing; QRP 1 resets nothing', () => {
    const { rig } = setup();
    const client = rig.client();
    rig.served.write(1, true, at);
    assert.deepEqual(client.ask('69 01 86 05 01 00 00 00 00 02', '69 01 86 05 01 00 00 00 00 01').asdus(), [
      '69 01 87 05 01 00 00 00 00 02',
      '69 01 87 05 01 00 00 00 00 01',
    ]);
    assert.equal(rig.served.operations.length, 2);
    assert.equal(client.ask(GI).asdus()[1], `1e 01 03 00 01 00 01 00 00 01 ${TAG}`);
  });
});
