import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Channel } from '../../lib/line/channel.js';
import { Dialer } from '../../lib/line/dialer.js';
import { HostCycle, parseHosts } from '../../lib/line/hosts.js';
import { Resolving } from './resolving.js';
import { SlowServer } from './slow-server.js';

describe('the hosts of a line that connects', () => {
  it('are separated by commas or semicolons, with spaces as one likes', () => {
    assert.deepEqual(parseHosts('172.16.0.1; 172.16.0.2'), ['172.16.0.1', '172.16.0.2']);
    assert.deepEqual(parseHosts('all-of-it.example, fe80::1%eth0'), ['all-of-it.example', 'fe80::1%eth0']);
    assert.deepEqual(parseHosts(' rtu-1.example ,[2001:db8::1];; 10.0.0.1 '), [
      'rtu-1.example',
      '2001:db8::1',
      '10.0.0.1',
    ]);
  });

  it('are one to eight', () => {
    assert.equal(parseHosts(Array.from({ length: 8 }, (_, i) => `10.0.0.${i}`).join(',')).length, 8);
    assert.throws(() => parseHosts(Array.from({ length: 9 }, (_, i) => `10.0.0.${i}`).join(',')), /1 to 8 .* not 9/);
    assert.throws(() => parseHosts(' ; '), /1 to 8 .* not 0/);
  });

  it('what stands for all interfaces, or is no host, is refused', () => {
    for (const text of ['*', '[*]', 'ALL', '[all]', '10.0.0.0/8', 'a b', 'rtu-1:2404', '10.0.0.2:2404', 'x'.repeat(81)])
      assert.throws(() => parseHosts(`10.0.0.1,${text}`), /no address or name/, text);
  });

  it('are tried in a cycle', () => {
    const cycle = new HostCycle(['a', 'b', 'c']);
    const seen = Array.from({ length: 7 }, () => [cycle.next(), cycle.isRound]);
    assert.deepEqual(
      seen.map(([host]) => host),
      ['a', 'b', 'c', 'a', 'b', 'c', 'a'],
    );
    assert.deepEqual(
      seen.map(([, isRound]) => isRound),
      [false, false, true, false, false, true, false],
    );
  });
});

describe('a dialer', () => {
  let server: Server;
  let port: number;

  beforeEach(async () => {
    server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });

  afterEach(() => {
    server.close();
  });

  /** Dials until something is connected. @returns what happened */
  function dial(hosts: readonly string[], at: number): Promise<{ log: string[]; channel: Channel }> {
    const log: string[] = [];
    return new Promise((resolve) => {
      const dialer = new Dialer(hosts, at, 5000, {
        connecting: (host) => log.push(`to ${host}`),
        failed: (host, code) => {
          log.push(`${host} ${code}`);
          dialer.dial();
        },
        connected: (channel, host) => {
          log.push(`connected ${host}`);
          resolve({ log, channel });
        },
      });
      dialer.dial();
    });
  }

  it('goes on to the next host where one refuses, names resolved', async () => {
    const { log, channel } = await dial(['127.0.0.2', 'localhost'], port);
    assert.deepEqual(log.slice(0, 2), ['to 127.0.0.2', '127.0.0.2 ECONNREFUSED']);
    assert.equal(log.at(-1), 'connected localhost');
    assert.match(channel.remote, new RegExp(`:${port}$`));
    channel.destroy();
  });

  it('resolves a name anew at each attempt', async () => {
    const resolving = new Resolving({ 'rtu-1.example': ['127.0.0.2', '127.0.0.1'] });
    const { log, channel } = await dial(['rtu-1.example'], port).finally(() => resolving.end());
    assert.deepEqual(log, [
      'to rtu-1.example',
      'rtu-1.example ECONNREFUSED',
      'to rtu-1.example',
      'connected rtu-1.example',
    ]);
    assert.equal(channel.address, '127.0.0.1');
    assert.deepEqual(resolving.asked, ['rtu-1.example', 'rtu-1.example']);
    channel.destroy();
  });

  it('a name that nobody knows fails with its code, and the next host has its turn', async () => {
    const resolving = new Resolving({});
    const { log, channel } = await dial(['rtu-2.example', '127.0.0.1'], port).finally(() => resolving.end());
    assert.equal(log[1], 'rtu-2.example ENOTFOUND');
    assert.equal(log.at(-1), 'connected 127.0.0.1');
    channel.destroy();
  });

  it('waits for the first address of a name as long as a slow network needs', async () => {
    const slow = await SlowServer.open();
    server.close();
    server = createServer((socket) => socket.on('error', () => {})).listen(slow.port, '127.0.0.2');
    await once(server, 'listening');
    const resolving = new Resolving({ 'rtu-3.example': [['127.0.0.1', '127.0.0.2']] });
    try {
      const dialled = dial(['rtu-3.example'], slow.port);
      slow.answer();
      const { channel } = await dialled;
      channel.destroy();
      assert.equal(channel.address, '127.0.0.1');
    } finally {
      resolving.end();
      await slow.close();
    }
  }).timeout(10_000);

  it('connects by IPv6', async () => {
    server.close();
    server = createServer((socket) => socket.on('error', () => {})).listen(0, '::1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
    const { channel } = await dial(parseHosts('[::1]'), port);
    assert.deepEqual([channel.address, channel.remote], ['::1', `[::1]:${port}`]);
    channel.destroy();
  });

  it('gives an attempt up that takes too long', () => {
    const told: string[] = [];
    let due: (() => void) | undefined;
    const timer = (ms: number, call: () => void): (() => void) => {
      told.push(`${ms} ms`);
      due = call;
      return () => {
        due = undefined;
      };
    };
    const handler = {
      connecting: (host: string) => told.push(host),
      connected: () => told.push('connected'),
      failed: (host: string, code: string) => told.push(`${host} ${code}`),
    };
    new Dialer(['127.0.0.1'], port, 30_000, handler, { timer }).dial();
    due?.();
    assert.deepEqual(told, ['127.0.0.1', '30000 ms', '127.0.0.1 ETIMEDOUT']);
    assert.equal(due, undefined);
  });

  it('tells nothing more once it is closed', async () => {
    const told: string[] = [];
    const dialer = new Dialer(['127.0.0.1'], port, 5000, {
      connecting: () => told.push('connecting'),
      connected: () => told.push('connected'),
      failed: () => told.push('failed'),
    });
    dialer.dial();
    dialer.close();
    dialer.dial();
    await dial(['127.0.0.1'], port).then(({ channel }) => channel.destroy());
    assert.deepEqual(told, ['connecting']);
  });
});
