import assert from 'node:assert/strict';
import {
  clientParameters,
  lineParameters,
  parseParameters,
  type ServerKeyword,
  serverParameters,
  withDefaults,
} from '../../lib/station/parameters.js';

/** The table of the contract: keyword, full name, default, another value as text and as it is read, one that is wrong. */
const table: readonly (readonly [ServerKeyword, string, unknown, string, unknown, string | undefined])[] = [
  ['CMDC', 'Command Confirm', 3, '0', 0, '4'],
  ['DBGI', 'Debug Input', 0, '63', 63, '64'],
  ['DBGO', 'Debug Output', 0, '63', 63, '64'],
  ['EOI', 'End of initialization', false, '1', true, '2'],
  ['GISN', 'GI Send New', false, 'True', true, 'yes'],
  ['ICF3', 'Ignore Control Field 3 bit 0', false, 'true', true, ''],
  ['II', 'Ignore Invalids on Interrogation', false, 'TRUE', true, 'wahr'],
  ['IT', 'Ignore Tests', 0, '2', 2, '3'],
  ['IUA', 'Ignore Unknown Addresses', false, '1', true, '-1'],
  ['IMPI', 'Implicit Interrogation', false, '1', true, '01'],
  ['ICCI', 'Interrogation Covers Counter Interrogation', false, '1', true, 'on'],
  ['IGO', 'Interrogation Groups Objects', false, 'True', true, 'T'],
  ['IWOT', 'Interrogation WithOut Timestamps', true, 'False', false, 'F'],
  ['K', 'K', 12, '32767', 32767, '0'],
  ['MC', 'Maximum Clients', 0, '5', 5, '1.5'],
  ['NF', 'No Flags', false, '1', true, '0x1'],
  ['EBS', 'Event buffer size', 100_000, '7', 7, '0'],
  ['GRP', 'Redundancy groups of clients', '', 'A:10.0.0.1|B:10.0.1.0/24', 'A:10.0.0.1|B:10.0.1.0/24', undefined],
  ['WTS', 'Wait for STARTDT', 60_000, '0', 0, '-1'],
  ['CMR', 'Commands per second and client', 0, '10', 10, 'ten'],
  ['OIC', 'Order of IC', 0, '1', 1, '256'],
  ['OCIC', 'Order of Counter IC', 0, '2', 2, 'x'],
  ['PW', 'Pessimistic Write', false, '1', true, 'x'],
  ['SSN', 'Send sequence number', 0, '32767', 32767, '32768'],
  ['SKO', 'Standby Keep Open', false, '1', true, 'x'],
  ['SSCF', 'Standby Set Control Field', false, '1', true, 'x'],
  ['SSTB', 'Standby Set Test Bit', false, '1', true, 'x'],
  ['SWV', 'Standby Write Values', false, '1', true, 'x'],
  ['W', 'W', 8, '1', 1, '0'],
  ['WT1', 'Wait Timeout T1', 15_000, '1000', 1000, '0'],
  ['WT2', 'Wait Timeout T2', 10_000, '500', 500, '0'],
  ['WT3', 'Wait Timeout T3', 20_000, '0', 0, '-5'],
  ['WTN', 'Wait Timeout No answer', 60_000, '1', 1, '0'],
  ['SAI', 'Spontaneous After Interrogation', true, 'False', false, 'x'],
  ['SBOT', 'Select timeout', 30_000, '1', 1, '0'],
  ['CAGE', 'Command age limit', 0, '60000', 60_000, '1e3'],
  ['CTO', 'Command response timeout', 10_000, '1', 1, '0'],
  ['ALLOW', 'Clients allowed', '', '10.0.0.0/8,CN=master', '10.0.0.0/8,CN=master', undefined],
  ['MCA', 'Maximum Clients per Address', 0, '2', 2, 'x'],
  ['SCAN', 'Unknown objects per minute that raise the scan alarm', 20, '0', 0, 'x'],
];

describe('station parameters', () => {
  for (const [keyword, name, fallback, text, value, wrong] of table) {
    it(`${keyword}: default ${JSON.stringify(fallback)}, by keyword or "${name}" in any case`, () => {
      assert.equal(withDefaults({})[keyword], fallback);
      for (const given of [keyword, keyword.toLowerCase(), name, name.toUpperCase(), ` ${name} `]) {
        const { defined, warnings } = parseParameters(`${given} = ${text} ;`);
        assert.deepEqual([defined, warnings], [{ [keyword]: value }, []], given);
      }
    });
    if (wrong !== undefined)
      it(`${keyword}=${wrong} falls back to the default, with a warning that names it and what is allowed`, () => {
        const { defined, warnings } = parseParameters(`${keyword}=${wrong}`);
        assert.deepEqual(defined, {});
        const { allowed } = serverParameters[keyword];
        const shown = typeof fallback === 'boolean' ? (fallback ? 'True' : 'False') : fallback;
        assert.deepEqual(warnings, [
          `parameter ${keyword}: "${wrong}" is not ${allowed}, the default ${shown} is used`,
        ]);
      });
  }

  it('an unknown or unsupported keyword is ignored with a warning that names it; the others count', () => {
    const { defined, warnings } = parseParameters(
      'XYZ=1;D2CLS=1;D2CPA=1;D2VCO=1;D2H64=1;FST=1;K=5;nonsense;__proto__=1',
    );
    assert.deepEqual(defined, { K: 5 });
    assert.deepEqual(warnings, [
      'parameter XYZ: unknown, ignored',
      'parameter D2CLS: not supported, ignored',
      'parameter D2CPA: not supported, ignored',
      'parameter D2VCO: not supported, ignored',
      'parameter D2H64: not supported, ignored',
      'parameter FST: not supported, ignored',
      'parameter nonsense: unknown, ignored',
      'parameter __proto__: unknown, ignored',
    ]);
  });

  it('a keyword without a value is one with an invalid value', () => {
    assert.deepEqual(parseParameters('K').defined, {});
    assert.equal(parseParameters('K').warnings.length, 1);
    assert.equal(parseParameters('GRP').warnings.length, 1);
  });

  it('empty parts are nothing', () => {
    for (const text of ['', ';', ' ; ;; ']) assert.deepEqual(parseParameters(text), { defined: {}, warnings: [] });
  });

  it('a value may contain what separates elsewhere', () => {
    assert.equal(parseParameters('GRP=A:2001:db8::1|B:CN=x').defined.GRP, 'A:2001:db8::1|B:CN=x');
  });
});

describe('the parameters of a client station', () => {
  const parse = (text: string) => parseParameters(text, clientParameters);

  it('have defaults of their own, and words among them', () => {
    const defaults = withDefaults({}, clientParameters);
    assert.deepEqual([defaults.OIC, defaults.OCIC, defaults.WT0, defaults.WTN], [1, 2, 30_000, 60_000]);
    assert.deepEqual([defaults.ARMSD, defaults.ARMP, defaults.STBY, defaults.REDM], [0, 0, 'none', 'group']);
    assert.deepEqual(parse('redm=Parallel;Standby mark=test;order of ic=0;WT0=500'), {
      defined: { REDM: 'parallel', STBY: 'test', OIC: 0, WT0: 500 },
      warnings: [],
    });
  });

  it('what is wrong, or of a server station alone, is a warning', () => {
    assert.deepEqual(parse('REDM=both;ARMSD=3;EOI=1'), {
      defined: {},
      warnings: [
        'parameter REDM: "both" is not group, parallel, the default group is used',
        'parameter ARMSD: "3" is not 0..2, the default 0 is used',
        'parameter EOI: unknown, ignored',
      ],
    });
  });

  it('of a line are worked out as those of server stations; each station has its own orders', () => {
    const members = ['K=20;OIC=2', 'REDM=parallel;OCIC=0'].map((text, i) => ({
      name: `S${i + 1}`,
      commonAddress: i + 1,
      defined: parse(text).defined,
    }));
    const { line, stations } = lineParameters(members, clientParameters);
    assert.deepEqual([line.K, line.REDM], [20, 'parallel']);
    const orders = [1, 2].map((ca) => [stations.get(ca)?.OIC, stations.get(ca)?.OCIC]);
    assert.deepEqual(orders, [
      [2, 2],
      [1, 0],
    ]);
  });
});

describe('the parameters of a line', () => {
  const members = (...texts: string[]) =>
    texts.map((text, i) => ({ name: `S${i + 1}`, commonAddress: i + 1, defined: parseParameters(text).defined }));

  it('one that a station defines holds for the whole line', () => {
    const { line, stations, warnings } = lineParameters(members('K=20;CMDC=1', '', 'WT1=20000'));
    assert.deepEqual(warnings, []);
    assert.deepEqual([line.K, line.WT1, line.CMDC], [20, 20_000, 1]);
    for (const ca of [1, 2, 3]) {
      const own = stations.get(ca);
      assert.deepEqual([own?.K, own?.WT1, own?.CMDC], [20, 20_000, 1]);
    }
  });

  for (const [keyword, one, other] of [
    ['CMDC', 1, 2],
    ['EOI', true, false],
    ['GISN', true, false],
    ['II', true, false],
    ['IT', 1, 2],
    ['IUA', true, false],
    ['ICCI', true, false],
    ['IGO', true, false],
    ['IWOT', false, true],
    ['NF', true, false],
    ['SBOT', 1, 2],
    ['CAGE', 1, 2],
    ['CTO', 1, 2],
  ] as const)
    it(`${keyword} may differ from station to station, without a warning`, () => {
      const text = (value: unknown): string => `${keyword}=${value}`;
      const { stations, warnings } = lineParameters(members(text(one), text(other), ''));
      assert.deepEqual(
        [1, 2, 3].map((ca) => stations.get(ca)?.[keyword]),
        [one, other, one],
      );
      assert.deepEqual(warnings, []);
    });

  it('OIC and OCIC are each station its own', () => {
    const { stations } = lineParameters(members('OIC=1;OCIC=2', 'OIC=3', ''));
    assert.deepEqual(
      [1, 2, 3].map((ca) => [stations.get(ca)?.OIC, stations.get(ca)?.OCIC]),
      [
        [1, 2],
        [3, 0],
        [0, 0],
      ],
    );
  });

  it('of differing values for the line the lowest common address wins, with a warning that names both', () => {
    const { line, stations, warnings } = lineParameters([...members('K=20;SAI=False', 'K=30;SAI=0', 'K=20')].reverse());
    assert.deepEqual([line.K, line.SAI, stations.get(2)?.K], [20, false, 20]);
    assert.deepEqual(warnings, [
      'parameter K: station S1 (1) says 20, station S2 (2) says 30; the first counts for the line',
    ]);
  });

  it('W < K and WT2 < WT1 are checked, with a warning that says what is used instead', () => {
    for (const [text, k, w, warning] of [
      ['K=5', 5, 3, 'parameter W: 8 is not less than K = 5, 3 is used'],
      ['W=12', 12, 8, 'parameter W: 12 is not less than K = 12, 8 is used'],
      ['K=2;W=2', 2, 1, 'parameter W: 2 is not less than K = 2, 1 is used'],
      ['K=1;W=1', 1, 1, undefined],
      ['K=9;W=8', 9, 8, undefined],
    ] as const) {
      const { line, stations, warnings } = lineParameters(members(text));
      assert.deepEqual([line.K, line.W, stations.get(1)?.W], [k, w, w], text);
      assert.deepEqual(warnings, warning === undefined ? [] : [warning]);
    }
    const { line, warnings } = lineParameters(members('WT1=9000', 'WT2=10000'));
    assert.deepEqual([line.WT1, line.WT2], [9000, 6000]);
    assert.deepEqual(warnings, ['parameter WT2: 10000 ms is not less than WT1 = 9000 ms, 6000 ms is used']);
  });

  it('a line without stations has the defaults', () => {
    assert.deepEqual(lineParameters([]).line, withDefaults({}));
  });
});
