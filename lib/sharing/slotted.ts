import type { Packing } from './frames.js';
import { Senders } from './senders.js';
import type { Outgoing, Party, Sharing } from './sharing.js';

/** ms beyond the time of a slot after which it passes on even though the device is never silent. */
const LONGEST = 10_000;
/** ms at the end of a silence in which this process must have been able to hear the device. */
const LISTENING = 10;
/** ms by which it may be late with that: beyond them it was held up, and what has come lies unread. */
const LATE = 5;

/**
 * One at a time: a device that is idle goes to who sends first, and what comes up to the holder alone, until nothing has
 * gone down or come up for a while. Meanwhile what others send waits. Who calls `expire` late was held up, and has not
 * heard whether the device was silent: it listens again before the slot ends.
 *
 * Who never pauses keeps nobody out: when another has waited as long as that, the holder begins no further frame. And who
 * has gone keeps its slot, without hearing anything: the answer to its question must not reach another.
 */
export class SlottedSharing implements Sharing {
  private readonly senders: Senders;
  private slot: Party | 'gone' | undefined;
  /** Since when it has the slot, or has gone. */
  private slotSince = 0;
  /** When something last went down or came up. */
  private activity = Number.NEGATIVE_INFINITY;
  /** Since when this process listens without having been held up, at the end of a silence. */
  private listensSince: number | undefined;
  /** The device is sending: that is no silence. */
  private isBusy = false;
  /** Since when who has no slot waits. */
  private readonly since = new Map<Party, number>();

  /** @param slotTimeout ms of silence in both directions that free the device, 50..65535 */
  constructor(
    packing: Packing,
    private readonly slotTimeout: number,
  ) {
    this.senders = new Senders(packing);
  }

  get holder(): Party | undefined {
    return this.slot === 'gone' ? undefined : this.slot;
  }

  get deadline(): number {
    if (this.slot === undefined || this.isBusy) return Number.POSITIVE_INFINITY;
    return Math.min(this.listensSince === undefined ? this.silentAt - LISTENING : this.silentAt, this.passesAt);
  }

  connected(party: Party): void {
    this.senders.connected.add(party);
  }

  disconnected(party: Party, now: number): void {
    this.senders.connected.delete(party);
    this.senders.clear(party);
    this.since.delete(party);
    if (this.slot !== party) return;
    this.slot = 'gone';
    this.slotSince = now;
  }

  offer(party: Party, octets: Uint8Array, now: number, remote: string): boolean {
    this.senders.push(party, octets, now, remote);
    if (this.slot === undefined) this.give(party, now);
    else if (this.slot !== party && !this.since.has(party)) this.since.set(party, now);
    return true;
  }

  next(now: number): Outgoing | undefined {
    const party = this.holder;
    if (party === undefined || this.isBusy) return undefined;
    if (this.senders.begins(party) && now >= this.yieldsAt) return undefined;
    const outgoing = this.senders.take(party);
    if (outgoing === undefined) return undefined;
    this.isBusy = true;
    return outgoing;
  }

  settled(now: number): void {
    this.isBusy = false;
    this.stir(now);
  }

  risen(now: number): readonly Party[] {
    if (this.slot === undefined) return [...this.senders.connected];
    this.stir(now);
    return this.slot === 'gone' ? [] : [this.slot];
  }

  expire(now: number): void {
    const { deadline, holder } = this;
    if (now < deadline) return;
    if (now < this.passesAt && (this.listensSince === undefined || now > deadline + LATE)) {
      this.listensSince = now;
      return;
    }
    if (holder !== undefined && this.senders.waiting(holder) > 0) this.since.set(holder, now);
    this.slot = undefined;
    const next = this.longestWaiting;
    if (next !== undefined) this.give(next, now);
  }

  abandoned(): void {
    this.senders.clearAll();
    this.since.clear();
    this.slot = undefined;
    this.isBusy = false;
  }

  waiting(party: Party): number {
    return this.senders.waiting(party);
  }

  lost(party: Party): number {
    return this.senders.lost(party);
  }

  /** Something has gone down or come up. */
  private stir(now: number): void {
    this.activity = now;
    this.listensSince = undefined;
  }

  private give(party: Party, now: number): void {
    this.slot = party;
    this.slotSince = now;
    this.stir(now);
    this.since.delete(party);
  }

  private get longestWaiting(): Party | undefined {
    let found: Party | undefined;
    for (const [party, at] of this.since)
      if (found === undefined || at < (this.since.get(found) as number)) found = party;
    return found;
  }

  /** When the silence has lasted long enough. */
  private get silentAt(): number {
    return Math.max(this.activity + this.slotTimeout, (this.listensSince ?? 0) + LISTENING);
  }

  /** From when on the holder begins nothing new, since it has kept another waiting for long enough. */
  private get yieldsAt(): number {
    return Math.max(this.slotSince, Math.min(...this.since.values())) + this.slotTimeout;
  }

  /** When the slot ends though the device is not silent. */
  private get passesAt(): number {
    return (this.slot === 'gone' ? this.slotSince : this.yieldsAt) + this.slotTimeout + LONGEST;
  }
}
