import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import { Peer } from '../server/peer.js';
import { STARTDT_ACT, STARTDT_CON, STOPDT_ACT, STOPDT_CON } from '../server/wire.js';

/** Orders of a control centre, as octets of ASDUs: what the client begins data transfer with. */
export const INTERROGATION = '64 01 06 00 01 00 00 00 00 14';
export const INTERROGATION_CON = '64 01 07 00 01 00 00 00 00 14';
export const INTERROGATION_TERM = '64 01 0a 00 01 00 00 00 00 14';
export const COUNTERS = '65 01 06 00 01 00 00 00 00 05';
export const COUNTERS_CON = '65 01 07 00 01 00 00 00 00 05';
export const COUNTERS_TERM = '65 01 0a 00 01 00 00 00 00 05';

/** A connection that a control centre has made to a scripted outstation. */
export class OutstationSession extends Peer {
  /** STARTDT has come, and is confirmed. */
  async started(): Promise<this> {
    assert.equal(await this.next(), STARTDT_ACT);
    this.send(STARTDT_CON);
    return this;
  }

  /** Data transfer is started, and the interrogations are answered with these values. */
  async serve(...values: string[]): Promise<this> {
    await this.started();
    await this.expect(INTERROGATION);
    this.ask(INTERROGATION_CON, ...values, INTERROGATION_TERM);
    await this.expect(COUNTERS);
    this.ask(COUNTERS_CON, COUNTERS_TERM);
    return this;
  }

  /** STOPDT has come, and is confirmed. */
  async stopped(): Promise<void> {
    for (;;) {
      const frame = await this.next();
      if (frame.slice(6, 11) === '01 00') continue;
      assert.equal(frame, STOPDT_ACT);
      return this.send(STOPDT_CON);
    }
  }
}

/** A scripted outstation: it does what a test says, in literal octets, and knows nothing of our code. */
export class Outstation {
  private readonly come: OutstationSession[] = [];
  private readonly sockets: Socket[] = [];
  private readonly waiting: ((session: OutstationSession) => void)[] = [];
  /** Connections that have come. */
  count = 0;

  private constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.count++;
      this.sockets.push(socket);
      const session = new OutstationSession(socket);
      const taker = this.waiting.shift();
      if (taker === undefined) this.come.push(session);
      else taker(session);
    });
  }

  static listen(port = 0, host = '127.0.0.1'): Promise<Outstation> {
    const server = createServer();
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => resolve(new Outstation(server)));
    });
  }

  get port(): number {
    const address = this.server.address();
    assert.ok(address !== null && typeof address === 'object');
    return address.port;
  }

  /** The next connection that comes. */
  accept(): Promise<OutstationSession> {
    const session = this.come.shift();
    if (session !== undefined) return Promise.resolve(session);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Listens no more; connections stay. */
  deafen(): void {
    this.server.close();
  }

  /** Cuts all connections, and refuses new ones. */
  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => {
      this.server.close(() => resolve());
    });
  }
}
