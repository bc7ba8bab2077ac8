import assert from 'node:assert/strict';
import type { Outstation, OutstationSession } from '../client/outstation.js';
import {
  catchAll,
  clientIn,
  clientOut,
  clientStation,
  type FlowNode,
  freePort,
  line,
  sink,
  station,
  tab,
} from './flow.js';
import { type DeployType, type Message, red, withNodeRed } from './runtime.js';

const points = [
  { ioa: 100, tag: 'Q0', type: 'M_SP_NA_1' },
  { ioa: 101, tag: 'U', type: 'M_ME_NB_1' },
  { ioa: 200, type: 'C_SC_NA_1' },
];
const ON = '01 01 03 00 01 00 64 00 00 01';
const VOLTAGE = '0b 01 03 00 01 00 65 00 00 e8 03 00';
// biome-ignore lint/suspicious/noTemplateCurlyInString: an environment variable, as Node-RED writes it
const unset = '${TELECONTROL_NOWHERE}';
// biome-ignore lint/suspicious/noTemplateCurlyInString: as above
const variable = '${TELECONTROL_TEST_LINE}';
const COMMAND = '2d 01 06 00 01 00 c8 00 00 01';
const COMMAND_CON = '2d 01 07 00 01 00 c8 00 00 01';
const COMMAND_TERM = '2d 01 0a 00 01 00 c8 00 00 01';

const isOld = ({ iec104 }: Message): boolean => ((iec104 as Message).quality as Message).notTopical === true;

describe('deploys of client stations', () => {
  withNodeRed();

  let port: number;
  let outstation: Outstation;
  let peer: OutstationSession;

  const flow = (given: unknown = points, properties: Message = {}): FlowNode[] => [
    tab,
    line(port, properties),
    clientStation(given),
    clientIn(),
    sink('values'),
    clientOut(),
    sink('outcomes'),
    ...catchAll,
  ];

  beforeEach(async () => {
    port = await freePort();
    outstation = await red.outstation(port);
    await red.deploy(flow());
    peer = await (await outstation.accept()).serve();
  });

  afterEach(() => {
    delete process.env.TELECONTROL_TEST_LINE;
  });

  for (const type of ['full', 'flows', 'nodes'] satisfies DeployType[])
    it(`${type}: the same flow keeps the connection and its sequence numbers; no value is lost or doubled`, async () => {
      peer.ask(ON);
      await red.next('values');
      const deployed = red.deploy(flow(), type);
      peer.ask(VOLTAGE);
      await deployed;
      assert.equal((await red.next('values')).payload, 1000);
      // The sequence numbers go on: a wrong one would close the connection.
      peer.ask(ON);
      assert.equal((await red.next('values')).payload, true);
      await peer.quiet();
      assert.equal(outstation.count, 1);
      assert.equal(red.messages('values').length, 0);
    });

  it('a command that is open over a deploy has its outcome afterwards, with what its message had', async () => {
    red.inject('out', { payload: { command: 'single', ioa: 200, value: true }, cookie: 7 });
    await peer.expect(COMMAND);
    await red.deploy(flow(), 'full');
    peer.ask(COMMAND_CON, COMMAND_TERM);
    const message = await red.next('outcomes');
    assert.equal(message.cookie, 7);
    assert.equal((message.payload as Message).ok, true);
    await red.turns();
    assert.equal(red.messages('outcomes').length, 0);
  });

  it('other points keep the connection; what both tables have stays known', async () => {
    peer.ask(ON, VOLTAGE);
    await red.until(() => red.messages('values').length === 2, 'both values');
    red.forget();
    await red.deploy(flow([points[0], { ioa: 103, type: 'M_SP_NA_1' }]));
    await peer.expect('64 01 06 00 01 00 00 00 00 14');
    peer.ask('01 01 03 00 01 00 67 00 00 01');
    assert.equal((await red.next('values')).topic, '1/103');
    await outstation.close();
    const again = [await red.next('values'), await red.next('values')];
    assert.deepEqual(again.map(({ topic }) => topic).sort(), ['1/103', 'Q0']);
    assert.ok(again.every(isOld));
  });

  it('a line that goes elsewhere closes, and connects anew', async () => {
    const moved = await freePort();
    const other = await red.outstation(moved);
    await red.deploy(flow(points, { port: String(moved) }));
    await peer.closes();
    await (await other.accept()).serve(ON);
    assert.equal((await red.next('values')).payload, true);
  });

  it('a line that goes where nobody is: the last values are told as not topical, not taken for good ones', async () => {
    peer.ask(ON, VOLTAGE);
    await red.until(() => red.messages('values').length === 2, 'both values');
    red.forget();
    await red.deploy(flow([points[0], { ioa: 101, type: 'M_SP_NA_1' }], { port: String(await freePort()) }));
    // What has another type now is another point.
    const again = await red.next('values');
    assert.deepEqual([again.topic, again.payload, isOld(again)], ['Q0', true, true]);
    await red.turns();
    assert.equal(red.messages('values').length, 0);
  });

  const without = (...ids: string[]): FlowNode[] => flow().filter(({ id }) => !ids.includes(id));
  const disabled = (which: string): FlowNode[] =>
    flow().map((node) => (node.id === which ? { ...node, d: true } : node));

  for (const [what, next] of [
    ['a port that is none', () => flow(points, { port: 'none' })],
    ['nine hosts', () => flow(points, { host: 'a,b,c,d,e,f,g,h,i' })],
    ['an environment variable that is not set', () => flow(points, { host: unset })],
    ['a tls-config node that is not there', () => flow(points, { tls: 'gone' })],
    ['TLS of which nothing is here', () => flow(points, { tlsRequired: true })],
    ['a process that is not there', () => flow(points, { kom: 'gone' })],
    ['no line', () => without('line')],
    ['a line that is disabled', () => disabled('line')],
    ['no station', () => without('station')],
    ['a station that is disabled', () => disabled('station')],
    [
      'a station with a wrong address',
      () => flow().map((node) => (node.id === 'station' ? { ...node, address: 'x' } : node)),
    ],
    ["a line that is a server station's", () => [...flow(points, { port: '0' }), station([], { id: 'server' })]],
  ] satisfies readonly [string, () => FlowNode[]][])
    for (const type of ['full', 'nodes'] satisfies DeployType[])
      it(`${type}: ${what}: the last values are told as not topical, once`, async () => {
        peer.ask(ON, VOLTAGE);
        await red.until(() => red.messages('values').length === 2, 'both values');
        red.forget();
        await red.deploy(next(), type);
        await peer.closes();
        const again = [await red.next('values'), await red.next('values')];
        assert.deepEqual(
          again.map((message) => [message.topic, message.payload, isOld(message), (message.iec104 as Message).line]),
          [
            ['Q0', true, true, 'Line'],
            ['U', 1000, true, 'Line'],
          ],
        );
        assert.equal(red.statuses('in').at(-1)?.shape, 'ring');
        await red.turns();
        assert.equal(red.messages('values').length, 0);
        // And it is over with that: who comes later has nothing to tell.
        await red.deploy(flow(), 'full');
        await (await outstation.accept()).serve(ON);
        assert.equal(isOld(await red.next('values')), false);
      });

  it('a station that goes to another line, where nobody is: the last values are told as not topical', async () => {
    peer.ask(ON, VOLTAGE);
    await red.until(() => red.messages('values').length === 2, 'both values');
    red.forget();
    const second = line(await freePort(), { id: 'second', name: 'Second' });
    await red.deploy([...flow().map((node) => (node.id === 'station' ? { ...node, line: 'second' } : node)), second]);
    await peer.closes();
    const again = [await red.next('values'), await red.next('values')];
    assert.ok(again.every(isOld));
    await red.turns();
    assert.equal(red.messages('values').length, 0);
  });

  it('other points and a process that is not there: the last values of what both tables have are told', async () => {
    peer.ask(ON, VOLTAGE);
    await red.until(() => red.messages('values').length === 2, 'both values');
    red.forget();
    await red.deploy(flow([points[0]], { kom: 'gone' }));
    await peer.closes();
    const again = await red.next('values');
    assert.deepEqual([again.topic, again.payload, isOld(again)], ['Q0', true, true]);
    await red.turns();
    assert.equal(red.messages('values').length, 0);
  });

  it('nodes: a line that the station names by a variable: the last values are told as not topical, and it goes on', async () => {
    process.env.TELECONTROL_TEST_LINE = 'line';
    const named = (at: number): FlowNode[] =>
      flow(points, { port: String(at) }).map((node) => (node.id === 'station' ? { ...node, line: variable } : node));
    await red.deploy(named(port));
    peer.ask(ON, VOLTAGE);
    await red.until(() => red.messages('values').length === 2, 'both values');
    red.forget();
    const other = await red.outstation(await freePort());
    await red.deploy(named(other.port), 'nodes');
    await (await other.accept()).serve(ON);
    assert.deepEqual(
      [await red.next('values'), await red.next('values'), await red.next('values')].map((message) => [
        message.topic,
        isOld(message),
      ]),
      [
        ['Q0', true],
        ['U', true],
        ['Q0', false],
      ],
    );
  });

  it('nodes: other points of a station that its nodes name by a variable: they have its values, and order', async () => {
    process.env.TELECONTROL_TEST_LINE = 'station';
    const named = (given: unknown): FlowNode[] =>
      flow(given).map((node) => (['in', 'out'].includes(node.id) ? { ...node, station: variable } : node));
    await red.deploy(named(points));
    await red.deploy(named([...points, { ioa: 103, type: 'M_SP_NA_1' }]), 'nodes');
    await peer.expect('64 01 06 00 01 00 00 00 00 14');
    red.forget();
    peer.ask('01 01 03 00 01 00 67 00 00 01');
    assert.equal((await red.next('values')).topic, '1/103');
    red.inject('out', { payload: { command: 'single', ioa: 200, value: true } });
    await peer.expect(COMMAND);
    assert.equal(red.messages('values').length, 0);
  });

  it('a node that takes one object tells of that alone', async () => {
    const one = (properties: Message = {}): FlowNode[] =>
      flow(points, properties).map((node) => (node.id === 'in' ? { ...node, ioa: '101' } : node));
    await red.deploy(one());
    peer.ask(ON, VOLTAGE);
    assert.equal((await red.next('values')).topic, 'U');
    await red.deploy(one({ port: 'none' }));
    const again = await red.next('values');
    assert.deepEqual([again.topic, isOld(again)], ['U', true]);
    await red.turns();
    assert.equal(red.messages('values').length, 0);
  });

  it('a station that is removed leaves the line, which closes without any', async () => {
    await red.deploy(flow().filter(({ id }) => !['station', 'in', 'out'].includes(id)));
    await peer.closes();
    await red.turns();
    assert.equal(outstation.count, 1);
  });
});
