import assert from 'node:assert/strict';
import {
  catchAll,
  clientIn,
  clientOut,
  clientStation,
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
import { INTERROGATION } from './wire.js';

const points = [
  { ioa: 100, tag: 'Q0', type: 'M_SP_NA_1' },
  { ioa: 200, tag: 'Q0.command', type: 'C_SC_NA_1' },
];
const ON = '01 01 14 00 01 00 64 00 00 01';

interface Status {
  readonly state: string;
  readonly reason?: string;
  readonly flags: string;
  readonly connections: readonly { readonly remote: string; readonly state: string }[];
  readonly stations: readonly { readonly state: string }[];
}

const status = (message: Message): Status => message.payload as Status;

describe('lines that connect', () => {
  withNodeRed();

  let port: number;
  let backup: number;

  beforeEach(async () => {
    port = await freePort();
    backup = await freePort();
  });

  const rest: readonly FlowNode[] = [
    clientIn(),
    sink('values'),
    clientOut(),
    sink('outcomes'),
    lineStatus(),
    sink('states'),
    ...catchAll,
  ];
  const inState = (...states: string[]) =>
    red.nextWhere('states', (message) => states.includes(status(message).state), states.join(' or '));

  describe('configuration', () => {
    const wrong = async (...nodes: FlowNode[]): Promise<string[]> => {
      await red.deploy([tab, ...nodes]);
      await red.until(() => red.allErrors.length > 0, 'an error');
      return red.allErrors;
    };

    it('server and client stations on one line: both are named, and the first stays', async () => {
      const other = clientStation(points, { id: 'other', name: 'Remote', address: '2' });
      const errors = await wrong(line(port), station([{ ioa: 100, type: 'M_SP_NA_1' }]), other);
      assert.equal(errors.length, 1);
      assert.match(errors[0] as string, /line Line has the server station Substation, .* the client station Remote/);
      await (await red.client(port)).quiet();
    });

    it('one common address twice on a line: both are named', async () => {
      const other = clientStation(points, { id: 'other', name: 'Twin' });
      const errors = await wrong(line(port), clientStation(points), other);
      assert.equal(errors.length, 1);
      assert.match(errors[0] as string, /common address 1 stands twice on line Line: .*Substation.*Twin/);
    });

    it('a server station cannot use a redundant line', async () => {
      const errors = await wrong(redundantLine(port, backup), station([{ ioa: 100, type: 'M_SP_NA_1' }]));
      assert.match(errors[0] as string, /line: Line is no tcp-line but tcp-line-redundant/);
    });

    it('one line of either type, and not both', async () => {
      const second = redundantLine(port, backup, { id: 'second' });
      const errors = await wrong(line(port), second, clientStation(points, { redundantLine: 'second' }));
      assert.match(errors[0] as string, /line, redundantLine: only one of them may be chosen/);
    });

    it('no line at all', async () => {
      assert.match((await wrong(clientStation(points, { line: '' })))[0] as string, /line: none is chosen/);
    });

    it('more than eight hosts, and hosts that are none', async () => {
      const many = Array.from({ length: 9 }, (_, i) => `192.0.2.${i}`).join(',');
      const errors = await wrong(
        line(port, { id: 'many', name: 'Many', host: many }),
        clientStation(points, { id: 's1', line: 'many' }),
        line(port, { id: 'any', name: 'Any', host: '*' }),
        clientStation(points, { id: 's2', line: 'any' }),
      );
      await red.until(() => red.errors('any').length > 0, 'the other error');
      assert.deepEqual(red.errors('many'), ['host: 1 to 8 addresses or names, not 9']);
      assert.deepEqual(red.errors('any'), ['host: "*" is no address or name to connect to']);
      assert.match(errors.join('\n'), /the configuration of line Many is wrong: host: 1 to 8/);
    });

    it('a redundant line without a host for its primary device', async () => {
      const errors = await wrong(redundantLine(port, backup, { primaryHost: '' }));
      assert.deepEqual(errors, ['primaryHost: 1 to 8 addresses or names, not 0']);
    });

    it('an object address that the station does not receive', async () => {
      const errors = await wrong(line(port), clientStation(points), clientIn({ ioa: '200' }));
      assert.match(errors[0] as string, /ioa: station Substation has no point to receive with object address 200/);
    });

    it('unknown keywords are told, those of client stations are not', async () => {
      await red.deploy([tab, line(port), clientStation(points, { parameters: 'WT0=5000;REDM=parallel;GRP=x' })]);
      assert.deepEqual(red.warnings('station'), ['parameter GRP: unknown, ignored']);
    });
  });

  describe('a tcp-line', () => {
    it('line-status shows it connecting and connected, and why it is not', async () => {
      const outstation = await red.outstation(port);
      await red.deploy([tab, line(port), clientStation(points), ...rest]);
      const { connections } = status(await inState('connecting'));
      assert.deepEqual(connections, []);
      await (await outstation.accept()).serve(ON);
      const connected = status(await inState('connected'));
      assert.equal(connected.flags, 'A');
      assert.deepEqual(
        connected.connections.map(({ remote, state }) => [remote, state]),
        [[`127.0.0.1:${port}`, 'started']],
      );
      assert.equal(connected.stations[0]?.state, 'StON');
      await red.until(() => red.statuses('status').at(-1)?.text === `state.connected 127.0.0.1:${port}`, 'its status');
      assert.equal(red.statuses('status').at(-1)?.fill, 'green');
      await outstation.close();
      const lost = await red.nextWhere('states', (message) => status(message).reason !== undefined, 'a reason');
      assert.equal(status(lost).state, 'connecting');
      assert.equal(status(lost).stations[0]?.state, 'StCOMERR');
    });

    it('goes through its hosts in turn', async () => {
      const outstation = await red.outstation(port, '127.0.0.1');
      await red.deploy([tab, line(port, { host: '127.0.0.9; 127.0.0.1' }), clientStation(points), ...rest]);
      await (await outstation.accept()).serve(ON);
      assert.equal((await red.next('values')).payload, true);
    });

    it('{disconnect} closes the connection, which is made anew; STWATCH interrogates', async () => {
      const outstation = await red.outstation(port);
      await red.deploy([tab, line(port), clientStation(points), ...rest]);
      const peer = await (await outstation.accept()).serve(ON);
      red.inject('status', { payload: 'STWATCH Substation' });
      await peer.expect(INTERROGATION);
      red.inject('status', { payload: { switch: true } });
      const refused = await red.next('caught');
      assert.match(String((refused.error as Message).message), /line Line has no standby connection to switch to/);
      red.inject('status', { payload: { disconnect: `127.0.0.1:${port}` } });
      await peer.closes();
      await (await outstation.accept()).serve(ON);
    });

    it('serves several stations over one connection', async () => {
      const outstation = await red.outstation(port);
      const other = clientStation(points, { id: 'other', name: 'Second', address: '2', parameters: 'OCIC=0' });
      await red.deploy([
        tab,
        line(port),
        clientStation(points, { parameters: 'OCIC=0' }),
        other,
        clientIn(),
        clientIn({ id: 'in2', station: 'other', wires: [['second']] }),
        sink('values'),
        sink('second'),
      ]);
      const peer = await (await outstation.accept()).started();
      await peer.asdus(2);
      peer.ask('01 01 03 00 02 00 64 00 00 01');
      assert.equal((await red.next('second')).topic, 'Q0');
      assert.equal(red.messages('values').length, 0);
    });

    it('a flow that names a redundant line in `line` gets it', async () => {
      const outstation = await red.outstation(port);
      await red.deploy([tab, redundantLine(port, backup, { useBackup: 'false' }), clientStation(points), ...rest]);
      await (await outstation.accept()).serve(ON);
      assert.equal(status(await inState('connected')).connections.length, 1);
    });
  });

  describe('a tcp-line-redundant', () => {
    const flow = (parameters = ''): FlowNode[] => [
      tab,
      redundantLine(port, backup),
      clientStation(points, { line: '', redundantLine: 'line', parameters }),
      ...rest.map((node) => (node.id === 'status' ? lineStatus({ line: '', redundantLine: 'line' }) : node)),
    ];

    it('starts one connection and keeps the other ready; a switch moves data transfer and interrogates', async () => {
      const [first, second] = [await red.outstation(port), await red.outstation(backup)];
      await red.deploy(flow());
      const one = await (await first.accept()).serve(ON);
      const two = await second.accept();
      const ready = await red.nextWhere(
        'states',
        (message) => status(message).connections.length === 2 && status(message).state === 'connected',
        'both connections',
      );
      assert.deepEqual(
        status(ready)
          .connections.map(({ remote, state }) => `${remote} ${state}`)
          .sort(),
        [`127.0.0.1:${port} started`, `127.0.0.1:${backup} standby`].sort(),
      );
      await red.next('values');
      red.inject('status', { payload: { switch: true } });
      await one.stopped();
      await two.serve(ON);
      assert.equal((await red.next('values')).payload, true);
      assert.deepEqual(red.messages('caught'), []);
    });

    it('the loss of one moves data transfer to the other; that of both marks the last values', async () => {
      const [first, second] = [await red.outstation(port), await red.outstation(backup)];
      await red.deploy(flow());
      await (await first.accept()).serve(ON);
      const two = await second.accept();
      await red.next('values');
      await first.close();
      await two.serve(ON);
      const moved = await red.next('values');
      assert.equal((moved.iec104 as Message).connection, `127.0.0.1:${backup}`);
      await second.close();
      const again = await red.next('values');
      assert.equal(((again.iec104 as Message).quality as Message).notTopical, true);
    });

    it('REDM=parallel takes the values of both once', async () => {
      const [first, second] = [await red.outstation(port), await red.outstation(backup)];
      await red.deploy(flow('REDM=parallel;OCIC=0;OIC=0'));
      const [one, two] = [await (await first.accept()).started(), await (await second.accept()).started()];
      one.ask(ON.replace('14 00', '03 00'));
      two.ask(ON.replace('14 00', '03 00'));
      await Promise.all([one.quiet(), two.quiet()]);
      await red.turns();
      assert.equal(red.messages('values').length, 1);
    });
  });
});
