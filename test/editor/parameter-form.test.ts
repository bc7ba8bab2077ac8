import assert from 'node:assert/strict';
import { type Desk, withDesk } from './desk.js';

const raw = (desk: Desk) => desk.page.locator('#node-config-input-parameters');
const field = (desk: Desk, keyword: string) => desk.page.locator(`#telecontrol-parameter-${keyword}`);

describe('the parameters of a station as a form', function () {
  this.timeout(30_000);
  const desk = withDesk([], { parameters: 'K=20;XYZ=4;IGO=1' });

  it('shows what the string says, with meaning, unit and default of each', async () => {
    await desk().openStation('parameters');
    assert.equal(await field(desk(), 'K').inputValue(), '20');
    assert.equal(await field(desk(), 'IGO').isChecked(), true);
    assert.equal(await field(desk(), 'WT1').inputValue(), '');
    assert.equal(await field(desk(), 'WT1').getAttribute('placeholder'), '15000');
    const line = desk()
      .page.locator('.telecontrol-parameter')
      .filter({ has: field(desk(), 'WT1') });
    const said = (await line.textContent()) ?? '';
    for (const wanted of ['WT1', 'Wait Timeout T1', 't1: how long the acknowledgement', 'default 15000', 'ms'])
      assert.ok(said.includes(wanted), `${wanted}: ${said}`);
    // What a screen reader says of the field.
    assert.equal(await desk().page.getByLabel('Wait Timeout T1').getAttribute('id'), 'telecontrol-parameter-WT1');
    assert.match((await desk().page.locator('.telecontrol-frame').textContent()) ?? '', /does not know XYZ/);
    await desk().editor.picture('parameters');
  });

  it('writes what differs into the string, and takes it out again', async () => {
    await field(desk(), 'WT3').fill('30000');
    assert.equal(await raw(desk()).inputValue(), 'K=20;XYZ=4;IGO=1;WT3=30000');
    await field(desk(), 'K').fill('12');
    await field(desk(), 'IGO').uncheck();
    await field(desk(), 'ICCI').check();
    assert.equal(await raw(desk()).inputValue(), 'XYZ=4;WT3=30000;ICCI=True');
    await desk().page.getByRole('button', { name: 'Back to the default: WT3' }).click();
    await desk().page.getByRole('button', { name: 'Remove it' }).click();
    assert.equal(await raw(desk()).inputValue(), 'ICCI=True');
  });

  it('follows what is typed into the string, and says what is wrong', async () => {
    await raw(desk()).fill('Sending window=6;WT1=abc');
    assert.equal(await field(desk(), 'K').inputValue(), '6');
    assert.equal(await field(desk(), 'ICCI').isChecked(), false);
    const wrong = await desk().page.locator('.telecontrol-parameter .telecontrol-wrong:visible').allTextContents();
    assert.deepEqual(wrong, ['W has to be less than K', '"abc" is not allowed: the default 15000 is used']);
    assert.equal(await field(desk(), 'W').getAttribute('aria-invalid'), 'true');
    await desk().editor.picture('parameters-wrong');
  });

  it('finds parameters by what they mean, and those that differ', async () => {
    await desk().page.getByRole('searchbox', { name: 'Search a parameter' }).fill('test frame');
    const shown = desk().page.locator('.telecontrol-parameter:visible code');
    assert.deepEqual(await shown.allTextContents(), ['WT3']);
    await desk().page.getByRole('searchbox').fill('');
    await desk().page.getByLabel('Only those that differ').check();
    assert.deepEqual(await shown.allTextContents(), ['K', 'WT1']);
  });

  it('saves the string', async () => {
    await raw(desk()).fill('CMDC=1');
    await desk().editor.done();
    assert.equal(await desk().property('parameters'), 'CMDC=1');
  });
});
