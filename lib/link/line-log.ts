import { LimitedLog } from '../trace/limited-log.js';

export type LogLevel = 'info' | 'warn' | 'error';

const MINUTE = 60_000;

/**
 * Passes messages on, so many of a level a minute at most; further ones are counted and told in one. Each level has its own
 * limit, and what clients do has logs of its own, so that they cannot hide what the line has to say.
 */
export class LineLog {
  private readonly limits: Readonly<Record<LogLevel, LimitedLog>>;

  /**
   * @param now ms of the clock
   * @param limit messages per minute
   */
  constructor(
    private readonly write: (level: LogLevel, text: string) => void,
    now: () => number,
    limit = 10,
  ) {
    const tell = (count: number): void => write('warn', `${count} further messages were not logged`);
    const limited = (): LimitedLog => new LimitedLog(limit, MINUTE, now, tell);
    this.limits = { info: limited(), warn: limited(), error: limited() };
  }

  log(level: LogLevel, text: string): void {
    if (this.limits[level].take()) this.write(level, text);
  }
}
