import assert from 'node:assert/strict';
import type { MemoryClient } from './memory-client.js';
import { Virtual } from './virtual.js';

const points = [
  { ioa: 1, type: 'M_ME_NB_1' },
  { ioa: 2, type: 'M_ME_TF_1', deadband: 5 },
  { ioa: 3, type: 'M_ME_ND_1' },
  { ioa: 4, type: 'M_SP_NA_1' },
  { ioa: 5, type: 'M_ME_TE_1', deadband: 3 },
  { ioa: 45, type: 'C_SE_NB_1' },
];

function setup(parameters = ''): {
  rig: Virtual;
  client: MemoryClient;
  events(ioa: number, ...values: number[]): number;
} {
  const rig = new Virtual([{ parameters: `SAI=False;${parameters}`, points }]);
  const client = rig.client();
  /** How many of the values become events, after one of 0 that does not count. */
  const events = (ioa: number, ...values: number[]): number => {
    rig.served.write(ioa, 0);
    client.asdus();
    for (const value of values) rig.served.write(ioa, value);
    return client.asdus().length;
  };
  return { rig, client, events };
}

describe('parameter loading', () => {
  it('110: the threshold of a normalized value is its deadband from then on', () => {
    const { client, events } = setup();
    assert.equal(events(3, 0.25, 0.5), 2);
    // 0x2000 / 32768 = 0.25
    assert.deepEqual(client.ask('6e 01 06 2a 01 00 03 00 00 00 20 01').asdus(), [
      '6e 01 07 2a 01 00 03 00 00 00 20 01',
    ]);
    assert.equal(events(3, 0.25), 0, 'not more than the deadband');
    assert.equal(events(3, 0.2501), 1);
  });

  it('111: of a scaled value, with and without time tag', () => {
    const { client, events } = setup();
    assert.deepEqual(client.ask('6f 01 06 00 01 00 01 00 00 0a 00 01', '6f 01 06 00 01 00 05 00 00 64 00 01').asdus(), [
      '6f 01 07 00 01 00 01 00 00 0a 00 01',
      '6f 01 07 00 01 00 05 00 00 64 00 01',
    ]);
    assert.deepEqual([events(1, 10), events(1, 11), events(1, 11, 12, 13, 22)], [0, 1, 2]);
    assert.deepEqual([events(5, 100), events(5, 101)], [0, 1]);
  });

  it('112: of a short floating point value; 0 has every change sent', () => {
    const { client, events } = setup();
    assert.deepEqual([events(2, 5), events(2, 5.5)], [0, 1]);
    assert.deepEqual(client.ask('70 01 06 00 01 00 02 00 00 00 00 00 00 01').asdus(), [
      '70 01 07 00 01 00 02 00 00 00 00 00 00 01',
    ]);
    assert.equal(events(2, 0.5), 1);
  });

  it('113: deactivating all loaded parameters brings the configured deadbands back', () => {
    const { client, events } = setup();
    client.ask('70 01 06 00 01 00 02 00 00 00 00 00 00 01', '6f 01 06 00 01 00 01 00 00 0a 00 01').asdus();
    assert.deepEqual(client.ask('71 01 08 2a 01 00 00 00 00 01').asdus(), ['71 01 09 2a 01 00 00 00 00 01']);
    assert.deepEqual([events(2, 5), events(2, 5.5), events(1, 1)], [0, 1, 1]);
  });

  it('113: activating them is confirmed: they are in force already', () => {
    const { client, events } = setup();
    client.ask('6f 01 06 00 01 00 01 00 00 0a 00 01').asdus();
    assert.deepEqual(client.ask('71 01 06 00 01 00 00 00 00 01').asdus(), ['71 01 07 00 01 00 00 00 00 01']);
    assert.equal(events(1, 10), 0);
  });

  it('PROTOCOL 16: with the T bit both are confirmed and change nothing', () => {
    const { client, events } = setup();
    assert.deepEqual(client.ask('6f 01 86 00 01 00 01 00 00 0a 00 01').asdus(), [
      '6f 01 87 00 01 00 01 00 00 0a 00 01',
    ]);
    assert.equal(events(1, 1), 1);
    client.ask('70 01 06 00 01 00 02 00 00 00 00 00 00 01').asdus();
    assert.deepEqual(client.ask('71 01 88 00 01 00 00 00 00 01').asdus(), ['71 01 89 00 01 00 00 00 00 01']);
    assert.equal(events(2, 1), 1);
  });

  it('what one client loads holds for all, and for its own station alone', () => {
    const { rig, client } = setup();
    const second = rig.add({ ca: 2, points });
    client.ask('6f 01 06 00 01 00 01 00 00 0a 00 01').asdus();
    const other = rig.client('192.0.2.9:1');
    rig.served.write(1, 0);
    rig.served.write(1, 0, undefined, second);
    other.asdus();
    rig.served.write(1, 5);
    rig.served.write(1, 5, undefined, second);
    assert.deepEqual(other.asdus(), ['0b 01 03 00 02 00 01 00 00 05 00 00']);
  });

  for (const [what, asdu, expected] of [
    ['PROTOCOL 15: 110 for a scaled value', '6e 01 06 00 01 00 01 00 00 00 20 01', '6f'],
    ['PROTOCOL 15: 111 for a floating point value', '6f 01 06 00 01 00 02 00 00 0a 00 01', '6f'],
    ['PROTOCOL 15: 112 for a single point', '70 01 06 00 01 00 04 00 00 00 00 80 3f 01', '6f'],
    ['PROTOCOL 15: 111 for a command', '6f 01 06 00 01 00 2d 00 00 0a 00 01', '6f'],
    ['PROTOCOL 15: an unknown object', '6f 01 06 00 01 00 63 00 00 0a 00 01', '6f'],
    ['PROTOCOL 15: 113 with an object address', '71 01 06 00 01 00 01 00 00 01', '6f'],
    ['PROTOCOL 15: an unknown common address', '6f 01 06 00 07 00 01 00 00 0a 00 01', '6e'],
    ['PROTOCOL 15: 111 with cause 8', '6f 01 08 00 01 00 01 00 00 0a 00 01', '6d'],
    ['PROTOCOL 17: 111 to all stations', '6f 01 06 00 ff ff 01 00 00 0a 00 01', '6e'],
    ['PROTOCOL 18: two parameters in one', '6f 02 06 00 01 00 01 00 00 0a 00 01 01 00 00 0b 00 01', '47'],
    ['a smoothing factor (KPA 2)', '6f 01 06 00 01 00 01 00 00 0a 00 02', '47'],
    ['a low limit (KPA 3)', '6f 01 06 00 01 00 01 00 00 0a 00 03', '47'],
    ['KPA 0', '6f 01 06 00 01 00 01 00 00 0a 00 00', '47'],
    ['a threshold that is not in operation (POP)', '6f 01 06 00 01 00 01 00 00 0a 00 81', '47'],
    ['a negative threshold', '6f 01 06 00 01 00 01 00 00 f6 ff 01', '47'],
    ['a threshold that is no number', '70 01 06 00 01 00 02 00 00 00 00 c0 7f 01', '47'],
    ['a threshold without end', '70 01 06 00 01 00 02 00 00 00 00 80 7f 01', '47'],
    ['113 with QPA 2', '71 01 06 00 01 00 00 00 00 02', '47'],
    ['deactivation with QPA 3', '71 01 08 00 01 00 00 00 00 03', '49'],
  ] as const)
    it(`${what} is refused with ${expected} and changes nothing`, () => {
      const { client, events } = setup('CMDC=0');
      assert.deepEqual(client.ask(asdu).asdus(), [asdu.slice(0, 6) + expected + asdu.slice(8)]);
      assert.deepEqual([events(1, 1), events(2, 5), events(2, 5.5)], [1, 0, 1]);
    });
});
