import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';

const root = join(__dirname, '..', '..');
/** Where pictures go: CI keeps them as its output. */
export const pictures = process.env.TELECONTROL_PICTURES ?? join(root, '.run', 'pictures');

/** Debian's Chromium, or the one that TELECONTROL_CHROMIUM names; undefined where there is none. */
function browserPath(): string | undefined {
  const named = process.env.TELECONTROL_CHROMIUM;
  if (named !== undefined) return named;
  try {
    return execFileSync('which', ['chromium'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

/** Passes over the tests of a block where there is no browser; in CI that is a failure. */
export function needsBrowser(context: Mocha.Context): void {
  if (browserPath() !== undefined) return;
  if (process.env.TELECONTROL_REQUIRE_ALL !== undefined) throw new Error('chromium is not installed');
  console.log('      chromium is not installed: tests of the editor are passed over');
  context.skip();
}

export interface EditorOptions {
  readonly dark?: boolean;
  /** Language of the browser; the editor follows it. */
  readonly language?: string;
  readonly width?: number;
  readonly height?: number;
}

/** Node-RED's editor in a browser, as its user sees it. Errors of the page or its console fail the test that closes it. */
export class Editor {
  readonly errors: string[] = [];

  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
  ) {}

  static async open(url: string, options: EditorOptions = {}): Promise<Editor> {
    const browser = await chromium.launch({
      executablePath: browserPath() ?? 'chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    });
    const context = await browser.newContext({
      colorScheme: options.dark ? 'dark' : 'light',
      locale: options.language ?? 'en-US',
      viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
      acceptDownloads: true,
    });
    // A busy machine is no failure. Less than a test may take, so that a failure names what was waited for.
    context.setDefaultTimeout(45_000);
    const page = await context.newPage();
    const editor = new Editor(browser, page);
    page.on('pageerror', (error) => {
      if (!isOfNodeRed(error.stack)) editor.errors.push(`page: ${error.stack}`);
    });
    page.on('console', (message) => {
      if (message.type() === 'error' && !isOfTheOutside(message.text(), message.location().url))
        editor.errors.push(`console: ${message.text()} (${message.location().url})`);
    });
    await page.goto(url);
    await page.waitForSelector('#red-ui-workspace-chart svg');
    await page.waitForFunction(
      'typeof RED !== "undefined" && RED.settings && !!document.querySelector(".red-ui-palette-node, .red-ui-palette-search")',
    );
    return editor;
  }

  /** Closes the browser. @throws AssertionError where the page or its console has told of an error */
  async close(): Promise<void> {
    await this.browser.close();
    assert.deepEqual(this.errors, []);
  }

  async picture(name: string): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    await this.page.screenshot({ path: join(pictures, `${name}.png`) });
  }

  /** Puts a node of the palette into the flow, as dragging does. */
  async drag(type: string, x: number, y: number): Promise<void> {
    const { page } = this;
    const entry = page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
    await entry.scrollIntoViewIfNeeded();
    const before = await this.nodes();
    const from = await entry.boundingBox();
    const to = await page.locator('#red-ui-workspace-chart').boundingBox();
    assert.ok(from !== null && to !== null, `${type} is in the palette`);
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(to.x + x - 20, to.y + y - 20, { steps: 4 });
    await page.mouse.move(to.x + x, to.y + y, { steps: 4 });
    await page.mouse.up();
    await page.waitForFunction(`RED.nodes.filterNodes({}).length > ${before}`);
  }

  private async nodes(): Promise<number> {
    return this.page.evaluate<number>('RED.nodes.filterNodes({}).length');
  }

  /** Opens the dialog of the last node of a type. */
  async edit(type: string): Promise<Locator> {
    await this.page.evaluate(`RED.editor.edit(RED.nodes.filterNodes({type: ${JSON.stringify(type)}}).pop())`);
    return this.tray();
  }

  /** The dialog on top, when it has come to rest. */
  async tray(): Promise<Locator> {
    const tray = this.page.locator('.red-ui-tray').last();
    await tray.locator('.red-ui-tray-toolbar button.primary').waitFor();
    await this.page.waitForFunction('!document.querySelector(".red-ui-tray-overlay:not(:last-child)") || true');
    await this.settled();
    return tray;
  }

  /** Until nothing of the page moves any more. */
  async settled(): Promise<void> {
    await this.page.waitForFunction(
      'document.getAnimations().every((a) => a.playState !== "running") && window.$ && $(":animated").length === 0',
    );
  }

  /** Presses the first button of the dialog on top: Done, Add, Update. */
  async done(): Promise<void> {
    const tray = await this.page.locator('.red-ui-tray').last().elementHandle();
    await this.page.locator('.red-ui-tray').last().locator('.red-ui-tray-toolbar button.primary').click();
    // The one below takes its place.
    await this.page.waitForFunction('(tray) => !tray.isConnected', tray);
    await this.settled();
  }

  async deploy(): Promise<void> {
    const { page } = this;
    const answered = page.waitForResponse(
      (response) => /\/flows$/.test(response.url()) && response.request().method() === 'POST',
    );
    await page.locator('#red-ui-header-button-deploy').click();
    const answer = await answered;
    assert.ok(answer.ok(), `deploy: ${answer.status()}`);
    await page.locator('#red-ui-header-button-deploy.disabled').waitFor();
  }
}

/**
 * An error of Node-RED's editor among itself, with nothing of ours on the stack: on a busy machine it gives the description
 * of a node its size after the dialog has been closed, and a popover its content after that has gone.
 */
function isOfNodeRed(stack = ''): boolean {
  const places = stack.split('\n').filter((line) => /^ +at /.test(line) && !line.endsWith(' (<anonymous>)'));
  return places.length > 0 && places.every((place) => /^(?!.*\beval\b).*\/(?:red\/red|vendor\/)[^\s]*\.js/.test(place));
}

/** What Node-RED's editor asks of the internet, where there is none: the catalogue of the palette. */
function isOfTheOutside(text: string, url: string): boolean {
  return /net::ERR_/.test(text) && !/^http:\/\/127\.0\.0\.1[:/]/.test(url);
}
