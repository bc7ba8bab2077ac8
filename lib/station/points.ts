import { MAX_IOA } from '../asdu/asdu.js';
import { type TypeRow, typeByLabel } from '../asdu/types.js';

export type PointDirection = 'out' | 'in';

/** A point as a user writes it: in the station's table, in a file, or in code. */
export interface PointInput {
  /** Information object address, a number or text, decimal or hexadecimal with a leading `#`. */
  readonly ioa: number | string;
  readonly tag?: string;
  /** The standard's label, e.g. `M_ME_TF_1`. */
  readonly type: string;
  readonly direction?: string;
  /** Interrogation groups 1..16. */
  readonly groups?: readonly (number | string)[];
  readonly counterGroup?: number | string;
  /** Seconds between periodic transmissions. */
  readonly period?: number | string;
  readonly deadband?: number | string;
  readonly sbo?: boolean | string;
  /** Object address of the monitored point that a command moves. */
  readonly feedback?: number | string;
}

/** A checked point of a station. */
export interface Point {
  readonly ioa: number;
  readonly tag: string | undefined;
  readonly row: TypeRow;
  readonly direction: PointDirection;
  /** Bit n-1 stands for interrogation group n. */
  readonly groups: number;
  /** 1..4, or 0. */
  readonly counterGroup: number;
  readonly period: number;
  readonly deadband: number;
  readonly sbo: boolean;
  readonly feedback: number | undefined;
  /** Its place among the points of its direction, and so in the station's image. */
  readonly index: number;
}

/** The points of a station, found by address and by tag. */
export class PointTable {
  /** Points that we send and that we receive, by ascending address; a point's index is its place here. */
  readonly out: readonly Point[];
  readonly in: readonly Point[];
  private readonly outByIoa = new Map<number, Point>();
  private readonly inByIoa = new Map<number, Point>();
  private readonly outByTag = new Map<string, Point>();
  private readonly inByTag = new Map<string, Point>();

  constructor(points: readonly Omit<Point, 'index'>[]) {
    const sorted = [...points].sort((a, b) => a.ioa - b.ioa);
    const numbered = (direction: PointDirection): Point[] =>
      sorted.filter((point) => point.direction === direction).map((point, index) => ({ ...point, index }));
    this.out = numbered('out');
    this.in = numbered('in');
    for (const point of this.out) {
      this.outByIoa.set(point.ioa, point);
      if (point.tag !== undefined) this.outByTag.set(point.tag, point);
    }
    for (const point of this.in) {
      this.inByIoa.set(point.ioa, point);
      if (point.tag !== undefined) this.inByTag.set(point.tag, point);
    }
  }

  find(direction: PointDirection, ioa: number): Point | undefined {
    return (direction === 'out' ? this.outByIoa : this.inByIoa).get(ioa);
  }

  findTag(direction: PointDirection, tag: string): Point | undefined {
    return (direction === 'out' ? this.outByTag : this.inByTag).get(tag);
  }
}

/** Process information that may stand in a point table; the first element of both carries a value. */
export function isPointType(row: TypeRow): boolean {
  return (row.direction === 'monitor' || row.direction === 'control') && row.label !== 'S_IT_TC_1';
}

/** An information object address as users write it; undefined where it is none. */
export function parseIoa(given: unknown): number | undefined {
  let ioa: number;
  if (typeof given === 'number') ioa = given;
  else if (typeof given !== 'string') return undefined;
  else {
    const text = given.trim();
    if (/^\d{1,8}$/.test(text)) ioa = Number(text);
    else if (/^#[0-9a-f]{1,6}$/i.test(text)) ioa = Number.parseInt(text.slice(1), 16);
    else return undefined;
  }
  return Number.isInteger(ioa) && ioa >= 0 && ioa <= MAX_IOA ? ioa : undefined;
}

/** Elements that count something: only of these can a change be small. */
const measured: ReadonlySet<string> = new Set(['NVA', 'SVA', 'R32', 'R64', 'BCR', 'VTI']);

/** Whether points of a type may have a deadband. */
export const takesDeadband = (row: TypeRow): boolean => measured.has(row.first?.name ?? '');

/** Elements with a bit that says select instead of execute: a bit string has none. */
const selectable: ReadonlySet<string> = new Set(['SCO', 'DCO', 'RCO', 'QOS']);

/** Whether points of a type may be marked for select before operate: of what is monitored it means nothing. */
export const takesSelect = (row: TypeRow): boolean =>
  row.direction !== 'control' || row.elements.some(({ name }) => selectable.has(name));

/** Where a point comes from, for errors: `point 3` of the table, or a line of a file. */
export interface PointOrigin {
  readonly point: PointInput;
  readonly place: string;
  /** What already reading it found wrong. */
  readonly problem?: string;
}

export interface CompiledPoints {
  readonly table: PointTable;
  /**
   * What is wrong, each naming the place, the point and what is allowed. Such points are left out; a command whose feedback
   * point is missing stays, without feedback.
   */
  readonly problems: readonly string[];
}

/**
 * Whose points they are. A server station sends what it monitors and takes commands; a client station the other way round;
 * a balanced one does both.
 */
export type PointRole = 'server' | 'balanced' | 'client';

/** Checks points. @param role says in which direction M_ and C_ points may go */
export function compilePoints(origins: Iterable<PointOrigin>, role: PointRole = 'server'): CompiledPoints {
  const problems: string[] = [];
  const points: Omit<Point, 'index'>[] = [];
  const places = { out: new Map<number, string>(), in: new Map<number, string>() };
  const tags = new Map<string, string>();
  for (const { point, place, problem } of origins) {
    const checked = problem ?? checkPoint(point, role);
    if (typeof checked === 'string') {
      problems.push(`${place}: ${checked}`);
      continue;
    }
    const known = places[checked.direction].get(checked.ioa);
    if (known !== undefined) {
      problems.push(`${place}: object address ${checked.ioa} (${checked.direction}) stands twice, first as ${known}`);
      continue;
    }
    if (checked.tag !== undefined) {
      const key = `${checked.direction} ${checked.tag}`;
      const other = tags.get(key);
      if (other !== undefined) {
        problems.push(`${place}: tag "${checked.tag}" stands twice, first at ${other}`);
        continue;
      }
      tags.set(key, place);
    }
    places[checked.direction].set(checked.ioa, place);
    points.push(checked);
  }
  const table = new PointTable(points);
  const [taken, moved, whose] =
    role === 'client' ? (['out', 'in', 'received'] as const) : (['in', 'out', 'sent'] as const);
  for (const { ioa, feedback } of table[taken]) {
    if (feedback !== undefined && table.find(moved, feedback) === undefined)
      problems.push(
        `${places[taken].get(ioa)}: feedback ${feedback} of object address ${ioa} is not a point that is ${whose}`,
      );
  }
  return { table, problems };
}

function checkPoint(input: PointInput, role: PointRole): Omit<Point, 'index'> | string {
  if (typeof input !== 'object' || input === null) return 'not a point';
  const ioa = parseIoa(input.ioa);
  if (ioa === undefined) return `object address ${show(input.ioa)} is not 0..${MAX_IOA}, decimal or #hexadecimal`;
  const at = `object address ${ioa}`;
  const row = typeByLabel(String(input.type ?? ''));
  if (row === undefined || !isPointType(row))
    return `${at}: type ${show(input.type)} does not exist; a label like M_ME_TF_1 is needed`;
  const natural: PointDirection = (row.direction === 'monitor') === (role === 'client') ? 'in' : 'out';
  const direction = blank(input.direction) ? natural : input.direction;
  if (direction !== 'out' && direction !== 'in') return `${at}: direction ${show(direction)} is neither out nor in`;
  if (direction !== natural && role !== 'balanced')
    return `${at}: direction ${direction} of ${row.label} needs a balanced station`;
  let groups = 0;
  const listed: unknown = input.groups ?? [];
  const list: readonly unknown[] = Array.isArray(listed)
    ? listed
    : String(listed)
        .split(/[\s,]+/)
        .filter(Boolean);
  for (const group of list) {
    const number = numeric(group);
    if (!Number.isInteger(number) || number < 1 || number > 16) return `${at}: group ${show(group)} is not 1..16`;
    groups |= 1 << (number - 1);
  }
  const counterGroup = blank(input.counterGroup) ? 0 : numeric(input.counterGroup);
  if (!Number.isInteger(counterGroup) || counterGroup < 0 || counterGroup > 4)
    return `${at}: counterGroup ${show(input.counterGroup)} is not 1..4`;
  const period = blank(input.period) ? 0 : numeric(input.period);
  if (!(period >= 0 && period <= 86_400 * 31)) return `${at}: period ${show(input.period)} is not seconds, 0 or more`;
  const deadband = blank(input.deadband) ? 0 : numeric(input.deadband);
  if (!(deadband >= 0 && Number.isFinite(deadband))) return `${at}: deadband ${show(input.deadband)} is not 0 or more`;
  if (deadband > 0 && !takesDeadband(row))
    return `${at}: a deadband needs a measured value, a step position or a counter, not ${row.label}`;
  const feedback = blank(input.feedback) ? undefined : parseIoa(input.feedback);
  if (feedback === undefined && !blank(input.feedback))
    return `${at}: feedback ${show(input.feedback)} is not an object address`;
  const sbo = truth(input.sbo);
  if (sbo === undefined) return `${at}: sbo ${show(input.sbo)} is neither true nor false`;
  if (sbo && !takesSelect(row)) return `${at}: sbo: a ${row.label} cannot be selected`;
  const tag = blank(input.tag) ? undefined : String(input.tag).trim();
  return { ioa, tag, row, direction, groups, counterGroup, period, deadband, sbo, feedback };
}

function blank(given: unknown): boolean {
  return given === undefined || given === null || (typeof given === 'string' && given.trim() === '');
}

/** A number, or text that is one; NaN for anything else. */
function numeric(given: unknown): number {
  return typeof given === 'number' || typeof given === 'string' ? Number(given) : Number.NaN;
}

function truth(given: unknown): boolean | undefined {
  if (blank(given) || given === false) return false;
  if (given === true) return true;
  return { true: true, '1': true, false: false, '0': false }[String(given).trim().toLowerCase()];
}

function show(given: unknown): string {
  return typeof given === 'string' ? `"${given.slice(0, 40)}"` : String(given);
}
