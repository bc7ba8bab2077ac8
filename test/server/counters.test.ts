import { closeAll, serve } from './served.js';

/** 2026-02-03 04:05:06.789 UTC, a Tuesday. */
const AT = Date.UTC(2026, 1, 3, 4, 5, 6, 789);
const TAG = '85 1a 05 04 43 02 1a';
const GI = '64 01 06 00 01 00 00 00 00 14';
const CON = '64 01 07 00 01 00 00 00 00 14';
const TERM = '64 01 0a 00 01 00 00 00 00 14';

describe('counter interrogation', () => {
  afterEach(closeAll);

  const counters = [
    { ioa: 1, type: 'M_IT_NA_1', counterGroup: 1 },
    { ioa: 2, type: 'M_IT_TB_1', counterGroup: 1 },
    { ioa: 3, type: 'M_IT_TA_1', counterGroup: 4 },
    { ioa: 4, type: 'M_SP_NA_1', groups: [1] },
  ];

  it('PROTOCOL 21: RQT 5: confirmation, types 15, 16 and 37 with cause 37, termination', async () => {
    const served = await serve([{ parameters: 'SAI=False', points: counters }]);
    const client = await served.client();
    served.station.write({ ioa: 1, value: 2147483647, carry: true, sequence: 31, timestamp: AT }, 0);
    served.station.write({ ioa: 2, value: 1, adjusted: true, timestamp: AT }, 0);
    served.station.write({ ioa: 3, value: 3, quality: { invalid: true }, timestamp: AT }, 0);
    await client.expect(
      '0f 01 03 00 01 00 01 00 00 ff ff ff 7f 3f',
      `25 01 03 00 01 00 02 00 00 01 00 00 00 40 ${TAG}`,
      '10 01 03 00 01 00 03 00 00 03 00 00 00 80 85 1a 05',
    );
    await client.answers(
      '65 01 06 07 01 00 00 00 00 05',
      '65 01 07 07 01 00 00 00 00 05',
      '0f 01 25 07 01 00 01 00 00 ff ff ff 7f 3f',
      '10 01 25 07 01 00 03 00 00 03 00 00 00 80 85 1a 05',
      `25 01 25 07 01 00 02 00 00 01 00 00 00 40 ${TAG}`,
      '65 01 0a 07 01 00 00 00 00 05',
    );
    await client.quiet();
  });

  it('PROTOCOL 21: RQT 1..4: the group with causes 38..41', async () => {
    const client = await (await serve([{ points: counters }])).client();
    await client.answers(
      '65 01 06 00 01 00 00 00 00 01',
      '65 01 07 00 01 00 00 00 00 01',
      '0f 01 26 00 01 00 01 00 00 00 00 00 00 80',
      '25 01 26 00 01 00 02 00 00 00 00 00 00 80 00 00 80 00 81 01 46',
      '65 01 0a 00 01 00 00 00 00 01',
    );
    await client.answers(
      '65 01 06 00 01 00 00 00 00 04',
      '65 01 07 00 01 00 00 00 00 04',
      '10 01 29 00 01 00 03 00 00 00 00 00 00 80 00 00 80',
      '65 01 0a 00 01 00 00 00 00 04',
    );
  });

  for (const qualifier of ['02', '00', '06', '3f'])
    it(`PROTOCOL 21: QCC ${qualifier} is undefined: 7 with P/N = 1`, async () => {
      const client = await (await serve([{ points: counters }])).client();
      await client.answers(`65 01 06 00 01 00 00 00 00 ${qualifier}`, `65 01 47 00 01 00 00 00 00 ${qualifier}`);
      await client.quiet();
    });

  it('PROTOCOL 21: counters do not belong to a general interrogation', async () => {
    const client = await (await serve([{ points: counters.slice(0, 3) }])).client();
    await client.answers(GI, CON, TERM);
  });
});
