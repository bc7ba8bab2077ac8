import { CodecError, OctetReader, OctetWriter } from '../octets/octets.js';
import type { ObjectFields } from './element.js';
import { ASDU_OCTETS, HEADER_OCTETS, type ObjectOf, type TypeLabel, type TypeRow, typeById, types } from './types.js';

/** The broadcast common address: all stations of a line. */
export const BROADCAST = 65535;
/** The highest information object address (3 octets). */
export const MAX_IOA = 0xffffff;

/** Data unit identifier of an ASDU, IEC 60870-5-101 7.1 with the address sizes of -104. */
export interface AsduHeader {
  /** Type identification 1..255. */
  readonly typeId: number;
  /** Cause of transmission 0..63. */
  readonly cause: number;
  /** P/N: negative confirmation. */
  readonly negative: boolean;
  /** T: test. */
  readonly test: boolean;
  /** Originator address 0..255. */
  readonly originator: number;
  /** Common address of ASDU 0..65535. */
  readonly commonAddress: number;
}

/** One information object; which fields beside the address are there depends on the type. */
export interface InformationObject extends Readonly<Partial<ObjectFields>> {
  /** Information object address 0..16777215. */
  readonly ioa: number;
}

export interface Asdu extends AsduHeader {
  /** SQ: the objects have consecutive addresses, of which only the first is on the wire. */
  readonly sequence: boolean;
  /** The decoded objects; empty where the type is unknown. */
  readonly objects: readonly InformationObject[];
  /** Number of objects or elements as the variable structure qualifier says, of an unknown type too. */
  readonly count: number;
  /** Octets behind the header, of unknown types only. */
  readonly raw?: Uint8Array;
}

/**
 * Makes an ASDU of a known type.
 * @param label the type
 * @param header cause and addresses; what is left out is 0 or false
 * @param objects at least one object
 */
export function asdu<L extends TypeLabel>(
  label: L,
  header: Partial<AsduHeader> & Pick<AsduHeader, 'cause' | 'commonAddress'>,
  ...objects: readonly ObjectOf<L>[]
): Asdu {
  return {
    negative: false,
    test: false,
    originator: 0,
    ...header,
    typeId: types[label].id,
    sequence: false,
    objects: objects as readonly InformationObject[],
    count: objects.length,
  };
}

/** Reads the header alone; every octet string of 6 octets or more has one. */
export function decodeHeader(octets: Uint8Array): AsduHeader & { readonly sequence: boolean; readonly count: number } {
  const r = new OctetReader(octets);
  const typeId = r.u8();
  const vsq = r.u8();
  const cot = r.u8();
  return {
    typeId,
    sequence: (vsq & 0x80) !== 0,
    count: vsq & 0x7f,
    cause: cot & 0x3f,
    negative: (cot & 0x40) !== 0,
    test: (cot & 0x80) !== 0,
    originator: r.u8(),
    commonAddress: r.u16(),
  };
}

/**
 * Decodes an ASDU.
 * @throws CodecError when the objects are fewer or more than the octets, none at all, or run past the last address
 */
export function decodeAsdu(octets: Uint8Array): Asdu {
  const header = decodeHeader(octets);
  if (header.count === 0) throw new CodecError('empty', 'an ASDU without objects');
  const row = typeById(header.typeId);
  const r = new OctetReader(octets, HEADER_OCTETS);
  if (row === undefined) {
    if (r.remaining < 3) throw new CodecError('overrun', 'an ASDU without an object address');
    return { ...header, objects: [], raw: r.bytes(r.remaining) };
  }
  const objects: InformationObject[] = [];
  let ioa = 0;
  for (let i = 0; i < header.count; i++) {
    ioa = header.sequence && i > 0 ? ioa + 1 : r.u24();
    if (ioa > MAX_IOA) throw new CodecError('sequence', `object addresses run past ${MAX_IOA}`);
    const object = { ioa } as { ioa: number } & ObjectFields;
    for (const element of row.elements) element.read(r, object);
    objects.push(object);
  }
  if (r.remaining > 0) throw new CodecError('trailing', `${r.remaining} octets behind the last object`);
  const { typeId, sequence, count, cause, negative, test, originator, commonAddress } = header;
  // Named one by one: to spread the header costs more than all of the decoding.
  return { typeId, sequence, count, cause, negative, test, originator, commonAddress, objects };
}

/** Writes the six octets of a header. */
export function writeHeader(to: OctetWriter, header: AsduHeader, count: number, sequence: boolean): void {
  to.u8(header.typeId);
  to.u8(count | (sequence ? 0x80 : 0));
  to.u8(header.cause | (header.negative ? 0x40 : 0) | (header.test ? 0x80 : 0));
  to.u8(header.originator);
  to.u16(header.commonAddress);
}

/** Writes the elements of an object, without its address. */
export function writeElements(to: OctetWriter, row: TypeRow, object: Readonly<ObjectFields>): void {
  const elements = row.elements;
  for (let i = 0; i < elements.length; i++) (elements[i] as (typeof elements)[number]).write(to, object);
}

/**
 * Encodes an ASDU.
 * @throws CodecError when it is longer than 249 octets, has no objects or more than 127, lacks a field, or an address or
 * cause does not fit its octets
 */
export function encodeAsdu(message: Asdu): Uint8Array {
  const to = new OctetWriter(new Uint8Array(ASDU_OCTETS));
  const count = message.raw === undefined ? message.objects.length : message.count;
  if (count < 1 || count > 127) throw new CodecError('empty', `an ASDU holds 1 to 127 objects, not ${count}`);
  within('cause', message.cause, 63);
  within('originator address', message.originator, 255);
  within('common address', message.commonAddress, BROADCAST);
  writeHeader(to, message, count, message.sequence);
  if (message.raw !== undefined) to.bytes(message.raw);
  const row = typeById(message.typeId);
  if (row === undefined && message.raw === undefined)
    throw new CodecError('value', `type identification ${message.typeId} is unknown`);
  for (const [i, object] of message.objects.entries()) {
    within('object address', object.ioa, MAX_IOA);
    if (!message.sequence || i === 0) to.u24(object.ioa);
    else if (object.ioa !== (message.objects[0] as InformationObject).ioa + i)
      throw new CodecError('sequence', 'a sequence needs consecutive object addresses');
    for (const element of (row as TypeRow).elements) {
      for (const field of element.fields)
        if (object[field] === undefined) throw new CodecError('value', `${(row as TypeRow).label} lacks ${field}`);
      element.write(to, object as ObjectFields);
    }
  }
  return to.octets.slice(0, to.at);
}

/** A number too great for its octets would be cut, or set its neighbours' bits: cause 64 is P/N. */
function within(field: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 0 || value > most)
    throw new CodecError('value', `${field} is 0 to ${most}, not ${value}`);
}
