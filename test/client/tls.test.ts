import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { clientSettings, listenerSettings, type TlsProperties } from '../../lib/line/tls/settings.js';
import { type Clock, systemClock } from '../../lib/link/clock.js';
import { Authority, CertificateFolder, type Issued, needsOpenssl } from '../line/authority.js';
import { SServer } from '../line/s-server.js';
import { nothing } from '../line/tls-gate.js';
import { closeAll, type Served, serve } from '../server/served.js';
import { ClientRig } from './rig.js';

const points = [{ ioa: 1, type: 'M_SP_NA_1' }];
const KEY = { preSharedKey: 'hex:00112233445566778899aabbccddeeff', pskIdentity: 'centre' };

/** Files are looked at all the time, and not each second. */
const watchful: Clock = { ...systemClock, timer: (ms, call) => systemClock.timer(ms === 1000 ? 1 : ms, call) };

describe('a line of clients with TLS', () => {
  let folder: CertificateFolder;
  let root: Authority;
  let other: Authority;
  let station: Issued;
  let centre: Issued;
  let rig: ClientRig | undefined;
  let foreign: SServer | undefined;

  before(function () {
    this.timeout(60_000);
    needsOpenssl(this);
    folder = new CertificateFolder();
    root = new Authority(folder, 'Root');
    other = new Authority(folder, 'Other');
    station = root.issue('substation');
    centre = root.issue('centre');
  });
  after(() => folder?.remove());
  afterEach(async () => {
    await rig?.line.close();
    await foreign?.kill();
    await closeAll();
    rig = undefined;
    foreign = undefined;
  });

  const serving = (issued: Issued = station): Promise<Served> => {
    const properties = { myCertificate: issued.crt, myKey: issued.key, partnerCertificates: root.crt };
    return serve([{ points }], { tls: listenerSettings({ ...nothing, ...properties }, '/') });
  };
  const own = () => ({ partnerCertificates: root.crt, myCertificate: centre.crt, myKey: centre.key });
  const redundant = (ports: readonly [number, number], properties: Partial<TlsProperties>): ClientRig => {
    const [primary, backup] = ports.map((port) => ({ hosts: ['127.0.0.1'], port }));
    assert.ok(primary !== undefined && backup !== undefined);
    rig = new ClientRig([primary, backup], [{ points }], { tls: clientSettings({ ...nothing, ...properties }, '/') });
    rig.line.open();
    return rig;
  };
  const to = (port: number, properties: Partial<TlsProperties>, clock: Clock = systemClock): ClientRig => {
    rig = ClientRig.to(port, [{ points }], { tls: clientSettings({ ...nothing, ...properties }, '/'), clock });
    return rig;
  };

  it('values as over TCP, and the name in the station’s certificate', async () => {
    const served = await serving();
    served.write(1, true);
    const line = to(served.line.port as number, own());
    await line.until(() => line.receptions.length > 0, 'a value');
    assert.equal(line.taken()[0], '1=true');
    assert.deepEqual(
      [line.line.status.connections[0]?.certificate, served.line.status.connections[0]?.certificate],
      ['substation', 'centre'],
    );
    assert.deepEqual([line.alarms, line.line.status.warnings], [[], undefined]);
  });

  it('a redundant line: both connections are secured, and the one that stands by takes over', async () => {
    const both = [await serving(), await serving(root.issue('backup'))] as const;
    for (const served of both) served.write(1, true);
    const line = redundant([both[0].line.port as number, both[1].line.port as number], own());
    const shown = () => line.line.status.connections.map(({ certificate, state }) => `${certificate} ${state}`).sort();
    await line.until(() => line.receptions.length > 0 && shown().join().includes('standby'), 'both connections');
    const isFirst = shown().includes('substation started');
    const names = isFirst ? ['substation', 'backup'] : ['backup', 'substation'];
    assert.deepEqual(shown(), [`${names[0]} started`, `${names[1]} standby`].sort());
    line.taken();
    await both[isFirst ? 0 : 1].line.close();
    await line.until(() => line.receptions.length > 0, 'a value of the other');
    assert.deepEqual([line.taken()[0], shown()], ['1=true', [`${names[1]} started`]]);
    assert.deepEqual(line.alarms, []);
  });

  it('a redundant line whose backup has a certificate of another authority serves without it, and says so', async () => {
    const both = [await serving(), await serving(other.issue('intruder'))] as const;
    const line = redundant([both[0].line.port as number, both[1].line.port as number], own());
    await line.until(() => line.alarms.length > 0 && line.line.status.state === 'connected', 'the alarm');
    assert.deepEqual(line.alarms[0], ['unknown-ca', `127.0.0.1:${both[1].line.port}`, 'intruder']);
    assert.deepEqual([line.line.status.flags, line.line.status.connections.length], ['A', 1]);
    assert.equal(line.line.switchOver(), false);
  });

  it('a pre-shared key', async () => {
    const served = await serve([{ points }], { tls: listenerSettings({ ...nothing, ...KEY }, '/') });
    served.write(1, true);
    const line = to(served.line.port as number, KEY);
    await line.until(() => line.receptions.length > 0, 'a value');
    assert.equal(line.taken()[0], '1=true');
  });

  it('a station of another authority: a security event and the reason, and it gets not one octet', async () => {
    const stranger = other.issue('stranger');
    foreign = await new SServer('-cert', stranger.crt, '-key', stranger.key).open();
    const line = to(foreign.port, own());
    await line.until(() => line.alarms.length > 0, 'the alarm');
    assert.deepEqual(line.alarms[0], ['unknown-ca', `127.0.0.1:${foreign.port}`, 'stranger']);
    await line.until(() => line.line.status.closes['unknown-ca'] !== undefined, 'the count');
    assert.match(line.line.status.reason ?? '', /the authority of its certificate.* \(unknown-ca\)|self-signed/);
    assert.deepEqual([line.receptions, line.line.status.connections], [[], []]);
    // STARTDT act would stand among what the server says.
    assert.ok(!foreign.said.includes('h\u0004\u0007'));
  });

  it('a partner that is not trusted again and again: flows are told 60 times a minute, and how often it was is shown', async () => {
    const served = await serve([{ points }], { tls: listenerSettings({ ...nothing, ...KEY }, '/') });
    let now = 0;
    const line = ClientRig.to(served.line.port as number, [{ points }], {
      tls: clientSettings({ ...nothing, ...KEY, preSharedKey: 'hex:ffeeddccbbaa99887766554433221100' }, '/'),
      clock: { ...systemClock, now: () => now },
      // Makes nothing of every pause.
      random: () => -1,
    });
    rig = line;
    const count = (): number => line.line.status.refused?.['handshake-failed'] ?? 0;
    await line.until(() => count() >= 70, 'the attempts');
    assert.equal(line.alarms.length, 60);
    now = 60_000;
    await line.until(() => line.alarms.length > 60, 'the next minute');
    assert.match(
      line.logged.join('\n'),
      /^warn \d\d+ more were turned away \(handshake-failed\) that no flow was told of$/m,
    );
  });

  it('a certificate that is revoked while the line is connected: closed as such', async () => {
    const gone = root.issue('gone');
    const crl = root.crl('client.crl');
    const served = await serving(gone);
    const line = to(served.line.port as number, { ...own(), crl }, watchful);
    await line.until(() => line.line.status.connections[0]?.state === 'started', 'data transfer');
    root.revoke(gone);
    root.crl(basename(crl));
    await line.until(() => line.line.status.closes.certificate === 1, 'the end');
    assert.deepEqual(line.alarms[0], ['revoked', `127.0.0.1:${served.line.port}`, 'gone']);
    assert.equal(line.line.status.refused?.revoked, 1);
  });

  it('own files that cannot be used: the line is in error and says which', async () => {
    const served = await serving();
    const line = to(served.line.port as number, { ...own(), myKey: '/nowhere/my.key' });
    await line.until(() => line.line.status.state === 'error', 'the error');
    assert.match(line.line.status.reason ?? '', /myKey \/nowhere\/my\.key: there is no such file \(tls\)$/);
    assert.deepEqual(served.line.status.refused, {});
  });

  it('verifyPartner = false: a warning stands in the status and in the log', async () => {
    const served = await serving(other.issue('anybody'));
    const line = to(served.line.port as number, { ...own(), verifyPartner: false });
    await line.until(() => line.line.status.connections[0]?.state === 'started', 'data transfer');
    assert.match(line.line.status.warnings?.join() ?? '', /verifyPartner is off: whoever answers/);
    assert.equal(line.line.status.connections[0]?.certificate, undefined);
    assert.match(line.logged.join('\n'), /^warn verifyPartner is off/m);
  });
});
