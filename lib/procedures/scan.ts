import type { writeHeader } from '../asdu/asdu.js';
import { cause } from '../asdu/cause.js';
import type { ObjectFields } from '../asdu/element.js';
import { AsduPacker } from '../asdu/packer.js';
import { INVALID, qualityMask } from '../asdu/quality.js';
import { type TypeRow, types } from '../asdu/types.js';
import type { OctetWriter } from '../octets/octets.js';
import type { PointSet } from '../station/point-set.js';
import type { Station } from '../station/station.js';
import type { Request } from './request.js';

/** Whether an event of this number is still to be sent to the client that the scan is for. */
export type IsPending = (event: number, isCounter: boolean) => boolean;

/** Points looked at in one call at most, where all of them have events on the way. */
const PATIENCE = 1000;

const tag7 = new Uint8Array(7);
const tag3 = new Uint8Array(3);
const scratch = { value: 0, status: 0, transient: false, elapsed: 0, time: tag7 } as unknown as {
  -readonly [K in keyof ObjectFields]: ObjectFields[K];
};
const packer = new AsduPacker();

/** A walk through points of a station, as an interrogation or a read asks for it. One is under way at a time per client. */
export class Scan {
  private at = 0;
  /** Places in the set that were left for later, and those left for later still; undefined on the first walk. */
  private again: readonly number[] | undefined;
  private deferred: number[] = [];

  /**
   * @param request answered with 7 when the scan begins and 10 when it is done; a read (102) is not
   * @param causeId of the values
   */
  constructor(
    readonly station: Station,
    readonly request: Request,
    private readonly points: PointSet,
    private readonly causeId: number,
  ) {}

  get typeId(): number {
    return this.request.asdu.typeId;
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
    if (this.request.asdu.cause === cause.request) return undefined;
    return this.request.answer(causeId, false, this.station.commonAddress);
  }

  /**
   * Writes the next ASDU of values, each read now. A point with events on the way is left for later, since no older
   * value may follow a newer one.
   * @returns the number of values; 0 with nothing written
   */
  next(to: OctetWriter, isPending: IsPending): number {
    const { station, points } = this;
    const { image } = station;
    const { II, IWOT, IGO } = station.parameters;
    const read = this.causeId === cause.request;
    // Integrated totals are asked for with their time of reading: IWOT is of 100 alone.
    const withoutTime = IWOT && this.typeId === types.C_IC_NA_1.id;
    let open: TypeRow | undefined;
    let looked = 0;
    for (;;) {
      if (this.at >= this.length) {
        if (open !== undefined || this.deferred.length === 0) break;
        this.again = this.deferred;
        this.deferred = [];
        this.at = 0;
      }
      const place = this.again === undefined ? this.at : (this.again[this.at] as number);
      const configured = points.row(place);
      const i = points.index[place] as number;
      if (isPending(image.lastEvent[i] as number, configured.isCounter)) {
        this.deferred.push(place);
        this.at++;
        if (open === undefined && ++looked >= PATIENCE) break;
        continue;
      }
      const status = image.status[i] as number;
      if (II && !read && (status & INVALID & qualityMask(configured)) !== 0) {
        this.at++;
        continue;
      }
      const row = withoutTime ? configured.untimed : configured;
      if (open === undefined) {
        open = row;
        packer.begin(to, row, this.headerOf(row), IGO ? 127 : 1);
      } else if (row !== open || packer.full) break;
      scratch.value = image.value[i] as number;
      scratch.status = status;
      scratch.transient = image.extra[i] === 1;
      scratch.elapsed = image.extra[i] as number;
      if (row.time !== 'none') this.tag(row, image.time[i] as number, image.timeInvalid[i] === 1);
      packer.add(to, points.ioa[place] as number, scratch);
      this.at++;
    }
    if (open === undefined) return 0;
    packer.end(to);
    return packer.count;
  }

  private headerOf(row: TypeRow): Parameters<typeof writeHeader>[1] {
    const { originator, test } = this.request.asdu;
    return {
      typeId: row.id,
      cause: this.causeId,
      negative: false,
      test,
      originator,
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
