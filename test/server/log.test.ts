import assert from 'node:assert/strict';
import { Virtual } from './virtual.js';

const UNKNOWN = '66 01 05 00 01 00 63 00 00';
const points = [{ ioa: 1, type: 'M_SP_NA_1' }];

/** A client that has asked for an object that does not exist, so often that the log is full of it. */
function flooded(parameters = '') {
  const rig = new Virtual([{ parameters, points }]);
  const client = rig.client();
  client.ask(...Array<string>(30).fill(UNKNOWN)).asdus();
  const { log } = rig.served;
  const without = log.filter((line) => !line.includes('unknown object addresses'));
  assert.deepEqual([log.length, without], [10, []]);
  return { rig, client, log };
}

describe('the log of a line', () => {
  it('says why a client was closed, however much it or another has asked for unknown objects', () => {
    const { client, log, rig } = flooded();
    client.send('68 04 ff 00 00 00');
    rig.clock.settle();
    assert.deepEqual(log.slice(10), ['warn: 192.0.2.1:40000 closed: u-format, received 68 04 ff 00 00 00']);
    rig.connect().cut();
    rig.connect().cut();
    assert.deepEqual(rig.served.line.status.closes, { 'u-format': 1, socket: 2 }, 'and each reason is counted');
  });

  it('warns of an overflow, however many clients have asked for unknown objects or were closed', () => {
    const { rig, client, log } = flooded('SAI=False;EBS=10');
    for (let i = 0; i < 20; i++) rig.connect().send('68 04 ff 00 00 00');
    rig.clock.settle();
    for (let i = 0; i < 50; i++) rig.served.write(1, i % 2 === 0);
    client.asdus();
    assert.match(log.at(-1) ?? '', /^warn: the event buffer \(EBS\) could not hold all events for 192\.0\.2\.1/);
  });

  it('warns of parameters, however many clients were closed', () => {
    const { rig, log } = flooded();
    rig.add({ ca: 2, parameters: 'K=5;W=9', points });
    assert.equal(log.at(-1), 'warn: parameter W: 9 is not less than K = 5, 3 is used');
  });
});
