/** ms to the second attempt, and to further ones at the most. */
const FIRST = 1000;
const LONGEST = 30_000;
/** A connection that stood so long was a good one, ms. */
const STOOD = 30_000;
/** ms over which lines spread that lose good connections at the same moment. */
const AT_ONCE = 500;

/**
 * How long to wait between attempts to connect: a second, after each round through the hosts twice as long, half a minute
 * at most, and of that a random part, so that lines which fail together do not try again together.
 */
export class Backoff {
  private failures = 0;

  /**
   * @param hosts how many there are
   * @param random 0 to less than 1
   */
  constructor(
    private readonly hosts: number,
    private readonly random: () => number,
  ) {}

  /** An attempt has failed. @returns ms until the next */
  failed(): number {
    const round = Math.floor(this.failures / this.hosts);
    this.failures++;
    return Math.min(LONGEST, FIRST * 2 ** round) * (0.5 + this.random() / 2);
  }

  /** A connection has gone; one that broke soon counts as a failed attempt. @param stood ms @returns ms until the next */
  ended(stood: number): number {
    if (stood < STOOD) return this.failed();
    this.failures = 0;
    return this.random() * AT_ONCE;
  }
}
