import type { Path } from './redundant-line.js';

/** What makes two receptions of a point the same: value, status octet, and time tag where there is one. */
export interface Reading {
  readonly value: number;
  readonly status: number;
  /** Elapsed, duration or operating time; 1 for a transient step position. */
  readonly extra: number;
  /** ms since 1970 UTC; NaN without a time tag. */
  readonly time: number;
}

interface Waiting extends Reading {
  readonly since: number;
}

interface Queue {
  /** The connection that is ahead: what it brought first. */
  ahead: Path;
  /** What it brought and the other has not yet, oldest first. */
  readonly waiting: Waiting[];
  last: Reading;
}

/** Values of a point that one connection may be ahead; beyond it the oldest may come twice, and none is lost. */
const AHEAD = 64;

/**
 * Merges the values of two connections to one device: what the one brings after the other is left out. Both bring the
 * values of a point in the same order, so what the one that lags brings next is found among what waits for it, and with it
 * all older ones are done. In doubt a value counts as new: at least once.
 */
export class Duplicates<Point> {
  private readonly queues = new Map<Point, Queue>();
  /** Values that a connection was too far behind for; they may have come twice. */
  overflowed = 0;

  /** @param patience ms that one connection may lag behind the other */
  constructor(private readonly patience: number) {}

  /**
   * Data transfer of a connection has begun: of what has been it brings the present state alone, if the state is what it
   * was. Nothing waits for it but that.
   */
  begun(path: Path, now: number): void {
    for (const queue of this.queues.values()) {
      queue.ahead = path === 0 ? 1 : 0;
      queue.waiting.length = 0;
      queue.waiting.push({ ...queue.last, since: now });
    }
  }

  /** A connection has gone: what it would have brought comes no more. */
  ended(): void {
    for (const queue of this.queues.values()) queue.waiting.length = 0;
  }

  /** Points that are no more are forgotten. */
  clear(): void {
    this.queues.clear();
  }

  /** Whether the other connection has brought this already; if not, it waits for the other to bring it too. */
  isDuplicate(path: Path, point: Point, reading: Reading, now: number): boolean {
    const queue = this.queues.get(point);
    if (queue === undefined) {
      this.queues.set(point, { ahead: path, waiting: [{ ...reading, since: now }], last: reading });
      return false;
    }
    if (queue.ahead !== path) {
      const oldest = now - this.patience;
      const found = queue.waiting.findIndex((waiting) => waiting.since >= oldest && isSame(waiting, reading));
      if (found >= 0) {
        queue.waiting.splice(0, found + 1);
        return true;
      }
      queue.ahead = path;
      queue.waiting.length = 0;
    }
    queue.last = reading;
    queue.waiting.push({ ...reading, since: now });
    if (queue.waiting.length > AHEAD) {
      queue.waiting.shift();
      this.overflowed++;
    }
    return false;
  }
}

function isSame(a: Reading, b: Reading): boolean {
  return a.value === b.value && a.status === b.status && a.extra === b.extra && Object.is(a.time, b.time);
}
