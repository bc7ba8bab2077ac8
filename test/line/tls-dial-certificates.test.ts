import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { TlsOptions } from 'node:tls';
import { Authority, CertificateFolder, type Issued, needsOpenssl } from './authority.js';
import { DialledLine, type DialOptions, Partner } from './tls-dial.js';

const STARTDT = '680407000000';
const CONFIRMED = '68040b000000';

describe('a line that connects by TLS, with certificates', () => {
  let folder: CertificateFolder;
  let root: Authority;
  let other: Authority;
  let middle: Authority;
  let station: Issued;
  let mine: Issued;
  let line: DialledLine;
  let partner: Partner;

  before(function () {
    this.timeout(60_000);
    needsOpenssl(this);
    folder = new CertificateFolder();
    root = new Authority(folder, 'Root');
    other = new Authority(folder, 'Other');
    middle = new Authority(folder, 'Middle', root);
    station = root.issue('station');
    mine = root.issue('centre');
  });
  after(() => folder?.remove());
  afterEach(() => {
    line?.close();
    partner?.close();
  });

  const showing = ({ crt, key }: Issued, more: TlsOptions = {}): TlsOptions => ({
    cert: readFileSync(crt),
    key: readFileSync(key),
    ...more,
  });
  /** Dials a partner that sends at once. */
  const dial = async (properties: object, served: TlsOptions, host?: string, options: DialOptions = {}) => {
    line = new DialledLine({ partnerCertificates: root.crt, ...properties }, options);
    partner = await Partner.tls(served, CONFIRMED);
    return line.dial(partner.port, host);
  };

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const only = { minVersion: version, maxVersion: version } as const;

    describe(version, () => {
      const connected = async (properties: object, served: TlsOptions, host?: string) => {
        const { channel, reason } = await dial(properties, { ...served, ...only }, host);
        assert.ok(channel !== undefined, reason);
        assert.equal(channel.protocol, version);
        assert.deepEqual(line.refusals, []);
        return channel;
      };
      const refused = async (properties: object, served: TlsOptions, host?: string) => {
        const { channel, code, reason } = await dial(properties, { ...served, ...only }, host);
        assert.equal(channel, undefined);
        const [refusal] = line.refusals;
        assert.deepEqual([refusal?.code, refusal?.reason], [code, reason], 'told once, and alike');
        assert.equal(refusal?.remote, `127.0.0.1:${partner.port}`);
        assert.equal(line.refusals.length, 1);
        assert.deepEqual([line.received, partner.received], ['', ''], 'not one octet is processed or sent');
        return refusal;
      };

      it('a partner for whom an authority of ours vouches: octets both ways, and its name', async () => {
        const channel = await connected({}, showing(station));
        assert.equal(channel.certificate, 'station');
        channel.write(Buffer.from(STARTDT, 'hex'));
        await partner.until(STARTDT);
        await line.until(() => line.received === CONFIRMED, 'octets');
        assert.equal(line.tls.problemOf(channel), undefined);
        assert.deepEqual(line.tls.warnings, []);
      });

      it('mutual: our own certificate is shown where it is asked for', async () => {
        const asking = { requestCert: true, rejectUnauthorized: true, ca: readFileSync(root.crt) };
        const channel = await connected({ myCertificate: mine.crt, myKey: mine.key }, showing(station, asking));
        channel.write(Buffer.from(STARTDT, 'hex'));
        await partner.until(STARTDT);
      });

      it('a chain that the partner sends, and one whose middle we have', async () => {
        const deep = middle.issue('deep');
        const chain = Buffer.concat([readFileSync(deep.crt), readFileSync(middle.crt)]);
        assert.equal((await connected({}, showing(deep, { cert: chain }))).certificate, 'deep');
        line.close();
        partner.close();
        const both = { partnerCertificates: `${root.crt}, ${middle.crt}` };
        assert.equal((await connected(both, showing(deep))).certificate, 'deep');
      });

      it('a chain whose middle nobody has, or whose root we do not have: unknown-ca', async () => {
        const deep = middle.issue('deep');
        assert.equal((await refused({}, showing(deep)))?.code, 'unknown-ca');
        line.close();
        partner.close();
        const { code, certificate } = (await refused({ partnerCertificates: middle.crt }, showing(deep))) ?? {};
        assert.deepEqual([code, certificate], ['unknown-ca', 'deep']);
      });

      it('another authority, or none: unknown-ca, with the name that it gave itself', async () => {
        const { code, certificate } = (await refused({}, showing(other.issue('stranger')))) ?? {};
        assert.deepEqual([code, certificate], ['unknown-ca', 'stranger']);
        line.close();
        partner.close();
        assert.equal((await refused({}, showing(folder.selfSigned('self'))))?.code, 'unknown-ca');
      });

      it('expired, not yet valid, revoked', async () => {
        const gone = root.issue('gone');
        root.revoke(gone);
        for (const [code, issued, properties] of [
          ['expired', root.issue('old', { from: -20, to: -1 }), {}],
          ['not-yet-valid', root.issue('new', { from: 2 }), {}],
          ['revoked', gone, { crl: root.crl('gone.crl') }],
        ] as const) {
          assert.equal((await refused(properties, showing(issued)))?.code, code);
          line.close();
          partner.close();
        }
      });

      it('a certificate for clients only: handshake-failed, saying so', async () => {
        const refusal = await refused({}, showing(root.issue('wrong-use', {}, 'client_only')));
        assert.equal(refusal?.code, 'handshake-failed');
        assert.match(refusal?.reason ?? '', /not made for a server/);
      });

      it('verifyPartner = false takes whoever answers, names nobody, and a warning stands', async () => {
        const channel = await connected({ verifyPartner: false }, showing(other.issue('anybody')), 'localhost');
        assert.equal(channel.certificate, undefined);
        assert.equal(line.tls.problemOf(channel), undefined);
        assert.deepEqual(line.tls.warnings, [
          'verifyPartner is off: whoever answers is taken for the partner, with or without a certificate',
        ]);
      });

      it('a name has to stand in the certificate, an address does not', async () => {
        assert.equal((await connected({}, showing(station), 'localhost')).certificate, 'station');
        line.close();
        partner.close();
        const elsewhere = root.issue('elsewhere', {}, 'several');
        await connected({}, showing(elsewhere), '127.0.0.1');
        line.close();
        partner.close();
        const refusal = await refused({}, showing(elsewhere), 'localhost');
        assert.deepEqual(
          [refusal?.code, refusal?.reason, refusal?.certificate],
          ['handshake-failed', 'its certificate is not made for the name localhost', 'elsewhere'],
        );
      });
    });
  }
});
