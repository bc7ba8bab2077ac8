import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../../lib/link/clock.js';
import { Capture } from '../../lib/trace/capture.js';
import type { ListedLine } from '../shared/line-registry.js';

/** Frames that a monitor keeps of each line. */
export const FRAMES_OF_LINE = 5000;
/** Monitors that may be open at a time: each keeps frames of its own. */
export const MONITORS_AT_MOST = 8;
/** ms after which a monitor that nobody asks ends. Browsers let a page in the background ask once a minute. */
export const LEASE = 90_000;

/** The frames that one open sidebar looks at. It watches all lines, those that come later too. */
export class Monitor {
  readonly id = randomUUID();
  readonly capture = new Capture(FRAMES_OF_LINE);
  /** When it was asked last, ms of a clock that never jumps. */
  asked = 0;
  private readonly watched = new Map<ListedLine, () => void>();

  constructor(private readonly clock: Clock) {}

  /** Watches lines that have come, and those that have gone no more. */
  follow(lines: Iterable<ListedLine>): void {
    const there = new Set(lines);
    for (const [line, unwatch] of this.watched) {
      if (there.has(line)) continue;
      unwatch();
      this.watched.delete(line);
    }
    for (const line of there)
      if (!this.watched.has(line))
        this.watched.set(
          line,
          line.watchFrames((frame) => this.capture.record(line.id, frame, this.clock.wall())),
        );
  }

  end(): void {
    this.follow([]);
  }
}

/** The monitors that are open. Whoever has one asks it again and again; one that is not asked any more ends. */
export class Monitors {
  private readonly open = new Map<string, Monitor>();
  private cancel: (() => void) | undefined;

  /** @param lines all lines that there are, now and later */
  constructor(
    private readonly lines: Iterable<ListedLine>,
    private readonly clock: Clock = systemClock,
  ) {}

  get count(): number {
    return this.open.size;
  }

  /** Opens one; undefined where there are too many. */
  begin(): Monitor | undefined {
    this.expire();
    if (this.open.size >= MONITORS_AT_MOST) return undefined;
    const monitor = new Monitor(this.clock);
    this.open.set(monitor.id, monitor);
    this.arm();
    return this.ask(monitor.id);
  }

  /** The monitor of an id, which lives on for being asked; undefined where it has ended. */
  ask(id: string): Monitor | undefined {
    const monitor = this.open.get(id);
    if (monitor === undefined) return undefined;
    monitor.asked = this.clock.now();
    monitor.follow(this.lines);
    return monitor;
  }

  /** @returns whether there was one */
  end(id: string): boolean {
    const monitor = this.open.get(id);
    if (monitor === undefined) return false;
    monitor.end();
    this.open.delete(id);
    if (this.open.size === 0) {
      this.cancel?.();
      this.cancel = undefined;
    }
    return true;
  }

  /** Ends all of them. */
  close(): void {
    for (const id of [...this.open.keys()]) this.end(id);
  }

  private expire(): void {
    for (const { id, asked } of [...this.open.values()]) if (this.clock.now() - asked >= LEASE) this.end(id);
  }

  private arm(): void {
    this.cancel ??= this.clock.timer(LEASE, () => {
      this.cancel = undefined;
      this.expire();
      if (this.open.size > 0) this.arm();
    });
  }
}
