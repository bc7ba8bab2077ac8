import assert from 'node:assert/strict';
import { describePassing, passingFields, passingKind } from '../../lib/trace/passing.js';
import { hex } from '../asdu/vectors.js';

const testfr = hex('68 04 43 00 00 00');

describe('what passes on a line', () => {
  it('is an APDU, or should be one', () => {
    assert.equal(passingKind({ octets: testfr }), 'U');
    assert.equal(describePassing({ octets: testfr }), 'U TESTFR act');
    assert.equal(passingFields({ octets: testfr }).length, 4);
    assert.equal(passingKind({ octets: hex('00 01') }), '?');
  });

  it('is octets on a byte channel, even where they look like an APDU', () => {
    const passing = { octets: testfr, isOctets: true } as const;
    assert.equal(passingKind(passing), 'B');
    assert.equal(describePassing(passing), 'B 68 04 43 00 00 00 |h.C...|');
    assert.deepEqual(passingFields(passing), [
      { offset: 0, length: 6, octets: '68 04 43 00 00 00', name: '0', meaning: 'h.C...' },
    ]);
  });

  it('is shown in part where it is long, and sixteen octets at a time where it is looked at', () => {
    const octets = Uint8Array.from({ length: 1460 }, (_, i) => i);
    const text = describePassing({ octets, isOctets: true });
    assert.ok(text.startsWith('B 00 01 02') && text.includes('… (1460 octets) |') && text.length < 200, text);
    const fields = passingFields({ octets, isOctets: true });
    assert.deepEqual(
      fields.map(({ offset }) => offset),
      Array.from({ length: 92 }, (_, i) => 16 * i),
    );
    assert.equal(
      fields.map((field) => field.octets).join(' '),
      Buffer.from(octets)
        .toString('hex')
        .replace(/..(?=.)/g, '$& '),
    );
    assert.equal(fields[4]?.meaning, '@ABCDEFGHIJKLMNO');
    assert.equal(fields.at(-1)?.length, 4);
  });
});
