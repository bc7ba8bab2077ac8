import type { FrameFilter, FrameOfLine } from './frame-filter.js';
import type { PassingFrame } from './frame-watch.js';
import { Ring } from './ring.js';

/** A frame that was kept. */
export interface CapturedFrame extends FrameOfLine {
  /** 1, 2, 3 … in the order in which frames have passed on all lines. */
  readonly number: number;
  /** ms since 1970 UTC. */
  readonly at: number;
}

/** What one look at a capture has brought. */
export interface CaptureReading {
  /** Those that the filter lets through, in order. */
  readonly frames: readonly CapturedFrame[];
  /** Where the next look begins. */
  readonly last: number;
  /** Whether there is more behind it by now. */
  readonly more: boolean;
}

/** What is kept of a line. */
export interface LineCapture {
  readonly kept: number;
  /** Frames that were kept and had to go for newer ones. */
  readonly dropped: number;
  /** The number of the oldest frame; 0 without any. */
  readonly oldest: number;
}

/** Frames that one look goes through at most: whoever filters a long capture must not hold up the lines. */
const EXAMINED_AT_MOST = 2000;

/**
 * Frames of several lines for one who looks at them. Each line has room of its own, so that a busy one does not push out
 * what passed on the others.
 */
export class Capture {
  private lines = new Map<string, Ring<CapturedFrame>>();
  private last = 0;
  /** What passes is counted and not kept. */
  isPaused = false;
  /** Frames that have passed during pauses. */
  unseen = 0;

  /** @param capacity frames that are kept of each line */
  constructor(private readonly capacity: number) {}

  /** Takes a frame that passes. @param at ms since 1970 UTC */
  record(line: string, { remote, local, direction, octets, isOctets }: PassingFrame, at: number): void {
    if (this.isPaused) {
      this.unseen++;
      return;
    }
    let ring = this.lines.get(line);
    if (ring === undefined) {
      ring = new Ring(this.capacity);
      this.lines.set(line, ring);
    }
    // A copy, and not the slice of a Buffer, which would be none.
    const frame = { number: ++this.last, at, line, remote, local, direction, octets: new Uint8Array(octets) };
    ring.push(isOctets ? { ...frame, isOctets } : frame);
  }

  /** Throws away what is kept. Numbers go on. */
  clear(): void {
    this.lines = new Map();
    this.unseen = 0;
  }

  /** The number of the frame that was kept last; 0 before the first. */
  get newest(): number {
    return this.last;
  }

  /** By line. */
  get kept(): ReadonlyMap<string, LineCapture> {
    return new Map(
      [...this.lines].map(([line, ring]) => [
        line,
        { kept: ring.length, dropped: ring.overwritten, oldest: ring.at(0)?.number ?? 0 },
      ]),
    );
  }

  /**
   * Goes through a stretch of the frames behind a number.
   * @param after the `last` of the look before; 0 for the beginning
   * @param limit frames that are wanted at most
   */
  read(after: number, filter: FrameFilter, limit: number): CaptureReading {
    const frames: CapturedFrame[] = [];
    let last = after;
    let examined = 0;
    for (const frame of this.behind(after)) {
      if (frames.length >= limit || examined >= EXAMINED_AT_MOST) return { frames, last, more: true };
      examined++;
      last = frame.number;
      if (filter(frame)) frames.push(frame);
    }
    return { frames, last, more: false };
  }

  /** The frames of all lines behind a number, as they have passed. */
  private *behind(after: number): Iterable<CapturedFrame> {
    const heads = [...this.lines.values()].map((ring) => ({ ring, at: firstBehind(ring, after) }));
    for (;;) {
      let next: { frame: CapturedFrame; head: { at: number } } | undefined;
      for (const head of heads) {
        const frame = head.ring.at(head.at);
        if (frame !== undefined && (next === undefined || frame.number < next.frame.number)) next = { frame, head };
      }
      if (next === undefined) return;
      next.head.at++;
      yield next.frame;
    }
  }
}

/** The index of the first frame with a greater number: they are in order. */
function firstBehind(ring: Ring<CapturedFrame>, after: number): number {
  let low = 0;
  let high = ring.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ring.at(middle)?.number ?? 0) > after) high = middle;
    else low = middle + 1;
  }
  return low;
}
