import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type NodeRed, start } from '../node-red/runtime.js';
import { exampleOn, ioa, points } from './flow.js';

interface Shown {
  readonly ioa: number;
  readonly tag: string;
  readonly value: unknown;
  readonly cause: string;
  readonly quality: Readonly<Record<string, boolean>>;
}

interface Page {
  readonly state: string;
  readonly points: readonly Shown[];
  readonly chart: readonly (readonly [number, number])[];
}

describe('the control centre of the example', function () {
  this.timeout(60_000);
  const userDir = mkdtempSync(join(tmpdir(), 'telecontrol-centre-'));
  let running: NodeRed;

  const shown = async (chart = ''): Promise<Page> =>
    (await running.get(`/control-centre/values?chart=${chart}`)) as Page;
  /** What the page shows, as soon as it is as wanted: the page asks again and again as well. */
  const shows = async (wanted: (page: Page) => boolean, chart?: string): Promise<Page> => {
    const until = Date.now() + 30_000;
    for (;;) {
      const page = await shown(chart);
      if (wanted(page)) return page;
      assert.ok(Date.now() < until, `the page shows ${JSON.stringify(page)}`);
    }
  };
  const order = (body: string, type = 'application/json'): Promise<Response> =>
    fetch(`${running.url}/control-centre/orders`, { method: 'POST', headers: { 'content-type': type }, body });

  before(async () => {
    running = await start({ userDir, flows: exampleOn(await freePort()) });
  });
  after(async () => {
    await running?.stop();
    rmSync(userDir, { recursive: true, force: true });
  });

  it('connects at once, without a failed attempt', () => {
    assert.doesNotMatch(running.output, /tcp-line/);
  });

  it('is a page that needs nothing else', async () => {
    const page = await running.text('/control-centre');
    assert.match(page, /<title>Control centre<\/title>/);
    assert.doesNotMatch(page, /https?:\/\//);
  });

  it('shows all values of the substation as good', async () => {
    const monitored = points.filter(({ type }) => type.startsWith('M_'));
    const page = await shows(({ points }) => {
      const good = points.filter(({ quality }) => !Object.values(quality).includes(true));
      return good.length === monitored.length;
    });
    assert.equal(page.state, 'connected');
    assert.deepEqual(page.points.map(({ ioa }) => ioa).sort(), monitored.map(({ ioa }) => ioa).sort());
    assert.equal(page.points.find(({ tag }) => tag === 'measurement.running')?.value, true);
  });

  it('has values for the chart as they come', async () => {
    const { chart } = await shows(({ chart }) => chart.length >= 2, 'memory.used');
    const [[before, first], [after]] = chart as [[number, number], [number, number]];
    assert.ok(after > before && first > 0);
  });

  it('sends commands, and says how they ended', async () => {
    const answer = await order('{"command":"single","tag":"measurement.run","value":false}');
    assert.equal(((await answer.json()) as { ok: boolean }).ok, true);
    await shows(({ points }) => points.find(({ tag }) => tag === 'measurement.running')?.value === false);
    const wrong = await order('{"command":"single","tag":"nothing","value":false}');
    assert.equal(((await wrong.json()) as { reason: string }).reason, 'input');
    const again = await order(`{"command":"single","ioa":${ioa('measurement.run')},"value":true}`);
    assert.equal(((await again.json()) as { ok: boolean }).ok, true);
  });

  it('takes no orders from forms of other pages', async () => {
    const { status } = await order('{"command":"single","tag":"measurement.run","value":false}', 'text/plain');
    assert.equal(status, 415);
    assert.equal((await shown()).points.find(({ tag }) => tag === 'measurement.running')?.value, true);
  });
});
