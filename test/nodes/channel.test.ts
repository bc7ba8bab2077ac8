import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as serialport from 'serialport';
import type { ConnectionStatus, LineStatus } from '../../lib/link/status.js';
import { type ListedLine, lines } from '../../nodes/shared/line-registry.js';
import { serialPackage } from '../../nodes/shared/serial-package.js';
import { Cable, needsSocat } from '../bytes/socat.js';
import { type Peer, World } from '../bytes/world.js';
import {
  catchAll,
  channel,
  channelIn,
  channelOut,
  type FlowNode,
  freePort,
  line,
  lineStatus,
  redundantLine,
  sink,
  station,
  tab,
} from './flow.js';
import { type Message, red, withNodeRed } from './runtime.js';

/** What a `channel-in` emitted, as text. */
function told(message: Message): string {
  const { session } = message.channel as { session: string };
  assert.ok(Buffer.isBuffer(message.payload));
  return `${session}: ${message.payload.toString()}`;
}

const nodes: readonly FlowNode[] = [tab, channelIn(), channelOut(), sink('octets'), ...catchAll];

describe('nodes of a byte channel', () => {
  withNodeRed();
  let world: World;
  let port: number;
  beforeEach(async () => {
    world = new World();
    port = await freePort();
  });
  afterEach(() => world.end());

  const next = async (): Promise<string> => told(await red.next('octets'));

  /** A client that the channel has taken. */
  async function connect(at: number): Promise<Peer> {
    const peer = await world.reach(at);
    const remote = `127.0.0.1:${peer.socket.localPort}`;
    await red.until(() => red.statuses('in').some((status) => status?.text?.includes(remote)), 'the session');
    return peer;
  }

  it('share a flow between the sessions of two lines', async () => {
    const other = await freePort();
    await red.deploy([
      ...nodes,
      line(port),
      line(other, { id: 'second', name: 'Second' }),
      channel({ secondaryLine: 'second', slotTimeout: '100' }),
    ]);
    const [primary, secondary] = [await connect(port), await connect(other)];
    primary.send('question');
    const { topic, channel: from, ...message } = await red.next('octets');
    assert.equal(told({ ...message, channel: from }), 'primary: question');
    assert.equal(topic, 'Channel');
    assert.deepEqual(from, { session: 'primary', remote: `127.0.0.1:${primary.socket.localPort}` });
    secondary.send('mine');
    red.inject('out', { payload: 'answer' });
    await world.until(() => primary.received === 'answer', 'the answer');
    assert.equal(await next(), 'secondary: mine');
    red.inject('out', { payload: Buffer.from([0x6f, 0x6b]) });
    await world.until(() => secondary.received === 'ok', 'the next answer');
    assert.equal(primary.received, 'answer');
    assert.deepEqual(red.allErrors, []);
  });

  it('say what is wrong with a message, and why it goes nowhere', async () => {
    await red.deploy([...nodes, line(port), channel()]);
    for (const [payload, expected] of [
      [42, /payload: number is neither a Buffer nor a string/],
      [null, /payload: null is neither/],
      ['early', /channel Channel: there is no session that could hear it/],
    ] as const) {
      red.inject('out', { payload });
      const { error } = await red.next('caught');
      assert.match((error as { message: string }).message, expected);
    }
    red.inject('out', { payload: '' });
    await red.turns();
    assert.equal(red.messages('caught').length, 0, 'nothing is nothing to send');
  });

  it('connect as a client of a line, and of a redundant line to primary and backup in turn', async () => {
    const { port: closed, server } = await world.server();
    server.close();
    const { peers, port: backup } = await world.server();
    await red.deploy([
      ...nodes,
      redundantLine(closed, backup),
      channel({ mode: 'client', line: '', redundantLine: 'line' }),
    ]);
    await world.until(() => peers.length === 1, 'a connection');
    peers[0]?.send('hello');
    assert.equal(await next(), 'secondary: hello');
    red.inject('out', { payload: 'back' });
    await world.until(() => peers[0]?.received === 'back', 'the answer');
    await red.deploy([...nodes, line(backup), channel({ mode: 'client' })]);
    await world.until(() => peers.length === 2, 'a connection of the line');
    peers[1]?.send('again');
    assert.equal(await next(), 'primary: again');
  });

  it('speak to peers over UDP, and hear a group', async () => {
    const peer = createSocket('udp4');
    peer.bind(0, '127.0.0.1');
    await once(peer, 'listening');
    world.atEnd(() => peer.close());
    const heard = once(peer, 'message');
    await red.deploy([
      ...nodes,
      channel({
        mode: 'peer',
        line: '',
        listen: `127.0.0.1:${port}`,
        destinations: `127.0.0.1:${peer.address().port}`,
        multicastGroup: '239.192.0.106',
      }),
    ]);
    await red.until(() => red.statuses('in').some(({ fill }) => fill === 'yellow'), 'the port');
    const [shown] = [...lines] as [ListedLine];
    const passed: string[] = [];
    const unwatch = shown.watchFrames((frame) =>
      passed.push(`${frame.direction} ${frame.remote} ${Buffer.from(frame.octets)} ${frame.isOctets}`),
    );
    red.inject('out', { payload: 'datagram' });
    assert.equal(String((await heard)[0]), 'datagram');
    peer.setMulticastInterface('127.0.0.1');
    peer.send('to the group', port, '239.192.0.106');
    assert.equal(await next(), 'peer: to the group');
    peer.send('to us', port, '127.0.0.1');
    assert.equal(await next(), 'peer: to us');
    unwatch();
    const remote = `127.0.0.1:${peer.address().port}`;
    assert.deepEqual(passed, [
      `sent ${remote} datagram true`,
      `received ${remote} to the group true`,
      `received ${remote} to us true`,
    ]);
    const { name, host, ports, status } = shown;
    assert.deepEqual([name, host, ports, status.state], ['Channel', `127.0.0.1:${port}`, [port], 'listening']);
    const [{ framesSent, sent, framesReceived, received, lost } = {}] =
      status.connections as Partial<ConnectionStatus>[];
    assert.deepEqual([framesSent, sent, framesReceived, received, lost], [1, 8, 2, 17, 0]);
    await red.deploy([...nodes]);
    assert.deepEqual([...lines], [], 'and goes with its channel');
  });

  it('take every property from the environment', async () => {
    const other = await freePort();
    const values: Record<string, string> = {
      mode: 'server',
      line: 'line',
      secondaryLine: 'second',
      sharing: 'raw',
      slotTimeout: '100',
      separator: '10',
      maxFrame: '8',
      maxDelay: '5',
      downstream: 'flow',
      serialPort: '/dev/null',
      baudRate: '300',
      dataBits: '7',
      parity: 'odd',
      stopBits: '2',
      listen: '',
      destinations: '',
      multicastGroup: '',
      redundantLine: '',
    };
    const names = Object.fromEntries(Object.keys(values).map((name) => [name, `CHANNEL_TEST_${name.toUpperCase()}`]));
    for (const [name, value] of Object.entries(values)) process.env[names[name] as string] = value;
    world.atEnd(() => {
      for (const name of Object.values(names)) delete process.env[name];
    });
    const properties = Object.fromEntries(Object.keys(values).map((name) => [name, `\${${names[name]}}`]));
    await red.deploy([...nodes, line(port), line(other, { id: 'second' }), channel(properties)]);
    const secondary = await connect(other);
    secondary.send('a\nlonger than 8');
    assert.deepEqual([await next(), await next()], ['secondary: a\n', 'secondary: longer t']);
    assert.deepEqual(red.allErrors, []);
  });

  it('show on their lines who has the device, and disconnect on demand', async () => {
    const other = await freePort();
    await red.deploy([
      ...nodes,
      line(port),
      line(other, { id: 'second' }),
      channel({ secondaryLine: 'second', sharing: 'failover' }),
      lineStatus({ line: 'second' }),
      lineStatus({ id: 'first', wires: [] }),
      sink('states'),
    ]);
    const state = async (expected: object): Promise<void> => {
      const matches = ({ payload }: Message): boolean => {
        const [{ remote, since, ...connection } = {}] = (payload as { connections: Record<string, unknown>[] })
          .connections;
        return Object.entries(expected).every(([name, value]) => connection[name] === value);
      };
      await red.nextWhere('states', matches, JSON.stringify(expected));
    };
    const [primary, secondary] = [await connect(port), await connect(other)];
    await state({ state: 'standby', flag: 'B', holder: undefined });
    red.inject('first', { payload: { disconnect: `127.0.0.1:${primary.socket.localPort}` } });
    await world.until(() => primary.isClosed, 'the end');
    await state({ state: 'started', holder: true });
    secondary.send('now');
    assert.equal(await next(), 'secondary: now');
    (await connect(port)).send('back');
    assert.equal(await next(), 'primary: back');
    await state({ state: 'standby', received: 3, holder: undefined });
  });

  const wrong: readonly [what: string, properties: Record<string, unknown>, expected: RegExp][] = [
    ['an unknown mode', { mode: 'both' }, /mode: "both" is none of server, client, peer/],
    ['no line', { line: '' }, /line: none is chosen/],
    ['one line twice', { secondaryLine: 'line' }, /secondaryLine: is the same line/],
    ['a line and a redundant line', { mode: 'client', redundantLine: 'other' }, /only one of them may be chosen/],
    ['a slot that is too short', { slotTimeout: '49' }, /slotTimeout: "49" is not a whole number 50\.\.65535/],
    ['a separator that is no octet', { separator: '256' }, /separator: "256" is not a whole number 0\.\.255/],
    ['frames that are too long', { maxFrame: '1461' }, /maxFrame: "1461" is not a whole number 1\.\.1460/],
    ['a delay that is too long', { maxDelay: '2551' }, /maxDelay: "2551" is not a whole number 1\.\.2550/],
    ['peers without a port', { mode: 'peer' }, /listen: is one address and port/],
    [
      'a group that is none',
      { mode: 'peer', listen: '*:1', multicastGroup: '10.0.0.1' },
      /multicastGroup: "10\.0\.0\.1"/,
    ],
    [
      'a group beside IPv6',
      { mode: 'peer', listen: '[::]:1', multicastGroup: '239.0.0.1' },
      /multicastGroup: is one of IPv4/,
    ],
    ['no serial port', { downstream: 'serial' }, /serialPort: is empty/],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as Node-RED writes environment variables
    ['a variable that is not set', { downstream: 'serial', serialPort: '${NO_SUCH_PORT}' }, /NO_SUCH_PORT/],
    [
      'a wrong parity',
      { downstream: 'serial', serialPort: '/dev/x', parity: 'yes' },
      /parity: "yes" is none of none, even/,
    ],
  ];
  for (const [what, properties, expected] of wrong)
    it(`refuse ${what}`, async () => {
      await red.deploy([...nodes, line(port), channel(properties)]);
      await red.until(() => red.errors('bytes').length > 0, 'the error');
      assert.match(red.errors('bytes')[0] as string, expected);
      red.inject('out', { payload: 'x' });
      await red.nextWhere('caught', ({ error }) => /channel/.test((error as Error).message), 'the error of the node');
    });

  it('name both where a line has a channel and a station', async () => {
    await red.deploy([...nodes, line(port), channel(), station([])]);
    await red.until(() => red.allErrors.length > 0, 'the error');
    const [error = ''] = red.allErrors;
    assert.match(error, /line Line has the .*(Channel|Substation).*, and cannot have the .*(Channel|Substation)/);
  });

  it('name both where a line has two channels', async () => {
    await red.deploy([...nodes, line(port), channel(), channel({ id: 'other', name: 'Other' })]);
    await red.until(() => red.allErrors.length > 0, 'the error');
    assert.match(red.allErrors[0] as string, /line Line has the channel Channel, and cannot have the channel Other/);
  });

  it('name a redundant line that should listen', async () => {
    await red.deploy([...nodes, redundantLine(port, port), channel()]);
    await red.until(() => red.allErrors.length > 0, 'the error');
    assert.match(red.allErrors[0] as string, /is no tcp-line but tcp-line-redundant/);
  });

  describe('over a deploy', () => {
    for (const type of ['full', 'nodes'] as const)
      it(`keep their session when the channel changes (${type})`, async () => {
        const flow = (properties: Record<string, unknown> = {}): FlowNode[] => [
          ...nodes,
          line(port),
          channel(properties),
        ];
        await red.deploy(flow());
        const client = await connect(port);
        await red.deploy(flow({ sharing: 'raw' }), type);
        client.send('question');
        assert.equal(await next(), 'primary: question');
        red.inject('out', { payload: 'answer' });
        await world.until(() => client.received === 'answer', 'the answer');
        assert.equal(client.isClosed, false);
      });

    it('let their session go with the channel', async () => {
      await red.deploy([...nodes, line(port), channel()]);
      const client = await connect(port);
      await red.deploy([tab, line(port)]);
      await world.until(() => client.isClosed, 'the end');
      await assert.rejects(world.client(port), /ECONNREFUSED/);
    });

    it('change places when the lines do', async () => {
      const other = await freePort();
      const lines = [line(port), line(other, { id: 'second' })];
      await red.deploy([...nodes, ...lines, channel({ secondaryLine: 'second', sharing: 'raw' })]);
      const client = await connect(port);
      client.send('a');
      assert.equal(await next(), 'primary: a');
      await red.deploy([...nodes, ...lines, channel({ line: 'second', secondaryLine: 'line', sharing: 'raw' })]);
      client.send('b');
      assert.equal(await next(), 'secondary: b');
    });

    it('give a line to stations, and back', async () => {
      await red.deploy([...nodes, line(port), channel()]);
      const client = await connect(port);
      await red.deploy([tab, line(port), station([{ ioa: 1, type: 'M_SP_TB_1' }])]);
      await world.until(() => client.isClosed, 'the end');
      (await world.reach(port)).end();
      await red.client(port);
      await red.deploy([...nodes, line(port), channel()]);
      (await connect(port)).send('here');
      assert.equal(await next(), 'primary: here');
    });
  });

  describe('with a serial port', () => {
    let cable: Cable;
    before(function () {
      needsSocat(this);
    });
    beforeEach(() => {
      cable = new Cable();
    });
    afterEach(() => cable.remove());

    it('carry octets between a line and the port, show both to the flow, and survive that it is unplugged', async () => {
      await red.deploy([
        ...nodes,
        line(port),
        channel({ downstream: 'serial', serialPort: cable.near, baudRate: '115200', sharing: 'raw' }),
      ]);
      await red.until(
        () => red.statuses('in').some(({ fill, text }) => fill === 'red' && /No such file/.test(text ?? '')),
        'the error',
      );
      await cable.plug();
      const far = new serialport.SerialPort({ path: cable.far, baudRate: 115_200 });
      far.on('error', () => {});
      far.on('data', (octets: Buffer) => far.write(Buffer.from(octets.toString().toUpperCase())));
      world.atEnd(() => far.isOpen && new Promise<void>((done) => far.close(() => done())));
      await red.until(() => red.statuses('in').at(-1)?.fill === 'yellow', 'the port');
      const client = await connect(port);
      client.send('question');
      assert.deepEqual([await next(), await next()].sort(), ['primary: question', 'serial: QUESTION']);
      await world.until(() => client.received === 'QUESTION', 'the answer');
      red.inject('out', { payload: 'flow' });
      assert.equal(await next(), 'serial: FLOW');
      await cable.unplug();
      await red.until(() => red.statuses('in').at(-1)?.fill === 'red', 'the loss');
      red.inject('out', { payload: 'lost' });
      const { error } = await red.next('caught');
      assert.match((error as Error).message, /channel Channel: serial port .*near: /);
    });

    it('show what of the flow was lost', async () => {
      await cable.plug();
      const other = await freePort();
      await red.deploy([
        ...nodes,
        line(port),
        line(other, { id: 'second', name: 'Second' }),
        channel({ secondaryLine: 'second', downstream: 'serial', serialPort: cable.near, sharing: 'failover' }),
      ]);
      await red.until(() => red.statuses('in').at(-1)?.fill === 'yellow', 'the port');
      const client = await connect(port);
      const status = (name: string): LineStatus =>
        [...lines].find((listed) => listed.name === name)?.status as LineStatus;
      assert.equal(status('Line').flow, undefined);
      red.inject('out', { payload: 'a command' });
      const { error } = await red.next('caught');
      assert.match((error as Error).message, /the primary session has the serial port/);
      const shown = new RegExp(`:${client.socket.localPort} ● · .*state\\.lost$`);
      await red.until(() => shown.test(red.statuses('in').at(-1)?.text ?? ''), 'the loss');
      assert.deepEqual(status('Line').flow, { buffered: 0, lost: 1 });
      assert.equal(status('Line').lost, 1);
      assert.equal(status('Second').flow, undefined, 'one line of a channel shows it');
      assert.equal(status('Second').lost, 0);
    });

    it('find the port again after a deploy', async () => {
      await cable.plug();
      const flow = (name: string): FlowNode[] => [
        ...nodes,
        line(port),
        channel({ name, downstream: 'serial', serialPort: cable.near }),
      ];
      await red.deploy(flow('One'));
      await red.until(() => red.statuses('in').at(-1)?.fill === 'yellow', 'the port');
      red.forget();
      await red.deploy(flow('Two'), 'full');
      await red.until(() => red.statuses('in').at(-1)?.fill === 'yellow', 'the port');
      assert.deepEqual(red.allErrors, []);
    });
  });
});

describe('the package serialport', () => {
  it('is found in the first place that has it', () => {
    assert.equal(serialPackage([tmpdir(), __dirname]).SerialPort, serialport.SerialPort);
  });

  it('is named with the command that installs it, where it is missing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'telecontrol-no-serialport-'));
    try {
      assert.throws(
        () => serialPackage([folder]),
        (error: Error) => {
          assert.equal(
            error.message,
            `the package serialport is missing; install it by \`npm install serialport\` in ${folder}, and the port opens`,
          );
          return true;
        },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
