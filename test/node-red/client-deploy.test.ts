import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Outstation, type OutstationSession } from '../client/outstation.js';
import { type DeployType, type FlowNode, type NodeRed, start } from './runtime.js';

/** 45, object address 200: on, execute; the answers. */
const COMMAND = '2d 01 06 00 01 00 c8 00 00 01';
const COMMAND_CON = '2d 01 07 00 01 00 c8 00 00 01';
const COMMAND_TERM = '2d 01 0a 00 01 00 c8 00 00 01';
/** What Node-RED says of an outcome or a value that its flow was told. */
const OK = /outcome true \d+/g;

/** Commands one after the other: the next goes out when the outcome of the last has come. Values and outcomes are logged. */
const next = `
  const n = (context.get('n') || 0) + 1;
  context.set('n', n);
  node.warn('outcome ' + msg.payload.ok + ' ' + n);
  return { payload: { command: 'single', ioa: 200, value: true } };
`;
const begin = `node.send({ payload: { command: 'single', ioa: 200, value: true } });`;
const count = `node.warn('value ' + msg.payload);`;

function flow(port: number): FlowNode[] {
  const node = (id: string, type: string, wires: string[][], more: object): FlowNode => ({
    id,
    type,
    z: 'tab',
    x: 100,
    y: 100,
    wires,
    ...more,
  });
  const code = { outputs: 1, initialize: '', finalize: '', libs: [] };
  return [
    { id: 'tab', type: 'tab', label: 'Deploys' },
    { id: 'line', type: 'tcp-line', name: 'Line', host: '127.0.0.1', port: String(port), lineNumber: '0' },
    {
      id: 'station',
      type: 'iec104-client-station',
      name: 'Station',
      line: 'line',
      address: '1',
      parameters: '',
      points: [
        { ioa: 7, type: 'M_BO_NA_1' },
        { ioa: 200, type: 'C_SC_NA_1' },
      ],
    },
    node('begin', 'inject', [['first']], { repeat: '', once: false }),
    node('first', 'function', [['out']], { ...code, func: begin }),
    node('out', 'iec104-client-out', [['next']], { station: 'station' }),
    node('next', 'function', [['out']], { ...code, func: next }),
    node('in', 'iec104-client-in', [['count']], { station: 'station', ioa: '' }),
    node('count', 'function', [[]], { ...code, func: count }),
  ];
}

describe('deploys of a control centre in a real Node-RED', function () {
  this.timeout(60_000);
  let userDir: string;
  let red: NodeRed;
  let outstation: Outstation;
  let session: OutstationSession;

  before(async () => {
    userDir = mkdtempSync(join(tmpdir(), 'client-deploy-'));
    outstation = await Outstation.listen();
    red = await start({ userDir, flows: flow(outstation.port) });
    session = await (await outstation.accept()).serve();
    await red.inject('begin');
    await session.expect(COMMAND);
  });

  after(async () => {
    await red?.stop();
    await outstation?.close();
    rmSync(userDir, { recursive: true, force: true });
  });

  for (const type of ['full', 'flows', 'nodes', 'reload'] satisfies DeployType[])
    it(`${type}: the connection, its sequence numbers and an open command stay`, async () => {
      // Deployed while the outcome is open, and answered only then.
      const outcomes = red.output.match(OK)?.length ?? 0;
      await red.deploy(type === 'reload' ? [] : flow(outstation.port), type);
      session.ask(COMMAND_CON, COMMAND_TERM);
      await session.expect(COMMAND);
      await red.prints(new RegExp(`(?:outcome true \\d+[^]*){${outcomes + 1}}`));
      assert.equal(outstation.count, 1);
      assert.ok(!session.closed);
    });

  it('a changed station keeps the connection, and interrogates what is new', async () => {
    const changed = flow(outstation.port).map((node) =>
      node.id === 'station' ? { ...node, points: [...(node.points as object[]), { ioa: 8, type: 'M_BO_NA_1' }] } : node,
    );
    await red.deploy(changed, 'nodes');
    await session.expect('64 01 06 00 01 00 00 00 00 14');
    session.ask('07 01 03 00 01 00 08 00 00 2a 00 00 00 00');
    await red.prints(/value 42/);
    assert.equal(outstation.count, 1);
  });

  it('when Node-RED stops, the connection closes', async () => {
    await red.stop();
    await session.closes();
  });
});
