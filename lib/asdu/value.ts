import { TelecontrolError } from '../octets/error.js';
import type { ObjectFields } from './element.js';
import { ADJUSTED, CARRY, OVERFLOW, type Quality, qualityBits, qualityMask } from './quality.js';
import type { TypeRow } from './types.js';

/** A value as the engine stores it: three numbers hold the elements of every type of process information. */
export interface Sample {
  /** The number that the value's element carries. */
  readonly value: number;
  /** The raw status octet; bits that belong to the value are taken from the value. */
  readonly status: number;
  /** Elapsed, duration or operating time in ms of types 17..19 and 38..40; 1 for a transient step position. */
  readonly extra: number;
}

/** What a flow may give beside a value. */
export interface ValueInput {
  readonly value?: unknown;
  readonly quality?: Partial<Quality> | undefined;
  /** Raw status octet 0..255; overrides `quality`, `sequence`, `carry` and `adjusted`. */
  readonly status?: number | undefined;
  /** Normalized value as the 16-bit integer; taken in preference to `value`. */
  readonly raw?: number | undefined;
  readonly transient?: boolean | undefined;
  /** Sequence number of a counter reading, 0..31. */
  readonly sequence?: number | undefined;
  readonly carry?: boolean | undefined;
  readonly adjusted?: boolean | undefined;
}

const FLOAT_MAX = 3.4028234663852886e38;
const startNames = ['general', 'l1', 'l2', 'l3', 'earth', 'reverse'] as const;
const outputNames = ['general', 'l1', 'l2', 'l3'] as const;

/** How the values of an information element are taken; undefined stands for a value that it cannot hold. */
interface Kind {
  readonly allowed: string;
  /** Bits of the status octet that are the value's. */
  readonly own?: number;
  value(input: ValueInput): number | undefined;
  extra?(input: ValueInput): number | undefined;
  /** Measured values: what lies beyond is put at the limit. */
  readonly limits?: readonly [low: number, high: number];
}

const isWhole = (given: unknown, low: number, high: number): given is number =>
  Number.isInteger(given) && (given as number) >= low && (given as number) <= high;

const whole = (low: number, high: number): Kind => ({
  allowed: `a whole number ${low}..${high}`,
  value: ({ value }) => (isWhole(value, low, high) ? value : undefined),
});

const single: Kind = {
  own: 0x01,
  allowed: 'true, false, 1 or 0',
  value: ({ value }) => (value === true || value === 1 ? 1 : value === false || value === 0 ? 0 : undefined),
};

const double: Kind = {
  own: 0x03,
  allowed: '0..3, true (2, on) or false (1, off)',
  value: ({ value }) => (value === true ? 2 : value === false ? 1 : isWhole(value, 0, 3) ? value : undefined),
};

const finite = (given: unknown): number | undefined =>
  typeof given === 'number' && Number.isFinite(given) ? given : undefined;

/** A value of protection equipment: an object of the value proper and a time in ms. */
const protection = (key: string, time: string, allowed: string, take: (given: unknown) => number | undefined): Kind => {
  const part = (input: ValueInput, name: string): unknown =>
    typeof input.value === 'object' && input.value !== null
      ? (input.value as Record<string, unknown>)[name]
      : undefined;
  return {
    allowed: `{${key}: ${allowed}, ${time}: 0..65535}`,
    value: (input) => take(part(input, key)),
    extra: (input) => {
      const elapsed = part(input, time) ?? 0;
      return isWhole(elapsed, 0, 65535) ? elapsed : undefined;
    },
  };
};

const flagsOf =
  (names: readonly string[]) =>
  (given: unknown): number | undefined => {
    if (typeof given !== 'object' || given === null) return undefined;
    let set = 0;
    for (const [name, on] of Object.entries(given)) {
      const bit = names.indexOf(name);
      if (bit < 0 || typeof on !== 'boolean') return undefined;
      if (on) set |= 1 << bit;
    }
    return set;
  };

const kinds: Readonly<Record<string, Kind>> = {
  SIQ: single,
  SCO: single,
  DIQ: double,
  DCO: double,
  RCO: { ...whole(0, 3), own: 0x03 },
  VTI: { ...whole(-64, 63), extra: ({ transient }) => (transient ? 1 : 0) },
  BSI: whole(0, 0xffffffff),
  SCD: whole(0, 0xffffffff),
  NVA: {
    allowed: 'a number -1..1',
    // In units of raw / 32768; 1 itself has no raw integer and becomes the highest one.
    value: ({ value, raw }) => {
      if (raw !== undefined) return Number.isInteger(raw) ? raw / 32768 : undefined;
      const given = finite(value);
      if (given === undefined || given > 1 || given < -1) return given;
      return Math.min(32767, Math.round(given * 32768)) / 32768;
    },
    limits: [-1, 32767 / 32768],
  },
  SVA: {
    allowed: 'a whole number -32768..32767',
    value: ({ value }) => (Number.isInteger(value) ? (value as number) : undefined),
    limits: [-32768, 32767],
  },
  R32: {
    allowed: 'a finite number -3.4028235e38..3.4028235e38',
    // As it goes to the wire: what makes no difference there is no event.
    value: ({ value }) => {
      const given = finite(value);
      return given === undefined ? undefined : Math.fround(given);
    },
    limits: [-FLOAT_MAX, FLOAT_MAX],
  },
  R64: { allowed: 'a finite number', value: ({ value }) => finite(value) },
  BCR: whole(-2147483648, 2147483647),
  SEP: {
    ...protection('event', 'elapsedMs', '0..3', (given) => (isWhole(given, 0, 3) ? given : undefined)),
    own: 0x03,
  },
  SPE: protection('start', 'durationMs', `{${startNames.join(', ')}}`, flagsOf(startNames)),
  OCI: protection('output', 'operatingMs', `{${outputNames.join(', ')}}`, flagsOf(outputNames)),
};

/** What a value of a type may be, for error texts, help and documents. */
export function allowedValues(row: TypeRow): string {
  return kinds[row.first?.name ?? '']?.allowed ?? 'no value';
}

/**
 * Checks a value against its type and turns it into numbers. Measured values beyond the range of their type are put at
 * its limit and marked with OV; nothing else is changed.
 * @throws TelecontrolError `value` naming what is allowed
 */
export function accept(row: TypeRow, input: ValueInput): Sample {
  const kind = kinds[row.first?.name ?? ''];
  if (kind === undefined) throw new TelecontrolError('type', `${row.label} carries no value`);
  let value = kind.value(input);
  const extra = kind.extra === undefined ? 0 : kind.extra(input);
  if (value === undefined || extra === undefined) throw wrong(row, input.raw ?? input.value);
  let status = statusOf(row, input) & ~(kind.own ?? 0);
  if (kind.limits !== undefined) {
    const [low, high] = kind.limits;
    if (value < low || value > high) {
      if (row.direction !== 'monitor') throw wrong(row, input.raw ?? input.value);
      value = value < low ? low : high;
      status |= OVERFLOW & qualityMask(row);
    }
  }
  return { value, status, extra };
}

function wrong(row: TypeRow, given: unknown): TelecontrolError {
  return new TelecontrolError('value', `${show(given)} is not a value of ${row.label}: ${allowedValues(row)}`);
}

/** A misspelt flag would make a good value of a bad one. */
const flags: ReadonlySet<string> = new Set(['invalid', 'notTopical', 'substituted', 'blocked', 'overflow']);

function statusOf(row: TypeRow, input: ValueInput): number {
  boolean('transient', input.transient);
  boolean('carry', input.carry);
  boolean('adjusted', input.adjusted);
  if (input.status !== undefined) {
    if (!Number.isInteger(input.status) || input.status < 0 || input.status > 255)
      throw new TelecontrolError('value', `status ${show(input.status)} is not an octet, 0..255`);
    // Of a type without the octet it would make events that look all the same.
    return row.elements.some(({ fields }) => fields.includes('status')) ? input.status : 0;
  }
  let status = 0;
  if (input.quality !== undefined && input.quality !== null) {
    if (typeof input.quality !== 'object')
      throw new TelecontrolError('value', `quality ${show(input.quality)} is not an object of flags`);
    for (const [flag, on] of Object.entries(input.quality)) {
      if (!flags.has(flag))
        throw new TelecontrolError(
          'value',
          `quality has no flag "${flag.slice(0, 40)}", only ${[...flags].join(', ')}`,
        );
      boolean(flag, on);
    }
    status = qualityBits(row, input.quality);
  }
  if (row.first?.name !== 'BCR') return status;
  const sequence = input.sequence ?? 0;
  if (!Number.isInteger(sequence) || sequence < 0 || sequence > 31)
    throw new TelecontrolError('value', `sequence ${show(sequence)} is not 0..31`);
  return status | sequence | (input.carry ? CARRY : 0) | (input.adjusted ? ADJUSTED : 0);
}

/** The value of an object as messages carry it, and the fields that stand beside it. */
export function present(
  row: TypeRow,
  object: Readonly<Partial<ObjectFields>>,
): { readonly payload: unknown; readonly beside: Readonly<Record<string, unknown>> } {
  const value = object.value ?? 0;
  const status = object.status ?? 0;
  const flags = (names: readonly string[]): Record<string, boolean> =>
    Object.fromEntries(names.map((name, bit) => [name, (value & (1 << bit)) !== 0]));
  switch (row.first?.name) {
    case 'SIQ':
    case 'SCO':
      return { payload: value !== 0, beside: {} };
    case 'VTI':
      return { payload: value, beside: { transient: object.transient ?? false } };
    case 'NVA':
      return { payload: value, beside: { raw: value * 32768 } };
    case 'BCR':
      return {
        payload: value,
        beside: { sequence: status & 0x1f, carry: (status & CARRY) !== 0, adjusted: (status & ADJUSTED) !== 0 },
      };
    case 'SEP':
      return { payload: { event: value, elapsedMs: object.elapsed ?? 0 }, beside: {} };
    case 'SPE':
      return { payload: { start: flags(startNames), durationMs: object.elapsed ?? 0 }, beside: {} };
    case 'OCI':
      return { payload: { output: flags(outputNames), operatingMs: object.elapsed ?? 0 }, beside: {} };
    default:
      return { payload: value, beside: {} };
  }
}

/** Nothing is coerced: the text "false" would set a flag. */
function boolean(name: string, given: unknown): void {
  if (given !== undefined && typeof given !== 'boolean')
    throw new TelecontrolError('value', `${name} ${show(given)} is neither true nor false`);
}

function show(given: unknown): string {
  if (typeof given === 'string') return `"${given.slice(0, 40)}"`;
  if (typeof given === 'object' && given !== null) return Array.isArray(given) ? 'an array' : 'an object';
  return String(given);
}
