import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type ConnectionOptions, TLSSocket } from 'node:tls';
import { freePort } from '../nodes/flow.js';
import { Authority, CertificateFolder, type Issued, needsOpenssl } from './authority.js';
import { OpenGate } from './tls-gate.js';

const STARTDT = Buffer.from('680407000000', 'hex');

describe('handshakes of TLS that come to nothing', () => {
  let folder: CertificateFolder;
  let root: Authority;
  let server: Issued;
  let good: Issued;
  let gate: OpenGate;

  before(function () {
    this.timeout(60_000);
    needsOpenssl(this);
    folder = new CertificateFolder();
    root = new Authority(folder, 'Root');
    server = root.issue('server');
    good = root.issue('control-centre');
  });
  after(() => folder?.remove());
  afterEach(() => gate?.close());

  const open = async (options: object = {}): Promise<OpenGate> => {
    const properties = { myCertificate: server.crt, myKey: server.key, partnerCertificates: root.crt };
    gate = await new OpenGate(properties, options).listen();
    return gate;
  };
  const showing = ({ crt, key }: Issued): ConnectionOptions => ({ cert: readFileSync(crt), key: readFileSync(key) });

  it('who does not speak TLS: handshake-failed, and its octets are nobody’s', async () => {
    await open();
    const socket = gate.dialPlain();
    socket.write(STARTDT);
    assert.deepEqual(await gate.refusal(), {
      remote: `127.0.0.1:${socket.localPort}`,
      code: 'handshake-failed',
      reason: 'it does not speak TLS',
    });
    if (!socket.closed) await once(socket, 'close');
    assert.equal(gate.received, '');
  });

  it('who connects and says nothing is given up', async () => {
    await open({ handshake: 20 });
    const socket = gate.dialPlain();
    const { code, reason } = await gate.refusal();
    assert.deepEqual([code, reason], ['handshake-failed', 'the handshake took too long']);
    if (!socket.closed) await once(socket, 'close');
  });

  it('after 10 s', async () => {
    // Node.js gives a handshake its time in this way; waiting for it would take as long.
    const { setTimeout: original } = TLSSocket.prototype;
    const given: number[] = [];
    TLSSocket.prototype.setTimeout = function (ms, ...rest) {
      given.push(ms);
      return original.call(this, ms, ...rest);
    };
    try {
      await open();
      const socket = gate.dialPlain();
      await once(socket, 'connect');
      socket.destroy();
      await gate.refusal();
      assert.deepEqual(given, [10_000]);
    } finally {
      TLSSocket.prototype.setTimeout = original;
    }
  });

  it('who connects and leaves: handshake-failed, once, with its address', async () => {
    await open();
    const socket = gate.dialPlain();
    await once(socket, 'connect');
    const remote = `127.0.0.1:${socket.localPort}`;
    socket.destroy();
    assert.deepEqual(await gate.refusal(), {
      remote,
      code: 'handshake-failed',
      reason: 'it left before the handshake was finished',
    });
    gate.dial(showing(good));
    await gate.channel();
    assert.deepEqual(gate.refusals, []);
  });

  it('one port of a peer towards two addresses of ours is two handshakes', async () => {
    const properties = { myCertificate: server.crt, myKey: server.key, partnerCertificates: root.crt };
    gate = await new OpenGate(properties).listen('0.0.0.0');
    const localPort = await freePort();
    const from = { localAddress: '127.0.0.1', localPort };
    const silent = gate.dialPlain(from);
    await once(silent, 'connect');
    gate.dial({ ...showing(good), host: '127.0.0.2', ...from });
    assert.equal((await gate.channel()).remote, `127.0.0.1:${localPort}`);
    silent.destroy();
    const { remote, reason } = await gate.refusal();
    assert.deepEqual([remote, reason], [`127.0.0.1:${localPort}`, 'it left before the handshake was finished']);
  });

  it('a flood of silent peers: the oldest has to go, and others get in', async () => {
    await open();
    const first = gate.dialPlain();
    await once(first, 'connect');
    for (let i = 0; i < 256; i++) gate.dialPlain();
    const { reason, remote } = await gate.refusal();
    assert.deepEqual([reason, remote], ['256 others are in their handshake', `127.0.0.1:${first.localPort}`]);
    gate.dial(showing(good));
    assert.equal((await gate.channel()).certificate, 'control-centre');
  });

  it('an address that is not wanted costs no handshake', async () => {
    await open();
    gate.admitsAll = false;
    const peer = gate.dial(showing(good));
    assert.equal(await peer.ending(), 'ECONNRESET');
    assert.deepEqual([gate.refusals, gate.accepted], [[], []]);
  });
});
