import type { OctetWriter } from '../octets/octets.js';

/** APCI, IEC 60870-5-104 5.1: a start octet, a length and four control octets. */

export const START = 0x68;
/** Octets of the APCI: start, length, four control octets. */
export const APCI_OCTETS = 6;
/** The length field counts the control octets and the ASDU: 4..253. */
export const MIN_LENGTH = 4;
export const MAX_LENGTH = 253;
export const APDU_OCTETS = MAX_LENGTH + 2;
/** Sequence numbers are modulo 2^15. */
export const MODULO = 32768;

/** First control octet of an S-frame. */
export const S_FRAME = 0x01;
/** Functions of U-frames: the first control octet. */
export const STARTDT_ACT = 0x07;
export const STARTDT_CON = 0x0b;
export const STOPDT_ACT = 0x13;
export const STOPDT_CON = 0x23;
export const TESTFR_ACT = 0x43;
export const TESTFR_CON = 0x83;

export type UFunction =
  | typeof STARTDT_ACT
  | typeof STARTDT_CON
  | typeof STOPDT_ACT
  | typeof STOPDT_CON
  | typeof TESTFR_ACT
  | typeof TESTFR_CON;

/** The function of the U-frame at `at`; undefined unless exactly one bit is set and all else is as it must be. */
export function uFunction(octets: Uint8Array, at: number): UFunction | undefined {
  if (octets[at + 1] !== MIN_LENGTH || octets[at + 3] !== 0 || octets[at + 4] !== 0 || octets[at + 5] !== 0)
    return undefined;
  const control = octets[at + 2];
  switch (control) {
    case STARTDT_ACT:
    case STARTDT_CON:
    case STOPDT_ACT:
    case STOPDT_CON:
    case TESTFR_ACT:
    case TESTFR_CON:
      return control;
    default:
      return undefined;
  }
}

/** The 15-bit sequence number in the two octets at `at`. */
export function sequenceAt(octets: Uint8Array, at: number): number {
  return ((octets[at] as number) >> 1) | ((octets[at + 1] as number) << 7);
}

/** Writes the APCI of an I-frame in front of the ASDU that ends at `end`. */
export function writeIControl(
  octets: Uint8Array,
  start: number,
  end: number,
  ns: number,
  nr: number,
  mark: boolean,
): void {
  if (end - start > APDU_OCTETS) throw new Error(`an ASDU of ${end - start - APCI_OCTETS} octets is too long`);
  octets[start] = START;
  octets[start + 1] = end - start - 2;
  octets[start + 2] = (ns << 1) & 0xfe;
  octets[start + 3] = ns >> 7;
  octets[start + 4] = ((nr << 1) & 0xfe) | (mark ? 1 : 0);
  octets[start + 5] = nr >> 7;
}

/** Writes an S- or U-frame. @param nr N(R) of an S-frame; 0 in a U-frame */
export function writeControlFrame(to: OctetWriter, control: UFunction | typeof S_FRAME, nr: number): void {
  to.u8(START);
  to.u8(MIN_LENGTH);
  to.u8(control);
  to.u8(0);
  to.u8((nr << 1) & 0xfe);
  to.u8(nr >> 7);
}

export type Splitting = 'start-octet' | 'length';

/**
 * Cuts a stream of octets into APDUs, whatever pieces it comes in. Whole APDUs are seen where they lie; only the rest
 * of a piece is copied.
 */
export class FrameSplitter {
  private readonly rest = new Uint8Array(APDU_OCTETS);
  private held = 0;
  private octets: Uint8Array = this.rest;
  private at = 0;
  private length = 0;

  /** Octets of an APDU that has begun and not ended. */
  get pending(): number {
    return this.held;
  }

  /** A copy of the APDU cut last, or of the octets that are none: for logs. */
  get last(): Uint8Array {
    return new Uint8Array(this.octets.subarray(this.at, this.at + this.length));
  }

  /**
   * @param frame is called with the octets, the index of the APDU's start octet and its length with start and length
   *   octet; returns false to stop
   * @returns what is wrong with the stream, or undefined
   */
  split(chunk: Uint8Array, frame: (octets: Uint8Array, at: number, length: number) => boolean): Splitting | undefined {
    let at = 0;
    while (this.held > 0 && at < chunk.length) {
      const wanted = this.held < 2 ? 2 : (this.rest[1] as number) + 2;
      const take = Math.min(wanted - this.held, chunk.length - at);
      for (let i = 0; i < take; i++) this.rest[this.held + i] = chunk[at + i] as number;
      at += take;
      this.held += take;
      const wrong = this.check(this.rest, 0, this.held);
      if (wrong !== undefined) return wrong;
      if (this.held >= 2 && this.held === (this.rest[1] as number) + 2) {
        const length = this.held;
        this.held = 0;
        this.note(this.rest, 0, length);
        if (!frame(this.rest, 0, length)) return undefined;
      }
    }
    while (at < chunk.length) {
      const left = chunk.length - at;
      const wrong = this.check(chunk, at, left);
      if (wrong !== undefined) return wrong;
      const length = left < 2 ? 0 : (chunk[at + 1] as number) + 2;
      if (left < 2 || left < length) {
        for (let i = 0; i < left; i++) this.rest[i] = chunk[at + i] as number;
        this.held = left;
        return undefined;
      }
      this.note(chunk, at, length);
      if (!frame(chunk, at, length)) return undefined;
      at += length;
    }
    return undefined;
  }

  private check(octets: Uint8Array, at: number, count: number): Splitting | undefined {
    let wrong: Splitting | undefined;
    const length = octets[at + 1] as number;
    if (count > 0 && octets[at] !== START) wrong = 'start-octet';
    else if (count >= 2 && (length < MIN_LENGTH || length > MAX_LENGTH)) wrong = 'length';
    if (wrong !== undefined) this.note(octets, at, Math.min(count, 32));
    return wrong;
  }

  private note(octets: Uint8Array, at: number, length: number): void {
    this.octets = octets;
    this.at = at;
    this.length = length;
  }
}
