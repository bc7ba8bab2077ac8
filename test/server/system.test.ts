import assert from 'node:assert/strict';
import { closeAll, serve } from './served.js';
import { Virtual } from './virtual.js';

/** 2026-02-03 04:05:06.789 UTC, a Tuesday. */
const AT = Date.UTC(2026, 1, 3, 4, 5, 6, 789);
const TAG = '85 1a 05 04 43 02 1a';
const points = [
  { ioa: 1, type: 'M_SP_TB_1' },
  { ioa: 2, type: 'M_ME_NB_1' },
  { ioa: 3, type: 'M_IT_NA_1' },
  { ioa: 5000, type: 'C_SC_NA_1' },
];

describe('read', () => {
  afterEach(closeAll);

  it('PROTOCOL 22: the value with cause 5, as its type is and with its time', async () => {
    const served = await serve([{ points }]);
    const client = await served.client();
    served.write(1, true, AT);
    served.write(2, -2);
    await client.answers('66 01 05 2a 01 00 01 00 00', `1e 01 05 2a 01 00 01 00 00 01 ${TAG}`);
    await client.answers('66 01 05 00 01 00 02 00 00', '0b 01 05 00 01 00 02 00 00 fe ff 00');
    await client.answers('66 01 05 00 01 00 03 00 00', '0f 01 05 00 01 00 03 00 00 00 00 00 00 80');
    await client.quiet();
  });

  it('PROTOCOL 22: an invalid value is read although II = True', async () => {
    const client = await (await serve([{ parameters: 'II=True', points }])).client();
    await client.answers('66 01 05 00 01 00 02 00 00', '0b 01 05 00 01 00 02 00 00 00 00 c0');
  });

  it('PROTOCOL 22: a wrong cause is 45, an unknown object 47, each with P/N = 1; the link stands', async () => {
    const client = await (await serve([{ points }])).client();
    await client.answers('66 01 06 00 01 00 01 00 00', '66 01 6d 00 01 00 01 00 00');
    await client.answers('66 01 05 00 01 00 00 00 00', '66 01 6f 00 01 00 00 00 00');
    await client.answers('66 01 05 00 01 00 88 13 00', '66 01 6f 00 01 00 88 13 00');
    await client.quiet();
  });

  it('PROTOCOL 22: a command that a balanced station sends has no value to read: 47', () => {
    const client = new Virtual([
      {
        balanced: true,
        points: [
          { ioa: 1, type: 'M_SP_NA_1' },
          { ioa: 45, type: 'C_SC_NA_1', direction: 'out' },
          { ioa: 64, type: 'C_BO_TA_1', direction: 'out' },
        ],
      },
    ]).client();
    assert.deepEqual(client.ask('66 01 05 00 01 00 2d 00 00').asdus(), ['66 01 6f 00 01 00 2d 00 00']);
    assert.deepEqual(client.ask('66 01 05 00 01 00 40 00 00').asdus(), ['66 01 6f 00 01 00 40 00 00']);
    assert.deepEqual(client.ask('66 01 05 00 01 00 01 00 00').asdus(), ['01 01 05 00 01 00 01 00 00 c0']);
  });

  it('PROTOCOL 22: many reads at once are answered in order, those too many with 7 and P/N = 1', async () => {
    const client = await (await serve([{ points }])).client();
    const asked = Array.from({ length: 300 }, () => '66 01 05 00 01 00 02 00 00');
    client.ask(...asked);
    const answers = await client.asdus(300);
    const good = answers.filter((asdu) => asdu === '0b 01 05 00 01 00 02 00 00 00 00 c0');
    const refused = answers.filter((asdu) => asdu === '66 01 47 00 01 00 02 00 00');
    assert.equal(good.length + refused.length, 300);
    assert.ok(good.length >= 256);
    await client.quiet();
  });
});

describe('clock synchronization', () => {
  afterEach(closeAll);

  for (const [cmdc, answers] of [
    [0, []],
    [1, [`67 01 07 2a 01 00 00 00 00 ${TAG}`]],
    [2, [`67 01 0a 2a 01 00 00 00 00 ${TAG}`]],
    [3, [`67 01 07 2a 01 00 00 00 00 ${TAG}`]],
  ] as const)
    it(`PROTOCOL 23: cause 6 is answered as CMDC = ${cmdc} says, with the time of the request`, async () => {
      const served = await serve([{ parameters: `CMDC=${cmdc}`, points }]);
      const client = await served.client();
      await client.answers(`67 01 06 2a 01 00 00 00 00 ${TAG}`, ...answers);
      await client.quiet();
      assert.deepEqual(
        served.operations.map(({ row, timestamp, point }) => [row.label, timestamp, point]),
        [['C_CS_NA_1', AT, undefined]],
      );
    });

  it('PROTOCOL 23: cause 3 is not answered, and reported', async () => {
    const served = await serve([{ points }]);
    const client = await served.client();
    await client.answers(`67 01 03 00 01 00 00 00 00 ${TAG}`);
    await client.quiet();
    assert.deepEqual(
      served.operations.map(({ timestamp }) => timestamp),
      [AT],
    );
  });

  it('PROTOCOL 23: cause 3 is not answered where it is wrong either: object address, number of objects, common address', async () => {
    const served = await serve([{ points }]);
    const client = await served.client();
    await client.answers(`67 01 03 00 01 00 01 00 00 ${TAG}`);
    await client.answers(`67 81 03 00 01 00 00 00 00 ${TAG}`);
    await client.answers(`67 02 03 00 01 00 00 00 00 ${TAG} 00 00 00 ${TAG}`);
    await client.answers(`67 01 03 00 07 00 00 00 00 ${TAG}`);
    await client.quiet();
    assert.deepEqual(served.operations, []);
    await client.answers(`67 01 06 00 01 00 01 00 00 ${TAG}`, `67 01 6f 00 01 00 01 00 00 ${TAG}`);
    await client.answers(`67 01 06 00 07 00 00 00 00 ${TAG}`, `67 01 6e 00 07 00 00 00 00 ${TAG}`);
  });

  for (const [what, tag] of [
    ['marked invalid', '85 1a 85 04 43 02 1a'],
    ['of month 13', '85 1a 05 04 43 0d 1a'],
    ['of February 30', '85 1a 05 04 5e 02 1a'],
    ['of hour 24', '85 1a 05 18 43 02 1a'],
    ['of 60,000 ms', '60 ea 05 04 43 02 1a'],
    ['of day 0', '85 1a 05 04 40 02 1a'],
  ] as const)
    it(`PROTOCOL 23: a time ${what} is refused: 7 with P/N = 1, whatever CMDC says, and not reported`, async () => {
      const served = await serve([{ parameters: 'CMDC=0', points }]);
      const client = await served.client();
      await client.answers(`67 01 06 00 01 00 00 00 00 ${tag}`, `67 01 47 00 01 00 00 00 00 ${tag}`);
      await client.answers(`67 01 03 00 01 00 00 00 00 ${tag}`);
      await client.quiet();
      assert.deepEqual(served.operations, []);
    });
});

describe('test and reset', () => {
  afterEach(closeAll);

  it('PROTOCOL 24: 107 is confirmed with its counter and time', async () => {
    const client = await (await serve([{ points }])).client();
    await client.answers(`6b 01 06 2a 01 00 00 00 00 34 12 ${TAG}`, `6b 01 07 2a 01 00 00 00 00 34 12 ${TAG}`);
    await client.answers(
      '6b 01 06 00 01 00 00 00 00 ff ff ff ff ff ff ff ff ff',
      '6b 01 07 00 01 00 00 00 00 ff ff ff ff ff ff ff ff ff',
    );
    await client.quiet();
  });

  it('PROTOCOL 24: 104 is an unknown type, with any pattern', async () => {
    const client = await (await serve([{ points }])).client();
    await client.answers('68 01 06 00 01 00 00 00 00 aa 55', '68 01 6c 00 01 00 00 00 00 aa 55');
    await client.answers('68 01 06 00 01 00 00 00 00 00 00', '68 01 6c 00 01 00 00 00 00 00 00');
  });

  it('PROTOCOL 24: 105, QRP 1: 7, then end of initialization with COI 2 and the line number', async () => {
    const served = await serve([{ points }], { lineNumber: 9 });
    const client = await served.client();
    await client.answers(
      '69 01 06 2a 01 00 00 00 00 01',
      '69 01 07 2a 01 00 00 00 00 01',
      '46 01 04 09 01 00 00 00 00 02',
    );
    await client.quiet();
    assert.deepEqual(
      served.operations.map(({ row }) => row.label),
      ['C_RP_NA_1'],
    );
  });

  it('PROTOCOL 24: another QRP is refused', async () => {
    const served = await serve([{ points }]);
    const client = await served.client();
    await client.answers('69 01 06 00 01 00 00 00 00 00', '69 01 47 00 01 00 00 00 00 00');
    await client.answers('69 01 06 00 01 00 00 00 00 80', '69 01 47 00 01 00 00 00 00 80');
    assert.deepEqual(served.operations, []);
  });
});

describe('end of initialization', () => {
  afterEach(closeAll);
  const station = (ca: number, parameters = '') => ({ ca, parameters, points: [{ ioa: 1, type: 'M_SP_NA_1' }] });

  it('PROTOCOL 24: with EOI = 1 one for each common address, after STARTDT con and before data', async () => {
    const served = await serve([station(1, 'EOI=1;SAI=False'), station(258)], { lineNumber: 200 });
    served.write(1, true);
    const client = await served.client();
    await client.expect(
      '46 01 04 c8 01 00 00 00 00 00',
      '46 01 04 c8 02 01 00 00 00 00',
      '01 01 03 c8 01 00 01 00 00 01',
    );
    await client.quiet();
  });

  it('PROTOCOL 24: a station may have its own EOI', async () => {
    const served = await serve([station(1, 'EOI=1'), station(2, 'EOI=0')]);
    const client = await served.client();
    await client.expect('46 01 04 00 01 00 00 00 00 00');
    await client.quiet();
  });

  it('PROTOCOL 24: none without EOI', async () => {
    await (await (await serve([station(1)])).client()).quiet();
  });
});
