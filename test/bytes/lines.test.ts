import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { ChannelDialer } from '../../lib/bytes/channel-dialer.js';
import { ChannelListener, type ChannelListenerOptions } from '../../lib/bytes/channel-listener.js';
import type { TlsSettings } from '../../lib/line/tls/settings.js';
import { type Clock, systemClock } from '../../lib/link/clock.js';
import type { PassingFrame } from '../../lib/trace/frame-watch.js';
import { Authority, CertificateFolder, needsOpenssl } from '../line/authority.js';
import { fastClock, World } from './world.js';

/** Whether the operating system will ask this end of a connection's peer, while nothing passes, if it is still there. */
function isKeptAlive(local: number, remote: number): boolean {
  const port = (number: number): string => `:${number.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n');
  const [, from = '', to = '', , , timer = ''] =
    rows
      .map((row) => row.trim().split(/\s+/))
      .find(([, a, b]) => a?.endsWith(port(local)) && b?.endsWith(port(remote))) ?? [];
  assert.ok(from !== '' && to !== '', 'the connection is there');
  return timer.startsWith('02:');
}

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

async function listen(options: Partial<ChannelListenerOptions> = {}): Promise<ChannelListener> {
  const line = new ChannelListener({ host: '127.0.0.1', port: 0, observer: world.observer, ...options });
  world.atEnd(() => line.close());
  line.open();
  await world.until(() => line.status.state === 'listening', 'a port');
  return line;
}

const portOf = (line: ChannelListener): number => line.port as number;

describe('a server channel on two lines', () => {
  it('takes a session of each, and gives each its own answers', async () => {
    const channel = world.channel();
    const [first, second] = [await listen(), await listen()];
    first.serve(channel, 'primary');
    second.serve(channel, 'secondary');
    const [a, b] = [await world.client(portOf(first)), await world.client(portOf(second))];
    a.send('one');
    await world.until(() => world.arrived.length === 1, 'the question');
    b.send('two');
    channel.send(Buffer.from('for a'));
    await world.until(() => a.received === 'for a', 'the answer');
    await world.until(() => world.arrived.length === 2, 'the next question');
    channel.send(Buffer.from('for b'));
    await world.until(() => b.received === 'for b', 'the next answer');
    assert.deepEqual(world.arrived, ['primary: one', 'secondary: two']);
    assert.equal(a.received, 'for a');
  });

  it('shows on each line its session, what passed, and who has the slot', async () => {
    const channel = world.channel();
    const line = await listen();
    line.serve(channel, 'secondary');
    const client = await world.client(portOf(line));
    client.send('one');
    await world.until(() => world.arrived.length === 1, 'the question');
    channel.send(Buffer.from('answer'));
    await world.until(() => client.received === 'answer', 'the answer');
    const { connections, flags, state } = line.status;
    const [{ since, remote, ...shown } = { since: 0, remote: '' }] = connections;
    assert.ok(Math.abs(since - Date.now()) < 60_000);
    assert.equal(remote, `127.0.0.1:${client.socket.localPort}`);
    assert.deepEqual([state, flags], ['listening', 'B']);
    assert.deepEqual(shown, {
      state: 'started',
      flag: 'B',
      framesSent: 1,
      framesReceived: 1,
      sent: 6,
      received: 3,
      unacknowledged: 0,
      buffered: 0,
      lost: 0,
      holder: true,
    });
  });

  it('has one session a line: who comes from the same address takes its place, who comes from another does not', async () => {
    const channel = world.channel({ sharing: 'raw' });
    const line = await listen();
    line.serve(channel, 'primary');
    const first = await world.client(portOf(line));
    await world.until(() => channel.status.sessions.length === 1, 'a session');
    const stranger = await world.client(portOf(line), '127.0.0.2');
    await world.until(() => stranger.isClosed, 'the refusal');
    assert.equal(first.isClosed, false);
    assert.ok(world.log.some((text) => /127\.0\.0\.2:\d+ turned away: .* is the primary session/.test(text)));
    const next = await world.client(portOf(line));
    await world.until(() => first.isClosed, 'the end of the first');
    next.send('mine');
    await world.until(() => world.arrived.length === 1, 'octets of the next');
    channel.send(Buffer.from('answer'));
    await world.until(() => next.received === 'answer', 'the answer');
    assert.equal(line.status.closes.replaced, 1);
    assert.deepEqual(line.status.refused, { MC: 1 });
    assert.equal(channel.status.sessions.length, 1);
  });

  it('has a peer asked that is silent, so that a dead connection ends, of a client too', async function () {
    if (process.platform !== 'linux') this.skip();
    const channel = world.channel();
    const line = await listen();
    line.serve(channel, 'primary');
    const client = await world.client(portOf(line));
    await world.until(() => channel.status.sessions.length === 1, 'a session');
    assert.ok(isKeptAlive(portOf(line), client.socket.localPort as number));
    const { port, peers } = await world.server();
    const dialer = new ChannelDialer({ paths: [{ hosts: ['127.0.0.1'], port }], observer: world.observer });
    world.atEnd(() => dialer.close());
    dialer.serve(world.channel());
    dialer.open();
    await world.until(() => peers.length === 1 && dialer.status.connections.length === 1, 'a connection');
    assert.ok(isKeptAlive(peers[0]?.socket.remotePort as number, port));
  });

  it('keeps its session while channels change, and reads on with the next', async () => {
    const line = await listen();
    const former = world.channel();
    line.serve(former, 'primary');
    const client = await world.client(portOf(line));
    await world.until(() => former.status.sessions.length === 1, 'a session');
    line.serve(undefined);
    assert.deepEqual(former.status.sessions, []);
    client.send('waits');
    const channel = world.channel();
    line.serve(channel, 'secondary');
    await world.until(() => world.arrived.length === 1, 'what waited');
    assert.deepEqual(world.arrived, ['secondary: waits']);
    assert.equal(client.isClosed, false);
  });

  it('disconnects on demand', async () => {
    const line = await listen();
    line.serve(world.channel(), 'primary');
    const client = await world.client(portOf(line));
    await world.until(() => line.status.connections.length === 1, 'a session');
    assert.equal(line.disconnect('192.0.2.1:1'), 0);
    assert.equal(line.disconnect(`127.0.0.1:${client.socket.localPort}`), 1);
    await world.until(() => client.isClosed && line.status.connections.length === 0, 'the end');
    assert.equal(line.status.lastClose?.reason, 'local');
  });

  it('lets go of its port and who is there in a process that may not act, until it may', async () => {
    let mayAct = true;
    const line = await listen({ guard: () => mayAct });
    line.serve(world.channel(), 'primary');
    const client = await world.client(portOf(line));
    await world.until(() => line.status.connections.length === 1, 'a session');
    const port = portOf(line);
    mayAct = false;
    line.wake();
    // At once: the instance that follows may be one of the same computer.
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    other.close();
    await world.until(() => client.isClosed && line.status.connections.length === 0, 'the end');
    assert.equal(line.status.state, 'passive');
    mayAct = true;
    line.wake();
    await world.until(() => line.status.state === 'listening', 'the port');
    await world.client(portOf(line));
    await world.until(() => line.status.connections.length === 1, 'a session');
  });

  it('shows octets in both directions to who looks, and outlives one that fails', async () => {
    const channel = world.channel();
    const line = await listen();
    line.serve(channel, 'primary');
    const seen: string[] = [];
    line.frames.add(() => {
      throw new Error('out of order');
    });
    const stop = line.frames.add(({ direction, octets, remote }: PassingFrame) =>
      seen.push(`${remote.replace(/:\d+$/, '')} ${direction} ${Buffer.from(octets).toString()}`),
    );
    const client = await world.client(portOf(line));
    client.send('one');
    await world.until(() => world.arrived.length === 1, 'the question');
    channel.send(Buffer.from('two'));
    await world.until(() => client.received === 'two', 'the answer');
    stop();
    client.send('three');
    await world.until(() => world.arrived.length === 2, 'the next question');
    assert.deepEqual(seen, ['127.0.0.1 received one', '127.0.0.1 sent two']);
    assert.ok(world.log.some((text) => /observer of the line failed: .*out of order/.test(text)));
  });
});

describe('a client channel', () => {
  const dial = (
    paths: ConstructorParameters<typeof ChannelDialer>[0]['paths'],
    options: { tls?: TlsSettings; guard?: () => boolean; clock?: Clock } = {},
  ): ChannelDialer => {
    const line = new ChannelDialer({ paths, observer: world.observer, clock: fastClock, ...options });
    world.atEnd(() => line.close());
    return line;
  };

  it('tries the hosts of its line in a cycle, and again when a connection is lost', async () => {
    const channel = world.channel();
    const { peers, port } = await world.server('127.0.0.3');
    const line = dial([{ hosts: ['127.0.0.1', '127.0.0.2', '127.0.0.3'], port }]);
    line.serve(channel);
    line.open();
    await world.until(() => line.status.state === 'connected', 'a connection');
    assert.equal(line.status.closes.ECONNREFUSED, 2);
    peers[0]?.send('hello');
    await world.until(() => world.arrived.includes('primary: hello'), 'octets');
    channel.send(Buffer.from('back'));
    await world.until(() => peers[0]?.received === 'back', 'the answer');
    peers[0]?.end();
    await world.until(() => peers.length === 2 && line.status.state === 'connected', 'the next connection');
    assert.equal(line.status.closes.ECONNREFUSED, 4);
  });

  it('alternates between the primary and the backup of a redundant line, over all their hosts', async () => {
    const channel = world.channel();
    const { port: closed, server } = await world.server();
    server.close();
    const { peers, port } = await world.server('127.0.0.2');
    const line = dial([
      { hosts: ['127.0.0.1'], port: closed },
      { hosts: ['127.0.0.1', '127.0.0.2'], port },
    ]);
    line.serve(channel);
    line.open();
    await world.until(() => line.status.state === 'connected', 'a connection');
    assert.deepEqual(
      world.log.flatMap((text) => /cannot connect to ([\d.]+:\d+)/.exec(text)?.[1] ?? []),
      [`127.0.0.1:${closed}`, `127.0.0.1:${port}`, `127.0.0.1:${closed}`],
    );
    peers[0]?.send('hello');
    await world.until(() => world.arrived.length === 1, 'octets');
    assert.deepEqual(world.arrived, ['secondary: hello']);
    assert.equal(line.status.flags, 'B');
  });

  it('does not connect in a process that may not act, until it may', async () => {
    let mayAct = false;
    const { peers, port } = await world.server();
    const line = dial([{ hosts: ['127.0.0.1'], port }], { guard: () => mayAct });
    line.open();
    assert.equal(line.status.state, 'passive');
    mayAct = true;
    line.wake();
    await world.until(() => peers.length === 1, 'a connection');
    mayAct = false;
    line.wake();
    await world.until(() => line.status.state === 'passive' && peers[0]?.isClosed === true, 'the end');
  });

  it('speaks TLS with a server channel, and not with one that has another key', async () => {
    const tls: TlsSettings = { mode: 'psk', identity: 'rtu', key: Buffer.alloc(32, 7) };
    const server = await listen({ tls });
    const channel = world.channel();
    server.serve(channel, 'primary');
    const wrong = dial([{ hosts: ['127.0.0.1'], port: portOf(server) }], { tls: { ...tls, key: Buffer.alloc(32, 8) } });
    wrong.open();
    await world.until(() => world.security.length >= 2, 'the refusal at both ends');
    await wrong.close();
    assert.equal(channel.status.sessions.length, 0);
    const line = dial([{ hosts: ['127.0.0.1'], port: portOf(server) }], { tls });
    const client = world.channel();
    line.serve(client);
    line.open();
    await world.until(() => channel.status.sessions.length === 1 && client.status.sessions.length === 1, 'the session');
    client.send(Buffer.from('secret'));
    await world.until(() => world.arrived.includes('primary: secret'), 'octets');
  });

  it('tells flows of a partner that is not trusted 60 times a minute, and shows how often it was', async () => {
    const tls: TlsSettings = { mode: 'psk', identity: 'rtu', key: Buffer.alloc(32, 7) };
    const server = await listen({ tls, observer: { ...world.observer, security: () => {} } });
    const line = dial([{ hosts: ['127.0.0.1'], port: portOf(server) }], {
      tls: { ...tls, key: Buffer.alloc(32, 8) },
      // Makes nothing of every pause; connecting and the handshake have their time.
      clock: {
        ...systemClock,
        now: () => 0,
        timer: (ms, call) => {
          world.tell();
          return systemClock.timer(ms === 10_000 ? ms : 0, call);
        },
      },
    });
    line.open();
    await world.until(() => (line.status.refused?.['handshake-failed'] ?? 0) >= 70, 'the attempts');
    assert.equal(world.security.length, 60);
  });

  it('speaks TLS with certificates with a server channel, and not with one of another authority', async function () {
    this.timeout(60_000);
    needsOpenssl(this);
    const folder = new CertificateFolder();
    world.atEnd(() => folder.remove());
    const [root, other] = [new Authority(folder, 'Root'), new Authority(folder, 'Other')];
    const showing = (authority: Authority, name: string): TlsSettings => {
      const { crt, key } = authority.issue(name);
      return {
        mode: 'certificates',
        partnerCertificates: [root.crt],
        myCertificate: [crt],
        myKey: key,
        crl: [],
        verifyPartner: true,
        password: undefined,
        given: undefined,
      };
    };
    const server = await listen({ tls: showing(root, 'rtu') });
    const channel = world.channel();
    server.serve(channel, 'primary');
    const paths = [{ hosts: ['127.0.0.1'], port: portOf(server) }] as const;
    const stranger = dial(paths, { tls: showing(other, 'stranger') });
    stranger.open();
    await world.until(() => world.security.includes('unknown-ca 127.0.0.1'), 'the refusal');
    await stranger.close();
    assert.deepEqual([channel.status.sessions.length, server.status.connections.length], [0, 0]);
    const line = dial(paths, { tls: showing(root, 'control-centre') });
    const client = world.channel();
    line.serve(client);
    line.open();
    await world.until(() => channel.status.sessions.length === 1 && client.status.sessions.length === 1, 'the session');
    assert.equal(server.status.connections[0]?.certificate, 'control-centre');
    assert.equal(line.status.connections[0]?.certificate, 'rtu');
    client.send(Buffer.from('secret'));
    await world.until(() => world.arrived.includes('primary: secret'), 'octets');
  });
});
