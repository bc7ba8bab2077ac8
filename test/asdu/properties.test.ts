import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Asdu, decodeAsdu, encodeAsdu, type InformationObject, MAX_IOA } from '../../lib/asdu/asdu.js';
import type { ObjectFields } from '../../lib/asdu/element.js';
import { ASDU_OCTETS, HEADER_OCTETS, type TypeRow, typeById, types } from '../../lib/asdu/types.js';
import { codeOf } from './refusal.js';
import { hex, vectors } from './vectors.js';

const rows: readonly TypeRow[] = Object.values(types);

const octet = fc.integer({ min: 0, max: 0xff });
const word = fc.integer({ min: 0, max: 0xffff });
const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const status = (mask: number) => octet.map((status) => ({ status, value: status & mask }));

/** Random fields of an element, by its name in the standard. NaN is left out: its payload need not survive. */
const fields: Readonly<Record<string, fc.Arbitrary<Partial<ObjectFields>>>> = {
  SIQ: status(1),
  DIQ: status(3),
  SEP: status(3),
  SCO: status(1),
  DCO: status(3),
  RCO: status(3),
  VTI: fc.record({ value: fc.integer({ min: -64, max: 63 }), transient: fc.boolean() }),
  QDS: fc.record({ status: octet }),
  QDP: fc.record({ status: octet }),
  QOS: fc.record({ status: octet }),
  BSI: fc.record({ value: fc.integer({ min: 0, max: 0xffffffff }) }),
  SCD: fc.record({ value: fc.integer({ min: 0, max: 0xffffffff }) }),
  NVA: fc.integer({ min: -32768, max: 32767 }).map((raw) => ({ value: raw / 32768 })),
  SVA: fc.record({ value: fc.integer({ min: -32768, max: 32767 }) }),
  R32: fc.record({ value: fc.float({ noNaN: true }) }),
  R64: fc.record({ value: fc.double({ noNaN: true }) }),
  BCR: fc.record({ value: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), status: octet }),
  SPE: fc.record({ value: octet }),
  OCI: fc.record({ value: octet }),
  CP16Time2a: fc.record({ elapsed: word }),
  AID: fc.record({ association: word }),
  COI: fc.record({ qualifier: octet }),
  QOI: fc.record({ qualifier: octet }),
  QCC: fc.record({ qualifier: octet }),
  QRP: fc.record({ qualifier: octet }),
  QPM: fc.record({ qualifier: octet }),
  QPA: fc.record({ qualifier: octet }),
  FBP: fc.record({ pattern: word }),
  TSC: fc.record({ pattern: word }),
  NOF: fc.record({ nof: word }),
  NOS: fc.record({ nos: octet }),
  LOF: fc.record({ lof: fc.integer({ min: 0, max: 0xffffff }) }),
  FRQ: fc.record({ file: octet }),
  SRQ: fc.record({ file: octet }),
  SCQ: fc.record({ file: octet }),
  LSQ: fc.record({ file: octet }),
  AFQ: fc.record({ file: octet }),
  SOF: fc.record({ file: octet }),
  CHS: fc.record({ chs: octet }),
  LOS: fc.record({ segment: fc.uint8Array({ maxLength: 30 }) }),
  CP24Time2a: fc.record({ time: octets(3) }),
};

function fieldsOf(row: TypeRow): fc.Arbitrary<Partial<ObjectFields>> {
  const parts = row.elements.map((element) => {
    // CP56Time2a is the time tag, and in type 127 the start of a range too.
    if (element.name === 'CP56Time2a') return octets(7).map((tag) => ({ [element.fields[0] as string]: tag }));
    const arbitrary = fields[element.name];
    assert.ok(arbitrary, `no random fields for ${element.name}`);
    return arbitrary;
  });
  return fc.tuple(...parts).map((all) => Object.assign({}, ...all) as Partial<ObjectFields>);
}

const header = fc.record({
  cause: fc.integer({ min: 0, max: 63 }),
  negative: fc.boolean(),
  test: fc.boolean(),
  originator: octet,
  commonAddress: word,
});

/** ASDUs of one type: few objects or a full one, SQ = 0 and 1. */
function asdus(row: TypeRow): fc.Arbitrary<Asdu> {
  return fc.boolean().chain((sequence) => {
    // A segment takes up to 30 octets more than its row says.
    const most = row.id === 125 ? 6 : sequence ? row.perSequence : row.perAsdu;
    const count = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: Math.min(4, most) }) }, fc.constant(most));
    const objects = count.chain((length) => fc.array(fieldsOf(row), { minLength: length, maxLength: length }));
    return objects.chain((bodies) => {
      const last = MAX_IOA - bodies.length + 1;
      const addresses = sequence
        ? fc.integer({ min: 0, max: last }).map((first) => bodies.map((_, i) => first + i))
        : fc.array(fc.integer({ min: 0, max: MAX_IOA }), { minLength: bodies.length, maxLength: bodies.length });
      return fc.tuple(header, addresses).map(([head, ioas]) => ({
        ...head,
        typeId: row.id,
        sequence,
        count: bodies.length,
        objects: bodies.map((body, i) => ({ ioa: ioas[i] as number, ...body }) as InformationObject),
      }));
    });
  });
}

/** Valid octets of a type, made without the encoder: any octets of the right length, no NaN among the numbers. */
function validOctets(row: TypeRow): fc.Arbitrary<Uint8Array> {
  const real = row.first?.name === 'R32' ? 4 : row.first?.name === 'R64' ? 8 : 0;
  const body =
    row.id === 125
      ? fc
          .uint8Array({ maxLength: 20 })
          .chain((segment) => octets(3).map((names) => Uint8Array.of(...names, segment.length, ...segment)))
      : octets(row.size).filter(
          (bytes) =>
            real === 0 ||
            !Number.isNaN(
              real === 4
                ? new DataView(bytes.buffer).getFloat32(0, true)
                : new DataView(bytes.buffer).getFloat64(0, true),
            ),
        );
  const objects = fc.array(fc.tuple(octets(3), body), { minLength: 1, maxLength: row.id === 125 ? 9 : row.perAsdu });
  return fc.tuple(octets(4), objects, fc.boolean()).map(([rest, parts, sequence]) => {
    const all = parts.flatMap(([ioa, bytes], i) => (sequence && i > 0 ? [...bytes] : [...ioa, ...bytes]));
    // Highest octet of the first address: a sequence must not run past the last address.
    if (sequence) all[2] = (all[2] as number) & 0x7f;
    return Uint8Array.of(row.id, parts.length | (sequence ? 0x80 : 0), ...rest, ...all);
  });
}

const runs = { numRuns: 100 };

describe('properties of the codec', function () {
  this.timeout(60_000);
  for (const row of rows) {
    it(`${row.label}: object to octets to object`, () =>
      fc.assert(
        fc.property(asdus(row), (asdu) => {
          const encoded = encodeAsdu(asdu);
          assert.ok(encoded.length <= ASDU_OCTETS);
          assert.deepEqual(decodeAsdu(encoded), asdu);
        }),
        runs,
      ));
    it(`${row.label}: octets to object to octets`, () =>
      fc.assert(
        fc.property(validOctets(row), (valid) => {
          assert.deepEqual(encodeAsdu(decodeAsdu(valid)), valid);
        }),
        runs,
      ));
  }

  it('keeps unknown types raw', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 255 }).filter((id) => typeById(id) === undefined),
        fc.integer({ min: 1, max: 255 }).filter((vsq) => (vsq & 0x7f) !== 0),
        octets(4),
        fc.uint8Array({ minLength: 3, maxLength: ASDU_OCTETS - HEADER_OCTETS }),
        (id, vsq, rest, raw) => {
          const received = Uint8Array.of(id, vsq, ...rest, ...raw);
          const asdu = decodeAsdu(received);
          assert.deepEqual(asdu.raw, raw);
          assert.deepEqual(asdu.objects, []);
          assert.deepEqual(encodeAsdu(asdu), received);
        },
      ),
    ));

  it('throws nothing but CodecError at random octets', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: ASDU_OCTETS }), (random) => void codeOf(() => decodeAsdu(random))),
      { numRuns: 5000 },
    ));

  it('throws nothing but CodecError at random octets behind a known type', () =>
    fc.assert(
      fc.property(fc.constantFrom(...rows), fc.uint8Array({ maxLength: ASDU_OCTETS - 1 }), (row, random) => {
        const received = Uint8Array.of(row.id, ...random);
        if (codeOf(() => decodeAsdu(received)) === undefined) assert.ok(encodeAsdu(decodeAsdu(received)).length > 0);
      }),
      { numRuns: 5000 },
    ));

  it('throws nothing but CodecError at vectors with octets changed, lost or added', () => {
    const edit = fc.record({ at: fc.nat(ASDU_OCTETS), lost: fc.nat(3), put: fc.uint8Array({ maxLength: 3 }) });
    fc.assert(
      fc.property(fc.constantFrom(...vectors), fc.array(edit, { minLength: 1, maxLength: 4 }), (vector, edits) => {
        const changed = [...hex(vector.octets)];
        for (const { at, lost, put } of edits) changed.splice(at % (changed.length + 1), lost, ...put);
        codeOf(() => decodeAsdu(Uint8Array.from(changed)));
      }),
      { numRuns: 5000 },
    );
  });
});
