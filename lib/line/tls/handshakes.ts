import type { Socket } from 'node:net';
import { remoteOf } from '../remote.js';

/** Handshakes under way at a time, at most: each holds memory, and 10 s pass before a silent peer is given up. */
const AT_MOST = 256;

/** Who has connected and has not shown yet who it is. */
export class Handshakes {
  private readonly waiting = new Map<string, Socket>();

  /** @param lost is told of a peer whose handshake was not finished, and why */
  constructor(private readonly lost: (remote: string, reason: string) => void) {}

  begin(socket: Socket): void {
    const remote = remoteOf(socket);
    this.waiting.set(remote, socket);
    socket.once('close', () => {
      if (this.waiting.get(remote) === socket) this.give(remote, 'it left before the handshake was finished');
    });
    if (this.waiting.size <= AT_MOST) return;
    // The one that has kept us waiting longest: a flood of silent peers must not keep others out.
    const [oldest] = this.waiting.keys();
    if (oldest !== undefined) this.give(oldest, `${AT_MOST} others are in their handshake`);
  }

  /** A handshake has ended, well or badly. @returns false where that was told already */
  end(remote: string): boolean {
    return this.waiting.delete(remote);
  }

  /** Gives all up, and tells nobody. */
  clear(): void {
    const sockets = [...this.waiting.values()];
    this.waiting.clear();
    for (const socket of sockets) socket.destroy();
  }

  private give(remote: string, reason: string): void {
    const socket = this.waiting.get(remote);
    this.waiting.delete(remote);
    socket?.destroy();
    this.lost(remote, reason);
  }
}
