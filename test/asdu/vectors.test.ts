import assert from 'node:assert/strict';
import { decodeAsdu, encodeAsdu } from '../../lib/asdu/asdu.js';
import { type TypeLabel, typeById, types } from '../../lib/asdu/types.js';
import { hex, type Oracle, type Vector, vectors } from './vectors.js';

const labels = Object.keys(types) as TypeLabel[];
const text = (octets: Uint8Array): string => Array.from(octets, (o) => o.toString(16).padStart(2, '0')).join(' ');

describe('vectors of the codec', () => {
  for (const vector of vectors) {
    const name = `${vector.label} ${vector.octets}`;
    it(`decodes ${name}`, () => assert.deepEqual(decodeAsdu(hex(vector.octets)), vector.asdu));
    it(`encodes ${name}`, () => assert.equal(text(encodeAsdu(vector.asdu)), vector.octets));
    // A socket hands over Buffers: the objects must be the same plain arrays then, and copies of the octets.
    it(`decodes ${name} from a Buffer, and keeps nothing of it`, () => {
      const received = Buffer.from(hex(vector.octets));
      const decoded = decodeAsdu(received);
      received.fill(0x55);
      assert.deepEqual(decoded, vector.asdu);
    });
  }
});

describe('an octet that holds value and status', () => {
  // Quality flags come from the point, the value from elsewhere: what stands in the status must not leak into the value.
  for (const [label, value, status, octet] of [
    ['M_SP_NA_1', 0, 0x81, 0x80],
    ['M_SP_NA_1', 1, 0x80, 0x81],
    ['M_DP_NA_1', 1, 0x82, 0x81],
    ['M_DP_NA_1', 2, 0x11, 0x12],
    ['C_SC_NA_1', 1, 0x04, 0x05],
    ['C_DC_NA_1', 1, 0x83, 0x81],
    ['C_RC_NA_1', 2, 0x0d, 0x0e],
  ] as const)
    it(`takes the value's bits of ${label} from the value alone: ${value} with status ${status}`, () => {
      const { asdu } = vectors.find((vector) => vector.label === label) as Vector;
      const octets = encodeAsdu({ ...asdu, sequence: false, count: 1, objects: [{ ioa: 1, value, status }] });
      assert.equal(octets.at(-1), octet);
    });
});

describe('a normalized value', () => {
  const { asdu } = vectors.find((vector) => vector.label === 'M_ME_ND_1') as Vector;
  const encoded = (value: number): string =>
    text(encodeAsdu({ ...asdu, count: 1, objects: [{ ioa: 1, value }] }).subarray(-2));

  it('of 1, which 16 bits do not reach, is the greatest', () => assert.equal(encoded(1), 'ff 7f'));
  it('is rounded to the nearest raw number', () => {
    assert.equal(encoded(0.3), '66 26', '9830.4');
    assert.equal(encoded(-0.3), '9a d9', '-9830.4');
    assert.equal(encoded(0.6 / 32768), '01 00');
  });
  it('comes back as the same raw number, whichever of the 65536 it was', () => {
    for (let raw = -32768; raw < 32768; raw++) {
      const octets = encodeAsdu({ ...asdu, count: 1, objects: [{ ioa: 1, value: raw / 32768 }] });
      assert.equal(Buffer.from(octets).readInt16LE(octets.length - 2), raw);
    }
  });
});

describe('table of vectors', () => {
  it('has a vector for every row of the table of types', () => {
    const missing = labels.filter((label) => !vectors.some((vector) => vector.label === label));
    assert.deepEqual(missing, []);
  });

  it('covers the type identifications that the package promises, and no others', () => {
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const promised = [
      [1, 21],
      [30, 41],
      [45, 51],
      [58, 64],
      [70, 70],
      [100, 107],
      [110, 113],
      [120, 127],
      [241, 241],
      [243, 243],
    ];
    assert.deepEqual(
      labels.map((label) => types[label].id).sort((a, b) => a - b),
      promised.flatMap(([from, to]) => range(from as number, to as number)),
    );
  });

  it('has a sequence (SQ = 1) for every type that the standard allows one', () => {
    const sequences = vectors.filter((vector) => vector.asdu.sequence).map((vector) => vector.asdu.typeId);
    // 241 is ours, and may be packed like the other measured values.
    assert.deepEqual([...new Set(sequences)], [1, 3, 5, 7, 9, 11, 13, 15, 20, 21, 126, 241]);
  });

  it('names an oracle for every vector', () => {
    const known: readonly Oracle[] = ['tshark', 'scapy', 'layout'];
    for (const { label, octets, oracle } of vectors) assert.ok(known.includes(oracle), `${label} ${octets}: ${oracle}`);
  });

  it('falls back to the layout only where both programs pass: 41, 241 and 243', () => {
    const without = vectors.filter((vector) => vector.oracle === 'layout').map((vector) => vector.asdu.typeId);
    assert.deepEqual([...new Set(without)], [41, 241, 243]);
  });

  it('has the type identification that belongs to its label', () => {
    for (const { label, asdu } of vectors) assert.equal(typeById(asdu.typeId)?.label, label);
  });

  it('derives every octet', () => {
    for (const { octets, derivation } of vectors) {
      const parts = derivation.split('|').map((part) => (part.split(':')[0] as string).trim().replace(/\s+/g, ' '));
      assert.equal(parts.join(' '), octets, derivation);
    }
  });
});
