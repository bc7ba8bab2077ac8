export type LogLevel = 'info' | 'warn' | 'error';

const MINUTE = 60_000;

/** Passes messages on, so many a minute at most; further ones are counted and told in one. */
export class LineLog {
  private minute = -1;
  private told = 0;
  private kept = 0;

  /**
   * @param now ms of the clock
   * @param limit messages per minute
   */
  constructor(
    private readonly write: (level: LogLevel, text: string) => void,
    private readonly now: () => number,
    private readonly limit = 10,
  ) {}

  log(level: LogLevel, text: string): void {
    const minute = Math.floor(this.now() / MINUTE);
    if (minute !== this.minute) {
      if (this.kept > 0) this.write('warn', `${this.kept} further messages were not logged`);
      this.minute = minute;
      this.told = 0;
      this.kept = 0;
    }
    if (++this.told > this.limit) this.kept++;
    else this.write(level, text);
  }
}
