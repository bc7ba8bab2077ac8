import assert from 'node:assert/strict';
import { closeAll, type Served, serve } from './served.js';

const points = [
  { ioa: 1, type: 'M_SP_NA_1' },
  { ioa: 45, type: 'C_SC_NA_1' },
  { ioa: 46, type: 'C_DC_NA_1' },
  { ioa: 47, type: 'C_RC_NA_1' },
  { ioa: 48, type: 'C_SE_NA_1' },
  { ioa: 49, type: 'C_SE_NB_1' },
  { ioa: 50, type: 'C_SE_NC_1' },
  { ioa: 51, type: 'C_BO_NA_1' },
  { ioa: 64, type: 'C_BO_TA_1' },
];

/** What each type's point is asked, behind the object address, and the value that is to be told. */
const commands = [
  ['2d', '2d', '01', 1],
  ['2d', '2d', '00', 0],
  ['2d', '2d', '0d', 1],
  ['2e', '2e', '01', 1],
  ['2e', '2e', '0e', 2],
  ['2f', '2f', '05', 1],
  ['2f', '2f', '02', 2],
  ['30', '30', '00 80 00', -1],
  ['30', '30', 'ff 7f 00', 32767 / 32768],
  ['31', '31', '9c ff 00', -100],
  ['32', '32', '00 00 c0 3f 00', 1.5],
  ['33', '33', '01 02 03 84', 0x84030201],
] as const;

const TAG = '85 1a 05 04 43 02 1a';
const AT = Date.UTC(2026, 1, 3, 4, 5, 6, 789);
const timed = (type: string): string => (Number.parseInt(type, 16) + 13).toString(16);
const told = (served: Served): unknown[] => served.operations.map(({ request }) => request.object.value);

describe('direct commands', () => {
  afterEach(closeAll);

  for (const [type, ioa, content, value] of commands)
    it(`PROTOCOL 25: ${Number.parseInt(type, 16)} ${content}: 7, then 10, and told once`, async () => {
      const served = await serve([{ points }]);
      const client = await served.client();
      await client.answers(
        `${type} 01 06 2a 01 00 ${ioa} 00 00 ${content}`,
        `${type} 01 07 2a 01 00 ${ioa} 00 00 ${content}`,
        `${type} 01 0a 2a 01 00 ${ioa} 00 00 ${content}`,
      );
      await client.quiet();
      assert.deepEqual(told(served), [value]);
      const [operation] = served.operations;
      assert.equal(operation?.point?.ioa, Number.parseInt(ioa, 16));
      assert.equal(operation?.request.asdu.originator, 0x2a);
      assert.equal(operation?.select, false);
      assert.equal(operation?.timestamp, undefined);
      assert.equal(operation?.client.remote, `127.0.0.1:${client.port}`);
    });

  for (const [cmdc, causes] of [
    [0, []],
    [1, ['07']],
    [2, ['0a']],
    [3, ['07', '0a']],
  ] as const)
    it(`PROTOCOL 25: CMDC = ${cmdc}: ${causes.join(' and ') || 'nothing'}; the command is operated`, async () => {
      const served = await serve([{ parameters: `CMDC=${cmdc}`, points }]);
      const client = await served.client();
      await client.answers(
        '2d 01 06 00 01 00 2d 00 00 01',
        ...causes.map((cause) => `2d 01 ${cause} 00 01 00 2d 00 00 01`),
      );
      await client.quiet();
      assert.deepEqual(told(served), [1]);
    });

  it('PROTOCOL 25: CMDC = 0: a refusal is sent', async () => {
    const served = await serve([{ parameters: 'CMDC=0', points }], {
      takes: (ioa) => (ioa === 46 ? undefined : 'auto'),
    });
    const client = await served.client();
    await client.answers('2e 01 06 00 01 00 2e 00 00 01', '2e 01 47 00 01 00 2e 00 00 01');
    await client.answers('2d 01 06 00 01 00 2d 00 00 7d', '2d 01 47 00 01 00 2d 00 00 7d');
  });

  it('PROTOCOL 25: the new value of the point follows as an event between or behind the answers', async () => {
    const served: Served = await serve([{ parameters: 'SAI=False', points }], { operate: () => served.write(1, true) });
    const client = await served.client();
    await client.answers(
      '2d 01 06 00 01 00 2d 00 00 01',
      '2d 01 07 00 01 00 2d 00 00 01',
      '2d 01 0a 00 01 00 2d 00 00 01',
      '01 01 03 00 01 00 01 00 00 01',
    );
  });

  it('PROTOCOL 25: each client gets the answers to what it sent, and no other', async () => {
    const served = await serve([{ points }]);
    const [one, other] = [await served.client(), await served.client()];
    one.ask('2d 01 06 01 01 00 2d 00 00 01');
    other.ask('2e 01 06 02 01 00 2e 00 00 02');
    await one.expect('2d 01 07 01 01 00 2d 00 00 01', '2d 01 0a 01 01 00 2d 00 00 01');
    await other.expect('2e 01 07 02 01 00 2e 00 00 02', '2e 01 0a 02 01 00 2e 00 00 02');
    await one.quiet();
    await other.quiet();
  });
});

describe('commands that are refused', () => {
  afterEach(closeAll);

  for (const [what, type, ioa, content] of [
    ['DCS 0', '2e', '2e', '00'],
    ['DCS 3', '2e', '2e', '03'],
    ['RCS 0', '2f', '2f', '00'],
    ['RCS 3', '2f', '2f', '03'],
    ['QU 4 of a single command', '2d', '2d', '11'],
    ['QU 31 of a single command', '2d', '2d', '7d'],
    ['QU 4 of a double command', '2e', '2e', '12'],
    ['QU 16 of a step command', '2f', '2f', '41'],
    ['QL 1 of a normalized value', '30', '30', '00 00 01'],
    ['QL 64 of a scaled value', '31', '31', '00 00 40'],
    ['QL 127 of a floating point value', '32', '32', '00 00 80 3f 7f'],
    ['NaN', '32', '32', '00 00 c0 7f 00'],
    ['infinity', '32', '32', '00 00 80 7f 00'],
    ['minus infinity', '32', '32', '00 00 80 ff 00'],
  ] as const) {
    it(`PROTOCOL 26: ${what}: 7 with P/N = 1, and not operated`, async () => {
      const served = await serve([{ points }]);
      const client = await served.client();
      await client.answers(
        `${type} 01 06 05 01 00 ${ioa} 00 00 ${content}`,
        `${type} 01 47 05 01 00 ${ioa} 00 00 ${content}`,
      );
      await client.answers(
        `${timed(type)} 01 06 05 01 00 ${ioa} 00 00 ${content} ${TAG}`,
        `${timed(type)} 01 47 05 01 00 ${ioa} 00 00 ${content} ${TAG}`,
      );
      await client.quiet();
      assert.deepEqual(served.operations, []);
    });
  }

  it('PROTOCOL 26: a command that nobody takes: 7 with P/N = 1', async () => {
    const served = await serve([{ points }], { takes: () => undefined });
    await (await served.client()).answers('2d 01 06 00 01 00 2d 00 00 01', '2d 01 47 00 01 00 2d 00 00 01');
    assert.deepEqual(served.operations, []);
  });
});

describe('commands with a time tag', () => {
  afterEach(closeAll);

  for (const [type, ioa, content, value] of commands)
    it(`PROTOCOL 28: ${Number.parseInt(type, 16) + 13} ${content} is answered with its own type and time`, async () => {
      const served = await serve([{ points }]);
      const client = await served.client();
      const t = timed(type);
      await client.answers(
        `${t} 01 06 2a 01 00 ${ioa} 00 00 ${content} ${TAG}`,
        `${t} 01 07 2a 01 00 ${ioa} 00 00 ${content} ${TAG}`,
        `${t} 01 0a 2a 01 00 ${ioa} 00 00 ${content} ${TAG}`,
      );
      assert.deepEqual(told(served), [value]);
      assert.deepEqual(
        served.operations.map(({ timestamp }) => timestamp),
        [AT],
        'CAGE = 0: however old it is',
      );
    });

  it('PROTOCOL 28: a point of the timed type takes the untimed command too', async () => {
    const client = await (await serve([{ points }])).client();
    await client.answers(
      '33 01 06 00 01 00 40 00 00 01 00 00 00',
      '33 01 07 00 01 00 40 00 00 01 00 00 00',
      '33 01 0a 00 01 00 40 00 00 01 00 00 00',
    );
  });

  for (const [what, tag] of [
    ['marked invalid', '85 1a 85 04 43 02 1a'],
    ['that names no time', '85 1a 05 04 43 0d 1a'],
  ] as const)
    it(`PROTOCOL 28: a time ${what}: 7 with P/N = 1, and not operated`, async () => {
      const served = await serve([{ points }]);
      const client = await served.client();
      await client.answers(`3a 01 06 00 01 00 2d 00 00 01 ${tag}`, `3a 01 47 00 01 00 2d 00 00 01 ${tag}`);
      assert.deepEqual(served.operations, []);
    });
});
