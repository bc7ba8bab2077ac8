import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type Desk, withDesk } from './desk.js';

const COUNT = 5000;
const types = ['M_SP_TB_1', 'M_DP_TB_1', 'M_ME_TF_1', 'M_IT_TB_1', 'C_SC_NA_1'];
const many = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ ioa: i + 1, tag: `Feeder ${i % 40}.signal ${i}`, type: types[i % 5] }));

const grid = (desk: Desk) => desk.page.locator('.telecontrol-cells');
const active = (desk: Desk) =>
  desk.page.evaluate<string | undefined>(
    "document.getElementById(document.querySelector('.telecontrol-cells').getAttribute('aria-activedescendant'))?.textContent",
  );
const status = (desk: Desk) =>
  desk.page.locator('#telecontrol-station-points .telecontrol-bar [role=status]').textContent();

describe('the point table of a station', function () {
  this.timeout(30_000);

  describe(`with ${COUNT} points`, () => {
    const desk = withDesk(many(COUNT));

    it('says what it is', async () => {
      await desk().openStation();
      const table = grid(desk());
      for (const [attribute, wanted] of [
        ['role', 'grid'],
        ['aria-label', 'Points'],
        ['aria-rowcount', String(COUNT + 1)],
        ['aria-multiselectable', 'true'],
        ['tabindex', '0'],
      ] as const)
        assert.equal(await table.getAttribute(attribute), wanted, attribute);
      assert.equal(await status(desk()), `Points: ${COUNT}`);
    });

    it('keeps only the rows in sight in the document, and knows where they stand', async () => {
      const rows = desk().page.locator('.telecontrol-grid-row');
      assert.ok((await rows.count()) < 60);
      await desk().page.evaluate("document.querySelector('.telecontrol-cells').scrollTo(0, 3000 * 28)");
      await desk().page.locator('.telecontrol-grid-row[aria-rowindex="3003"]').waitFor();
      assert.ok((await rows.count()) < 60);
      assert.ok((await desk().cells('tag')).includes('Feeder 1.signal 3001'));
    });

    it('moves by keys over all rows, and shows where it is', async () => {
      await grid(desk()).focus();
      await desk().keys('Control+End');
      assert.equal(await active(desk()), 'C_SC_NA_1 Single command');
      await desk().keys('Home', 'ArrowUp');
      assert.equal(await active(desk()), String(COUNT - 1));
      await desk().keys('Control+Home', 'PageDown', 'PageUp', 'ArrowDown', 'ArrowRight');
      assert.equal(await active(desk()), 'Feeder 1.signal 1');
    });

    it('filters by columns with asterisks, at once, and copies what it shows', async () => {
      const filter = desk().page.getByRole('textbox', { name: 'Filter: Tag' });
      await filter.fill('Feeder 7.*');
      await desk().page.getByRole('textbox', { name: 'Filter: Type' }).fill('short float');
      assert.equal(await status(desk()), `Points: ${COUNT / 40} of ${COUNT}`);
      await filter.fill('feeder 7.*87');
      assert.equal(await status(desk()), `Points: 25 of ${COUNT}`);
      await filter.press('ArrowDown');
      await desk().keys('Control+a', 'Control+c');
      const copied = (await desk().copied()).split('\n');
      assert.equal(copied.length, 25);
      assert.equal(copied[0], '88\tFeeder 7.signal 87\tM_ME_TF_1');
      await filter.fill('nothing like it');
      assert.match((await grid(desk()).textContent()) ?? '', /No point is like the filter/);
      await desk().editor.picture('points-filtered');
    });

    it('filters 20,000 points without delay', async () => {
      const took = await desk().page.evaluate<number>(`(() => {
        const box = document.createElement('div');
        document.body.append(box);
        telecontrol.pointTable(box, Array.from({ length: 20000 }, (_, i) => ({ ioa: i, tag: 'signal ' + i, type: 'M_SP_TB_1' })));
        const filter = box.querySelector('[data-field=tag] input');
        const took = [1, 2, 3].map((n) => {
          filter.value = '*al ' + n + '*';
          const began = performance.now();
          filter.dispatchEvent(new Event('input'));
          box.querySelector('.telecontrol-cells').getBoundingClientRect();
          return performance.now() - began;
        });
        box.remove();
        return Math.min(...took);
      })()`);
      assert.ok(took < 100, `${Math.round(took)} ms`);
    });
  });

  describe('of a new station', () => {
    const desk = withDesk([]);

    it('takes 1,000 rows of a spreadsheet, whatever the order of their columns', async () => {
      await desk().openStation();
      assert.match((await grid(desk()).textContent()) ?? '', /No points yet/);
      const lines = Array.from({ length: 1000 }, (_, i) => `Signal ${i}\tremark\t${i % 2 ? 30 : 36}\t${1000 + i}`);
      await desk().copy(`Bezeichnung\tBemerkung\tTypkennung\tObjektadresse\r\n${lines.join('\r\n')}\r\n`);
      await grid(desk()).focus();
      await desk().keys('Control+v');
      const dialog = desk().page.getByRole('dialog', { name: 'Import points' });
      assert.match((await dialog.textContent()) ?? '', /Points: 1000\. Lines with errors: 0/);
      await desk().editor.picture('points-import');
      await dialog.getByRole('button', { name: 'Take over' }).click();
      assert.equal(await status(desk()), 'Points: 1000');
      await desk().editor.done();
      const points = await desk().property<object[]>('points');
      assert.equal(points.length, 1000);
      assert.deepEqual(points[1], { ioa: 1001, tag: 'Signal 1', type: 'M_SP_TB_1' });
    });

    it('says which line is wrong, and lets the user say what the columns are', async () => {
      await desk().openStation();
      await desk().page.getByRole('button', { name: 'Import…' }).click();
      const dialog = desk().page.getByRole('dialog', { name: 'Import points' });
      await dialog.getByRole('textbox').fill('x;Q0;30\n5000;Q1;30\n5001;Q2;31\n\n5002;Q3;bad\n');
      await dialog.getByRole('radio', { name: 'Replace all points' }).check();
      const problems = dialog.locator('.telecontrol-problems li');
      assert.match(
        (await problems.allTextContents()).join('\n'),
        /^Line 1: Object address.*"x"\nLine 5: Type.*"bad" is none$/,
      );
      await dialog.getByRole('combobox', { name: 'What column 2 is' }).selectOption({ label: '– passed over –' });
      await dialog.getByRole('button', { name: 'Take over' }).click();
      assert.deepEqual(await desk().cells('ioa'), ['x', '5000', '5001', '5002']);
      assert.deepEqual(await desk().cells('tag'), ['', '', '', '']);
      await desk().page.getByRole('button', { name: 'To correct: 2' }).click();
      const wrong = desk().page.locator('.telecontrol-cells [aria-invalid=true]');
      assert.equal(await wrong.count(), 2);
      assert.match((await desk().page.locator('.telecontrol-bubble').textContent()) ?? '', /"bad"/);
      await desk().editor.picture('points-wrong');
      await desk().keys('Control+z');
      assert.equal(await status(desk()), 'Points: 1000');
      await desk().cancel();
    });

    it('is worked by keys alone: edit, next, add, select, set, delete, undo', async () => {
      await desk().openStation();
      await grid(desk()).focus();
      await desk().keys('Control+a', 'Shift+ ', 'Delete');
      assert.equal(await status(desk()), 'Points: 0');
      await desk().keys('Insert');
      // An address, by Tab the tag, and by Enter on the last row a next one with the next free address.
      await desk().page.keyboard.type('#FF');
      await desk().keys('Tab');
      await desk().page.keyboard.type('Q0');
      await desk().keys('Enter');
      await desk().page.keyboard.type('Q1');
      await desk().keys('Enter', 'ArrowLeft', 'F2');
      await desk().page.keyboard.type('#FF');
      await desk().keys('Enter');
      assert.deepEqual(await desk().cells('ioa'), ['#FF', '#100', '#FF', '#101']);
      assert.match(
        (await desk().page.locator('.telecontrol-cells .input-error').getAttribute('title')) ?? '',
        /stands in row 1 already/,
      );
      // Ctrl+Enter sets all that are selected; an address counts up.
      await desk().keys('Control+Home', 'Control+Shift+ArrowDown', 'F2');
      await desk().page.keyboard.type('200');
      await desk().keys('Control+Enter');
      assert.deepEqual(await desk().cells('ioa'), ['200', '201', '202', '203']);
      await desk().keys('Escape', 'Control+z');
      assert.deepEqual(await desk().cells('ioa'), ['#FF', '#100', '#FF', '#101']);
      await desk().keys('Control+y');
      assert.deepEqual(await desk().cells('ioa'), ['200', '201', '202', '203']);
      // A block goes where the active cell is.
      await desk().copy('A\t36\nB\t37');
      await desk().keys('Control+Home', 'ArrowDown', 'ArrowRight', 'Control+v');
      assert.deepEqual(await desk().cells('tag'), ['Q0', 'A', 'B', '']);
      // Delete empties cells, and takes whole rows away.
      await desk().keys('Delete');
      assert.deepEqual(await desk().cells('tag'), ['Q0', '', 'B', '']);
      await desk().keys('Shift+ ', 'Delete');
      assert.deepEqual(await desk().cells('ioa'), ['200', '202', '203']);
      await desk().editor.done();
      assert.deepEqual(await desk().property('points'), [
        { ioa: 200, tag: 'Q0', type: 'M_SP_TB_1' },
        { ioa: 202, tag: 'B', type: 'M_IT_TB_1' },
        { ioa: 203, type: 'M_SP_TB_1' },
      ]);
    });

    it('is worked by the mouse: double click edits, drawing selects, the number selects the row', async () => {
      await desk().openStation();
      const cell = (row: number, field: string) =>
        desk().page.locator(`.telecontrol-grid-row[aria-rowindex="${row + 1}"] [data-field=${field}]`);
      await cell(2, 'tag').dblclick();
      await desk().page.keyboard.type('B2');
      await cell(1, 'ioa').click();
      assert.deepEqual(await desk().cells('tag'), ['Q0', 'B2', '']);
      await cell(1, 'ioa').hover();
      await desk().page.mouse.down();
      await cell(2, 'tag').hover();
      await desk().page.mouse.up();
      await desk().keys('Control+c');
      assert.equal(await desk().copied(), '200\tQ0\n202\tB2');
      await desk().page.getByRole('rowheader', { name: '3', exact: true }).click();
      await desk().keys('Delete');
      assert.deepEqual(await desk().cells('ioa'), ['200', '202']);
      await desk().cancel();
    });

    it('sets a column of several rows, and hands them out as a file that it reads again', async () => {
      await desk().openStation();
      await grid(desk()).focus();
      await desk().keys('Control+a');
      const bar = desk().page.getByRole('group', { name: 'Change the selected points' });
      await bar.getByRole('combobox', { name: 'Column to set' }).selectOption({ label: 'Type' });
      await bar.getByRole('combobox', { name: 'Value to set' }).selectOption('C_SE_NC_1');
      const groups = await desk().page.evaluate<string[]>(
        "[...document.querySelectorAll('.telecontrol-bulk optgroup')].map(({ label }) => label)",
      );
      assert.deepEqual(groups, [
        'Monitored: binary (Dout)',
        'Monitored: integer (Cout)',
        'Monitored: analogue (Aout)',
        'Monitored: protection equipment',
        'Command: binary (Di)',
        'Command: four-state (Qi)',
        'Command: analogue (Ai)',
        'Command: integer (Ci)',
      ]);
      await bar.getByRole('button', { name: 'Set in all' }).click();
      await bar.getByRole('combobox', { name: 'Column to set' }).selectOption({ label: 'SBO' });
      await bar.getByRole('combobox', { name: 'Value to set' }).selectOption('true');
      await bar.getByRole('button', { name: 'Set in all' }).click();
      await desk().editor.picture('points-all-columns');
      const saving = desk().page.waitForEvent('download');
      await desk().page.getByRole('button', { name: 'CSV' }).click();
      const download = await saving;
      assert.equal(download.suggestedFilename(), 'points-Substation.csv');
      const text = readFileSync(await download.path(), 'utf8');
      assert.equal(
        text,
        '\uFEFFioa,tag,type,sbo\r\n200,Q0,C_SE_NC_1,true\r\n202,B,C_SE_NC_1,true\r\n203,,C_SE_NC_1,true\r\n',
      );
      await desk().cancel();
    });
  });
});
