import assert from 'node:assert/strict';
import { closeAll, serve } from './served.js';

describe('what clients have named', () => {
  afterEach(closeAll);

  it('remembers addresses and objects, whether they exist or not, and not its own answers', async () => {
    const served = await serve([{ points: [{ ioa: 5000, type: 'C_SC_NA_1' }] }]);
    const client = await served.client();
    const named = () => served.line.sightings.addresses().map(({ commonAddress, count }) => [commonAddress, count]);
    await client.answers(
      '2d 01 06 00 01 00 88 13 00 01',
      '2d 01 07 00 01 00 88 13 00 01',
      '2d 01 0a 00 01 00 88 13 00 01',
    );
    await client.answers('2d 01 06 00 01 00 07 00 00 01', '2d 01 6f 00 01 00 07 00 00 01');
    await client.answers('64 01 06 00 09 00 00 00 00 14', '64 01 6e 00 09 00 00 00 00 14');
    assert.deepEqual(named(), [
      [1, 2],
      [9, 1],
    ]);
    assert.deepEqual(
      served.line.sightings.objects(1).map(({ row, object, cause }) => [row.label, object.ioa, object.value, cause]),
      [
        ['C_SC_NA_1', 7, 1, 6],
        ['C_SC_NA_1', 5000, 1, 6],
      ],
    );
    assert.deepEqual(served.line.sightings.objects(9), []);
  });
});
