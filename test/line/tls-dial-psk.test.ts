import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { TlsOptions } from 'node:tls';
import { Authority, CertificateFolder, needsOpenssl } from './authority.js';
import { SServer } from './s-server.js';
import { DialledLine, Partner } from './tls-dial.js';
import { OpenGate } from './tls-gate.js';

const KEY = 'a key of some length';
const DIGITS = Buffer.from(KEY).toString('hex');
const STARTDT = '680407000000';
const CONFIRMED = '68040b000000';

const ours = { pskIdentity: 'centre', preSharedKey: KEY };

describe('a line that connects by TLS, with a pre-shared key', () => {
  let line: DialledLine;
  let gate: OpenGate | undefined;
  let partner: Partner | undefined;
  afterEach(() => {
    line?.close();
    gate?.close();
    partner?.close();
    gate = undefined;
    partner = undefined;
  });

  const serving = (options: TlsOptions): TlsOptions => ({
    ciphers: 'PSK:TLS_AES_128_GCM_SHA256',
    pskCallback: (_, identity) => (identity === 'centre' ? Buffer.from(KEY) : null),
    ...options,
  });

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const only = { minVersion: version, maxVersion: version } as const;

    describe(version, () => {
      const refused = async (properties: object, served: TlsOptions) => {
        line = new DialledLine({ ...ours, ...properties });
        partner = await Partner.tls({ ...served, ...only }, CONFIRMED);
        const { channel, code, reason } = await line.dial(partner.port);
        assert.equal(channel, undefined);
        assert.deepEqual(
          line.refusals.map((refusal) => [refusal.code, refusal.reason]),
          [[code, reason]],
        );
        assert.deepEqual([line.received, partner.received], ['', '']);
        for (const secret of [KEY, DIGITS]) assert.ok(!JSON.stringify([line.refusals, line.log]).includes(secret));
        return [code, reason];
      };

      it('the right identity and key: octets both ways', async () => {
        line = new DialledLine(ours);
        partner = await Partner.tls(serving(only), CONFIRMED);
        const { channel } = await line.dial(partner.port);
        assert.equal(channel?.protocol, version);
        assert.equal(channel?.certificate, undefined);
        channel?.write(Buffer.from(STARTDT, 'hex'));
        await partner.until(STARTDT);
        await line.until(() => line.received === CONFIRMED, 'octets');
        assert.deepEqual(line.tls.warnings, []);
      });

      it('a listener of ours', async () => {
        line = new DialledLine(ours);
        gate = await new OpenGate(ours).listen();
        const { channel } = await line.dial(gate.port);
        channel?.write(Buffer.from(STARTDT, 'hex'));
        await gate.until(() => gate?.received === STARTDT, 'octets');
      });

      it('an identity that the partner does not know', async () => {
        const [code, reason] = await refused({ pskIdentity: 'nobody' }, serving({}));
        if (version === 'TLSv1.2')
          assert.deepEqual([code, reason], ['unknown-identity', 'it does not know our identity']);
        else assert.equal(code, 'handshake-failed');
      });

      it('another key: handshake-failed', async () => {
        const [code] = await refused({ preSharedKey: 'another key of some length' }, serving({}));
        assert.equal(code, 'handshake-failed');
      });

      it('a partner with a certificate and without the key: handshake-failed, whoever it is', async function () {
        needsOpenssl(this);
        const folder = new CertificateFolder();
        try {
          const { crt, key } = new Authority(folder, 'Root').issue('server');
          const [code] = await refused({}, { cert: readFileSync(crt), key: readFileSync(key) });
          assert.equal(code, 'handshake-failed');
        } finally {
          folder.remove();
        }
      });

      if (version === 'TLSv1.2')
        it('kRSAPSK is not offered', async function () {
          needsOpenssl(this);
          const folder = new CertificateFolder();
          try {
            const kind = ['-newkey', 'rsa:2048'];
            const [crt, key] = [folder.at('rsa.crt'), folder.at('rsa.key')];
            const out = ['-keyout', key, '-out', crt, '-subj', '/CN=rsa', '-nodes'];
            folder.openssl('req', '-x509', '-config', folder.configuration, ...kind, ...out);
            const served = serving({ cert: readFileSync(crt), key: readFileSync(key), ciphers: 'kRSAPSK' });
            assert.equal((await refused({}, served))[0], 'handshake-failed');
          } finally {
            folder.remove();
          }
        });

      describe('openssl s_server', () => {
        let server: SServer;
        before(function () {
          needsOpenssl(this);
        });
        afterEach(() => server?.kill());
        const open = async (...options: string[]): Promise<SServer> => {
          const suites = ['-cipher', 'PSK', '-ciphersuites', 'TLS_AES_128_GCM_SHA256'];
          const flag = version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3';
          server = await new SServer('-nocert', flag, '-psk_identity', 'centre', ...suites, ...options).open();
          return server;
        };

        it('the right identity and key: octets both ways', async () => {
          await open('-psk', DIGITS);
          line = new DialledLine(ours);
          const { channel, reason } = await line.dial(server.port);
          assert.equal(channel?.protocol, version, reason);
          channel?.write(Buffer.from(STARTDT, 'hex'));
          // biome-ignore lint/suspicious/noControlCharactersInRegex: an APDU has them
          await server.until(/h\u0004\u0007\u0000\u0000\u0000/);
          server.send(CONFIRMED);
          await line.until(() => line.received === CONFIRMED, 'octets');
        });

        it('another key: handshake-failed, and nothing is sent', async () => {
          await open('-psk', '00112233445566778899aabbccddeeff');
          line = new DialledLine(ours);
          const { channel, code } = await line.dial(server.port);
          assert.deepEqual([channel, code], [undefined, 'handshake-failed']);
        });

        // With TLS 1.2 it takes any.
        if (version === 'TLSv1.3')
          it('an identity that it does not know: handshake-failed', async () => {
            await open('-psk', DIGITS);
            line = new DialledLine({ ...ours, pskIdentity: 'nobody' });
            const { channel, code } = await line.dial(server.port);
            assert.deepEqual([channel, code], [undefined, 'handshake-failed']);
          });
      });
    });
  }

  it('a short key is a warning that stands', () => {
    line = new DialledLine({ ...ours, preSharedKey: 'short' });
    assert.deepEqual(line.tls.warnings, ['preSharedKey is short: one of fewer than 16 octets can be guessed']);
  });
});
