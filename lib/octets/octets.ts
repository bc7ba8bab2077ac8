/** The one error that octets can cause: a reader or a writer left its bounds, or the octets contradict themselves. */
export type CodecErrorCode = 'overrun' | 'trailing' | 'empty' | 'sequence' | 'value';

export class CodecError extends Error {
  override readonly name = 'CodecError';
  constructor(
    readonly code: CodecErrorCode,
    message: string,
  ) {
    super(message);
  }
}

const f32 = new Float32Array(1);
const f32Octets = new Uint8Array(f32.buffer);
const f32Bits = new Uint32Array(f32.buffer);
const f64 = new Float64Array(1);
const f64Octets = new Uint8Array(f64.buffer);

/** Reads little-endian numbers from a stretch of octets and never beyond its end. */
export class OctetReader {
  at: number;

  /**
   * @param octets the octets
   * @param start index of the first octet to read
   * @param end index behind the last octet that may be read
   */
  constructor(
    readonly octets: Uint8Array,
    start = 0,
    readonly end: number = octets.length,
  ) {
    this.at = start;
  }

  get remaining(): number {
    return this.end - this.at;
  }

  u8(): number {
    if (this.at >= this.end) throw overrun(1, this.remaining);
    return this.octets[this.at++] as number;
  }

  u16(): number {
    return this.u8() | (this.u8() << 8);
  }

  u24(): number {
    return this.u16() | (this.u8() << 16);
  }

  u32(): number {
    return (this.u16() | (this.u16() << 16)) >>> 0;
  }

  i16(): number {
    return (this.u16() << 16) >> 16;
  }

  i32(): number {
    return this.u32() | 0;
  }

  /** IEEE 754 single precision; of a NaN the payload bits may be lost. */
  f32(): number {
    f32Bits[0] = this.u32();
    return f32[0] as number;
  }

  f64(): number {
    if (this.remaining < 8) throw overrun(8, this.remaining);
    for (let i = 0; i < 8; i++) f64Octets[i] = this.u8();
    return f64[0] as number;
  }

  /** A copy of the next octets; not by `slice`, which on the Buffer of a socket shares its memory. */
  bytes(count: number): Uint8Array {
    if (count > this.remaining) throw overrun(count, this.remaining);
    const copy = new Uint8Array(count);
    for (let i = 0; i < count; i++) copy[i] = this.octets[this.at++] as number;
    return copy;
  }
}

/** Writes little-endian numbers into a given stretch of octets and never beyond its end. */
export class OctetWriter {
  at: number;

  constructor(
    readonly octets: Uint8Array,
    start = 0,
    readonly end: number = octets.length,
  ) {
    this.at = start;
  }

  get room(): number {
    return this.end - this.at;
  }

  u8(value: number): void {
    if (this.at >= this.end) throw overrun(1, this.room);
    this.octets[this.at++] = value;
  }

  u16(value: number): void {
    if (this.end - this.at < 2) throw overrun(2, this.room);
    this.octets[this.at++] = value;
    this.octets[this.at++] = value >> 8;
  }

  u24(value: number): void {
    if (this.end - this.at < 3) throw overrun(3, this.room);
    this.octets[this.at++] = value;
    this.octets[this.at++] = value >> 8;
    this.octets[this.at++] = value >> 16;
  }

  u32(value: number): void {
    if (this.end - this.at < 4) throw overrun(4, this.room);
    this.octets[this.at++] = value;
    this.octets[this.at++] = value >>> 8;
    this.octets[this.at++] = value >>> 16;
    this.octets[this.at++] = value >>> 24;
  }

  f32(value: number): void {
    f32[0] = value;
    if (this.end - this.at < 4) throw overrun(4, this.room);
    this.octets[this.at++] = f32Octets[0] as number;
    this.octets[this.at++] = f32Octets[1] as number;
    this.octets[this.at++] = f32Octets[2] as number;
    this.octets[this.at++] = f32Octets[3] as number;
  }

  f64(value: number): void {
    f64[0] = value;
    if (this.end - this.at < 8) throw overrun(8, this.room);
    for (let i = 0; i < 8; i++) this.octets[this.at++] = f64Octets[i] as number;
  }

  bytes(source: Uint8Array): void {
    if (this.end - this.at < source.length) throw overrun(source.length, this.room);
    if (source.length > 16) this.octets.set(source, this.at);
    else for (let i = 0; i < source.length; i++) this.octets[this.at + i] = source[i] as number;
    this.at += source.length;
  }
}

/** The octets as hexadecimal digits in pairs, at most `limit` of them: for logs and errors. */
export function hex(octets: Uint8Array, limit = 32): string {
  const shown = Array.from(octets.subarray(0, limit), (octet) => octet.toString(16).padStart(2, '0')).join(' ');
  return octets.length > limit ? `${shown} … (${octets.length} octets)` : shown;
}

function overrun(wanted: number, left: number): CodecError {
  return new CodecError('overrun', `${wanted} octets wanted, ${left} left`);
}
