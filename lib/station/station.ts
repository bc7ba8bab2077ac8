import { cause as causes } from '../asdu/cause.js';
import { canTag, TimeTagger, type TimeZone, utc } from '../asdu/time.js';
import type { TypeRow } from '../asdu/types.js';
import { accept, type Sample, type ValueInput } from '../asdu/value.js';
import { TelecontrolError } from '../octets/error.js';
import { commandSample } from './command-sample.js';
import { EventSource } from './event-source.js';
import type { FileStore } from './file-store.js';
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
  /** Of a command that a balanced station sends: QU 0..31, or QL 0..127. */
  readonly qualifier?: number | undefined;
  /** Not of what a server station sends. */
  readonly select?: boolean | undefined;
}

export interface StationOptions {
  readonly name: string;
  /** Common address 1..65534. */
  readonly commonAddress: number;
  readonly points: PointTable;
  readonly zone?: TimeZone;
  /** Files that clients may read. */
  readonly files?: FileStore | undefined;
  /** Both sides send commands and interrogations (balanced mode). */
  readonly balanced?: boolean;
  /** Seconds between clock synchronizations that are sent to clients; 0 = none. */
  readonly syncPeriod?: number;
}

/** A controlled station: its points, their image, and where its events go. */
export class Station {
  readonly name: string;
  readonly commonAddress: number;
  readonly points: PointTable;
  readonly image: Image;
  readonly zone: TimeZone;
  readonly balanced: boolean;
  readonly syncPeriod: number;
  readonly tagger: TimeTagger;
  readonly files: FileStore | undefined;
  /** In force since the line knows all of its stations. */
  parameters: ServerParameters = withDefaults({});
  /** ms that the clock of a master is ahead of ours, where time tags follow it. */
  ahead = 0;
  /** Points whose next write is return information of a command, and who is told of it. */
  readonly awaited = new Map<Point, (event: EventMark) => void>();
  /** Stands for the station in its events. */
  source: EventSource;
  private journal: Journal | undefined;
  private wake: () => void = () => {};

  constructor(options: StationOptions) {
    this.name = options.name;
    this.commonAddress = options.commonAddress;
    this.points = options.points;
    this.image = new Image(options.points.out);
    this.zone = options.zone ?? utc;
    this.balanced = options.balanced ?? false;
    this.syncPeriod = options.syncPeriod ?? 0;
    this.tagger = new TimeTagger(this.zone);
    this.files = options.files;
    this.source = new EventSource(this);
  }

  /** From now on events go into this journal; `wake` tells that there is one. */
  attach(journal: Journal, wake: () => void): void {
    this.journal = journal;
    this.wake = wake;
  }

  /** Follows a station of another point table: what both have goes on with its values, and its events are this one's. */
  follow(previous: Station): void {
    for (const point of this.points.out) {
      const same = previous.points.find('out', point.ioa);
      if (same?.row === point.row) this.image.copy(point.index, previous.image, same.index);
    }
    for (const [point, told] of previous.awaited) {
      const same = this.points.find('out', point.ioa);
      if (same?.row === point.row) this.awaited.set(same, told);
    }
    this.ahead = previous.ahead;
    this.source = previous.source;
    this.source.follow(this);
    if (previous.journal !== undefined) this.attach(previous.journal, previous.wake);
    previous.detach();
  }

  /** The station is no more: what it had to send is void. */
  end(): void {
    this.source.end();
    this.detach();
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
    if (point.row.direction !== 'monitor') throw this.wrong(point, `a ${point.row.label} is sent, not written`);
    const awaited = this.awaited.size > 0 ? this.awaited.get(point) : undefined;
    const usual = awaited === undefined ? causes.spontaneous : causes.remote;
    const cause = input.cause === undefined ? usual : writeCause(input.cause);
    if (cause === undefined)
      throw this.wrong(point, `cause ${String(input.cause)} is not spontaneous, remote, local or periodic`);
    if (input.timeInvalid !== undefined && typeof input.timeInvalid !== 'boolean')
      throw this.wrong(point, 'timeInvalid is neither true nor false');
    const sample = this.accept(point, input);
    const given = input.timestamp !== undefined;
    const time = input.timestamp ?? now;
    const forced = awaited !== undefined;
    if (!this.image.store(point, sample, time, input.timeInvalid === true, given, forced)) return;
    if (this.journal === undefined) return;
    const number = this.journal.push(this.source, this.image, point, cause);
    if (awaited !== undefined) {
      this.awaited.delete(point);
      awaited({ which: classOf(point), number });
    }
    this.wake();
  }

  /**
   * Checks a command that a balanced station is to send.
   * @returns its point and value; undefined where the input names a point that is written and not sent
   * @throws TelecontrolError as `write`
   */
  command(input: WriteInput): { readonly point: Point; readonly sample: Sample } | undefined {
    const point = this.pointOf(input);
    if (point.row.direction !== 'control') return undefined;
    if (input.select !== undefined && input.select !== false)
      throw this.wrong(point, 'select: a station sends direct commands only');
    const { NF } = this.parameters;
    return { point, sample: this.checked(point, input, (row, given) => commandSample(row, given, NF)) };
  }

  private accept(point: Point, input: WriteInput): Sample {
    // With NF the flags of a value do not influence its status octet; its quality does.
    const given = this.parameters.NF ? { ...input, status: undefined } : input;
    return this.checked(point, given, accept);
  }

  private checked(point: Point, input: WriteInput, take: (row: TypeRow, input: WriteInput) => Sample): Sample {
    const { timestamp } = input;
    // A text would never equal the time that is stored, and each write of it be an event.
    if (timestamp !== undefined && !canTag(timestamp))
      throw this.wrong(point, `timestamp ${String(timestamp)} is not ms since 1970 up to 2069`);
    try {
      return take(point.row, input);
    } catch (error) {
      if (error instanceof TelecontrolError) throw this.wrong(point, error.message);
      throw error;
    }
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
