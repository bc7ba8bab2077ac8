import { hex } from '../octets/octets.js';
import { describeFrame, type FrameKind, frameKind } from './describe.js';
import { describeFields, type FrameField } from './fields.js';
import type { PassingFrame } from './frame-watch.js';

/** What may pass on a line: APDUs, `?` for what should be one and is not, `B` for octets of a byte channel. */
export type PassingKind = FrameKind | '?' | 'B';

/** Octets of a channel that are shown in one line. */
const SHOWN = 32;
/** Octets of a channel in each field. */
const ROW = 16;

export function passingKind({ octets, isOctets }: Pick<PassingFrame, 'octets' | 'isOctets'>): PassingKind {
  return isOctets ? 'B' : (frameKind(octets) ?? '?');
}

/** In one line that begins with the kind: of an APDU what it says, of other octets their digits and text. Never throws. */
export function describePassing({ octets, isOctets }: Pick<PassingFrame, 'octets' | 'isOctets'>): string {
  if (!isOctets) return describeFrame(octets);
  return `B ${hex(octets, SHOWN)} |${textOf(octets.subarray(0, SHOWN))}|`;
}

/** Field by field; octets of a channel sixteen at a time, with what they say as text. Never throws. */
export function passingFields({ octets, isOctets }: Pick<PassingFrame, 'octets' | 'isOctets'>): readonly FrameField[] {
  if (!isOctets) return describeFields(octets);
  return Array.from({ length: Math.ceil(octets.length / ROW) }, (_, i): FrameField => {
    const offset = i * ROW;
    const part = octets.subarray(offset, offset + ROW);
    return { offset, length: part.length, octets: hex(part), name: String(offset), meaning: textOf(part) };
  });
}

/** The octets as ASCII, a point for each that has no character there. */
function textOf(octets: Uint8Array): string {
  return Array.from(octets, (octet) => (octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.')).join('');
}
