/** The last so many of what was put in, in its order. What has to go for it is counted. */
export class Ring<T> {
  private readonly slots: T[] = [];
  private first = 0;
  /** Those that had to go. */
  overwritten = 0;

  /** @param capacity 1 or more */
  constructor(private readonly capacity: number) {}

  get length(): number {
    return this.slots.length;
  }

  push(item: T): void {
    if (this.slots.length < this.capacity) {
      this.slots.push(item);
      return;
    }
    this.slots[this.first] = item;
    this.first = (this.first + 1) % this.capacity;
    this.overwritten++;
  }

  /** @param index 0 for the oldest */
  at(index: number): T | undefined {
    return index < this.slots.length ? this.slots[(this.first + index) % this.capacity] : undefined;
  }
}
