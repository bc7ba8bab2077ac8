import type { FileEntry, FileStore, OpenFile } from '../../lib/station/file-store.js';

/** 2026-02-03 04:05:06.789 UTC, a Tuesday. */
export const CHANGED = Date.UTC(2026, 1, 3, 4, 5, 6, 789);
export const CHANGED_TAG = '85 1a 05 04 43 02 1a';

/** Files of a test. What is selected stays as it was, unless a test breaks it. */
export class MemoryFiles implements FileStore {
  readonly files = new Map<number, Uint8Array>();
  /** Octets that can still be read of what is open. */
  readable = Number.POSITIVE_INFINITY;
  changed = CHANGED;
  lists = 0;

  constructor(files: Readonly<Record<number, Uint8Array>> = {}) {
    for (const [nof, octets] of Object.entries(files)) this.files.set(Number(nof), octets);
  }

  list(): readonly FileEntry[] {
    this.lists++;
    return [...this.files].map(([nof, { length }]) => ({ nof, length, changed: this.changed }));
  }

  open(nof: number): OpenFile | undefined {
    const octets = this.files.get(nof);
    if (octets === undefined) return undefined;
    return {
      length: octets.length,
      read: (offset, count) =>
        offset >= this.readable ? undefined : octets.slice(offset, Math.min(offset + count, this.readable)),
    };
  }
}

/** `length` octets that differ from their neighbours, so that nothing can be confused. */
export function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8) * 3 + (i >> 16)) & 0xff);
}

/** The checksum of 7.2.6.37: the sum of the octets without regard to overflow. */
export function checksum(octets: Uint8Array): number {
  return octets.reduce((sum, octet) => (sum + octet) % 256, 0);
}
