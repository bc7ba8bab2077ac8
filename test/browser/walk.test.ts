import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../node-red/runtime.js';
import { TestClient } from '../server/client.js';
import { fieldsOfCapture, hasTshark } from '../trace/tshark-capture.js';
import { Editor, needsBrowser } from './editor.js';
import { PlainNodeRed } from './runtime.js';

const POINTS = 1000;
const root = join(__dirname, '..', '..');

/** The package as it is handed out. */
function pack(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  execFileSync('npm', ['pack', '--ignore-scripts', '--loglevel', 'error', '--pack-destination', folder], { cwd: root });
  return join(folder, `${name}-${version}.tgz`);
}

describe('the editor, from an empty palette', function () {
  this.timeout(120_000);
  let folder: string;
  let nodeRed: PlainNodeRed;
  let editor: Editor;
  let port: number;
  let master: TestClient | undefined;

  before(async function () {
    needsBrowser(this);
    folder = mkdtempSync(join(tmpdir(), 'telecontrol-pack-'));
    nodeRed = await PlainNodeRed.start();
    editor = await Editor.open(nodeRed.url);
    await editor.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    port = await freePort();
  });

  after(async () => {
    await master?.cut();
    await editor?.close();
    await nodeRed?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes the packed file by the palette manager’s upload, without a registry', async () => {
    const { page } = editor;
    const file = pack(folder);
    await page.evaluate('RED.actions.invoke("core:manage-palette")');
    await page.locator('#red-ui-palette-editor-tabs a').filter({ hasText: 'Install' }).click();
    await page.locator('#red-ui-palette-editor input[name=tarball]').setInputFiles(file);
    await page.locator('.red-ui-palette-editor-upload-buttons button.primary').click();
    await page.waitForFunction('RED.nodes.getType("tcp-line")', undefined, { timeout: 60_000 });
    assert.ok(nodeRed.output.includes('node-red-contrib-telecontrol'), 'installed by the runtime');
    await editor.picture('palette-installed');
    await editor.done();
  });

  it('makes a station with a line and 1,000 points of a spreadsheet, from one dragged node', async () => {
    const { page } = editor;
    await page.locator('#red-ui-palette-search input, .red-ui-palette-search input').first().fill('104');
    await editor.drag('iec104-server-out', 260, 120);
    let tray = await editor.edit('iec104-server-out');
    await tray.locator('#node-input-ioa').fill('1000');
    await tray
      .locator('#node-input-btn-station-add, #node-input-lookup-station, a.red-ui-button:has(i.fa-plus)')
      .first()
      .click();
    tray = await editor.tray();
    await tray.locator('#node-config-input-name').fill('Substation');
    await tray.locator('#node-config-input-btn-line-add, a.red-ui-button:has(i.fa-plus)').first().click();
    tray = await editor.tray();
    await tray.locator('#node-config-input-name').fill('To the control centre');
    await tray.locator('#node-config-input-port').fill(String(port));
    await editor.picture('line');
    await editor.done();
    tray = await editor.tray();
    await tray.locator('a[href="#telecontrol-station-tab-points"]').click();
    const rows = Array.from({ length: POINTS }, (_, i) => `${1000 + i}\tFeeder ${i}\tM_ME_TF_1`);
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(`Address\tTag\tType\n${rows.join('\n')}\n`)})`);
    await tray.getByRole('grid', { name: 'Points' }).focus();
    await page.keyboard.press('Control+v');
    await page.getByRole('dialog', { name: 'Import points' }).getByRole('button', { name: 'Take over' }).click();
    await editor.settled();
    await editor.picture('points');
    await editor.done();
    await editor.done();
    await editor.deploy();
    await editor.picture('deployed');
  });

  it('serves a master, which gets all of them', async () => {
    // A deploy is answered before the line listens.
    while (master === undefined) master = await TestClient.connect(port).catch(() => undefined);
    await master.start();
    assert.equal(await interrogate(master), POINTS);
  });

  it('shows the master in the sidebar, and its frames, as a file that Wireshark opens', async function () {
    const { page } = editor;
    await page.evaluate('RED.actions.invoke("telecontrol:show-sidebar")');
    const sidebar = page.locator('.telecontrol-sidebar');
    const client = master as TestClient;
    await sidebar.getByText(`127.0.0.1:${client.port}`).first().waitFor();
    await editor.picture('walk-lines');
    await sidebar.getByRole('tab', { name: 'Frames' }).click();
    await page.waitForFunction('document.querySelector(".telecontrol-counts").textContent !== ""');
    await interrogate(client);
    const row = sidebar.locator('[role=option]').filter({ hasText: 'C_IC_NA_1' }).first();
    await row.click();
    await sidebar.getByText('TI', { exact: true }).waitFor();
    await editor.picture('walk-frames');
    if (!hasTshark(this)) return;
    const loading = page.waitForEvent('download');
    await sidebar.getByRole('button', { name: /Wireshark|Download/ }).click();
    const file = join(folder, 'frames.pcapng');
    await (await loading).saveAs(file);
    const types = fieldsOfCapture(readFileSync(file), ['iec60870_asdu.typeid']).flat();
    assert.ok(types.some((type) => type.includes('100')) && types.some((type) => type.includes('13')));
  });

  it('looks as it should in the dark, after the editor was loaded anew', async () => {
    await editor.close();
    editor = await Editor.open(nodeRed.url, { dark: true });
    const { page } = editor;
    await page.evaluate('document.documentElement.classList.add("nr-theme-dark")');
    await editor.edit('iec104-server-out');
    await editor.picture('walk-dark-dialog');
    await editor.done();
    await page.evaluate(
      'RED.editor.editConfig("", "iec104-server-station", RED.nodes.filterNodes({type: "iec104-server-out"})[0].station)',
    );
    const tray = await editor.tray();
    await tray.locator('a[href="#telecontrol-station-tab-points"]').click();
    await tray.getByText(`Points: ${POINTS}`).waitFor();
    await editor.picture('walk-dark-points');
    await editor.done();
  });

  /** A general interrogation. @returns how many values it brought */
  async function interrogate(client: TestClient): Promise<number> {
    client.ask('64 01 06 00 01 00 00 00 00 14');
    let values = 0;
    for (;;) {
      const asdu = await client.asdu();
      if (asdu.startsWith('0d')) values += Number.parseInt(asdu.slice(3, 5), 16) & 0x7f;
      else if (asdu.startsWith('64 01 0a')) return values;
    }
  }
});
