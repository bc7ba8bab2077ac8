/** In the place of the system's timer: what would come after so many ms comes at once. */
export class Hasty {
  private readonly saved = globalThis.setTimeout;
  private count = 0;
  private waiting: () => void = () => {};

  constructor(pause: number) {
    const { saved } = this;
    const hurry = (call: () => void, ms?: number, ...rest: never[]) => {
      if (ms !== pause) return saved(call, ms, ...rest);
      this.count++;
      this.waiting();
      return saved(call, 1, ...rest);
    };
    globalThis.setTimeout = Object.assign(hurry, saved) as typeof setTimeout;
  }

  /** So many pauses have begun. */
  async pauses(count: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.waiting = () => {
        if (this.count >= count) resolve();
      };
      this.waiting();
    });
  }

  end(): void {
    globalThis.setTimeout = this.saved;
  }
}
