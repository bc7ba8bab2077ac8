import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Listens, and takes nobody before it may: its queue is full, so that the next who comes has to ask twice. */
const PROGRAM = `
const server = require('node:net').createServer(() => {}).listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  process.stdout.write(String(server.address().port));
  setImmediate(() => require('node:fs').readSync(0, Buffer.alloc(1)));
});
`;

/** A server that answers only after more than 250 ms, as by radio. */
export class SlowServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
    private readonly queue: readonly Socket[],
  ) {}

  static async open(): Promise<SlowServer> {
    const child = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [port] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    const queue: Socket[] = [];
    for (let i = 0; i < 2; i++) {
      const socket = connect({ port: Number(port), host: '127.0.0.1' });
      socket.on('error', () => {});
      await once(socket, 'connect');
      queue.push(socket);
    }
    return new SlowServer(child, Number(port), queue);
  }

  /** From now on it takes who asks. */
  answer(): void {
    this.child.stdin?.write('x');
  }

  async close(): Promise<void> {
    for (const socket of this.queue) socket.destroy();
    const ended = once(this.child, 'close');
    this.child.kill();
    await ended;
  }
}
