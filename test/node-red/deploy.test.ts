import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestClient } from '../server/client.js';
import { octets } from '../server/wire.js';
import { type FlowNode, freePort, type NodeRed, start } from './runtime.js';

const COMMAND = '2d 01 06 00 01 00 88 13 00 01';
/** Of a point that takes no command without a selection. */
const SELECT = '2d 01 06 00 01 00 89 13 00 81';
const EXECUTE = '2d 01 06 00 01 00 89 13 00 01';
/** I-frames that may be unacknowledged. */
const K = 12;

/**
 * Counts up: the next number goes out when the last has been written. What Node-RED itself drops while it stops, between
 * one node and the next, is sent again after a deploy; a number that was written already is then no event.
 */
const begin = `setTimeout(() => node.send({ payload: (global.get('n') || 0) + 1 }), 20);`;
const next = `
  global.set('n', msg.payload);
  setTimeout(() => node.send({ payload: msg.payload + 1 }), 1);
`;

function flow(port: number, points: readonly object[] = []): FlowNode[] {
  const tab = { id: 'tab', type: 'tab', label: 'Deploys' };
  const node = (id: string, type: string, wires: string[][], more: object): FlowNode => ({
    id,
    type,
    z: 'tab',
    x: 100,
    y: 100,
    wires,
    ...more,
  });
  return [
    tab,
    { id: 'line', type: 'tcp-line', name: 'Line', host: '127.0.0.1', port: String(port), lineNumber: '0' },
    {
      id: 'station',
      type: 'iec104-server-station',
      name: 'Station',
      line: 'line',
      address: '1',
      parameters: 'SAI=False',
      points: [
        { ioa: 1, type: 'M_BO_NA_1' },
        { ioa: 5000, type: 'C_SC_NA_1' },
        { ioa: 5001, type: 'C_SC_NA_1', sbo: true },
        ...points,
      ],
    },
    node('count', 'function', [['out']], {
      func: next,
      outputs: 1,
      initialize: begin,
      finalize: '',
      libs: [],
    }),
    node('written', 'complete', [['count']], { scope: ['out'], uncaught: false }),
    node('out', 'iec104-server-out', [[]], { station: 'station', ioa: '1' }),
    node('in', 'iec104-command-in', [[]], { station: 'station', ioa: '', confirm: 'auto' }),
  ];
}

/** A master that counts every event and goes on sending commands, one after the other. */
class Master {
  readonly values: number[] = [];
  answered = 0;
  /** The answer to the last read. */
  read = '';
  /** Answers to what is selected and executed. */
  readonly selected: string[] = [];
  /** Whether a command that is done is followed by another. */
  commands = true;
  private last = 0;

  constructor(private readonly client: TestClient) {}

  get isConnected(): boolean {
    return !this.client.closed;
  }

  /** Watches until so many more events and answers have come. */
  async watch(events: number, answers: number): Promise<void> {
    const untilEvents = this.values.length + events;
    const untilAnswers = this.answered + answers;
    while (this.values.length < untilEvents || this.answered < untilAnswers) await this.take();
  }

  async take(): Promise<void> {
    this.see(await this.client.asdu());
  }

  /** Selects or executes. @returns the first answer */
  async ask(command: string): Promise<string> {
    this.selected.length = 0;
    this.client.ask(command);
    for (;;) {
      const [answer] = this.selected;
      if (answer !== undefined) return answer;
      await this.take();
    }
  }

  begin(): void {
    this.commands = true;
    this.client.ask(COMMAND);
  }

  private see(asdu: string): void {
    if (asdu.startsWith('07 01 03')) {
      const value = octets(asdu).readUInt32LE(9);
      if (this.last !== 0) assert.equal(value, this.last + 1, 'none is lost, none doubled');
      this.last = value;
      this.values.push(value);
    } else if (asdu.includes(' 89 13 00 ')) this.selected.push(asdu);
    else if (asdu.startsWith('2d 01 0a')) {
      this.answered++;
      if (this.commands) this.client.ask(COMMAND);
    } else if (/^(01|66) 01/.test(asdu)) this.read = asdu;
    else assert.match(asdu, /^2d 01 07/, 'a command is refused');
  }
}

/** A request as it is answered. */
function answer(request: string, cause: number): string {
  return request.replace('2d 01 06', `2d 01 0${cause}`);
}

/** A client as soon as the line listens. */
async function listening(port: number): Promise<TestClient> {
  for (;;) {
    try {
      return await TestClient.connect(port);
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
    }
  }
}

describe('deploys in a real Node-RED, with a master under load', function () {
  this.timeout(60_000);
  let userDir: string;
  let red: NodeRed;
  let port: number;
  let client: TestClient;
  let master: Master;

  before(async () => {
    userDir = mkdtempSync(join(tmpdir(), 'deploy-'));
    port = await freePort();
    red = await start({ userDir, flows: flow(port) });
    client = await TestClient.connect(port);
    client.send('68 04 07 00 00 00');
    assert.equal(await client.next(), '68 04 0b 00 00 00');
    master = new Master(client);
    master.begin();
    await master.watch(50, 20);
  });

  after(async () => {
    client?.socket.destroy();
    await red?.stop();
    rmSync(userDir, { recursive: true, force: true });
  });

  for (const type of ['full', 'reload', 'full', 'flows', 'nodes'] as const)
    it(`a deploy of the same (${type}): every event comes once, no command is refused, a selection stands`, async () => {
      assert.equal(await master.ask(SELECT), answer(SELECT, 7));
      await red.deploy(flow(port), type);
      assert.equal(await master.ask(EXECUTE), answer(EXECUTE, 7));
      await master.watch(100, 20);
      assert.ok(master.isConnected);
    });

  it('what is not acknowledged, and what waits behind it, comes once and in order after a deploy', async () => {
    // A command acknowledges as well.
    master.commands = false;
    await master.watch(0, 1);
    client.acknowledges = false;
    for (let i = 0; i < K; i++) await master.take();
    await red.deploy(flow(port), 'full');
    assert.deepEqual(client.frames, [], 'no more than K I-frames come');
    client.acknowledges = true;
    client.acknowledge();
    await master.watch(100, 0);
    master.begin();
    await master.watch(100, 20);
    assert.ok(master.isConnected);
  });

  it('a new point is there, a removed one is gone, the connection stays', async () => {
    assert.equal(await master.ask(SELECT), answer(SELECT, 7));
    await red.deploy(flow(port, [{ ioa: 2, type: 'M_SP_NA_1' }]), 'full');
    assert.equal(await master.ask(EXECUTE), answer(EXECUTE, 7));
    await master.watch(100, 20);
    client.ask('66 01 05 00 01 00 02 00 00');
    await master.watch(10, 0);
    assert.equal(master.read, '01 01 05 00 01 00 02 00 00 c0');
    // Not "nodes": then the flow goes on counting while the station is away, into nothing.
    await red.deploy(flow(port), 'full');
    client.ask('66 01 05 00 01 00 02 00 00');
    await master.watch(100, 20);
    assert.equal(master.read, '66 01 6f 00 01 00 02 00 00');
    assert.ok(master.isConnected);
  });

  it('a line that moves closes, and opens anew', async () => {
    const other = await freePort();
    await red.deploy(flow(other), 'full');
    await client.closes();
    const moved = await TestClient.connect(other);
    moved.send('68 04 07 00 00 00');
    assert.equal(await moved.next(), '68 04 0b 00 00 00');
    await red.deploy([{ id: 'tab', type: 'tab', label: 'Nothing' }], 'full');
    await moved.closes();
  });

  it('the end of the process closes at once', async () => {
    await red.deploy(flow(port), 'full');
    const again = await listening(port);
    const { code } = await red.stop();
    await again.closes();
    assert.equal(code, 0);
  });
});
