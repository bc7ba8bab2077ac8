import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Editor, needsBrowser } from './editor.js';
import { PlainNodeRed } from './runtime.js';

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

  before(async function () {
    needsBrowser(this);
    folder = mkdtempSync(join(tmpdir(), 'telecontrol-pack-'));
    nodeRed = await PlainNodeRed.start();
    editor = await Editor.open(nodeRed.url);
  });

  after(async () => {
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
  });
});
