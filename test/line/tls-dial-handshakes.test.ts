import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { Dialer } from '../../lib/line/dialer.js';
import { VirtualClock } from '../link/virtual-clock.js';
import { Authority, CertificateFolder, type Issued, needsOpenssl } from './authority.js';
import { Resolving } from './resolving.js';
import { DialledLine, Partner } from './tls-dial.js';

describe('a line that connects by TLS, and handshakes that come to nothing', () => {
  let folder: CertificateFolder;
  let root: Authority;
  let station: Issued;
  let line: DialledLine;
  let partner: Partner | undefined;

  before(function () {
    this.timeout(60_000);
    needsOpenssl(this);
    folder = new CertificateFolder();
    root = new Authority(folder, 'Root');
    station = root.issue('station');
  });
  after(() => folder?.remove());
  afterEach(() => {
    line?.close();
    partner?.close();
    partner = undefined;
  });

  const connecting = (options: object = {}, properties: object = {}): DialledLine => {
    line = new DialledLine({ partnerCertificates: root.crt, ...properties }, options);
    return line;
  };
  const served = () => ({ cert: readFileSync(station.crt), key: readFileSync(station.key) });

  it('a partner that speaks no TLS: handshake-failed, and its octets are nobody’s', async () => {
    partner = await Partner.plain('68040b000000');
    const { code, reason } = await connecting().dial(partner.port);
    assert.deepEqual([code, reason], ['handshake-failed', 'it does not speak TLS']);
    assert.equal(line.received, '');
    assert.equal(line.refusals.length, 1);
  });

  it('a partner that says nothing is given up after the time of a handshake', async () => {
    partner = await Partner.plain();
    const { code, reason } = await connecting({ handshake: 20 }).dial(partner.port);
    assert.deepEqual([code, reason], ['handshake-failed', 'the handshake took too long']);
  });

  it('which is 10 s', async () => {
    partner = await Partner.plain();
    const clock = new VirtualClock();
    const attempt = connecting({ clock }).dial(partner.port);
    await partner.until((received) => received !== '');
    clock.advance(9999);
    assert.deepEqual(line.refusals, []);
    clock.advance(1);
    assert.equal((await attempt).code, 'handshake-failed');
  });

  it('or after that of the attempt, where it is less: ETIMEDOUT', async () => {
    partner = await Partner.plain();
    const { code } = await connecting({ timeout: 20 }).dial(partner.port);
    assert.equal(code, 'ETIMEDOUT');
    assert.deepEqual(line.refusals, []);
  });

  for (const end of ['close', 'reset'] as const)
    it(`a partner that leaves (${end}): handshake-failed, once`, async () => {
      partner = await Partner.plain();
      const attempt = connecting().dial(partner.port);
      await partner.until((received) => received !== '');
      partner[end]();
      const { code, reason } = await attempt;
      assert.deepEqual([code, reason], ['handshake-failed', 'it left before the handshake was finished']);
      assert.equal(line.refusals.length, 1);
    });

  it('a partner that cuts the connection later: its end is told, and is no refusal', async () => {
    partner = await Partner.tls(served());
    const { channel } = await connecting().dial(partner.port);
    channel?.write(Buffer.from([1]));
    await partner.until('01');
    partner.reset();
    await line.until(() => line.ends.length > 0, 'the end');
    assert.deepEqual([line.ends, line.refusals], [['ECONNRESET'], []]);
  });

  it('who has stopped dialling hears nothing more, and the partner sees the end', async () => {
    partner = await Partner.plain();
    const told: string[] = [];
    const clock = new VirtualClock();
    const { tls } = connecting({ clock });
    const handler = {
      connecting: () => told.push('connecting'),
      connected: () => told.push('connected'),
      failed: (_: string, code: string) => told.push(code),
    };
    const dialer = new Dialer(['127.0.0.1'], partner.port, 8000, handler, { tls });
    dialer.dial();
    await partner.until((received) => received !== '');
    assert.equal(clock.pending, 2, 'the end of the handshake, and the next look at the files');
    dialer.close();
    assert.equal(clock.pending, 1);
    await partner.ended();
    assert.deepEqual([told, line.refusals], [['connecting'], []]);
  });

  it('files that cannot be used: nobody is called, and the next attempt reads them again', async () => {
    partner = await Partner.tls(served());
    const partnerCertificates = folder.at('later.crt');
    connecting({}, { partnerCertificates });
    const { code, reason } = await line.dial(partner.port);
    assert.deepEqual([code, reason], ['tls', `partnerCertificates ${partnerCertificates}: there is no such file`]);
    assert.equal(partner.arrivals, 0);
    copyFileSync(root.crt, partnerCertificates);
    assert.equal((await line.dial(partner.port)).channel?.certificate, 'station');
  });

  it('failing so is told later: who dials again at once does not go round in one turn', () => {
    const clock = new VirtualClock();
    const { tls } = connecting({}, { partnerCertificates: folder.at('none.crt') });
    let failures = 0;
    const handler = {
      connecting: () => {},
      connected: () => {},
      failed: () => {
        failures++;
        if (failures < 3) dialer.dial();
      },
    };
    const timer = (ms: number, call: () => void) => clock.timer(ms, call);
    const dialer = new Dialer(['127.0.0.1'], 2404, 1000, handler, { tls, timer });
    dialer.dial();
    assert.equal(failures, 0);
    clock.advance(0);
    assert.equal(failures, 3);
    dialer.dial();
    dialer.close();
    clock.advance(1000);
    assert.equal(failures, 3, 'nothing more once it is closed');
  });

  it('IPv6: no server_name, and the remote in brackets', async () => {
    partner = await Partner.tls(served(), '', '::1');
    const { channel } = await connecting().dial(partner.port, '::1');
    assert.equal(channel?.remote, `[::1]:${partner.port}`);
    assert.equal(await partner.name(), false);
  });

  it('a name with the dot of the root is sent and looked for without it', async () => {
    partner = await Partner.tls(served());
    const resolving = new Resolving({ 'localhost.': ['127.0.0.1'] });
    const { channel, reason } = await connecting()
      .dial(partner.port, 'localhost.')
      .finally(() => resolving.end());
    assert.equal(channel?.certificate, 'station', reason);
    assert.equal(await partner.name(), 'localhost');
  });
});
