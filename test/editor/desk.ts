import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Editor, needsBrowser } from '../browser/editor.js';
import { type FlowNode, freePort, type NodeRed, start } from '../node-red/runtime.js';

/** Stands for the port that the line of the station listens on. */
export const OWN_PORT = 'own';

/** A real Node-RED with one station, and its editor in a browser, for the tests of a block. */
export class Desk {
  private constructor(
    readonly red: NodeRed,
    readonly editor: Editor,
    /** Where the line of the station listens. */
    readonly port: number,
  ) {}

  get page(): Page {
    return this.editor.page;
  }

  static async open(points: readonly object[], station: object = {}, more: readonly FlowNode[] = []): Promise<Desk> {
    const userDir = mkdtempSync(join(tmpdir(), 'telecontrol-desk-'));
    const port = await freePort();
    const flows: FlowNode[] = [
      { id: 'tab', type: 'tab', label: 'Desk' },
      { id: 'line', type: 'tcp-line', name: 'Line', host: '127.0.0.1', port: String(port), lineNumber: '0' },
      {
        id: 'station',
        type: 'iec104-server-station',
        name: 'Substation',
        line: 'line',
        address: '1',
        parameters: '',
        syncPeriod: '0',
        points,
        ...station,
      },
      // A configuration node that nothing uses would be there, but marked.
      {
        id: 'out',
        type: 'iec104-server-out',
        z: 'tab',
        x: 200,
        y: 80,
        name: '',
        station: 'station',
        ioa: '',
        wires: [[]],
      },
      ...more.map((node) => (node.port === OWN_PORT ? { ...node, port: String(port) } : node)),
    ];
    const red = await start({ userDir, flows });
    const editor = await Editor.open(red.url);
    await editor.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    return new Desk(red, editor, port);
  }

  async close(): Promise<void> {
    await this.editor.close().finally(async () => {
      await this.red.stop();
      rmSync(this.red.userDir, { recursive: true, force: true });
    });
  }

  /** Opens the dialog of the station, and one of its tabs. @returns ms until it had been drawn */
  async openStation(tab: 'station' | 'points' | 'parameters' = 'points', id = 'station'): Promise<number> {
    const took = await this.openDialog(id);
    await this.tab(tab);
    return took;
  }

  /** Shows a tab of the open station. */
  async tab(name: 'station' | 'points' | 'parameters'): Promise<void> {
    const panel = this.page.locator(`#telecontrol-station-tab-${name}`);
    // Node-RED takes two clicks on any tabs within 0.4 s for a double click, and does nothing at the second.
    for (let clicks = 0; clicks < 2 && !(await panel.isVisible()); clicks++)
      await this.page.locator(`a[href="#telecontrol-station-tab-${name}"]`).click();
    await panel.waitFor();
  }

  /** Opens the dialog of a node. @returns ms until it had been drawn */
  async openDialog(id: string): Promise<number> {
    const took = await this.page.evaluate<number>(`new Promise((done) => {
      const node = RED.nodes.node(${JSON.stringify(id)});
      const began = performance.now();
      if (node._def.category === 'config') RED.editor.editConfig('', node.type, node.id);
      else RED.editor.edit(node);
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
    })`);
    await this.editor.tray();
    return took;
  }

  async cancel(): Promise<void> {
    const trays = this.page.locator('.red-ui-tray');
    await trays.locator('#node-config-dialog-cancel, #node-dialog-cancel').click();
    await trays.waitFor({ state: 'detached' });
  }

  /** A property of the station as the editor holds it. */
  property<T>(name: string): Promise<T> {
    return this.page.evaluate<T>(`RED.nodes.node('station')[${JSON.stringify(name)}]`);
  }

  async copy(text: string): Promise<void> {
    await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  }

  copied(): Promise<string> {
    return this.page.evaluate<string>('navigator.clipboard.readText()');
  }

  async keys(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** What the cells in sight of a column say. */
  cells(field: string): Promise<string[]> {
    return this.page.locator(`.telecontrol-grid-row [data-field="${field}"]`).allTextContents();
  }
}

/** One desk for all tests of a block. */
export function withDesk(points: readonly object[], station: object = {}, more: readonly FlowNode[] = []): () => Desk {
  let desk: Desk | undefined;
  before(async function () {
    this.timeout(60_000);
    needsBrowser(this);
    desk = await Desk.open(points, station, more);
  });
  afterEach(async function () {
    const { currentTest } = this;
    if (currentTest?.state === 'failed') await desk?.editor.picture(`failed-${currentTest.title.replace(/\W+/g, '-')}`);
  });
  after(async function () {
    this.timeout(60_000);
    await desk?.close();
  });
  return () => desk as Desk;
}
