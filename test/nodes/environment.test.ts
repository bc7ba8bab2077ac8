import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  channel,
  channelIn,
  channelOut,
  commandIn,
  freePort,
  line,
  lineStatus,
  serverOut,
  sink,
  station,
  tab,
} from './flow.js';
import { type Message, red, withNodeRed } from './runtime.js';

const point = { ioa: 100, tag: 'Q0', type: 'M_SP_TB_1' };
const command = { ioa: 201, type: 'C_SC_NA_1' };

/** Environment variables of a test have a name that nobody else uses. */
const name = (property: string) => `TELECONTROL_TEST_${property}`;
const variable = (property: string) => `\${${name(property)}}`;

describe('properties from the environment', () => {
  withNodeRed();

  let port: number;

  beforeEach(async () => {
    port = await freePort();
  });

  afterEach(() => {
    for (const key of Object.keys(process.env)) if (key.startsWith(name(''))) delete process.env[key];
  });

  const set = (values: Readonly<Record<string, string>>) => {
    for (const [property, value] of Object.entries(values)) process.env[name(property)] = value;
  };

  it('every property of every node', async () => {
    writeFileSync(join(red.userDir, 'environment.csv'), 'ioa,tag,type\n101,Q1,M_SP_TB_1\n');
    set({
      HOST: '127.0.0.1',
      PORT: String(port),
      LINE_NUMBER: '9',
      LINE_NAME: 'Line of the environment',
      LINE: 'line',
      STATION: 'station',
      STATION_NAME: 'Station of the environment',
      ADDRESS: '258',
      PARAMETERS: 'SAI=False;IGO=True',
      POINTS: JSON.stringify([point, command]),
      FILE: 'environment.csv',
      ZONE: '60',
      CLOCK: 'master',
      OUT: '#64',
      IN: '201',
      CONFIRM: 'auto',
    });
    await red.deploy([
      tab,
      // Before its line: Node-RED cannot see through the variable that the station needs it.
      station(variable('POINTS'), {
        name: variable('STATION_NAME'),
        line: variable('LINE'),
        address: variable('ADDRESS'),
        parameters: variable('PARAMETERS'),
        pointsFile: variable('FILE'),
        timeZone: variable('ZONE'),
        clock: variable('CLOCK'),
      }),
      line(variable('PORT'), {
        host: variable('HOST'),
        lineNumber: variable('LINE_NUMBER'),
        name: variable('LINE_NAME'),
      }),
      serverOut({ station: variable('STATION'), ioa: variable('OUT') }),
      commandIn({ station: variable('STATION'), ioa: variable('IN'), confirm: variable('CONFIRM') }),
      lineStatus({ line: variable('LINE') }),
      sink('commands'),
      sink('states'),
    ]);
    assert.deepEqual(red.allErrors, []);
    assert.equal((await red.next('states')).topic, 'Line of the environment');
    const client = await red.client(port);
    red.inject('out', { payload: true, timestamp: 1_764_000_000_000 });
    await client.expect('1e 01 03 09 02 01 64 00 00 01 00 00 00 11 38 0b 19');
    client.ask('66 01 05 00 02 01 65 00 00');
    assert.match(await client.asdu(), /^1e 01 05 00 02 01 65 00 00 c0/);
    client.ask('2d 01 06 00 02 01 c9 00 00 01');
    const { iec104 } = (await red.next('commands')) as { iec104: { station: string } };
    assert.equal(iec104.station, 'Station of the environment');
  });

  it('a line that is deployed alone has the station that names it by a variable', async () => {
    set({ LINE: 'line' });
    const flow = (at: number) => [tab, line(at), station([point], { line: variable('LINE') })];
    await red.deploy(flow(port));
    await red.client(port);
    const other = await freePort();
    await red.deploy(flow(other), 'nodes');
    await red.turns();
    await red.client(other);
    // One that is wrong is an error of the station, and mended by the next.
    await red.deploy([tab, { ...line(other), port: 'none' }, station([point], { line: variable('LINE') })], 'nodes');
    assert.match(red.errors('station').join(), /the configuration of Line is wrong/);
    await red.deploy(flow(port), 'nodes');
    await red.turns();
    await red.client(port);
    assert.equal(red.errors('station').length, 1);
  });

  it('a station that is deployed alone has the nodes that name it by a variable', async () => {
    set({ STATION: 'station' });
    const flow = (address: string, ...more: object[]) => [
      tab,
      line(port),
      station([point, command, ...more], { address, parameters: 'SAI=False' }),
      serverOut({ station: variable('STATION') }),
      commandIn({ station: variable('STATION') }),
      sink('commands'),
    ];
    await red.deploy(flow('1'));
    await red.deploy(flow('1', { ioa: 102, type: 'M_SP_NA_1' }), 'nodes');
    await red.deploy(flow('2', { ioa: 101, type: 'M_SP_NA_1' }), 'nodes');
    await red.turns();
    const client = await red.client(port);
    red.inject('out', { topic: '2/101', payload: true });
    await client.expect('01 01 03 00 02 00 65 00 00 01');
    client.ask('2d 01 06 00 02 00 c9 00 00 01');
    assert.equal((await red.next('commands')).payload, true);
    assert.deepEqual(red.allErrors, []);
  });

  it('a line that is deployed alone has the line-status that names it by a variable', async () => {
    set({ LINE: 'line' });
    const flow = (properties: Message) => [
      tab,
      line(port, properties),
      lineStatus({ line: variable('LINE') }),
      sink('states'),
    ];
    await red.deploy(flow({}));
    await red.deploy(flow({ port: 'none' }), 'nodes');
    assert.match(red.errors('status').join(), /the configuration of Line is wrong/);
    await red.deploy(flow({ name: 'Other' }), 'nodes');
    await red.nextWhere('states', ({ topic }) => topic === 'Other', 'the other line');
    assert.equal(red.errors('status').length, 1);
    red.forget();
    red.inject('status', { payload: { status: true } });
    assert.equal((await red.next('states')).topic, 'Other');
  });

  it('a channel that is deployed alone has the nodes that name it by a variable', async () => {
    set({ CHANNEL: 'bytes' });
    const named = { channel: variable('CHANNEL') };
    const [before, peer] = [await freePort(), await freePort()].map((at) => `127.0.0.1:${at}`);
    const own = `127.0.0.1:${port}`;
    const flow = (listen: unknown) => [
      tab,
      channel({ mode: 'peer', line: '', listen }),
      channelIn(named),
      channelOut(named),
      sink('octets'),
      channel({ id: 'partner', mode: 'peer', line: '', listen: peer, destinations: own }),
      channelOut({ id: 'sender', channel: 'partner' }),
    ];
    await red.deploy(flow(before));
    red.forget();
    await red.deploy(flow(own), 'nodes');
    for (const id of ['in', 'out'])
      await red.until(() => red.statuses(id).some(({ fill }) => fill === 'yellow'), `the channel at ${id}`);
    red.inject('sender', { payload: 'heard' });
    assert.equal(String((await red.next('octets')).payload), 'heard');
  });

  it('a process that is deployed alone has the kom-instance that names it by a variable', async () => {
    set({ KOM: 'kom' });
    const flow = (process: string) => [
      tab,
      { id: 'kom', type: 'kom-process', name: process },
      { id: 'instance', type: 'kom-instance', z: 'tab', x: 1, y: 1, kom: variable('KOM'), wires: [['process']] },
      sink('process'),
    ];
    await red.deploy(flow(`A ${port}`));
    const other = `B ${port}`;
    await red.deploy(flow(other), 'nodes');
    const isActive = ({ topic, payload }: Message) => topic === other && (payload as Message).state === 'active';
    await red.nextWhere('process', isActive, 'the other process');
    red.inject('instance', { payload: 'SHUTDOWN' });
    const { topic } = await red.nextWhere('process', ({ payload }) => 'tell' in (payload as object), 'the answer');
    assert.equal(topic, other);
  });

  it('the fields of points in the table', async () => {
    set({ IOA: '#64', TAG: 'Q0', TYPE: 'M_SP_NA_1' });
    const points = [{ ioa: variable('IOA'), tag: variable('TAG'), type: variable('TYPE') }];
    await red.deploy([tab, line(port), station(points, { parameters: 'SAI=False' }), serverOut()]);
    assert.deepEqual(red.allErrors, []);
    const client = await red.client(port);
    red.inject('out', { topic: 'Q0', payload: true });
    await client.expect('01 01 03 00 01 00 64 00 00 01');
  });

  const unset: readonly [node: string, properties: Readonly<Record<string, unknown>>, pattern: RegExp][] = [
    ['line', { host: variable('HOST') }, /host: the environment variable of \$\{TELECONTROL_TEST_HOST\}/],
    ['line', { port: variable('PORT') }, /port: the environment variable of \$\{TELECONTROL_TEST_PORT\}/],
    ['line', { lineNumber: variable('N') }, /lineNumber: the environment variable of \$\{TELECONTROL_TEST_N\}/],
    ['station', { line: variable('LINE') }, /line: .*\$\{TELECONTROL_TEST_LINE\}/],
    ['station', { address: variable('CA') }, /address: the environment variable of \$\{TELECONTROL_TEST_CA\}/],
    ['station', { points: variable('POINTS') }, /points: .*/],
    ['station', { pointsFile: variable('FILE') }, /pointsFile: .*\$\{TELECONTROL_TEST_FILE\}/],
    ['station', { timeZone: variable('ZONE') }, /timeZone: .*\$\{telecontrol_test_zone\}/i],
    ['station', { clock: variable('CLOCK') }, /clock: the environment variable of \$\{TELECONTROL_TEST_CLOCK\}/],
    ['out', { station: variable('STATION') }, /station: .*\$\{TELECONTROL_TEST_STATION\}/],
    ['out', { ioa: variable('IOA') }, /object address \$\{TELECONTROL_TEST_IOA\}/],
    ['in', { ioa: variable('IOA') }, /object address \$\{TELECONTROL_TEST_IOA\}/],
    ['in', { confirm: variable('CONFIRM') }, /confirm: the environment variable of \$\{TELECONTROL_TEST_CONFIRM\}/],
    ['status', { line: variable('LINE') }, /line: .*\$\{TELECONTROL_TEST_LINE\}/],
  ];
  for (const [node, properties, pattern] of unset)
    it(`${node}: ${Object.keys(properties)} that is not set is an error that names it`, async () => {
      const nodes = [
        line(port),
        station([point, command]),
        serverOut(),
        commandIn(),
        lineStatus(),
        sink('commands'),
        sink('states'),
      ];
      await red.deploy([tab, ...nodes.map((given) => (given.id === node ? { ...given, ...properties } : given))]);
      assert.match(red.errors(node).join('\n'), pattern);
    });

  it('parameters that are not set are a warning', async () => {
    await red.deploy([tab, line(port), station([point], { parameters: variable('PARAMETERS') })]);
    assert.match(red.warnings('station').join(), /\$\{TELECONTROL_TEST_PARAMETERS\}/);
  });
});
