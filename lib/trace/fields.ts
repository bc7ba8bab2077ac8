import { APCI_OCTETS, sequenceAt, uFunction } from '../apci/frame.js';
import { decodeHeader, MAX_IOA } from '../asdu/asdu.js';
import { causeName } from '../asdu/cause.js';
import type { ObjectFields } from '../asdu/element.js';
import { HEADER_OCTETS, type TypeRow, typeById } from '../asdu/types.js';
import { hex, OctetReader } from '../octets/octets.js';
import { frameKind, functionName } from './describe.js';
import { elementMeaning } from './meaning.js';

/** Some octets of an APDU that belong together. */
export interface FrameField {
  /** Place of the first octet, 0 for the start octet. */
  readonly offset: number;
  /** Octets, 1 or more. */
  readonly length: number;
  /** In hexadecimal digits. */
  readonly octets: string;
  /** The field's abbreviation in the standard: `N(S)`, `COT`, `SIQ`; `?` for octets that belong to none. */
  readonly name: string;
  readonly meaning: string;
  /** The information object that the field belongs to, 0..16777215. */
  readonly ioa?: number;
}

/** Collects fields one behind the other, so that none overlaps and none is missing. */
class Fields {
  readonly list: FrameField[] = [];
  private at = 0;

  constructor(private readonly octets: Uint8Array) {}

  get left(): number {
    return this.octets.length - this.at;
  }

  add(length: number, name: string, meaning: string, ioa?: number): void {
    if (length < 1) return;
    const octets = hex(this.octets.subarray(this.at, this.at + length), length);
    this.list.push({ offset: this.at, length, octets, name, meaning, ...(ioa === undefined ? {} : { ioa }) });
    this.at += length;
  }

  rest(meaning: string): void {
    this.add(this.left, '?', meaning);
  }
}

/**
 * An APDU field by field. The fields stand in the order of their octets and cover every one of them once, of octets that
 * are no APDU too. Never throws.
 * @param octets an APDU from its start octet on
 */
export function describeFields(octets: Uint8Array): readonly FrameField[] {
  const fields = new Fields(octets);
  const kind = frameKind(octets);
  if (kind === undefined) {
    fields.rest('not an APDU');
    return fields.list;
  }
  fields.add(1, 'START', 'start octet');
  fields.add(1, 'LENGTH', `${octets[1]} octets follow`);
  switch (kind) {
    case 'U': {
      const which = uFunction(octets, 0);
      fields.add(1, 'U', which === undefined ? 'no function of the standard' : functionName(which));
      fields.add(3, 'U', 'without meaning');
      break;
    }
    case 'S':
      fields.add(2, 'S', 'supervisory function');
      fields.add(2, 'N(R)', `acknowledges up to ${sequenceAt(octets, 4)}`);
      break;
    case 'I': {
      const mark = ((octets[4] as number) & 1) === 0 ? '' : ', bit 0: from the standby connection';
      fields.add(2, 'N(S)', String(sequenceAt(octets, 2)));
      fields.add(2, 'N(R)', `${sequenceAt(octets, 4)}${mark}`);
      addAsdu(fields, octets);
    }
  }
  fields.rest('more octets than belong here');
  return fields.list;
}

function addAsdu(fields: Fields, octets: Uint8Array): void {
  const asdu = octets.subarray(APCI_OCTETS);
  if (asdu.length < HEADER_OCTETS) return fields.rest('no ASDU: its header has 6 octets');
  const { typeId, sequence, count, cause, negative, test, originator, commonAddress } = decodeHeader(asdu);
  const row = typeById(typeId);
  fields.add(1, 'TI', row === undefined ? `${typeId}, unknown` : `${typeId} ${row.label}: ${row.text}`);
  fields.add(1, 'VSQ', sequence ? `SQ = 1, ${count} elements in sequence` : `SQ = 0, number of objects ${count}`);
  fields.add(1, 'COT', `${cause} ${causeName(cause)}${negative ? ', P/N = 1' : ''}${test ? ', T = 1' : ''}`);
  fields.add(1, 'OA', `originator address ${originator}`);
  fields.add(2, 'CA', `common address ${commonAddress}`);
  if (row === undefined) return fields.rest('content of an unknown type');
  addObjects(fields, row, sequence, count, new OctetReader(octets, APCI_OCTETS + HEADER_OCTETS));
}

function addObjects(fields: Fields, row: TypeRow, sequence: boolean, count: number, reader: OctetReader): void {
  let ioa = 0;
  for (let i = 0; i < count; i++) {
    if (!sequence || i === 0) {
      if (reader.remaining < 3) return;
      ioa = reader.u24();
      fields.add(3, 'IOA', `object address ${ioa}`, ioa);
    } else if (++ioa > MAX_IOA) return;
    const object = {} as ObjectFields;
    for (const element of row.elements) {
      const start = reader.at;
      try {
        element.read(reader, object);
      } catch {
        return fields.add(reader.end - start, element.name, 'cut short', ioa);
      }
      fields.add(reader.at - start, element.name, elementMeaning(row, element, object) || 'good', ioa);
    }
  }
}
