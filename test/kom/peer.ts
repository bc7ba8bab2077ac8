import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Endpoint } from '../../lib/kom/coordinator-endpoint.js';
import { Handshake, type Message, Wire } from '../../lib/kom/coordinator-wire.js';

/** One side of the way between local instances that has proved itself, and says then what a test wants. */
export class Peer {
  private wire: Wire | undefined;
  /** A guest has come in. */
  readonly visited: Promise<void>;
  /** What it has asked first. */
  readonly asked: Promise<Message>;
  private visit: () => void = () => {};
  private ask: (message: Message) => void = () => {};
  private server: Server | undefined;

  private constructor(private readonly handshake: Handshake) {
    this.visited = new Promise((resolve) => {
      this.visit = resolve;
    });
    this.asked = new Promise((resolve) => {
      this.ask = resolve;
    });
  }

  /** Listens as the active instance does. */
  static async hub(endpoint: Endpoint, process: string): Promise<Peer> {
    const peer = new Peer(new Handshake(process, ''));
    peer.server = createServer((socket) => peer.enter(socket)).listen(endpoint);
    await once(peer.server, 'listening');
    return peer;
  }

  /** Comes as a passive instance does. */
  static async guest(endpoint: Endpoint, process: string): Promise<Peer> {
    const peer = new Peer(new Handshake(process, ''));
    const { handshake } = peer;
    await new Promise<void>((resolve) => {
      const take = ({ nonce, proof }: Message): void => {
        if (proof !== undefined) return resolve();
        const theirs = String(nonce);
        peer.send({ nonce: handshake.nonce, proof: handshake.proof('guest', theirs, handshake.nonce) });
      };
      peer.wire = new Wire(connect(endpoint), take, () => {});
    });
    return peer;
  }

  send(message: Message): void {
    this.wire?.send(message);
  }

  close(): void {
    this.server?.close();
    this.wire?.socket.destroy();
  }

  private enter(socket: Socket): void {
    const { handshake } = this;
    let isIn = false;
    const take = (message: Message): void => {
      if (isIn) return 'n' in message ? this.ask(message) : undefined;
      isIn = true;
      this.send({ proof: handshake.proof('hub', handshake.nonce, String(message.nonce)) });
      this.visit();
    };
    this.wire = new Wire(socket, take, () => {});
    this.send({ nonce: handshake.nonce });
  }
}
