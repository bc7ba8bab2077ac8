import type { OctetReader, OctetWriter } from '../octets/octets.js';

/**
 * The fields that information elements read and write: one flat record for an information object, so that an object is
 * plain data. Which of them a type has is in the table (types.ts).
 */
export interface ObjectFields {
  /** The value: 0 or 1 for single points, 0..3 for double ones, otherwise the number that the element carries. */
  value: number;
  /** The raw octet that stands beside or around the value: SIQ, DIQ, QDS, QDP, SCO, DCO, RCO, QOS, sequence of BCR. */
  status: number;
  /** VTI: the equipment is in a transient state. */
  transient: boolean;
  /** Elapsed, duration or operating time in ms (CP16Time2a), 0..65535. */
  elapsed: number;
  /** Qualifier octet of a system command or parameter: COI, QOI, QCC, QRP, QPM, QPA. */
  qualifier: number;
  /** 16-bit pattern or counter of a test command: FBP, TSC. */
  pattern: number;
  /** Association ID of type 41 (IEC 62351-5). */
  association: number;
  /** Name of file. */
  nof: number;
  /** Name of section. */
  nos: number;
  /** Length of file or section in octets, 0..16777215. */
  lof: number;
  /** Qualifier or status octet of the file types: FRQ, SRQ, SCQ, LSQ, AFQ, SOF. */
  file: number;
  /** Checksum. */
  chs: number;
  /** Octets of a segment, as long as its length octet says. */
  segment: Uint8Array;
  /** Time tag as received: 7 octets (CP56Time2a) or 3 (CP24Time2a); `time.ts` turns it into milliseconds. */
  time: Uint8Array;
  /** Start of the range of a query log (type 127), CP56Time2a. */
  from: Uint8Array;
}

export type FieldName = keyof ObjectFields;

/** One information element: its name in the standard, its octets, its fields, and how it is read and written. */
export interface Element<F extends FieldName = FieldName> {
  readonly name: string;
  /** Octets; of a segment only its length octet. */
  readonly size: number;
  readonly fields: readonly F[];
  read(from: OctetReader, to: Pick<ObjectFields, F>): void;
  write(to: OctetWriter, from: Readonly<Pick<ObjectFields, F>>): void;
}

/** Makes an element; its fields are what reading and writing name. */
export const element = <F extends FieldName>(
  name: string,
  size: number,
  fields: readonly F[],
  read: (from: OctetReader, to: Pick<ObjectFields, F>) => void,
  write: (to: OctetWriter, from: Readonly<Pick<ObjectFields, F>>) => void,
): Element<F> => ({ name, size, fields, read, write });
