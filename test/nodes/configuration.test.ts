import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandIn, type FlowNode, freePort, line, lineStatus, serverOut, sink, station, tab } from './flow.js';
import { type Message, red, withNodeRed } from './runtime.js';
import { interrogate } from './wire.js';

const point = { ioa: 100, tag: 'Q0', type: 'M_SP_NA_1' };
const unwritten = '01 01 14 00 01 00 64 00 00 c0';

/** Deploys what is wrong beside a station that is not, and shows that this one is served. */
async function besideAGoodOne(...wrong: FlowNode[]): Promise<void> {
  const port = await freePort();
  const good = [line(port, { id: 'good-line' }), station([point], { id: 'good', line: 'good-line' })];
  await red.deploy([tab, ...good, ...wrong]);
  assert.deepEqual(await interrogate(await red.client(port)), [unwritten]);
}

function assertError(id: string, pattern: RegExp): void {
  assert.match(red.errors(id).join('\n'), pattern);
}

describe('wrong configuration', () => {
  withNodeRed();

  describe('of a line', () => {
    const wrong: readonly [Readonly<Record<string, unknown>>, RegExp][] = [
      [{ port: 'x' }, /port: "x" is not a whole number 1\.\.65535/],
      [{ port: '0' }, /port: "0"/],
      [{ port: '65536' }, /port: "65536"/],
      [{ port: '2404.5' }, /port: "2404\.5"/],
      [{ port: -1 }, /port: "-1"/],
      [{ lineNumber: '256' }, /lineNumber: "256" is not a whole number 0\.\.255/],
      [{ lineNumber: 'A' }, /lineNumber: "A"/],
    ];
    for (const [properties, pattern] of wrong)
      it(`${JSON.stringify(properties)}: an error of the line, and its stations and line-status say so too`, async () => {
        await besideAGoodOne(line(2404, properties), station([point]), lineStatus(), sink('states'));
        assertError('line', pattern);
        assertError('station', /line/);
        assertError('status', /line/);
      });

    it('an address that is not of this computer', async () => {
      const port = await freePort();
      await besideAGoodOne(line(port, { host: '192.0.2.1' }), station([point]), lineStatus(), sink('states'));
      const { payload } = await red.nextWhere('states', isState('error'), 'the error');
      assert.match((payload as { reason: string }).reason, /192\.0\.2\.1 is not an address of this computer/);
      assertError('line', /192\.0\.2\.1/);
    });
  });

  describe('of the line that a station or a line-status names', () => {
    for (const [name, id] of [
      ['none', ''],
      ['one that is not there', 'nowhere'],
      ['a station', 'good'],
      ['a node of another package that has a host', 'elsewhere'],
    ] as const)
      it(name, async () => {
        const stranger = { id: 'elsewhere', type: 'stranger', name: '' };
        await besideAGoodOne(stranger, station([point], { line: id }), lineStatus({ line: id }), sink('states'));
        assertError('station', /^line: /m);
        assertError('status', /^line: /m);
        red.inject('status', { payload: { disconnect: '127.0.0.1:1' } });
        assertError('status', /line/);
      });
  });

  describe('of a station', () => {
    const wrong: readonly [Readonly<Record<string, unknown>>, RegExp][] = [
      [{ address: '0' }, /address: "0" is not a whole number 1\.\.65534/],
      [{ address: '65535' }, /address: "65535"/],
      [{ address: 'one' }, /address: "one"/],
      [{ timeZone: 'CET' }, /timeZone: "cet" is not utc, local or minutes east/],
      [{ timeZone: '900' }, /timeZone: "900"/],
      [{ clock: 'sun' }, /clock: "sun" is none of system, master/],
    ];
    for (const [properties, pattern] of wrong)
      it(`${JSON.stringify(properties)}: the other stations of the line are served`, async () => {
        const port = await freePort();
        const other = station([point], { id: 'other', name: 'Other', address: '1' });
        await red.deploy([tab, line(port), station([point], { ...properties }), other, serverOut(), commandIn()]);
        assertError('station', pattern);
        assertError('out', /station/);
        assertError('in', /station/);
        assert.deepEqual(red.errors('other'), []);
        assert.deepEqual(await interrogate(await red.client(port)), [unwritten]);
      });

    it('one common address twice on a line: both are named, one is served, and the other as soon as it can', async () => {
      const port = await freePort();
      const first = station([point], { id: 'one', name: 'North' });
      const second = station([{ ...point, ioa: 101 }], { id: 'two', name: 'South' });
      await red.deploy([tab, line(port), first, second, serverOut({ station: 'two' })]);
      const errors = [...red.errors('one'), ...red.errors('two')];
      assert.equal(errors.length, 1);
      assert.match(errors[0] as string, /common address 1 .*Line.*North.*South|common address 1 .*Line.*South.*North/);
      const client = await red.client(port);
      assert.deepEqual(await interrogate(client), [unwritten]);

      // Only the station that is served is changed; the other was not touched and has to take its place all the same.
      await red.deploy([tab, line(port), { ...first, address: '2' }, second, serverOut({ station: 'two' })]);
      assert.deepEqual(await interrogate(client), ['01 01 14 00 01 00 65 00 00 c0']);
    });

    it('a value for a station that is not on its line is an error, not lost without a word', async () => {
      const port = await freePort();
      const first = station([point], { id: 'one', name: 'North' });
      const second = station([point], { id: 'two', name: 'South' });
      await red.deploy([tab, line(port), first, second, serverOut({ station: 'two' })]);
      red.inject('out', { topic: 'Q0', payload: true });
      assertError('out', /North.*South/);
    });

    it('one common address on two lines is none', async () => {
      const [here, there] = [await freePort(), await freePort()];
      const second = [line(there, { id: 'line2' }), station([point], { id: 'station2', line: 'line2' })];
      await red.deploy([tab, line(here), station([point]), ...second]);
      assert.deepEqual(red.allErrors, []);
      for (const port of [here, there]) assert.deepEqual(await interrogate(await red.client(port)), [unwritten]);
    });

    it('parameters: each that is wrong, unknown or unsupported is a warning that names it', async () => {
      const port = await freePort();
      await red.deploy([tab, line(port), station([point], { parameters: 'FOO=1;K=x;D2CLS=1;IGO;K=3;W=2' })]);
      assert.deepEqual(red.allErrors, []);
      const warnings = red.warnings('station').join('\n');
      for (const pattern of [/FOO: unknown/, /K: "x".*1\.\.32767.*12/, /D2CLS: not supported/, /IGO:/])
        assert.match(warnings, pattern);
      assert.deepEqual(await interrogate(await red.client(port)), [unwritten]);
    });

    it('parameters of a line on which stations differ: a warning that names both', async () => {
      const port = await freePort();
      const stations = [1, 2, 3].map((address) =>
        station([point], {
          id: `s${address}`,
          name: `S${address}`,
          address,
          parameters: address < 3 ? `K=${address + 3};W=2` : '',
        }),
      );
      await red.deploy([tab, line(port), ...stations]);
      const warnings = red.warnings('line').filter((text) => /parameter K/.test(text));
      assert.deepEqual(
        [...new Set(warnings)],
        ['parameter K: station S1 (1) says 4, station S2 (2) says 5; the first counts for the line'],
      );
    });
  });

  describe('of points costs only those', () => {
    const wrong: readonly [name: string, points: unknown[], pattern: RegExp][] = [
      ['an address twice', [point, { ioa: '#64', type: 'M_DP_NA_1' }], /point 2: object address 100.*twice.*point 1/],
      ['a tag twice', [point, { ioa: 101, tag: 'Q0', type: 'M_DP_NA_1' }], /point 2: tag "Q0".*twice.*point 1/],
      [
        'a type that does not exist',
        [point, { ioa: 101, type: 'M_XX_NA_1' }],
        /point 2: object address 101: type "M_XX_NA_1"/,
      ],
      ['a type that is not for points', [point, { ioa: 101, type: 'C_IC_NA_1' }], /101: type "C_IC_NA_1"/],
      ['no type', [point, { ioa: 101 }], /101: type/],
      [
        'an address that is too large',
        [point, { ioa: 16777216, type: 'M_SP_NA_1' }],
        /point 2.*16777216.*0\.\.16777215/,
      ],
      ['an address that is none', [point, { ioa: '1x', type: 'M_SP_NA_1' }], /point 2.*"1x"/],
      ['a group beyond 16', [point, { ioa: 101, type: 'M_SP_NA_1', groups: [17] }], /101: group 17 is not 1\.\.16/],
      ['a wrong direction', [point, { ioa: 101, type: 'M_SP_NA_1', direction: 'up' }], /101: direction "up"/],
      ['a negative deadband', [point, { ioa: 101, type: 'M_ME_NC_1', deadband: -1 }], /101: deadband -1/],
      ['null', [point, null], /point 2: not a point/],
      ['a number', [point, 5], /point 2: not a point/],
    ];
    for (const [name, points, pattern] of wrong)
      it(name, async () => {
        const port = await freePort();
        await red.deploy([tab, line(port), station(points)]);
        assertError('station', pattern);
        assert.deepEqual(await interrogate(await red.client(port)), [unwritten]);
      });

    it('of very many the first are told, and how many more there are', async () => {
      const port = await freePort();
      await red.deploy([tab, line(port), station([point, ...new Array(5000).fill({ ioa: 'x', type: 'y' })])]);
      assert.ok(red.errors('station').length < 50);
      assertError('station', /49\d\d further points are wrong/);
      assert.deepEqual(await interrogate(await red.client(port)), [unwritten]);
    });

    it('points as JSON text, as an environment variable gives them', async () => {
      const port = await freePort();
      await red.deploy([tab, line(port), station(JSON.stringify([point]))]);
      assert.deepEqual(red.allErrors, []);
      assert.deepEqual(await interrogate(await red.client(port)), [unwritten]);
    });

    for (const [points, pattern] of [
      ['[{', /points: .*JSON/],
      ['{"ioa": 1}', /points: not a list/],
      [7, /points: not a list/],
    ] as const)
      it(`points: ${points}`, async () => {
        const port = await freePort();
        await red.deploy([tab, line(port), station(points)]);
        assertError('station', pattern);
        assert.deepEqual(await interrogate(await red.client(port)), []);
      });
  });

  describe('of a points file', () => {
    const file = (name: string, text: string) => writeFileSync(join(red.userDir, name), text);

    it('joins its points with those of the table; a wrong line costs only that one', async () => {
      const port = await freePort();
      file(
        'points.csv',
        '\uFEFFioa;tag;type;groups\r\n101;A;M_SP_NA_1;1 2\r\n\r\n102;B;M_XX_NA_1\r\n#67;"C;""1""";M_SP_NA_1\r\n100;D;M_SP_NA_1\r\n104;E;M_SP_NA_1;1;2\r\n',
      );
      await red.deploy([tab, line(port), station([point], { pointsFile: 'points.csv' }), serverOut()]);
      assertError('station', /^points\.csv line 4: object address 102: type "M_XX_NA_1"/m);
      assertError('station', /^points\.csv line 6: object address 100 .*twice.*point 1/m);
      assertError('station', /^points\.csv line 7: 5 fields where the header has 4/m);
      red.inject('out', { topic: 'C;"1"', payload: true });
      const asdus = await interrogate(await red.client(port));
      assert.equal(asdus.at(-1), '01 03 14 00 01 00 64 00 00 c0 65 00 00 c0 67 00 00 01');
    });

    it('an absolute path', async () => {
      const port = await freePort();
      file('absolute.csv', 'type,ioa\nM_SP_NA_1,100\n');
      await red.deploy([tab, line(port), station([], { pointsFile: join(red.userDir, 'absolute.csv') })]);
      assert.deepEqual(red.allErrors, []);
      assert.deepEqual(await interrogate(await red.client(port)), [unwritten]);
    });

    const wrong: readonly [name: string, prepare: () => void, pattern: RegExp][] = [
      ['missing.csv', () => {}, /pointsFile: .*missing\.csv/],
      ['folder.csv', () => mkdirSync(join(red.userDir, 'folder.csv')), /pointsFile: /],
      ['column.csv', () => file('column.csv', 'ioa,typ\n1,M_SP_NA_1\n'), /column\.csv: column "typ" is unknown.*type/],
      ['needed.csv', () => file('needed.csv', 'ioa,tag\n1,A\n'), /needed\.csv: .*no column type/],
      ['empty.csv', () => file('empty.csv', ''), /empty\.csv: /],
    ];
    for (const [name, prepare, pattern] of wrong)
      it(`${name}: the points of the table are served`, async () => {
        const port = await freePort();
        prepare();
        await red.deploy([tab, line(port), station([point], { pointsFile: name })]);
        assertError('station', pattern);
        assert.deepEqual(await interrogate(await red.client(port)), [unwritten]);
      });
  });

  describe('of an iec104-command-in', () => {
    for (const [name, ioa] of [
      ['a point that is sent', '100'],
      ['an object address without a point', '999'],
      ['no object address', 'x'],
    ] as const)
      it(name, async () => {
        await besideAGoodOne(commandIn({ station: 'good', ioa }), sink('commands'));
        assertError('in', new RegExp(`Substation has no command point with object address ${ioa}`));
        assert.equal(red.statuses('in').at(-1)?.fill, 'red');
      });

    for (const id of ['', 'nowhere', 'good-line'])
      it(`station "${id}"`, async () => {
        await besideAGoodOne(commandIn({ station: id }), serverOut({ station: id }), sink('commands'));
        assertError('in', /^station: /m);
        assertError('out', /^station: /m);
      });
  });
});

function isState(state: string): (message: Message) => boolean {
  return ({ payload }) => (payload as { state?: string }).state === state;
}
