import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { certificateKeys, isSignedBy, parseCrl, readCrls } from '../../lib/line/tls/crl.js';
import { Authority, CertificateFolder, needsOpenssl } from './authority.js';

describe('revocation lists', () => {
  let folder: CertificateFolder;
  let root: Authority;

  before(function () {
    this.timeout(60_000);
    needsOpenssl(this);
    folder = new CertificateFolder();
    root = new Authority(folder, 'Root');
  });
  after(() => folder?.remove());

  it('an empty one', () => {
    const [crl] = readCrls(readFileSync(root.crl('empty.crl')));
    assert.equal(crl?.revoked.size, 0);
    assert.equal(crl?.issuer, certificateKeys(new X509Certificate(readFileSync(root.crt)).raw).subject);
  });

  it('serial numbers, issuer and times are those that OpenSSL wrote', () => {
    const [one, two, three] = [root.issue('one'), root.issue('two'), root.issue('three')];
    root.revoke(one, three);
    const from = ['-crl_lastupdate', '20260203040506Z', '-crl_nextupdate', '20360203040506Z'];
    const [crl] = readCrls(readFileSync(root.crl('some.crl', ...from)));
    const serial = (issued: { crt: string }) => new X509Certificate(readFileSync(issued.crt)).serialNumber;
    assert.deepEqual([...(crl?.revoked ?? [])].sort(), [serial(one), serial(three)].sort());
    assert.equal(crl?.revoked.has(serial(two)), false);
    assert.equal(crl?.thisUpdate, Date.UTC(2026, 1, 3, 4, 5, 6));
    assert.equal(crl?.nextUpdate, Date.UTC(2036, 1, 3, 4, 5, 6));
  });

  it('times beyond 2049 are GeneralizedTime', () => {
    const [crl] = readCrls(readFileSync(root.crl('late.crl', '-crl_nextupdate', '20600203040506Z')));
    assert.equal(crl?.nextUpdate, Date.UTC(2060, 1, 3, 4, 5, 6));
  });

  it('the keys of a certificate are those that Node.js reads', () => {
    for (const { crt } of [root.issue('a'), folder.selfSigned('b')]) {
      const certificate = new X509Certificate(readFileSync(crt));
      assert.equal(certificateKeys(certificate.raw).serial, certificate.serialNumber);
    }
    const own = certificateKeys(new X509Certificate(readFileSync(folder.at('b.crt'))).raw);
    assert.equal(own.issuer, own.subject);
    assert.notEqual(own.issuer, certificateKeys(new X509Certificate(readFileSync(root.crt)).raw).subject);
  });

  it('serial numbers of few and of many octets, with and without a leading zero', () => {
    const [key, crt] = [folder.at('serial.key'), folder.at('serial.crt')];
    const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', crt];
    for (const serial of ['1', '7f', '80', '0789a', 'ff00', '7879a251b3e0949712e3414164b677ba0343a9f']) {
      const settings = ['-config', folder.configuration, '-subj', '/CN=serial', '-set_serial', `0x${serial}`];
      folder.openssl('req', '-x509', ...settings, ...ec);
      const certificate = new X509Certificate(readFileSync(crt));
      assert.equal(certificateKeys(certificate.raw).serial, certificate.serialNumber);
    }
  });

  it('DER and several in one PEM file; the PEM that TLS gets says the same', () => {
    const pem = root.crl('pem.crl');
    const der = folder.at('der.crl');
    folder.openssl('crl', '-in', pem, '-outform', 'der', '-out', der);
    const [one] = readCrls(readFileSync(der));
    assert.equal(one?.pem, readFileSync(pem, 'utf8'));
    const other = new Authority(folder, 'Other').crl('other.crl');
    assert.equal(readCrls(readFileSync(folder.join('both.crl', pem, other))).length, 2);
  });

  for (const [kind, options] of [
    ['RSA with SHA-256', ['-newkey', 'rsa:2048', '-sha256']],
    ['RSA with SHA-512', ['-newkey', 'rsa:2048', '-sha512']],
    ['ECDSA P-384', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384']],
    ['Ed25519', ['-newkey', 'ed25519']],
  ] as const)
    it(`its signature: ${kind}`, () => {
      const name = kind.replaceAll(/\W/g, '');
      const authority = new Authority(folder, name, undefined, options);
      const more = options[2] === '-sha512' ? ['-md', 'sha512'] : [];
      const [crl] = readCrls(readFileSync(authority.crl(`${name}.crl`, ...more)));
      const key = (of: Authority) => new X509Certificate(readFileSync(of.crt)).publicKey;
      assert.ok(crl !== undefined);
      assert.equal(isSignedBy(crl, key(authority)), true);
      assert.equal(isSignedBy(crl, key(root)), false);
      assert.equal(isSignedBy(crl, key(new Authority(folder, `${name}2`, undefined, options))), false);
      const unknown = { ...crl, signature: { ...crl.signature, algorithm: '0600' } };
      assert.equal(isSignedBy(unknown, key(authority)), undefined);
    });

  it('whatever octets: read, or an error', () => {
    const der = new X509Certificate(readFileSync(root.crt)).raw;
    const pem = readFileSync(root.crl('whole.crl'), 'utf8');
    const whole = Buffer.from(pem.replaceAll(/-----.*-----/g, ''), 'base64');
    for (let length = 0; length < whole.length; length++)
      assert.throws(() => parseCrl(whole.subarray(0, length)), Error);
    assert.throws(() => parseCrl(der), Error);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, octet) => {
        const changed = Buffer.from(whole);
        changed[at] = octet;
        try {
          parseCrl(changed);
        } catch (error) {
          assert.ok(error instanceof Error && !(error instanceof RangeError) && !(error instanceof TypeError));
        }
      }),
    );
  });
});
