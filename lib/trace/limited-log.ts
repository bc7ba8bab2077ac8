/** A log that takes so many messages in a stretch of time; it counts the others and tells how many there were. */
export class LimitedLog {
  private stretch = -1;
  private taken = 0;
  private left = 0;

  /**
   * @param limit messages in a stretch of time
   * @param period length of a stretch in ms
   * @param now ms of a clock that never jumps
   * @param tellLeft is told of the messages that the stretch before had no room for
   */
  constructor(
    private readonly limit: number,
    private readonly period: number,
    private readonly now: () => number,
    private readonly tellLeft: (count: number) => void,
  ) {}

  /** Takes a message in, if there is room; asked before it is made, which costs more than asking. */
  take(): boolean {
    const stretch = Math.floor(this.now() / this.period);
    if (stretch !== this.stretch) {
      const { left } = this;
      this.stretch = stretch;
      this.taken = 0;
      this.left = 0;
      if (left > 0) this.tellLeft(left);
    }
    if (this.taken < this.limit) {
      this.taken++;
      return true;
    }
    this.left++;
    return false;
  }
}
