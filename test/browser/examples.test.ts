import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type FlowNode, type NodeRed, start } from '../node-red/runtime.js';
import { Editor, needsBrowser } from './editor.js';

const folder = join(__dirname, '..', '..', 'examples');
const examples = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe('every example, imported from the editor’s menu', function () {
  this.timeout(60_000);
  const userDir = mkdtempSync(join(tmpdir(), 'telecontrol-imports-'));
  let nodeRed: NodeRed;
  let editor: Editor;

  before(async function () {
    needsBrowser(this);
    nodeRed = await start({ userDir, flows: [], env: { KOM_INSTANCE: '1' } });
    editor = await Editor.open(nodeRed.url);
  });
  after(async () => {
    await editor?.close();
    await nodeRed?.stop();
    rmSync(userDir, { recursive: true, force: true });
  });

  for (const file of examples) {
    const name = basename(file, '.json');
    it(name, async () => {
      const { page } = editor;
      const flow: FlowNode[] = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      await page.evaluate('RED.actions.invoke("core:show-examples-import-dialog")');
      const dialog = page.locator('#red-ui-clipboard-dialog-import-tabs-content');
      const own = dialog.locator('.red-ui-treeList-label').filter({ hasText: 'node-red-contrib-telecontrol' });
      const example = dialog.getByText(name, { exact: true });
      await own.click();
      // The list may still have been on its way when it was opened.
      const isShown = (): Promise<boolean> =>
        example.waitFor({ timeout: 1000 }).then(
          () => true,
          () => false,
        );
      while (!(await isShown())) await own.press('ArrowRight');
      await example.click();
      await page
        .locator('#red-ui-clipboard-dialog-ok:not(.disabled), #red-ui-clipboard-dialog-ok.ui-button:enabled')
        .click();
      await page.waitForFunction(
        `RED.nodes.filterNodes({}).length > 0 && ${JSON.stringify(flow.map(({ type }) => type))}.every((type) => type === 'tab' || type === 'group' || RED.nodes.getType(type))`,
      );
      await page.evaluate('RED.workspaces.show(RED.nodes.getWorkspaceOrder().pop())');
      await editor.settled();
      await editor.picture(`example ${name}`);
      await editor.deploy();
      const deployed = await nodeRed.flows();
      for (const { type } of flow)
        assert.ok(
          deployed.some((node) => node.type === type),
          `${type} is deployed`,
        );
      assert.doesNotMatch(nodeRed.output, /error/i);
      await nodeRed.deploy([]);
      await page.reload();
      await page.waitForSelector('#red-ui-workspace-chart svg');
    });
  }
});
