import type { Packing } from './frames.js';
import { Senders } from './senders.js';
import type { Outgoing, Party, Sharing } from './sharing.js';

/**
 * One session has the device for itself: the primary one, until it disconnects; then the other. What others send is
 * ignored and does not wait. A primary session that returns has the device back with its first octets.
 */
export class FailoverSharing implements Sharing {
  readonly deadline = Number.POSITIVE_INFINITY;
  holder: Party | undefined;
  private readonly senders: Senders;

  constructor(packing: Packing) {
    this.senders = new Senders(packing);
  }

  connected(party: Party): void {
    this.senders.connected.add(party);
    this.holder ??= party;
  }

  disconnected(party: Party): void {
    this.senders.connected.delete(party);
    this.senders.clear(party);
    if (this.holder === party) [this.holder] = this.senders.connected;
  }

  offer(party: Party, octets: Uint8Array, now: number, remote: string): boolean {
    if (party === 'primary' && this.holder !== party) {
      if (this.holder !== undefined) this.senders.clear(this.holder);
      this.holder = party;
    }
    // A flow is no session: it speaks while no session has the device.
    if (party !== (this.holder ?? 'flow')) {
      this.senders.ignore(party);
      return false;
    }
    this.senders.push(party, octets, now, remote);
    return true;
  }

  next(): Outgoing | undefined {
    return this.senders.take('flow') ?? (this.holder && this.senders.take(this.holder));
  }

  settled(): void {}

  risen(): readonly Party[] {
    return this.holder === undefined ? [] : [this.holder];
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
