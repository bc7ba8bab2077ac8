import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import commandResponse from '../../nodes/iec104-command-response.js';
import { catchAll, commandIn, type FlowNode, freePort, line, sink, station, tab } from './flow.js';
import { type Message, red, withNodeRed } from './runtime.js';

const points = [
  { ioa: 1, type: 'M_SP_NA_1' },
  { ioa: 201, tag: 'Q0.command', type: 'C_SC_NA_1' },
  { ioa: 202, type: 'C_DC_NA_1' },
  { ioa: 203, type: 'C_SC_NA_1', sbo: true },
  { ioa: 204, type: 'C_SC_NA_1', feedback: 1 },
];
const ASK = '2d 01 06 05 01 00 c9 00 00 01';
const CON = '2d 01 07 05 01 00 c9 00 00 01';
const NEGATIVE = '2d 01 47 05 01 00 c9 00 00 01';
const TERM = '2d 01 0a 05 01 00 c9 00 00 01';

const response = (properties: Message = {}): FlowNode => ({
  ...sink('response'),
  type: 'iec104-command-response',
  name: '',
  ...properties,
});

/** The runtime of these tests loads the nodes that it knows; this one comes on top of them. */
function withCommandResponse(): void {
  const { load } = helper;
  before(() => {
    helper.load = ((nodes: unknown[], ...rest: unknown[]) =>
      (load as (...args: unknown[]) => unknown).call(helper, [...nodes, commandResponse], ...rest)) as typeof load;
  });
  after(() => {
    Reflect.deleteProperty(helper, 'load');
  });
}

describe('iec104-command-response', () => {
  withNodeRed();
  withCommandResponse();

  let port: number;
  let flow: FlowNode[];

  async function begin(parameters = '', taker: Message = {}): Promise<void> {
    port = await freePort();
    const taking = commandIn({ confirm: 'flow', wires: [['commands']], ...taker });
    flow = [tab, line(port), station(points, { parameters }), taking, response(), sink('commands'), ...catchAll];
    await red.deploy(flow);
    assert.deepEqual(red.allErrors, []);
  }

  /** A command arrives at the flow. */
  const command = (): Promise<Message> => red.next('commands');

  function answer(to: Message, payload: unknown): void {
    red.inject('response', { ...to, payload });
  }

  async function refusedWith(pattern: RegExp): Promise<void> {
    const { error } = (await red.next('caught')) as { error: { message: string; source: { id: string } } };
    assert.equal(error.source.id, 'response');
    assert.match(error.message, pattern);
  }

  it('answers what was asked: true 7, "terminate" 10', async () => {
    await begin();
    const client = await red.client(port);
    client.ask(ASK);
    const message = await command();
    await client.quiet();
    answer(message, true);
    await client.expect(CON);
    answer(message, 'terminate');
    await client.expect(TERM);
    await client.quiet();
    assert.deepEqual(red.messages('caught'), []);
  });

  it('false refuses: 7 with P/N = 1', async () => {
    await begin();
    const client = await red.client(port);
    client.ask(ASK);
    answer(await command(), false);
    await client.expect(NEGATIVE);
    client.ask(ASK);
    answer(await command(), true);
    await client.expect(CON);
  });

  it('may be wired to the command node itself: the value of a single command is the answer', async () => {
    await begin('CMDC=1', { wires: [['response', 'commands']] });
    const client = await red.client(port);
    await client.answers(ASK, CON);
    await client.answers('2d 01 06 05 01 00 cc 00 00 00', '2d 01 47 05 01 00 cc 00 00 00');
    await client.answers('2d 01 06 05 01 00 cc 00 00 01', '2d 01 07 05 01 00 cc 00 00 01');
  });

  it('takes a message that was cloned, and one that went through JSON', async () => {
    await begin();
    const client = await red.client(port);
    client.ask(ASK);
    const message = await command();
    assert.equal(typeof (message.iec104 as Message).command, 'string');
    answer(structuredClone(message), true);
    await client.expect(CON);
    answer(JSON.parse(JSON.stringify(message)) as Message, 'terminate');
    await client.expect(TERM);
  });

  it('several commands at once are answered in any order', async () => {
    await begin();
    const client = await red.client(port);
    client.ask(ASK, '2e 01 06 05 01 00 ca 00 00 02');
    const [first, second] = [await command(), await command()];
    answer(second, 'terminate');
    await client.expect('2e 01 07 05 01 00 ca 00 00 02', '2e 01 0a 05 01 00 ca 00 00 02');
    answer(first, false);
    await client.expect(NEGATIVE);
  });

  it('a second answer is an error, and nothing is sent', async () => {
    await begin();
    const client = await red.client(port);
    client.ask(ASK);
    const message = await command();
    answer(message, true);
    await client.expect(CON);
    answer(message, true);
    await refusedWith(/is confirmed already; only "terminate" can follow/);
    answer(message, false);
    await refusedWith(/is confirmed already/);
    answer(message, 'terminate');
    await client.expect(TERM);
    answer(message, 'terminate');
    await refusedWith(/is not waiting/);
    await client.quiet();
  });

  it('a late answer is an error: the command was refused after CTO', async () => {
    await begin('CTO=1');
    const client = await red.client(port);
    client.ask(ASK);
    const message = await command();
    await client.expect(NEGATIVE);
    answer(message, true);
    await refusedWith(/is not waiting: it was answered, timed out or disconnected/);
    await client.quiet();
  });

  it('an answer after the connection was cut is an error', async () => {
    await begin();
    const client = await red.client(port);
    client.ask(ASK);
    const message = await command();
    await client.cut();
    // Another client that is served after it was cut: the line has seen the end of the first.
    const other = await red.client(port);
    other.ask(ASK);
    const next = await command();
    answer(message, true);
    await refusedWith(/is not waiting/);
    answer(next, true);
    await other.expect(CON);
  });

  it('an answer from before a deploy of the line does not reach what was asked since', async () => {
    await begin();
    (await red.client(port)).ask(ASK);
    const before = await command();
    const moved = await freePort();
    await red.deploy(flow.map((node) => (node.id === 'line' ? { ...node, port: String(moved) } : node)));
    const client = await red.client(moved);
    client.ask(ASK);
    const since = await command();
    answer(before, true);
    await refusedWith(/names no command|is not waiting/);
    await client.quiet();
    answer(since, true);
    await client.expect(CON);
  });

  for (const payload of ['yes', 1, 0, 'true', null, undefined, {}, 'TERMINATE'])
    it(`${JSON.stringify(payload)} is no answer: an error, and the command waits on`, async () => {
      await begin();
      const client = await red.client(port);
      client.ask(ASK);
      const message = await command();
      answer(message, payload);
      await refusedWith(/the payload is not true \(accepted\), false \(refused\) or "terminate"/);
      await client.quiet();
      answer(message, true);
      await client.expect(CON);
    });

  for (const [what, iec104] of [
    ['none at all', undefined],
    ['one without a command', { ioa: 201 }],
    ['a number', { command: 7 }],
    ['text without a line', { command: '7' }],
    ['that of a line that does not exist', { command: 'other:7' }],
    ['that of a node that is no line', { command: 'response:7' }],
  ] as const)
    it(`msg.iec104 that is ${what}: an error`, async () => {
      await begin();
      answer({ iec104 }, true);
      await refusedWith(/names no command: it stands in messages of iec104-command-in with confirm: flow/);
    });

  it('selects, cancels and tests are answered by the engine: they have no command, and to answer them is an error', async () => {
    await begin();
    const client = await red.client(port);
    for (const [asked, ...answers] of [
      ['2d 01 06 05 01 00 cb 00 00 81', '2d 01 07 05 01 00 cb 00 00 81'],
      ['2d 01 08 05 01 00 cb 00 00 81', '2d 01 09 05 01 00 cb 00 00 81'],
      [ASK.replace(' 06 ', ' 86 '), CON.replace(' 07 ', ' 87 '), TERM.replace(' 0a ', ' 8a ')],
    ] as const) {
      await client.answers(asked, ...answers);
      const message = await command();
      assert.equal((message.iec104 as Message).command, undefined);
      answer(message, true);
      await refusedWith(/names no command/);
    }
    await client.quiet();
  });

  it('two nodes that confirm one point: an error that names both, and the first goes on', async () => {
    await begin();
    await red.deploy([...flow, commandIn({ id: 'in2', name: 'Second', ioa: '201', confirm: 'flow', wires: [[]] })]);
    await red.until(() => red.errors('in2').length > 0, 'the error');
    assert.match(red.errors('in2')[0] ?? '', /confirm: the nodes in and Second would both answer/);
    const client = await red.client(port);
    client.ask(ASK);
    answer(await command(), true);
    await client.expect(CON);
  });

  it('shows the last answer under the node', async () => {
    await begin();
    (await red.client(port)).ask(ASK);
    answer(await command(), true);
    await red.until(() => red.statuses('response').length > 0, 'a status');
    assert.deepEqual(red.statuses('response').at(-1), { fill: 'green', shape: 'dot', text: 'answer.true' });
  });
});
