import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { loadMaterial } from '../../lib/line/tls/material.js';
import {
  type CertificateSettings,
  clientSettings,
  listenerSettings,
  type TlsProperties,
  tlsSettings,
} from '../../lib/line/tls/settings.js';
import { Authority, CertificateFolder, type Issued, needsOpenssl } from './authority.js';
import { nothing } from './tls-gate.js';

const settings = (properties: Partial<TlsProperties>, directory = '/home/user/.node-red') =>
  tlsSettings({ ...nothing, ...properties }, directory);

describe('TLS settings of a line', () => {
  it('none: plain TCP', () => {
    assert.equal(settings({}), undefined);
    assert.equal(settings({ verifyPartner: false }), undefined);
  });

  it('#APPDIR# is the user directory, several paths are separated by commas, and relative ones begin there', () => {
    const found = settings({
      partnerCertificates: '#APPDIR#/a.crt , /etc/b.crt,c.crt,',
      myCertificate: '#APPDIR#/my.crt',
      myKey: '#APPDIR#/my.key',
      crl: '#APPDIR#/a.crl',
    }) as CertificateSettings;
    assert.deepEqual(found.partnerCertificates, [
      '/home/user/.node-red/a.crt',
      '/etc/b.crt',
      '/home/user/.node-red/c.crt',
    ]);
    assert.deepEqual(found.myCertificate, ['/home/user/.node-red/my.crt']);
    assert.equal(found.myKey, '/home/user/.node-red/my.key');
    assert.deepEqual(found.crl, ['/home/user/.node-red/a.crl']);
  });

  it('a $ in the user directory is nothing special', () => {
    const found = settings({ partnerCertificates: '#APPDIR#/a.crt' }, '/home/$&$1') as CertificateSettings;
    assert.deepEqual(found.partnerCertificates, ['/home/$&$1/a.crt']);
  });

  it('certificates come before a pre-shared key, which is the password of the key then', () => {
    const found = settings({ myCertificate: '/a', myKey: '/b', preSharedKey: ' p ', pskIdentity: 'x' });
    assert.equal(found?.mode, 'certificates');
    assert.equal((found as CertificateSettings).password, ' p ');
  });

  it('partner certificates alone do for who connects, and not for who listens', () => {
    const properties = { ...nothing, partnerCertificates: '/a' };
    assert.equal(tlsSettings(properties, '/')?.mode, 'certificates');
    assert.throws(() => listenerSettings(properties, '/'), /myCertificate, myKey: are missing/);
  });

  for (const [what, properties, pattern] of [
    ['a certificate without its key', { myCertificate: '/a' }, /^myKey: is missing/],
    ['a key without its certificate', { myKey: '/a' }, /^myCertificate: is missing/],
    ['several keys', { myCertificate: '/a', myKey: '/b,/c' }, /^myKey: one file/],
    ['a revocation list of nobody', { crl: '/a' }, /^crl: needs partnerCertificates/],
    ['the same beside a pre-shared key', { crl: '/a', preSharedKey: 'x' }, /^crl: needs partnerCertificates/],
    ['an identity without its key', { pskIdentity: 'x' }, /^preSharedKey: is missing/],
    ['a key that is too long', { preSharedKey: 'x'.repeat(257) }, /^preSharedKey: has 257 octets, 256/],
    ['hexadecimal digits that are none', { preSharedKey: 'hex:0g' }, /^preSharedKey: behind hex:/],
    ['half an octet', { preSharedKey: 'hex:123' }, /^preSharedKey: behind hex:/],
    ['a tls-config without anything', { given: { source: 'tls-config x' } }, /^myCertificate, myKey: are missing/],
  ] as const)
    it(`${what} is an error, and not plain TCP`, () => {
      assert.throws(() => listenerSettings({ ...nothing, ...properties }, '/'), {
        name: 'TelecontrolError',
        message: pattern,
      });
    });

  it('a line that connects needs an identity beside its pre-shared key, of 256 octets at most', () => {
    const connecting = (properties: Partial<TlsProperties>) => clientSettings({ ...nothing, ...properties }, '/');
    const preSharedKey = 'x';
    assert.throws(() => connecting({ preSharedKey }), /pskIdentity: is missing/);
    assert.equal(connecting({ preSharedKey, pskIdentity: 'ü'.repeat(128) })?.mode, 'psk');
    assert.throws(() => connecting({ preSharedKey, pskIdentity: 'ü'.repeat(129) }), /pskIdentity: has 258 octets, 256/);
    assert.equal(connecting({ partnerCertificates: '/a' })?.mode, 'certificates');
    assert.equal(connecting({}), undefined);
  });
});

describe('the files of TLS', () => {
  let folder: CertificateFolder;
  let root: Authority;
  let server: Issued;
  const password = 'pässword mit Leerzeichen';

  before(function () {
    this.timeout(60_000);
    needsOpenssl(this);
    folder = new CertificateFolder();
    root = new Authority(folder, 'Root');
    server = root.issue('server');
  });
  after(() => folder?.remove());

  const load = (properties: Partial<TlsProperties>) => {
    const found = tlsSettings({ ...nothing, myCertificate: server.crt, myKey: server.key, ...properties }, folder.path);
    return loadMaterial(found as CertificateSettings);
  };

  const rsa = (): string => {
    const path = folder.at('rsa.key');
    folder.openssl('genrsa', '-out', path, '2048');
    return path;
  };

  for (const [what, make] of [
    [
      'PKCS#8, AES-256',
      (from: string, to: string) => [
        'pkcs8',
        '-topk8',
        '-v2',
        'aes-256-cbc',
        '-in',
        from,
        '-out',
        to,
        '-passout',
        `pass:${password}`,
      ],
    ],
    [
      'PKCS#8, AES-128',
      (from: string, to: string) => [
        'pkcs8',
        '-topk8',
        '-v2',
        'aes-128-cbc',
        '-in',
        from,
        '-out',
        to,
        '-passout',
        `pass:${password}`,
      ],
    ],
    [
      'traditional, AES-256, as the documentation says',
      (from: string, to: string) => [
        'rsa',
        '-aes256',
        '-traditional',
        '-in',
        from,
        '-out',
        to,
        '-passout',
        `pass:${password}`,
      ],
    ],
    [
      'traditional, 3DES',
      (from: string, to: string) => [
        'rsa',
        '-des3',
        '-traditional',
        '-in',
        from,
        '-out',
        to,
        '-passout',
        `pass:${password}`,
      ],
    ],
  ] as const)
    it(`a key encrypted by ${what}: with its password, not without, not with another`, function () {
      this.timeout(60_000);
      const plain = rsa();
      const certificate = folder.at('rsa.crt');
      folder.openssl(
        'req',
        '-x509',
        '-config',
        folder.configuration,
        '-key',
        plain,
        '-out',
        certificate,
        '-subj',
        '/CN=rsa',
      );
      const myKey = folder.at('encrypted.key');
      folder.openssl(...make(plain, myKey));
      assert.match(readFileSync(myKey, 'utf8'), /ENCRYPTED/);
      assert.equal(load({ myCertificate: certificate, myKey, preSharedKey: password }).own.length, 1);
      assert.throws(
        () => load({ myCertificate: certificate, myKey }),
        /^TelecontrolError: myKey .*encrypted\.key: is encrypted: its password is missing/,
      );
      assert.throws(
        () => load({ myCertificate: certificate, myKey, preSharedKey: 'another one' }),
        (error: Error) =>
          /myKey .*encrypted\.key: cannot be decrypted.*is wrong/.test(error.message) &&
          !error.message.includes('another one'),
      );
    });

  it('a password for a key that has none does no harm', () => assert.equal(load({ preSharedKey: 'x' }).own.length, 1));

  it('the certificate of the key goes first wherever it stands', () => {
    const middle = new Authority(folder, 'Middle', root);
    const own = middle.issue('below');
    const both = folder.join('both.pem', middle.crt, own.crt);
    const { own: found } = load({ myCertificate: both, myKey: own.key });
    assert.deepEqual(
      found.map(({ certificate }) => /CN=(\w+)$/.exec(certificate.subject)?.[1]),
      ['below', 'Middle'],
    );
  });

  it('certificates and keys as DER', () => {
    const [crt, key] = [folder.at('server.der'), folder.at('server-key.der')];
    folder.openssl('x509', '-in', server.crt, '-outform', 'der', '-out', crt);
    folder.openssl('pkcs8', '-topk8', '-nocrypt', '-in', server.key, '-outform', 'der', '-out', key);
    assert.equal(load({ myCertificate: crt, myKey: key }).own.length, 1);
  });

  it('several certificates in a file, and several files', () => {
    const other = new Authority(folder, 'Other');
    const third = new Authority(folder, 'Third');
    const two = folder.join('two.pem', root.crt, other.crt);
    assert.equal(load({ partnerCertificates: `${two},${third.crt}` }).partners.length, 3);
  });

  it('material given as text: the files of our own come first', () => {
    const given = {
      source: 'tls-config Shared',
      certificate: readFileSync(server.crt, 'utf8'),
      key: readFileSync(server.key),
      authorities: readFileSync(root.crt, 'utf8'),
    };
    const { own, partners } = load({ myCertificate: '', myKey: '', given });
    assert.deepEqual([own[0]?.file, partners[0]?.file], ['tls-config Shared', 'tls-config Shared']);
    const better = load({ given }).own[0];
    assert.equal(better?.file, server.crt);
    assert.throws(
      () => load({ myCertificate: '', myKey: '', given: { ...given, key: 'x' } }),
      /^TelecontrolError: myKey tls-config Shared: /,
    );
  });

  it('material given as paths is that of our own files, with its own password, where we have none', () => {
    const given = {
      source: 'tls-config Shared',
      certificate: { file: '/etc/a.crt' },
      key: { file: '/etc/a.key' },
      authorities: { file: '/etc/ca.crt' },
      password: 'geheim',
    };
    const placed = listenerSettings({ ...nothing, given, preSharedKey: 'other' }, '/home');
    assert.ok(placed?.mode === 'certificates');
    assert.deepEqual(
      [placed.myCertificate, placed.myKey, placed.partnerCertificates, placed.password],
      [['/etc/a.crt'], '/etc/a.key', ['/etc/ca.crt'], 'geheim'],
    );
    assert.deepEqual(
      [placed.given?.certificate, placed.given?.key, placed.given?.authorities],
      Array(3).fill(undefined),
    );
    const own = { myCertificate: 'my.crt', myKey: 'my.key', partnerCertificates: 'ca.crt', preSharedKey: 'other' };
    const ours = listenerSettings({ ...nothing, ...own, given }, '/home');
    assert.ok(ours?.mode === 'certificates');
    assert.deepEqual(
      [ours.myCertificate, ours.myKey, ours.partnerCertificates, ours.password],
      [['/home/my.crt'], '/home/my.key', ['/home/ca.crt'], 'other'],
    );
  });

  it('each error names the property, the file and what is wrong with it', () => {
    const other = root.issue('other');
    const foreign = new Authority(folder, 'Foreign').crl('foreign.crl');
    mkdirSync(folder.at('directory'), { recursive: true });
    const cases: [Partial<TlsProperties>, RegExp][] = [
      [{ myCertificate: '/nowhere/a.crt' }, /myCertificate \/nowhere\/a\.crt: there is no such file/],
      [{ myCertificate: folder.at('directory') }, /myCertificate .*directory: is a directory/],
      [{ myCertificate: server.key }, /myCertificate .*server\.key: holds no certificate but PRIVATE KEY/],
      [
        { myCertificate: folder.write('text', 'hello') },
        /myCertificate .*text: holds no certificate: it is neither PEM nor DER/,
      ],
      [{ partnerCertificates: folder.write('empty', '') }, /partnerCertificates .*empty: holds no certificate/],
      [
        { partnerCertificates: folder.write('cut', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n') },
        /partnerCertificates .*cut: cannot be read/,
      ],
      [{ myKey: server.crt }, /myKey .*server\.crt: holds no private key/],
      [{ myKey: '/nowhere/a.key' }, /myKey \/nowhere\/a\.key: there is no such file/],
      [{ myKey: other.key }, /myKey .*other\.key: is not the key of the certificate of server in .*server\.crt/],
      [{ partnerCertificates: root.crt, crl: root.crt }, /crl .*ca\.crt: holds no X509 CRL but CERTIFICATE/],
      [{ partnerCertificates: root.crt, crl: foreign }, /crl .*foreign\.crl: is of an authority that is not among/],
      [
        { partnerCertificates: root.crt, crl: folder.write('junk.crl', 'junk') },
        /crl .*junk\.crl: has tag|crl .*junk\.crl: ends/,
      ],
    ];
    for (const [properties, pattern] of cases)
      assert.throws(() => load(properties), { name: 'TelecontrolError', code: 'configuration', message: pattern });
  });

  it('what OpenSSL does not take: named when it is read, and not when a context is changed', () => {
    const [weak, crt] = [folder.at('weak.key'), folder.at('weak.crt')];
    folder.openssl('genrsa', '-out', weak, '512');
    folder.openssl('req', '-x509', '-config', folder.configuration, '-key', weak, '-out', crt, '-subj', '/CN=weak');
    assert.throws(() => load({ myCertificate: crt, myKey: weak }), /TLS takes not all of .*weak\.crt: .*too small/);
  });

  it('a file that may not be read', function () {
    if (process.getuid?.() === 0 || process.platform === 'win32') this.skip();
    const secret = folder.write('secret', '');
    chmodSync(secret, 0);
    assert.throws(() => load({ myKey: secret }), /myKey .*secret: may not be read/);
  });
});
