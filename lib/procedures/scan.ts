import type { writeHeader } from '../asdu/asdu.js';
import { cause } from '../asdu/cause.js';
import type { ObjectFields } from '../asdu/element.js';
import { AsduPacker } from '../asdu/packer.js';
import { INVALID, qualityMask } from '../asdu/quality.js';
import { type TypeRow, types } from '../asdu/types.js';
import type { OctetWriter } from '../octets/octets.js';
import type { FrozenReadings } from '../station/frozen.js';
import type { PointSet } from '../station/point-set.js';
import type { Station } from '../station/station.js';
import type { Request } from './request.js';

/** Whether an event of this number is still to be sent to the client that the scan is for. */
export type IsPending = (event: number, isCounter: boolean) => boolean;

/** Points looked at in one call at most, where all of them have events on the way. */
const PATIENCE = 1000;

/** How often a point is looked at again once the event that it was left for has gone. */
const TRIES = 200;

/** A point that is left for later: its place in the set, and the event that was on its way. */
interface Deferred {
  readonly place: number;
  readonly event: number;
  tries: number;
}

const tag7 = new Uint8Array(7);
const tag3 = new Uint8Array(3);
const scratch = { value: 0, status: 0, transient: false, elapsed: 0, time: tag7 } as unknown as {
  -readonly [K in keyof ObjectFields]: ObjectFields[K];
};
const packer = new AsduPacker();

/** Causes of what a station sends by itself, in turns: without time tags (7.2.3 of IEC 60870-5-101). */
const CYCLIC: ReadonlySet<number> = new Set([cause.periodic, cause.background]);

/** A walk through points of a station: of an interrogation, a read, or a cyclic transmission. */
export class Scan {
  private at = 0;
  /** What was left for later, and what is left for later still; undefined on the first walk. */
  private again: readonly Deferred[] | undefined;
  private deferred: Deferred[] = [];
  /** Of the instant when the scan was asked for. */
  private readonly frozen: FrozenReadings;

  /**
   * @param causeId of the values
   * @param request what asked for it: an interrogation is answered with 7 when the scan begins and 10 when it is done, a
   *   read (102) is not; undefined where the station sends by itself
   * @param originator of values that nobody asked for
   */
  constructor(
    readonly station: Station,
    readonly points: PointSet,
    readonly causeId: number,
    readonly request: Request | undefined,
    private readonly originator = 0,
  ) {
    this.frozen = station.image.frozen;
  }

  /** The type identification of the request; 0 without one. */
  get typeId(): number {
    return this.request?.asdu.typeId ?? 0;
  }

  get isDone(): boolean {
    return this.at >= this.length && this.deferred.length === 0;
  }

  private get length(): number {
    return this.again?.length ?? this.points.count;
  }

  get confirmation(): Uint8Array | undefined {
    return this.answer(cause['activation-confirmation']);
  }

  get termination(): Uint8Array | undefined {
    return this.answer(cause['activation-termination']);
  }

  private answer(causeId: number): Uint8Array | undefined {
    if (this.request === undefined || this.request.asdu.cause === cause.request) return undefined;
    return this.request.answer(causeId, false, this.station.commonAddress);
  }

  /**
   * Writes the next ASDU of values, each read now. A point with events on the way is left for later, since no older
   * value may follow a newer one.
   * @param wall ms since 1970 UTC
   * @returns the number of values; 0 with nothing written
   */
  next(to: OctetWriter, isPending: IsPending, wall: number): number {
    const { station, points } = this;
    const { image } = station;
    const { frozen } = this;
    const { II, IWOT, IGO, GISN } = station.parameters;
    const interrogated = this.typeId === types.C_IC_NA_1.id || this.typeId === types.C_CI_NA_1.id;
    const counters = this.typeId === types.C_CI_NA_1.id;
    // Integrated totals are asked for with their time of reading: IWOT is of 100 alone.
    const withoutTime = (IWOT && this.typeId === types.C_IC_NA_1.id) || CYCLIC.has(this.causeId);
    const latest = interrogated && !GISN ? wall + station.ahead : Infinity;
    let open: TypeRow | undefined;
    let looked = 0;
    // What is left for later is looked at once more in a call, not again and again.
    let isSecond = false;
    for (;;) {
      if (this.at >= this.length) {
        if (open !== undefined || this.deferred.length === 0 || isSecond) break;
        isSecond = true;
        this.again = this.deferred;
        this.deferred = [];
        this.at = 0;
      }
      const left = this.again?.[this.at];
      const place = left?.place ?? this.at;
      const configured = points.row(place);
      const i = points.index[place] as number;
      const event = image.lastEvent[i] as number;
      if (isPending(event, configured.isCounter)) {
        const deferred = left ?? { place, event, tries: 0 };
        // Once the event that it was left for has gone, the client has a newer value than it asked for: a point that
        // changes faster than the connection carries may be left out then, or the interrogation would never end.
        if (!isPending(deferred.event, configured.isCounter)) deferred.tries++;
        if (deferred.tries <= TRIES) this.deferred.push(deferred);
        this.at++;
        if (open === undefined && ++looked >= PATIENCE) break;
        continue;
      }
      const isFrozen = counters && frozen.has(i);
      const from = isFrozen ? frozen : image;
      const status = from.status[i] as number;
      const time = from.time[i] as number;
      // Type 21 has no quality that could say so, but what was never written is not valid either.
      const isInvalid = (status & INVALID & qualityMask(configured)) !== 0 || Number.isNaN(time);
      const isLeftOut = (II && interrogated && isInvalid) || time > latest;
      if (isLeftOut) {
        this.at++;
        continue;
      }
      const row = withoutTime ? configured.untimed : configured;
      if (open === undefined) {
        open = row;
        packer.begin(to, row, this.headerOf(row), IGO ? 127 : 1);
      } else if (row !== open || packer.full) break;
      scratch.value = from.value[i] as number;
      scratch.status = status;
      scratch.transient = image.extra[i] === 1;
      scratch.elapsed = image.extra[i] as number;
      if (row.time !== 'none') this.tag(row, time, !isFrozen && image.timeInvalid[i] === 1);
      packer.add(to, points.ioa[place] as number, scratch);
      this.at++;
    }
    if (open === undefined) return 0;
    packer.end(to);
    return packer.count;
  }

  private headerOf(row: TypeRow): Parameters<typeof writeHeader>[1] {
    const asked = this.request?.asdu;
    return {
      typeId: row.id,
      cause: this.causeId,
      negative: false,
      test: asked?.test ?? false,
      originator: asked?.originator ?? this.originator,
      commonAddress: this.station.commonAddress,
    };
  }

  /** A point that was never written has no time: its tag says 1970 and invalid. */
  private tag(row: TypeRow, ms: number, invalid: boolean): void {
    scratch.time = row.time === 'cp24' ? tag3 : tag7;
    const known = !Number.isNaN(ms);
    this.station.tagger.write(known ? ms : 0, invalid || !known, scratch.time);
  }
}
