import assert from 'node:assert/strict';
import { compilePoints } from '../../lib/station/points.js';
import { parsePointsFile } from '../../lib/station/points-file.js';

const read = (text: string) => compilePoints(parsePointsFile(text, 'points.csv'));
const HEADER = 'ioa;tag;type;direction;groups;counterGroup;period;deadband;sbo;feedback';
const wrong = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'configuration');
    return (error as Error).message;
  }
  return 'nothing';
};

describe('a file of points', () => {
  for (const [what, text] of [
    ['semicolons', `${HEADER}\n1;U;M_ME_TF_1;out;1 3;;10;0.5;;\n#10;Q;C_SC_NA_1;;;;;;true;1\n`],
    ['commas', `${HEADER.replaceAll(';', ',')}\n1,U,M_ME_TF_1,out,1 3,,10,0.5,,\n#10,Q,C_SC_NA_1,,,,,,true,1\n`],
    ['a byte order mark', `\uFEFF${HEADER}\n1;U;M_ME_TF_1;out;1 3;;10;0.5;;\n#10;Q;C_SC_NA_1;;;;;;true;1`],
    ['CRLF', `${HEADER}\r\n1;U;M_ME_TF_1;out;1 3;;10;0.5;;\r\n#10;Q;C_SC_NA_1;;;;;;true;1\r\n`],
    ['CR', `${HEADER}\r1;U;M_ME_TF_1;out;1 3;;10;0.5;;\r#10;Q;C_SC_NA_1;;;;;;true;1\r`],
    ['empty lines', `\n \n${HEADER}\n\n1;U;M_ME_TF_1;out;1 3;;10;0.5;;\n  \n#10;Q;C_SC_NA_1;;;;;;true;1\n\n`],
    ['quotes', `${HEADER}\n"1";"U";"M_ME_TF_1";out;"1 3";"";10;0.5;;\n"#10";Q;"C_SC_NA_1";;;;;;true;1\n`],
    ['spaces', `${HEADER}\n 1 ; U ; M_ME_TF_1 ;out; 1  3 ;; 10 ;0.5;;\n#10;Q;C_SC_NA_1;;;;;;true;1`],
    ['short rows', `${HEADER}\n1;U;M_ME_TF_1;out;1 3;;10;0.5\n#10;Q;C_SC_NA_1;;;;;;true;1`],
    [
      'another order of columns',
      'TYPE;Ioa;sbo;FEEDBACK;tag;groups;period;deadband\nM_ME_TF_1;1;;;U;1 3;10;0.5\nC_SC_NA_1;#10;true;1;Q',
    ],
  ] as const)
    it(`is read with ${what}`, () => {
      const { table, problems } = read(text);
      assert.deepEqual(problems, []);
      const [u, q] = [table.findTag('out', 'U'), table.findTag('in', 'Q')];
      assert.deepEqual([u?.ioa, u?.row.id, u?.groups, u?.period, u?.deadband, u?.sbo], [1, 36, 5, 10, 0.5, false]);
      assert.deepEqual([q?.ioa, q?.row.id, q?.sbo, q?.feedback], [16, 45, true, 1]);
    });

  it('separators and quotes may stand in quotes', () => {
    const { table } = read('ioa,tag,type\n1,"a,b ""c""; d",M_SP_NA_1');
    assert.equal(table.out[0]?.tag, 'a,b "c"; d');
  });

  it('errors name the line, the point and what is allowed; all else goes on', () => {
    const { table, problems } = read(
      'ioa;type;groups\n1;M_SP_NA_1;\n\n1;M_SP_NA_1;\nx;M_SP_NA_1\n4;M_XX;\n5;M_SP_NA_1;17\n6;M_SP_NA_1;1;2\n7;M_SP_NA_1',
    );
    assert.deepEqual(problems, [
      'points.csv line 4: object address 1 (out) stands twice, first as points.csv line 2',
      'points.csv line 5: object address "x" is not 0..16777215, decimal or #hexadecimal',
      'points.csv line 6: object address 4: type "M_XX" does not exist; a label like M_ME_TF_1 is needed',
      'points.csv line 7: object address 5: group "17" is not 1..16',
      'points.csv line 8: 4 fields where the header has 3',
    ]);
    assert.deepEqual(
      table.out.map(({ ioa }) => ioa),
      [1, 7],
    );
  });

  it('a point that stands in the table and in the file is named with both places', () => {
    const table = [{ place: 'point 3', point: { ioa: '#A', type: 'M_SP_NA_1' } }];
    const { problems } = compilePoints([...table, ...parsePointsFile('ioa;type\n10;M_DP_NA_1', 'points.csv')]);
    assert.deepEqual(problems, ['points.csv line 2: object address 10 (out) stands twice, first as point 3']);
  });

  it('a header that is none is an error that names what is wrong and what there is', () => {
    assert.equal(
      wrong('ioa;typ\n1;M_SP_NA_1'),
      'points.csv: column "typ" is unknown; the columns are ' +
        'ioa, tag, type, direction, groups, counterGroup, period, deadband, sbo, feedback',
    );
    assert.equal(wrong('ioa;tag\n1;U'), 'points.csv: the header row has no column type');
    assert.equal(wrong('type;tag\nM_SP_NA_1;U'), 'points.csv: the header row has no column ioa');
    assert.match(wrong(''), /^points\.csv: /);
    assert.match(wrong('1;M_SP_NA_1'), /^points\.csv: column "1" is unknown/);
  });

  it('100,000 points are compiled in well under 2 s', function () {
    const lines = Array.from({ length: 100_000 }, (_, i) => `${i};Point ${i};M_ME_TF_1;;${(i % 16) + 1};;;0.5;;`);
    const text = [HEADER, ...lines].join('\n');
    const began = performance.now();
    const { table, problems } = read(text);
    const ms = Math.round(performance.now() - began);
    assert.deepEqual([table.out.length, problems.length], [100_000, 0]);
    // Not asserted: a machine under load would make it a test of the machine.
    if (this.test !== undefined) this.test.title += `: ${ms} ms`;
  });
});
