import type { Party, Sharing } from '../../lib/sharing/sharing.js';

/** A device in virtual time: what it is sent, and who hears what it says. */
export class TestDevice {
  now = 1000;
  /** What it has received, as `party: text`. */
  readonly received: string[] = [];
  /** Whether what it is given is sent at once. */
  isFast = true;
  private isBusy = false;

  constructor(readonly sharing: Sharing) {}

  connect(...parties: Party[]): this {
    for (const party of parties) this.sharing.connected(party);
    return this;
  }

  disconnect(party: Party): void {
    this.sharing.disconnected(party, this.now);
    this.pump();
  }

  /** A party sends. @returns what the device receives thereupon */
  send(party: Party, text: string | Uint8Array): string[] {
    const octets = typeof text === 'string' ? Buffer.from(text) : text;
    this.sharing.offer(party, octets, this.now, '');
    return this.pump();
  }

  /** The device says something. @returns who hears it */
  say(): readonly Party[] {
    return this.sharing.risen(this.now);
  }

  /** A slow device has sent what it was given. */
  settle(): string[] {
    this.isBusy = false;
    this.sharing.settled(this.now);
    return this.pump();
  }

  /** The device has gone; another is there at once. */
  vanish(): void {
    this.isBusy = false;
    this.sharing.abandoned();
  }

  /** Time passes in which nothing is done; then what is due. */
  stall(ms: number): void {
    this.now += ms;
    this.sharing.expire(this.now);
    this.pump();
  }

  /** Time passes, with a stop at what is due. @returns what the device receives meanwhile */
  pass(ms: number): string[] {
    const until = this.now + ms;
    const before = this.received.length;
    while (this.sharing.deadline <= until) {
      this.now = Math.max(this.now, this.sharing.deadline);
      this.sharing.expire(this.now);
      this.pump();
    }
    this.now = until;
    return this.received.slice(before);
  }

  private pump(): string[] {
    const before = this.received.length;
    while (!this.isBusy) {
      const outgoing = this.sharing.next(this.now);
      if (outgoing === undefined) break;
      this.received.push(`${outgoing.party}: ${Buffer.from(outgoing.frame.octets).toString()}`);
      if (this.isFast) this.sharing.settled(this.now);
      else this.isBusy = true;
    }
    return this.received.slice(before);
  }
}
