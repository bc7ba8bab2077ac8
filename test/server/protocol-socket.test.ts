import assert from 'node:assert/strict';
import { SocketClock } from '../link/socket-clock.js';
import { closeAll, serve } from './served.js';

/** Where the virtual clock begins: 2026-02-03 04:05:06.789 UTC, a Tuesday. */
const AT = Date.UTC(2026, 1, 3, 4, 5, 6, 789);
const TAG = '85 1a 05 04 43 02 1a';
const GI = '64 01 06 00 01 00 00 00 00 14';
const CON = '64 01 07 00 01 00 00 00 00 14';
const TERM = '64 01 0a 00 01 00 00 00 00 14';

/** What is tested at length in virtual time, once more against the running server. */
describe('the protocol over sockets', () => {
  afterEach(closeAll);

  it('PROTOCOL 18: a sequence that would pass object address 16777215 closes, one that ends there does not (socket)', async () => {
    const served = await serve([{ points: [{ ioa: 16777215, type: 'C_SC_NA_1' }] }]);
    const [good, bad] = [await served.client(), await served.client()];
    await good.answers('2d 82 06 00 01 00 fe ff ff 01 01', '2d 82 6f 00 01 00 fe ff ff 01 01');
    bad.ask('2d 82 06 00 01 00 ff ff ff 01 01');
    await bad.closes();
    await good.quiet();
    assert.deepEqual(served.operations, []);
  });

  it('PROTOCOL 19: an APDU of 255 octets is taken and sent, a longer one closes (socket)', async () => {
    const served = await serve([{ points: [] }]);
    const client = await served.client();
    const content = ' a5'.repeat(243);
    client.ask(`c8 01 06 00 01 00${content}`);
    let frame = await client.next();
    while (frame.slice(6, 8) === '01') frame = await client.next();
    assert.equal(frame, `68 fd 00 00 02 00 c8 01 6c 00 01 00${content}`);
    client.send(`68 fe 02 00 02 00 c8 01 06 00 01 00${content} a5`);
    await client.closes();
  });

  it('PROTOCOL 20: a scan reads a value when it packs it, behind its event; commands overtake both (socket)', async () => {
    const points = [
      { ioa: 1, type: 'M_ME_NB_1' },
      { ioa: 2, type: 'M_ME_NB_1' },
      { ioa: 45, type: 'C_SC_NA_1' },
    ];
    const served = await serve([{ parameters: 'IGO=False;K=1;W=1', points }]);
    const client = await served.client();
    client.acknowledges = false;
    await client.answers(GI, CON);
    // Nothing goes out while the confirmation is not acknowledged, which a frame with the N(R) of before leaves so.
    served.write(2, 77);
    client.send('68 0e 02 00 00 00 2d 01 06 00 01 00 2d 00 00 01');
    client.wire.vs++;
    await client.quiet();
    assert.equal(served.operations.length, 1);
    client.acknowledges = true;
    client.acknowledge();
    await client.expect(
      '2d 01 07 00 01 00 2d 00 00 01',
      '2d 01 0a 00 01 00 2d 00 00 01',
      '0b 01 03 00 01 00 02 00 00 4d 00 00',
      '0b 01 14 00 01 00 01 00 00 00 00 c0',
      '0b 01 14 00 01 00 02 00 00 4d 00 00',
      TERM,
    );
    await client.quiet();
  });

  it('PROTOCOL 21: FRZ 1 freezes, 2 freezes and resets, 3 resets: 7 alone; requests read what was frozen (socket)', async () => {
    const points = [
      { ioa: 1, type: 'M_IT_NA_1', counterGroup: 1 },
      { ioa: 2, type: 'M_IT_NA_1', counterGroup: 2 },
    ];
    const served = await serve([{ points }]);
    const client = await served.client();
    const counters = (cot: string, qcc: string): string => `65 01 ${cot} 00 01 00 00 00 00 ${qcc}`;
    const freezes = async (qcc: string): Promise<void> => {
      await client.answers(counters('06', qcc), counters('07', qcc));
      await client.quiet();
    };
    /** Object address and reading of what a request brings, without the events of the counters that it starts. */
    const reads = async (qcc: string, cause: string): Promise<string[]> => {
      await client.answers(counters('06', qcc), counters('07', qcc));
      const values: string[] = [];
      for (;;) {
        const asdu = await client.asdu();
        if (asdu === counters('0a', qcc)) return values;
        if (asdu.slice(6, 8) === cause) values.push(`${asdu.slice(18, 20)} ${asdu.slice(27, 29)}`);
      }
    };
    served.write(1, 10);
    served.write(2, 20);
    await freezes('45');
    served.write(1, 11);
    served.write(2, 21);
    assert.deepEqual(await reads('05', '25'), ['01 0a', '02 14'], 'as they were frozen');
    assert.deepEqual(await reads('01', '26'), ['01 0a']);
    await freezes('82');
    assert.deepEqual(await reads('05', '25'), ['01 0a', '02 15'], 'the second group has been frozen anew');
    await freezes('42');
    assert.deepEqual(await reads('02', '27'), ['02 00'], 'and was reset');
    await freezes('c1');
    await freezes('41');
    assert.deepEqual(await reads('05', '25'), ['01 00', '02 00']);
  });

  it('PROTOCOL 24: QRP 2 clears the events with time tag that wait, and no others (socket)', async () => {
    const served = await serve([
      {
        points: [
          { ioa: 1, type: 'M_SP_TB_1' },
          { ioa: 2, type: 'M_SP_NA_1' },
        ],
      },
    ]);
    const client = await served.client();
    served.write(1, true, AT);
    served.write(2, true, AT);
    await client.answers('69 01 06 05 01 00 00 00 00 02', '69 01 07 05 01 00 00 00 00 02');
    await client.answers(
      GI,
      CON,
      '01 01 03 00 01 00 02 00 00 01',
      '01 01 14 00 01 00 02 00 00 01',
      '01 01 14 00 01 00 01 00 00 01',
      TERM,
    );
    served.write(1, false, AT);
    await client.expect(`1e 01 03 00 01 00 01 00 00 00 ${TAG}`);
    await client.quiet();
  });

  it('PROTOCOL 27: a selection is over after SBOT, and another connection may select (socket)', async () => {
    const clock = new SocketClock();
    const points = [{ ioa: 45, type: 'C_SC_NA_1', sbo: true }];
    const served = await serve([{ parameters: 'SBOT=5000', points }], { clock });
    const [one, other] = [await served.client(), await served.client()];
    const command = (cot: string, content: string): string => `2d 01 ${cot} 00 01 00 2d 00 00 ${content}`;
    await one.answers(command('06', '81'), command('07', '81'));
    clock.advance(4999);
    await other.answers(command('06', '81'), command('47', '81'));
    clock.advance(1);
    await one.answers(command('06', '01'), command('47', '01'));
    await other.answers(command('06', '81'), command('07', '81'));
    clock.advance(4999);
    await other.answers(command('06', '01'), command('07', '01'), command('0a', '01'));
    assert.deepEqual(
      served.operations.map(({ select }) => select),
      [true, true, false],
    );
  });

  it('PROTOCOL 28: CAGE: a stale or future command is refused with its time, one in between is operated (socket)', async () => {
    const points = [{ ioa: 45, type: 'C_SC_TA_1' }];
    const served = await serve([{ parameters: 'CAGE=5000', points }], { clock: new SocketClock() });
    const client = await served.client();
    const command = (cot: string, ms: string): string => `3a 01 ${cot} 2a 01 00 2d 00 00 01 ${ms} 05 04 43 02 1a`;
    // 5001 ms old and ahead, then 5000 ms.
    for (const ms of ['fc 06', '0e 2e']) await client.answers(command('06', ms), command('47', ms));
    assert.deepEqual(served.operations, []);
    for (const ms of ['fd 06', '0d 2e']) await client.answers(command('06', ms), command('07', ms), command('0a', ms));
    assert.deepEqual(
      served.operations.map(({ timestamp }) => timestamp),
      [AT - 5000, AT + 5000],
    );
  });

  it('PROTOCOL 29: the background scan: cause 2 without time tags, every BGS seconds, for who has interrogated (socket)', async () => {
    const clock = new SocketClock();
    const points = [{ ioa: 1, type: 'M_SP_TB_1' }];
    const served = await serve([{ parameters: 'BGS=10;WT3=0', points }], { clock, lineNumber: 9 });
    const [client, silent] = [await served.client(), await served.client()];
    served.write(1, true, AT);
    await client.answers(GI, CON, `1e 01 03 09 01 00 01 00 00 01 ${TAG}`, '01 01 14 00 01 00 01 00 00 01', TERM);
    clock.advance(9999);
    await client.quiet();
    for (const ms of [1, 10_000]) {
      clock.advance(ms);
      await client.expect('01 01 02 09 01 00 01 00 00 01');
      await client.quiet();
    }
    await silent.quiet();
  });
});
