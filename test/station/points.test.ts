import assert from 'node:assert/strict';
import { types } from '../../lib/asdu/types.js';
import { compilePoints, isPointType, type PointInput, type PointRole, parseIoa } from '../../lib/station/points.js';

const compile = (points: readonly unknown[], role: PointRole = 'server') =>
  compilePoints(
    points.map((point, i) => ({ point: point as PointInput, place: `point ${i + 1}` })),
    role,
  );

describe('an object address', () => {
  for (const [given, ioa] of [
    [0, 0],
    [16777215, 16777215],
    ['100', 100],
    [' 100 ', 100],
    ['#64', 100],
    ['#FFFFFF', 16777215],
    ['#aB', 171],
    ['00000001', 1],
  ] as const)
    it(`${JSON.stringify(given)} is ${ioa}`, () => assert.equal(parseIoa(given), ioa));

  for (const given of [-1, 16777216, 1.5, Number.NaN, Infinity, '', '#', '#1000000', '0x10', '1e3', '-1', '1.5', 'a'])
    it(`${JSON.stringify(given)} (${typeof given}) is none`, () => assert.equal(parseIoa(given), undefined));
  for (const given of [undefined, null, true, {}, [1]])
    it(`${String(given)} (${typeof given}) is none`, () => assert.equal(parseIoa(given), undefined));
});

describe('points', () => {
  const right = { ioa: 7, type: 'M_ME_TF_1' };

  for (const [what, point, problem] of [
    ['nothing', null, 'not a point'],
    ['a number', 5, 'not a point'],
    ['no address', { type: 'M_SP_NA_1' }, 'object address undefined is not 0..16777215, decimal or #hexadecimal'],
    ['an address', { ...right, ioa: '1x' }, 'object address "1x" is not 0..16777215, decimal or #hexadecimal'],
    [
      'an address too high',
      { ...right, ioa: 16777216 },
      'object address 16777216 is not 0..16777215, decimal or #hexadecimal',
    ],
    ['no type', { ioa: 7 }, 'object address 7: type undefined does not exist; a label like M_ME_TF_1 is needed'],
    [
      'a type',
      { ...right, type: 'M_XX_1' },
      'object address 7: type "M_XX_1" does not exist; a label like M_ME_TF_1 is needed',
    ],
    [
      'a type in small letters',
      { ...right, type: 'm_sp_na_1' },
      'object address 7: type "m_sp_na_1" does not exist; a label like M_ME_TF_1 is needed',
    ],
    [
      'a type that is no point',
      { ...right, type: 'C_IC_NA_1' },
      'object address 7: type "C_IC_NA_1" does not exist; a label like M_ME_TF_1 is needed',
    ],
    [
      'a type by the name of something else',
      { ...right, type: 'constructor' },
      'object address 7: type "constructor" does not exist; a label like M_ME_TF_1 is needed',
    ],
    ['a direction', { ...right, direction: 'up' }, 'object address 7: direction "up" is neither out nor in'],
    [
      'a direction against the type',
      { ...right, direction: 'in' },
      'object address 7: direction in of M_ME_TF_1 needs a balanced station',
    ],
    ['a group', { ...right, groups: [1, 17] }, 'object address 7: group 17 is not 1..16'],
    ['group 0', { ...right, groups: [0] }, 'object address 7: group 0 is not 1..16'],
    ['half a group', { ...right, groups: ['1.5'] }, 'object address 7: group "1.5" is not 1..16'],
    ['groups that are text', { ...right, groups: '1 x' }, 'object address 7: group "x" is not 1..16'],
    ['a counter group', { ...right, counterGroup: 5 }, 'object address 7: counterGroup 5 is not 1..4'],
    ['a counter group', { ...right, counterGroup: 'a' }, 'object address 7: counterGroup "a" is not 1..4'],
    ['a period', { ...right, period: -1 }, 'object address 7: period -1 is not seconds, 0 or more'],
    ['a period', { ...right, period: '5 s' }, 'object address 7: period "5 s" is not seconds, 0 or more'],
    ['a deadband', { ...right, deadband: '-0.1' }, 'object address 7: deadband "-0.1" is not 0 or more'],
    ['a deadband', { ...right, deadband: Infinity }, 'object address 7: deadband Infinity is not 0 or more'],
    ['sbo', { ...right, sbo: 'maybe' }, 'object address 7: sbo "maybe" is neither true nor false'],
    [
      'sbo of a bit string',
      { ioa: 7, type: 'C_BO_NA_1', sbo: true },
      'object address 7: sbo: a C_BO_NA_1 cannot be selected',
    ],
    [
      'sbo of a bit string with time tag',
      { ioa: 7, type: 'C_BO_TA_1', sbo: 'true' },
      'object address 7: sbo: a C_BO_TA_1 cannot be selected',
    ],
    ['a feedback', { ...right, feedback: '#' }, 'object address 7: feedback "#" is not an object address'],
  ] as const)
    it(`a wrong one is left out and named with its place: ${what}, ${problem}`, () => {
      const { table, problems } = compile([{ ioa: 1, type: 'M_SP_NA_1' }, point, { ioa: 9, type: 'C_SC_NA_1' }]);
      assert.deepEqual(problems, [`point 2: ${problem}`]);
      assert.deepEqual([table.out.length, table.in.length], [1, 1], 'everything else goes on');
    });

  it('direction follows the type, and both may bear one address', () => {
    const { table, problems } = compile([
      { ioa: 1, type: 'M_SP_NA_1', tag: 'Q0' },
      { ioa: '1', type: 'C_SC_NA_1', tag: 'Q0', direction: '' },
    ]);
    assert.deepEqual(problems, []);
    assert.equal(table.find('out', 1)?.row.label, 'M_SP_NA_1');
    assert.equal(table.find('in', 1)?.row.label, 'C_SC_NA_1');
    assert.equal(table.findTag('out', 'Q0')?.direction, 'out');
    assert.equal(table.findTag('in', 'Q0')?.direction, 'in');
    assert.equal(table.find('out', 2), undefined);
    assert.equal(table.findTag('out', 'Q1'), undefined);
  });

  it('in a balanced station a command may go out and process information come in', () => {
    const points = [
      { ioa: 1, type: 'C_SC_NA_1', direction: 'out' },
      { ioa: 2, type: 'M_SP_NA_1', direction: 'in' },
    ];
    assert.equal(compile(points).problems.length, 2);
    assert.deepEqual(compile(points, 'balanced').problems, []);
  });

  it('a client station receives what a substation monitors and sends commands, whose feedback it receives', () => {
    const { table, problems } = compile(
      [
        { ioa: 1, type: 'M_DP_NA_1', tag: 'Q0' },
        { ioa: 1, type: 'C_DC_NA_1', tag: 'Q0', feedback: 1 },
        { ioa: 2, type: 'C_SC_NA_1', feedback: 3 },
        { ioa: 4, type: 'M_SP_NA_1', direction: 'out' },
      ],
      'client',
    );
    assert.deepEqual(problems, [
      'point 4: object address 4: direction out of M_SP_NA_1 needs a balanced station',
      'point 3: feedback 3 of object address 2 is not a point that is received',
    ]);
    assert.equal(table.find('in', 1)?.row.label, 'M_DP_NA_1');
    assert.equal(table.findTag('out', 'Q0')?.row.label, 'C_DC_NA_1');
  });

  it('duplicates name both places: an address written in two ways, and a tag', () => {
    const { table, problems } = compile([
      { ioa: 16, type: 'M_SP_NA_1', tag: 'A' },
      { ioa: '#10', type: 'M_DP_NA_1' },
      { ioa: 17, type: 'M_SP_NA_1', tag: 'A' },
      { ioa: 18, type: 'M_SP_NA_1', tag: ' A ' },
    ]);
    assert.deepEqual(problems, [
      'point 2: object address 16 (out) stands twice, first as point 1',
      'point 3: tag "A" stands twice, first at point 1',
      'point 4: tag "A" stands twice, first at point 1',
    ]);
    assert.equal(table.out.length, 1);
    assert.equal(table.find('out', 16)?.row.label, 'M_SP_NA_1');
  });

  it('a feedback must be a point that is sent', () => {
    const { problems } = compile([
      { ioa: 1, type: 'M_SP_NA_1' },
      { ioa: 2, type: 'C_SC_NA_1', feedback: 1 },
      { ioa: 3, type: 'C_SC_NA_1', feedback: '#1' },
      { ioa: 4, type: 'C_SC_NA_1', feedback: 2 },
      { ioa: 5, type: 'C_SC_NA_1', feedback: '' },
    ]);
    assert.deepEqual(problems, ['point 4: feedback 2 of object address 4 is not a point that is sent']);
  });

  it('groups stand in an array, of numbers or text, or in a text', () => {
    for (const groups of [[1, 16], ['1', '16'], '1 16', '1,16', ' 1,  16 ', [16, 1, 1]])
      assert.equal(compile([{ ...right, groups }]).table.out[0]?.groups, 0x8001, JSON.stringify(groups));
    for (const groups of [undefined, null, [], '', ' '])
      assert.equal(compile([{ ...right, groups }]).table.out[0]?.groups, 0, JSON.stringify(groups));
    assert.equal(compile([{ ...right, groups: 5 }]).table.out[0]?.groups, 16);
  });

  it('what is empty is not there, and texts are numbers, as a form or a file gives them', () => {
    const { table } = compile([
      { ...right, tag: '', direction: '', counterGroup: '', period: '', deadband: '', sbo: '', feedback: '' },
      { ioa: 8, type: 'M_ME_NC_1', tag: ' U ', counterGroup: '2', period: '1.5', deadband: '0.25', sbo: 'True' },
    ]);
    const { row: _, ...first } = table.out[0] ?? {};
    assert.deepEqual(first, {
      ioa: 7,
      tag: undefined,
      direction: 'out',
      groups: 0,
      counterGroup: 0,
      period: 0,
      deadband: 0,
      sbo: false,
      feedback: undefined,
      index: 0,
    });
    const second = table.out[1];
    assert.deepEqual(
      [second?.tag, second?.counterGroup, second?.period, second?.deadband, second?.sbo, second?.index],
      ['U', 2, 1.5, 0.25, true, 1],
    );
  });

  it('the index of a point is its place by ascending address', () => {
    const { table } = compile([3, 1, 2].map((ioa) => ({ ioa, type: 'M_SP_NA_1' })));
    assert.deepEqual(
      table.out.map(({ ioa, index }) => [ioa, index]),
      [
        [1, 0],
        [2, 1],
        [3, 2],
      ],
    );
  });

  it('process information and commands can be points, and nothing else', () => {
    const can = Object.values(types).filter(isPointType);
    assert.equal(can.length, 48);
    for (const { label } of Object.values(types)) {
      const { problems } = compile([{ ioa: 1, type: label }]);
      assert.equal(problems.length === 0, /^[MC]_(?!EI|IC|CI|RD|CS|TS|RP|CD)/.test(label), label);
    }
  });
});
