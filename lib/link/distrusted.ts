import { LimitedLog } from '../trace/limited-log.js';

const MINUTE = 60_000;
/** Of each code so many in a minute are told: whoever floods us must not flood flows, nor hide another. */
const TOLD = 60;

/** Who is not let in, or not trusted: all are counted, by code, and told within a limit for each. */
export class Distrusted<Code extends string> {
  /** How many there were of each code. */
  readonly counts: Partial<Record<Code, number>> = {};
  private readonly limits = new Map<Code, LimitedLog>();

  /**
   * @param now ms of a clock that never jumps
   * @param tellLeft takes, for the log, what flows were not told of
   */
  constructor(
    private readonly now: () => number,
    private readonly tellLeft: (text: string) => void,
  ) {}

  /** Counts one. @returns whether it may be told */
  take(code: Code): boolean {
    this.counts[code] = (this.counts[code] ?? 0) + 1;
    let limit = this.limits.get(code);
    if (limit === undefined) {
      const tell = (count: number): void =>
        this.tellLeft(`${count} more were turned away (${code}) that no flow was told of`);
      limit = new LimitedLog(TOLD, MINUTE, this.now, tell);
      this.limits.set(code, limit);
    }
    return limit.take();
  }
}
