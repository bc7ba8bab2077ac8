import type { Clock } from './clock.js';

/** One timer that is set to the earliest of many deadlines. */
export class Alarm {
  private at = Infinity;
  private cancelTimer: (() => void) | undefined;

  /** @param ring is called when the deadline has come; whoever needs another sets it then */
  constructor(
    private readonly clock: Clock,
    private readonly ring: () => void,
  ) {}

  /**
   * Rings at the deadline at the latest (ms of the clock; Infinity for none). A later one than before is not taken over:
   * to ring too early costs one look at the deadlines, to set a timer for each would cost more.
   */
  set(deadline: number): void {
    if (deadline >= this.at) return;
    this.cancelTimer?.();
    this.at = deadline;
    this.cancelTimer = this.clock.timer(deadline - this.clock.now(), () => {
      this.at = Infinity;
      this.ring();
    });
  }

  cancel(): void {
    this.cancelTimer?.();
    this.at = Infinity;
  }
}
