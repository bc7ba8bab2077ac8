import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Channel } from '../../lib/line/channel.js';
import { Listener, type ListenerHandler, listenAddress } from '../../lib/line/listener.js';
import { Hasty } from './hasty.js';
import { Resolving } from './resolving.js';

/** A listener and all that it told. */
class Told implements ListenerHandler {
  readonly log: string[] = [];
  readonly channels: Channel[] = [];
  readonly listener: Listener;
  private waiting: () => void = () => {};

  constructor(host: string, port: number) {
    this.listener = new Listener(host, port, this);
  }

  listening(address: string): void {
    this.tell(`listening ${address}`);
  }

  failed(code: string, message: string): void {
    this.tell(`failed ${code}: ${message}`);
  }

  accepted(channel: Channel): void {
    this.channels.push(channel);
    this.tell('accepted');
  }

  /** The next thing that is told. */
  async next(): Promise<string> {
    if (this.log.length === 0)
      await new Promise<void>((resolve) => {
        this.waiting = resolve;
      });
    return this.log.shift() as string;
  }

  private tell(what: string): void {
    this.log.push(what);
    this.waiting();
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function refused(port: number): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' });
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  assert.equal(error.code, 'ECONNREFUSED');
}

describe('the address to listen on', () => {
  for (const [host, address] of [
    ['*', '0.0.0.0'],
    ['ALL', '0.0.0.0'],
    ['all', '0.0.0.0'],
    [' All ', '0.0.0.0'],
    ['[*]', '::'],
    ['[ALL]', '::'],
    ['[all]', '::'],
    ['127.0.0.1', '127.0.0.1'],
    [' 192.0.2.1 ', '192.0.2.1'],
    ['::1', '::1'],
    ['[::1]', '::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['localhost', 'localhost'],
    ['substation.example', 'substation.example'],
  ] as const)
    it(`"${host}" is ${address}`, () => assert.equal(listenAddress(host), address));
});

describe('a listener', () => {
  const open: { close(): unknown }[] = [];
  const sockets: Socket[] = [];
  const keep = <T extends { close(): unknown }>(what: T): T => {
    open.push(what);
    return what;
  };
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const each of open.splice(0)) await each.close();
  });
  const listen = (host: string, port = 0): Told => {
    const told = new Told(host, port);
    keep(told.listener).open();
    return told;
  };
  const dial = (told: Told, host = '127.0.0.1'): Socket => {
    const socket = connect({ port: told.listener.boundPort as number, host });
    sockets.push(socket);
    return socket;
  };

  it('says where it listens, and hands over who connects', async () => {
    const told = listen('127.0.0.1');
    assert.equal(await told.next(), `listening 127.0.0.1:${told.listener.boundPort}`);
    const socket = dial(told);
    assert.equal(await told.next(), 'accepted');
    const [channel] = told.channels;
    assert.equal(channel?.remote, `127.0.0.1:${socket.localPort}`);
    assert.equal(channel?.address, '127.0.0.1');
  });

  it('* takes clients of any IPv4 address', async () => {
    const told = listen('*');
    assert.match(await told.next(), /^listening \*:\d+$/);
    dial(told);
    assert.equal(await told.next(), 'accepted');
    assert.equal(told.channels[0]?.address, '127.0.0.1');
  });

  for (const host of ['[*]', '[ALL]'])
    it(`${host} takes clients of any IPv6 address, and none of IPv4`, async () => {
      const told = listen(host);
      await told.next();
      const socket = dial(told, '::1');
      assert.equal(await told.next(), 'accepted');
      assert.deepEqual([told.channels[0]?.address, told.channels[0]?.remote], ['::1', `[::1]:${socket.localPort}`]);
      await refused(told.listener.boundPort as number);
    });

  it('ALL takes none of IPv6', async () => {
    const told = listen('ALL');
    await told.next();
    const [error] = (await once(dial(told, '::1'), 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNREFUSED');
  });

  it('a name and an IPv6 address in brackets', async () => {
    for (const [host, address] of [
      ['localhost', undefined],
      ['[::1]', '::1'],
    ] as const) {
      const told = listen(host);
      assert.equal(await told.next(), `listening ${host}:${told.listener.boundPort}`);
      dial(told, host.replace(/[[\]]/g, ''));
      assert.equal(await told.next(), 'accepted');
      if (address !== undefined) assert.equal(told.channels[0]?.address, address);
    }
  });

  it('a name that nobody knows is named', async () => {
    const resolving = new Resolving({});
    const told = await listen('substation.example')
      .next()
      .finally(() => resolving.end());
    assert.equal(told, 'failed ENOTFOUND: the name substation.example cannot be resolved');
  });

  it('a list of hosts, which only a line that connects takes, is named as such', async () => {
    const resolving = new Resolving({});
    const hosts = '127.0.0.1; 127.0.0.2';
    const told = await listen(hosts)
      .next()
      .finally(() => resolving.end());
    assert.equal(told, `failed ENOTFOUND: ${hosts} is a list; a line listens at one address`);
  });

  it('a port in use is named, and what is wrong with it', async () => {
    const other = keep(createServer().listen(0, '127.0.0.1'));
    await once(other, 'listening');
    const port = portOf(other);
    const told = listen('127.0.0.1', port);
    assert.equal(
      await told.next(),
      `failed EADDRINUSE: port ${port} at 127.0.0.1 is in use by another program or line`,
    );
    assert.equal(told.listener.boundPort, undefined);
  });

  it('an address that is not of this computer is named', async () => {
    assert.equal(
      await listen('192.0.2.1').next(),
      'failed EADDRNOTAVAIL: 192.0.2.1 is not an address of this computer',
    );
  });

  it('is tried again every 5 s as long as it fails', async () => {
    const hasty = new Hasty(5000);
    try {
      const other = keep(createServer().listen(0, '127.0.0.1'));
      await once(other, 'listening');
      const told = listen('127.0.0.1', portOf(other));
      for (let i = 0; i < 3; i++) assert.match(await told.next(), /^failed EADDRINUSE/);
      other.close();
      let last = '';
      while (!last.startsWith('listening')) last = await told.next();
    } finally {
      hasty.end();
    }
  });

  it('stops: the port is free, connections stay', async () => {
    const told = listen('127.0.0.1');
    await told.next();
    const port = told.listener.boundPort as number;
    const socket = dial(told);
    await told.next();
    told.channels[0]?.attach({ data: () => {}, drained: () => {}, closed: () => {} });
    await told.listener.close();
    await refused(port);
    const again = listen('127.0.0.1', port);
    assert.equal(await again.next(), `listening 127.0.0.1:${port}`);
    told.channels[0]?.write(Buffer.from([1]));
    await once(socket, 'data');
  });

  it('stops although it has only just begun: nothing is left listening', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const port = portOf(probe);
    probe.close();
    await once(probe, 'close');
    const told = listen('127.0.0.1', port);
    await told.listener.close();
    await refused(port);
    assert.deepEqual(told.log, []);
  });

  it('stops while it waits for its next attempt', async () => {
    const other = keep(createServer().listen(0, '127.0.0.1'));
    await once(other, 'listening');
    const told = listen('127.0.0.1', portOf(other));
    await told.next();
    await told.listener.close();
    told.listener.open();
    assert.equal(told.listener.boundPort, undefined);
  });
});
