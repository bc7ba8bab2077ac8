import assert from 'node:assert/strict';
import { freePort, line, serverOut, station, tab } from './flow.js';
import { red, withNodeRed } from './runtime.js';
import { interrogate } from './wire.js';

/** 2025-11-24 16:00:00.000 UTC, a Monday; and as CP56Time2a. */
const MOMENT = 1_764_000_000_000;
const TAG = '00 00 00 10 38 0b 19';

const breaker = { ioa: 100, tag: 'Q0.position', type: 'M_SP_TB_1' };

/** Header of one object of common address 1, by type, cause and object address. */
const one = (type: string, cause: string, ioa: string) => `${type} 01 ${cause} 00 01 00 ${ioa} 00 00`;

describe('what is an event', () => {
  withNodeRed();

  it('a point is 0, invalid and not topical before its first write', async () => {
    const port = await freePort();
    const points = ['M_SP_TB_1', 'M_ME_TF_1', 'M_ME_ND_1'].map((type, i) => ({ ioa: 100 + i, type }));
    await red.deploy([tab, line(port), station(points)]);
    assert.deepEqual(await interrogate(await red.client(port)), [
      `${one('01', '14', '64')} c0`,
      `${one('0d', '14', '65')} 00 00 00 00 c0`,
      `${one('15', '14', '66')} 00 00`,
    ]);
  });

  it('one change is one event, the same again is none, another time given is one', async () => {
    const port = await freePort();
    await red.deploy([tab, line(port), station([breaker]), serverOut({ ioa: '100' })]);
    const client = await red.client(port);
    await interrogate(client);
    red.inject('out', { payload: true, timestamp: MOMENT });
    red.inject('out', { payload: true });
    red.inject('out', { payload: true, timestamp: MOMENT });
    red.inject('out', { payload: true, timestamp: MOMENT + 1 });
    red.inject('out', { payload: true, timestamp: MOMENT + 1, quality: { blocked: true } });
    await client.expect(
      `${one('1e', '03', '64')} 01 ${TAG}`,
      `${one('1e', '03', '64')} 01 01 00 00 10 38 0b 19`,
      `${one('1e', '03', '64')} 11 01 00 00 10 38 0b 19`,
    );
    await client.quiet();
  });

  it('sends a measured value again once it has left the deadband', async () => {
    const port = await freePort();
    const points = [{ ioa: 100, type: 'M_ME_NB_1', deadband: '5' }];
    await red.deploy([tab, line(port), station(points), serverOut({ ioa: '100' })]);
    const client = await red.client(port);
    await interrogate(client);
    for (const payload of [10, 15, 6, 16]) red.inject('out', { payload });
    await client.expect(`${one('0b', '03', '64')} 0a 00 00`, `${one('0b', '03', '64')} 10 00 00`);
    await client.quiet();
  });
});
