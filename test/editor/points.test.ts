// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a property of a flow may be written so
import assert from 'node:assert/strict';
import { compilePoints, type PointInput } from '../../lib/station/points.js';
import { loadScripts, plain } from './scripts.js';

type Row = Record<string, string>;
interface Telecontrol {
  toRow(point: object): Row;
  toPoint(row: Row): object;
  checkPoints(rows: Row[], role?: string): ({ field: string; message: string } | undefined)[];
  nextRow(rows: Row[]): Row;
  validatePoints(points: unknown, options: object): true | string;
  objectAddress(value: unknown): number;
  wholeNumber(property: string, min: number, max: number): (value: unknown, options: object) => true | string;
  validateTimeZone(value: unknown, options: object): true | string;
  validateParameters(value: unknown, options: object): true | string;
}

const { telecontrol, telecontrolTypes } = loadScripts<{
  telecontrol: Telecontrol;
  telecontrolTypes: { label: string; id: number }[];
}>('types', 'points', 'telecontrol');
const saved = (point: object) => plain(telecontrol.toPoint(telecontrol.toRow(point)));
const problems = (points: object[], role?: string) =>
  telecontrol
    .checkPoints(
      points.map((point) => telecontrol.toRow(point)),
      role,
    )
    .map((problem) => problem?.field);

describe('points in the editor', () => {
  it('saves what it read, only the fields that are set', () => {
    for (const point of [
      { ioa: 100, tag: 'Q0.position', type: 'M_DP_TB_1' },
      { ioa: '#1F4', type: 'M_ME_NC_1', deadband: 0.5, period: 10, groups: [1, 16] },
      { ioa: '${IOA}', type: 'C_SC_NA_1', sbo: true, feedback: 100, direction: 'in' },
      { ioa: 7, type: 'M_IT_NA_1', counterGroup: 4, groups: '${GROUPS}' },
      { ioa: 8, type: 'M_SP_NA_1', unit: 'of a later version' },
    ])
      assert.deepEqual(saved(point), point);
    assert.deepEqual(saved({ ioa: '12', tag: '', type: 'M_SP_NA_1', sbo: false, groups: [] }), {
      ioa: 12,
      type: 'M_SP_NA_1',
    });
    assert.deepEqual(saved({ ioa: 1, type: 'M_ME_NC_1', deadband: '0,5' }), {
      ioa: 1,
      type: 'M_ME_NC_1',
      deadband: 0.5,
    });
  });

  it('keeps what is wrong as typed', () => {
    assert.deepEqual(saved({ ioa: 'abc', type: 'M_SP_NA_1', period: 'often' }), {
      ioa: 'abc',
      type: 'M_SP_NA_1',
      period: 'often',
    });
  });

  it('names the field that is wrong', () => {
    const point = { ioa: 1, type: 'M_SP_NA_1' };
    assert.deepEqual(problems([point]), [undefined]);
    const wrong = {
      ioa: ['', '-1', '16777216', '#G', '1.5', '#1000000'],
      type: ['', 'M_XX_NA_1', 'C_IC_NA_1', 'm_sp_na_1'],
      direction: ['up'],
      groups: ['0', '17', '1 x', '1;2'],
      counterGroup: ['0', '5'],
      period: ['-1', 'x', '2678401'],
      deadband: ['-0.1', 'x'],
      sbo: ['yes'],
      feedback: ['x', '16777216'],
    };
    for (const [field, values] of Object.entries(wrong))
      for (const value of values)
        assert.deepEqual(problems([{ ...point, [field]: value }]), [field], `${field} ${value}`);
  });

  it('finds what a type cannot have, as the engine does', () => {
    const given = (type: string, more: object): object => ({ ioa: 1, type, ...more });
    const cases: [object, 'server' | 'balanced' | 'client', string | undefined][] = [
      [given('M_SP_TB_1', { deadband: 0.5 }), 'server', 'deadband'],
      [given('M_SP_TB_1', { deadband: 0 }), 'server', undefined],
      [given('M_IT_TB_1', { deadband: 5 }), 'server', undefined],
      [given('M_ME_TF_1', { deadband: 0.5 }), 'server', undefined],
      [given('C_BO_NA_1', { sbo: true }), 'server', 'sbo'],
      [given('C_SC_NA_1', { sbo: true }), 'server', undefined],
      [given('C_SC_NA_1', { direction: 'out' }), 'server', 'direction'],
      [given('C_SC_NA_1', { direction: 'out' }), 'balanced', undefined],
      [given('C_SC_NA_1', { direction: 'out' }), 'client', undefined],
      [given('M_SP_NA_1', { direction: 'in' }), 'server', 'direction'],
      [given('M_SP_NA_1', { direction: 'out' }), 'client', 'direction'],
      [given('M_SP_NA_1', { period: 2_678_400 }), 'server', undefined],
      [given('M_SP_NA_1', { period: 2_678_401 }), 'server', 'period'],
    ];
    for (const [point, role, field] of cases) {
      const said = JSON.stringify([point, role]);
      assert.deepEqual(problems([point], role), [field], said);
      const { problems: found } = compilePoints([{ place: 'row 1', point: point as PointInput }], role);
      assert.equal(found.length > 0, field !== undefined, `${said}: ${found}`);
    }
  });

  it('takes an environment variable in every field', () => {
    const fields = [
      'ioa',
      'tag',
      'type',
      'direction',
      'groups',
      'counterGroup',
      'period',
      'deadband',
      'sbo',
      'feedback',
    ];
    const point = Object.fromEntries(fields.map((field) => [field, '${NAME}']));
    assert.deepEqual(problems([point]), [undefined]);
    assert.deepEqual(saved(point), point);
  });

  it('finds an address twice in one direction, however it is written', () => {
    const a = { ioa: 500, type: 'M_SP_NA_1' };
    assert.deepEqual(problems([a, { ...a, ioa: '#1F4' }]), [undefined, 'ioa']);
    assert.deepEqual(problems([a, { ...a, type: 'C_SC_NA_1' }]), [undefined, undefined]);
    assert.deepEqual(problems([a, { ...a, type: 'C_SC_NA_1', direction: 'out' }], 'balanced'), [undefined, 'ioa']);
    assert.deepEqual(problems([a, { ...a, type: 'C_SC_NA_1', direction: 'out' }], 'client'), [undefined, undefined]);
  });

  it('finds a tag twice in one direction', () => {
    const a = { ioa: 1, tag: 'Q0', type: 'M_SP_NA_1' };
    assert.deepEqual(problems([a, { ...a, ioa: 2 }]), [undefined, 'tag']);
    assert.deepEqual(problems([a, { ...a, ioa: 2, type: 'C_SC_NA_1' }]), [undefined, undefined]);
    assert.deepEqual(
      problems([
        { ...a, tag: '' },
        { ...a, tag: '', ioa: 2 },
      ]),
      [undefined, undefined],
    );
  });

  it('offers the next free address, written like the last, with its type', () => {
    const next = (...points: object[]) => {
      const { ioa, type } = telecontrol.nextRow(points.map((point) => telecontrol.toRow(point)));
      return [ioa, type];
    };
    assert.deepEqual(next(), ['1', 'M_SP_TB_1']);
    assert.deepEqual(next({ ioa: 101, type: 'X' }, { ioa: 100, type: 'M_ME_NC_1' }), ['102', 'M_ME_NC_1']);
    assert.deepEqual(next({ ioa: '#FF', type: 'X' }), ['#100', 'X']);
    assert.deepEqual(next({ ioa: 5, type: 'X' }, { ioa: '${IOA}', type: 'Y' }), ['6', 'Y']);
    assert.deepEqual(next({ ioa: 16777215, type: 'X' }), ['', 'X']);
  });

  it('gives the reason why a list of points is not valid', () => {
    assert.equal(telecontrol.validatePoints([], {}), true);
    assert.equal(telecontrol.validatePoints(undefined, {}), true);
    assert.equal(telecontrol.validatePoints('${POINTS}', {}), true);
    assert.match(String(telecontrol.validatePoints('points', {})), /point\.array/);
    const message = String(
      telecontrol.validatePoints(
        [
          { ioa: 1, type: 'M_SP_NA_1' },
          { ioa: 1, type: 'M_SP_NA_1' },
        ],
        {},
      ),
    );
    assert.match(message, /point\.inRow .*"row":2.*point\.twice/);
  });

  it('offers the types that points can have', () => {
    const ids = telecontrolTypes.map(({ id }) => id);
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
    assert.deepEqual(plain(ids), [...range(1, 21), ...range(30, 40), ...range(45, 51), ...range(58, 64), 241, 243]);
  });

  it('validates the properties of the dialogs', () => {
    const port = telecontrol.wholeNumber('port', 1, 65535);
    for (const right of ['2404', 2404, '1', '${PORT}', undefined]) assert.equal(port(right, {}), true);
    for (const right of ['', undefined, null]) assert.equal(port(right, {}), true);
    for (const wrong of ['0', '65536', '2404.5', 'x', '$PORT']) assert.equal(typeof port(wrong, {}), 'string');
    for (const right of ['utc', 'local', '60', '-330', '${TZ}', ''])
      assert.equal(telecontrol.validateTimeZone(right, {}), true);
    for (const wrong of ['CET', '900', '1.5']) assert.equal(typeof telecontrol.validateTimeZone(wrong, {}), 'string');
    for (const right of ['', 'IGO=True', ' K=12 ; W=8; ', 'GRP=A:10.0.0.1|B:10.0.1.0/24', '${P}'])
      assert.equal(telecontrol.validateParameters(right, {}), true);
    for (const wrong of ['IGO', 'IGO=True;K', '=5'])
      assert.equal(typeof telecontrol.validateParameters(wrong, {}), 'string');
  });
});
