import assert from 'node:assert/strict';
import { CodecError, hex, OctetReader, OctetWriter } from '../../lib/octets/octets.js';

const octets = (text: string): Uint8Array => Uint8Array.from(text.split(' '), (o) => Number.parseInt(o, 16));

type Kind = 'u8' | 'u16' | 'u24' | 'u32' | 'i16' | 'i32' | 'f32' | 'f64';

/** Numbers and their octets, lowest first: the extremes of every kind, and one with all octets different. */
const numbers: readonly (readonly [kind: Kind, value: number, octets: string])[] = [
  ['u8', 0, '00'],
  ['u8', 255, 'ff'],
  ['u16', 0, '00 00'],
  ['u16', 65535, 'ff ff'],
  ['u16', 0x0102, '02 01'],
  ['u16', 0x8000, '00 80'],
  ['u24', 0, '00 00 00'],
  ['u24', 16777215, 'ff ff ff'],
  ['u24', 0x010203, '03 02 01'],
  ['u24', 0x800000, '00 00 80'],
  ['u32', 0, '00 00 00 00'],
  ['u32', 4294967295, 'ff ff ff ff'],
  ['u32', 0x01020304, '04 03 02 01'],
  ['u32', 0x80000000, '00 00 00 80'],
  ['i16', -32768, '00 80'],
  ['i16', 32767, 'ff 7f'],
  ['i16', -1, 'ff ff'],
  ['i16', 0, '00 00'],
  ['i32', -2147483648, '00 00 00 80'],
  ['i32', 2147483647, 'ff ff ff 7f'],
  ['i32', -1, 'ff ff ff ff'],
  ['i32', 0, '00 00 00 00'],
  ['f32', 0, '00 00 00 00'],
  ['f32', -0, '00 00 00 80'],
  ['f32', 1, '00 00 80 3f'],
  ['f32', 3.4028234663852886e38, 'ff ff 7f 7f'],
  ['f32', -3.4028234663852886e38, 'ff ff 7f ff'],
  ['f32', 2 ** -149, '01 00 00 00'],
  ['f32', Number.POSITIVE_INFINITY, '00 00 80 7f'],
  ['f32', Number.NEGATIVE_INFINITY, '00 00 80 ff'],
  ['f32', Number.NaN, '00 00 c0 7f'],
  ['f64', 0, '00 00 00 00 00 00 00 00'],
  ['f64', -0, '00 00 00 00 00 00 00 80'],
  ['f64', Math.PI, '18 2d 44 54 fb 21 09 40'],
  ['f64', Number.MAX_VALUE, 'ff ff ff ff ff ff ef 7f'],
  ['f64', Number.MIN_VALUE, '01 00 00 00 00 00 00 00'],
  ['f64', Number.NEGATIVE_INFINITY, '00 00 00 00 00 00 f0 ff'],
  ['f64', Number.NaN, '00 00 00 00 00 00 f8 7f'],
];

function read(from: OctetReader, kind: Kind): number {
  return from[kind]();
}

/** The writer has no signed kinds: two's complement is cut to the octets. */
function write(to: OctetWriter, kind: Kind, value: number): void {
  if (kind === 'i16') to.u16(value);
  else if (kind === 'i32') to.u32(value);
  else to[kind](value);
}

const overrun = (error: unknown): boolean => error instanceof CodecError && error.code === 'overrun';

describe('OctetReader and OctetWriter', () => {
  for (const [kind, value, text] of numbers) {
    const expected = octets(text);
    it(`reads ${kind} ${Object.is(value, -0) ? '-0' : value}, and nothing behind the end`, () => {
      const from = new OctetReader(octets(`aa ${text} bb`), 1);
      assert.equal(read(from, kind), value);
      assert.equal(from.at, 1 + expected.length);
      for (let end = 1; end < 1 + expected.length; end++)
        assert.throws(() => read(new OctetReader(octets(`aa ${text} bb`), 1, end), kind), overrun);
    });
    it(`writes ${kind} ${Object.is(value, -0) ? '-0' : value}, and nothing behind the end`, () => {
      const to = new OctetWriter(new Uint8Array(expected.length + 2).fill(0xaa), 1);
      write(to, kind, value);
      assert.deepEqual(to.octets, Uint8Array.of(0xaa, ...expected, 0xaa));
      assert.equal(to.at, 1 + expected.length);
      for (let end = 1; end < 1 + expected.length; end++) {
        const short = new OctetWriter(new Uint8Array(12).fill(0xaa), 1, end);
        assert.throws(() => write(short, kind, value), overrun);
        assert.deepEqual(short.octets, new Uint8Array(12).fill(0xaa), 'what does not fit is not begun');
      }
    });
  }

  it('rounds to single precision', () => {
    const to = new OctetWriter(new Uint8Array(8));
    to.f32(0.2);
    to.f32(1e39);
    assert.deepEqual(to.octets, octets('cd cc 4c 3e 00 00 80 7f'));
  });

  it('reads octets as a copy, from a Buffer too', () => {
    for (const source of [octets('01 02 03 04'), Buffer.from([1, 2, 3, 4])]) {
      const from = new OctetReader(source, 1);
      const copy = from.bytes(2);
      assert.equal(from.remaining, 1);
      source.fill(0xff);
      assert.deepEqual(copy, octets('02 03'));
    }
  });

  it('reads no octets behind the end, and none where none are asked for', () => {
    const from = new OctetReader(octets('01 02 03'), 1, 2);
    assert.deepEqual(from.bytes(0), new Uint8Array(0));
    assert.throws(() => from.bytes(2), overrun);
    assert.equal(from.at, 1, 'it stands where it stood');
    assert.deepEqual(from.bytes(1), octets('02'));
    assert.throws(() => from.bytes(1), overrun);
  });

  it('writes octets of any number up to the end', () => {
    for (const length of [0, 1, 16, 17, 40]) {
      const source = Uint8Array.from({ length }, (_, i) => i + 1);
      const to = new OctetWriter(new Uint8Array(length + 2), 1, length + 1);
      to.bytes(source);
      assert.deepEqual(to.octets, Uint8Array.of(0, ...source, 0));
      assert.equal(to.room, 0);
      assert.throws(() => to.bytes(octets('01')), overrun);
    }
  });

  it('says how many octets were wanted and left', () => {
    assert.throws(() => new OctetReader(octets('01')).bytes(3), /3 octets wanted, 1 left/);
    assert.throws(() => new OctetWriter(new Uint8Array(1)).u32(0), /4 octets wanted, 1 left/);
  });
});

describe('hex', () => {
  it('shows octets in pairs, and how many it leaves out', () => {
    assert.equal(hex(octets('68 04 07 00')), '68 04 07 00');
    assert.equal(hex(new Uint8Array(0)), '');
    assert.equal(hex(octets('01 02 03'), 3), '01 02 03');
    assert.equal(hex(octets('01 02 03'), 2), '01 02 … (3 octets)');
  });
});
