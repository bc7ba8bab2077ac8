/** Counter readings as they were at the last freeze (101 with FRZ 1 or 2), and when that was, by the point's index. */
export class FrozenReadings {
  readonly value: Float64Array;
  readonly status: Uint8Array;
  readonly time: Float64Array;
  private readonly taken: Uint8Array;

  constructor(count: number) {
    this.value = new Float64Array(count);
    this.status = new Uint8Array(count);
    this.time = new Float64Array(count);
    this.taken = new Uint8Array(count);
  }

  /** Whether the counter was ever frozen. */
  has(index: number): boolean {
    return this.taken[index] === 1;
  }

  take(index: number, value: number, status: number, time: number): void {
    this.taken[index] = 1;
    this.value[index] = value;
    this.status[index] = status;
    this.time[index] = time;
  }

  copy(): FrozenReadings {
    const copy = new FrozenReadings(this.value.length);
    copy.value.set(this.value);
    copy.status.set(this.status);
    copy.time.set(this.time);
    copy.taken.set(this.taken);
    return copy;
  }
}
