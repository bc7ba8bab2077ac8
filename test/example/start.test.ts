import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type FlowNode, freePort, type NodeRed, node, start, startInVain } from '../node-red/runtime.js';
import { exampleOn } from './flow.js';

const root = join(__dirname, '..', '..');
const name = 'node-red-contrib-telecontrol';

/** A module of the palette, as the admin API tells it. */
interface Module {
  readonly local: boolean;
  readonly user: boolean;
  readonly nodes: readonly { readonly id: string; readonly enabled: boolean; readonly err?: string }[];
}

/** A port at 127.0.0.1 that is in use. */
async function busy(): Promise<number> {
  // It ends with the test run: a test that fails must not hold that up.
  const server = createServer().listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('npm start', function () {
  this.timeout(60_000);
  let directory = '';
  let running: NodeRed | undefined;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'telecontrol-start-'));
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    rmSync(directory, { recursive: true, force: true });
  });

  it('begins with the example, keeps what the user changes, and stops cleanly', async () => {
    const line = await freePort();
    const flows = join(directory, 'example.json');
    writeFileSync(flows, JSON.stringify(exampleOn(line)));
    const options = { userDir: join(directory, 'user'), env: { TELECONTROL_FLOWS: flows } };
    const label = (nodes: FlowNode[]) => nodes.find(({ type }) => type === 'tab')?.label;

    running = await start(options);
    assert.match(running.output, new RegExp(`127\\.0\\.0\\.1:${line}, common address 1`));
    assert.match(running.output, /npm run master/);
    assert.match(running.output, /Ctrl-C/);
    assert.ok(!running.output.includes('\x1b'), 'no colours where nobody sees them');
    assert.ok(running.output.split('\n').length < 10, running.output);
    const begun = await running.flows();
    assert.equal(label(begun), 'This computer as a substation');
    await running.deploy(begun.map((node) => (node.type === 'tab' ? { ...node, label: 'Mine' } : node)));
    assert.equal((await running.stop()).code, 0);

    running = await start(options);
    assert.equal(label(await running.flows()), 'Mine');
    assert.deepEqual(await running.stop(), { code: 0, output: running.output });
  });

  it('has the package in the palette as if it were installed, with icons, catalogues and examples', async () => {
    running = await start({ userDir: directory, flows: [] });
    const module = (await running.get(`/nodes/${name}`)) as Module;
    assert.ok(module.local && module.user);
    assert.ok(module.nodes.length >= 5);
    for (const { id, enabled, err } of module.nodes) {
      assert.equal(err, undefined, id);
      assert.ok(enabled, id);
    }
    const icons = (await running.get('/icons')) as Record<string, string[]>;
    assert.ok(icons[name]?.includes('line-status.svg'));
    const german = (await running.get('/nodes/messages?lng=de')) as Record<string, Record<string, unknown>>;
    assert.ok(Object.keys(german[`${name}/tcp-line`] ?? {}).length > 0);
    const examples = `/library/examples/flows/${name}/`;
    const files = readdirSync(join(root, 'examples')).filter((file) => file.endsWith('.json'));
    const names = ((await running.get(examples)) as { fn: string }[]).map(({ fn }) => fn);
    assert.deepEqual(names.sort(), files.map((file) => basename(file, '.json')).sort());
    const imported = await running.text(`${examples}This%20computer%20as%20a%20substation`);
    assert.deepEqual(JSON.parse(imported), exampleOn(2404));
  });

  it('names a port of the editor that is in use and what to do, and opens nothing', async () => {
    const port = await busy();
    const line = await freePort();
    const { code, output } = await startInVain({ userDir: directory, flows: exampleOn(line), port });
    assert.equal(code, 1);
    assert.match(output, new RegExp(`Port ${port} at 127\\.0\\.0\\.1 is in use`));
    assert.match(output, new RegExp(`TELECONTROL_EDITOR_PORT=${port + 1} npm start`));
  });

  it('shows a port of a line that is in use, and runs the rest', async () => {
    const port = await busy();
    running = await start({ userDir: directory, flows: exampleOn(port) });
    assert.match(running.output, new RegExp(`port ${port} at 127\\.0\\.0\\.1 is in use`));
    assert.match(running.output, /This computer +not served, see above/);
    assert.equal((await running.flows()).length, exampleOn(port).length);
  });

  it('says that a port is no port', async () => {
    const { code, output } = await startInVain({ userDir: directory, port: 70000 });
    assert.equal(code, 1);
    assert.match(output, /TELECONTROL_EDITOR_PORT is a port/);
  });
});

describe('npm run master', function () {
  this.timeout(30_000);
  const run = async (...args: string[]) => {
    const child = spawn(node, [join(root, 'scripts', 'master.mjs'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
    await once(child, 'close');
    return { code: child.exitCode, output };
  };

  it('says that nothing listens', async () => {
    const place = `127.0.0.1:${await freePort()}`;
    const { code, output } = await run('--once', place);
    assert.equal(code, 1);
    assert.match(output, new RegExp(`^${place}: nothing listens there; npm start starts`));
  });

  it('says that the other side has closed', async () => {
    const server = createServer((socket) => socket.destroy())
      .listen(0, '127.0.0.1')
      .unref();
    await once(server, 'listening');
    const { code, output } = await run('--once', `127.0.0.1:${(server.address() as AddressInfo).port}`);
    assert.equal(code, 1);
    assert.match(output, /connection closed: closed by the substation|ECONNRESET/);
  });

  for (const args of [['--twice'], ['a', '1', 'b'], ['127.0.0.1', '65535'], ['127.0.0.1', 'x'], ['h:99999']]) {
    it(`says how it is used: ${args.join(' ')}`, async () => {
      const { code, output } = await run(...args);
      assert.equal(code, 1);
      assert.match(output, /npm run master -- \[--once\]/);
    });
  }
});
