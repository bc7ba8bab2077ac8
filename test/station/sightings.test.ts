import assert from 'node:assert/strict';
import { type AsduHeader, asdu } from '../../lib/asdu/asdu.js';
import { Sightings } from '../../lib/station/sightings.js';

const time = new Uint8Array(7);
const header = (commonAddress: number, more: Partial<AsduHeader> = {}) => ({ cause: 3, commonAddress, ...more });
const single = (ioa: number, value = 0) => ({ ioa, value, status: 0 });

describe('what a line has seen', () => {
  it('lists common addresses with how often and when', () => {
    const seen = new Sightings();
    seen.note(asdu('C_IC_NA_1', header(7, { cause: 6 }), { ioa: 0, qualifier: 20 }), 1000);
    seen.note(asdu('C_IC_NA_1', header(3, { cause: 6 }), { ioa: 0, qualifier: 20 }), 2000);
    seen.note(asdu('M_SP_NA_1', header(7), single(1), single(2)), 3000);
    assert.deepEqual(seen.addresses(), [
      { commonAddress: 3, count: 1, at: 2000, objects: 0 },
      { commonAddress: 7, count: 2, at: 3000, objects: 2 },
    ]);
  });

  it('keeps the last of each object, whose type with and without time tag is one', () => {
    const seen = new Sightings();
    seen.note(asdu('M_SP_NA_1', header(1, { cause: 20 }), single(5, 1)), 1000);
    seen.note(asdu('M_SP_TB_1', header(1, { test: true }), { ...single(5), time }), 2000);
    seen.note(asdu('C_SC_NA_1', header(1, { cause: 6 }), single(5, 1)), 3000);
    const told = seen
      .objects(1)
      .map(({ row, object, count, at, ...last }) => [
        row.label,
        object.ioa,
        object.value,
        count,
        at,
        last.cause,
        last.test,
      ]);
    assert.deepEqual(told, [
      ['M_SP_TB_1', 5, 0, 2, 2000, 3, true],
      ['C_SC_NA_1', 5, 1, 1, 3000, 6, false],
    ]);
    assert.deepEqual(seen.objects(2), []);
  });

  it('counts no refusals, no files, no system commands, and the reading of an object', () => {
    const seen = new Sightings();
    for (const cause of [44, 45, 46, 47])
      seen.note(asdu('C_SC_NA_1', header(9, { cause, negative: true }), single(5)), 1);
    assert.deepEqual(seen.addresses(), []);
    seen.note(asdu('C_CS_NA_1', header(1, { cause: 6 }), { ioa: 0, time }), 1);
    seen.note(asdu('F_SC_NA_1', header(1, { cause: 13 }), { ioa: 4, nof: 1, nos: 0, file: 1 }), 1);
    assert.deepEqual(seen.objects(1), []);
    seen.note(asdu('C_RD_NA_1', header(1, { cause: 5 }), { ioa: 4711 }), 1);
    assert.deepEqual(
      seen.objects(1).map(({ object }) => object.ioa),
      [4711],
    );
  });

  it('tells a reader what has come since it last asked', () => {
    const seen = new Sightings();
    seen.note(asdu('M_SP_NA_1', header(1), single(1), single(2)), 1);
    const { revision } = seen;
    assert.deepEqual(seen.objects(1, revision), []);
    seen.note(asdu('M_SP_NA_1', header(1), single(2)), 2);
    assert.deepEqual(
      seen.objects(1, revision).map(({ object }) => object.ioa),
      [2],
    );
  });

  it('forgets one station, or everything, and says that it did', () => {
    const seen = new Sightings({ addresses: 2, objects: 3 });
    for (const address of [1, 2, 3]) seen.note(asdu('M_SP_NA_1', header(address), single(1), single(2)), 1);
    assert.deepEqual(seen.overflow, { addresses: 1, objects: 3 });
    seen.clear(1);
    assert.deepEqual(seen.objects(1), []);
    assert.deepEqual(
      seen.addresses().map(({ commonAddress, objects }) => [commonAddress, objects]),
      [
        [1, 0],
        [2, 1],
      ],
    );
    assert.equal(seen.generation, 1);
    // Its places are free again.
    seen.note(asdu('M_SP_NA_1', header(1), single(8), single(9)), 1);
    assert.equal(seen.objects(1).length, 2);
    seen.clear();
    assert.deepEqual(
      [seen.addresses(), seen.objects(1), seen.overflow, seen.generation],
      [[], [], { addresses: 0, objects: 0 }, 2],
    );
  });

  it('stays within its limits, and what has a place goes on', () => {
    const seen = new Sightings();
    for (let address = 0; address < 200; address++)
      for (let ioa = 0; ioa < 500; ioa++)
        seen.note(asdu('M_ME_NC_1', header(address), { ...single(ioa), status: 0 }), 1);
    assert.equal(seen.addresses().length, 64);
    assert.equal(
      seen.addresses().reduce((sum, { objects }) => sum + objects, 0),
      20_000,
    );
    assert.deepEqual(seen.overflow, { addresses: 136 * 500, objects: 200 * 500 - 20_000 });
    seen.note(asdu('M_ME_NC_1', header(0), single(0, 4.5)), 2);
    assert.deepEqual(
      seen
        .objects(0)
        .filter(({ at }) => at === 2)
        .map(({ object, count }) => [object.value, count]),
      [[4.5, 2]],
    );
  });
});
