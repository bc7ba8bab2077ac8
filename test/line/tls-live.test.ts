import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { Authority, CertificateFolder, type Issued, needsOpenssl } from './authority.js';
import { Calendar, NOTICED } from './calendar.js';
import { OpenGate } from './tls-gate.js';

describe('certificates while a line is open', () => {
  let folder: CertificateFolder;
  let root: Authority;
  let other: Authority;
  let server: Issued;
  let good: Issued;
  let gate: OpenGate;
  let clock: Calendar;
  let files: { myCertificate: string; myKey: string; partnerCertificates: string; crl: string };

  before(function () {
    this.timeout(60_000);
    needsOpenssl(this);
    folder = new CertificateFolder();
    root = new Authority(folder, 'Root');
    other = new Authority(folder, 'Other');
    server = root.issue('server');
    good = root.issue('control-centre');
  });
  after(() => folder?.remove());
  afterEach(() => gate?.close());

  beforeEach(() => {
    clock = new Calendar(Date.now());
    files = {
      myCertificate: folder.at('used.crt'),
      myKey: folder.at('used.key'),
      partnerCertificates: folder.at('used-ca.crt'),
      crl: '',
    };
    copyFileSync(server.crt, files.myCertificate);
    copyFileSync(server.key, files.myKey);
    copyFileSync(root.crt, files.partnerCertificates);
  });

  const open = async (properties: object = {}): Promise<OpenGate> => {
    gate = await new OpenGate({ ...files, ...properties }, { clock }).listen();
    return gate;
  };
  const showing = ({ crt, key }: Issued): ConnectionOptions => ({ cert: readFileSync(crt), key: readFileSync(key) });
  const connected = async (who = good) => {
    const peer = gate.dial(showing(who));
    return { peer, channel: await gate.channel() };
  };
  /** The name in the certificate that a new connection is shown. */
  const shown = async (): Promise<unknown> => {
    const { peer, channel } = await connected();
    channel.write(new Uint8Array(1));
    await new Promise((done) => peer.socket.once('data', done));
    return peer.socket.getPeerCertificate().subject.CN;
  };

  it('a renewed certificate is shown to new connections, and the others stay', async () => {
    await open();
    assert.equal(await shown(), 'server');
    const { channel, peer } = await connected();
    const renewed = root.issue('renewed');
    copyFileSync(renewed.crt, files.myCertificate);
    copyFileSync(renewed.key, files.myKey);
    clock.advance(NOTICED);
    assert.equal(await shown(), 'renewed');
    assert.equal(gate.gate.problemOf(channel), undefined);
    assert.equal(peer.socket.destroyed, false);
    assert.deepEqual(gate.log, ['info: certificates have changed: new connections use the new ones']);
  });

  it('a certificate without its key as yet is no error: both are taken when they rest', async () => {
    await open();
    const renewed = root.issue('renewed-in-steps');
    copyFileSync(renewed.crt, files.myCertificate);
    clock.advance(1000);
    copyFileSync(renewed.key, files.myKey);
    clock.advance(NOTICED);
    assert.equal(await shown(), 'renewed-in-steps');
    assert.deepEqual(
      gate.log.filter((line) => line.startsWith('error')),
      [],
    );
  });

  for (const [what, spoil] of [
    ['is none', () => writeFileSync(files.myCertificate, 'nonsense')],
    ['has gone', () => rmSync(files.myCertificate)],
    ['belongs to another key', () => copyFileSync(good.crt, files.myCertificate)],
    ['spoils the authorities', () => writeFileSync(files.partnerCertificates, '')],
  ] as const)
    it(`a new file that ${what} leaves the earlier ones in use; one error, and a warning as long as it is so`, async () => {
      await open();
      const { channel } = await connected();
      spoil();
      clock.advance(NOTICED);
      clock.advance(60_000);
      const errors = gate.log.filter((line) => line.startsWith('error'));
      assert.equal(errors.length, 1, errors.join('\n'));
      assert.match(errors[0] as string, /cannot be used: .*used(-ca)?\.(crt|key).*the earlier ones stay in use/);
      assert.match(gate.gate.warnings.join(), /the earlier files stay in use/);
      assert.equal(await shown(), 'server');
      assert.equal(gate.gate.problemOf(channel), undefined);

      copyFileSync(server.crt, files.myCertificate);
      copyFileSync(root.crt, files.partnerCertificates);
      clock.advance(NOTICED);
      assert.deepEqual(gate.gate.warnings, []);
    });

  it('an authority that is no longer one of ours: whom it vouches for has to go, and cannot come back', async () => {
    await open();
    const { channel } = await connected();
    copyFileSync(other.crt, files.partnerCertificates);
    clock.advance(NOTICED);
    assert.equal(gate.examinations > 0, true);
    assert.equal(gate.gate.problemOf(channel)?.code, 'unknown-ca');
    gate.dial(showing(good));
    assert.equal((await gate.refusal()).code, 'unknown-ca');
    await connected(other.issue('new-partner'));
  });

  it('an authority that is added beside: both are let in, and nobody has to go', async () => {
    await open();
    const { channel } = await connected();
    writeFileSync(files.partnerCertificates, readFileSync(root.crt, 'utf8') + readFileSync(other.crt, 'utf8'));
    clock.advance(NOTICED);
    assert.equal(gate.gate.problemOf(channel), undefined);
    await connected(other.issue('newcomer'));
  });

  it('a revocation: who is connected has to go, and others stay', async () => {
    const crl = root.crl('used.crl');
    await open({ crl });
    const [first, second] = [root.issue('first'), root.issue('second')];
    const [one, two] = [await connected(first), await connected(second)];
    root.revoke(first);
    root.crl(basename(crl));
    clock.advance(NOTICED);
    assert.deepEqual(gate.gate.problemOf(one.channel), {
      code: 'revoked',
      reason: 'the certificate of first is revoked',
    });
    assert.equal(gate.gate.problemOf(two.channel), undefined);
    gate.dial(showing(first));
    assert.equal((await gate.refusal()).code, 'revoked');
  });

  it('a list that somebody else has signed in the authority’s name revokes nobody', async () => {
    const crl = root.crl('signed.crl');
    await open({ crl });
    const victim = root.issue('victim');
    const { channel } = await connected(victim);
    const impostorFolder = new CertificateFolder();
    try {
      const impostor = new Authority(impostorFolder, 'Root');
      writeFileSync(crl, readFileSync(impostor.crl('forged.crl')));
    } finally {
      impostorFolder.remove();
    }
    clock.advance(NOTICED);
    assert.match(gate.log.join('\n'), /error: .*signed\.crl: is not signed by the authority whose name it bears/);
    assert.equal(gate.gate.problemOf(channel), undefined);
  });

  it('an authority in the middle is revoked: whom it vouches for has to go', async () => {
    const middle = new Authority(folder, 'Middle', root);
    const deep = middle.issue('deep');
    folder.join('deep-chain.crt', deep.crt, middle.crt);
    const crl = root.crl('root.crl');
    await open({ crl: `${crl},${middle.crl('middle.crl')}` });
    const { channel } = await connected({ crt: folder.at('deep-chain.crt'), key: deep.key });
    root.revoke({ crt: middle.crt, key: '' });
    root.crl('root.crl');
    clock.advance(NOTICED);
    assert.deepEqual(gate.gate.problemOf(channel), { code: 'revoked', reason: 'the certificate of Middle is revoked' });
  });

  it('the end of the validity of a partner’s certificate: it has to go then, not before', async () => {
    const short = root.issue('short', { to: 3 });
    await open();
    const { channel } = await connected(short);
    clock.days += 2.9;
    clock.advance(NOTICED);
    assert.equal(gate.gate.problemOf(channel), undefined);
    clock.days += 0.2;
    clock.advance(NOTICED);
    assert.deepEqual(gate.gate.problemOf(channel), {
      code: 'expired',
      reason: 'the certificate of short has expired',
    });
  });

  it('the end of our own certificate is told 30, 7 and 1 days ahead and when it has come, once each; nobody has to go', async () => {
    const own = root.issue('short-lived', { to: 40 });
    await open({ myCertificate: own.crt, myKey: own.key });
    const { channel } = await connected();
    const told: [number, string][] = [];
    for (let day = 0; day < 42; day++) {
      const before = gate.log.length;
      clock.days++;
      clock.advance(60_000);
      for (const line of gate.log.slice(before)) told.push([day, line.replace(/^.*short-lived/, '')]);
    }
    assert.deepEqual(
      told.map(([day, text]) => [day, text.replace(/, on .*| on .*/, '')]),
      [
        [9, ' expires in 29 days'],
        [32, ' expires in 6 days'],
        [38, ' expires within a day'],
        [39, ' has expired'],
      ],
    );
    assert.match(
      gate.gate.warnings.join(),
      /myCertificate .*short-lived\.crt: the certificate of short-lived has expired on \d{4}-\d\d-\d\d/,
    );
    assert.equal(gate.gate.problemOf(channel), undefined);
  });

  it('nothing is looked at any more once it is closed', async () => {
    await open();
    assert.equal(clock.pending, 1);
    gate.close();
    assert.equal(clock.pending, 0);
  });
});
