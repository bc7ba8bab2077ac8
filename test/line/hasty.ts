/** In the place of the system's timer: what would come after so many ms comes at once. */
export class Hasty {
  private readonly saved = globalThis.setTimeout;

  constructor(pause: number) {
    const { saved } = this;
    globalThis.setTimeout = Object.assign(
      (call: () => void, ms?: number, ...rest: never[]) => saved(call, ms === pause ? 1 : ms, ...rest),
      saved,
    ) as typeof setTimeout;
  }

  end(): void {
    globalThis.setTimeout = this.saved;
  }
}
