import type { Entries, Entry } from './view.js';

/** News of a store. */
export interface StoreWatcher {
  changed(key: string, entry: Entry | undefined): void;
  /** News may have been missed: the store is to be read. */
  missed(): void;
}

/** What a coordinator says of itself, for people. */
export interface CoordinatorHealth {
  /** Octets of its database, where it has one. */
  readonly databaseSize?: number;
  /** What is wrong with it or is going to be, in words. */
  readonly warnings: readonly string[];
}

/**
 * A store that the instances of a process share. It must be linearizable: of several that write over the same revision
 * exactly one succeeds, and who reads sees all that was written before. Every call settles within a second or so.
 */
export interface Coordinator {
  /** What is in the store lives exactly as long as the connection of who wrote it. */
  readonly sessions: boolean;
  /** All keys of the process. @throws Error when nobody answers */
  get(): Promise<Entries>;
  /**
   * Writes a key over what was read there; undefined where nothing was. The revision alone does not do: those of a store
   * that was wiped begin anew.
   * @returns the new revision, or undefined when something else stands there
   * @throws Error when nobody answers: then it may have been written or not
   */
  cas(key: string, over: Entry | undefined, value: string): Promise<number | undefined>;
  /** Tells of changes, from now on until close(). */
  watch(watcher: StoreWatcher): void;
  readonly health: CoordinatorHealth;
  close(): void;
}
