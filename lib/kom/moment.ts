/** The time that one instance was told last, and when it has something to do by itself. */
export class Moment {
  now = -Infinity;
  /** ms since 1970 UTC. */
  wall = 0;
  /** ms of the clock; Infinity for never. */
  deadline = 0;
  /** It was not told the time for long: the computer was asleep, or the program was stopped. */
  stalled = false;

  /** @param longest ms that may pass without being told */
  constructor(private readonly longest: number) {}

  at(now: number, wall: number): void {
    if (this.isStale(now, wall)) this.stalled = true;
    this.now = now;
    this.wall = wall;
  }

  isStale(now: number, wall: number): boolean {
    return this.now > -Infinity && (now - this.now > this.longest || wall - this.wall > this.longest);
  }

  /** Whether a time has come; if not, it is one to come back at. */
  readonly due = (at: number): boolean => {
    if (this.now >= at) return true;
    this.deadline = Math.min(this.deadline, at);
    return false;
  };
}
