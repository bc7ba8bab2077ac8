import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Entries, Entry } from './view.js';

/** Octets of one message at most: no instance says more, and a stranger must not fill the memory. */
const LONGEST = 262_144;
/** Octets that may wait for who does not read. */
const BACKLOG = 1_048_576;

export type Message = Readonly<Record<string, unknown>>;

/** Messages over a socket, one line of JSON each. What is no message ends the connection. */
export class Wire {
  private text = '';
  /** ms of the clock when a message came last: who begins one and does not end it is no guest for ever. */
  heardAt = performance.now();

  constructor(
    readonly socket: Socket,
    private readonly take: (message: Message) => void,
    closed: () => void,
  ) {
    socket.setEncoding('utf8');
    socket.on('data', (data: string) => this.read(data));
    socket.on('error', () => {});
    socket.once('close', closed);
  }

  send(message: Message): void {
    if (this.socket.writableLength > BACKLOG) this.socket.destroy();
    else if (this.socket.writable) this.socket.write(`${JSON.stringify(message)}\n`);
  }

  private read(data: string): void {
    this.text += data;
    for (let end = this.text.indexOf('\n'); end >= 0; end = this.text.indexOf('\n')) {
      const line = this.text.slice(0, end);
      this.text = this.text.slice(end + 1);
      const message = parse(line);
      if (message === undefined) return void this.socket.destroy();
      this.heardAt = performance.now();
      this.take(message);
      if (this.socket.destroyed) return;
    }
    if (this.text.length > LONGEST) this.socket.destroy();
  }
}

function parse(line: string): Message | undefined {
  try {
    const read: unknown = JSON.parse(line);
    return typeof read === 'object' && read !== null ? (read as Message) : undefined;
  } catch {
    return undefined;
  }
}

/** What is no entry is taken for nothing: whatever says it must not disturb. */
export function readEntries(list: readonly (Message | null)[]): Entries {
  const entries = new Map<string, Entry>();
  for (const given of list) {
    const entry = readEntry(given?.revision, given?.value);
    if (typeof given?.key === 'string' && entry !== undefined) entries.set(given.key, entry);
  }
  return entries;
}

export function readEntry(revision: unknown, value: unknown): Entry | undefined {
  return typeof value === 'string' && Number.isSafeInteger(revision)
    ? { revision: Number(revision), value }
    : undefined;
}

export type Side = 'hub' | 'guest';

/**
 * Any user of the computer can listen where we meet: each side proves that it knows the process and the password, if there
 * is one, over what both have made up.
 */
export class Handshake {
  readonly nonce = randomBytes(16).toString('hex');

  constructor(
    private readonly process: string,
    private readonly password: string,
  ) {}

  proof(side: Side, hub: string, guest: string): string {
    const key = JSON.stringify(['telecontrol-kom', 1, this.process, this.password]);
    return createHmac('sha256', key).update(`${side} ${hub} ${guest}`).digest('hex');
  }

  verify(given: unknown, side: Side, hub: string, guest: string): boolean {
    const expected = Buffer.from(this.proof(side, hub, guest));
    const proof = Buffer.from(typeof given === 'string' ? given : '');
    return proof.length === expected.length && timingSafeEqual(proof, expected);
  }
}
