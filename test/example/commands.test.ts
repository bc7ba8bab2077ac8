import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FlowNode, freePort, type NodeRed, start } from '../node-red/runtime.js';
import { TestClient } from '../server/client.js';

const file = join(__dirname, '..', '..', 'examples', 'Commands with select before operate.json');
const flows: FlowNode[] = JSON.parse(readFileSync(file, 'utf8'));
const inject = (name: string): string => flows.find((node) => node.name === name)?.id as string;

/** Double command to 5000 with cause, P/N in its octet, and DCO: on, selected or executed. */
const command = (cause: string, dco: string): string => `2e 01 ${cause} 00 01 00 88 13 00 ${dco}`;
const SELECT = '82';
const EXECUTE = '02';

describe('Commands with select before operate', function () {
  this.timeout(60_000);
  const userDir = mkdtempSync(join(tmpdir(), 'telecontrol-commands-'));
  let running: NodeRed;
  let client: TestClient;

  before(async () => {
    const port = await freePort();
    running = await start({
      userDir,
      flows: flows.map((node) => (node.type === 'tcp-line' ? { ...node, port: String(port) } : node)),
    });
    client = await (await TestClient.connect(port)).start();
    client.ask('64 01 06 00 01 00 00 00 00 14');
    // The flow writes both values as it starts: they come with the interrogation, or as events after it.
    const waited = new Set(['64 0a', '64 00', '65 00']);
    while (waited.size > 0) {
      const asdu = await client.asdu();
      const isInvalid = Number.parseInt(asdu.slice(27, 29), 16) >= 0x80;
      if (asdu.startsWith('64')) waited.delete(`64 ${asdu.slice(6, 8)}`);
      else if (!isInvalid) waited.delete(asdu.slice(18, 23));
    }
  });
  after(async () => {
    await client?.cut();
    await running?.stop();
    rmSync(userDir, { recursive: true, force: true });
  });

  /** The next double-point information of 100: its DIQ and cause. */
  async function position(): Promise<readonly [diq: string, cause: string]> {
    const asdu = await client.asdu();
    assert.equal(asdu.slice(0, 2), '1f');
    return [asdu.slice(27, 29), asdu.slice(6, 8)];
  }

  it('is refused without a selection', async () => {
    await client.answers(command('06', EXECUTE), command('47', EXECUTE));
  });

  it('moves for two seconds: on its way, on, done', async () => {
    await client.answers(command('06', SELECT), command('07', SELECT));
    await client.answers(command('06', EXECUTE), command('07', EXECUTE));
    assert.deepEqual(await position(), ['00', '0b']);
    assert.deepEqual(await position(), ['02', '0b']);
    await client.expect(command('0a', EXECUTE));
  });

  it('is refused by the flow while the bay is earthed', async () => {
    await running.inject(inject('earthed'));
    assert.equal((await client.asdu()).slice(0, 2), '1e');
    await client.answers(command('06', SELECT), command('07', SELECT));
    await client.answers(command('06', EXECUTE), command('47', EXECUTE));
  });
});
