import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { freePort, line, station, tab } from '../nodes/flow.js';
import { TestClient } from '../server/client.js';
import { fieldsOfCapture, hasTshark } from '../trace/tshark-capture.js';
import { Editor, type EditorOptions, needsBrowser } from './editor.js';
import { PlainNodeRed } from './runtime.js';

const root = join(__dirname, '..', '..');

/** Three users of one password: who may do everything, who may read, and who may see flows alone. */
const password = '$2b$04$.qrg5TXHvHPDnmfOZNQ4wOGtUIDIfICKpTmQCl6gZfCZb883m8PJ2';
const seesFlows = ['flows.read', 'nodes.read', 'settings.read', 'library.read', 'context.read', 'plugins.read'];
const users = [
  { username: 'chief', password, permissions: '*' },
  { username: 'reader', password, permissions: 'read' },
  { username: 'visitor', password, permissions: seesFlows },
];
type User = 'chief' | 'reader' | 'visitor';

const INTERROGATION = '64 01 06 00 01 00 00 00 00 14';
const READ = '66 01 05 00 01 00 64 00 00';
const UNKNOWN = '66 01 05 00 01 00 09 00 00';

/** The package as it is installed, and a line with a station. */
function prepare(userDir: string, port: number): void {
  mkdirSync(join(userDir, 'node_modules'));
  symlinkSync(root, join(userDir, 'node_modules', 'node-red-contrib-telecontrol'), 'junction');
  const dependencies = { 'node-red-contrib-telecontrol': `file:${root}` };
  writeFileSync(join(userDir, 'package.json'), JSON.stringify({ name: 'test', private: true, dependencies }));
  const points = [
    { ioa: 100, tag: 'Q0.position', type: 'M_SP_NA_1' },
    { ioa: 101, tag: 'U', type: 'M_ME_NC_1' },
  ];
  const flow = [tab, line(port, { name: 'Control centre' }), station(points)];
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flow));
}

describe('the Telecontrol sidebar', function () {
  this.timeout(60_000);
  let nodeRed: PlainNodeRed;
  let port: number;
  /** That of the chief, which most tests use. */
  let shared: { editor: Editor; page: Page };
  /** That of the reader. */
  let second: { editor: Editor; page: Page } | undefined;
  const editors: Editor[] = [];
  const masters: TestClient[] = [];

  before(async function () {
    needsBrowser(this);
    port = await freePort();
    const adminAuth = { type: 'credentials', users };
    nodeRed = await PlainNodeRed.start({ adminAuth }, (userDir) => prepare(userDir, port));
    shared = await open('chief');
    editors.splice(0);
  });

  afterEach(async () => {
    for (const { socket } of masters.splice(0)) socket.destroy();
    for (const editor of editors.splice(0)) await editor.close();
  });

  after(async () => {
    await shared?.editor.close();
    await second?.editor.close();
    await nodeRed?.stop();
  });

  /** Once for each: Node-RED takes five logins in ten minutes. */
  const tokens = new Map<User, Promise<string>>();
  function token(user: User): Promise<string> {
    const found = tokens.get(user) ?? logIn(user);
    tokens.set(user, found);
    return found;
  }

  async function logIn(username: User): Promise<string> {
    const given = { client_id: 'node-red-editor', grant_type: 'password', scope: '', username, password: 'password' };
    const answer = await fetch(`${nodeRed.url}/auth/token`, { method: 'POST', body: new URLSearchParams(given) });
    assert.ok(answer.ok, `${username} cannot log in`);
    return ((await answer.json()) as { access_token: string }).access_token;
  }

  /** Opens the editor as somebody who has logged in, with the sidebar in front. */
  async function open(user: User, options: EditorOptions = {}): Promise<{ editor: Editor; page: Page }> {
    const editor = await Editor.open(`${nodeRed.url}/?access_token=${await token(user)}`, options);
    editors.push(editor);
    const { page } = editor;
    await page.waitForFunction('RED.actions.get("telecontrol:show-sidebar")');
    await page.evaluate('RED.actions.invoke("telecontrol:show-sidebar")');
    await page.locator('.telecontrol-sidebar').waitFor();
    return { editor, page };
  }

  async function reader(): Promise<{ editor: Editor; page: Page }> {
    if (second === undefined) {
      second = await open('reader');
      editors.pop();
    }
    return second;
  }

  async function showFrames(page: Page): Promise<void> {
    await page.getByRole('tab', { name: /Frames|Telegramme/ }).click();
    // The runtime captures from now on.
    await page.waitForFunction('document.querySelector(".telecontrol-counts").textContent !== ""');
  }

  /** The shared editor, its monitor empty and without a filter. */
  async function frames(): Promise<Page> {
    const { page } = shared;
    await showFrames(page);
    await page.evaluate(async () => {
      let isTyped = false;
      for (const field of document.querySelectorAll<HTMLInputElement>('.telecontrol-filters :is(input, select)')) {
        if (field.value === '') continue;
        field.value = '';
        field.dispatchEvent(new Event('input'));
        isTyped = true;
      }
      // Behind the panel's own timers: it shows all anew when the typing rests.
      if (isTyped) await new Promise((resolve) => setTimeout(resolve, 250));
    });
    // "0 of 0" may have stood there before: what came between would be cleared too.
    const cleared = page.waitForResponse((response) => response.url().endsWith('/clear'));
    await page.getByRole('button', { name: 'Clear' }).click();
    await cleared;
    await shows(page, '0 of 0');
    return page;
  }

  async function connect(): Promise<TestClient> {
    const master = await TestClient.connect(port);
    masters.push(master);
    return master.start();
  }

  const rows = (page: Page): Locator => page.locator('.telecontrol-frames [role=option]:visible');
  const row = (page: Page, text: string): Locator => rows(page).filter({ hasText: text });
  const shows = (page: Page, text: string): Promise<unknown> =>
    page.waitForFunction(`document.querySelector('.telecontrol-counts').textContent.includes(${JSON.stringify(text)})`);
  /** So many rows are drawn: that is done with the next picture, behind the counts. */
  const draws = (page: Page, count: number): Promise<unknown> =>
    page.waitForFunction(
      `document.querySelectorAll('.telecontrol-frames [role=option]:not([hidden])').length === ${count}`,
    );

  it('shows lines and connections live', async () => {
    const { editor, page } = shared;
    const card = page.getByRole('region', { name: 'Control centre' });
    await card.getByText('listening').waitFor();
    assert.equal(await card.getByText('Substation (1)').count(), 1);
    const master = await connect();
    const connection = card.locator('.telecontrol-connection').filter({ hasText: `127.0.0.1:${master.port}` });
    await connection.waitFor();
    assert.equal(await connection.locator('.telecontrol-flag:visible').textContent(), 'A');
    master.ask(INTERROGATION);
    await connection.getByText('4 / 12').waitFor();
    master.send('68 04 01 00 08 00');
    await connection.getByText('0 / 12').waitFor();
    await connection.getByRole('img', { name: /^Frames a second: .* received/ }).waitFor();
    await editor.picture('sidebar lines');
    await master.cut();
    await connection.waitFor({ state: 'detached' });
    await card.getByText(/^Closed last: 127\.0\.0\.1:\d+, closed by the partner \(peer\)$/).waitFor();
  });

  it('shows every frame in a line, and field by field, by mouse and by keyboard', async () => {
    const page = await frames();
    const master = await connect();
    await master.answers(READ, '01 01 05 00 01 00 64 00 00 c0');
    await row(page, 'STARTDT act').waitFor();
    const read = row(page, 'M_SP_NA_1 100=off IV NT');
    await read.click();
    const fields = page.getByRole('region', { name: 'The frame field by field' });
    await fields.getByRole('row', { name: /^01 TI 1 M_SP_NA_1/ }).waitFor();
    assert.deepEqual(await fields.locator('tbody th').allTextContents(), [
      'START',
      'LENGTH',
      'N(S)',
      'N(R)',
      'TI',
      'VSQ',
      'COT',
      'OA',
      'CA',
      'IOA',
      'SIQ',
    ]);
    await page.locator('.telecontrol-frames [aria-selected=true]').filter({ hasText: 'M_SP_NA_1 100=off' }).waitFor();
    await shared.editor.picture('sidebar frames');
    const list = page.getByRole('listbox', { name: 'Frames' });
    await list.focus();
    await page.keyboard.press('Home');
    await fields.getByRole('row', { name: /STARTDT act/ }).waitFor();
    const first = page.locator('.telecontrol-frames [aria-posinset="1"][aria-selected=true]');
    await first.waitFor();
    assert.equal(await list.getAttribute('aria-activedescendant'), await first.getAttribute('id'));
    await page.keyboard.press('ArrowDown');
    await fields.getByRole('row', { name: /STARTDT con/ }).waitFor();
    await page.keyboard.press('Escape');
    await fields.waitFor({ state: 'detached' });
    master.ask(UNKNOWN);
    await row(page, 'unknown-object-address P/N=1').waitFor();
  });

  it('filters, and says what is wrong with a filter', async () => {
    const page = await frames();
    const master = await connect();
    await master.answers(READ, '01 01 05 00 01 00 64 00 00 c0');
    await master.quiet();
    const text = page.getByRole('searchbox', { name: 'Text' });
    await text.fill('m_sp*100=');
    await shows(page, '1 of');
    await draws(page, 1);
    await text.fill('');
    await page.getByText('More filters').click();
    await page.getByLabel('Kind').selectOption('U');
    await page.getByLabel('Direction').selectOption('received');
    await row(page, 'STARTDT act').waitFor();
    await row(page, 'STARTDT con').waitFor({ state: 'detached' });
    await page.getByLabel('Direction').selectOption('');
    await page.getByLabel('Kind').selectOption('I');
    await page.getByLabel('Object address').fill('1-x');
    await page.getByText(/^ioa: "1-x" is not what is allowed/).waitFor();
    assert.equal(await page.getByLabel('Object address').getAttribute('aria-invalid'), 'true');
    await page.getByLabel('Object address').fill('100-#65');
    await shows(page, '2 of');
    await page.getByLabel('Cause').fill('request');
    await page.getByLabel('Type').fill('102');
    await shows(page, '1 of');
    assert.equal(await page.getByLabel('Object address').getAttribute('aria-invalid'), null);
  });

  it('pauses, goes on and clears', async () => {
    const page = await frames();
    const master = await connect();
    await shows(page, '2 of 2');
    await page.getByRole('button', { name: 'Pause' }).click();
    await shows(page, '0 passed while paused');
    await master.quiet();
    await shows(page, '4 passed while paused');
    await draws(page, 2);
    await Promise.all([
      page.waitForResponse((response) => response.url().endsWith('/pause')),
      page.getByRole('button', { name: 'Go on' }).click(),
    ]);
    await master.quiet();
    await shows(page, '6 of 6');
    await page.getByRole('button', { name: 'Clear' }).click();
    await shows(page, '0 of 0');
    await draws(page, 0);
    await master.quiet();
    await shows(page, '4 of 4');
  });

  it('saves what is shown as a capture that tshark decodes', async function () {
    if (!hasTshark(this)) this.skip();
    const { page } = await reader();
    await showFrames(page);
    const master = await connect();
    await master.answers(READ, '01 01 05 00 01 00 64 00 00 c0');
    await page.getByRole('searchbox', { name: 'Text' }).fill('request');
    await shows(page, '2 of');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as a capture for Wireshark' }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^telecontrol-\d{8}T\d{6}Z\.pcapng$/);
    const file = readFileSync(await download.path());
    assert.deepEqual(fieldsOfCapture(file, ['tcp.srcport', 'iec60870_asdu.typeid', 'iec60870_asdu.ioa']), [
      [String(master.port), '102', '100'],
      ['2404', '1', '100'],
    ]);
  });

  it('disconnects for who may', async () => {
    const { page } = shared;
    await page.getByRole('tab', { name: 'Lines' }).click();
    const master = await connect();
    await page.getByRole('button', { name: `Disconnect 127.0.0.1:${master.port}` }).click();
    await master.closes();
  });

  it('shows the instances of a process, and switches a line to its standby connection', async () => {
    const { editor, page } = shared;
    const since = Date.now();
    const idle = {
      since,
      k: 12,
      w: 8,
      framesSent: 0,
      framesReceived: 0,
      sent: 0,
      received: 0,
      unacknowledged: 0,
      buffered: 0,
      lost: 0,
    };
    const connections = [
      { ...idle, remote: '10.0.0.7:2404', state: 'started', flag: 'A' },
      { ...idle, remote: '10.0.1.7:2404', state: 'standby' },
    ];
    const status = { state: 'connected', flags: 'A', connections, stations: [], lost: 0, closes: {} };
    const process = {
      state: 'active',
      reason: 'holding',
      process: 'SELF.KOM',
      instance: 1,
      preferred: 2,
      mode: 'active-passive',
      members: [
        { instance: 1, state: 'active', since, host: 'north' },
        { instance: 2, state: 'passive', since, host: 'south' },
      ],
      coordinator: { warnings: ['its database grows'] },
    };
    // What the runtime would say if this one had them.
    await page.route('**/telecontrol/lines?*', async (route) => {
      const answer = await (await route.fetch()).json();
      const more = { id: 'north', name: 'North', host: '10.0.0.7:2404 / 10.0.1.7:2404', status };
      const flow = { buffered: 1460, lost: 3 };
      const quiet = {
        state: 'listening',
        flags: '',
        connections: [],
        stations: [],
        lost: 3,
        closes: {},
        flow,
        refused: { MC: 12 },
      };
      const recloser = { id: 'recloser', name: 'Recloser', host: '10.0.0.1:4001', status: quiet };
      await route.fulfill({ json: { ...answer, lines: [...answer.lines, more, recloser], processes: [process] } });
    });
    await page.getByRole('tab', { name: 'Lines' }).click();
    const card = page.getByRole('region', { name: 'SELF.KOM' });
    await card.getByText('1 · north · this runtime').waitFor();
    await card.getByText('2 · south · preferred').waitFor();
    await card.getByText('another may be active too').waitFor();
    await card.getByText('its database grows').waitFor();
    await page.getByRole('region', { name: 'North' }).getByText('standby ·').waitFor();
    const notes = page.getByRole('region', { name: 'Recloser' }).locator('.telecontrol-notes li');
    const lost = 'Flow: 1,460 octets wait for the serial port, 3 frames were dropped or ignored';
    await notes.filter({ hasText: lost }).waitFor();
    await notes.filter({ hasText: 'Turned away: 12 × too many clients (MC)' }).waitFor();
    assert.equal(await notes.count(), 2);
    await editor.picture('sidebar instances');
    const answered = page.waitForResponse((response) => response.url().endsWith('/telecontrol/line/north/switch'));
    await page.route('**/telecontrol/line/north/switch', (route) => route.fulfill({ json: {} }));
    assert.equal(await page.getByRole('button', { name: 'Switch Control centre' }).count(), 0);
    await page.getByRole('button', { name: 'Switch North to its standby connection' }).click();
    assert.equal((await answered).request().method(), 'POST');
    await page.unrouteAll({ behavior: 'wait' });
    await card.waitFor({ state: 'detached' });
  });

  it('shows certificates with their end, and what is wrong with them', async () => {
    const { editor, page } = shared;
    const day = 86_400_000;
    const files = [
      {
        use: 'myCertificate',
        file: '/data/tls/my.crt',
        subject: 'CN=Substation',
        issuer: 'CN=Utility CA',
        serial: '0A',
        fingerprint: 'AA:BB',
        validTo: Date.now() + 200.5 * day,
        problems: [],
      },
      { use: 'myKey', file: '/data/tls/my.key', problems: ['every user of this computer may read it'] },
      {
        use: 'partnerCertificates',
        file: '/data/tls/ca.crt',
        subject: 'CN=Old CA',
        validTo: Date.now() - day,
        problems: [],
      },
    ];
    // What the runtime would say of a line with TLS.
    await page.route('**/telecontrol/certificates*', (route) =>
      route.fulfill({ json: [{ id: 'line', name: 'Control centre', files }] }),
    );
    await page.getByRole('tab', { name: 'Certificates' }).click();
    const card = (text: string): Locator => page.locator('.telecontrol-certificate').filter({ hasText: text });
    await card('CN=Substation')
      .getByText(/^valid until .*, 200 days$/)
      .waitFor();
    await card('CN=Substation').getByText('Details').click();
    await card('CN=Substation').getByText('CN=Utility CA').waitFor();
    await card('my.key').getByText('every user of this computer may read it').waitFor();
    await card('CN=Old CA')
      .getByText(/^was valid until/)
      .waitFor();
    assert.equal(await page.locator('.telecontrol-certificate.telecontrol-warned').count(), 2);
    await editor.picture('sidebar certificates');
    await page.unrouteAll({ behavior: 'wait' });
    await page.getByRole('button', { name: 'Read the files again' }).click();
    await page.getByText('No line uses certificates.').waitFor();
  });

  it('offers no disconnecting to who may only read, and the runtime refuses it', async () => {
    const { page } = await reader();
    await page.getByRole('tab', { name: 'Lines' }).click();
    const master = await connect();
    const remote = `127.0.0.1:${master.port}`;
    await page.getByText(remote).waitFor();
    assert.equal(await page.getByRole('button', { name: /^Disconnect/ }).count(), 0);
    const answer = await fetch(`${nodeRed.url}/telecontrol/line/line/disconnect`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await token('reader')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ remote }),
    });
    assert.equal(answer.status, 401);
    await master.quiet();
  });

  it('tells who may not read, asks nothing for him, and would get nothing', async () => {
    const { page } = await open('visitor');
    await page.getByText('You do not have the permission telecontrol.read.').waitFor();
    assert.equal(await page.getByRole('tab', { name: 'Frames' }).count(), 0);
    const requests = await page.evaluate<string[]>('performance.getEntriesByType("resource").map(({ name }) => name)');
    assert.deepEqual(
      requests.filter((url) => /\/telecontrol\//.test(url)),
      [],
    );
    const headers = { authorization: `Bearer ${await token('visitor')}` };
    const monitor = await fetch(`${nodeRed.url}/telecontrol/monitor`, { method: 'POST', headers });
    assert.deepEqual([monitor.status, await monitor.text()], [401, '']);
    for (const headers of [{}, { authorization: 'Bearer none' }])
      assert.equal((await fetch(`${nodeRed.url}/telecontrol/lines`, { headers })).status, 401);
  });

  it('keeps what Browse and the documents tell from who may not read, and forgetting from who may only read', async () => {
    const seen = '/telecontrol/line/line/seen';
    const status = async (user: User, path: string, method = 'GET'): Promise<number> => {
      const headers = { authorization: `Bearer ${await token(user)}` };
      return (await fetch(nodeRed.url + path, { method, headers })).status;
    };
    for (const path of [seen, `${seen}/1`]) {
      assert.deepEqual([await status('visitor', path), await status('reader', path)], [401, 200]);
      assert.deepEqual([await status('reader', path, 'DELETE'), await status('chief', path, 'DELETE')], [401, 200]);
    }
    for (const path of ['points', 'interoperability'].map((name) => `/telecontrol/station/station/${name}`))
      assert.deepEqual([await status('visitor', path), await status('reader', path)], [401, 200]);
  });

  it('captures nothing while it is closed', async () => {
    const { editor, page } = await reader();
    // It is used up here.
    second = undefined;
    editors.push(editor);
    await showFrames(page);
    const monitors = (): Promise<number> =>
      shared.page.evaluate<number>('telecontrol.ask("GET", "lines").then(({ monitors }) => monitors)');
    const before = await monitors();
    const ended = page.waitForResponse((response) => response.request().method() === 'DELETE');
    await page.evaluate('RED.sidebar.show("info")');
    assert.equal((await ended).status(), 200);
    assert.equal(await monitors(), before - 1);
    const begun = page.waitForResponse((response) => /\/telecontrol\/monitor$/.test(response.url()));
    await page.evaluate('RED.sidebar.show("telecontrol")');
    await begun;
    assert.equal(await monitors(), before);
    await page.goto('about:blank');
    await shared.page.waitForFunction(
      `telecontrol.ask("GET", "lines").then(({ monitors }) => monitors === ${before - 1})`,
      undefined,
      { polling: 200 },
    );
  });

  it('scrolls through thousands of frames with a handful of rows', async () => {
    const page = await frames();
    const master = await connect();
    master.countsOnly = true;
    // More than the runtime keeps of a line.
    for (let i = 0; i < 6; i++) master.send(...new Array<string>(500).fill('68 04 43 00 00 00'));
    await shows(page, '5,000 of 5,000');
    await shows(page, '1,002 dropped');
    assert.ok((await page.locator('.telecontrol-frames [role=option]').count()) < 100);
    const list = page.getByRole('listbox', { name: 'Frames' });
    await list.focus();
    await page.keyboard.press('Home');
    await page.locator('[aria-posinset="1"][aria-selected="true"]').waitFor();
    await page.keyboard.press('PageDown');
    await page.keyboard.press('End');
    await page.locator('[aria-posinset="5000"][aria-selected="true"]').waitFor();
    await list.evaluate((element) => element.scrollTo(0, 0));
    const newest = page.getByRole('button', { name: 'To the newest frames' });
    await newest.click();
    await page.locator('[aria-posinset="5000"]').waitFor();
    await newest.waitFor({ state: 'hidden' });
  });

  it('speaks German, light and dark', async () => {
    const { editor, page } = await open('chief', { language: 'de', width: 1500 });
    for (const theme of ['light', 'dark'] as const) {
      await showFrames(page);
      await page.emulateMedia({ colorScheme: theme });
      await page.evaluate(
        (isDark) => document.documentElement.classList.toggle('nr-theme-dark', isDark),
        theme === 'dark',
      );
      const master = await connect();
      await master.answers(READ, '01 01 05 00 01 00 64 00 00 c0');
      master.ask(UNKNOWN);
      await row(page, 'unbekannte Objektadresse P/N=1')
        .filter({ hasText: String(master.port) })
        .click();
      const fields = page.getByRole('region', { name: 'Das Telegramm Feld für Feld' });
      await fields.getByText('47 unbekannte Objektadresse, P/N = 1').waitFor();
      await editor.picture(`sidebar frames ${theme} german`);
      await page.getByRole('tab', { name: 'Linien' }).click();
      await page
        .locator('.telecontrol-remote')
        .filter({ hasText: `:${master.port}` })
        .waitFor();
      await editor.picture(`sidebar lines ${theme} german`);
      const remote = `127.0.0.1:${master.port}`;
      await master.cut();
      await page.getByText(`Zuletzt geschlossen: ${remote}, vom Partner geschlossen (peer)`).waitFor();
      await page.getByRole('tab', { name: 'Zertifikate' }).click();
      await page.getByText('Keine Linie verwendet Zertifikate.').waitFor();
    }
  });
});
