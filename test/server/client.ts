import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { Peer } from './peer.js';
import { STARTDT_ACT, STARTDT_CON, STOPDT_ACT, STOPDT_CON } from './wire.js';

export * from './wire.js';

/** A controlling station that speaks literal octets over a socket. */
export class TestClient extends Peer {
  /** This end's port, by which the server names the connection. */
  readonly port: number;

  private constructor(socket: Socket) {
    super(socket);
    this.port = socket.localPort as number;
  }

  static connect(port: number): Promise<TestClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new TestClient(socket));
      });
    });
  }

  /** A client over TLS; whom the server is, is not what it looks at. */
  static connectTls(port: number, options: ConnectionOptions): Promise<TestClient> {
    return new Promise((resolve, reject) => {
      const socket = connectTls({
        port,
        host: '127.0.0.1',
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
        ...options,
      });
      socket.once('error', reject);
      socket.once('secureConnect', () => {
        socket.off('error', reject);
        resolve(new TestClient(socket));
      });
    });
  }

  /** Asks, and the ASDUs that arrive next are these. */
  async answers(asdu: string, ...expected: string[]): Promise<void> {
    this.ask(asdu);
    await this.expect(...expected);
  }

  /** Begins data transfer. */
  async start(): Promise<this> {
    this.send(STARTDT_ACT);
    assert.equal(await this.next(), STARTDT_CON);
    return this;
  }

  async stop(): Promise<void> {
    this.send(STOPDT_ACT);
    for (;;) {
      const frame = await this.next();
      if (frame === STOPDT_CON) return;
      assert.equal(frame.slice(6, 11), '01 00', `an S-frame or STOPDT con was expected, not ${frame}`);
    }
  }
}
