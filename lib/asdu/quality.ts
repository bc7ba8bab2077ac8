import { type TypeRow, types } from './types.js';

/** The five quality flags as messages carry them. A flag that the type's status octet lacks is false. */
export interface Quality {
  /** IV: the value is invalid. */
  readonly invalid: boolean;
  /** NT: the value is not topical, its last update failed. */
  readonly notTopical: boolean;
  /** SB: the value was put in by an operator or another automatic source. */
  readonly substituted: boolean;
  /** BL: the value is blocked for transmission and keeps its state. */
  readonly blocked: boolean;
  /** OV: the value is beyond its range. */
  readonly overflow: boolean;
}

export const INVALID = 0x80;
export const NOT_TOPICAL = 0x40;
const SUBSTITUTED = 0x20;
const BLOCKED = 0x10;
export const OVERFLOW = 0x01;
/** BCR: the counter was adjusted since the last reading, and carried over. */
export const ADJUSTED = 0x40;
export const CARRY = 0x20;

/** Where the quality bits of a type's status octet stand. */
function bits(row: TypeRow): number {
  let mask = 0;
  for (const { name } of row.elements) {
    if (name === 'QDS') mask |= INVALID | NOT_TOPICAL | SUBSTITUTED | BLOCKED | OVERFLOW;
    else if (name === 'SIQ' || name === 'DIQ' || name === 'QDP' || name === 'SEP')
      mask |= INVALID | NOT_TOPICAL | SUBSTITUTED | BLOCKED;
    else if (name === 'BCR') mask |= INVALID;
  }
  return mask;
}

const masks = new Map<TypeRow, number>(Object.values(types).map((row) => [row, bits(row)]));

/** The bits of a type's status octet that are quality. */
export function qualityMask(row: TypeRow): number {
  return masks.get(row) ?? 0;
}

/** The flags of a status octet. */
export function qualityOf(row: TypeRow, status: number): Quality {
  const set = status & qualityMask(row);
  return {
    invalid: (set & INVALID) !== 0,
    notTopical: (set & NOT_TOPICAL) !== 0,
    substituted: (set & SUBSTITUTED) !== 0,
    blocked: (set & BLOCKED) !== 0,
    overflow: (set & OVERFLOW) !== 0,
  };
}

/** Whether a value can be used with reserve: any flag but invalid; of a counter, that it was adjusted or carried over. */
export function isWeak(row: TypeRow, status: number): boolean {
  const ofCounters = row.isCounter ? ADJUSTED | CARRY : 0;
  return (status & ((qualityMask(row) & ~INVALID) | ofCounters)) !== 0;
}

/** The bits of the flags that the type has; a missing flag is false. */
export function qualityBits(row: TypeRow, quality: Partial<Quality>): number {
  return (
    ((quality.invalid ? INVALID : 0) |
      (quality.notTopical ? NOT_TOPICAL : 0) |
      (quality.substituted ? SUBSTITUTED : 0) |
      (quality.blocked ? BLOCKED : 0) |
      (quality.overflow ? OVERFLOW : 0)) &
    qualityMask(row)
  );
}
