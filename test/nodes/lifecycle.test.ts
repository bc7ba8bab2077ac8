import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import { connect, createServer } from 'node:net';
import {
  catchAll,
  clientIn,
  clientStation,
  commandIn,
  type FlowNode,
  freePort,
  line,
  lineStatus,
  serverOut,
  sink,
  station,
  tab,
} from './flow.js';
import { red, withNodeRed } from './runtime.js';
import { interrogate } from './wire.js';

const points = [
  { ioa: 100, tag: 'Q0', type: 'M_SP_NA_1' },
  { ioa: 201, type: 'C_SC_NA_1' },
];
const unwritten = '01 01 14 00 01 00 64 00 00 c0';

/** Whether anybody listens on a port. */
function isServed(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Listens and stops again, which fails while somebody else listens. */
function occupy(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
  });
}

describe('deploys', () => {
  withNodeRed();

  let port: number;

  beforeEach(async () => {
    port = await freePort();
  });

  const rest: readonly FlowNode[] = [
    serverOut(),
    commandIn(),
    lineStatus(),
    ...catchAll,
    sink('commands'),
    sink('states'),
  ];
  const flow = () => [tab, line(port), station(points), ...rest];

  it('a changed station leaves the connections of its line alone', async () => {
    await red.deploy(flow());
    const client = await red.client(port);
    assert.deepEqual(await interrogate(client), [unwritten]);
    const more = [...points, { ioa: 101, type: 'M_DP_NA_1' }];
    await red.deploy([tab, line(port), station(more), ...rest]);
    assert.deepEqual(await interrogate(client), [unwritten, '03 01 14 00 01 00 65 00 00 c0']);
    red.inject('out', { topic: 'Q0', payload: true });
    await client.expect('01 01 03 00 01 00 64 00 00 01');
    assert.deepEqual(red.allErrors, []);
  });

  it('a station that moves to another common address is unknown at its old one', async () => {
    await red.deploy(flow());
    const client = await red.client(port);
    await red.deploy([tab, line(port), station(points, { address: '7' }), ...rest]);
    await client.answers('64 01 06 00 01 00 00 00 00 14', '64 01 6e 00 01 00 00 00 00 14');
    client.ask('64 01 06 00 07 00 00 00 00 14');
    await client.expect(
      '64 01 07 00 07 00 00 00 00 14',
      '01 01 14 00 07 00 64 00 00 c0',
      '64 01 0a 00 07 00 00 00 00 14',
    );
  });

  it('a changed flow node leaves connections and values alone', async () => {
    await red.deploy(flow());
    const client = await red.client(port);
    red.inject('out', { topic: 'Q0', payload: true });
    const out = serverOut({ ioa: '100' });
    await red.deploy([tab, line(port), station(points), out, ...rest.filter(({ id }) => id !== 'out')]);
    const asdus = await interrogate(client);
    assert.equal(asdus.at(-1), '01 01 14 00 01 00 64 00 00 01');
    red.inject('out', { payload: false });
    await client.expect('01 01 03 00 01 00 64 00 00 00');
  });

  it('a removed station leaves the others of the line alone', async () => {
    const second = station(points, { id: 'station2', name: 'Second', address: '2' });
    await red.deploy([...flow(), second]);
    const client = await red.client(port);
    await red.deploy(flow());
    await client.answers('64 01 06 00 02 00 00 00 00 14', '64 01 6e 00 02 00 00 00 00 14');
    assert.deepEqual(await interrogate(client), [unwritten]);
  });

  it('a line that loses its last station closes, and opens with the next', async () => {
    await red.deploy(flow());
    const client = await red.client(port);
    await red.deploy([tab, line(port), lineStatus(), sink('states')]);
    await client.closes();
    await occupy(port);
    await red.deploy(flow());
    assert.deepEqual(await interrogate(await red.client(port)), [unwritten]);
  });

  it('a removed line closes its connections at once and frees its port', async () => {
    await red.deploy(flow());
    const client = await red.client(port);
    await red.deploy([tab, sink('states')]);
    await client.closes();
    await occupy(port);
  });

  it('a removed line whose station and line-status stay: they say so', async () => {
    await red.deploy(flow());
    const client = await red.client(port);
    await red.deploy([tab, station(points), ...rest]);
    await client.closes();
    assert.match(red.errors('station').join(), /line: there is no node "line"/);
    assert.match(red.errors('status').join(), /line: there is no node "line"/);
    red.inject('out', { topic: 'Q0', payload: true });
    const { error } = await red.next('caught');
    assert.match(String((error as { message: string }).message), /station .*line: there is no node "line"/);
  });

  it('a line that moves to another port', async () => {
    await red.deploy(flow());
    const client = await red.client(port);
    const next = await freePort();
    await red.deploy([tab, line(next), station(points), ...rest]);
    await client.closes();
    assert.equal(await isServed(port), false);
    assert.deepEqual(await interrogate(await red.client(next)), [unwritten]);
  });

  it('another line takes the port over in one deploy', async () => {
    await red.deploy(flow());
    const [other, taken] = [line(port, { id: 'line2' }), station(points, { line: 'line2' })];
    await red.deploy([tab, other, taken, lineStatus({ line: 'line2' }), sink('states')]);
    assert.deepEqual(red.allErrors, []);
    assert.deepEqual(await interrogate(await red.client(port)), [unwritten]);
  });

  it('closes though a client neither reads nor ends its side', async () => {
    await red.deploy(flow());
    const client = await red.client(port);
    client.socket.pause();
    await red.deploy([tab, sink('states')]);
    await occupy(port);
    client.socket.resume();
    await client.closes();
  });

  it('a line that is removed while its name is still looked up never listens', async () => {
    await red.deploy([tab, line(port, { host: 'localhost' }), station(points)]);
    await red.deploy([tab, sink('states')]);
    // Behind the look-up of the line.
    for (let i = 0; i < 3; i++) await lookup('localhost');
    await red.turns();
    assert.equal(await isServed(port), false);
  });

  it('twenty full deploys leave no listener and no socket behind', async () => {
    await red.deploy(flow());
    const deployed = async () => {
      const client = await red.client(port);
      red.inject('out', { topic: 'Q0', payload: true });
      await client.cut();
      await red.turns();
      const resources = process.getActiveResourcesInfo().filter((name) => /TCPServerWrap/.test(name));
      return { listeners: red.listeners, servers: resources.length };
    };
    const first = await deployed();
    for (let i = 0; i < 20; i++) await red.deploy(flow(), 'full');
    assert.deepEqual(await deployed(), first);
    for (let i = 0; i < 20; i++)
      await red.deploy([tab, line(port), station([...points, { ioa: i, type: 'M_SP_NA_1' }]), ...rest]);
    assert.deepEqual(await deployed(), first);
    assert.deepEqual(red.allErrors, []);
  });

  it('many lines and nodes listen to each event of Node-RED once: of more than ten Node.js warns', async () => {
    const warnings: string[] = [];
    const take = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', take);
    try {
      const many = (of: FlowNode, n: number): FlowNode => ({ ...of, id: `${of.id}${n}` });
      const each = Array.from({ length: 20 }, (_, n) => [
        many(line(port), n),
        { ...many(clientStation([{ ioa: 1, type: 'M_SP_NA_1' }]), n), line: `line${n}` },
        { ...many(clientIn(), n), station: `station${n}` },
      ]);
      const nodes = [tab, sink('values'), ...each.flat()];
      await red.deploy(nodes);
      await red.deploy(nodes, 'full');
      await red.turns();
    } finally {
      process.removeListener('warning', take);
    }
    assert.deepEqual(warnings, []);
  });

  it('a stopped flow holds nothing that would keep the process running', async () => {
    const held = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap' || name === 'Timeout').length;
    const before = held();
    await red.deploy(flow());
    const client = await red.client(port);
    client.ask('2d 01 06 00 01 00 c9 00 00 01');
    await red.next('commands');
    await red.clear();
    await client.closes();
    await red.turns();
    assert.ok(held() <= before, `${held()} > ${before}`);
  });
});

describe('the status under a node', () => {
  withNodeRed();

  it('is shown at most a few times a second under a flood, and the last one comes through', async () => {
    const port = await freePort();
    await red.deploy([tab, line(port), station([{ ioa: 100, tag: 'I', type: 'M_ME_NC_1' }]), serverOut()]);
    const began = Date.now();
    for (let i = 1; i <= 10_000; i++) red.inject('out', { topic: 'I', payload: i });
    const last = () => red.statuses('out').at(-1)?.text;
    await red.until(() => last() === 'I: 10000', 'the last status');
    const seconds = (Date.now() - began) / 1000;
    assert.ok(red.statuses('out').length <= 2 + 3 * seconds, `${red.statuses('out').length} in ${seconds} s`);
    assert.deepEqual(red.allErrors, []);
  });

  it('says of many values how many there were', async () => {
    const port = await freePort();
    await red.deploy([tab, line(port), station([{ ioa: 100, tag: 'I', type: 'M_ME_NC_1' }]), serverOut()]);
    red.inject('out', { payload: [1, 2, 0.123456789].map((value) => ({ tag: 'I', value })) });
    assert.equal(red.statuses('out').at(-1)?.text, '3 · I: 0.123457');
  });
});
