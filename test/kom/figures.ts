/** Measured times, shown as minimum, median and maximum in ms. */
export class Figures {
  private readonly values: number[] = [];

  constructor(private readonly name: string) {}

  add(ms: number): void {
    this.values.push(ms);
  }

  private get sorted(): readonly number[] {
    return [...this.values].sort((a, b) => a - b);
  }

  /** A machine that does other things besides makes single ones late. */
  get median(): number {
    return this.sorted[Math.floor((this.values.length - 1) / 2)] ?? Number.NaN;
  }

  show(): void {
    const { sorted, median } = this;
    const shown = [sorted[0], median, sorted.at(-1)].map((ms) => Math.round(ms ?? Number.NaN)).join(' / ');
    console.log(`      ${this.name}: ${shown} ms (min / median / max of ${sorted.length})`);
  }
}

/** Whether faults are played at length: `npm run test:faults`. */
export const isLong = process.env.TELECONTROL_FAULTS === 'long';
export const times = (long: number, short: number): number => (isLong ? long : short);
/** ms that a median may be. One or two figures beside other tests are none: the short form has some slack. */
export const within = (ms: number): number => times(ms, 1000 + 2 * ms);
