import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FrameSplitter, type Splitting, sequenceAt, uFunction } from '../../lib/apci/frame.js';
import { hex } from '../../lib/octets/octets.js';
import { octets } from './rig.js';

interface Split {
  readonly frames: readonly string[];
  readonly wrong: Splitting | undefined;
  readonly pending: number;
}

/** Feeds the pieces as a session does: no more after something was wrong. */
function split(pieces: readonly Uint8Array[]): Split {
  const splitter = new FrameSplitter();
  const frames: string[] = [];
  for (const piece of pieces) {
    const wrong = splitter.split(piece, (from, at, length) => {
      frames.push(hex(from.subarray(at, at + length), 255));
      return true;
    });
    if (wrong !== undefined) return { frames, wrong, pending: 0 };
  }
  return { frames, wrong: undefined, pending: splitter.pending };
}

/** Cuts at the given places, which may coincide: an empty piece is a piece, too. */
function cut(whole: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map((place) => place % (whole.length + 1)).sort((a, b) => a - b), whole.length];
  return at.slice(1).map((end, n) => whole.slice(at[n], end));
}

const apdu = fc
  .uint8Array({ minLength: 4, maxLength: 253 })
  .map((rest) => Uint8Array.from([0x68, rest.length, ...rest]));
const shortApdu = fc
  .uint8Array({ minLength: 4, maxLength: 9 })
  .map((rest) => Uint8Array.from([0x68, rest.length, ...rest]));
const tail = fc.oneof(
  fc.constant(new Uint8Array()),
  fc.uint8Array({ minLength: 1, maxLength: 5 }),
  fc.constantFrom(...['68', '68 03', '68 fe', '68 fd 00', '68 04 43 00 00', '69 04 43 00 00 00'].map(octets)),
);

describe('the cutting of a stream into APDUs', () => {
  it('PROTOCOL 13: gives the same APDUs however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(shortApdu, apdu), { maxLength: 12 }),
        tail,
        fc.array(fc.nat(), { maxLength: 30 }),
        (apdus, end, places) => {
          const whole = Uint8Array.from([...apdus, end].flatMap((part) => [...part]));
          const expected = split([whole]);
          assert.deepEqual(
            expected.frames.slice(0, apdus.length),
            apdus.map((one) => hex(one, 255)),
          );
          assert.deepEqual(split(cut(whole, places)), expected);
          assert.deepEqual(split(Array.from(whole, (octet) => Uint8Array.of(octet))), expected);
        },
      ),
      { seed: 104, numRuns: 1000 },
    );
  });

  it('PROTOCOL 12: random octets never throw, and are judged alike however they are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.array(fc.nat(), { maxLength: 10 }), (noise, places) => {
        const whole = Uint8Array.from([0x68, 0x04, 0x43, 0, 0, 0, ...noise]);
        assert.deepEqual(split(cut(whole, places)), split([whole]));
      }),
      { seed: 104, numRuns: 1000 },
    );
  });

  it('PROTOCOL 12: tells a wrong start octet from a wrong length, at the first octet that shows it', () => {
    for (let octet = 0; octet < 256; octet++) {
      const start = split([Uint8Array.of(octet)]);
      assert.equal(start.wrong, octet === 0x68 ? undefined : 'start-octet', hex(Uint8Array.of(octet)));
      const length = split([Uint8Array.of(0x68, octet)]);
      assert.equal(length.wrong, octet >= 4 && octet <= 253 ? undefined : 'length', hex(Uint8Array.of(octet)));
    }
  });

  it('says how many octets of an APDU it holds', () => {
    const whole = octets('68 05 00 00 00 00 aa');
    for (let count = 0; count <= whole.length; count++)
      assert.equal(split([whole.subarray(0, count)]).pending, count % whole.length);
  });

  it('stops where it is told to', () => {
    const splitter = new FrameSplitter();
    let seen = 0;
    const once = (): boolean => {
      seen++;
      return false;
    };
    assert.equal(splitter.split(octets('68 04 43 00 00 00 68 04 43 00 00 00 69'), once), undefined);
    assert.equal(seen, 1);
    splitter.split(octets('68 04 43'), once);
    splitter.split(octets('00 00 00 68 04 43 00 00 00'), once);
    assert.equal(seen, 2, 'after the rest of a piece, too');
  });

  it('does not keep what it was given', () => {
    const splitter = new FrameSplitter();
    const reused = octets('68 05 02');
    const frames: string[] = [];
    const note = (from: Uint8Array, at: number, length: number): boolean => {
      frames.push(hex(from.subarray(at, at + length)));
      return true;
    };
    splitter.split(reused, note);
    reused.set(octets('00 04 00'));
    splitter.split(reused, note);
    reused.fill(0x77);
    splitter.split(reused.subarray(0, 1), note);
    assert.deepEqual(frames, ['68 05 02 00 04 00 77']);
  });
});

describe('the control octets', () => {
  it('PROTOCOL 12: six U-frames are good, and no other', () => {
    const good: string[] = [];
    for (let control = 0; control < 256; control++) {
      const frame = Uint8Array.of(0x68, 4, control, 0, 0, 0);
      if (uFunction(frame, 0) !== undefined) good.push(hex(frame));
      for (let place = 3; place < 6; place++)
        for (let bit = 0; bit < 8; bit++) {
          const other = Uint8Array.from(frame);
          other[place] = 1 << bit;
          assert.equal(uFunction(other, 0), undefined, hex(other));
        }
      for (const length of [5, 6, 14, 253]) {
        const longer = Uint8Array.from(frame);
        longer[1] = length;
        assert.equal(uFunction(longer, 0), undefined, hex(longer));
      }
    }
    assert.deepEqual(good, [
      '68 04 07 00 00 00',
      '68 04 0b 00 00 00',
      '68 04 13 00 00 00',
      '68 04 23 00 00 00',
      '68 04 43 00 00 00',
      '68 04 83 00 00 00',
    ]);
  });

  it('PROTOCOL 8: a sequence number is the upper seven bits of one octet and the eight of the next', () => {
    for (let sequence = 0; sequence < 32768; sequence++) {
      const first = (sequence % 128) * 2;
      const second = Math.floor(sequence / 128);
      assert.equal(sequenceAt(Uint8Array.of(0xff, first, second), 1), sequence);
      assert.equal(sequenceAt(Uint8Array.of(first + 1, second), 0), sequence, 'the lowest bit is no part of it');
    }
  });
});
