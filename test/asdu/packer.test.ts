import assert from 'node:assert/strict';
import { type AsduHeader, decodeAsdu, MAX_IOA } from '../../lib/asdu/asdu.js';
import type { ObjectFields } from '../../lib/asdu/element.js';
import { AsduPacker } from '../../lib/asdu/packer.js';
import { ASDU_OCTETS, HEADER_OCTETS, type TypeRow, types } from '../../lib/asdu/types.js';
import { OctetWriter } from '../../lib/octets/octets.js';
import { codeOf } from './refusal.js';
import { hex, vectors } from './vectors.js';

const monitor: readonly TypeRow[] = Object.values(types).filter((row) => row.direction === 'monitor');

const header = (row: TypeRow): AsduHeader => ({
  typeId: row.id,
  cause: 20,
  negative: false,
  test: false,
  originator: 7,
  commonAddress: 0x1234,
});

/** The fields of some object of the type. */
function sample(row: TypeRow): ObjectFields {
  const vector = vectors.find(({ label }) => label === row.label);
  assert.ok(vector);
  const { ioa, ...fields } = vector.asdu.objects[0] as { ioa: number } & ObjectFields;
  return fields as ObjectFields;
}

/** Packs objects until the packer is full; a guard stands behind the 249 octets. */
function fill(row: TypeRow, limit: number, start = 0): { to: OctetWriter; count: number } {
  const to = new OctetWriter(new Uint8Array(start + ASDU_OCTETS), start);
  const packer = new AsduPacker();
  packer.begin(to, row, header(row), limit);
  const fields = sample(row);
  while (!packer.full) packer.add(to, MAX_IOA - packer.count, fields);
  packer.end(to);
  return { to, count: packer.count };
}

describe('AsduPacker', () => {
  it('has the object counts that follow from the sizes of the standard', () => {
    // (249 - 6) / (3 + elements), at most 127: worked out by hand for the types that interrogation packs.
    const counts = { M_SP_NA_1: 60, M_DP_NA_1: 60, M_ST_NA_1: 48, M_BO_NA_1: 30, M_ME_NA_1: 40, M_ME_NC_1: 30 };
    const timed = { M_SP_TB_1: 22, M_ME_TD_1: 18, M_ME_TF_1: 16, M_IT_TB_1: 16, M_IT_NA_1: 30, M_ME_XB_1: 12 };
    for (const [label, count] of Object.entries({ ...counts, ...timed }))
      assert.equal(types[label as keyof typeof types].perAsdu, count, label);
  });

  it('has the element counts of sequences', () => {
    // (249 - 6 - 3) / elements, at most 127, since the qualifier counts with seven bits.
    const counts = { M_SP_NA_1: 127, M_ME_NA_1: 80, M_ME_NC_1: 48, M_ME_ND_1: 120, M_IT_NA_1: 48, M_PS_NA_1: 48 };
    for (const [label, count] of Object.entries(counts))
      assert.equal(types[label as keyof typeof types].perSequence, count, label);
  });

  for (const row of monitor) {
    it(`fills an ASDU of ${row.label} with ${row.perAsdu} objects, and no more fit`, () => {
      const { to, count } = fill(row, 127);
      assert.equal(count, row.perAsdu);
      assert.equal(to.at, HEADER_OCTETS + count * (3 + row.size));
      assert.ok(to.at <= ASDU_OCTETS);
      assert.ok(count === 127 || to.at + 3 + row.size > ASDU_OCTETS, 'another one would have fitted');
      const asdu = decodeAsdu(to.octets.subarray(0, to.at));
      assert.deepEqual({ ...asdu, objects: [] }, { ...header(row), sequence: false, count, objects: [] });
      for (const [i, object] of asdu.objects.entries()) assert.deepEqual(object, { ioa: MAX_IOA - i, ...sample(row) });
    });
  }

  it('keeps to a lower limit', () => {
    const { to, count } = fill(types.M_SP_NA_1, 3);
    assert.equal(count, 3);
    assert.equal(decodeAsdu(to.octets.subarray(0, to.at)).count, 3);
  });

  it('writes where the writer stands, so that an APCI may stand before', () => {
    const { to } = fill(types.M_SP_NA_1, 2, 6);
    assert.deepEqual(to.octets.subarray(0, 6), new Uint8Array(6));
    assert.equal(decodeAsdu(to.octets.subarray(6, to.at)).objects.length, 2);
  });

  it('leaves nothing of an ASDU without objects', () => {
    const to = new OctetWriter(new Uint8Array(ASDU_OCTETS));
    const packer = new AsduPacker();
    packer.begin(to, types.M_SP_NA_1, header(types.M_SP_NA_1), 127);
    packer.end(to);
    assert.equal(to.at, 0);
  });

  it('packs one ASDU behind the other', () => {
    const to = new OctetWriter(new Uint8Array(2 * ASDU_OCTETS));
    const packer = new AsduPacker();
    packer.begin(to, types.M_SP_NA_1, header(types.M_SP_NA_1), 127);
    packer.add(to, 1, sample(types.M_SP_NA_1));
    packer.end(to);
    const first = to.at;
    packer.begin(to, types.M_ME_NC_1, header(types.M_ME_NC_1), 127);
    assert.equal(packer.count, 0);
    packer.add(to, 2, sample(types.M_ME_NC_1));
    packer.end(to);
    assert.equal(decodeAsdu(to.octets.subarray(0, first)).typeId, 1);
    assert.equal(decodeAsdu(to.octets.subarray(first, to.at)).typeId, 13);
  });

  it('refuses a time tag of the other length', () => {
    const to = new OctetWriter(new Uint8Array(ASDU_OCTETS));
    const packer = new AsduPacker();
    packer.begin(to, types.M_SP_TA_1, header(types.M_SP_TA_1), 127);
    const object = { ...sample(types.M_SP_TA_1), time: hex('5f ea 3b 17 9d 02 18') };
    assert.equal(
      codeOf(() => packer.add(to, 1, object)),
      'value',
    );
  });
});
