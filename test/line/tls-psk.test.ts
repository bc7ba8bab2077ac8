import assert from 'node:assert/strict';
import type { ConnectionOptions } from 'node:tls';
import { Authority, CertificateFolder, needsOpenssl } from './authority.js';
import { OpenGate } from './tls-gate.js';

const KEY = 'a key of some length';
const STARTDT = Buffer.from('680407000000', 'hex');

const ciphers = 'PSK:TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256';
const saying = (identity: string, key: string | Buffer): ConnectionOptions => ({
  ciphers,
  pskCallback: () => ({ identity, psk: Buffer.from(key) }),
});

describe('TLS with a pre-shared key', () => {
  let gate: OpenGate;
  afterEach(() => gate?.close());
  const open = async (properties: object = {}): Promise<OpenGate> => {
    gate = await new OpenGate({ preSharedKey: KEY, pskIdentity: 'centre', ...properties }).listen();
    return gate;
  };

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const only = { minVersion: version, maxVersion: version } as const;

    describe(version, () => {
      const refused = async (options: ConnectionOptions) => {
        const peer = gate.dial({ ...options, ...only });
        peer.socket.write(STARTDT);
        const refusal = await gate.refusal();
        await peer.ending();
        assert.deepEqual([gate.accepted, gate.received, peer.received], [[], '', '']);
        for (const secret of [KEY, Buffer.from(KEY).toString('hex')])
          assert.ok(!JSON.stringify([refusal, gate.log]).includes(secret));
        return [refusal.code, refusal.reason];
      };

      it('the right identity and key', async () => {
        await open();
        const peer = gate.dial({ ...saying('centre', KEY), ...only });
        peer.socket.write(STARTDT);
        const channel = await gate.channel();
        assert.equal(channel.protocol, version);
        assert.equal(channel.certificate, undefined);
        await gate.until(() => gate.received === '680407000000', 'its octets');
        assert.deepEqual(gate.gate.warnings, []);
      });

      it('another identity: unknown-identity, which is named', async () => {
        await open();
        assert.deepEqual(await refused(saying('nobody\n', KEY)), [
          'unknown-identity',
          'its identity "nobody?" is unknown',
        ]);
      });

      it('the right identity with another key: handshake-failed', async () => {
        await open();
        const [code, reason] = await refused(saying('centre', 'another key of some length'));
        assert.equal(code, 'handshake-failed');
        assert.match(reason ?? '', /made with another key/);
      });

      it('no identity of ours: whoever has the key', async () => {
        await open({ pskIdentity: '' });
        gate.dial({ ...saying('whoever', KEY), ...only });
        await gate.channel();
        const [code] = await refusedAfter(saying('whoever', 'wrong'));
        assert.equal(code, 'handshake-failed');
      });
      const refusedAfter = (options: ConnectionOptions) => {
        gate.accepted.length = 0;
        return refused(options);
      };

      it('who has certificates only: handshake-failed', async () => {
        await open();
        const [code, reason] = await refused({});
        assert.equal(code, 'handshake-failed');
        assert.match(reason ?? '', /it offers no cipher of ours/);
      });

      it('a key in hexadecimal digits, with characters beyond ASCII otherwise as UTF-8', async () => {
        await open({ preSharedKey: 'hex:00ff10 20' });
        gate.dial({ ...saying('centre', Buffer.from([0, 0xff, 0x10, 0x20])), ...only });
        await gate.channel();
        gate.close();
        await open({ preSharedKey: 'schlüssel' });
        gate.dial({ ...saying('centre', Buffer.from('schlüssel', 'utf8')), ...only });
        await gate.channel();
      });
    });
  }

  it('a short key is a warning that stands, and does not show it', async () => {
    await open({ preSharedKey: 'short' });
    assert.deepEqual(gate.gate.warnings, ['preSharedKey is short: one of fewer than 16 octets can be guessed']);
    assert.ok(!JSON.stringify([gate.gate.warnings, gate.log]).includes('"short"'));
  });

  it('kRSAPSK is not done, although OpenSSL would', async () => {
    await open();
    gate.dial({ ...saying('centre', KEY), ciphers: 'kRSAPSK', maxVersion: 'TLSv1.2' });
    assert.equal((await gate.refusal()).code, 'handshake-failed');
  });

  describe('and certificates', () => {
    let folder: CertificateFolder;
    before(function () {
      needsOpenssl(this);
      folder = new CertificateFolder();
    });
    after(() => folder?.remove());

    it('certificates come first: a pre-shared key gets nobody in', async () => {
      const root = new Authority(folder, 'Root');
      const { crt, key } = root.issue('server');
      await open({ myCertificate: crt, myKey: key, partnerCertificates: root.crt });
      for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
        const peer = gate.dial({ ...saying('centre', KEY), ciphers: `DEFAULT:${ciphers}`, maxVersion });
        const { code } = await gate.refusal();
        assert.equal(code, 'no-certificate');
        await peer.ending();
      }
      assert.deepEqual(gate.accepted, []);
    });
  });
});
