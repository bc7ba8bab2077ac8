import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Debian's browser, which opens the editor as a user does. */

const EXECUTABLE = process.env.TELECONTROL_CHROMIUM ?? '/usr/bin/chromium';

export interface OpenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  /** Of the editor's texts. */
  readonly language?: 'en-US' | 'de';
}

/** What a page has said that no page should: errors of scripts, and of the console. */
export interface Complaints {
  readonly errors: string[];
}

/** Starts the browser; where nothing may be missing its absence fails, elsewhere it skips the test. */
export async function startBrowser(test: Mocha.Context): Promise<Browser> {
  if (spawnSync(EXECUTABLE, ['--version']).error !== undefined) {
    assert.ok(!process.env.TELECONTROL_REQUIRE_ALL, 'chromium is not installed');
    test.skip();
  }
  return chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
}

/** A page of its own, without what others have left in the browser, before it goes anywhere. */
export async function newPage(browser: Browser, options: OpenOptions = {}): Promise<Page & Complaints> {
  const { width = 1280, height = 800, dark = false, language = 'en-US' } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    locale: language,
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(`page: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`console: ${message.text()} ${message.location().url}`);
  });
  // The list of packages on the internet, which the editor asks for by itself.
  await page.route('https://**', (route) => route.fulfill({ json: { modules: [] } }));
  await page.addInitScript((chosen) => localStorage.setItem('editor-language', chosen), language);
  return Object.assign(page, { errors });
}

/** Waits until the editor of a page can be used. */
export async function editorReady(page: Page): Promise<void> {
  await page.locator('#red-ui-header-button-deploy').waitFor();
  await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
}
