/** How long to wait before trying again: 1 s at first, twice as long after each round in vain, 30 s at most. */
export class Backoff {
  private static readonly FIRST = 1000;
  private static readonly LONGEST = 30_000;
  private failures = 0;

  /** @param round attempts that make a round: one for each of several hosts */
  constructor(private readonly round = 1) {}

  /** An attempt has failed. @returns ms to wait before the next */
  failed(): number {
    const rounds = Math.min(16, Math.floor(this.failures++ / this.round));
    return Math.min(Backoff.LONGEST, Backoff.FIRST * 2 ** rounds);
  }

  succeeded(): void {
    this.failures = 0;
  }
}
