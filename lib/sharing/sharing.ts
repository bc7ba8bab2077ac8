import type { Frame } from './frames.js';

/** Who may speak to a device: the sessions of a network, and a flow beside them. */
export type Party = 'primary' | 'secondary' | 'peer' | 'flow';

/** Octets on their way to the device. */
export interface Outgoing {
  readonly party: Party;
  readonly frame: Frame;
}

/**
 * Who speaks to a device, and who hears it. It is told what happens and when; the device takes from it what it can.
 * What a party sends waits in a queue of its own (`FrameQueue`), so that nobody loses anything by another's flood.
 */
export interface Sharing {
  /** Who has the device for itself; undefined where nobody has. */
  readonly holder: Party | undefined;
  /** When `expire` has to be called, ms of the clock; Infinity where nothing is due. */
  readonly deadline: number;
  connected(party: Party): void;
  /** The party has gone. What waits of it is dropped: nobody is there for the answer. */
  disconnected(party: Party, now: number): void;
  /** Takes what a party sends. @returns false when it is ignored */
  offer(party: Party, octets: Uint8Array, now: number, remote: string): boolean;
  /** What the device gets next. Whoever takes it says so with `settled` when the device has sent it. */
  next(now: number): Outgoing | undefined;
  settled(now: number): void;
  /** Octets have come up from the device. @returns which of those that are connected get them */
  risen(now: number): readonly Party[];
  expire(now: number): void;
  /** There is no device any more: what waits for it is dropped, for it must not come to one that is put in later. */
  abandoned(): void;
  /** Octets of a party that wait. */
  waiting(party: Party): number;
  /** Frames of a party that were dropped, and pieces of it that were ignored. */
  lost(party: Party): number;
}
