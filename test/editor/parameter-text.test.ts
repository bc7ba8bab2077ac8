import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientParameters, parseParameters, serverParameters } from '../../lib/station/parameters.js';
import { loadScripts, plain } from './scripts.js';

interface Row {
  readonly keyword: string;
  readonly name: string;
  readonly scope: string;
  readonly unit: string;
  readonly kind: string;
  readonly fallback: string;
  readonly low?: number;
  readonly high?: number;
}
interface Telecontrol {
  parametersOf(role: string): Row[];
  parameterTopics: Record<string, string[]>;
  readParameters(text: string, role: string): object[];
  setParameter(text: string, role: string, keyword: string, value: string): string;
  dropParameter(text: string, role: string, given: string): string;
  canonical(row: Row, value: string): string | undefined;
  parameterConflicts(text: string, role: string): object[];
}
const { telecontrol } = loadScripts<{ telecontrol: Telecontrol }>('parameters', 'parameter-text');
const tables = { server: serverParameters, client: clientParameters } as const;
const roles = ['server', 'client'] as const;

describe('parameters in the editor', () => {
  it('are those of the engine, with its defaults, units and ranges; the build writes them', () => {
    for (const role of roles) {
      const rows = telecontrol.parametersOf(role);
      assert.deepEqual(plain(rows.map(({ keyword }) => keyword)), Object.keys(tables[role]));
      for (const row of rows) {
        const known = (tables[role] as Record<string, { name: string; unit: string; scope: string; allowed: string }>)[
          row.keyword
        ];
        assert.deepEqual([row.name, row.unit, row.scope], [known?.name, known?.unit, known?.scope], row.keyword);
        if (row.kind === 'number') assert.equal(`${row.low}..${row.high}`, known?.allowed);
      }
    }
  });

  it('take and refuse what the engine takes and refuses', () => {
    const values = [
      '',
      '0',
      '1',
      '3',
      '4',
      '12',
      '63',
      '64',
      '70000',
      '-1',
      '1.5',
      'true',
      'FALSE',
      'cf3',
      'Group',
      'x',
    ];
    for (const role of roles)
      for (const row of telecontrol.parametersOf(role))
        for (const value of values) {
          const { defined, warnings } = parseParameters(`${row.keyword}=${value}`, tables[role]);
          const canonical = telecontrol.canonical(row, value);
          const at = `${row.keyword}=${value}`;
          assert.equal(canonical === undefined, warnings.length > 0, at);
          if (canonical === undefined) continue;
          const back = parseParameters(`${row.keyword}=${canonical}`, tables[role]);
          assert.deepEqual([back.defined, back.warnings], [defined, []], at);
        }
  });

  it('write only what differs from the default', () => {
    const set = (text: string, keyword: string, value: string) =>
      telecontrol.setParameter(text, 'server', keyword, value);
    for (const row of telecontrol.parametersOf('server'))
      assert.equal(set('', row.keyword, row.fallback), '', row.keyword);
    assert.equal(set('', 'K', '20'), 'K=20');
    assert.equal(set('K=20;W=5', 'K', '12'), 'W=5');
    assert.equal(set('K=20', 'W', ' 5 '), 'K=20;W=5');
    assert.equal(set('K=20;W=5;K=30', 'K', '15'), 'K=15;W=5');
    assert.equal(set('sending window=20; igo = 1', 'K', '15'), 'sending window=15;igo=1');
    assert.equal(set('IGO=True', 'IGO', 'False'), '');
    assert.equal(set('IWOT=0', 'IWOT', 'True'), '');
    assert.equal(set('XYZ=4;K=20', 'K', ''), 'XYZ=4');
    assert.equal(set('', 'K', 'x'), 'K=x');
    assert.equal(telecontrol.setParameter('', 'client', 'OIC', '1'), '');
    assert.equal(telecontrol.setParameter('', 'client', 'OIC', '0'), 'OIC=0');
  });

  it('name what they do not know, and let it be removed', () => {
    assert.deepEqual(plain(telecontrol.readParameters('Command Confirm=1;XYZ=4;;FST', 'server')), [
      { given: 'Command Confirm', keyword: 'CMDC', value: '1' },
      { given: 'XYZ', value: '4' },
      { given: 'FST', value: '' },
    ]);
    assert.equal(telecontrol.dropParameter('K=20;XYZ=4;W=5', 'server', 'XYZ'), 'K=20;W=5');
  });

  it('say where windows and timers do not go together, as the engine does', () => {
    const conflicts = (text: string) => plain(telecontrol.parameterConflicts(text, 'server'));
    assert.deepEqual(conflicts(''), []);
    assert.deepEqual(conflicts('K=8'), [{ keyword: 'W', other: 'K' }]);
    assert.deepEqual(conflicts('K=1;W=1'), []);
    assert.deepEqual(conflicts('WT1=5000'), [{ keyword: 'WT2', other: 'WT1' }]);
    assert.deepEqual(conflicts('WT1=bad'), []);
  });

  it('have a topic and a meaning each', () => {
    const topics = Object.values(telecontrol.parameterTopics).flat();
    const keywords = new Set(roles.flatMap((role) => telecontrol.parametersOf(role).map(({ keyword }) => keyword)));
    assert.deepEqual([...topics].sort(), [...keywords].sort());
    for (const language of ['en-US', 'de']) {
      const path = join(__dirname, '..', '..', 'nodes', 'locales', language, 'tcp-line.json');
      const { shared } = JSON.parse(readFileSync(path, 'utf8'));
      assert.deepEqual(Object.keys(shared.parameter).sort(), [...keywords].sort());
      assert.deepEqual(Object.keys(shared.parameters.topic), Object.keys(telecontrol.parameterTopics));
    }
  });
});
