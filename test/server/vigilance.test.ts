import assert from 'node:assert/strict';
import { Virtual } from './virtual.js';

const points = [
  { ioa: 1, type: 'M_SP_NA_1' },
  { ioa: 45, type: 'C_SC_NA_1' },
];
const COMMAND = '2d 01 06 00 01 00 2d 00 00 01';
const REFUSED = '2d 01 47 00 01 00 2d 00 00 01';
const DONE = ['2d 01 07 00 01 00 2d 00 00 01', '2d 01 0a 00 01 00 2d 00 00 01'];

function setup(parameters: string) {
  const rig = new Virtual([{ parameters, points }]);
  return { rig, client: rig.client('192.0.2.1:1'), served: rig.served };
}

describe('commands per second and client (CMR)', () => {
  it('further ones within a second are refused, with one alarm a minute; the next second takes some again', () => {
    const { rig, client, served } = setup('CMR=2');
    assert.deepEqual(client.ask(COMMAND, COMMAND, COMMAND, COMMAND).asdus(), [...DONE, ...DONE, REFUSED, REFUSED]);
    assert.equal(served.operations.length, 2);
    assert.deepEqual(served.alarms, [['command-rate', '192.0.2.1:1']]);
    rig.clock.advance(1000);
    assert.deepEqual(client.ask(COMMAND, COMMAND, COMMAND).asdus(), [...DONE, ...DONE, REFUSED]);
    assert.equal(served.alarms.length, 1);
    rig.clock.advance(60_000);
    client.ask(COMMAND, COMMAND, COMMAND).asdus();
    assert.equal(served.alarms.length, 2);
  });

  it('counts each client for itself, and nothing but commands', () => {
    const { rig, client } = setup('CMR=1');
    client.ask(COMMAND).asdus();
    assert.deepEqual(rig.client('192.0.2.1:2').ask(COMMAND).asdus(), DONE);
    assert.equal(client.ask('64 01 06 00 01 00 00 00 00 14').asdus().length, 3);
    assert.deepEqual(client.ask('2d 01 08 00 01 00 2d 00 00 81').asdus(), ['2d 01 49 00 01 00 2d 00 00 81']);
    assert.deepEqual(client.ask(COMMAND).asdus(), [REFUSED]);
  });

  it('PROTOCOL 18: comes behind type, cause, common address and object address, which have answers of their own', () => {
    const { client, served } = setup('CMR=1');
    client.ask(COMMAND).asdus();
    for (const [asked, ...answers] of [
      ['2d 01 05 00 01 00 2d 00 00 01', '2d 01 6d 00 01 00 2d 00 00 01'],
      ['2d 01 06 00 07 00 2d 00 00 01', '2d 01 6e 00 07 00 2d 00 00 01'],
      ['2d 01 06 00 01 00 2e 00 00 01', '2d 01 6f 00 01 00 2e 00 00 01'],
      [COMMAND, REFUSED],
    ] as const)
      assert.deepEqual(client.ask(asked).asdus(), answers);
    assert.equal(served.operations.length, 1);
  });

  it('PROTOCOL 16: what IT = 1 ignores is neither counted nor refused', () => {
    const { client, served } = setup('CMR=1;IT=1');
    const test = COMMAND.replace(' 06 ', ' 86 ');
    assert.deepEqual(client.ask(test, test, test, COMMAND).asdus(), DONE);
    assert.deepEqual(served.alarms, []);
  });

  it('without it any number is taken', () => {
    const { client, served } = setup('');
    assert.equal(client.ask(...Array.from({ length: 50 }, () => COMMAND)).asdus().length, 100);
    assert.deepEqual(served.alarms, []);
  });
});
