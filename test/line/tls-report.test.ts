import assert from 'node:assert/strict';
import { copyFileSync, rmSync } from 'node:fs';
import { Authority, CertificateFolder, needsOpenssl } from './authority.js';
import { OpenGate } from './tls-gate.js';

const DAY = 86_400_000;

describe('CHECK CERTS', () => {
  let folder: CertificateFolder;
  let root: Authority;
  let gate: OpenGate;

  before(function () {
    this.timeout(60_000);
    needsOpenssl(this);
    folder = new CertificateFolder();
    root = new Authority(folder, 'Root');
  });
  after(() => folder?.remove());
  afterEach(() => gate?.close());

  it('lists every file with subject, issuer, validity and fingerprint', () => {
    const { crt, key } = root.issue('server');
    const crl = root.crl('list.crl');
    gate = new OpenGate({ myCertificate: crt, myKey: key, partnerCertificates: root.crt, crl });
    const [own, secret, partner, list, ...more] = gate.gate.certificates();
    assert.deepEqual(more, []);
    assert.deepEqual(
      [own?.use, own?.file, own?.subject, own?.issuer],
      ['myCertificate', crt, 'O=Grid, CN=server', 'O=Grid, CN=Root'],
    );
    assert.deepEqual([partner?.use, partner?.subject], ['partnerCertificates', 'O=Grid, CN=Root']);
    assert.match(own?.fingerprint ?? '', /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    assert.ok((own?.validTo ?? 0) - Date.now() > 3600 * DAY && (own?.validFrom ?? 0) < Date.now());
    assert.deepEqual([secret?.use, secret?.file], ['myKey', key]);
    assert.deepEqual([list?.use, list?.issuer, list?.revoked], ['crl', 'O=Grid, CN=Root', 0]);
    assert.deepEqual([own?.problems, partner?.problems, list?.problems], [[], [], []]);
    assert.ok(!JSON.stringify(gate.gate.certificates()).includes('PRIVATE'));
  });

  it('a mask covers paths, file names and subjects', () => {
    const { crt, key } = root.issue('masked');
    gate = new OpenGate({ myCertificate: crt, myKey: key, partnerCertificates: root.crt });
    const uses = (mask: string) => gate.gate.certificates(mask).map(({ use }) => use);
    assert.deepEqual(uses('*'), ['myCertificate', 'myKey', 'partnerCertificates']);
    assert.deepEqual(uses('masked.*'), ['myCertificate', 'myKey']);
    assert.deepEqual(uses('MASKED.CR?'), ['myCertificate']);
    assert.deepEqual(uses('*CN=Root'), ['partnerCertificates']);
    assert.deepEqual(uses(root.crt), ['partnerCertificates']);
    assert.deepEqual(uses('nothing'), []);
    assert.deepEqual(uses('(['), []);
  });

  it('tells what is wrong: with those that are in use, and with what has come in their place', () => {
    const own = root.issue('ending', { to: 5 });
    const middle = new Authority(folder, 'Middle', root);
    const leaf = root.issue('leaf');
    const used = folder.at('copy.crt');
    copyFileSync(own.crt, used);
    const partnerCertificates = `${middle.crt},${leaf.crt}`;
    gate = new OpenGate({ myCertificate: used, myKey: own.key, partnerCertificates });
    const problems = () =>
      Object.fromEntries(gate.gate.certificates().map(({ file, problems: found }) => [file, found.join('; ')]));
    assert.match(problems()[used] ?? '', /^the certificate of ending expires in 4 days, on /);
    assert.match(problems()[middle.crt] ?? '', /^its issuer O=Grid, CN=Root is not among the partner certificates$/);
    assert.match(problems()[leaf.crt] ?? '', /is no authority: it vouches for nobody/);
    copyFileSync(root.issue('unused').crt, used);
    assert.match(problems()[used] ?? '', /^is not in use: it has just been written$/);
    rmSync(used);
    assert.equal(problems()[used], 'there is no such file');
  });

  it('a pre-shared key has no files', () => {
    gate = new OpenGate({ preSharedKey: 'a key of some length' });
    assert.deepEqual(gate.gate.certificates(), []);
  });
});
