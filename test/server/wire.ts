import assert from 'node:assert/strict';

/** `68 04 07 00 …` as octets. The clients of these tests know nothing of the codec under test. */
export function octets(digits: string): Buffer {
  const pairs = digits.trim().split(/\s+/);
  for (const pair of pairs) assert.match(pair, /^[0-9a-f]{2}$/, `not an octet: ${pair}`);
  return Buffer.from(pairs.join(''), 'hex');
}

const pairs = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

export function digits(from: Uint8Array): string {
  let text = '';
  for (const octet of from) text += text === '' ? pairs[octet] : ` ${pairs[octet]}`;
  return text;
}

export const STARTDT_ACT = '68 04 07 00 00 00';
export const STARTDT_CON = '68 04 0b 00 00 00';
export const STOPDT_ACT = '68 04 13 00 00 00';
export const STOPDT_CON = '68 04 23 00 00 00';
export const TESTFR_ACT = '68 04 43 00 00 00';
export const TESTFR_CON = '68 04 83 00 00 00';

/** What a controlling station keeps of a connection: sequence numbers, which are the same in every test, and half frames. */
export class Wire {
  /** N(S) of the next I-frame that is sent, and of the next one that is expected. */
  vs = 0;
  vr = 0;
  private rest: Buffer = Buffer.alloc(0);

  /** The whole APDUs that have arrived. */
  cut(data: Uint8Array): string[] {
    const frames: string[] = [];
    let left = this.rest.length === 0 ? data : Buffer.concat([this.rest, data]);
    while (left.length >= 2) {
      assert.equal(left[0], 0x68, 'the stream has come apart');
      const length = (left[1] as number) + 2;
      assert.ok(length >= 6 && length <= 255);
      if (left.length < length) break;
      frames.push(digits(left.subarray(0, length)));
      left = left.subarray(length);
    }
    this.rest = Buffer.from(left);
    return frames;
  }

  /** An I-frame with this ASDU. */
  frame(asdu: string): string {
    const body = octets(asdu);
    const frame = `68 ${digits(Buffer.of(body.length + 4))} ${sequence(this.vs)} ${sequence(this.vr)} ${digits(body)}`;
    this.vs = (this.vs + 1) % 32768;
    return frame;
  }

  /** An S-frame that acknowledges all that was taken. */
  acknowledgement(): string {
    return `68 04 01 00 ${sequence(this.vr)}`;
  }

  /** Takes an APDU: the ASDU of an I-frame, undefined for an S-frame. */
  asduOf(frame: string): string | undefined {
    const first = Number.parseInt(frame.slice(6, 8), 16);
    if (first % 4 === 1) return undefined;
    assert.equal(first % 2, 0, `an I-frame was expected, not ${frame}`);
    const ns = Math.floor(first / 2) + Number.parseInt(frame.slice(9, 11), 16) * 128;
    assert.equal(ns, this.vr, 'N(S) is the next');
    this.vr = (this.vr + 1) % 32768;
    return frame.slice(18);
  }
}

function sequence(n: number): string {
  return digits(Buffer.of((n * 2) % 256, Math.floor(n / 128)));
}

/** Four octets of a short floating point number, for expectations with many of them. */
export function float(value: number): string {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatLE(value);
  return digits(buffer);
}
