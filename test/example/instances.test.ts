import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as turn } from 'node:timers/promises';
import { type FlowNode, freePort, type NodeRed, start } from '../node-red/runtime.js';
import { TestClient } from '../server/client.js';

const file = join(__dirname, '..', '..', 'examples', 'Two instances of one process.json');
const INTERROGATION = '64 01 06 00 01 00 00 00 00 14';

describe('Two instances of one process', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'telecontrol-instances-'));
  const running: NodeRed[] = [];
  let port: number;
  const begin = async (instance: number, flows: readonly FlowNode[]): Promise<NodeRed> => {
    const env = { KOM_INSTANCE: String(instance) };
    const red = await start({ userDir: join(folder, String(instance)), flows, env });
    running.push(red);
    return red;
  };
  /** Connects as soon as somebody listens. */
  const connect = async (): Promise<TestClient> => {
    for (;;) {
      const client = await TestClient.connect(port).catch(() => undefined);
      if (client !== undefined) return client.start();
      await turn(20);
    }
  };
  /** Which instance speaks: the value of object 101, by an interrogation. */
  const speaker = async (): Promise<number> => {
    const client = await connect();
    client.ask(INTERROGATION);
    for (;;) {
      const asdu = await client.asdu();
      // As long as the flow has not written yet the value is invalid.
      if (asdu.startsWith('64 01 0a')) client.ask(INTERROGATION);
      const found = /^07 01 14 00 01 00 65 00 00 (\w\w) 00 00 00 00$/.exec(asdu);
      if (found === null) continue;
      client.socket.destroy();
      return Number.parseInt(found[1] as string, 16);
    }
  };

  after(async () => {
    await Promise.all(running.map((red) => red.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  it('one serves, the other when it is stopped', async () => {
    port = await freePort();
    const name = `EXAMPLE ${port}`;
    const flows = (JSON.parse(readFileSync(file, 'utf8')) as FlowNode[]).map((node) => {
      if (node.type === 'tcp-line') return { ...node, port: String(port) };
      return node.type === 'kom-process' ? { ...node, name } : node;
    });
    const first = await begin(1, flows);
    assert.equal(await speaker(), 1);
    await begin(2, flows);
    assert.equal(await speaker(), 1);
    await first.stop();
    assert.equal(await speaker(), 2);
  });
});
