import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { World } from '../bytes/world.js';
import { type FlowNode, freePort, type NodeRed, start } from '../node-red/runtime.js';

const file = join(__dirname, '..', '..', 'examples', 'Two masters and one device.json');

describe('Two masters and one device', function () {
  this.timeout(60_000);
  const userDir = mkdtempSync(join(tmpdir(), 'telecontrol-channel-'));
  let running: NodeRed;
  let world: World;
  let ports: number[];

  before(async () => {
    world = new World();
    ports = [await freePort(), await freePort()];
    const flow: FlowNode[] = JSON.parse(readFileSync(file, 'utf8'));
    let lines = 0;
    const flows = flow.map((node) => (node.type === 'tcp-line' ? { ...node, port: String(ports[lines++]) } : node));
    running = await start({ userDir, flows });
    assert.equal(lines, 2);
  });
  after(async () => {
    await world.end();
    await running?.stop();
    rmSync(userDir, { recursive: true, force: true });
  });

  it('answers each its own questions, in a real Node-RED', async () => {
    const [one, two] = [await world.reach(ports[0] as number), await world.reach(ports[1] as number)];
    one.send('level?\n');
    two.send('who are you\n');
    await world.until(() => /^level \d\d\.\d %\n$/.test(one.received), 'the first answer');
    await world.until(() => two.received === '? who are you\n', 'the second answer');
    one.send('level?\n');
    await world.until(() => /^(level \d\d\.\d %\n){2}$/.test(one.received), 'the third answer');
    assert.equal(two.received, '? who are you\n');
  });
});
