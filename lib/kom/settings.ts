import type { Mode } from './records.js';

/** What may happen to an active instance that the coordinator does not answer. */
export type QuorumLoss = 'stop' | 'hold';

/** Times of the election, in ms. */
export interface Timing {
  /** A lease that was not renewed for so long is free. */
  readonly ttl: number;
  /** A lease is renewed, and the store read, every so often. */
  readonly renewal: number;
  /** So long before the end of its lease the holder stops by itself: clocks of different computers run differently. */
  readonly margin: number;
  /** Others wait so long for the one that comes first: the last active one, the named successor, the preferred one. */
  readonly headStart: number;
  /** An instance says every so often that it is there, and is taken for gone after so long. */
  readonly presence: number;
  readonly absence: number;
  /** Lines get so long to close before the process is handed over. */
  readonly closing: number;
}

export const timing: Timing = {
  ttl: 1500,
  renewal: 300,
  margin: 100,
  headStart: 200,
  presence: 1000,
  absence: 3500,
  closing: 100,
};

export interface MachineSettings {
  /** 1..15; 0 for a process that is alone. */
  readonly instance: number;
  /** 1..15; 0 for none. */
  readonly preferred: number;
  /** ms for which the preferred instance must have been there. */
  readonly preferredDelay: number;
  readonly mode: Mode;
  readonly onQuorumLoss: QuorumLoss;
  /** Name of the computer. */
  readonly host: string;
  /**
   * What is in the store lives exactly as long as the connection of who wrote it (`local`): nothing expires, and a lease that
   * is gone is free at once. Otherwise (`etcd`) everything stays until it is overwritten, and only time says that it is stale.
   */
  readonly sessions: boolean;
  readonly timing: Timing;
}
