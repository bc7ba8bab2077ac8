import assert from 'node:assert/strict';
import { type Asdu, decodeAsdu, encodeAsdu, type InformationObject, MAX_IOA } from '../../lib/asdu/asdu.js';
import { HEADER_OCTETS } from '../../lib/asdu/types.js';
import type { CodecErrorCode } from '../../lib/octets/octets.js';
import { codeOf } from './refusal.js';
import { hex, type Vector, vectors } from './vectors.js';

const vectorOf = (label: string): Vector => vectors.find((vector) => vector.label === label) as Vector;

describe('octets that contradict themselves', () => {
  const refused = (code: CodecErrorCode, octets: Uint8Array) => {
    const actual = codeOf(() => decodeAsdu(octets));
    assert.equal(actual, code, Buffer.from(octets).toString('hex'));
  };
  const changed = (octets: string, change: (octets: number[]) => void): Uint8Array => {
    const copy = [...hex(octets)];
    change(copy);
    return Uint8Array.from(copy);
  };

  for (const { label, octets, asdu } of vectors) {
    const name = `${label} ${octets}`;
    it(`refuses ${name} without objects`, () => {
      refused(
        'empty',
        changed(octets, (o) => {
          o[1] = (o[1] as number) & 0x80;
        }),
      );
    });
    it(`refuses ${name} cut short anywhere`, () => {
      const whole = hex(octets);
      for (let end = 0; end < whole.length; end++) refused('overrun', whole.subarray(0, end));
    });
    it(`refuses ${name} that says one object more`, () => {
      const atEnd = asdu.sequence && asdu.objects.at(-1)?.ioa === MAX_IOA;
      const more = changed(octets, (o) => {
        o[1] = (o[1] as number) + 1;
      });
      refused(atEnd ? 'sequence' : 'overrun', more);
    });
    it(`refuses ${name} with an octet behind`, () => refused('trailing', hex(`${octets} 00`)));
    if (asdu.sequence)
      it(`refuses ${name} past the last address`, () => {
        refused(
          'sequence',
          changed(octets, (o) => o.fill(0xff, HEADER_OCTETS, HEADER_OCTETS + 3)),
        );
      });
  }

  it('refuses an unknown type that is no ASDU', () => {
    refused('empty', hex('63 00 03 00 01 00 01 00 00'));
    refused('overrun', hex('63 01 03 00 01 00'));
    refused('overrun', hex('63 01 03 00 01 00 01 00'));
  });
});

describe('objects that no octets say', () => {
  const refused = (code: CodecErrorCode, asdu: Asdu, why: string) => {
    const actual = codeOf(() => encodeAsdu(asdu));
    assert.equal(actual, code, why);
  };

  it('refuses what a master would not understand', () => {
    const { asdu } = vectorOf('M_ME_NC_1');
    const object = asdu.objects[0] as InformationObject;
    const of = (...objects: InformationObject[]): Asdu => ({ ...asdu, objects, count: objects.length });
    const many = (count: number): Asdu => of(...Array.from({ length: count }, (_, i) => ({ ...object, ioa: i })));
    refused('empty', of(), 'no objects');
    refused('empty', many(128), 'more objects than the qualifier counts');
    refused('overrun', many(31), '31 objects of 8 octets');
    refused('value', of({ ioa: 1, value: 1 }), 'no quality');
    refused('value', { ...asdu, typeId: 99 }, 'an unknown type without raw octets');
    const apart = of({ ...object, ioa: 1 }, { ...object, ioa: 3 });
    refused('sequence', { ...apart, sequence: true }, 'addresses that do not follow each other');
    const past = of({ ...object, ioa: MAX_IOA }, { ...object, ioa: MAX_IOA + 1 });
    refused('value', { ...past, sequence: true }, 'a sequence past the last address');
  });

  it('refuses what does not fit its octets', () => {
    const { asdu } = vectorOf('M_SP_TB_1');
    const object = asdu.objects[0] as InformationObject;
    const of = (change: Partial<InformationObject>): Asdu => ({
      ...asdu,
      objects: [{ ...object, ...change }],
      count: 1,
    });
    refused('value', of({ time: hex('e8 03 0f') }), 'the short time tag in place of the long one');
    refused('value', of({ ioa: MAX_IOA + 1 }), 'an object address of four octets');
    refused('value', of({ ioa: -1 }), 'a negative object address');
    refused('value', of({ ioa: 1.5 }), 'half an object address');
    refused('value', { ...asdu, cause: 64 }, 'a cause that would set P/N');
    refused('value', { ...asdu, originator: 256 }, 'an originator of two octets');
    refused('value', { ...asdu, commonAddress: 65536 }, 'a common address of three octets');
  });
});
