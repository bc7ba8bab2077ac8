import { INVALID, NOT_TOPICAL, qualityMask } from '../asdu/quality.js';
import type { Sample } from '../asdu/value.js';
import { FrozenReadings } from './frozen.js';
import type { Point } from './points.js';

/**
 * The present value of every point that a station sends, by the point's index: columns of numbers, since an
 * interrogation walks through all of them.
 */
export class Image {
  readonly value: Float64Array;
  readonly status: Uint8Array;
  readonly extra: Uint16Array;
  /** ms since 1970 UTC; NaN before the first write. */
  readonly time: Float64Array;
  /** 1 where the time tag is marked invalid. */
  readonly timeInvalid: Uint8Array;
  /** The value of the last event, which the deadband is measured from. */
  readonly reported: Float64Array;
  /** Number of the last event in its journal; -1 without one. */
  readonly lastEvent: Float64Array;

  /** The deadband in force: the point's own, or one that a client has loaded (110..112). */
  readonly deadband: Float64Array;
  /** The counters as they were frozen last; a freeze makes another one, so that who reads the old one reads one instant. */
  frozen: FrozenReadings;

  constructor(points: readonly Point[]) {
    const count = points.length;
    this.value = new Float64Array(count);
    this.status = new Uint8Array(count);
    this.extra = new Uint16Array(count);
    this.time = new Float64Array(count).fill(Number.NaN);
    this.timeInvalid = new Uint8Array(count);
    this.reported = new Float64Array(count);
    this.lastEvent = new Float64Array(count).fill(-1);
    this.deadband = Float64Array.from(points, ({ deadband }) => deadband);
    this.frozen = new FrozenReadings(count);
    for (const { index, row } of points) this.status[index] = (INVALID | NOT_TOPICAL) & qualityMask(row);
  }

  /** Whether the point has been written since the station began. */
  written(index: number): boolean {
    return !Number.isNaN(this.time[index]);
  }

  /**
   * Stores a sample.
   * @param given whether the writer gave the time itself: then another time alone is a change
   * @param forced stores it as a change even if it is none
   * @returns whether it differs from the image by more than the deadband: an event
   */
  store(point: Point, sample: Sample, time: number, timeInvalid: boolean, given: boolean, forced = false): boolean {
    const i = point.index;
    const first = !this.written(i);
    const deadband = this.deadband[i] as number;
    const moved =
      deadband > 0 ? Math.abs(sample.value - (this.reported[i] as number)) > deadband : sample.value !== this.value[i];
    const changed =
      forced ||
      first ||
      moved ||
      sample.status !== this.status[i] ||
      sample.extra !== this.extra[i] ||
      (given && (time !== this.time[i] || timeInvalid !== (this.timeInvalid[i] === 1)));
    const differs = changed || sample.value !== this.value[i];
    if (!differs) return false;
    this.value[i] = sample.value;
    this.status[i] = sample.status;
    this.extra[i] = sample.extra;
    this.time[i] = time;
    this.timeInvalid[i] = timeInvalid ? 1 : 0;
    if (changed) this.reported[i] = sample.value;
    return changed;
  }

  /** Takes over what another image knows of a point. */
  copy(i: number, from: Image, j: number): void {
    for (const key of ['value', 'status', 'extra', 'time', 'timeInvalid', 'reported', 'lastEvent'] as const)
      this[key][i] = from[key][j] as number;
  }

  /** What is frozen from now on does not change what was frozen before. */
  beginFreeze(): void {
    this.frozen = this.frozen.copy();
  }

  /** Freezes a counter's reading. @param time ms since 1970 UTC: the reading is one of this instant, not of its last write */
  freeze(i: number, time: number): void {
    this.frozen.take(i, this.value[i] as number, this.status[i] as number, time);
  }

  /** Sets a counter to zero. @param time ms since 1970 UTC: when it began anew, unless it was never written */
  reset(i: number, time: number): void {
    this.value[i] = 0;
    this.reported[i] = 0;
    if (this.written(i)) this.time[i] = time;
  }
}
