import { FrameQueue, type Packing } from './frames.js';
import type { Outgoing, Party } from './sharing.js';

/** The parties of a device, and what waits of each. */
export class Senders {
  readonly connected = new Set<Party>();
  private readonly queues = new Map<Party, FrameQueue>();
  private readonly ignored = new Map<Party, number>();

  constructor(private readonly packing: Packing) {}

  push(party: Party, octets: Uint8Array, now: number, remote: string): void {
    let queue = this.queues.get(party);
    if (queue === undefined) {
      queue = new FrameQueue(this.packing);
      this.queues.set(party, queue);
    }
    queue.push(octets, now, remote);
  }

  take(party: Party): Outgoing | undefined {
    const frame = this.queues.get(party)?.take();
    return frame && { party, frame };
  }

  /** Whether what would be taken next of a party is the beginning of a frame. */
  begins(party: Party): boolean {
    return this.queues.get(party)?.begins ?? false;
  }

  clear(party: Party): void {
    this.queues.get(party)?.clear();
  }

  clearAll(): void {
    for (const queue of this.queues.values()) queue.clear();
  }

  ignore(party: Party): void {
    this.ignored.set(party, (this.ignored.get(party) ?? 0) + 1);
  }

  /** Octets of a party that wait. */
  waiting(party: Party): number {
    return this.queues.get(party)?.octets ?? 0;
  }

  lost(party: Party): number {
    return (this.queues.get(party)?.dropped ?? 0) + (this.ignored.get(party) ?? 0);
  }
}
