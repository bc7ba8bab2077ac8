import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way over the loopback that can be cut as a network is: nothing arrives, and nobody is told. */
export class Way {
  private isCut = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly port: number,
  ) {
    server.on('connection', (socket) => this.enter(socket));
  }

  /** @param port where it leads */
  static async to(port: number): Promise<Way> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Way(server, port);
  }

  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  cut(isCut: boolean): void {
    this.isCut = isCut;
    for (const socket of this.sockets)
      if (isCut) socket.pause();
      // What was on its way is lost; who waits for it learns that now.
      else socket.destroy();
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private enter(socket: Socket): void {
    const other = connect(this.port, '127.0.0.1');
    for (const [one, far] of [
      [socket, other],
      [other, socket],
    ] as const) {
      this.sockets.add(one);
      one.on('data', (data) => far.write(data));
      one.on('error', () => {});
      one.once('close', () => {
        this.sockets.delete(one);
        far.destroy();
      });
      if (this.isCut) one.pause();
    }
  }
}
