import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { clientStation, freePort, line, redundantLine, station, tab } from './flow.js';
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

  it('is a table for spreadsheets', async () => {
    const port = await deploy();
    const answer = await helper.request().get(`${path}?format=csv&separator=;`).expect(200);
    assert.match(answer.headers['content-type'] ?? '', /^text\/csv; charset=utf-8/);
    assert.equal(answer.headers['content-disposition'], 'attachment; filename="interoperability-42.csv"');
    assert.match(answer.text, new RegExp(`\n9\\.6;Basic application functions;Port number;Port number;${port};`));
    assert.match(answer.text, /\n9\.6;Basic application functions;Station interrogation;X;group 3;/);
    assert.match(answer.text, /;X;Controlled station definition \(slave\);/);
  });

  it('of a client station is that of the controlling station, with the ports of its line', async () => {
    const [primary, backup] = [await freePort(), await freePort()];
    const points = [{ ioa: 1, type: 'M_SP_TB_1' }];
    const properties = { line: '', redundantLine: 'line', address: '9', timeZone: 'local', parameters: 'K=20' };
    await red.deploy([tab, redundantLine(primary, backup), clientStation(points, properties)]);
    const page = await helper.request().get(path).expect(200);
    assert.equal(page.headers['content-disposition'], 'attachment; filename="interoperability-9.html"');
    assert.match(page.text, /<h1>Interoperability list of the controlling station: .*, common address 9<\/h1>/);
    const { text: markdown } = await helper.request().get(`${path}?format=md`).expect(200).buffer(true);
    for (const wanted of [
      '- `[X]` Controlling station definition (master)',
      `connects to port ${primary} and, redundant, ${backup}`,
      'time zone of tags: local',
      '| 20 APDUs |',
    ])
      assert.ok(markdown.includes(wanted), wanted);
    const table = await helper.request().get(`${path}?format=csv`).expect(200);
    assert.match(table.text, /,X,Controlling station definition \(master\),/);
  });

  it('of a station that its line does not take there is none', async () => {
    await red.deploy([tab, station([], { line: 'gone' })]);
    await helper.request().get(path).expect(404);
  });

  it('of a node that is none, or in another format, there is none', async () => {
    await deploy();
    await helper.request().get('/telecontrol/station/line/interoperability').expect(404);
    await helper.request().get('/telecontrol/station/gone/interoperability').expect(404);
    await helper.request().get(`${path}?format=pdf`).expect(400);
    await helper.request().get(`${path}?format=constructor`).expect(400);
  });
});

describe('the point list of a deployed station', () => {
  withNodeRed();

  const points = '/telecontrol/station/station/points';

  it('is a page and a table to be saved, of server and client stations', async () => {
    const port = await freePort();
    const monitored = [{ ioa: 100, tag: '<b>', type: 'M_SP_TB_1' }];
    const client = {
      id: 'far',
      type: 'iec104-client-station',
      name: 'Far',
      line: 'other',
      address: '9',
      points: monitored,
    };
    const other = { ...line(await freePort()), id: 'other', name: 'Other' };
    await red.deploy([tab, line(port), station(monitored, { address: '42' }), other, client]);
    const page = await helper.request().get(points).expect(200);
    assert.equal(page.headers['content-disposition'], 'attachment; filename="points-42.html"');
    assert.match(page.headers['content-security-policy'] ?? '', /^default-src 'none'/);
    assert.ok(page.text.includes('<td>&#60;b&#62;</td>'));
    const table = await helper.request().get(`${points}?format=csv&separator=;`).expect(200);
    assert.match(table.headers['content-type'] ?? '', /^text\/csv; charset=utf-8/);
    assert.match(table.text, /\n42;out;100;#64;<b>;M_SP_TB_1;30;/);
    const far = await helper.request().get('/telecontrol/station/far/points?format=csv').expect(200);
    assert.match(far.text, /\n9,in,100,/);
    await helper.request().get('/telecontrol/station/line/points').expect(404);
    await helper.request().get(`${points}?format=md`).expect(400);
  });
});
