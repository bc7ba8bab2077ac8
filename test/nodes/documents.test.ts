import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { freePort, line, station, tab } from './flow.js';
import { red, withNodeRed } from './runtime.js';

const path = '/telecontrol/station/station/interoperability';

describe('the interoperability list of a deployed station', () => {
  withNodeRed();

  async function deploy(): Promise<number> {
    const port = await freePort();
    const points = [{ ioa: 100, tag: '<b>', type: 'M_SP_TB_1', groups: [3] }];
    const properties = { name: 'A & <B>', address: '42', timeZone: '60', parameters: 'K=20;W=3' };
    await red.deploy([tab, line(port, { lineNumber: '9' }), station(points, properties)]);
    return port;
  }

  it('is a page to be saved, which no browser runs anything of', async () => {
    await deploy();
    const answer = await helper.request().get(path).expect(200);
    assert.match(answer.headers['content-type'] ?? '', /^text\/html; charset=utf-8/);
    assert.equal(answer.headers['content-disposition'], 'attachment; filename="interoperability-42.html"');
    assert.match(answer.headers['content-security-policy'] ?? '', /^default-src 'none'/);
    assert.ok(answer.text.includes('A &#38; &#60;B&#62;, common address 42'));
  });

  it('says what its line, points and parameters are, as Markdown too', async () => {
    const port = await deploy();
    const { text } = await helper.request().get(`${path}?format=md`).expect(200).buffer(true);
    for (const wanted of [
      `| Port number | ${port} |`,
      '| 20 APDUs |',
      '| 3 APDUs |',
      '- `[X]` group 3',
      '60 minutes east of UTC',
      'all else 9 (line number)',
    ])
      assert.ok(text.includes(wanted), wanted);
  });

  it('of a node that is none, or in another format, there is none', async () => {
    await deploy();
    await helper.request().get('/telecontrol/station/line/interoperability').expect(404);
    await helper.request().get('/telecontrol/station/gone/interoperability').expect(404);
    await helper.request().get(`${path}?format=pdf`).expect(400);
    await helper.request().get(`${path}?format=constructor`).expect(400);
  });
});
