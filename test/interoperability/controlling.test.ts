import assert from 'node:assert/strict';
import type { CentreFacts } from '../../lib/interoperability/facts.js';
import { controllingList } from '../../lib/interoperability/list.js';
import { toMarkdown } from '../../lib/interoperability/markdown.js';
import { clientParameters, parseParameters, withDefaults } from '../../lib/station/parameters.js';
import { compilePoints, type PointInput } from '../../lib/station/points.js';

interface Given {
  readonly parameters?: string;
  readonly points?: readonly PointInput[];
  readonly facts?: Partial<CentreFacts>;
}

function markdownOf({ parameters = '', points = [], facts = {} }: Given): string {
  const { table, problems } = compilePoints(
    points.map((point) => ({ point, place: '' })),
    'client',
  );
  assert.deepEqual(problems, []);
  return toMarkdown(
    controllingList({
      name: 'Substation',
      commonAddress: 7,
      lineNumber: 5,
      ports: [2404],
      points: table,
      parameters: withDefaults(parseParameters(parameters, clientParameters).defined, clientParameters),
      timeZone: 'utc',
      syncPeriod: 0,
      ...facts,
    }),
  );
}

/** The mark of a box by the beginning of its text, or of a type in its selection. */
function mark(given: Given, text: string): string | undefined {
  for (const line of markdownOf(given).split('\n')) {
    const box = /^- `\[(.)\]` (.*)$/.exec(line);
    if (box?.[2]?.startsWith(text)) return box[1];
    const [, used, , label] = line.split('|').map((cell) => cell.trim());
    if (label === text) return used;
  }
  return undefined;
}

/** The mark of a type with a cause, in the table of assignments. */
function assigned(given: Given, label: string, cause: string): string | undefined {
  const table = markdownOf(given)
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const head = table.find(([, type, name]) => type === 'Type' && name === 'Label') ?? [];
  return table.find((cells) => cells[2] === label && cells.length === head.length)?.[head.indexOf(cause)];
}

const single = { points: [{ ioa: 1, type: 'M_SP_TB_1' }] };
const counter = { points: [{ ioa: 1, type: 'M_IT_NA_1' }] };
const command = (more: Partial<PointInput> = {}): Given => ({ points: [{ ioa: 1, type: 'C_SC_NA_1', ...more }] });
const setPoint = { points: [{ ioa: 1, type: 'C_SE_NC_1' }] };

const cases: readonly [what: string, given: Given, text: string, expected: string][] = [
  ['what it is', {}, 'Controlling station definition', 'X'],
  ['what it is not', {}, 'Controlled station definition', ' '],
  ['a type with points', single, 'M_SP_TB_1', 'X'],
  ['the same without time tag, which points take too', single, 'M_SP_NA_1', 'X'],
  ['a type without points', single, 'M_DP_NA_1', 'o'],
  ['security statistics', {}, 'S_IT_TC_1', ''],
  ['a command with points', command(), 'C_SC_NA_1', 'X'],
  ['a timed command, which an order may ask for', command(), 'C_SC_TA_1', 'o'],
  ['the end of initialization', {}, 'M_EI_NA_1', 'X'],
  ['the interrogation of what is to be received', single, 'C_IC_NA_1', 'X'],
  ['none with OIC=0', { ...single, parameters: 'OIC=0' }, 'C_IC_NA_1', 'o'],
  ['none where there are commands alone', command(), 'C_IC_NA_1', 'o'],
  ['the counter interrogation', single, 'C_CI_NA_1', 'X'],
  ['none with OCIC=0', { ...single, parameters: 'OCIC=0' }, 'C_CI_NA_1', 'o'],
  ['a read command', single, 'C_RD_NA_1', 'o'],
  ['the time that is sent', { facts: { syncPeriod: 60 } }, 'C_CS_NA_1', 'X'],
  ['the time by order', {}, 'C_CS_NA_1', 'o'],
  ['a test of another standard', {}, 'C_TS_NA_1', ''],
  ['parameters', {}, 'P_ME_NC_1', ''],
  ['files', {}, 'F_SC_NA_1', ''],
  ['values in cycles', single, 'Cyclic data', 'X'],
  ['groups', single, 'group 16', 'o'],
  ['direct commands', command(), 'Direct command', 'X'],
  ['selected ones', command({ sbo: true }), 'Select and execute command', 'X'],
  ['direct ones, where all are selected', command({ sbo: true }), 'Direct command', 'o'],
  ['set points', setPoint, 'Direct set point command', 'X'],
  ['the end of set points', setPoint, 'C_SE ACTTERM', 'X'],
  ['which CMDC=1 does not wait for', { ...setPoint, parameters: 'CMDC=1' }, 'C_SE ACTTERM', 'o'],
  ['counters', counter, 'Mode B', 'X'],
  ['a counter group', counter, 'Request counter group 4', 'o'],
  ['freezing', counter, 'Counter freeze with reset', 'o'],
  ['one connection', {}, 'Redundancy group', 'o'],
  ['two connections', { facts: { ports: [2404, 2405] } }, 'Redundancy group', 'X'],
  ['both started', { facts: { ports: [2404, 2405] }, parameters: 'REDM=parallel' }, 'Both connections', 'X'],
];

describe('the interoperability list of a controlling station', () => {
  for (const [what, given, text, expected] of cases)
    it(`marks ${what} with "${expected}"`, () => assert.equal(mark(given, text), expected));

  for (const [what, given, label, cause, expected] of [
    ['spontaneous values', single, 'M_SP_TB_1', '3', 'X'],
    ['interrogated ones', single, 'M_SP_NA_1', '20', 'X'],
    ['not with OIC=0', { ...single, parameters: 'OIC=0' }, 'M_SP_NA_1', '20', 'o'],
    ['those of groups', single, 'M_SP_NA_1', '21–36', 'o'],
    ['those that were read', single, 'M_SP_NA_1', '5', 'o'],
    ['counters that were asked for', counter, 'M_IT_NA_1', '37', 'X'],
    ['the activation of a command', command(), 'C_SC_NA_1', '6', 'X'],
    ['its deactivation', command(), 'C_SC_NA_1', '8', 'o'],
    ['that of a selected one', command({ sbo: true }), 'C_SC_NA_1', '8', 'X'],
    ['its termination', command(), 'C_SC_NA_1', '10', 'X'],
    ['the termination with CMDC=1', { ...command(), parameters: 'CMDC=1' }, 'C_SC_NA_1', '10', 'o'],
    ['a refusal', command(), 'C_SC_NA_1', '47', 'X'],
    ['what does not come', single, 'M_SP_NA_1', '6', ''],
  ] as const)
    it(`marks ${what} (${label}, ${cause}) with "${expected}"`, () =>
      assert.equal(assigned(given, label, cause), expected));

  it('names time-outs, windows, ports, originator', () => {
    const text = markdownOf({ parameters: 'K=20;W=10;WT0=5000;WTN=7000', facts: { ports: [2404, 19998] } });
    for (const wanted of [
      '# Interoperability list of the controlling station: Substation, common address 7',
      '| t0 | 30 s | Time-out of connection establishment | 5 s |',
      '| 20 APDUs |',
      '| 10 APDUs |',
      '| Port number | 2404 | the standard’s |',
      '| Port number | 19998 |',
      '5 in all that is sent (line number)',
      'an answer is awaited for 7 s',
    ])
      assert.ok(text.includes(wanted), wanted);
  });
});
