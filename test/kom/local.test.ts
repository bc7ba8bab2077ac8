import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { endpointOf } from '../../lib/kom/coordinator-endpoint.js';
import { LocalCoordinator } from '../../lib/kom/coordinator-local.js';
import type { Kom } from '../../lib/kom/kom.js';
import { LEASE, readLease } from '../../lib/kom/records.js';
import { Peer } from './peer.js';
import { instance, until } from './rig.js';

const name = (): string => `test ${process.pid} ${process.hrtime.bigint()}`;

// The platforms differ in where instances meet; a loopback port is the same everywhere.
for (const platform of [process.platform, 'darwin'])
  describe(`instances on one computer, as on ${platform}`, () => {
    const running: Kom[] = [];
    const start = (process: string, n: number, more: object = {}, password = ''): Kom => {
      const coordinator = new LocalCoordinator({ process, password, endpoint: endpointOf(process, platform) });
      const kom = instance(coordinator, { process, instance: n, ...more });
      running.push(kom);
      return kom;
    };
    afterEach(async () => {
      await Promise.all(running.splice(0).map((kom) => kom.stop()));
    });

    it('the first is active; the other follows when it ends, and knows who is there', async () => {
      const process = name();
      const one = start(process, 1);
      await until(one, () => one.isActive);
      const two = start(process, 2);
      await until(two, () => two.status.flags === 'BC');
      await until(one, () => one.status.flags === 'BC');
      assert.equal(two.status.state, 'passive');
      assert.equal(two.guard(), 0);
      const before = one.guard();
      const begun = performance.now();
      await one.stop();
      await until(two, () => two.isActive);
      // At once: without the end of a lease. How fast is measured with faults.test.ts, with medians.
      assert.ok(performance.now() - begun < 1000);
      assert.ok(two.guard() > before);
    });

    it('the operator chooses; all agree, and what was set outlives the one who listened', async () => {
      const process = name();
      const all = [start(process, 1)];
      await until(all[0] as Kom, () => (all[0] as Kom).isActive);
      all.push(start(process, 2), start(process, 3));
      const [one, two, three] = all as [Kom, Kom, Kom];
      await until(one, () => one.status.flags === 'BCD');
      await until(three, () => three.status.flags === 'BCD');
      const order: TellOrder[] = [];
      one.follow({ deactivated: () => void order.push('one stopped') });
      two.follow({ activated: () => void order.push('two began') });
      assert.deepEqual(await three.activate(2), { ok: true });
      assert.deepEqual(order, ['one stopped', 'two began']);
      assert.deepEqual(await three.prefer(3), { ok: true });
      await until(three, () => three.isActive);
      await three.stop();
      await until(one, () => one.isActive || two.isActive);
      const [active, other] = one.isActive ? [one, two] : [two, one];
      await until(active, () => active.status.preferred === 3);
      await until(other, () => other.status.preferred === 3);
      assert.deepEqual(await active.activate(7), { ok: false, reason: 'instance 7 is not there' });
    });

    it('lines close before another begins', async () => {
      const process = name();
      const one = start(process, 1);
      await until(one, () => one.isActive);
      const two = start(process, 2);
      await until(one, () => one.status.flags === 'BC');
      const order: string[] = [];
      one.follow({
        deactivated: async () => {
          for (let i = 0; i < 20; i++) await turn();
          order.push('closed');
        },
      });
      two.follow({ activated: () => void order.push('active') });
      assert.deepEqual(await one.activate(2), { ok: true });
      assert.deepEqual(order, ['closed', 'active']);
    });

    it('who listened goes while another reads: what it held is not read for ever', async () => {
      for (let turns = 0; turns < 12; turns++) {
        const process = name();
        const [one, two] = [1, 2].map(
          () => new LocalCoordinator({ process, endpoint: endpointOf(process, platform) }),
        ) as [LocalCoordinator, LocalCoordinator];
        two.watch({ changed: () => {}, missed: () => {} });
        const lease = (id: string): string => JSON.stringify({ id, instance: 1, term: 1, beat: 1, next: 2 });
        assert.ok((await one.cas(LEASE, undefined, lease('one'))) !== undefined);
        assert.ok((await two.cas('member/2', undefined, '{"id":"two"}')) !== undefined);
        const reading = two.get();
        for (let i = 0; i < turns; i++) await turn();
        assert.ok((await one.cas(LEASE, (await one.get()).get(LEASE), lease(''))) !== undefined);
        await reading;
        // It may still have to notice that the other one has gone.
        const held = async (): Promise<string> => readLease((await two.get()).get(LEASE)?.value ?? '').id;
        for (let i = 0; i < 1000 && (await held()) === 'one'; i++) await turn();
        assert.equal(await held(), '', `after ${turns} turns`);
        assert.ok((await two.cas(LEASE, undefined, lease('two'))) !== undefined);
        for (const coordinator of [one, two]) coordinator.close();
      }
    });

    it('who begins to listen while it looks who does is no guest of itself', async () => {
      const process = name();
      const [one, two] = [1, 2].map(
        () => new LocalCoordinator({ process, endpoint: endpointOf(process, platform) }),
      ) as [LocalCoordinator, LocalCoordinator];
      const told: string[] = [];
      one.watch({ changed: (key) => told.push(key), missed: () => {} });
      const lease = JSON.stringify({ id: 'one', instance: 1, term: 1, beat: 1 });
      try {
        const [written, read] = await Promise.all([one.cas(LEASE, undefined, lease), one.get()]);
        assert.ok(written !== undefined);
        assert.equal(read.get(LEASE)?.value, lease);
        assert.ok((await one.cas('member/1', undefined, '{"id":"one"}')) !== undefined);
        // What it tells its guests has reached this one.
        assert.ok((await two.get()).has('member/1'));
        assert.deepEqual(told, [LEASE, 'member/1']);
      } finally {
        for (const coordinator of [one, two]) coordinator.close();
      }
    });

    it('who hands over goes on knowing who is there', async () => {
      const process = name();
      const one = start(process, 1);
      await until(one, () => one.isActive);
      const [two, three] = [start(process, 2), start(process, 3)];
      await until(one, () => one.status.flags === 'BCD');
      await until(three, () => three.status.flags === 'BCD');
      const flags = new Set<string>();
      for (const kom of [one, two, three]) kom.follow({ changed: () => void flags.add(kom.status.flags) });
      assert.deepEqual(await one.activate(2), { ok: true });
      await until(one, () => one.status.members.some((member) => member.instance === 2 && member.state === 'active'));
      assert.deepEqual([...flags], ['BCD']);
    });

    it('who has not proved itself hears nothing, also when the process is handed over', async () => {
      const process = name();
      const one = start(process, 1);
      await until(one, () => one.isActive);
      const stranger = connect(endpointOf(process, platform)).setEncoding('utf8');
      let heard = '';
      stranger.on('data', (text: string) => {
        heard += text;
      });
      await once(stranger, 'data');
      await one.stop();
      await once(stranger, 'close');
      assert.match(heard, /^\{"nonce":"\w+"\}\n$/);
    });

    it('whose number was that of one that is gone takes it where nobody listens any more', async () => {
      const process = name();
      const endpoint = endpointOf(process, platform);
      const coordinators = [1, 2, 3].map(() => new LocalCoordinator({ process, endpoint }));
      const [one, two, three] = coordinators as [LocalCoordinator, LocalCoordinator, LocalCoordinator];
      const lease = JSON.stringify({ id: 'one', instance: 1, term: 1, beat: 1 });
      assert.ok((await one.cas(LEASE, undefined, lease)) !== undefined);
      assert.ok((await two.cas('member/2', undefined, '{"id":"two"}')) !== undefined);
      assert.ok((await three.cas('member/3', undefined, '{"id":"three"}')) !== undefined);
      assert.ok((await three.get()).has('member/2'));
      for (const coordinator of [one, two]) coordinator.close();
      const members = async (): Promise<string[]> =>
        [...(await three.get().catch(() => new Map())).keys()].filter((key) => key !== LEASE);
      while ((await members()).includes('member/2')) await turn();
      assert.deepEqual(await members(), ['member/3']);
      three.close();
    });

    it('who listens ends just as another one comes: that is no stranger', async () => {
      const process = name();
      const server = createServer((socket) => {
        socket.on('error', () => {}).write('{"nonce":"x"}\n');
        socket.once('data', () => {
          server.close();
          socket.destroy();
        });
      });
      server.listen(endpointOf(process, platform));
      await once(server, 'listening');
      const one = start(process, 1);
      const warnings: string[] = [];
      one.follow({ changed: () => void warnings.push(...one.status.coordinator.warnings) });
      await until(one, () => one.isActive);
      assert.deepEqual(warnings, []);
    });

    const odd = { toString: 1, valueOf: 1 };
    it('messages of odd shapes disturb neither who listens nor its guests', async () => {
      const process = name();
      const endpoint = endpointOf(process, platform);
      const one = start(process, 1);
      await until(one, () => one.isActive);
      const guest = await Peer.guest(endpoint, process);
      for (const value of [odd, [odd], null, [], {}, 'x', -1, 1e308])
        for (const field of ['n', 'key', 'revision', 'value'])
          guest.send({ n: 1, key: 'member/3', revision: 0, value: '{}', [field]: value });
      guest.send({ n: 'last', key: 'member/2', revision: 0, value: '{}' });
      guest.send({ n: 2, key: 'member/2', revision: 0, value: '{"id":{"toString":1}}' });
      await until(one, () => one.status.flags.includes('C'));
      await one.stop();
      guest.close();

      const hub = await Peer.hub(endpoint, process);
      const three = start(process, 3);
      await hub.visited;
      for (const value of [odd, [odd], null, [], {}, 'x', -1, 1e308, [null], [odd], [{ key: odd, revision: odd }]])
        for (const field of ['n', 'changed', 'revision', 'value', 'entries'])
          for (const message of [{ n: 1 }, { changed: 'lease', revision: 1, value: '{}' }])
            hub.send({ ...message, [field]: value });
      hub.send({ changed: 'member/5', revision: 1, value: '{}' });
      await until(three, () => three.status.flags.includes('F'));
      hub.close();
    });

    it('a greeting of an odd shape is that of a stranger', async () => {
      const process = name();
      const server = createServer((socket) => socket.on('error', () => {}).end(`${JSON.stringify({ nonce: odd })}\n`));
      server.listen(endpointOf(process, platform));
      await once(server, 'listening');
      const one = start(process, 1);
      await until(one, () => one.status.coordinator.warnings.length > 0);
      assert.match(one.status.coordinator.warnings[0] ?? '', /not by an instance of this process/);
      server.close();
    });

    it('who was busy reads what has come before it says that nobody answers', async () => {
      const process = name();
      const hub = await Peer.hub(endpointOf(process, platform), process);
      const one = new LocalCoordinator({ process, endpoint: endpointOf(process, platform) });
      const reading = one.get();
      const { n } = await hub.asked;
      hub.send({ n, entries: [{ key: 'settings', revision: 3, value: '{}' }] });
      for (const end = performance.now() + 1200; performance.now() < end; );
      assert.deepEqual([...(await reading).keys()], ['settings']);
      one.close();
      hub.close();
    });

    it('active-active, and back', async () => {
      const process = name();
      const one = start(process, 1);
      await until(one, () => one.isActive);
      const two = start(process, 2);
      await until(two, () => two.status.state === 'passive' && two.status.flags === 'BC');
      assert.deepEqual(await two.setMode('active-active'), { ok: true });
      await until(two, () => two.isActive);
      assert.ok(one.isActive);
      assert.match((await two.activate(2)).ok ? '' : 'refused', /refused/);
      assert.deepEqual(await one.setMode('active-passive'), { ok: true });
      await until(two, () => !two.isActive);
      assert.ok(one.isActive);
    });

    it('a number that is taken, and a process alone beside instances, are refused', async () => {
      const process = name();
      const one = start(process, 1);
      await until(one, () => one.isActive);
      const again = start(process, 1);
      await until(again, () => again.status.reason === 'duplicate');
      const alone = start(process, 0);
      await until(alone, () => alone.status.reason === 'instances');
      assert.deepEqual([again.status.state, alone.status.state], ['down', 'down']);
      await again.stop();
      await one.stop();
      await until(alone, () => alone.isActive);
    });

    it('fifteen that start at once: one is active, the others know it', async () => {
      const process = name();
      const all = Array.from({ length: 15 }, (_, i) => start(process, i + 1));
      await Promise.all(all.map((kom) => until(kom, () => kom.status.flags === 'BCDEFGHIJKLMNOP')));
      assert.equal(all.filter((kom) => kom.isActive).length, 1);
      assert.equal(all.filter((kom) => kom.guard() !== 0).length, 1);
    });

    it('another password: kept out, and told why', async () => {
      const process = name();
      const one = start(process, 1, {}, 'right');
      await until(one, () => one.isActive);
      const two = start(process, 2, {}, 'wrong');
      await until(two, () => two.status.coordinator.warnings.length > 0);
      assert.match(two.status.coordinator.warnings[0] ?? '', /another password/);
      assert.equal(one.status.flags, 'B');
      const three = start(process, 3, {}, 'right');
      await until(one, () => one.status.flags === 'BD');
      assert.equal(three.status.state, 'passive');
    });

    it('another program at the endpoint: nobody is active, and it is told why', async () => {
      const process = name();
      for (const greeting of ['220 mail\r\n', '{"nonce":"x"}\n{"proof":"y"}\n', '']) {
        const server = createServer((socket) => socket.on('error', () => {}).end(greeting));
        server.listen(endpointOf(process, platform));
        await once(server, 'listening');
        const one = start(process, 1);
        await until(one, () => one.status.coordinator.warnings.length > 0);
        assert.match(one.status.coordinator.warnings[0] ?? '', /not by an instance of this process/);
        assert.notEqual(one.status.state, 'active');
        server.close();
        await until(one, () => one.isActive);
        assert.deepEqual(one.status.coordinator.warnings, []);
        await one.stop();
      }
    });
  });

type TellOrder = 'one stopped' | 'two began';
