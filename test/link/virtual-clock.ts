import assert from 'node:assert/strict';
import type { Clock } from '../../lib/link/clock.js';

interface Timer {
  readonly at: number;
  readonly call: () => void;
}

/** Time that passes when a test says so. */
export class VirtualClock implements Clock {
  private time = 5_000_000;
  private readonly timers = new Set<Timer>();
  private turns: (() => void)[] = [];
  /** Timers ever set. */
  timersSet = 0;

  /** @param epoch the wall's time when the clock begins */
  constructor(private readonly epoch = Date.UTC(2026, 1, 3, 4, 5, 6, 789)) {}

  now(): number {
    return this.time;
  }

  wall(): number {
    return this.epoch + this.time - 5_000_000;
  }

  timer(ms: number, call: () => void): () => void {
    this.timersSet++;
    const timer = { at: this.time + Math.max(0, ms), call };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  readonly soon = (call: () => void): void => {
    this.turns.push(call);
  };

  /** How many timers wait. */
  get pending(): number {
    return this.timers.size;
  }

  /** Lets everything run that needs no time. */
  settle(): void {
    for (let rounds = 0; this.turns.length > 0; rounds++) {
      assert.ok(rounds < 1_000_000, 'it never rests');
      const turns = this.turns;
      this.turns = [];
      for (const turn of turns) turn();
    }
  }

  /** Lets one round run: what is called meanwhile waits for the next. @returns whether there was anything to run */
  step(): boolean {
    const turns = this.turns;
    this.turns = [];
    for (const turn of turns) turn();
    return turns.length > 0;
  }

  /** Lets time pass, stopping at each timer on the way. */
  advance(ms: number): void {
    const until = this.time + ms;
    this.settle();
    for (;;) {
      let next: Timer | undefined;
      for (const timer of this.timers) if (next === undefined || timer.at < next.at) next = timer;
      if (next === undefined || next.at > until) break;
      this.time = Math.max(this.time, next.at);
      this.timers.delete(next);
      next.call();
      this.settle();
    }
    this.time = until;
  }
}
