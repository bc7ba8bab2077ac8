import assert from 'node:assert/strict';
import { parsePointsFile } from '../../lib/station/points-file.js';
import { loadScripts, plain } from './scripts.js';

type Row = Record<string, string>;
interface Cells {
  readonly line: number;
  readonly cells: string[];
}
interface Telecontrol {
  cellsOf(text: string, separator?: string): Cells[];
  columnsOf(rows: Cells[]): { columns: (string | undefined)[]; hasHeader: boolean };
  readPoints(rows: Cells[], columns: (string | undefined)[]): { points: Row[]; problems: object[] };
  writePoints(rows: Row[], separator: string): string;
  normalized(field: string, text: string): string;
  typeNamed(text: string): string;
  toRow(point: object): Row;
  toPoint(row: Row): object;
  setField(rows: Row[], places: number[], field: string, value: string): Row[];
  putBlock(rows: Row[], places: number[], fields: string[], cells: string[][]): Row[];
  mergePoints(rows: Row[], given: Row[], fields: string[], role: string): Row[];
  mask(mask: string): (text: string) => boolean;
}

const { telecontrol } = loadScripts<{ telecontrol: Telecontrol }>('types', 'points', 'point-text', 'telecontrol');
const rowsOf = (...points: object[]) => points.map((point) => telecontrol.toRow(point));
const saved = (rows: Row[]) => plain(rows.map((row) => telecontrol.toPoint(row)));

/** A text as the import reads it. */
function read(text: string) {
  const rows = telecontrol.cellsOf(text);
  const { columns, hasHeader } = telecontrol.columnsOf(rows);
  const { points, problems } = telecontrol.readPoints(hasHeader ? rows.slice(1) : rows, columns);
  return { columns: plain(columns), hasHeader, points: saved(points), problems: plain(problems) };
}

describe('points from spreadsheets', () => {
  it('cuts tabs, semicolons and commas, quotes and empty lines, and knows the line of each row', () => {
    assert.deepEqual(plain(telecontrol.cellsOf('\uFEFFa\tb, c;d\r\n\r\ne\t"f\n""g"""\rh')), [
      { line: 1, cells: ['a', 'b, c;d'] },
      { line: 3, cells: ['e', 'f\n"g"'] },
      { line: 5, cells: ['h'] },
    ]);
    assert.deepEqual(plain(telecontrol.cellsOf('"a;b";c,5\n1;2')), [
      { line: 1, cells: ['a;b', 'c,5'] },
      { line: 2, cells: ['1', '2'] },
    ]);
    assert.deepEqual(plain(telecontrol.cellsOf('a,"b ""c"""')), [{ line: 1, cells: ['a', 'b "c"'] }]);
    assert.deepEqual(plain(telecontrol.cellsOf(' \n\n')), []);
  });

  it('knows columns by their titles, in any order, in English and German', () => {
    for (const [header, columns] of [
      ['IOA\tTag\tType', ['ioa', 'tag', 'type']],
      ['Type ID\tInformation Object Address\tSignal', ['type', 'ioa', 'tag']],
      ['Bezeichnung\tRemarks\tObjekt-Adresse\tTypkennung\tTotband', ['tag', null, 'ioa', 'type', 'deadband']],
      ['Adresse\tName\tRückmeldung\tZählergruppe', ['ioa', 'tag', 'feedback', 'counterGroup']],
      ['Address\tName\tDescription', ['ioa', 'tag', null]],
    ] as const) {
      const found = read(`${header}\n1\tx\t30`);
      assert.deepEqual([found.columns, found.hasHeader], [columns, true], header);
    }
  });

  it('knows columns without titles by what they hold', () => {
    const { columns, hasHeader, points } = read('Q0\t30\t100\tin\nQ1\t30\t101\tout\nQ2\t36\t102\tin');
    assert.deepEqual([columns, hasHeader], [['tag', 'type', 'ioa', 'direction'], false]);
    assert.deepEqual(points[2], { ioa: 102, tag: 'Q2', type: 'M_ME_TF_1', direction: 'in' });
    assert.deepEqual(read('1\tM_SP_TB_1\n2\tM_SP_TB_1').columns, ['ioa', 'type']);
    assert.deepEqual(read('100\tFeeder').columns, ['ioa', 'tag']);
  });

  it('reads types as labels, numbers and what people write around them', () => {
    for (const text of [
      'M_ME_TF_1',
      'm_me_tf_1',
      '36',
      '<36>',
      'TI 36',
      '36 - Measured value',
      'ASDU 36',
      'M_ME_TF_1 (36)',
    ])
      assert.equal(telecontrol.typeNamed(text), 'M_ME_TF_1', text);
    for (const text of ['', '44', '100', 'float', '1000', 'C_IC_NA_1', 'measured value 36 of 40'])
      assert.equal(telecontrol.typeNamed(text), text);
  });

  it('reads addresses, numbers and marks as spreadsheets write them, and leaves the rest', () => {
    for (const [field, given, wanted] of [
      ['ioa', ' 0x1F4 ', '#1F4'],
      ['ioa', '100.0', '100'],
      ['ioa', '1.5', '1.5'],
      ['deadband', '0,5', '0.5'],
      ['deadband', '1.000,5', '1.000,5'],
      ['sbo', 'Ja', 'true'],
      ['sbo', 'FALSE', ''],
      ['sbo', 'maybe', 'maybe'],
      ['direction', 'Eingang', 'in'],
      ['direction', 'up', 'up'],
    ] as const)
      assert.equal(telecontrol.normalized(field, given), wanted, `${field} ${given}`);
  });

  it('names the line of what is wrong, and takes it as it stands', () => {
    const { points, problems } = read('ioa;tag;type\n1;a;30\n\nx;b;30\n1;c;30\n2;"d\ne";99\n3;f;30;too;many');
    assert.deepEqual(
      problems.map(({ line, message }: { line: number; message: string }) => [
        line,
        message.replace(/^.*shared\./, ''),
      ]),
      [
        [4, 'point.ioa {"value":"x"}'],
        [5, 'point.twice {"address":"1","row":2}'],
        [6, 'point.type {"value":"99"}'],
      ],
    );
    assert.equal(points.length, 5);
    assert.deepEqual(points[1], { ioa: 'x', tag: 'b', type: 'M_SP_TB_1' });
  });

  it('says that a line has more cells than columns', () => {
    const rows = [
      { line: 1, cells: ['1', '30'] },
      { line: 2, cells: ['2', '30', 'x'] },
    ];
    const { problems } = telecontrol.readPoints(rows, ['ioa', 'type']);
    assert.match(JSON.stringify(problems), /"line":2,.*import\.cells .*3.*2/);
  });

  it('writes a file that the property pointsFile reads back', () => {
    const points = [
      { ioa: 1, tag: 'Q0; "main", open', type: 'M_SP_TB_1', groups: [1, 16] },
      { ioa: '#1F4', type: 'M_ME_NC_1', deadband: 0.5, period: 10 },
      { ioa: 3, tag: 'Q0', type: 'C_SC_NA_1', sbo: true, feedback: 1 },
    ];
    for (const separator of [',', ';']) {
      const text = telecontrol.writePoints(rowsOf(...points), separator);
      const back = [...parsePointsFile(`\uFEFF${text}`, 'points.csv')];
      assert.deepEqual(
        back.map(({ problem }) => problem),
        [undefined, undefined, undefined],
      );
      assert.deepEqual(saved(rowsOf(...back.map(({ point }) => point))), points);
      assert.deepEqual(read(text).points, points);
    }
  });
});

describe('several points at once', () => {
  const rows = rowsOf({ ioa: 1, type: 'M_SP_NA_1' }, { ioa: 2, type: 'M_SP_NA_1' }, { ioa: 3, type: 'M_SP_NA_1' });

  it('sets a field of the chosen rows and changes no row that it was given', () => {
    const made = telecontrol.setField(rows, [0, 2], 'type', '36');
    assert.deepEqual(plain(made.map(({ type }) => type)), ['M_ME_TF_1', 'M_SP_NA_1', 'M_ME_TF_1']);
    assert.equal(rows[0]?.type, 'M_SP_NA_1');
    assert.equal(made[1], rows[1]);
  });

  it('counts addresses up, written as the first', () => {
    const numbered = (value: string) =>
      plain(telecontrol.setField(rows, [2, 0, 1], 'ioa', value).map((row) => row.ioa));
    assert.deepEqual(numbered('100'), ['101', '102', '100']);
    assert.deepEqual(numbered('#FF'), ['#100', '#101', '#FF']);
    assert.deepEqual(numbered(''), ['', '', '']);
    assert.deepEqual(telecontrol.setField(rows, [1], 'ioa', '7')[1]?.ioa, '7');
  });

  it('puts a block over rows in the order they are shown, and makes new ones below', () => {
    const made = telecontrol.putBlock(rows, [2, 0], ['tag', 'type'], [['a', '30'], ['b'], ['c', '36', 'beyond']]);
    assert.deepEqual(saved(made), [
      { ioa: 1, tag: 'b', type: 'M_SP_NA_1' },
      { ioa: 2, type: 'M_SP_NA_1' },
      { ioa: 3, tag: 'a', type: 'M_SP_TB_1' },
      { ioa: '', tag: 'c', type: 'M_ME_TF_1' },
    ]);
  });

  it('merges by address and direction, and keeps what was not given', () => {
    const old = rowsOf({ ioa: 1, tag: 'a', type: 'M_SP_NA_1', groups: [3], note: 'kept' });
    const given = rowsOf({ ioa: '#1', tag: 'b', type: 'M_SP_TB_1' }, { ioa: 1, type: 'C_SC_NA_1' });
    assert.deepEqual(saved(telecontrol.mergePoints(old, given, ['ioa', 'tag', 'type'], 'server')), [
      { ioa: '#1', tag: 'b', type: 'M_SP_TB_1', groups: [3], note: 'kept' },
      { ioa: 1, type: 'C_SC_NA_1' },
    ]);
  });
});

describe('masks', () => {
  it('take asterisks for anything, and without one look inside', () => {
    for (const [mask, text, fits] of [
      ['short', 'Measured value, SHORT float', true],
      ['*short*', 'Measured value, short float', true],
      ['short*', 'Measured value, short float', false],
      ['*float', 'short float', true],
      ['Q0.*', 'Q0.position', true],
      ['Q0.*', 'XQ0.position', false],
      ['a*b*c', 'a1b2c', true],
      ['a*a', 'a', false],
      ['ab*ba', 'aba', false],
      ['a*b*b', 'ab', false],
      ['*', '', true],
      ['.', 'no dot', false],
      ['', 'anything', true],
    ] as const)
      assert.equal(telecontrol.mask(mask)(text), fits, `${mask} ${text}`);
  });

  it('take no time, whatever they are', () => {
    // One that goes back and forth takes years for this.
    const began = performance.now();
    assert.equal(telecontrol.mask('*a'.repeat(30).concat('*c'))('a'.repeat(5000)), false);
    assert.ok(performance.now() - began < 5000);
  });
});
