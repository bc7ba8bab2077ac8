import assert from 'node:assert/strict';
import type { StationFacts } from '../../lib/interoperability/facts.js';
import { toHtml } from '../../lib/interoperability/html.js';
import { interoperabilityList } from '../../lib/interoperability/list.js';
import { toMarkdown } from '../../lib/interoperability/markdown.js';
import { parseParameters, withDefaults } from '../../lib/station/parameters.js';
import { compilePoints, type PointInput } from '../../lib/station/points.js';

interface Given {
  readonly parameters?: string;
  readonly points?: readonly PointInput[];
  readonly facts?: Partial<StationFacts>;
}

function factsOf({ parameters = '', points = [], facts = {} }: Given): StationFacts {
  const { table, problems } = compilePoints(
    points.map((point) => ({ point, place: '' })),
    'balanced',
  );
  assert.deepEqual(problems, []);
  return {
    name: 'Substation',
    commonAddress: 7,
    lineNumber: 0,
    port: 2404,
    points: table,
    parameters: withDefaults(parseParameters(parameters).defined),
    timeZone: 'utc',
    syncPeriod: 0,
    balanced: false,
    files: false,
    ...facts,
  };
}

const markdownOf = (given: Given): string => toMarkdown(interoperabilityList(factsOf(given)));

/** The mark of a box by its text, or of a type in its selection. */
function mark(given: Given, text: string): string {
  const line = markdownOf(given)
    .split('\n')
    .find((one) => one.includes(`\` ${text}`) || (one.startsWith('| ') && one.split(' | ')[2] === text));
  assert.ok(line !== undefined, text);
  return (
    /^(?:- `\[(.)\]`|\| ?(.?) \|)/
      .exec(line)
      ?.slice(1)
      .find((found) => found !== undefined) ?? ''
  );
}

const cases: readonly [what: string, given: Given, text: string, expected: string][] = [
  ['a type with points', { points: [{ ioa: 1, type: 'M_SP_TB_1' }] }, 'M_SP_TB_1', 'X'],
  ['its untimed type, which interrogations send', { points: [{ ioa: 1, type: 'M_SP_TB_1' }] }, 'M_SP_NA_1', 'X'],
  ['with IWOT=False', { parameters: 'IWOT=False', points: [{ ioa: 1, type: 'M_SP_TB_1' }] }, 'M_SP_NA_1', 'o'],
  ['a type without points', {}, 'M_SP_TB_1', 'o'],
  ['security statistics', {}, 'S_IT_TC_1', ''],
  ['a command with points', { points: [{ ioa: 1, type: 'C_SC_NA_1' }] }, 'C_SC_NA_1', 'X'],
  ['the timed command, which its points take too', { points: [{ ioa: 1, type: 'C_SC_NA_1' }] }, 'C_SC_TA_1', 'X'],
  ['an interrogation', {}, 'C_IC_NA_1', 'X'],
  ['a balanced interrogation', { parameters: 'OIC=1', facts: { balanced: true } }, 'C_IC_NA_1', 'B'],
  ['a test of another standard', {}, 'C_TS_NA_1', ''],
  ['clock synchronization that is sent too', { facts: { syncPeriod: 60 } }, 'C_CS_NA_1', 'B'],
  ['received information', { points: [{ ioa: 1, type: 'M_SP_NA_1', direction: 'in' }] }, 'M_SP_NA_1', 'R'],
  ['sent commands', { points: [{ ioa: 1, type: 'C_DC_NA_1', direction: 'out' }] }, 'C_DC_NA_1', 'R'],
  ['a group with points', { points: [{ ioa: 1, type: 'M_SP_NA_1', groups: [16] }] }, 'group 16', 'X'],
  ['a group without', { points: [{ ioa: 1, type: 'M_SP_NA_1', groups: [16] }] }, 'group 15', 'o'],
  ['a group of events only', { points: [{ ioa: 1, type: 'M_EP_TD_1', groups: [2] }] }, 'group 2', 'o'],
  ['cyclic points', { points: [{ ioa: 1, type: 'M_SP_NA_1', period: 5 }] }, 'Cyclic data', 'X'],
  ['background scan', { parameters: 'BGS=60' }, 'Background scan', 'X'],
  ['direct commands', { points: [{ ioa: 1, type: 'C_SC_NA_1' }] }, 'Direct command', 'X'],
  ['no direct ones', { points: [{ ioa: 1, type: 'C_SC_NA_1', sbo: true }] }, 'Direct command', 'o'],
  ['a counter group', { points: [{ ioa: 1, type: 'M_IT_NA_1', counterGroup: 3 }] }, 'Request counter group 3', 'X'],
  ['no counters', {}, 'Mode C', 'o'],
  ['Mode D', { points: [{ ioa: 1, type: 'M_IT_NA_1' }] }, 'Mode D', ' '],
  ['redundancy groups', { parameters: 'GRP=A:10.0.0.1,10.0.0.2' }, 'Redundancy groups', 'X'],
  [
    'a command age',
    { parameters: 'CAGE=5000', points: [{ ioa: 1, type: 'C_SC_TA_1' }] },
    'Supervision of maximum',
    'X',
  ],
  ['files that are served', { facts: { files: true } }, 'F_SC_NA_1', 'X'],
  ['files, where there are none', {}, 'F_SC_NA_1', 'o'],
  ['archive files', { facts: { files: true } }, 'F_SC_NB_1', ''],
  ['networks of other standards', {}, 'Multipoint-star', '–'],
];

/** The mark of a type with a cause, in the table of assignments. */
function assigned(given: Given, label: string, cause: string): string {
  const lines = markdownOf(given).split('\n');
  const cells = (line: string): string[] => line.split('|').map((cell) => cell.trim());
  const head = cells(lines.find((line) => line.startsWith('| Type | Label |')) ?? '');
  const row = lines.map(cells).find((each) => each[2] === label && each.length === head.length);
  return row?.[head.indexOf(cause)] ?? '';
}

describe('the interoperability list', () => {
  for (const [label, terminated] of [
    ['C_SC_NA_1', [false, false, true, true]],
    ['C_SE_TC_1', [false, false, true, true]],
    ['C_CS_NA_1', [false, false, true, false]],
    ['C_IC_NA_1', [true, true, true, true]],
  ] as const)
    it(`marks the termination (10) of ${label} as CMDC says, and 7 in any case, which refusals have`, () => {
      const points = [
        { ioa: 1, type: 'C_SC_NA_1' },
        { ioa: 2, type: 'C_SE_NC_1' },
      ];
      for (const [cmdc, isUsed] of terminated.entries()) {
        const given = { parameters: `CMDC=${cmdc}`, points };
        assert.deepEqual(
          [assigned(given, label, '7'), assigned(given, label, '10')],
          ['X', isUsed ? 'X' : 'o'],
          `CMDC=${cmdc}`,
        );
      }
    });

  for (const [what, given, text, expected] of cases)
    it(`marks ${what} with "${expected}"`, () => assert.equal(mark(given, text), expected));

  it('names time-outs, windows, port, addresses', () => {
    const text = markdownOf({ parameters: 'K=20;W=10;WT1=5000;WT2=1500;WT3=0;CAGE=250', facts: { port: 19998 } });
    for (const wanted of [
      '# Interoperability list: Substation, common address 7',
      '| 20 APDUs |',
      '| 10 APDUs |',
      '| 5 s |',
      '| 1.5 s |',
      '| off |',
      '| Port number | 19998 |',
      'maximum allowable delay 0.25 s',
    ])
      assert.ok(text.includes(wanted), wanted);
  });

  it('follows the order of clause 9', () => {
    const clauses = interoperabilityList(factsOf({})).sections.map(({ clause }) => clause);
    assert.deepEqual(clauses, ['9.1', '9.2', '9.3', '9.4', '9.5', '9.6']);
  });

  it('keeps the names of users from being markup', () => {
    const facts = { name: '<b>|&`#\n*x*' };
    assert.match(markdownOf({ facts }), /^# Interoperability list: \\<b\\>\\\|&amp;\\`\\# \\\*x\\\*,/);
    const html = toHtml(interoperabilityList(factsOf({ facts })));
    assert.ok(!html.includes('<b>') && html.includes('&#60;b&#62;|&#38;`#'));
  });

  it('as HTML loads nothing and closes what it opens', () => {
    const html = toHtml(interoperabilityList(factsOf({ points: [{ ioa: 1, type: 'M_SP_NA_1' }] })));
    assert.ok(!/(?:src|href|@import|url\()/.test(html));
    for (const tag of ['table', 'tr', 'td', 'th', 'ul', 'li', 'h1', 'h2', 'h3', 'p', 'span', 'body', 'html']) {
      const count = (pattern: string): number => html.match(new RegExp(pattern, 'g'))?.length ?? 0;
      assert.equal(count(`<${tag}[ >]`), count(`</${tag}>`), tag);
    }
  });

  it('of 200000 points is made', function () {
    // Counting what is covered makes it several times as slow.
    this.timeout(60_000);
    const points = Array.from({ length: 200_000 }, (_, i) => ({ ioa: i + 1, type: 'M_ME_TF_1' }));
    assert.ok(markdownOf({ points }).includes('200000 points, 1 to 200000'));
  });
});
