import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { ClientRig } from './rig.js';
import { VirtualNet } from './virtual.js';

describe('a client: connecting', () => {
  const path = (...hosts: string[]) => [{ hosts, port: 2404 }] as const;
  const times = (net: VirtualNet): number[] => net.dials.map(({ at }) => Math.round(at));

  it('waits a second after a failed attempt, after each further one twice as long, half a minute at most, less a random part', () => {
    for (const [random, parts] of [
      [0, 0.5],
      [0.999_999, 1],
    ] as const) {
      const net = new VirtualNet();
      net.kill('a');
      net.line(path('a'), [{}], { random: () => random });
      net.clock.advance(140_000);
      const waits = times(net).map((at, i, all) => at - (all[i - 1] ?? 0));
      const expected = [0, 1, 2, 4, 8, 16, 30, 30].map((seconds) => seconds * 1000 * parts);
      assert.deepEqual(waits.slice(0, 8), expected);
    }
  });

  it('takes the hosts in turns, and waits longer only after a whole round', () => {
    const net = new VirtualNet();
    net.kill('a', 'b', 'c');
    net.line(path('a', 'b', 'c'), [{}], { random: () => 0.999_999 });
    net.clock.advance(15_000);
    assert.deepEqual(net.dials.map(({ host }) => host).slice(0, 7), ['a', 'b', 'c', 'a', 'b', 'c', 'a']);
    assert.deepEqual(times(net).slice(0, 7), [0, 1000, 2000, 3000, 5000, 7000, 9000]);
  });

  it('a connection that stood and breaks is followed by one to the next host at once', () => {
    const net = new VirtualNet();
    const rig = net.line(path('a', 'b'), [{ parameters: 'OIC=0;OCIC=0' }]);
    assert.ok(net.of('a').start());
    net.clock.advance(60_000);
    net.of('a').cut();
    net.clock.advance(500);
    assert.deepEqual(
      net.dials.map(({ host }) => host),
      ['a', 'b'],
    );
    assert.ok(net.of('b').start());
    assert.deepEqual(rig.line.status.lastClose, { remote: 'a:2404', reason: 'socket' });
  });

  it('one that breaks right after connecting counts as a failed attempt', () => {
    const net = new VirtualNet();
    net.line(path('a'), [{}], { random: () => 0.999_999 });
    net.onConnected = (session) => session.cut();
    net.of('a').cut();
    net.clock.advance(140_000);
    const waits = times(net).map((at, i, all) => Math.round((at - (all[i - 1] ?? 0)) / 1000));
    assert.deepEqual(waits.slice(0, 8), [0, 1, 2, 4, 8, 16, 30, 30]);
  });

  it('a fault of ours as a connection begins costs that connection, is logged, and the next attempt is made', () => {
    const net = new VirtualNet();
    net.kill('a');
    const rig = net.line(path('a'), [{ parameters: 'OIC=0;OCIC=0' }]);
    const { frames, stations } = rig.line;
    const { parameters } = stations;
    let faults = 0;
    const fault = (): never => {
      throw new Error(`fault ${++faults}`);
    };
    net.revive('a');
    // The first before there is a connection, the second when there is one.
    Object.defineProperty(stations, 'parameters', { get: fault, configurable: true });
    net.clock.advance(2000);
    Object.defineProperty(stations, 'parameters', { value: parameters, configurable: true, writable: true });
    Object.defineProperty(frames, 'observer', { value: fault, configurable: true });
    net.clock.advance(2000);
    Reflect.deleteProperty(frames, 'observer');
    assert.deepEqual(
      [faults, rig.line.status.closes, rig.line.status.connections],
      [2, { ECONNREFUSED: 1, internal: 2 }, []],
    );
    assert.match(
      rig.logged.join('\n'),
      /error a:2404: internal error: Error: fault 1[\s\S]*internal error: Error: fault 2/,
    );
    net.clock.advance(4000);
    assert.ok(net.of('a').start());
    net.clock.settle();
    assert.equal(rig.line.status.state, 'connected');
  });

  it('the state says what it does, and why it cannot', () => {
    const net = new VirtualNet();
    net.kill('a');
    const rig = net.line(path('a'));
    assert.deepEqual([rig.line.status.state, rig.line.status.reason], ['connecting', 'a:2404: ECONNREFUSED']);
    assert.deepEqual(rig.line.status.closes, { ECONNREFUSED: 1 });
    assert.equal(rig.station.state, 'StCOMERR');
    net.clock.advance(120_000);
    assert.equal(rig.logged.filter((line) => line.includes('cannot connect')).length, 1, 'the same is told once');
    net.revive('a');
    net.clock.advance(30_000);
    net.of('a').start();
    assert.deepEqual(
      [rig.line.status.state, rig.line.status.reason, rig.station.state],
      ['connected', undefined, 'StON'],
    );
  });

  it('a closed line gives attempts up, and makes no more', async () => {
    const net = new VirtualNet();
    net.kill('a');
    const rig = net.line(path('a'));
    await rig.line.close();
    const { length } = net.dials;
    net.clock.advance(120_000);
    assert.equal(net.dials.length, length);
    assert.equal(rig.line.status.state, 'closed');
    rig.line.open();
    net.clock.advance(1);
    assert.equal(net.dials.length, length + 1);
  });

  it('a process that may not act connects to nobody, and at once when it may', () => {
    const net = new VirtualNet();
    let mayAct = false;
    const rig = net.line(path('a'), [{}], { guard: () => mayAct });
    net.clock.advance(60_000);
    assert.deepEqual([net.dials.length, rig.line.status.state], [0, 'passive']);
    mayAct = true;
    rig.line.wake();
    net.clock.advance(1);
    assert.equal(net.dials.length, 1);
    assert.ok(net.of('a').start());
  });

  it('disconnecting one remote closes its connection, which is made anew', () => {
    const net = new VirtualNet();
    const rig = net.line(path('a'), [{ parameters: 'OIC=0;OCIC=0' }]);
    assert.ok(net.of('a').start());
    assert.equal(rig.line.disconnect('b:2404'), 0);
    assert.equal(rig.line.disconnect('a:2404'), 1);
    net.clock.advance(1000);
    assert.deepEqual([net.sessions[0]?.closed, net.sessions.length], [true, 2]);
    assert.deepEqual(rig.line.status.closes, { local: 1 });
  });

  it('held, it reads nothing until it is let go', () => {
    const net = new VirtualNet();
    const rig = net.line(path('a'), [{ parameters: 'OIC=0;OCIC=0', points: [{ ioa: 1, type: 'M_SP_NA_1' }] }]);
    assert.ok(net.of('a').start());
    rig.line.hold(true);
    net.of('a').ask('01 01 03 00 01 00 01 00 00 01');
    net.clock.advance(1000);
    assert.deepEqual(rig.taken(), []);
    rig.line.hold(false);
    net.clock.advance(1);
    assert.deepEqual(rig.taken(), ['1=true']);
  });

  it('a hundred lines that lose one gateway at the same moment do not storm it, and all come back', () => {
    const net = new VirtualNet();
    let seed = 1;
    const random = (): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const rigs = Array.from({ length: 100 }, () =>
      net.line(path('gateway'), [{ parameters: 'OIC=0;OCIC=0' }], { random }),
    );
    for (const session of net.sessions) assert.ok(session.start());
    net.clock.advance(60_000);
    const lostAt = net.clock.now();
    const first = net.dials.length;
    net.kill('gateway');
    for (const session of net.sessions) session.own.cut('ECONNRESET');
    net.clock.advance(300_000);
    const attempts = net.dials.slice(first).map(({ at }) => at);
    const most = (from: number, within: number): number =>
      Math.max(
        ...attempts
          .filter((at) => at >= from)
          .map((at) => attempts.filter((other) => other >= at && other < at + within).length),
      );
    assert.ok(most(0, 100) <= 35, `${most(0, 100)} attempts within 100 ms`);
    const later = (attempts[0] as number) + 60_000;
    assert.ok(most(later, 1000) <= 20, `${most(later, 1000)} attempts within a second, a minute later`);
    assert.ok(attempts.length < 100 * 20, `${attempts.length} attempts in five minutes`);
    net.revive('gateway');
    net.onConnected = (session) => net.clock.soon(() => session.start());
    net.clock.advance(31_000);
    assert.ok(rigs.every(({ line }) => line.status.state === 'connected'));
    assert.ok(net.clock.now() > lostAt);
  });

  it('WT0: an attempt that takes too long is given up, and its reason is told', async () => {
    // TLS waits for an answer of the partner, who has none to give.
    const silent = createServer((socket) => socket.on('error', () => {}).resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const tls = { mode: 'psk', identity: 'a', key: Buffer.alloc(16, 7) } as const;
    const rig = ClientRig.to(port, [{ parameters: 'WT0=50' }], { tls });
    await rig.until(() => rig.line.status.closes.ETIMEDOUT !== undefined, 'the end of the attempt');
    assert.equal(rig.line.status.reason, `127.0.0.1:${port}: ETIMEDOUT`);
    await rig.line.close();
    silent.close();
  });
});
