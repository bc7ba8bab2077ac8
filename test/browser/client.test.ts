import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleOn } from '../example/flow.js';
import { type FlowNode, freePort, type NodeRed, start } from '../node-red/runtime.js';
import { Editor, needsBrowser } from './editor.js';

describe('a control centre in the editor', function () {
  this.timeout(90_000);
  const userDir = mkdtempSync(join(tmpdir(), 'telecontrol-centre-editor-'));
  let nodeRed: NodeRed;
  let editor: Editor;

  before(async function () {
    needsBrowser(this);
    nodeRed = await start({ userDir, flows: [{ id: 'tab', type: 'tab', label: 'Flow' }] });
    editor = await Editor.open(nodeRed.url);
  });
  after(async () => {
    await editor?.close();
    await nodeRed?.stop();
    rmSync(userDir, { recursive: true, force: true });
  });

  /** What was deployed of a type. */
  const deployed = async (type: string): Promise<FlowNode> => {
    const found = (await nodeRed.flows()).find((node) => node.type === type);
    assert.ok(found !== undefined, `${type} is deployed`);
    return found;
  };

  it('a station on a redundant line is made from one dragged node', async () => {
    const { page } = editor;
    await editor.drag('iec104-client-in', 300, 200);
    await editor.edit('iec104-client-in');
    await page.locator('#node-input-btn-station-add').click();
    const station = await editor.tray();
    assert.equal(await station.locator('#node-config-input-redundantLine').isVisible(), false);
    await station.locator('#node-config-input-name').fill('North');
    await station.locator('#telecontrol-line-kind').selectOption('redundantLine');
    await editor.picture('client-station');
    await page.locator('#node-config-input-btn-redundantLine-add').click();
    const line = await editor.tray();
    await line.locator('#node-config-input-name').fill('To North');
    await line.locator('#node-config-input-primaryHost').fill('192.0.2.1, 192.0.2.2');
    assert.equal(await line.locator('#node-config-input-backupHost').isVisible(), true);
    const isWrong = async (name: string): Promise<boolean> =>
      /input-error/.test((await line.locator(`#node-config-input-${name}`).getAttribute('class')) ?? '');
    assert.equal(await isWrong('backupHost'), true);
    await line.locator('#node-config-input-useBackup').uncheck();
    assert.equal(await isWrong('backupHost'), false);
    await line.locator('#node-config-input-useBackup').check();
    await line.locator('#node-config-input-backupHost').fill('198.51.100.1');
    await line.locator('summary').click();
    const certificate = line.locator('#node-config-input-myCertificate');
    await certificate.fill('my.crt');
    await certificate.dispatchEvent('change');
    assert.equal(await isWrong('myKey'), true);
    await certificate.fill('');
    await certificate.dispatchEvent('change');
    assert.equal(await isWrong('myKey'), false);
    assert.match(await line.innerText(), /Partner certificates/);
    await editor.picture('tcp-line-redundant');
    await editor.done();
    await editor.done();
    await editor.done();
    await editor.deploy();
    const made = await deployed('iec104-client-station');
    const redundant = await deployed('tcp-line-redundant');
    assert.equal(made.redundantLine, redundant.id);
    assert.ok(!made.line);
    assert.equal(redundant.primaryHost, '192.0.2.1, 192.0.2.2');
    assert.equal(redundant.useBackup, true);
    assert.equal((await deployed('iec104-client-in')).station, made.id);
    assert.equal(await page.evaluate('RED.nodes.node(RED.nodes.filterNodes({})[0].station).valid'), true);
  });

  it('the dialog of a station changes over to a plain line, and shows what is missing', async () => {
    const { page } = editor;
    const { id } = await deployed('iec104-client-station');
    await page.evaluate(`RED.editor.editConfig('', 'iec104-client-station', ${JSON.stringify(id)})`);
    const station = await editor.tray();
    await station.locator('#telecontrol-line-kind').selectOption('line');
    const line = station.locator('#node-config-input-line');
    assert.equal(await line.isVisible(), true);
    assert.match((await line.getAttribute('class')) ?? '', /input-error/);
    await editor.done();
    assert.equal(await page.evaluate(`RED.nodes.node(${JSON.stringify(id)}).valid`), false);
    assert.ok(!(await page.evaluate(`RED.nodes.node(${JSON.stringify(id)}).redundantLine`)));
  });

  it('the page of the example shows values, a chart, and how a command ended', async () => {
    const { page } = editor;
    await nodeRed.deploy(exampleOn(await freePort()));
    await page.goto(`${nodeRed.url}/control-centre`);
    await page.setViewportSize({ width: 1320, height: 520 });
    await page.locator('tbody tr').filter({ hasText: 'memory.used' }).click();
    await page.waitForFunction("document.querySelector('polyline').getAttribute('points').split(' ').length > 1");
    assert.equal(await page.locator('#state').innerText(), 'connected');
    await page.getByRole('button', { name: 'Start' }).click();
    await page
      .locator('#outcome')
      .filter({ hasText: /done in \d+ ms/ })
      .waitFor();
    await editor.picture('control-centre');
  });
});
