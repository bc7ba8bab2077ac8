/** One element of DER, X.690: its tag, its content, and all of its octets. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly octets: Uint8Array;
}

export const SEQUENCE = 0x30;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const UTC_TIME = 0x17;
export const GENERALIZED_TIME = 0x18;

/** Reads elements of DER one after the other and never beyond its end. */
export class DerReader {
  private at = 0;

  constructor(private readonly octets: Uint8Array) {}

  /** The tag of the next element; undefined at the end. */
  get tag(): number | undefined {
    return this.octets[this.at];
  }

  /** @throws Error where octets are missing, or the next element is not of that tag */
  next(tag?: number): DerElement {
    const start = this.at;
    const found = this.octets[start];
    let length = this.octets[start + 1];
    if (found === undefined || length === undefined) throw new Error('ends too early');
    if ((found & 0x1f) === 0x1f) throw new Error('has a tag of several octets');
    if (tag !== undefined && found !== tag) throw new Error(`has tag ${found} where ${tag} is expected`);
    let from = start + 2;
    if (length >= 0x80) {
      const count = length & 0x7f;
      // 0 would be the indefinite length of BER; more than 4 octets no file has.
      if (count === 0 || count > 4) throw new Error('has a length that is not DER');
      length = 0;
      for (let i = 0; i < count; i++) {
        const octet = this.octets[from++];
        if (octet === undefined) throw new Error('ends too early');
        length = length * 256 + octet;
      }
    }
    const end = from + length;
    if (end > this.octets.length) throw new Error('ends too early');
    this.at = end;
    return {
      tag: found,
      content: this.octets.subarray(from, end),
      octets: this.octets.subarray(start, end),
    };
  }
}

/** Digits of a serial number, upper case, two for each octet and no leading ones that are zero: as Node.js writes it. */
export function serialOf({ content }: DerElement): string {
  return Buffer.from(content)
    .toString('hex')
    .toUpperCase()
    .replace(/^(?:00)+(?=..)/, '');
}

/** ms since 1970 UTC of a UTCTime or GeneralizedTime as RFC 5280 allows them. @throws Error */
export function timeOf({ tag, content }: DerElement): number {
  const text = Buffer.from(content).toString('latin1');
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  const isShort = tag === UTC_TIME;
  if (match === null || (!isShort && tag !== GENERALIZED_TIME) || match[1]?.length !== (isShort ? 2 : 4))
    throw new Error('has a time that RFC 5280 does not know');
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [number, ...number[]];
  // RFC 5280, 4.1.2.5.1: 50 to 99 are of the last century.
  const full = isShort ? year + (year >= 50 ? 1900 : 2000) : year;
  return Date.UTC(full, (month as number) - 1, day, hour, minute, second);
}
