import type { Packing } from './frames.js';
import { Senders } from './senders.js';
import type { Outgoing, Party, Sharing } from './sharing.js';

/** What all send goes to the device as it comes, and what comes up goes to all: they see to each other themselves. */
export class RawSharing implements Sharing {
  readonly holder = undefined;
  readonly deadline = Number.POSITIVE_INFINITY;
  private readonly senders: Senders;
  /** Those that have something waiting; where the device is slower than they are, one frame of each in turn. */
  private turns: readonly Party[] = [];

  constructor(packing: Packing) {
    this.senders = new Senders(packing);
  }

  connected(party: Party): void {
    this.senders.connected.add(party);
  }

  disconnected(party: Party): void {
    this.senders.connected.delete(party);
    this.senders.clear(party);
  }

  offer(party: Party, octets: Uint8Array, now: number, remote: string): boolean {
    this.senders.push(party, octets, now, remote);
    if (!this.turns.includes(party)) this.turns = [...this.turns, party];
    return true;
  }

  next(): Outgoing | undefined {
    for (;;) {
      const [party, ...others] = this.turns;
      if (party === undefined) return undefined;
      const outgoing = this.senders.take(party);
      this.turns = outgoing === undefined ? others : [...others, party];
      if (outgoing !== undefined) return outgoing;
    }
  }

  settled(): void {}

  risen(): readonly Party[] {
    return [...this.senders.connected];
  }

  expire(): void {}

  abandoned(): void {
    this.senders.clearAll();
  }

  waiting(party: Party): number {
    return this.senders.waiting(party);
  }

  lost(party: Party): number {
    return this.senders.lost(party);
  }
}
