import assert from 'node:assert/strict';
import { closeAll, serve } from './served.js';
import { float } from './wire.js';

/** 2026-02-03 04:05:06.789 UTC, a Tuesday: 6789 ms = 1a85, minute 5, hour 4, day 3 with weekday 2, month 2, year 26. */
const AT = Date.UTC(2026, 1, 3, 4, 5, 6, 789);
const TAG = '85 1a 05 04 43 02 1a';
const GI = '64 01 06 00 01 00 00 00 00 14';
const CON = '64 01 07 00 01 00 00 00 00 14';
const TERM = '64 01 0a 00 01 00 00 00 00 14';

const floats = (count: number, type = 'M_ME_NC_1') => Array.from({ length: count }, (_, i) => ({ ioa: i + 1, type }));

describe('general interrogation', () => {
  afterEach(closeAll);

  const mixed = [
    { ioa: 3, type: 'M_SP_TB_1', groups: [1] },
    { ioa: 1, type: 'M_SP_NA_1', groups: [1, 16] },
    { ioa: 70000, type: 'M_DP_TA_1', groups: [2] },
    { ioa: 7, type: 'M_ME_TF_1' },
    { ioa: 9, type: 'M_IT_TB_1', groups: [1] },
    { ioa: 11, type: 'M_EP_TD_1', groups: [1] },
    { ioa: 5000, type: 'C_SC_NA_1', groups: [1] },
  ];

  it('PROTOCOL 20: QOI 20: confirmation, data with cause 20 and no time tags, termination', async () => {
    const served = await serve([{ parameters: 'IGO=False;SAI=False', points: mixed }]);
    const client = await served.client();
    served.write(1, true);
    served.write(70000, 2, AT);
    served.write(7, 1.5, AT);
    await client.expect(
      '01 01 03 00 01 00 01 00 00 01',
      '04 01 03 00 01 00 70 11 01 02 85 1a 05',
      `24 01 03 00 01 00 07 00 00 00 00 c0 3f 00 ${TAG}`,
    );
    await client.answers(
      GI,
      CON,
      '01 01 14 00 01 00 01 00 00 01',
      '01 01 14 00 01 00 03 00 00 c0',
      '03 01 14 00 01 00 70 11 01 02',
      '0d 01 14 00 01 00 07 00 00 00 00 c0 3f 00',
      TERM,
    );
    await client.quiet();
  });

  it('PROTOCOL 20: one object each without IGO, in the order of types', async () => {
    const served = await serve([{ parameters: 'IGO=False', points: mixed }]);
    const client = await served.client();
    await client.answers(
      GI,
      CON,
      '01 01 14 00 01 00 01 00 00 c0',
      '01 01 14 00 01 00 03 00 00 c0',
      '03 01 14 00 01 00 70 11 01 c0',
      '0d 01 14 00 01 00 07 00 00 00 00 00 00 c0',
      TERM,
    );
    await client.quiet();
  });

  it('PROTOCOL 20: with IGO objects of one type share ASDUs', async () => {
    const served = await serve([{ parameters: 'IGO=True', points: mixed }]);
    await (await served.client()).answers(
      GI,
      CON,
      '01 02 14 00 01 00 01 00 00 c0 03 00 00 c0',
      '03 01 14 00 01 00 70 11 01 c0',
      '0d 01 14 00 01 00 07 00 00 00 00 00 00 c0',
      TERM,
    );
  });

  it('PROTOCOL 19: an ASDU is filled up to 249 octets and no further', async () => {
    // Of 8 octets each 30 fit into 243, and one more would not.
    const served = await serve([{ parameters: 'IGO=True', points: floats(61) }]);
    const client = await served.client();
    client.ask(GI);
    await client.expect(CON);
    const data = await client.asdus(3);
    assert.deepEqual(
      data.map((asdu) => [asdu.slice(0, 5), (asdu.length + 1) / 3]),
      [
        ['0d 1e', 6 + 30 * 8],
        ['0d 1e', 6 + 30 * 8],
        ['0d 01', 6 + 8],
      ],
    );
    await client.expect(TERM);
  });

  it('PROTOCOL 19: 60 single points of 4 octets are 246, and the APDU is the longest there is for them', async () => {
    const served = await serve([{ parameters: 'IGO=True', points: floats(61, 'M_SP_NA_1') }]);
    const client = await served.client();
    client.ask(GI);
    await client.expect(CON);
    const [first, second] = await client.asdus(2);
    assert.equal(first?.slice(0, 5), '01 3c');
    assert.equal(second?.slice(0, 5), '01 01');
    await client.expect(TERM);
  });

  it('PROTOCOL 20: IWOT = False: data with the time tag of the value, and an invalid one where there was none', async () => {
    const served = await serve([{ parameters: 'IWOT=False;SAI=False', points: mixed }]);
    const client = await served.client();
    served.write(3, true, AT);
    await client.expect(`1e 01 03 00 01 00 03 00 00 01 ${TAG}`);
    const never = '00 00 80 00 81 01 46';
    await client.answers(
      GI,
      CON,
      '01 01 14 00 01 00 01 00 00 c0',
      `1e 01 14 00 01 00 03 00 00 01 ${TAG}`,
      '04 01 14 00 01 00 70 11 01 c0 00 00 80',
      `24 01 14 00 01 00 07 00 00 00 00 00 00 c0 ${never}`,
      TERM,
    );
  });

  it('PROTOCOL 20: II = True: invalid values are left out', async () => {
    const served = await serve([{ parameters: 'II=True;SAI=False', points: mixed }]);
    const client = await served.client();
    await client.answers(GI, CON, TERM);
    served.write(1, true);
    served.station.write({ ioa: 7, value: 1, quality: { notTopical: true } }, AT);
    await client.asdus(2);
    await client.answers(GI, CON, '01 01 14 00 01 00 01 00 00 01', '0d 01 14 00 01 00 07 00 00 00 00 80 3f 40', TERM);
  });

  it('PROTOCOL 20: II = True: any number of invalid values in a row ends the scan none the less', async () => {
    const served = await serve([{ parameters: 'II=True', points: floats(5000) }]);
    const client = await served.client();
    await client.answers(GI, CON, TERM);
  });

  it('PROTOCOL 20: QOI 21..36 sends the group with its cause', async () => {
    const client = await (await serve([{ parameters: 'IGO=True', points: mixed }])).client();
    await client.answers(
      '64 01 06 00 01 00 00 00 00 15',
      '64 01 07 00 01 00 00 00 00 15',
      '01 02 15 00 01 00 01 00 00 c0 03 00 00 c0',
      '64 01 0a 00 01 00 00 00 00 15',
    );
    await client.answers(
      '64 01 06 00 01 00 00 00 00 24',
      '64 01 07 00 01 00 00 00 00 24',
      '01 01 24 00 01 00 01 00 00 c0',
      '64 01 0a 00 01 00 00 00 00 24',
    );
  });

  for (const qualifier of ['17', '00', '01', '13', '25', 'ff'])
    it(`PROTOCOL 20: QOI ${qualifier} is no group of this station: 7 with P/N = 1`, async () => {
      const client = await (await serve([{ points: mixed }])).client();
      await client.answers(`64 01 06 00 01 00 00 00 00 ${qualifier}`, `64 01 47 00 01 00 00 00 00 ${qualifier}`);
      await client.quiet();
    });

  it('PROTOCOL 20: ICCI = True: counters are sent too', async () => {
    const served = await serve([{ parameters: 'ICCI=True', points: [{ ioa: 9, type: 'M_IT_TB_1', groups: [3] }] }]);
    const client = await served.client();
    served.station.write({ ioa: 9, value: -2, sequence: 5 }, AT);
    await client.answers(
      GI,
      CON,
      `25 01 03 00 01 00 09 00 00 fe ff ff ff 05 ${TAG}`,
      '0f 01 14 00 01 00 09 00 00 fe ff ff ff 05',
      TERM,
    );
    await client.answers(
      '64 01 06 00 01 00 00 00 00 17',
      '64 01 07 00 01 00 00 00 00 17',
      '0f 01 17 00 01 00 09 00 00 fe ff ff ff 05',
      '64 01 0a 00 01 00 00 00 00 17',
    );
  });

  it('PROTOCOL 20: a station without points confirms and terminates', async () => {
    await (await (await serve([{ points: [] }])).client()).answers(GI, CON, TERM);
  });

  it('PROTOCOL 20: the data bear the originator of the interrogation', async () => {
    const served = await serve([{ points: [{ ioa: 1, type: 'M_SP_NA_1' }] }], { lineNumber: 9 });
    await (await served.client()).answers(
      '64 01 06 2a 01 00 00 00 00 14',
      '64 01 07 2a 01 00 00 00 00 14',
      '01 01 14 2a 01 00 01 00 00 c0',
      '64 01 0a 2a 01 00 00 00 00 14',
    );
  });

  it('PROTOCOL 20: deactivation: 9, and it stops', async () => {
    const served = await serve([{ parameters: 'IGO=False', points: floats(100) }]);
    const client = await served.client();
    client.acknowledges = false;
    client.ask(GI);
    await client.asdus(12);
    // The window is full; the scan is under way, with 11 values sent.
    client.ask('64 01 08 00 01 00 00 00 00 14');
    client.acknowledge();
    await client.expect('64 01 09 00 01 00 00 00 00 14');
    await client.quiet();
    client.ask('64 01 08 00 01 00 00 00 00 14');
    await client.expect('64 01 49 00 01 00 00 00 00 14');
    client.acknowledges = true;
    client.acknowledge();
    await client.answers(GI, CON, `0d 01 14 00 01 00 01 00 00 ${float(0)} c0`);
  });

  for (const [what, asked, deactivation] of [
    ['with another qualifier', GI, '64 01 08 00 01 00 00 00 00 15'],
    ['that is a test', GI, '64 01 88 00 01 00 00 00 00 14'],
    ['of the other kind', GI, '65 01 08 00 01 00 00 00 00 05'],
    ['that is no test, of a test', '64 01 86 00 01 00 00 00 00 14', '64 01 08 00 01 00 00 00 00 14'],
  ] as const)
    it(`PROTOCOL 20: a deactivation ${what}: 9 with P/N = 1, and the scan goes on`, async () => {
      const served = await serve([{ points: [...floats(20), { ioa: 99, type: 'M_SP_NA_1', groups: [1] }] }]);
      const client = await served.client();
      client.acknowledges = false;
      client.ask(asked);
      await client.asdus(12);
      client.ask(deactivation);
      client.acknowledges = true;
      client.acknowledge();
      const bits = Number.parseInt(deactivation.slice(6, 8), 16) & 0x80;
      const refusal = `${deactivation.slice(0, 6)}${(0x49 | bits).toString(16)}${deactivation.slice(8)}`;
      const rest = await client.asdus(12);
      assert.deepEqual([rest[0], rest.at(-1)], [refusal, asked.replace(/ (.)6 /, ' $1a ')]);
    });

  it('PROTOCOL 20: a deactivation with SQ = 1: 9 with P/N = 1', async () => {
    const client = await (await serve([{ points: floats(1) }])).client();
    await client.answers('64 81 08 00 01 00 00 00 00 14', '64 81 49 00 01 00 00 00 00 14');
    await client.answers('64 81 06 00 01 00 00 00 00 14', '64 81 47 00 01 00 00 00 00 14');
  });

  for (const [what, bits] of [
    ['of a test, as a test', '8'],
    ['of a group, with its qualifier', '0'],
  ] as const)
    it(`PROTOCOL 20: a deactivation ${what}: 9, and it stops`, async () => {
      const many = floats(20).map((point) => ({ ...point, groups: [1] }));
      const client = await (await serve([{ points: many }])).client();
      client.acknowledges = false;
      client.ask(`64 01 ${bits}6 00 01 00 00 00 00 15`);
      await client.asdus(12);
      client.ask(`64 01 ${bits}8 00 01 00 00 00 00 15`);
      client.acknowledge();
      await client.expect(`64 01 ${bits}9 00 01 00 00 00 00 15`);
      await client.quiet();
    });

  it('PROTOCOL 20: a second one while one runs: 7 with P/N = 1, and the first goes on', async () => {
    const served = await serve([{ parameters: 'IGO=False', points: floats(30) }]);
    const client = await served.client();
    client.acknowledges = false;
    client.ask(GI);
    await client.asdus(12);
    client.ask(GI);
    client.acknowledges = true;
    client.acknowledge();
    await client.expect('64 01 47 00 01 00 00 00 00 14');
    const rest = await client.asdus(19);
    assert.deepEqual(
      rest.map((asdu) => Number.parseInt(asdu.slice(18, 20), 16)),
      Array.from({ length: 19 }, (_, i) => i + 12),
    );
    await client.expect(TERM);
    await client.quiet();
  });

  it('PROTOCOL 20: interrogations of two stations are never interleaved', async () => {
    const served = await serve([
      { ca: 1, parameters: 'IGO=False', points: floats(20) },
      { ca: 2, points: floats(20) },
    ]);
    const client = await served.client();
    client.ask(GI, '64 01 06 00 02 00 00 00 00 14');
    const all = await client.asdus(44);
    const shape = all.map((asdu) => `${asdu.slice(0, 2)} ${asdu.slice(6, 8)} ${asdu.slice(12, 14)}`);
    const scan = (ca: string) => [`64 07 ${ca}`, ...new Array<string>(20).fill(`0d 14 ${ca}`), `64 0a ${ca}`];
    assert.deepEqual(shape, [...scan('01'), ...scan('02')]);
  });

  it('PROTOCOL 20: STOPDT ends a scan; after STARTDT another can be asked for', async () => {
    const served = await serve([{ parameters: 'IGO=False', points: floats(30) }]);
    const client = await served.client();
    client.acknowledges = false;
    client.ask(GI);
    await client.asdus(12);
    client.send('68 04 13 00 00 00');
    client.acknowledge();
    assert.equal(await client.next(), '68 04 23 00 00 00');
    await client.quiet();
    client.acknowledges = true;
    await client.start();
    await client.quiet();
    await client.answers(GI, CON);
    await client.asdus(30);
    await client.expect(TERM);
  });
});
