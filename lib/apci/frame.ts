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

export type Splitting = 'start-octet' | 'length';

/**
 * Cuts a stream of octets into APDUs, whatever pieces it comes in. Whole APDUs are seen where they lie; only the rest
 * of a piece is copied.
 */
export class FrameSplitter {
  private readonly rest = new Uint8Array(APDU_OCTETS);
  private held = 0;

  /** Octets of an APDU that has begun and not ended. */
  get pending(): number {
    return this.held;
  }

  /**
   * @param frame is called with the octets, the index of the APDU's start octet and its length with start and length
   *   octet; returns false to stop
   * @returns what is wrong with the stream, or undefined
   */
  split(
    chunk: Uint8Array,
    frame: (octets: Uint8Array, at: number, length: number) => boolean,
  ): Splitting | undefined {
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
      if (!frame(chunk, at, length)) return undefined;
      at += length;
    }
    return undefined;
  }

  private check(octets: Uint8Array, at: number, count: number): Splitting | undefined {
    if (count > 0 && octets[at] !== START) return 'start-octet';
    if (count < 2) return undefined;
    const length = octets[at + 1] as number;
    return length < MIN_LENGTH || length > MAX_LENGTH ? 'length' : undefined;
  }
}
