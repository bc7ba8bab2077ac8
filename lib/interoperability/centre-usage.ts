import { cause } from '../asdu/cause.js';
import type { TypeRow } from '../asdu/types.js';
import { controllingAssignment } from '../procedures/assignments.js';
import type { CentreFacts } from './facts.js';
import { type Mark, markOf } from './structure.js';
import type { TypeUsage } from './usage.js';

const { request, interrogation } = cause;
const counters = cause['counter-interrogation'];

/** With which types and causes a controlling station works with one of its stations. */
export class CentreUsage implements TypeUsage {
  private readonly counts = new Map<TypeRow, number>();
  /** Types that have points to receive, without time tag. */
  private readonly received = new Set<TypeRow>();
  /** Types of commands that are selected. */
  private readonly selected = new Set<TypeRow>();

  constructor(private readonly facts: CentreFacts) {
    const { points } = facts;
    for (const { row } of [...points.in, ...points.out]) this.counts.set(row, this.points(row) + 1);
    for (const { row } of points.in) this.received.add(row.untimed);
    for (const { row, sbo } of points.out) if (sbo) this.selected.add(row);
  }

  supports(row: TypeRow): boolean {
    return this.causes(row).length > 0;
  }

  ofType(row: TypeRow): Mark {
    return markOf(
      this.causes(row).some((id) => this.isUsed(row, id)),
      this.supports(row),
    );
  }

  ofCauses(row: TypeRow, causes: readonly number[]): Mark {
    const can = this.causes(row).filter((id) => causes.includes(id));
    return markOf(
      can.some((id) => this.isUsed(row, id)),
      can.length > 0,
    );
  }

  points(row: TypeRow): number {
    return this.counts.get(row) ?? 0;
  }

  private causes(row: TypeRow): readonly number[] {
    const { taken, sent } = controllingAssignment(row);
    return [...taken, ...sent];
  }

  /** Whether it is used without a flow ordering just this. */
  private isUsed(row: TypeRow, id: number): boolean {
    const { parameters, syncPeriod } = this.facts;
    const { CMDC, OIC, OCIC } = parameters;
    const ends = id !== cause['activation-termination'] || CMDC >= 2;
    switch (row.direction) {
      case 'monitor':
        return this.received.has(row.untimed) && this.brings(id);
      case 'control':
        if (id === cause.deactivation || id === cause['deactivation-confirmation']) return this.selected.has(row);
        return this.points(row) > 0 && ends;
      default:
    }
    switch (row.label) {
      case 'M_EI_NA_1':
        return true;
      case 'C_IC_NA_1':
        return this.isInterrogated && OIC > 0 && ends;
      case 'C_CI_NA_1':
        return this.isInterrogated && OCIC > 0 && ends;
      case 'C_CS_NA_1':
        return syncPeriod > 0 && id !== cause['activation-termination'];
      default:
        return false;
    }
  }

  /** Whether values come with a cause that no order has asked for. */
  private brings(id: number): boolean {
    if (id === interrogation) return this.facts.parameters.OIC > 0;
    if (id === counters) return this.facts.parameters.OCIC > 0;
    return id !== request && id < interrogation;
  }

  /** Data transfer begins with interrogations, unless there are commands alone. */
  private get isInterrogated(): boolean {
    const { points } = this.facts;
    return points.in.length > 0 || points.out.length === 0;
  }
}
