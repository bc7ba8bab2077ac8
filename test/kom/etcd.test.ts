import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EtcdCoordinator } from '../../lib/kom/coordinator-etcd.js';
import type { Kom } from '../../lib/kom/kom.js';
import { Authority, CertificateFolder } from '../line/authority.js';
import { Etcd, needsEtcd } from './etcd.js';
import { Figures } from './figures.js';
import { instance, until } from './rig.js';

/** Has several instances hand over in order. @returns ms from the end of one until the next is active, the median */
async function handOver(start: (instance: number) => Kom): Promise<number> {
  const figures = new Figures('orderly stop');
  let active = start(1);
  await until(active, () => active.isActive);
  for (const instance of [2, 1, 2, 1, 2]) {
    const next = start(instance);
    await until(active, () => active.status.flags === 'BC');
    await until(next, () => next.status.flags === 'BC');
    const before = active.guard();
    const begun = performance.now();
    await active.stop();
    await until(next, () => next.isActive);
    figures.add(performance.now() - begun);
    assert.ok(next.guard() > before);
    active = next;
  }
  figures.show();
  return figures.median;
}

describe('instances with a real etcd', function () {
  this.timeout(30_000);
  let etcd: Etcd;
  const running: Kom[] = [];
  const start = (process: string, n: number, more: object = {}): Kom => {
    const coordinator = new EtcdCoordinator({ process, endpoints: etcd.endpoints, ...more });
    const kom = instance(coordinator, { process, instance: n, ...more });
    running.push(kom);
    return kom;
  };
  before(async function () {
    needsEtcd(this);
    etcd = await Etcd.start();
  });
  afterEach(() => Promise.all(running.splice(0).map((kom) => kom.stop())));
  after(() => etcd?.stop());

  it('the first is active, and hands over in order within 200 ms', async () => {
    assert.ok((await handOver((instance) => start('A', instance))) < 200);
  });

  it('a process that has run before begins at once', async () => {
    const begun = performance.now();
    const one = start('A', 1);
    await until(one, () => one.isActive);
    // Without the waiting at an empty store, a ttl of 1.5 s.
    assert.ok(performance.now() - begun < 1400);
  });

  it('operators choose and prefer; processes of other names do not meet', async () => {
    const other = start('B/member', 1);
    const one = start('B', 1);
    await until(one, () => one.isActive);
    const two = start('B', 2);
    await until(one, () => one.status.flags === 'BC');
    await until(two, () => two.status.flags === 'BC');
    assert.deepEqual(await two.activate(2), { ok: true });
    assert.ok(two.isActive && !one.isActive);
    assert.deepEqual(await one.prefer(1), { ok: true });
    await until(one, () => one.isActive);
    assert.deepEqual(await one.setMode('active-active'), { ok: true });
    await until(two, () => two.isActive);
    await until(other, () => other.isActive);
    assert.equal(other.status.mode, 'active-passive');
    assert.equal(other.status.flags, 'B');
  });

  it('of 3 clients that write over one revision exactly one succeeds, 500 times', async () => {
    const clients = [0, 1, 2].map(() => new EtcdCoordinator({ process: 'race', endpoints: etcd.endpoints }));
    for (let round = 0; round < 500; round++) {
      const over = (await clients[0]?.get())?.get('lease');
      const won = await Promise.all(clients.map((client, i) => client.cas('lease', over, `${round} ${i}`)));
      assert.equal(won.filter((revision) => revision !== undefined).length, 1, `round ${round}`);
    }
    for (const client of clients) client.close();
  });

  it('shows the size of the database, and warns while nothing is compacted', async () => {
    const coordinator = new EtcdCoordinator({ process: 'size', endpoints: etcd.endpoints, uncompacted: 10 });
    const one = instance(coordinator, { process: 'size' });
    running.push(one);
    await until(one, () => one.status.coordinator.warnings.length > 0);
    assert.ok((one.status.coordinator.databaseSize ?? 0) > 1000);
    assert.match(one.status.coordinator.warnings[0] ?? '', /auto-compaction/);
    const { header } = await etcd.ask(0, '/v3/kv/range', { key: 'YQ==' });
    await etcd.ask(0, '/v3/kv/compaction', { revision: (header as { revision: string }).revision });
    const again = new EtcdCoordinator({ process: 'size', endpoints: etcd.endpoints, uncompacted: 10 });
    const two = instance(again, { process: 'size', instance: 2 });
    running.push(two);
    await until(two, () => two.status.coordinator.databaseSize !== undefined);
    assert.deepEqual(two.status.coordinator.warnings, []);
  });

  it('nobody there: down, with the reason', async () => {
    const coordinator = new EtcdCoordinator({ process: 'C', endpoints: 'http://127.0.0.1:1' });
    const one = instance(coordinator);
    running.push(one);
    await until(one, () => one.status.coordinator.warnings.length > 0);
    assert.match(one.status.coordinator.warnings[0] ?? '', /127\.0\.0\.1:1: .*ECONNREFUSED/);
    assert.equal(one.status.state, 'down');
  });

  it('who refuses without JSON is quoted; of several that fail in turn one stands, so that it is not news each time', async () => {
    const words = 'CommonName of client sending a request against gateway will be ignored and not used as expected';
    const servers = await Promise.all(
      [1, 2].map(async () => {
        const server = createServer((_, response) => response.writeHead(400).end(`${words}\n`)).listen(0, '127.0.0.1');
        await once(server, 'listening');
        return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
      }),
    );
    const coordinator = new EtcdCoordinator({ process: 'C', endpoints: servers.map(({ url }) => url).join() });
    try {
      for (let i = 0; i < 3; i++) {
        await assert.rejects(coordinator.get());
        assert.deepEqual(coordinator.health.warnings, [`etcd ${servers[0]?.url}: HTTP 400 ${words}`]);
      }
    } finally {
      coordinator.close();
      for (const { server } of servers) server.close();
    }
  });

  for (const endpoints of ['', 'ftp://127.0.0.1', '127.0.0.1:2379', 'https://a:1 b'])
    it(`endpoints that are none: "${endpoints}"`, () => {
      assert.throws(() => new EtcdCoordinator({ process: 'C', endpoints }), /endpoints/);
    });
});

describe('a real etcd with passwords', function () {
  this.timeout(30_000);
  let etcd: Etcd;
  const running: Kom[] = [];
  const start = (n: number, user?: string, password?: string): Kom => {
    const named = { ...(user === undefined ? {} : { user }), ...(password === undefined ? {} : { password }) };
    const kom = instance(new EtcdCoordinator({ process: 'P', endpoints: etcd.endpoints, ...named }), { instance: n });
    running.push(kom);
    return kom;
  };
  const protect = async (): Promise<void> => {
    await etcd.ask(0, '/v3/auth/user/add', { name: 'root', password: 'r' });
    await etcd.ask(0, '/v3/auth/role/add', { name: 'root' });
    await etcd.ask(0, '/v3/auth/user/grant', { user: 'root', role: 'root' });
    await etcd.ask(0, '/v3/auth/enable');
  };
  before(async function () {
    needsEtcd(this);
    etcd = await Etcd.start();
    // A token tells how far etcd was: much further than after its disks were replaced.
    const key = Buffer.from('aged').toString('base64');
    for (let i = 0; i < 300; i++) await etcd.ask(0, '/v3/kv/put', { key, value: key });
    await protect();
  });
  afterEach(() => Promise.all(running.splice(0).map((kom) => kom.stop())));
  after(() => etcd?.stop());

  it('the right one: active', async () => {
    // The watch works, too: polling alone would take longer.
    assert.ok((await handOver((instance) => start(instance, 'root', 'r'))) < 200);
  });

  for (const [what, user, password, words] of [
    ['a wrong one', 'root', 'wrong', /authentication failed/],
    ['none', undefined, undefined, /user name is empty|invalid auth token|permission/],
  ] as const)
    it(`${what}: down, with the reason`, async () => {
      const one = start(1, user, password);
      await until(one, () => one.status.coordinator.warnings.length > 0);
      assert.match(one.status.coordinator.warnings[0] ?? '', words);
      assert.equal(one.status.state, 'down');
    });

  it('disks replaced, users made anew: active again', async () => {
    const one = start(1, 'root', 'r');
    await until(one, () => one.isActive);
    await etcd.kill(0);
    await until(one, () => !one.isActive);
    await etcd.wipe();
    await protect();
    await until(one, () => one.isActive);
  });
});

describe('a real etcd with TLS', function () {
  this.timeout(30_000);
  let etcd: Etcd;
  let folder: CertificateFolder;
  const running: Kom[] = [];
  const start = (ca?: string): Kom => {
    const tls = ca === undefined ? {} : { ca: readFileSync(ca) };
    const kom = instance(new EtcdCoordinator({ process: 'T', endpoints: etcd.endpoints, tls }));
    running.push(kom);
    return kom;
  };
  let authority: Authority;
  before(async function () {
    needsEtcd(this);
    folder = new CertificateFolder();
    authority = new Authority(folder, 'etcd');
    const { crt, key } = authority.issue('server');
    etcd = await Etcd.start(1, { ca: authority.crt, crt, key });
  });
  afterEach(() => Promise.all(running.splice(0).map((kom) => kom.stop())));
  after(async () => {
    await etcd?.stop();
    folder?.remove();
  });

  it('a known authority: active', async () => {
    const one = start(authority.crt);
    await until(one, () => one.isActive);
  });

  it('an unknown one: down, with the reason', async () => {
    const one = start();
    await until(one, () => one.status.coordinator.warnings.length > 0);
    assert.match(one.status.coordinator.warnings[0] ?? '', /certificate/);
    assert.equal(one.status.state, 'down');
  });
});
