import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { listenerSettings, type TlsProperties } from '../../lib/line/tls/settings.js';
import { type Clock, systemClock } from '../../lib/link/clock.js';
import { Authority, CertificateFolder, type Issued, needsOpenssl } from '../line/authority.js';
import { Hasty } from '../line/hasty.js';
import { SClient } from '../line/s-client.js';
import { nothing } from '../line/tls-gate.js';
import { TestClient } from './client.js';
import { closeAll, Served, serve } from './served.js';

const STARTDT_ACT = '680407000000';
const STARTDT_CON = '68040b000000';
const points = [{ ioa: 1, type: 'M_SP_NA_1' }];

/** Files are looked at all the time, and not each second. */
const watchful: Clock = { ...systemClock, timer: (ms, call) => systemClock.timer(ms === 1000 ? 1 : ms, call) };

describe('a line with TLS', () => {
  let folder: CertificateFolder;
  let root: Authority;
  let server: Issued;
  let centre: Issued;
  const sockets: TestClient[] = [];
  const programs: { kill(): Promise<void> }[] = [];
  let hasty: Hasty | undefined;

  before(function () {
    this.timeout(60_000);
    needsOpenssl(this);
    folder = new CertificateFolder();
    root = new Authority(folder, 'Root');
    server = root.issue('server');
    centre = root.issue('control-centre');
  });
  after(() => folder?.remove());
  afterEach(async () => {
    hasty?.end();
    hasty = undefined;
    for (const { socket } of sockets.splice(0)) socket.destroy();
    for (const program of programs.splice(0)) await program.kill();
    await closeAll();
  });

  const tlsOf = (properties: Partial<TlsProperties> = {}) =>
    listenerSettings(
      { ...nothing, myCertificate: server.crt, myKey: server.key, partnerCertificates: root.crt, ...properties },
      folder.path,
    );
  const secured = (properties: Partial<TlsProperties> = {}, parameters = '', clock: Clock = systemClock) =>
    serve([{ parameters, points }], { tls: tlsOf(properties), clock });
  const showing = ({ crt, key }: Issued): ConnectionOptions => ({ cert: readFileSync(crt), key: readFileSync(key) });
  const client = async ({ line }: Served, who: Issued = centre): Promise<TestClient> => {
    const found = await TestClient.connectTls(line.port as number, showing(who));
    sockets.push(found);
    return found;
  };
  const program = ({ line }: Served, ...options: string[]): SClient => {
    const found = new SClient(line.port as number, ...options);
    programs.push(found);
    return found;
  };
  const named = ({ line }: Served) => line.status.connections.map(({ certificate }) => certificate);

  it('serves as over TCP, and shows the name in the certificate', async () => {
    const served = await secured();
    const one = await (await client(served)).start();
    served.write(1, true);
    one.ask('64 01 06 00 01 00 00 00 00 14');
    assert.equal(await one.asdu(), '64 01 07 00 01 00 00 00 00 14');
    assert.deepEqual(named(served), ['control-centre']);
    await one.cut();
    await served.until(() => served.line.status.connections.length === 0);
    assert.equal(served.line.status.lastClose?.reason, 'peer');
    assert.deepEqual(served.alarms, []);
  });

  it('many octets arrive whole: what is written is the channel’s own', async () => {
    const served = await secured({}, 'SAI=False;W=100;K=200');
    const one = await (await client(served)).start();
    const count = 5000;
    for (let i = 0; i < count; i++) served.write(1, i % 2 === 0);
    let values = '';
    for (const asdu of await one.asdus(count)) values += asdu.slice(-1);
    assert.equal(values, '10'.repeat(count / 2));
  });

  for (const version of ['-tls1_2', '-tls1_3']) {
    it(`openssl s_client ${version} with a certificate`, async () => {
      const served = await secured();
      const options = [
        '-cert',
        centre.crt,
        '-key',
        centre.key,
        '-CAfile',
        root.crt,
        '-verify_return_error',
        '-verify',
        '4',
      ];
      const peer = program(served, version, ...options);
      peer.send(STARTDT_ACT);
      await peer.until(STARTDT_CON);
      assert.deepEqual(named(served), ['control-centre']);
    });

    it(`openssl s_client ${version} with a pre-shared key`, async () => {
      const none = { myCertificate: '', myKey: '', partnerCertificates: '' };
      const served = await secured({
        ...none,
        pskIdentity: 'centre',
        preSharedKey: 'hex:00112233445566778899aabbccddeeff',
      });
      const key = ['-psk', '00112233445566778899aabbccddeeff'];
      const suites = ['-cipher', 'PSK', '-ciphersuites', 'TLS_AES_128_GCM_SHA256'];
      const peer = program(served, version, ...key, '-psk_identity', 'centre', ...suites);
      peer.send(STARTDT_ACT);
      await peer.until(STARTDT_CON);

      const stranger = program(served, version, ...key, '-psk_identity', 'somebody', ...suites);
      stranger.send(STARTDT_ACT);
      await stranger.end();
      assert.equal(stranger.received, '');
      await served.until(() => served.alarms.length > 0);
      assert.equal(served.alarms[0]?.[0], 'unknown-identity');
    });

    it(`openssl s_client ${version} without a certificate gets not one octet`, async () => {
      const served = await secured();
      const peer = program(served, version);
      peer.send(STARTDT_ACT);
      await peer.end();
      assert.equal(peer.received, '');
      await served.until(() => served.alarms.length > 0);
      assert.equal(served.alarms[0]?.[0], 'no-certificate');
      assert.deepEqual(served.line.status.connections, []);
      assert.equal(served.line.status.lastClose, undefined, 'it never was a connection');
    });
  }

  it('openssl s_client that does not accept our certificate: handshake-failed, saying so', async () => {
    const served = await secured();
    const other = new Authority(folder, 'Other');
    const options = [
      '-cert',
      centre.crt,
      '-key',
      centre.key,
      '-CAfile',
      other.crt,
      '-verify_return_error',
      '-verify',
      '4',
    ];
    await program(served, ...options).end();
    await served.until(() => served.alarms.length > 0);
    assert.equal(served.alarms[0]?.[0], 'handshake-failed');
    assert.match(served.log.join(), /does not accept our certificate/);
  });

  it('a security event carries code, remote and name, and the log says it in words', async () => {
    const served = await secured();
    const old = root.issue('old', { from: -9, to: -1 });
    const stranger = await client(served, old);
    await stranger.closes();
    await served.until(() => served.alarms.length > 0);
    assert.deepEqual(served.alarms, [['expired', `127.0.0.1:${stranger.port}`, 'old']]);
    assert.ok(
      served.log.includes(
        `warn: 127.0.0.1:${stranger.port} turned away: its certificate, or one of its chain, has expired (expired), certificate of old`,
      ),
      served.log.join('\n'),
    );
  });

  it('a flood of strangers floods neither log nor flows', async () => {
    const served = await secured();
    for (let i = 0; i < 100; i++) {
      const stranger = await TestClient.connect(served.line.port as number);
      stranger.send('68 04 07 00 00 00');
      await stranger.closes();
    }
    assert.ok(served.alarms.length <= 60 && served.alarms.length > 10, String(served.alarms.length));
    assert.ok(served.log.length <= 20, served.log.join('\n'));
    assert.deepEqual(served.line.status.refused, { 'handshake-failed': 100 });
    await (await client(served)).start();
  });

  describe('ALLOW', () => {
    it('CN= names: only they are let in, whatever their address', async () => {
      const served = await secured({}, 'ALLOW=CN=other-centre, CN=control-centre');
      await (await client(served)).start();
      const stranger = await client(served, root.issue('maintenance'));
      await stranger.closes();
      await served.until(() => served.alarms.length > 0);
      assert.deepEqual(served.alarms, [['not-allowed', `127.0.0.1:${stranger.port}`, 'maintenance']]);
      assert.deepEqual(named(served), ['control-centre']);
    });

    it('an address or a name, one of them is enough', async () => {
      for (const [allowed, isIn] of [
        ['127.0.0.1,CN=nobody', true],
        ['192.0.2.1,CN=control-centre', true],
        ['192.0.2.1,CN=nobody', false],
        ['192.0.2.1', false],
      ] as const) {
        const served = await secured({}, `ALLOW=${allowed}`);
        const connecting = client(served);
        if (isIn) await (await connecting).start();
        else await connecting.then((one) => one.closes()).catch(() => {});
        assert.equal(served.line.status.connections.length, isIn ? 1 : 0, allowed);
      }
    });

    it('a name that nobody vouched for is none', async () => {
      const served = await secured({ verifyPartner: false }, 'ALLOW=CN=control-centre');
      await (await client(served, folder.selfSigned('control-centre'))).closes();
      await served.until(() => served.alarms.length > 0);
      assert.equal(served.alarms[0]?.[0], 'not-allowed');
    });

    it('over plain TCP a CN= name lets nobody in', async () => {
      const served = await serve([{ parameters: 'ALLOW=CN=control-centre', points }]);
      await (await served.connect()).closes();
      assert.deepEqual(
        served.alarms.map(([code]) => code),
        ['not-allowed'],
      );
    });
  });

  it('a certificate that is revoked while its client is connected: closed as such, others stay', async () => {
    const crl = root.crl('live.crl');
    const served = await secured({ crl }, '', watchful);
    const gone = root.issue('gone');
    const [one, two] = [await (await client(served, gone)).start(), await (await client(served)).start()];
    root.revoke(gone);
    root.crl(basename(crl));
    await one.closes();
    await served.until(() => served.line.status.lastClose !== undefined);
    assert.deepEqual(served.line.status.lastClose, { remote: `127.0.0.1:${one.port}`, reason: 'certificate' });
    assert.deepEqual(served.alarms, [['revoked', `127.0.0.1:${one.port}`, 'gone']]);
    await two.quiet();
    assert.deepEqual(named(served), ['control-centre']);
  });

  it('files that cannot be used: the line does not open and says why, and opens once they are right', async () => {
    hasty = new Hasty(5000);
    const crt = folder.at('late.crt');
    rmSync(crt, { force: true });
    const served = new Served([{ points }], { tls: tlsOf({ myCertificate: crt }) });
    programs.push({ kill: () => served.close() });
    served.line.open();
    assert.deepEqual([served.line.status.state, served.line.port], ['error', undefined]);
    assert.equal(served.line.status.reason, `myCertificate ${crt}: there is no such file`);
    assert.match(served.log.join('\n'), /^error: cannot listen: myCertificate .*late\.crt: there is no such file/);
    copyFileSync(server.crt, crt);
    await served.until(() => served.line.status.state === 'listening');
    await (await client(served)).start();
  });

  it('verifyPartner = false: a warning stands in the status and in the log', async () => {
    const served = await secured({ verifyPartner: false });
    assert.match(served.line.status.warnings?.join() ?? '', /verifyPartner is off/);
    assert.match(served.log.join('\n'), /^warn: verifyPartner is off/m);
    assert.equal((await serve([{ points }])).line.status.warnings, undefined);
  });

  it('an end that is near stands in the status', async () => {
    const own = root.issue('ending', { to: 5 });
    const served = await secured({ myCertificate: own.crt, myKey: own.key });
    assert.match(
      served.line.status.warnings?.join() ?? '',
      /myCertificate .*the certificate of ending expires in 4 days/,
    );
    assert.equal(served.line.certificates('ending.crt').length, 1);
  });

  it('closed and opened again', async () => {
    const served = await secured();
    await served.line.close();
    assert.equal(served.line.status.state, 'closed');
    await served.open();
    await (await client(served)).start();
  });
});
