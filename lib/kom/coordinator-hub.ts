import { createServer, type Server, type Socket } from 'node:net';
import type { Endpoint } from './coordinator-endpoint.js';
import { MemoryStore } from './coordinator-memory.js';
import { Handshake, type Message, Wire } from './coordinator-wire.js';
import { LEASE } from './records.js';
import type { Entries, Entry } from './view.js';

/** ms between two signs of life. */
export const BEAT = 300;
/** ms without one until a guest is taken for frozen. */
const SILENCE = 3500;
/** Instances, and some that want to become one. */
const MOST_GUESTS = 64;
/** Keys that a process has at most, and what one may hold. */
const MOST_KEYS = 64;
const LONGEST_VALUE = 4096;

interface Guest {
  readonly wire: Wire;
  readonly handshake: Handshake;
  nonce: string;
  isIn: boolean;
  /** Keys that it wrote and that go with it. */
  readonly keys: Set<string>;
}

/** The active instance of one computer: it listens where all meet, and keeps the store of the process in its memory. */
export class Hub {
  readonly store: MemoryStore;
  private readonly guests = new Set<Guest>();
  /** Members that were there under who listened before, and have not entered themselves here yet. */
  private readonly inherited: Set<string>;
  private readonly openedAt = performance.now();
  private readonly timer: NodeJS.Timeout;
  private beatAt = performance.now();
  private isClosed = false;

  private constructor(
    private readonly server: Server,
    entries: Entries,
    private readonly process: string,
    private readonly password: string,
    tell: (key: string, entry: Entry | undefined) => void,
  ) {
    this.store = new MemoryStore(entries, (key, entry) => {
      this.broadcast({ changed: key, ...entry });
      tell(key, entry);
    });
    this.inherited = new Set([...entries.keys()].filter((key) => key.startsWith('member/')));
    server.on('connection', (socket) => this.enter(socket));
    server.on('error', () => {});
    this.timer = setInterval(() => this.beat(), BEAT);
    this.timer.unref();
  }

  /** Listens, if nobody does. @returns undefined where somebody does; @throws Error for any other reason */
  static open(
    endpoint: Endpoint,
    entries: Entries,
    process: string,
    password: string,
    tell: (key: string, entry: Entry | undefined) => void,
  ): Promise<Hub | undefined> {
    return new Promise((resolve, reject) => {
      const server = createServer();
      server.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE') resolve(undefined);
        else reject(error);
      });
      server.listen({ ...endpoint, exclusive: true }, () => resolve(new Hub(server, entries, process, password, tell)));
    });
  }

  /** A key of who listens itself: it goes when that does. */
  keep(key: string): void {
    this.inherited.delete(key);
  }

  /** Listens no more, so that another can; then tells the guests. @param released the lease as it is left */
  close(released?: Entry): void {
    this.isClosed = true;
    clearInterval(this.timer);
    this.server.close();
    if (released !== undefined) this.broadcast({ changed: LEASE, ...released });
    for (const { wire } of this.guests) wire.socket.end();
  }

  private enter(socket: Socket): void {
    if (this.guests.size >= MOST_GUESTS) return void socket.destroy();
    const guest: Guest = {
      handshake: new Handshake(this.process, this.password),
      wire: new Wire(
        socket,
        (message) => this.take(guest, message),
        () => this.leave(guest),
      ),
      nonce: '',
      isIn: false,
      keys: new Set(),
    };
    this.guests.add(guest);
    guest.wire.send({ nonce: guest.handshake.nonce });
  }

  private leave(guest: Guest): void {
    this.guests.delete(guest);
    // Who goes since we do is there still.
    if (this.isClosed) return;
    for (const key of guest.keys) this.store.delete(key);
  }

  private take(guest: Guest, message: Message): void {
    if (this.isClosed) return;
    const { wire, handshake } = guest;
    if (!guest.isIn) {
      const { nonce, proof } = message;
      if (typeof nonce !== 'string' || !handshake.verify(proof, 'guest', handshake.nonce, nonce))
        return void wire.socket.destroy();
      guest.isIn = true;
      return wire.send({ proof: handshake.proof('hub', handshake.nonce, nonce) });
    }
    const { n, key, revision, value } = message;
    if (typeof n !== 'number') return;
    if (typeof key === 'string' && typeof value === 'string' && typeof revision === 'number')
      this.write(guest, n, key, revision, value);
    else wire.send({ n, entries: [...this.store.snapshot].map(([name, entry]) => ({ key: name, ...entry })) });
  }

  private write(guest: Guest, n: number, key: string, revision: number, value: string): void {
    const { snapshot } = this.store;
    const fits = value.length <= LONGEST_VALUE && (snapshot.has(key) || snapshot.size < MOST_KEYS);
    // The lease belongs to who listens.
    const written = key === LEASE || !fits ? undefined : this.store.cas(key, revision, value);
    if (written !== undefined && key.startsWith('member/')) {
      guest.keys.add(key);
      this.inherited.delete(key);
    }
    guest.wire.send({ n, revision: written ?? null });
  }

  private broadcast(message: Message): void {
    for (const { wire, isIn } of this.guests) if (isIn) wire.send(message);
  }

  private beat(): void {
    const now = performance.now();
    const slept = now - this.beatAt > SILENCE / 2;
    this.beatAt = now;
    // Who was frozen itself has heard nobody.
    for (const { wire } of this.guests)
      if (slept) wire.heardAt = now;
      else if (now - wire.heardAt > SILENCE) wire.socket.destroy();
    if (now - this.openedAt > SILENCE) {
      for (const key of this.inherited) this.store.delete(key);
      this.inherited.clear();
    }
    this.broadcast({ beat: true });
  }
}
