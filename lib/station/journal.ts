import type { EventSource } from './event-source.js';
import type { Image } from './image.js';
import type { Point } from './points.js';

/** Counter readings are sent to who interrogated counters, all else to who interrogated: two classes of events. */
export type EventClass = 0 | 1;
export const VALUES: EventClass = 0;
export const COUNTERS: EventClass = 1;

/** Names an event. */
export interface EventMark {
  readonly which: EventClass;
  readonly number: number;
}

const FIRST_CAPACITY = 1024;

/**
 * The events of one class, oldest first, numbered from 0 for ever. All groups of clients read the same journal, each at
 * its own place; it holds the last `limit` events, whoever has read them.
 */
export class EventJournal {
  /** Number of the oldest event held. */
  first = 0;
  /** Number of the next event. */
  end = 0;
  private mask = FIRST_CAPACITY - 1;
  private sources: EventSource[] = [];
  private points: Point[] = [];
  private value = new Float64Array(FIRST_CAPACITY);
  private status = new Uint8Array(FIRST_CAPACITY);
  private extra = new Uint16Array(FIRST_CAPACITY);
  private time = new Float64Array(FIRST_CAPACITY);
  private timeInvalid = new Uint8Array(FIRST_CAPACITY);
  private cause = new Uint8Array(FIRST_CAPACITY);
  private order = new Float64Array(FIRST_CAPACITY);

  /** @param limit events that are held at most (EBS) */
  constructor(private limit: number) {}

  /** Changes the limit; the oldest events beyond it go. */
  resize(limit: number): void {
    this.limit = limit;
    this.first = Math.max(this.first, this.end - limit);
  }

  /**
   * Appends an event with the point's present sample. The oldest goes when the journal is full.
   * @param order its place among the events of both classes
   * @returns its number
   */
  push(source: EventSource, image: Image, point: Point, cause: number, order: number): number {
    if (this.end - this.first >= this.limit) this.first++;
    else if (this.end - this.first > this.mask) this.grow();
    const slot = this.end & this.mask;
    const i = point.index;
    this.sources[slot] = source;
    this.points[slot] = point;
    this.value[slot] = image.value[i] as number;
    this.status[slot] = image.status[i] as number;
    this.extra[slot] = image.extra[i] as number;
    this.time[slot] = image.time[i] as number;
    this.timeInvalid[slot] = image.timeInvalid[i] as number;
    this.cause[slot] = cause;
    this.order[slot] = order;
    return this.end++;
  }

  /** Place of an event among those of both classes. */
  orderOf(number: number): number {
    return this.order[number & this.mask] as number;
  }

  /** Copies an event that the journal holds into `to`. */
  read(number: number, to: JournalEvent): void {
    const slot = number & this.mask;
    to.source = this.sources[slot] as EventSource;
    to.point = this.points[slot] as Point;
    to.value = this.value[slot] as number;
    to.status = this.status[slot] as number;
    to.extra = this.extra[slot] as number;
    to.time = this.time[slot] as number;
    to.timeInvalid = this.timeInvalid[slot] === 1;
    to.cause = this.cause[slot] as number;
  }

  private grow(): void {
    const old = this.mask + 1;
    const capacity = old * 2;
    const moved = <A extends Float64Array | Uint8Array | Uint16Array>(from: A, to: A): A => {
      for (let n = this.first; n < this.end; n++) to[n & (capacity - 1)] = from[n & (old - 1)] as number;
      return to;
    };
    const references = <T>(from: T[]): T[] => {
      const to: T[] = new Array(capacity);
      for (let n = this.first; n < this.end; n++) to[n & (capacity - 1)] = from[n & (old - 1)] as T;
      return to;
    };
    this.sources = references(this.sources);
    this.points = references(this.points);
    this.value = moved(this.value, new Float64Array(capacity));
    this.status = moved(this.status, new Uint8Array(capacity));
    this.extra = moved(this.extra, new Uint16Array(capacity));
    this.time = moved(this.time, new Float64Array(capacity));
    this.timeInvalid = moved(this.timeInvalid, new Uint8Array(capacity));
    this.cause = moved(this.cause, new Uint8Array(capacity));
    this.order = moved(this.order, new Float64Array(capacity));
    this.mask = capacity - 1;
  }
}

/** One event as it is read from the journal; the reader brings the object, so that reading makes none. */
export interface JournalEvent {
  source: EventSource;
  point: Point;
  value: number;
  status: number;
  extra: number;
  time: number;
  timeInvalid: boolean;
  cause: number;
}

/** Both classes of events of a line, and their common order. */
export class Journal {
  private next = 0;
  readonly classes: readonly [EventJournal, EventJournal];

  constructor(limit: number) {
    this.classes = [new EventJournal(limit), new EventJournal(limit)];
  }

  /** @param limit events of each class that are held at most (EBS) */
  resize(limit: number): void {
    for (const journal of this.classes) journal.resize(limit);
  }

  /** Appends an event with the point's present sample and notes its number in the image. */
  push(source: EventSource, image: Image, point: Point, cause: number): number {
    const number = this.classes[classOf(point)].push(source, image, point, cause, this.next++);
    image.lastEvent[point.index] = number;
    return number;
  }
}

/** The class of a point's events: integrated totals (15, 16, 37) are counters. */
export function classOf(point: Point): EventClass {
  return point.row.isCounter ? COUNTERS : VALUES;
}
