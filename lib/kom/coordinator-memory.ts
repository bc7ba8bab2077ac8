import type { Entries, Entry } from './view.js';

/** Entries in memory, with compare-and-set. */
export class MemoryStore {
  private readonly entries: Map<string, Entry>;
  private last = 0;

  constructor(
    entries: Entries = new Map(),
    private readonly changed: (key: string, entry: Entry | undefined) => void = () => {},
  ) {
    this.entries = new Map(entries);
    for (const { revision } of entries.values()) this.last = Math.max(this.last, revision);
  }

  get snapshot(): Entries {
    return new Map(this.entries);
  }

  /** @param over the revision that stands there; 0 for none */
  cas(key: string, over: number, value: string): number | undefined {
    return (this.entries.get(key)?.revision ?? 0) === over ? this.put(key, value) : undefined;
  }

  put(key: string, value: string): number {
    const entry = { revision: ++this.last, value };
    this.entries.set(key, entry);
    this.changed(key, entry);
    return entry.revision;
  }

  delete(key: string): void {
    if (this.entries.delete(key)) this.changed(key, undefined);
  }
}
