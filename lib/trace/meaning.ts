import type { Element, FieldName, ObjectFields } from '../asdu/element.js';
import { ADJUSTED, CARRY, qualityOf } from '../asdu/quality.js';
import type { TypeRow } from '../asdu/types.js';
import { present } from '../asdu/value.js';

/** What the elements of an information object say, in a few words each. Octets that say nothing defined are shown too. */

type Fields = Readonly<Partial<ObjectFields>>;

/** The elements of an object in one line; a good quality goes without saying. */
export function objectMeaning(row: TypeRow, object: Fields): string {
  return row.elements
    .map((element) => elementMeaning(row, element, object))
    .filter((text) => text !== '')
    .join(' ');
}

/** One element; empty for a quality without any flag. */
export function elementMeaning(row: TypeRow, element: Element, object: Fields): string {
  return element.fields
    .map((field) => fieldMeaning(row, element.name, field, object))
    .filter((text) => text !== '')
    .join(' ');
}

function fieldMeaning(row: TypeRow, element: string, field: FieldName, object: Fields): string {
  const number = object[field] as number;
  switch (field) {
    case 'value':
      return valueMeaning(row, element, object);
    case 'status':
      return row.direction === 'monitor' ? qualityMeaning(row, number) : commandMeaning(element, number);
    case 'transient':
      return object.transient ? 'transient' : '';
    case 'elapsed':
      return `${number} ms`;
    case 'qualifier':
      return qualifierMeaning(element, number);
    case 'pattern':
      return element === 'FBP' ? `pattern ${number.toString(16)}` : `counter ${number}`;
    case 'association':
      return `association ${number}`;
    case 'nof':
      return `file ${number}`;
    case 'nos':
      return `section ${number}`;
    case 'lof':
      return `${number} octets`;
    case 'file':
      return `${element} ${number}`;
    case 'chs':
      return `checksum ${number}`;
    case 'segment':
      return `segment of ${object.segment?.length ?? 0} octets`;
    case 'time':
      return timeMeaning(object.time);
    case 'from':
      return `from ${timeMeaning(object.from)}`;
  }
}

function valueMeaning(row: TypeRow, element: string, object: Fields): string {
  const value = object.value ?? 0;
  switch (element) {
    case 'SIQ':
    case 'SCO':
      return value === 1 ? 'on' : 'off';
    case 'DIQ':
    case 'DCO':
      return ['intermediate', 'off', 'on', 'indeterminate'][value] ?? String(value);
    case 'RCO':
      return ['not permitted', 'lower', 'higher', 'not permitted'][value] ?? String(value);
    case 'BSI':
    case 'SCD':
      return `0x${value.toString(16).padStart(8, '0')}`;
    case 'NVA':
      return `${Number(value.toFixed(6))} (${value * 32768})`;
    case 'R32':
      // Seven digits are what 32 bits hold: 0.1 is not 0.10000000149011612 for whoever sent it.
      return String(Number(value.toPrecision(7)));
    case 'SEP':
      return `event ${value}`;
    case 'SPE':
      return flagsMeaning('start', present(row, object).payload);
    case 'OCI':
      return flagsMeaning('output', present(row, object).payload);
    default:
      return String(value);
  }
}

/** The flags of protection equipment that are set: `start general l1`. */
function flagsMeaning(key: string, payload: unknown): string {
  const flags = (payload as Readonly<Record<string, Readonly<Record<string, boolean>>>>)[key] ?? {};
  return [key, ...Object.keys(flags).filter((name) => flags[name])].join(' ');
}

/** The flags of a quality descriptor by the names of the standard, and what else a counter reading tells. */
function qualityMeaning(row: TypeRow, status: number): string {
  const { invalid, notTopical, substituted, blocked, overflow } = qualityOf(row, status);
  const isCounter = row.elements.some(({ name }) => name === 'BCR');
  const shown: readonly [boolean, string][] = [
    [isCounter, `sequence ${status & 0x1f}`],
    [isCounter && (status & CARRY) !== 0, 'CY'],
    [isCounter && (status & ADJUSTED) !== 0, 'CA'],
    [invalid, 'IV'],
    [notTopical, 'NT'],
    [substituted, 'SB'],
    [blocked, 'BL'],
    [overflow, 'OV'],
  ];
  return shown.flatMap(([isShown, text]) => (isShown ? [text] : [])).join(' ');
}

/** S/E and the qualifier of a command: QU of five bits, QL of seven. */
function commandMeaning(element: string, status: number): string {
  const phase = (status & 0x80) === 0 ? 'execute' : 'select';
  return element === 'QOS' ? `${phase} QL ${status & 0x7f}` : `${phase} QU ${(status >> 2) & 0x1f}`;
}

function qualifierMeaning(element: string, qualifier: number): string {
  switch (element) {
    case 'QOI':
      if (qualifier === 20) return 'QOI 20 station';
      return qualifier > 20 && qualifier <= 36 ? `QOI ${qualifier} group ${qualifier - 20}` : `QOI ${qualifier}`;
    case 'QCC': {
      const freeze = ['read', 'freeze', 'freeze and reset', 'reset'][qualifier >> 6];
      return `QCC ${qualifier} RQT ${qualifier & 0x3f} ${freeze}`;
    }
    default:
      return `${element} ${qualifier}`;
  }
}

/** A time tag as it is written, in whatever zone: `2026-02-03 04:05:06.789`, of three octets `:05:06.789`. */
export function timeMeaning(tag: Uint8Array | undefined): string {
  const octet = (i: number): number => tag?.[i] ?? 0;
  const two = (number: number): string => String(number).padStart(2, '0');
  const ms = octet(0) | (octet(1) << 8);
  const minute = octet(2) & 0x3f;
  const seconds = `${two(Math.floor(ms / 1000))}.${String(ms % 1000).padStart(3, '0')}`;
  const marks = `${(octet(2) & 0x80) !== 0 ? ' IV' : ''}${(octet(3) & 0x80) !== 0 ? ' SU' : ''}`;
  if (tag === undefined || tag.length < 7) return `:${two(minute)}:${seconds}${marks}`;
  const year = octet(6) & 0x7f;
  const date = `${year + (year >= 70 ? 1900 : 2000)}-${two(octet(5) & 0x0f)}-${two(octet(4) & 0x1f)}`;
  return `${date} ${two(octet(3) & 0x1f)}:${two(minute)}:${seconds}${marks}`;
}
