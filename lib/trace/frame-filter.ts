import { APCI_OCTETS } from '../apci/frame.js';
import { decodeAsdu, decodeHeader, MAX_IOA } from '../asdu/asdu.js';
import { causeName } from '../asdu/cause.js';
import { HEADER_OCTETS, typeById } from '../asdu/types.js';
import { TelecontrolError } from '../octets/error.js';
import { frameKind } from './describe.js';
import type { PassingFrame } from './frame-watch.js';
import { describePassing, passingKind } from './passing.js';

/** A frame and the line that it passed on. */
export interface FrameOfLine extends PassingFrame {
  /** The id of the line. */
  readonly line: string;
}

/** Whether a frame is one of those that somebody wants to see. */
export type FrameFilter = (frame: FrameOfLine) => boolean;

/** A criterion: what it asks of a frame, made of the text that a user has written. */
type Criterion = (text: string) => FrameFilter;

/**
 * By name, those that cost least first: a frame is described only if nothing else sorts it out. In lists separated by
 * commas one has to fit, in names `*` stands for anything.
 */
const criteria = {
  line: (text) => (frame) => frame.line === text,
  direction: (text) => {
    if (text !== 'sent' && text !== 'received') throw wrong('direction', text, 'sent or received');
    return (frame) => frame.direction === text;
  },
  /** `I`, `S`, `U`; `?` is what is no APDU, `B` octets of a byte channel. */
  kind: (text) => {
    const kinds = listed(text).map((kind) => kind.toUpperCase());
    if (!kinds.every((kind) => /^[ISU?B]$/.test(kind))) throw wrong('kind', text, 'some of I, S, U, ? and B');
    return (frame) => kinds.includes(passingKind(frame));
  },
  connection: (text) => {
    const patterns = listed(text).map((part) => pattern(part, true));
    return ({ remote }) => patterns.some((fits) => fits(remote));
  },
  /** Numbers, ranges and labels: `30, 45-51, M_ME_*`. */
  type: (text) => {
    const found = named('type', text, 255, (id) => typeById(id)?.label);
    return ofHeader(({ typeId }) => found.has(typeId));
  },
  /** Numbers, ranges and names as messages carry them: `3, 20-36, activation*`. */
  cause: (text) => {
    const found = named('cause', text, 63, causeName);
    return ofHeader(({ cause }) => found.has(cause));
  },
  ca: (text) => {
    const ranges = listed(text).map((part) => range('ca', part, 65535));
    return ofHeader(({ commonAddress }) => ranges.some((each) => covers(each, commonAddress)));
  },
  /** Object addresses and ranges, decimal or hexadecimal behind `#`: `100-199, #1F4`. */
  ioa: (text) => {
    const ranges = listed(text).map((part) => range('ioa', part, MAX_IOA));
    return (frame) => {
      if (!hasAsdu(frame)) return false;
      try {
        return decodeAsdu(frame.octets.subarray(APCI_OCTETS)).objects.some(({ ioa }) =>
          ranges.some((r) => covers(r, ioa)),
        );
      } catch {
        // It has no objects that anybody could name.
        return false;
      }
    };
  },
  /** Anywhere in the line that describes the frame. */
  text: (text) => {
    const fits = pattern(text, false);
    return (frame) => fits(describePassing(frame));
  },
} as const satisfies Readonly<Record<string, Criterion>>;

export type CriterionName = keyof typeof criteria;

/** The names of all criteria. */
export const criterionNames = Object.keys(criteria) as readonly CriterionName[];

/**
 * A filter that asks for all that is given; of a criterion that is empty or missing it asks nothing.
 * @throws TelecontrolError `value` naming the criterion and what it takes
 */
export function frameFilter(given: Readonly<Partial<Record<CriterionName, string>>>): FrameFilter {
  const asked = criterionNames.flatMap((name) => {
    const text = (given[name] ?? '').trim();
    return text === '' ? [] : [criteria[name](text)];
  });
  return (frame) => asked.every((asks) => asks(frame));
}

function hasAsdu({ octets, isOctets }: FrameOfLine): boolean {
  return isOctets === undefined && frameKind(octets) === 'I' && octets.length >= APCI_OCTETS + HEADER_OCTETS;
}

function ofHeader(asks: (header: ReturnType<typeof decodeHeader>) => boolean): FrameFilter {
  return (frame) => hasAsdu(frame) && asks(decodeHeader(frame.octets.subarray(APCI_OCTETS)));
}

function listed(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** The numbers 0..max that a list names by number, by range, or by a name with `*`. */
function named(criterion: string, text: string, max: number, nameOf: (id: number) => string | undefined): Set<number> {
  const found = new Set<number>();
  for (const part of listed(text)) {
    const isNumber = /^[\d#]/.test(part);
    const fits = pattern(part, true);
    const numbers = isNumber ? range(criterion, part, max) : undefined;
    const before = found.size;
    for (let id = 0; id <= max; id++)
      if (numbers === undefined ? fits(nameOf(id) ?? '') : covers(numbers, id)) found.add(id);
    if (found.size === before && numbers === undefined && !part.includes('*'))
      throw wrong(criterion, part, 'numbers, ranges as 20-36, and names');
  }
  return found;
}

type Range = readonly [low: number, high: number];

const covers = ([low, high]: Range, value: number): boolean => value >= low && value <= high;

function range(criterion: string, text: string, max: number): Range {
  const [low, high = low, more] = text.split('-').map((part) => number(part.trim()));
  if (low === undefined || high === undefined || more !== undefined || !(low <= high) || !(high <= max))
    throw wrong(criterion, text, `numbers 0 to ${max} and ranges as 1-9`);
  return [low, high];
}

function number(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  return /^#[0-9a-f]+$/i.test(text) ? Number.parseInt(text.slice(1), 16) : Number.NaN;
}

/**
 * A test for texts in which `*` stands for anything, whatever the case. Part by part and without a regular expression: of
 * those somebody could write one that takes hours.
 * @param whole whether all of a text has to fit, or a part is enough
 */
function pattern(wanted: string, whole: boolean): (text: string) => boolean {
  const [first = '', ...rest] = (whole ? wanted : `*${wanted}*`).toLowerCase().split('*');
  const last = rest.pop();
  return (given) => {
    const text = given.toLowerCase();
    if (last === undefined) return text === first;
    if (!text.startsWith(first)) return false;
    let at = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return text.length - last.length >= at && text.endsWith(last);
  };
}

function wrong(criterion: string, text: string, allowed: string): TelecontrolError {
  return new TelecontrolError('value', `${criterion}: "${text.slice(0, 40)}" is not what is allowed: ${allowed}`);
}
