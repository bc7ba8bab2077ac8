import { MODULO } from './frame.js';

/** Sent I-frames that the peer has not acknowledged: their number, age and tickets. At most k of them. */
export class SendWindow {
  /** V(S): N(S) of the next I-frame. */
  next: number;
  /** Sent and not acknowledged. */
  outstanding = 0;
  private acknowledgedEver = 0;
  private oldest = 0;
  private readonly sentAt: Float64Array;
  private readonly tickets: Float64Array;

  /**
   * @param k how many may be outstanding, 1..32767
   * @param first N(S) of the first I-frame (0, but for SSN)
   */
  constructor(
    readonly k: number,
    first = 0,
  ) {
    this.next = first;
    this.sentAt = new Float64Array(k);
    this.tickets = new Float64Array(k);
  }

  get full(): boolean {
    return this.outstanding >= this.k;
  }

  /** When the oldest unacknowledged I-frame was sent; only while one is outstanding. */
  get oldestSentAt(): number {
    return this.sentAt[this.oldest] as number;
  }

  /** Notes an I-frame as sent. */
  push(ticket: number, now: number): void {
    const slot = (this.oldest + this.outstanding) % this.k;
    this.sentAt[slot] = now;
    this.tickets[slot] = ticket;
    this.outstanding++;
    this.next = (this.next + 1) % MODULO;
  }

  /**
   * Takes an N(R). An older one than the last is without effect.
   * @param confirmed is called with the ticket of each I-frame that it covers, in order
   * @returns false when it acknowledges what was never sent
   */
  acknowledge(nr: number, confirmed: (ticket: number) => void): boolean {
    const una = (this.next - this.outstanding + MODULO) % MODULO;
    const newly = (nr - una + MODULO) % MODULO;
    if (newly > this.outstanding) {
      const back = (una - nr + MODULO) % MODULO;
      return back <= Math.min(this.acknowledgedEver, MODULO / 2);
    }
    for (let i = 0; i < newly; i++) {
      const ticket = this.tickets[this.oldest] as number;
      this.oldest = this.oldest + 1 === this.k ? 0 : this.oldest + 1;
      this.outstanding--;
      confirmed(ticket);
    }
    this.acknowledgedEver += newly;
    return true;
  }
}

/** Received I-frames: what N(S) comes next, and how many we have not acknowledged. */
export class ReceiveWindow {
  /** V(R): N(S) of the next I-frame expected, and the N(R) that we send. */
  next = 0;
  unacknowledged = 0;

  /** @returns false when N(S) is not exactly the next */
  take(ns: number): boolean {
    if (ns !== this.next) return false;
    this.next = (this.next + 1) % MODULO;
    this.unacknowledged++;
    return true;
  }
}
