import type { PassingFrame, WatchedConnection } from '../trace/frame-watch.js';

/** Octets that are shown in one piece at most. */
const PIECE = 1460;

/** Who looks at the octets of a line that carries a channel; they are shown as they pass, in pieces of 1460 at most. */
export class OctetWatch {
  private readonly watchers = new Set<(piece: PassingFrame) => void>();

  /** @param failed is told of a watcher that has thrown, which sees nothing more */
  constructor(private readonly failed: (error: unknown) => void) {}

  /** Shows all octets from now on; the result ends that. */
  add(watcher: (piece: PassingFrame) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  show({ remote, local }: WatchedConnection, direction: PassingFrame['direction'], octets: Uint8Array): void {
    for (const watcher of this.watchers)
      try {
        for (let at = 0; at < octets.length; at += PIECE)
          watcher({ remote, local, direction, octets: octets.subarray(at, at + PIECE), isOctets: true });
      } catch (error) {
        // Who only looks must not be able to disturb.
        this.watchers.delete(watcher);
        this.failed(error);
      }
  }
}
