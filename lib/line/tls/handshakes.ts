import type { Socket } from 'node:net';
import { remoteOf } from '../remote.js';

/** Handshakes under way at a time, at most: each holds memory, and 10 s pass before a silent peer is given up. */
const AT_MOST = 256;

interface Waiting {
  readonly socket: Socket;
  readonly remote: string;
}

/** Who has connected and has not shown yet who it is. */
export class Handshakes {
  private readonly waiting = new Map<string, Waiting>();

  /** @param lost is told of a peer whose handshake was not finished, and why */
  constructor(private readonly lost: (remote: string, reason: string) => void) {}

  begin(socket: Socket): void {
    const path = pathOf(socket);
    const one: Waiting = { socket, remote: remoteOf(socket) };
    this.waiting.set(path, one);
    socket.once('close', () => {
      if (this.waiting.get(path) === one) this.give(path, one, 'it left before the handshake was finished');
    });
    if (this.waiting.size <= AT_MOST) return;
    // The one that has kept us waiting longest: a flood of silent peers must not keep others out.
    const [oldest] = this.waiting;
    if (oldest !== undefined) this.give(...oldest, `${AT_MOST} others are in their handshake`);
  }

  /**
   * A handshake has ended, well or badly.
   * @param socket that of TLS, which is another one than began
   * @returns false where that was told already
   */
  end(socket: Socket): boolean {
    return this.waiting.delete(pathOf(socket));
  }

  /** Gives all up, and tells nobody. */
  clear(): void {
    const all = [...this.waiting.values()];
    this.waiting.clear();
    for (const { socket } of all) socket.destroy();
  }

  private give(path: string, { socket, remote }: Waiting, reason: string): void {
    this.waiting.delete(path);
    socket.destroy();
    this.lost(remote, reason);
  }
}

/** Both ends: a peer may use one of its ports towards several addresses of ours. */
function pathOf(socket: Socket): string {
  return `${remoteOf(socket)} ${socket.localAddress}`;
}
