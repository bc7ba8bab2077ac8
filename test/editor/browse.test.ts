import assert from 'node:assert/strict';
import { TestClient } from '../server/client.js';
import { type Desk, withDesk } from './desk.js';

const item = (desk: Desk, field: string) =>
  desk.page.locator(`.telecontrol-dialog .telecontrol-grid-row [data-field=${field}]`);
const dialog = (desk: Desk, name: string) => desk.page.getByRole('dialog', { name });

describe('address dialogs', function () {
  this.timeout(40_000);
  const desk = withDesk([{ ioa: 5000, tag: 'Q0 command', type: 'C_SC_NA_1' }]);
  let client: TestClient;

  before(async () => {
    if (desk() === undefined) return;
    client = await TestClient.connect(desk().port);
    await client.start();
    // Nobody takes the command; the other object does not exist, and common address 9 neither.
    await client.answers('2d 01 06 00 01 00 88 13 00 01', '2d 01 47 00 01 00 88 13 00 01');
    await client.answers('32 01 06 00 01 00 70 17 00 00 00 c0 3f 00', '32 01 6f 00 01 00 70 17 00 00 00 c0 3f 00');
    await client.answers('64 01 06 00 09 00 00 00 00 14', '64 01 6e 00 09 00 00 00 00 14');
  });
  after(() => client?.cut());

  it('list the common addresses that masters have named, and take one over', async () => {
    await desk().openStation('station');
    await desk().page.locator('#telecontrol-browse-address button').click();
    const open = dialog(desk(), 'Common addresses received');
    await open.locator('.telecontrol-grid-row').nth(1).waitFor();
    assert.deepEqual(await item(desk(), 'commonAddress').allTextContents(), ['1', '9']);
    assert.deepEqual(await item(desk(), 'station').allTextContents(), ['Substation', '']);
    assert.deepEqual(await item(desk(), 'count').allTextContents(), ['2', '1']);
    await desk().editor.picture('browse-addresses');
    await item(desk(), 'commonAddress').nth(1).dblclick();
    await open.waitFor({ state: 'detached' });
    assert.equal(await desk().page.locator('#node-config-input-address').inputValue(), '9');
    await desk().page.locator('#node-config-input-address').fill('1');
  });

  it('list the objects, live, with what they said last', async () => {
    await desk().tab('points');
    await desk().page.locator('#telecontrol-station-points').getByRole('button', { name: 'Browse…' }).click();
    await dialog(desk(), 'Items received, common address 1').locator('.telecontrol-grid-row').nth(1).waitFor();
    const shown = async (...fields: string[]) =>
      Promise.all(fields.map((field) => item(desk(), field).allTextContents()));
    assert.deepEqual(await shown('ioa', 'tag', 'value', 'count', 'cause'), [
      ['5000', '6000'],
      ['Q0 command', ''],
      ['true', '1.5'],
      ['1', '1'],
      ['activation', 'activation'],
    ]);
    assert.match((await item(desk(), 'type').nth(1).textContent()) ?? '', /^C_SE_NC_1 Set point, short float$/);
    await client.answers(
      '3f 01 06 00 01 00 70 17 00 00 00 20 40 00 85 1a 05 04 43 02 1a',
      '3f 01 6f 00 01 00 70 17 00 00 00 20 40 00 85 1a 05 04 43 02 1a',
    );
    await item(desk(), 'value').filter({ hasText: '2.5' }).waitFor();
    assert.deepEqual(await shown('count'), [['1', '2']]);
    assert.match((await item(desk(), 'time').nth(1).textContent()) ?? '', /^2026-02-03 \d\d:05:06\.789$/);
    const filter = dialog(desk(), 'Items').getByRole('textbox', { name: 'Filter: Type' });
    await filter.fill('*short float*');
    assert.deepEqual(await shown('ioa'), [['6000']]);
    await desk().editor.picture('browse-items');
    await filter.fill('');
  });

  it('take an object over as a point, by its keys too', async () => {
    await desk().page.locator('.telecontrol-dialog .telecontrol-cells').focus();
    await desk().keys('Control+End', 'Enter');
    await desk().page.locator('.telecontrol-dialog').waitFor({ state: 'detached' });
    assert.deepEqual(await desk().cells('ioa'), ['5000', '6000']);
    await desk().editor.done();
    assert.deepEqual((await desk().property<object[]>('points'))[1], { ioa: 6000, type: 'C_SE_TC_1' });
  });

  it('forget on both sides at Refresh', async () => {
    await desk().openStation();
    await desk().page.locator('#telecontrol-station-points').getByRole('button', { name: 'Browse…' }).click();
    const open = dialog(desk(), 'Items received');
    await open.locator('.telecontrol-grid-row').nth(1).waitFor();
    await open.getByRole('button', { name: 'Refresh' }).click();
    await open.locator('.telecontrol-grid-row').first().waitFor({ state: 'detached' });
    assert.deepEqual(((await desk().red.get('/telecontrol/line/line/seen/1')) as { objects: object[] }).objects, []);
    await client.answers('2d 01 06 00 01 00 88 13 00 01', '2d 01 47 00 01 00 88 13 00 01');
    await open.locator('.telecontrol-grid-row').first().waitFor();
    assert.deepEqual(await item(desk(), 'count').allTextContents(), ['1']);
    await desk().keys('Escape');
    await open.waitFor({ state: 'detached' });
    await desk().cancel();
  });
});
