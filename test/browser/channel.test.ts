import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { World } from '../bytes/world.js';
import { type FlowNode, freePort, type NodeRed, start } from '../node-red/runtime.js';
import { Editor, needsBrowser } from './editor.js';

const file = join(__dirname, '..', '..', 'examples', 'Two masters and one device.json');

describe('a byte channel in the editor', function () {
  this.timeout(60_000);
  const userDir = mkdtempSync(join(tmpdir(), 'telecontrol-channels-'));
  const world = new World();
  const ports: number[] = [];
  let nodeRed: NodeRed;
  let editor: Editor;

  before(async function () {
    needsBrowser(this);
    ports.push(await freePort(), await freePort());
    const flow: FlowNode[] = JSON.parse(readFileSync(file, 'utf8'));
    let lines = 0;
    const flows = flow.map((node) => (node.type === 'tcp-line' ? { ...node, port: String(ports[lines++]) } : node));
    nodeRed = await start({ userDir, flows });
    editor = await Editor.open(nodeRed.url);
  });
  after(async () => {
    await world.end();
    await editor?.close();
    await nodeRed?.stop();
    rmSync(userDir, { recursive: true, force: true });
  });

  async function pictures(name: string): Promise<void> {
    for (const colorScheme of ['dark', 'light'] as const) {
      await editor.page.emulateMedia({ colorScheme });
      await editor.picture(`${name}-${colorScheme}`);
    }
  }

  /** The dialog of the example's channel. */
  async function dialog(): Promise<Locator> {
    const edit = 'RED.nodes.eachConfig((node) => { if (node.type === "channel") id = node.id; })';
    await editor.page.evaluate(`{ let id; ${edit}; RED.editor.editConfig("", "channel", id); }`);
    return editor.tray();
  }

  it('asks for what its mode, sharing and downstream need, and for nothing else', async () => {
    const tray = await dialog();
    const field = (name: string): Locator => tray.locator(`#node-config-input-${name}`);
    const all = ['line', 'secondaryLine', 'redundantLine', 'listen', 'destinations', 'multicastGroup'];
    const choices = { serial: ['serialPort', 'baudRate', 'dataBits', 'parity', 'stopBits'], slot: ['slotTimeout'] };
    const shown = async (names: readonly string[]): Promise<string[]> => {
      const found: string[] = [];
      // Lines are chosen by what the editor puts in the place of the field: its row tells.
      for (const name of names)
        if (await tray.locator(`.form-row:has(#node-config-input-${name})`).isVisible()) found.push(name);
      return found;
    };
    assert.deepEqual(await shown(all), ['line', 'secondaryLine']);
    await field('mode').selectOption('client');
    assert.deepEqual(await shown(all), ['line', 'redundantLine']);
    await field('mode').selectOption('peer');
    assert.deepEqual(await shown(all), ['listen', 'destinations', 'multicastGroup']);
    await pictures('channel-peer');
    assert.deepEqual(await shown(choices.serial), []);
    await field('downstream').selectOption('serial');
    assert.deepEqual(await shown(choices.serial), choices.serial);
    assert.deepEqual(await shown(choices.slot), ['slotTimeout']);
    await field('sharing').selectOption('raw');
    assert.deepEqual(await shown(choices.slot), []);
    await pictures('channel-serial');
  });

  it('marks what is missing or out of its range, by what is chosen there', async () => {
    const tray = editor.page.locator('.red-ui-tray').last();
    const field = (name: string): Locator => tray.locator(`#node-config-input-${name}`);
    const isWrong = async (name: string): Promise<boolean> =>
      /input-error/.test((await field(name).getAttribute('class')) ?? '');
    const channel = 'RED.nodes.node(RED.nodes.filterNodes({type: "channel-in"})[0].channel)';
    for (const [name, wrong, right] of [
      ['multicastGroup', '192.0.2.1', '239.1.1.1'],
      ['baudRate', '49', '19200'],
      ['separator', '256', '10'],
      ['maxFrame', '1461', '1460'],
      ['maxDelay', '0', '2550'],
      ['listen', '', '*:9000'],
      ['listen', '*:9000, *:9001', '*:9000'],
      ['destinations', '192.0.2.1', '192.0.2.1:9000, [2001:db8::1]:9000'],
      ['serialPort', '', '/dev/ttyUSB0'],
    ] as const) {
      await field(name).fill(wrong);
      await field(name).dispatchEvent('change');
      assert.ok(await isWrong(name), `${name} "${wrong}"`);
      await field(name).fill(right);
      await field(name).dispatchEvent('change');
      assert.equal(await isWrong(name), false, `${name} "${right}"`);
    }
    // Another mode, and other fields count.
    await field('listen').fill('');
    await field('mode').selectOption('server');
    await field('line').selectOption('_ADD_');
    for (const [mode, wrong] of [
      ['peer', ['listen']],
      ['server', ['line']],
      ['client', ['line']],
    ] as const) {
      await field('mode').selectOption(mode);
      for (const name of ['listen', 'line', 'secondaryLine', 'redundantLine'])
        assert.equal(await isWrong(name), (wrong as readonly string[]).includes(name), `${name} of a ${mode}`);
    }
    await editor.done();
    const told = await editor.page.evaluate(`${channel}.validationErrors`);
    assert.deepEqual(told, ['Line is missing']);
    await dialog();
    await field('mode').selectOption('peer');
    await field('listen').fill('*:9000');
    await editor.done();
    assert.equal(await editor.page.evaluate(`${channel}.valid`), true);
  });

  it('shows who has the device, what waits, and octets of each session as digits and text', async () => {
    const { page } = editor;
    await page.evaluate('RED.actions.invoke("telecontrol:show-sidebar")');
    const sidebar = page.locator('.telecontrol-sidebar');
    const one = await world.reach(ports[0] as number);
    one.send('level?\n');
    await world.until(() => one.received !== '', 'the answer');
    const card = sidebar.locator('.telecontrol-connection').filter({ hasText: `:${one.socket.localPort}` });
    await card.getByText('octets sent').waitFor();
    // Whoever asks again and again has the device all the time.
    const asking = setInterval(() => one.send('level?\n'), 100);
    world.atEnd(() => clearInterval(asking));
    await card.getByText('has the device').waitFor();
    await sidebar.getByRole('tab', { name: 'Frames' }).click();
    const frames = sidebar.locator('[role=option]').filter({ hasText: `:${one.socket.localPort}` });
    await frames.filter({ hasText: '6C 65 76 65 6C 3F 0A |level?.|' }).first().waitFor();
    await pictures('channel-frames');
    clearInterval(asking);
  });
});
