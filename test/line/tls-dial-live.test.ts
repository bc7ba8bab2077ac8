import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import type { TlsOptions } from 'node:tls';
import type { TlsChannel } from '../../lib/line/tls/channel.js';
import { Authority, CertificateFolder, type Issued, needsOpenssl } from './authority.js';
import { Calendar, NOTICED } from './calendar.js';
import { DialledLine, Partner } from './tls-dial.js';

describe('certificates while a line is connected', () => {
  let folder: CertificateFolder;
  let root: Authority;
  let other: Authority;
  let station: Issued;
  let mine: Issued;
  let clock: Calendar;
  let line: DialledLine;
  let partner: Partner;
  let files: { partnerCertificates: string; myCertificate: string; myKey: string };

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
  beforeEach(() => {
    clock = new Calendar(Date.now());
    files = {
      partnerCertificates: folder.at('used-ca.crt'),
      myCertificate: folder.at('used.crt'),
      myKey: folder.at('used.key'),
    };
    copyFileSync(root.crt, files.partnerCertificates);
    copyFileSync(mine.crt, files.myCertificate);
    copyFileSync(mine.key, files.myKey);
  });
  afterEach(() => {
    line?.close();
    partner?.close();
  });

  const showing = ({ crt, key }: Issued): TlsOptions => ({ cert: readFileSync(crt), key: readFileSync(key) });
  const connected = async (): Promise<TlsChannel> => {
    const { channel, reason } = await line.dial(partner.port);
    assert.ok(channel !== undefined, reason);
    return channel;
  };
  const connect = async (properties: object = {}, issued = station): Promise<TlsChannel> => {
    line = new DialledLine({ ...files, ...properties }, { clock });
    partner = await Partner.tls({ ...showing(issued), requestCert: true, rejectUnauthorized: false });
    return connected();
  };

  it('a renewed certificate is shown at the next attempt, and the connection stays', async () => {
    const channel = await connect();
    assert.equal(await partner.shown(0), 'centre');
    const renewed = root.issue('renewed');
    copyFileSync(renewed.crt, files.myCertificate);
    copyFileSync(renewed.key, files.myKey);
    clock.advance(NOTICED);
    await connected();
    assert.equal(await partner.shown(1), 'renewed');
    assert.equal(line.tls.problemOf(channel), undefined);
    assert.deepEqual(line.log, ['info: certificates have changed: new connections use the new ones']);
  });

  it('an authority that is no longer one of ours: the partner has to go, and cannot come back', async () => {
    const channel = await connect();
    copyFileSync(other.crt, files.partnerCertificates);
    const before = line.examinations;
    clock.advance(NOTICED);
    assert.ok(line.examinations > before, 'who holds the connection is told to ask');
    assert.equal(line.tls.problemOf(channel)?.code, 'unknown-ca');
    assert.equal((await line.dial(partner.port)).code, 'unknown-ca');
  });

  it('a revocation: the partner has to go', async () => {
    const gone = root.issue('gone');
    const crl = root.crl('used.crl');
    const channel = await connect({ crl }, gone);
    assert.equal(line.tls.problemOf(channel), undefined);
    root.revoke(gone);
    root.crl(basename(crl));
    clock.advance(NOTICED);
    assert.deepEqual(line.tls.problemOf(channel), { code: 'revoked', reason: 'the certificate of gone is revoked' });
    assert.equal((await line.dial(partner.port)).code, 'revoked');
  });

  it('the end of the partner’s certificate: it has to go then, not before', async () => {
    const channel = await connect({}, root.issue('short', { to: 3 }));
    clock.days += 2.9;
    clock.advance(NOTICED);
    assert.equal(line.tls.problemOf(channel), undefined);
    clock.days += 0.2;
    clock.advance(NOTICED);
    assert.equal(line.tls.problemOf(channel)?.code, 'expired');
  });

  it('the end of our own certificate is told ahead, and stands', async () => {
    const own = root.issue('short-lived', { to: 19.5 });
    await connect({ myCertificate: own.crt, myKey: own.key });
    assert.match(line.log.join(), /warn: myCertificate .*short-lived\.crt: .* expires in 19 days/);
    clock.days += 15;
    clock.advance(60_000);
    assert.match(line.log.at(-1) ?? '', /expires in 4 days/);
    assert.match(line.tls.warnings.join(), /expires in 4 days/);
  });

  it('files that have gone leave the earlier ones in use, and CHECK CERTS says so', async () => {
    const channel = await connect();
    rmSync(files.partnerCertificates);
    clock.advance(NOTICED);
    assert.equal(line.tls.problemOf(channel), undefined);
    await connected();
    assert.match(line.tls.warnings.join(), /there is no such file; the earlier files stay in use/);
    const [entry] = line.tls.certificates('*used-ca.crt');
    assert.deepEqual(entry?.problems, ['there is no such file']);
  });

  it('nothing is looked at any more once it is closed', async () => {
    await connect();
    assert.equal(clock.pending, 1);
    line.close();
    assert.equal(clock.pending, 0);
  });
});
