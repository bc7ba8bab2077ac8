import { cause } from '../asdu/cause.js';
import type { TypeRow } from '../asdu/types.js';
import { type Assignment, assignment, reversedAssignment } from '../procedures/assignments.js';
import { EVENTS_ONLY } from '../procedures/interrogation.js';
import type { Point } from '../station/points.js';
import type { StationFacts } from './facts.js';
import { type Mark, markOf } from './structure.js';

const causesOf = ({ taken, sent }: Assignment): readonly number[] => [...taken, ...sent];

/** With which types and causes a station works. */
export interface TypeUsage {
  /** Whether the product does more with a type than saying that it does not know it. */
  supports(row: TypeRow): boolean;
  /** How a type is used at all. */
  ofType(row: TypeRow): Mark;
  /** How a type is used with any of these causes. */
  ofCauses(row: TypeRow, causes: readonly number[]): Mark;
  /** How many points a type is configured for, of both directions. */
  points(row: TypeRow): number;
}

/** With which types and causes a station transmits, worked out from its points and parameters. */
export class Usage implements TypeUsage {
  private readonly standard = new Map<TypeRow, Set<number>>();
  private readonly reversed = new Map<TypeRow, Set<number>>();
  private readonly counts = new Map<TypeRow, number>();
  /** Types of commands that have points, without time tag. */
  private readonly commanded = new Set<TypeRow>();

  constructor(private readonly facts: StationFacts) {
    const { points } = facts;
    for (const { row } of [...points.out, ...points.in]) this.counts.set(row, this.points(row) + 1);
    for (const point of points.out) {
      if (point.row.direction === 'monitor') this.addMonitored(point);
      else this.add(this.reversed, point.row, causesOf(reversedAssignment(point.row)));
    }
    for (const { row } of points.in) {
      this.commanded.add(row.untimed);
      if (row.direction === 'monitor') this.add(this.reversed, row, reversedAssignment(row).taken);
    }
  }

  supports(row: TypeRow): boolean {
    return causesOf(assignment(row)).some((id) => id !== cause['unknown-type']);
  }

  ofType(row: TypeRow): Mark {
    const can = this.supports(row);
    return both(can && this.causes(row).size > 0, this.reversedCauses(row).size > 0, can);
  }

  ofCauses(row: TypeRow, causes: readonly number[]): Mark {
    const has = (set: ReadonlySet<number>): boolean => causes.some((id) => set.has(id));
    const can = new Set(causesOf(assignment(row)));
    return both(has(this.causes(row)), has(this.reversedCauses(row)), has(can));
  }

  points(row: TypeRow): number {
    return this.counts.get(row) ?? 0;
  }

  private causes(row: TypeRow): ReadonlySet<number> {
    const { CMDC } = this.facts.parameters;
    switch (row.direction) {
      case 'monitor':
        return this.standard.get(row) ?? new Set();
      case 'control':
        // A point takes its command with and without a time tag.
        return new Set(this.commanded.has(row.untimed) ? this.answered(row, CMDC >= 2) : []);
      case 'file':
        return new Set(this.facts.files ? causesOf(assignment(row)) : []);
      default:
        // The time is confirmed or terminated, not both.
        return new Set(this.answered(row, row.label !== 'C_CS_NA_1' || CMDC === 2));
    }
  }

  /** Causes of a type, with or without termination: 7 and 9 stand for refusals as well. */
  private answered(row: TypeRow, isTerminated: boolean): readonly number[] {
    return causesOf(assignment(row)).filter((id) => isTerminated || id !== cause['activation-termination']);
  }

  private reversedCauses(row: TypeRow): ReadonlySet<number> {
    const { balanced, syncPeriod, parameters } = this.facts;
    const asks =
      (row.label === 'C_IC_NA_1' && balanced && parameters.OIC > 0) ||
      (row.label === 'C_CI_NA_1' && balanced && parameters.OCIC > 0) ||
      (row.label === 'C_CS_NA_1' && syncPeriod > 0);
    return asks ? new Set(causesOf(reversedAssignment(row))) : (this.reversed.get(row) ?? new Set());
  }

  private addMonitored(point: Point): void {
    const { row } = point;
    const { BGS, ICCI, IWOT } = this.facts.parameters;
    this.add(this.standard, row, [cause.spontaneous, cause.request, cause.remote, cause.local]);
    if (point.period > 0) this.add(this.standard, row.untimed, [cause.periodic]);
    if (EVENTS_ONLY.has(row.id)) return;
    if (BGS > 0) this.add(this.standard, row.untimed, [cause.background]);
    if (row.isCounter) {
      const group = point.counterGroup > 0 ? [cause['counter-interrogation'] + point.counterGroup] : [];
      this.add(this.standard, row, [cause['counter-interrogation'], ...group]);
    }
    if (row.isCounter && !ICCI) return;
    const groups = groupsOf(point).map((group) => cause.interrogation + group);
    this.add(this.standard, IWOT ? row.untimed : row, [cause.interrogation, ...groups]);
  }

  private add(to: Map<TypeRow, Set<number>>, row: TypeRow, causes: readonly number[]): void {
    const known = to.get(row) ?? new Set();
    for (const id of causes) known.add(id);
    to.set(row, known);
  }
}

/** The interrogation groups of a point, 1..16. */
export function groupsOf({ groups }: Pick<Point, 'groups'>): number[] {
  return Array.from({ length: 16 }, (_, i) => i + 1).filter((group) => (groups & (1 << (group - 1))) !== 0);
}

function both(isUsed: boolean, isReversed: boolean, isSupported: boolean): Mark {
  if (isUsed && isReversed) return 'both';
  return isReversed ? 'reverse' : markOf(isUsed, isSupported);
}
