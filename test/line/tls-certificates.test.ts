import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { ConnectionOptions, SecureVersion } from 'node:tls';
import { Authority, CertificateFolder, type Issued, needsOpenssl } from './authority.js';
import { OpenGate } from './tls-gate.js';

const STARTDT = Buffer.from('680407000000', 'hex');

describe('TLS with certificates', () => {
  let folder: CertificateFolder;
  let root: Authority;
  let other: Authority;
  let middle: Authority;
  let server: Issued;
  let gate: OpenGate;
  let good: Issued;
  let deep: Issued;

  before(function () {
    this.timeout(60_000);
    needsOpenssl(this);
    folder = new CertificateFolder();
    root = new Authority(folder, 'Root');
    other = new Authority(folder, 'Other');
    middle = new Authority(folder, 'Middle', root);
    server = root.issue('server');
    good = root.issue('control-centre');
    deep = middle.issue('deep');
  });
  after(() => folder?.remove());
  afterEach(() => gate?.close());

  const mine = () => ({ myCertificate: server.crt, myKey: server.key });
  const open = async (properties: object = {}, options: object = {}): Promise<OpenGate> => {
    gate = await new OpenGate({ ...mine(), partnerCertificates: root.crt, ...properties }, options).listen();
    return gate;
  };
  const showing = ({ crt, key }: Issued, more: ConnectionOptions = {}): ConnectionOptions => ({
    cert: readFileSync(crt),
    key: readFileSync(key),
    ...more,
  });

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const only = { minVersion: version, maxVersion: version } as const;

    describe(version, () => {
      /** Octets are sent with the last of the handshake, so that they are there when it is decided. */
      const refused = async (properties: object, options: ConnectionOptions) => {
        await open(properties);
        const peer = gate.dial({ ...options, ...only });
        peer.socket.write(STARTDT);
        const refusal = await gate.refusal();
        await peer.ending();
        assert.equal(refusal.remote.startsWith('127.0.0.1:'), true);
        assert.deepEqual(gate.accepted, []);
        assert.equal(gate.received, '', 'not one octet of a stranger is processed');
        assert.equal(peer.received, '');
        return refusal;
      };

      it('lets in whom an authority of ours vouches for, and tells its name', async () => {
        await open();
        const peer = gate.dial(showing(good, only));
        peer.socket.write(STARTDT);
        const channel = await gate.channel();
        assert.equal(channel.certificate, 'control-centre');
        assert.equal(channel.protocol, version);
        assert.match(channel.fingerprint ?? '', /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
        await gate.until(() => gate.received === '680407000000', 'its octets');
        assert.equal(channel.write(new Uint8Array([0x68, 4, 11, 0, 0, 0])), true, 'the memory is free at once');
        await once(peer.socket, 'data');
        assert.equal(peer.received, '68040b000000');
        assert.deepEqual(gate.refusals, []);
      });

      it('a chain that the peer sends', async () => {
        await open();
        const chain = Buffer.concat([readFileSync(deep.crt), readFileSync(middle.crt)]);
        gate.dial(showing(deep, { cert: chain, ...only }));
        const channel = await gate.channel();
        assert.equal(channel.certificate, 'deep');
        assert.equal(gate.gate.problemOf(channel), undefined);
      });

      it('a chain whose middle we have', async () => {
        await open({ partnerCertificates: `${root.crt}, ${middle.crt}` });
        gate.dial(showing(deep, only));
        assert.equal((await gate.channel()).certificate, 'deep');
      });

      it('a chain whose middle nobody has: unknown-ca', async () => {
        const { code, certificate } = await refused({}, showing(deep));
        assert.deepEqual([code, certificate], ['unknown-ca', 'deep']);
      });

      it('a chain whose root we do not have: unknown-ca', async () => {
        assert.equal((await refused({ partnerCertificates: middle.crt }, showing(deep))).code, 'unknown-ca');
      });

      it('no certificate: no-certificate', async () => {
        const { code, certificate } = await refused({}, {});
        assert.deepEqual([code, certificate], ['no-certificate', undefined]);
      });

      it('another authority: unknown-ca, with the name that it gave itself', async () => {
        const { code, certificate } = await refused({}, showing(other.issue('foreign')));
        assert.deepEqual([code, certificate], ['unknown-ca', 'foreign']);
      });

      it('self-signed: unknown-ca', async () => {
        assert.equal((await refused({}, showing(folder.selfSigned('self')))).code, 'unknown-ca');
      });

      for (const usage of ['digitalSignature', 'digitalSignature,keyCertSign'])
        it(`self-signed, and given as a partner certificate itself (${usage}): let in, also when looked at again`, async () => {
          const [crt, key] = [folder.at('pinned.crt'), folder.at('pinned.key')];
          const extension = ['-addext', `keyUsage=${usage}`];
          const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
          const out = ['-keyout', key, '-out', crt, '-subj', '/CN=pinned', ...extension];
          folder.openssl('req', '-x509', '-config', folder.configuration, ...ec, ...out);
          await open({ partnerCertificates: crt });
          gate.dial(showing({ crt, key }, only));
          const channel = await gate.channel();
          assert.equal(channel.certificate, 'pinned');
          assert.equal(gate.gate.problemOf(channel), undefined);
        });

      it('a name that would write lines into the log, and several names', async () => {
        const { certificate } = await refused({}, showing(other.issue('lines', {}, 'leaf', '/CN=a\nb')));
        assert.equal(certificate, 'a?b');
        gate.close();
        const several = root.issue('several', {}, 'several', '/CN=control-centre/CN=x');
        assert.equal((await refusedOrIn(several)).certificate, 'control-centre, x');
      });
      const refusedOrIn = async (issued: Issued) => {
        await open();
        gate.dial(showing(issued, only));
        return gate.channel();
      };

      it('expired', async () => {
        const { code, certificate } = await refused({}, showing(root.issue('old', { from: -20, to: -1 })));
        assert.deepEqual([code, certificate], ['expired', 'old']);
      });

      it('not yet valid', async () => {
        assert.equal((await refused({}, showing(root.issue('new', { from: 2 })))).code, 'not-yet-valid');
      });

      it('revoked', async () => {
        const gone = root.issue('gone');
        root.revoke(gone);
        const { code, certificate } = await refused({ crl: root.crl('one.crl') }, showing(gone));
        assert.deepEqual([code, certificate], ['revoked', 'gone']);
      });

      it('a revocation list that does not name it', async () => {
        await open({ crl: root.crl('two.crl') });
        gate.dial(showing(good, only));
        assert.equal((await gate.channel()).certificate, 'control-centre');
      });

      it('a chain of which one authority has no revocation list: handshake-failed, saying so, and a warning', async () => {
        const partnerCertificates = `${root.crt},${middle.crt}`;
        const { code, reason } = await refused({ partnerCertificates, crl: root.crl('three.crl') }, showing(deep));
        assert.equal(code, 'handshake-failed');
        assert.match(reason, /crl has no list/);
        assert.match(gate.log.join(), /warn: crl: has no list of the authority in .*Middle/);
      });

      it('a revocation list that is out of date: handshake-failed, saying so, and a warning', async () => {
        const crl = root.crl('old.crl', '-crl_lastupdate', '20250101000000Z', '-crl_nextupdate', '20250102000000Z');
        const { code, reason } = await refused({ crl }, showing(good));
        assert.deepEqual(
          [code, reason],
          ['handshake-failed', 'the revocation list of its authority (crl) is out of date'],
        );
        assert.match(gate.log.join(), /warn: crl .*old\.crl: is out of date since 2025-01-02 00:00 UTC/);
      });

      it('a certificate for servers only: handshake-failed', async () => {
        const { code, reason } = await refused({}, showing(root.issue('wrong-use', {}, 'server_only')));
        assert.equal(code, 'handshake-failed');
        assert.match(reason, /not made for a client/);
      });

      it('a session is not resumed: each connection shows its certificate', async () => {
        await open();
        const sessions: Buffer[] = [];
        const peer = gate.dial(showing(good, only));
        peer.socket.on('session', (session: Buffer) => sessions.push(session));
        const channel = await gate.channel();
        channel.write(new Uint8Array(1));
        await once(peer.socket, 'data');
        const session = sessions[0] ?? peer.socket.getSession();
        const again = gate.dial(showing(good, { ...only, ...(session === undefined ? {} : { session }) }));
        await gate.channel();
        assert.equal(again.socket.isSessionReused(), false);
      });
    });
  }

  for (const [version, ciphers] of [
    ['TLSv1', 'DEFAULT:@SECLEVEL=0'],
    ['TLSv1.1', 'DEFAULT:@SECLEVEL=0'],
  ] as [SecureVersion, string][])
    it(`${version} is refused: wrong-version`, async () => {
      await open();
      const peer = gate.dial(showing(good, { minVersion: version, maxVersion: version, ciphers }));
      const { code, remote } = await gate.refusal();
      assert.equal(code, 'wrong-version');
      assert.match(remote, /^127\.0\.0\.1:\d+$/);
      assert.match((await peer.ending()) ?? '', /PROTOCOL_VERSION/);
    });

  it('IPv6: the remote is written with brackets, let in or not', async () => {
    gate = await new OpenGate({ ...mine(), partnerCertificates: root.crt }).listen('::1');
    const peer = gate.dial(showing(good, { host: '::1' }));
    const channel = await gate.channel();
    assert.deepEqual([channel.remote, channel.address], [`[::1]:${peer.socket.localPort}`, '::1']);
    gate.dial({ host: '::1' });
    assert.match((await gate.refusal()).remote, /^\[::1\]:\d+$/);
  });

  it('nobody becomes somebody else: there is no renegotiation', async () => {
    await open();
    const peer = gate.dial(showing(good, { maxVersion: 'TLSv1.2' }));
    const [channel] = await Promise.all([gate.channel(), once(peer.socket, 'secureConnect')]);
    const error = await new Promise<Error | null>((resolve) => {
      peer.socket.once('error', resolve);
      peer.socket.renegotiate({ rejectUnauthorized: false }, resolve);
    });
    assert.ok(error instanceof Error);
    assert.equal(channel.certificate, 'control-centre');
  });

  it('without partner certificates everybody is let in, and a warning says so', async () => {
    await open({ partnerCertificates: '' });
    gate.dial({});
    assert.equal((await gate.channel()).certificate, undefined);
    assert.deepEqual(gate.gate.warnings, ['TLS without partnerCertificates: whoever reaches the port is let in']);
  });

  it('verifyPartner = false lets in who has another certificate or none, names nobody, and a warning stands', async () => {
    await open({ verifyPartner: false });
    for (const options of [{}, showing(other.issue('stranger')), showing(root.issue('past', { from: -9, to: -1 }))]) {
      gate.dial(options);
      const channel = await gate.channel();
      assert.equal(channel.certificate, undefined, 'a name that nobody vouched for is none');
      assert.equal(gate.gate.problemOf(channel), undefined);
    }
    assert.match(gate.gate.warnings.join(), /verifyPartner is off/);
  });
});
