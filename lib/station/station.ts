import { cause as causes } from '../asdu/cause.js';
import { TimeTagger, type TimeZone, utc } from '../asdu/time.js';
import { accept, type ValueInput } from '../asdu/value.js';
import { TelecontrolError } from '../octets/error.js';
import { Image } from './image.js';
import { classOf, type EventMark, type Journal } from './journal.js';
import { type ServerParameters, withDefaults } from './parameters.js';
import { type Point, type PointTable, parseIoa } from './points.js';

/** Causes that a writer may give a value. */
export type WriteCause = 'spontaneous' | 'remote' | 'local' | 'periodic';

/** One value for a point of a station. */
export interface WriteInput extends ValueInput {
  /** Information object address; or `tag`. */
  readonly ioa?: number | string | undefined;
  readonly tag?: string | undefined;
  /** ms since 1970 UTC; without it, now. */
  readonly timestamp?: number | undefined;
  readonly timeInvalid?: boolean | undefined;
  readonly cause?: WriteCause | undefined;
}

export interface StationOptions {
  readonly name: string;
  /** Common address 1..65534. */
  readonly commonAddress: number;
  readonly points: PointTable;
  readonly zone?: TimeZone;
}

/** Years that a CP56Time2a names without doubt: 1970..2069. */
const LATEST = 3_155_760_000_000;

/** A controlled station: its points, their image, and where its events go. */
export class Station {
  readonly name: string;
  readonly commonAddress: number;
  readonly points: PointTable;
  readonly image: Image;
  readonly zone: TimeZone;
  readonly tagger: TimeTagger;
  /** In force since the line knows all of its stations. */
  parameters: ServerParameters = withDefaults({});
  /** Points whose next write is return information of a command, and who is told of it. */
  readonly awaited = new Map<Point, (event: EventMark) => void>();
  private journal: Journal<Station> | undefined;
  private wake: () => void = () => {};

  constructor(options: StationOptions) {
    this.name = options.name;
    this.commonAddress = options.commonAddress;
    this.points = options.points;
    this.image = new Image(options.points.out);
    this.zone = options.zone ?? utc;
    this.tagger = new TimeTagger(this.zone);
  }

  /** From now on events go into this journal; `wake` tells that there is one. */
  attach(journal: Journal<Station>, wake: () => void): void {
    this.journal = journal;
    this.wake = wake;
  }

  detach(): void {
    this.journal = undefined;
    this.wake = () => {};
  }

  /** The point that an address or a tag names. @throws TelecontrolError `point` */
  pointOf(input: Pick<WriteInput, 'ioa' | 'tag'>): Point {
    let point: Point | undefined;
    if (input.ioa !== undefined) {
      const ioa = parseIoa(input.ioa);
      if (ioa !== undefined) point = this.points.find('out', ioa);
    } else if (input.tag !== undefined) point = this.points.findTag('out', input.tag);
    if (point !== undefined) return point;
    const named = input.ioa !== undefined ? `object address ${input.ioa}` : `tag "${input.tag ?? ''}"`;
    throw new TelecontrolError('point', `station ${this.name} has no point to send with ${named}`);
  }

  /**
   * Takes a value. If it is a change it becomes an event for every group of clients.
   * @param now ms since 1970 UTC, the time tag of a value without its own
   * @throws TelecontrolError `point`, `value` or `type`, naming the point and what is allowed
   */
  write(input: WriteInput, now: number): void {
    const point = this.pointOf(input);
    const { timestamp } = input;
    if (timestamp !== undefined && !(timestamp >= 0 && timestamp < LATEST))
      throw this.wrong(point, `timestamp ${String(timestamp)} is not ms since 1970 up to 2069`);
    const awaited = this.awaited.size > 0 ? this.awaited.get(point) : undefined;
    const usual = awaited === undefined ? causes.spontaneous : causes.remote;
    const cause = input.cause === undefined ? usual : writeCause(input.cause);
    if (cause === undefined)
      throw this.wrong(point, `cause ${String(input.cause)} is not spontaneous, remote, local or periodic`);
    let sample: ReturnType<typeof accept>;
    try {
      sample = accept(point.row, input);
    } catch (error) {
      if (error instanceof TelecontrolError) throw this.wrong(point, error.message);
      throw error;
    }
    const given = timestamp !== undefined;
    const time = timestamp ?? now;
    const forced = awaited !== undefined;
    if (!this.image.store(point, sample, time, input.timeInvalid === true, given, forced)) return;
    if (this.journal === undefined) return;
    const number = this.journal.push(this, point, cause);
    awaited?.({ which: classOf(point), number });
    this.wake();
  }

  private wrong(point: Point, why: string): TelecontrolError {
    const tag = point.tag === undefined ? '' : ` (${point.tag})`;
    return new TelecontrolError('value', `${this.name}, object address ${point.ioa}${tag}: ${why}`);
  }
}

function writeCause(name: WriteCause): number | undefined {
  switch (name) {
    case 'spontaneous':
    case 'remote':
    case 'local':
    case 'periodic':
      return causes[name];
    default:
      return undefined;
  }
}
