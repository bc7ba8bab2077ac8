import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { commandIn, freePort, line, sink, station, tab } from './flow.js';
import { red, withNodeRed } from './runtime.js';

const seen = '/telecontrol/line/line/seen';
const get = async (path: string) => (await helper.request().get(path).expect(200)).body;

describe('what a line has seen, for the address dialogs', () => {
  withNodeRed();

  async function deploy(): Promise<void> {
    const port = await freePort();
    const points = [{ ioa: 5000, tag: 'Q0', type: 'C_SC_NA_1' }];
    await red.deploy([tab, line(port), station(points), commandIn(), sink('commands')]);
    const client = await red.client(port);
    await client.answers(
      '2d 01 06 00 01 00 88 13 00 01',
      '2d 01 07 00 01 00 88 13 00 01',
      '2d 01 0a 00 01 00 88 13 00 01',
    );
    await client.answers('64 01 06 00 09 00 00 00 00 14', '64 01 6e 00 09 00 00 00 00 14');
    // A set point for an object that nobody knows, with a time tag: 2026-02-03 04:05:06.789.
    await client.answers(
      '3f 01 06 00 01 00 07 00 00 00 00 c0 3f 80 85 1a 05 04 43 02 1a',
      '3f 01 6f 00 01 00 07 00 00 00 00 c0 3f 80 85 1a 05 04 43 02 1a',
    );
  }

  it('are common addresses that exist or not, with how often they came', async () => {
    await deploy();
    const { addresses, overflow } = await get(seen);
    assert.deepEqual(
      addresses.map((each: { commonAddress: number; count: number; objects: number }) => [
        each.commonAddress,
        each.count,
        each.objects,
      ]),
      [
        [1, 2, 2],
        [9, 1, 0],
      ],
    );
    assert.deepEqual(overflow, { addresses: 0, objects: 0 });
  });

  it('are objects with value, quality and time in the zone of the station, and only what is new', async () => {
    await deploy();
    const { objects, state, since } = await get(`${seen}/1?zone=60`);
    const [unknown, known] = objects;
    assert.deepEqual(
      [known.ioa, known.type, known.value, known.cause, known.count],
      [5000, 'C_SC_NA_1', true, 'activation', 1],
    );
    assert.deepEqual([unknown.ioa, unknown.type, unknown.value, unknown.isPoint], [7, 'C_SE_TC_1', 1.5, true]);
    assert.equal(unknown.time, Date.UTC(2026, 1, 3, 3, 5, 6, 789));
    assert.deepEqual([unknown.quality, unknown.timeInvalid, known.time], [[], false, undefined]);
    assert.deepEqual((await get(`${seen}/1?state=${state}&since=${since}`)).objects, []);
    assert.equal((await get(`${seen}/1?state=${state}x&since=${since}`)).objects.length, 2);
    assert.equal((await get(`${seen}/1?state=${state}&since=1`)).objects.length, 1);
    await helper.request().get(`${seen}/1?zone=CET`).expect(400);
  });

  it('is forgotten when that is asked: of one station, or all', async () => {
    await deploy();
    const before = await get(`${seen}/1`);
    await helper.request().delete(`${seen}/1`).expect(200);
    const after = await get(`${seen}/1?state=${before.state}&since=${before.since}`);
    assert.deepEqual(after.objects, []);
    assert.notEqual(after.state, before.state);
    assert.equal((await get(seen)).addresses.length, 2);
    await helper.request().delete(seen).expect(200);
    assert.deepEqual((await get(seen)).addresses, []);
  });

  it('is nothing of a line that is not deployed', async () => {
    await red.deploy([tab]);
    for (const path of [seen, `${seen}/1`]) {
      await helper.request().get(path).expect(404);
      await helper.request().delete(path).expect(404);
    }
  });
});
