import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { Authority, CertificateFolder, type Issued, needsOpenssl } from '../line/authority.js';
import { OpenGate } from '../line/tls-gate.js';

const STARTDT = Buffer.from('680407000000', 'hex');

describe('bad input that has hurt others: certificates', () => {
  let folder: CertificateFolder;
  let strange: CertificateFolder;
  let root: Authority;
  let server: Issued;
  let known: Issued;
  let gate: OpenGate;

  before(async function () {
    this.timeout(60_000);
    needsOpenssl(this);
    folder = new CertificateFolder();
    strange = new CertificateFolder();
    root = new Authority(folder, 'Root');
    server = root.issue('server');
    known = root.issue('control-centre');
    gate = await new OpenGate({ myCertificate: server.crt, myKey: server.key, partnerCertificates: root.crt }).listen();
  });
  after(() => {
    gate?.close();
    folder?.remove();
    strange?.remove();
  });

  const showing = ({ crt, key }: Issued, ...more: string[]): ConnectionOptions => ({
    cert: [crt, ...more].map((file) => readFileSync(file, 'utf8')).join(''),
    key: readFileSync(key),
  });

  /** Not one octet of who is not known is looked at, however early it comes. */
  async function stays(options: ConnectionOptions): Promise<void> {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const peer = gate.dial({ ...options, minVersion: version, maxVersion: version });
      peer.socket.write(STARTDT);
      await gate.refusal();
      await peer.ending();
      assert.deepEqual([gate.accepted.length, gate.received, peer.received], [0, '', '']);
    }
  }

  const bypass = 'BAD INPUT: certificate validation bypass with "known certificates only"';

  it(`${bypass}: no certificate`, () => stays({}));

  it(`${bypass}: a self-signed one of the same name`, () => stays(showing(strange.selfSigned('control-centre'))));

  it(`${bypass}: an authority of the same name as ours, sent along`, () => {
    const forged = new Authority(strange, 'Root');
    return stays(showing(forged.issue('control-centre'), forged.crt));
  });

  it(`${bypass}: our authority sent along behind a strange certificate`, () =>
    stays(showing(strange.selfSigned('intruder'), root.crt)));

  it(`${bypass}: the known certificate without its key`, async () => {
    const { key } = strange.selfSigned('thief');
    assert.throws(() => gate.dial({ ...showing(known), key: readFileSync(key) }), /key values mismatch/);
  });

  it(`${bypass}: one that a known client issued, who is no authority`, () => {
    const [crt, key, request] = ['crt', 'key', 'csr'].map((ending) => strange.at(`below.${ending}`)) as [
      string,
      string,
      string,
    ];
    const name = ['-subj', '/O=Grid/CN=below'];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    strange.openssl(
      'req',
      '-config',
      strange.configuration,
      '-new',
      ...curve,
      '-keyout',
      key,
      '-out',
      request,
      ...name,
    );
    const serial = ['-set_serial', '7', '-days', '30'];
    strange.openssl('x509', '-req', '-in', request, '-CA', known.crt, '-CAkey', known.key, '-out', crt, ...serial);
    return stays(showing({ crt, key }, known.crt));
  });

  it(`${bypass}: afterwards who is known gets in`, async () => {
    const peer = gate.dial(showing(known));
    peer.socket.write(STARTDT);
    assert.equal((await gate.channel()).certificate, 'control-centre');
    await gate.until(() => gate.received === '680407000000', 'its octets');
    assert.equal(peer.received, '');
  });
});
