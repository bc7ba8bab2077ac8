import assert from 'node:assert/strict';
import { Authority, CertificateFolder, type Issued, needsOpenssl } from './authority.js';
import { SServer } from './s-server.js';
import { DialledLine } from './tls-dial.js';

const STARTDT = '680407000000';
const CONFIRMED = '68040b000000';
// biome-ignore lint/suspicious/noControlCharactersInRegex: an APDU has them
const ARRIVED = /h\u0004\u0007\u0000\u0000\u0000/;

describe('a line that connects by TLS to openssl s_server, with certificates', () => {
  let folder: CertificateFolder;
  let root: Authority;
  let other: Authority;
  let station: Issued;
  let mine: Issued;
  let line: DialledLine;
  let server: SServer;

  before(function () {
    this.timeout(60_000);
    needsOpenssl(this);
    folder = new CertificateFolder();
    root = new Authority(folder, 'Root');
    other = new Authority(folder, 'Other');
    station = root.issue('station');
    mine = root.issue('centre');
  });
  after(() => folder?.remove());
  afterEach(async () => {
    line?.close();
    await server?.kill();
  });

  const serve = async (...options: string[]): Promise<SServer> => {
    server = await new SServer('-cert', station.crt, '-key', station.key, ...options).open();
    return server;
  };
  const connecting = (properties: object = {}, options: object = {}): DialledLine => {
    line = new DialledLine({ partnerCertificates: root.crt, ...properties }, options);
    return line;
  };
  const own = () => ({ myCertificate: mine.crt, myKey: mine.key });
  const exchange = async (host?: string): Promise<void> => {
    const { channel, reason } = await line.dial(server.port, host);
    assert.ok(channel !== undefined, reason);
    assert.equal(channel.certificate, 'station');
    channel.write(Buffer.from(STARTDT, 'hex'));
    await server.until(ARRIVED);
    server.send(CONFIRMED);
    await line.until(() => line.received === CONFIRMED, 'octets');
  };

  for (const [version, flag] of [
    ['TLSv1.2', '-tls1_2'],
    ['TLSv1.3', '-tls1_3'],
  ] as const)
    describe(version, () => {
      it('octets both ways, both sides showing their certificates', async () => {
        await serve(flag, '-Verify', '2', '-verify_return_error', '-CAfile', root.crt);
        connecting(own());
        await exchange();
        assert.match(server.said, /CN ?= ?centre/);
      });

      it('another authority: unknown-ca, and it gets no octet', async () => {
        await serve(flag);
        const { code } = await connecting({ partnerCertificates: other.crt }).dial(server.port);
        assert.equal(code, 'unknown-ca');
        assert.doesNotMatch(server.said, ARRIVED);
      });

      for (const [what, shown] of [
        ['that it does not trust', () => other.issue('foreign')],
        ['that has expired', () => root.issue('past', { from: -9, to: -1 })],
      ] as const)
        it(`a certificate of ours ${what}: why is told`, async () => {
          await serve(flag, '-Verify', '2', '-verify_return_error', '-CAfile', root.crt);
          const { crt, key } = shown();
          await connecting({ myCertificate: crt, myKey: key }).dial(server.port);
          await line.until(() => line.refusals.length > 0, 'a refusal');
          const [refusal] = line.refusals;
          assert.equal(refusal?.code, 'handshake-failed');
          assert.match(refusal?.reason ?? '', /it does not accept our certificate/);
          assert.equal(refusal?.remote, `127.0.0.1:${server.port}`);
        });

      it('no certificate of ours where it wants one: why is told', async () => {
        await serve(flag, '-Verify', '2', '-verify_return_error', '-CAfile', root.crt);
        await connecting().dial(server.port);
        await line.until(() => line.refusals.length > 0, 'a refusal');
        assert.equal(line.refusals[0]?.code, 'handshake-failed');
        assert.match(line.refusals[0]?.reason ?? '', /certificate/);
        assert.equal(line.received, '');
      });

      it('server_name is sent for a name', async () => {
        await serve(flag, '-tlsextdebug');
        connecting();
        await exchange('localhost');
        assert.match(server.said, /TLS client extension "server name".*\n.*localhost/);
      });

      it('server_name is not sent for an address', async () => {
        await serve(flag, '-tlsextdebug');
        connecting();
        await exchange('127.0.0.1');
        assert.match(server.said, /TLS client extension "/);
        assert.doesNotMatch(server.said, /server name/);
      });
    });

  for (const flag of ['-tls1', '-tls1_1'])
    it(`a partner of ${flag} alone: wrong-version`, async () => {
      await serve(flag, '-cipher', 'DEFAULT:@SECLEVEL=0');
      const { code, reason } = await connecting().dial(server.port);
      assert.deepEqual([code, reason], ['wrong-version', 'it offers neither TLS 1.2 nor TLS 1.3']);
    });

  describe('an encrypted key of ours', () => {
    const rsa = ['-newkey', 'rsa:2048'];
    let rsaKey: string;
    let rsaCrt: string;
    before(() => {
      rsaKey = folder.at('rsa.key');
      rsaCrt = folder.at('rsa.crt');
      const out = ['-keyout', rsaKey, '-out', folder.at('rsa.csr'), '-subj', '/CN=rsa-centre', '-nodes'];
      folder.openssl('req', '-config', folder.configuration, '-new', ...rsa, ...out);
      root.sign(folder.at('rsa.csr'), rsaCrt, 'leaf', {});
    });

    for (const [form, command] of [
      ['PKCS#8', ['pkcs8', '-topk8', '-v2', 'aes-256-cbc']],
      ['traditional AES-256', ['rsa', '-aes256', '-traditional']],
    ] as const)
      it(`${form}, with its password; another password fails before anybody is called`, async () => {
        const encrypted = folder.at('encrypted.key');
        folder.openssl(...command, '-in', rsaKey, '-out', encrypted, '-passout', 'pass:geheim');
        await serve('-Verify', '2', '-verify_return_error', '-CAfile', root.crt);
        connecting({ myCertificate: rsaCrt, myKey: encrypted, preSharedKey: 'geheim' });
        await exchange();
        line.close();
        connecting({ myCertificate: rsaCrt, myKey: encrypted, preSharedKey: 'wrong' });
        const { code, reason } = await line.dial(server.port);
        assert.equal(code, 'tls');
        assert.match(reason ?? '', /myKey .*encrypted\.key: cannot be decrypted/);
        assert.deepEqual(line.refusals, []);
      });
  });
});
