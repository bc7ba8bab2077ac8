import type { Asdu, InformationObject } from '../asdu/asdu.js';
import { cause } from '../asdu/cause.js';
import { type TypeRow, typeById } from '../asdu/types.js';
import { isPointType } from './points.js';

/** A common address that ASDUs named. */
export interface SeenAddress {
  readonly commonAddress: number;
  /** ASDUs with it. */
  readonly count: number;
  /** When the last of them came, ms since 1970 UTC. */
  readonly at: number;
  /** Objects of it that are remembered. */
  readonly objects: number;
}

/** An information object that was received: the last that came of its address and type. */
export interface SeenObject {
  readonly commonAddress: number;
  /** The type it came with last. Types that differ only in their time tag count as one. */
  readonly row: TypeRow;
  readonly object: InformationObject;
  /** Cause of transmission, 0..63. */
  readonly cause: number;
  readonly test: boolean;
  readonly negative: boolean;
  /** When it came, ms since 1970 UTC. */
  readonly at: number;
  readonly count: number;
  /** What `revision` was when it came. */
  readonly revision: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface SightingLimits {
  readonly addresses: number;
  readonly objects: number;
}

const LIMITS: SightingLimits = { addresses: 64, objects: 20_000 };

/** Causes of answers to what does not exist: they prove nothing of the addresses that they repeat. */
const isRefusal = (id: number): boolean => id >= cause['unknown-type'] && id <= cause['unknown-object-address'];

/**
 * What a line has received since it began or was cleared: common addresses, and the last value of each object, whether
 * anybody knows it or not. For dialogs in which a user chooses an address instead of typing it.
 *
 * A line has one, calls `note` with each ASDU that it receives, and keeps it over connections. It is bounded: what finds no
 * room is counted and forgotten, what has a place keeps it and goes on being updated.
 */
export class Sightings {
  private readonly seenAddresses = new Map<number, Mutable<SeenAddress>>();
  /** By common address and type without time tag, then by object address. */
  private readonly seenObjects = new Map<number, Map<number, Mutable<SeenObject>>>();
  private objectCount = 0;
  private noted = 0;
  private erased = 0;
  private missed = { addresses: 0, objects: 0 };

  constructor(private readonly limits = LIMITS) {}

  /** Grows with each ASDU: with it a reader asks for what has come since. */
  get revision(): number {
    return this.noted;
  }

  /** How often something was cleared: a reader that knows another number begins anew. */
  get generation(): number {
    return this.erased;
  }

  /** ASDUs and objects that found no room, since all was cleared. */
  get overflow(): SightingLimits {
    return this.missed;
  }

  /**
   * Notes the common address of a received ASDU and its objects. Answers with causes 44 to 47 count as nothing. System
   * commands have no object.
   * @param wall ms since 1970 UTC
   */
  note(asdu: Asdu, wall: number): void {
    if (isRefusal(asdu.cause)) return;
    this.noted++;
    const address = this.address(asdu.commonAddress);
    if (address !== undefined) {
      address.count++;
      address.at = wall;
    }
    const row = typeById(asdu.typeId);
    // Files have addresses of their own, and segments are no values to keep.
    if (row === undefined || row.direction === 'file') return;
    const isPoint = isPointType(row);
    for (const object of asdu.objects)
      if (isPoint || object.ioa !== 0) this.noteObject(asdu, address, row, object, wall);
  }

  /** The common addresses, ascending. */
  addresses(): SeenAddress[] {
    return [...this.seenAddresses.values()].sort((a, b) => a.commonAddress - b.commonAddress);
  }

  /**
   * The objects of a common address by address and type.
   * @param since only those that came after this `revision`
   */
  objects(commonAddress: number, since = 0): SeenObject[] {
    const found: SeenObject[] = [];
    for (const [key, bucket] of this.seenObjects)
      if (key >> 8 === commonAddress) for (const seen of bucket.values()) if (seen.revision > since) found.push(seen);
    return found.sort((a, b) => a.object.ioa - b.object.ioa || a.row.id - b.row.id);
  }

  /** Forgets the objects of a common address, or without one everything. */
  clear(commonAddress?: number): void {
    this.erased++;
    for (const [key, bucket] of this.seenObjects)
      if (commonAddress === undefined || key >> 8 === commonAddress) {
        this.objectCount -= bucket.size;
        this.seenObjects.delete(key);
      }
    const address = commonAddress === undefined ? undefined : this.seenAddresses.get(commonAddress);
    if (address !== undefined) address.objects = 0;
    if (commonAddress !== undefined) return;
    this.seenAddresses.clear();
    this.missed = { addresses: 0, objects: 0 };
  }

  private address(commonAddress: number): Mutable<SeenAddress> | undefined {
    const known = this.seenAddresses.get(commonAddress);
    if (known !== undefined) return known;
    if (this.seenAddresses.size >= this.limits.addresses) {
      this.missed.addresses++;
      return undefined;
    }
    const seen = { commonAddress, count: 0, at: 0, objects: 0 };
    this.seenAddresses.set(commonAddress, seen);
    return seen;
  }

  private noteObject(
    asdu: Asdu,
    address: Mutable<SeenAddress> | undefined,
    row: TypeRow,
    object: InformationObject,
    wall: number,
  ): void {
    const key = (asdu.commonAddress << 8) | row.untimed.id;
    let bucket = this.seenObjects.get(key);
    const seen = bucket?.get(object.ioa);
    if (seen !== undefined) return this.update(seen, asdu, row, object, wall);
    if (address === undefined || this.objectCount >= this.limits.objects) {
      this.missed.objects++;
      return;
    }
    if (bucket === undefined) {
      bucket = new Map();
      this.seenObjects.set(key, bucket);
    }
    this.objectCount++;
    address.objects++;
    const { commonAddress, test, negative } = asdu;
    const { noted: revision } = this;
    bucket.set(object.ioa, {
      commonAddress,
      row,
      object,
      cause: asdu.cause,
      test,
      negative,
      at: wall,
      count: 1,
      revision,
    });
  }

  private update(seen: Mutable<SeenObject>, asdu: Asdu, row: TypeRow, object: InformationObject, wall: number): void {
    seen.row = row;
    seen.object = object;
    seen.cause = asdu.cause;
    seen.test = asdu.test;
    seen.negative = asdu.negative;
    seen.at = wall;
    seen.count++;
    seen.revision = this.noted;
  }
}
