import assert from 'node:assert/strict';
import fc from 'fast-check';
import { causeName } from '../../lib/asdu/cause.js';
import { typeById } from '../../lib/asdu/types.js';
import { DESCRIPTION_AT_MOST, describeFrame } from '../../lib/trace/describe.js';
import { describeFields } from '../../lib/trace/fields.js';
import { hex, vectors } from '../asdu/vectors.js';

/** An I-frame of an ASDU in digits, N(S) 3 and N(R) 1. */
function iFrame(asdu: string): Uint8Array {
  const body = hex(asdu);
  return Uint8Array.of(0x68, body.length + 4, 0x06, 0x00, 0x02, 0x00, ...body);
}

const digits = (octets: Uint8Array): string => Array.from(octets, (o) => o.toString(16).padStart(2, '0')).join(' ');

/** The fields stand one behind the other and hold every octet once. */
function assertWhole(octets: Uint8Array): void {
  const fields = describeFields(octets);
  let at = 0;
  for (const field of fields) {
    assert.equal(field.offset, at);
    assert.ok(field.length > 0 && field.name !== '' && field.meaning !== '');
    at += field.length;
  }
  assert.equal(at, octets.length);
  assert.equal(fields.map((field) => field.octets).join(' '), digits(octets));
}

const apdus: fc.Arbitrary<Uint8Array> = fc
  .tuple(fc.constantFrom(...vectors), fc.uint8Array({ maxLength: 12 }), fc.nat(60), fc.nat(255), fc.nat(255))
  .map(([{ octets }, more, cut, at, octet]) => {
    const body = [...hex(octets).subarray(0, Math.max(0, hex(octets).length - cut)), ...more];
    const apdu = Uint8Array.of(0x68, Math.min(253, body.length + 4), 0, 0, 0, 0, ...body.slice(0, 249));
    apdu[at % apdu.length] = octet;
    return apdu;
  });

describe('frames in words', () => {
  for (const { label, octets, asdu } of vectors) {
    it(`describes ${label} ${octets}`, () => {
      const apdu = iFrame(octets);
      const text = describeFrame(apdu);
      const bits = `${asdu.negative ? ' P/N=1' : ''}${asdu.test ? ' T=1' : ''}`;
      const header = `${label} (${asdu.typeId}) ${causeName(asdu.cause)}${bits} OA=${asdu.originator} CA=${asdu.commonAddress}`;
      assert.ok(text.startsWith(`I N(S)=3 N(R)=1 ${header} ${asdu.objects[0]?.ioa}`), text);
      assert.ok(!text.includes('undefined') && !text.includes('?'), text);
      assertWhole(apdu);
      const names = describeFields(apdu).map(({ name }) => name);
      assert.ok(!names.includes('?'), names.join(' '));
      const elements = typeById(asdu.typeId)?.elements.length ?? 0;
      const addresses = asdu.sequence ? 1 : asdu.count;
      assert.equal(names.length, 4 + 5 + addresses + asdu.count * elements);
    });
  }

  const lines: readonly [octets: string, text: string][] = [
    ['68 04 07 00 00 00', 'U STARTDT act'],
    ['68 04 0b 00 00 00', 'U STARTDT con'],
    ['68 04 13 00 00 00', 'U STOPDT act'],
    ['68 04 23 00 00 00', 'U STOPDT con'],
    ['68 04 43 00 00 00', 'U TESTFR act'],
    ['68 04 83 00 00 00', 'U TESTFR con'],
    ['68 04 03 00 00 00', 'U ? 68 04 03 00 00 00'],
    ['68 04 01 00 fe ff', 'S N(R)=32767'],
    ['68 05 01 00 02 00 00', 'S ? 68 05 01 00 02 00 00'],
    ['68 0e 00 00 01 00 64 01 06 00 01 00 00 00 00 14', standby('C_IC_NA_1 (100) activation', '0=QOI 20 station')],
    ['68 0e 00 00 00 00 64 01 46 05 01 00 00 00 00 19', i('C_IC_NA_1 (100) activation P/N=1 OA=5', '0=QOI 25 group 5')],
    ['68 0e 00 00 00 00 65 01 86 00 01 00 00 00 00 45', counters('0=QCC 69 RQT 5 freeze')],
    ['68 0d 00 00 00 00 66 01 05 00 01 00 64 00 00', i('C_RD_NA_1 (102) request OA=0', '100')],
    ['68 0e 00 00 00 00 2d 01 06 00 01 00 64 00 00 85', i('C_SC_NA_1 (45) activation OA=0', '100=on select QU 1')],
    ['68 0f 00 00 00 00 fa 01 06 00 01 00 64 00 00 85 01', i('type 250 activation OA=0', '64 00 00 85 01')],
    ['68 04 00 00 00 00', 'I N(S)=0 N(R)=0 ? '],
    ['', '? '],
    ['00 01 02', '? 00 01 02'],
  ];
  function i(header: string, objects: string): string {
    return `I N(S)=0 N(R)=0 ${header} CA=1 ${objects}`;
  }
  function standby(header: string, objects: string): string {
    return `I N(S)=0 N(R)=0 standby ${header} OA=0 CA=1 ${objects}`;
  }
  function counters(objects: string): string {
    return i('C_CI_NA_1 (101) activation T=1 OA=0', objects);
  }
  for (const [octets, text] of lines)
    it(`says "${text}" of ${octets || 'nothing'}`, () => {
      assert.equal(describeFrame(hex(octets)), text);
      assertWhole(hex(octets));
    });

  it('shows value, quality and time of an event, and a time of three octets', () => {
    const at = '85 1a 85 84 43 02 1a';
    assert.match(
      describeFrame(iFrame(`1e 01 03 00 01 00 64 00 00 d1 ${at}`)),
      / 100=on IV NT BL 2026-02-03 04:05:06\.789 IV SU$/,
    );
    assert.match(describeFrame(iFrame('02 01 03 00 01 00 64 00 00 01 85 1a 05')), / 100=on :05:06\.789$/);
    assert.match(describeFrame(iFrame('0d 01 03 00 01 00 64 00 00 cd cc cc 3d 00')), / 100=0\.1$/);
    assert.match(describeFrame(iFrame('0f 01 25 00 01 00 64 00 00 ff ff ff ff e7')), / 100=-1 sequence 7 CY CA IV$/);
  });

  it('shows a few objects and the number of all', () => {
    const objects = Array.from({ length: 60 }, (_, n) => `${(n + 1).toString(16).padStart(2, '0')} 00 00 01`);
    const text = describeFrame(iFrame(`01 3c 14 00 01 00 ${objects.join(' ')}`));
    assert.match(text, / 1=on, 2=on, 3=on, 4=on … \(60 objects\)$/);
  });

  it('of an ASDU that is none, header and digits', () => {
    const text = describeFrame(iFrame('01 02 03 00 01 00 64 00 00 01'));
    assert.match(text, /M_SP_NA_1 \(1\) spontaneous OA=0 CA=1 \? 64 00 00 01 \(.*octets wanted/);
  });

  it('of random octets never throws, is short, and its fields hold every octet once', () => {
    const random = fc.oneof(fc.uint8Array({ maxLength: 300 }), apdus);
    fc.assert(
      fc.property(random, (octets) => {
        const text = describeFrame(octets);
        assert.ok(text.length <= DESCRIPTION_AT_MOST && !text.includes('\n') && !text.includes('undefined'), text);
        assertWhole(octets);
      }),
      { numRuns: 3000 },
    );
  });

  it('of a Buffer says the same, and names each object with its fields', () => {
    const octets = iFrame('01 82 14 00 34 12 ff 00 01 61 00');
    assert.deepEqual(describeFields(Buffer.from(octets)), describeFields(octets));
    assert.deepEqual(describeFields(octets).slice(-3), [
      { offset: 12, length: 3, octets: 'ff 00 01', name: 'IOA', meaning: 'object address 65791', ioa: 65791 },
      { offset: 15, length: 1, octets: '61', name: 'SIQ', meaning: 'on NT SB', ioa: 65791 },
      { offset: 16, length: 1, octets: '00', name: 'SIQ', meaning: 'off', ioa: 65792 },
    ]);
  });
});
