import type { EventFeed } from '../redundancy/feed.js';
import { COUNTERS, type EventMark } from '../station/journal.js';

/** Answers that wait for one client. */
export class Answers {
  private readonly ready: Uint8Array[] = [];
  /** Those that follow an event. */
  private readonly followers: { readonly asdu: Uint8Array; readonly after: EventMark }[] = [];

  get size(): number {
    return this.ready.length + this.followers.length;
  }

  /** @param after the event that has to go out before */
  add(asdu: Uint8Array, after?: EventMark): void {
    if (after === undefined) this.ready.push(asdu);
    else this.followers.push({ asdu, after });
  }

  /** The next that may go out: of the followers the first whose event has gone out, or will not go to this client. */
  take(feed: EventFeed | undefined): Uint8Array | undefined {
    const ready = this.ready.shift();
    if (ready !== undefined) return ready;
    // Events of values and of counters do not wait for each other, nor do their answers.
    const at = this.followers.findIndex(({ after }) => !feed?.isPending(after.number, after.which === COUNTERS));
    return at < 0 ? undefined : this.followers.splice(at, 1)[0]?.asdu;
  }

  clear(): void {
    this.ready.length = 0;
    this.followers.length = 0;
  }
}
