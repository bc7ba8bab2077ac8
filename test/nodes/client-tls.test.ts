import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { OutstationSession } from '../client/outstation.js';
import {
  catchAll,
  clientIn,
  clientStation,
  type FlowNode,
  line,
  lineStatus,
  redundantLine,
  sink,
  tab,
} from './flow.js';
import { type Message, red, withNodeRed } from './runtime.js';

const points = [{ ioa: 100, tag: 'Q0', type: 'M_SP_NA_1' }];
const ON = '01 01 14 00 01 00 64 00 00 01';
const KEY = 'a key of some length';
const IDENTITY = 'control-centre';

/** A substation with a pre-shared key that speaks literal octets; it knows one identity. */
class SecureOutstation {
  private readonly server: Server;
  private readonly sockets: TLSSocket[] = [];
  private readonly accepted: Promise<OutstationSession>;

  constructor() {
    const psk = Buffer.from(KEY);
    this.server = createServer({
      pskCallback: (_socket, identity) => (identity === IDENTITY ? psk : null),
      ciphers: 'PSK',
      maxVersion: 'TLSv1.2',
    });
    this.server.on('tlsClientError', () => {});
    this.accepted = new Promise((resolve) => {
      this.server.on('secureConnection', (socket) => {
        this.sockets.push(socket);
        resolve(new OutstationSession(socket));
      });
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((done) => {
      this.server.listen(0, '127.0.0.1', done);
    });
    return (this.server.address() as AddressInfo).port;
  }

  accept(): Promise<OutstationSession> {
    return this.accepted;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}

describe('lines that connect, with TLS', () => {
  withNodeRed();

  let outstation: SecureOutstation;
  let port: number;

  beforeEach(async () => {
    outstation = new SecureOutstation();
    port = await outstation.listen();
  });
  afterEach(() => outstation.close());

  const rest: readonly FlowNode[] = [clientIn(), sink('values'), lineStatus(), sink('states'), ...catchAll];
  const deploy = (lineNode: FlowNode, key: string): Promise<void> =>
    red.deploy([tab, lineNode, clientStation(points), ...rest], 'nodes', { line: { preSharedKey: key } });

  it('a tcp-line names itself by its identity, and shows the key', async () => {
    await deploy(line(port, { pskIdentity: IDENTITY }), KEY);
    await (await outstation.accept()).serve(ON);
    assert.equal((await red.next('values')).payload, true);
  });

  it('so does a tcp-line-redundant', async () => {
    await deploy(redundantLine(port, port, { pskIdentity: IDENTITY, useBackup: false }), KEY);
    await (await outstation.accept()).serve(ON);
    assert.equal((await red.next('values')).payload, true);
  });

  it('with another key nothing is sent: a security event, and the reason in the state of the line', async () => {
    await deploy(line(port, { pskIdentity: IDENTITY }), 'another key altogether');
    const event = await red.nextWhere('states', ({ payload }) => 'security' in (payload as Message), 'an event');
    assert.equal((event.payload as Message).security, 'handshake-failed');
    await red.nextWhere('states', ({ payload }) => (payload as Message).reason !== undefined, 'a reason');
    assert.equal(red.messages('values').length, 0);
  });

  it('without an identity the line does not connect, and says what is missing', async () => {
    await deploy(line(port), KEY);
    await red.until(() => red.errors('line').length > 0, 'an error');
    assert.match(red.errors('line')[0] as string, /pskIdentity: is missing/);
    assert.match(red.errors('station')[0] as string, /the configuration of line Line is wrong: pskIdentity/);
    const state = await red.nextWhere('states', ({ payload }) => (payload as Message).state === 'error', 'the error');
    assert.match(String((state.payload as Message).reason), /pskIdentity/);
  });
});
