import assert from 'node:assert/strict';
import type { WriteInput } from '../../lib/station/station.js';
import { TestClient } from './client.js';
import { closeAll, serve } from './served.js';

const AT = Date.UTC(2026, 1, 3, 4, 5, 6, 789);
const TAG = '85 1a 05 04 43 02 1a';
const GI = '64 01 06 00 01 00 00 00 00 14';
const CON = '64 01 07 00 01 00 00 00 00 14';
const TERM = '64 01 0a 00 01 00 00 00 00 14';
const COUNTERS = '65 01 06 00 01 00 00 00 00 05';
const event = (ioa: number, value: boolean): string => `01 01 03 00 01 00 0${ioa} 00 00 0${value ? 1 : 0}`;
const points = [
  { ioa: 1, type: 'M_SP_NA_1' },
  { ioa: 2, type: 'M_SP_NA_1' },
];

describe('spontaneous values', () => {
  afterEach(closeAll);

  const written: readonly (readonly [string, Omit<WriteInput, 'ioa'>, string])[] = [
    ['M_SP_NA_1', { value: true }, '01 01 03 09 01 00 01 00 00 01'],
    ['M_SP_TA_1', { value: true }, '02 01 03 09 01 00 01 00 00 01 85 1a 05'],
    ['M_SP_TB_1', { value: true }, `1e 01 03 09 01 00 01 00 00 01 ${TAG}`],
    ['M_SP_TB_1', { value: 1, timeInvalid: true }, '1e 01 03 09 01 00 01 00 00 01 85 1a 85 04 43 02 1a'],
    ['M_DP_NA_1', { value: 2, quality: { substituted: true } }, '03 01 03 09 01 00 01 00 00 22'],
    ['M_DP_TB_1', { value: false, quality: { blocked: true } }, `1f 01 03 09 01 00 01 00 00 11 ${TAG}`],
    ['M_ST_TB_1', { value: -64, transient: true }, `20 01 03 09 01 00 01 00 00 c0 00 ${TAG}`],
    ['M_BO_NA_1', { value: 0x84030201 }, '07 01 03 09 01 00 01 00 00 01 02 03 84 00'],
    ['M_ME_TD_1', { value: 1 }, `22 01 03 09 01 00 01 00 00 ff 7f 00 ${TAG}`],
    ['M_ME_NA_1', { raw: -32768 }, '09 01 03 09 01 00 01 00 00 00 80 00'],
    ['M_ME_NB_1', { value: 40000 }, '0b 01 03 09 01 00 01 00 00 ff 7f 01'],
    ['M_ME_TF_1', { value: 1.5, quality: { invalid: true } }, `24 01 03 09 01 00 01 00 00 00 00 c0 3f 80 ${TAG}`],
    ['M_ME_NC_1', { value: -1e39 }, '0d 01 03 09 01 00 01 00 00 ff ff 7f ff 01'],
    ['M_PS_NA_1', { value: 0x00030005 }, '14 01 03 09 01 00 01 00 00 05 00 03 00 00'],
    ['M_ME_ND_1', { value: -0.5 }, '15 01 03 09 01 00 01 00 00 00 c0'],
    ['M_EP_TD_1', { value: { event: 2, elapsedMs: 258 } }, `26 01 03 09 01 00 01 00 00 02 02 01 ${TAG}`],
    ['M_ME_XA_1', { value: 1.5 }, 'f1 01 03 09 01 00 01 00 00 00 00 00 00 00 00 f8 3f 00'],
    ['M_ME_XB_1', { value: 1.5 }, `f3 01 03 09 01 00 01 00 00 00 00 00 00 00 00 f8 3f 00 ${TAG}`],
  ];
  for (const [type, input, expected] of written)
    it(`PROTOCOL 29: ${type} ${JSON.stringify(input)}: cause 3, the line number as originator`, async () => {
      const served = await serve([{ parameters: 'SAI=False', points: [{ ioa: 1, type }] }], { lineNumber: 9 });
      const client = await served.client();
      served.station.write({ ioa: 1, timestamp: AT, ...input }, 0);
      await client.expect(expected);
      await client.quiet();
    });

  it('PROTOCOL 29: causes 1 and 3, as written', async () => {
    const served = await serve([{ parameters: 'SAI=False', points }]);
    const client = await served.client();
    served.station.write({ ioa: 1, value: true, cause: 'periodic' }, 0);
    served.station.write({ ioa: 1, value: false, cause: 'spontaneous' }, 0);
    await client.expect('01 01 01 00 01 00 01 00 00 01', '01 01 03 00 01 00 01 00 00 00');
  });

  it('PROTOCOL 33: only once the client has sent 100 on this connection; what was before goes first', async () => {
    const served = await serve([{ points }]);
    const client = await served.client();
    served.write(1, true);
    served.write(2, true);
    await client.quiet();
    await client.answers(GI, CON, event(1, true), event(2, true));
    await client.expect('01 01 14 00 01 00 01 00 00 01', '01 01 14 00 01 00 02 00 00 01', TERM);
    served.write(1, false);
    await client.expect(event(1, false));
  });

  it('PROTOCOL 33: an interrogation that is refused does not count, one of a group does', async () => {
    const served = await serve([{ points: [{ ioa: 1, type: 'M_SP_NA_1', groups: [2] }] }]);
    const client = await served.client();
    served.write(1, true);
    await client.answers('64 01 06 00 01 00 00 00 00 15', '64 01 47 00 01 00 00 00 00 15');
    await client.quiet();
    await client.answers('64 01 06 00 01 00 00 00 00 16', '64 01 07 00 01 00 00 00 00 16', event(1, true));
  });

  it('PROTOCOL 33: counters wait for 101, values for 100', async () => {
    const served = await serve([{ points: [...points, { ioa: 3, type: 'M_IT_NA_1' }] }]);
    const client = await served.client();
    served.write(3, 7);
    served.write(1, true);
    await client.answers(
      COUNTERS,
      '65 01 07 00 01 00 00 00 00 05',
      '0f 01 03 00 01 00 03 00 00 07 00 00 00 00',
      '0f 01 25 00 01 00 03 00 00 07 00 00 00 00',
      '65 01 0a 00 01 00 00 00 00 05',
    );
    await client.quiet();
    await client.answers(GI, CON, event(1, true));
  });

  it('PROTOCOL 33: with ICCI an interrogation starts the counters too', async () => {
    const served = await serve([{ parameters: 'ICCI=True', points: [{ ioa: 3, type: 'M_IT_NA_1' }] }]);
    const client = await served.client();
    await client.answers(GI, CON, '0f 01 14 00 01 00 03 00 00 00 00 00 00 80', TERM);
    served.write(3, 7);
    await client.expect('0f 01 03 00 01 00 03 00 00 07 00 00 00 00');
  });

  it('PROTOCOL 33: SAI = False: after STARTDT, values and counters in the order in which they came', async () => {
    const served = await serve([{ parameters: 'SAI=False', points: [...points, { ioa: 3, type: 'M_IT_NA_1' }] }]);
    served.write(3, 1);
    served.write(1, true);
    served.write(3, 2);
    const client = await served.connect();
    await client.quiet();
    await client.start();
    await client.expect(
      '0f 01 03 00 01 00 03 00 00 01 00 00 00 00',
      event(1, true),
      '0f 01 03 00 01 00 03 00 00 02 00 00 00 00',
    );
  });

  it('PROTOCOL 33: a STOPDT does not undo the interrogation', async () => {
    const served = await serve([{ points: points.slice(0, 1) }]);
    const client = await served.client();
    await client.answers(GI, CON, '01 01 14 00 01 00 01 00 00 c0', TERM);
    await client.stop();
    served.write(1, true);
    await client.quiet();
    await client.start();
    await client.expect(event(1, true));
  });

  it('PROTOCOL 30: what is written before any client goes to the first that starts, oldest first, and to no other', async () => {
    const served = await serve([{ parameters: 'SAI=False', points }]);
    for (let i = 0; i < 30; i++) served.write(1, i % 2 === 0);
    const [first, second] = [await served.client(), await served.client()];
    assert.deepEqual(
      await first.asdus(30),
      Array.from({ length: 30 }, (_, i) => event(1, i % 2 === 0)),
    );
    await second.quiet();
    served.write(2, true);
    await first.expect(event(2, true));
    await second.expect(event(2, true));
  });

  it('PROTOCOL 30: unacknowledged ones of a broken connection are sent again, in order and before newer ones', async () => {
    const served = await serve([{ parameters: 'SAI=False;K=5;W=3', points }]);
    const client = await served.client();
    client.acknowledges = false;
    for (let i = 0; i < 8; i++) served.write(1, i % 2 === 0);
    await client.asdus(2);
    client.acknowledge();
    await client.asdus(3);
    await client.cut();
    await served.until(() => served.line.status.connections.length === 0);
    served.write(2, true);
    const back = await served.client();
    const rest = Array.from({ length: 6 }, (_, i) => event(1, i % 2 === 0));
    await back.expect(...rest, event(2, true));
    await back.quiet();
  });

  it('PROTOCOL 30: after a return with SAI the backlog goes out between the 7 and the first value', async () => {
    const served = await serve([{ points }]);
    const client = await served.client();
    await client.answers(GI, CON);
    await client.asdus(3);
    await client.stop();
    await client.cut();
    await served.until(() => served.line.status.connections.length === 0);
    for (let i = 0; i < 20; i++) served.write(1, i % 2 === 0);
    const back = await served.client();
    await back.quiet();
    await back.answers(GI, CON, ...Array.from({ length: 20 }, (_, i) => event(1, i % 2 === 0)));
    await back.expect('01 01 14 00 01 00 01 00 00 00', '01 01 14 00 01 00 02 00 00 c0', TERM);
  });

  it('PROTOCOL 31: of too many events the oldest go, and a counter shows how many', async () => {
    const served = await serve([{ parameters: 'SAI=False;EBS=10', points: [{ ioa: 1, type: 'M_ME_NB_1' }] }]);
    for (let i = 1; i <= 25; i++) served.write(1, i);
    const client = await served.client();
    const got = (await client.asdus(10)).map((asdu) => Number.parseInt(asdu.slice(27, 29), 16));
    assert.deepEqual(
      got,
      Array.from({ length: 10 }, (_, i) => i + 16),
    );
    await client.quiet();
    const { lost, connections } = served.line.status;
    // The first client of all is owed what happened before, and 15 of it have gone.
    assert.deepEqual([lost, connections[0]?.lost], [15, 15]);
  });
});

describe('clients and stations of a line', () => {
  afterEach(closeAll);

  it('PROTOCOL 31: every client gets every event', async () => {
    const served = await serve([{ parameters: 'SAI=False', points }]);
    const clients = await Promise.all(Array.from({ length: 8 }, () => served.client()));
    for (let i = 0; i < 100; i++) served.write(1 + (i % 2), i % 4 < 2);
    const expected = Array.from({ length: 100 }, (_, i) => event(1 + (i % 2), i % 4 < 2));
    for (const client of clients) assert.deepEqual(await client.asdus(100), expected);
  });

  it('PROTOCOL 15: stations answer for themselves alone; one that is removed is unknown, the others stay', async () => {
    const served = await serve([
      { ca: 1, parameters: 'SAI=False', points },
      { ca: 2, points: [{ ioa: 1, type: 'M_SP_NA_1' }] },
    ]);
    const client = await served.client();
    served.write(1, true, undefined, served.stations[1]);
    served.write(1, true);
    await client.expect('01 01 03 00 02 00 01 00 00 01', '01 01 03 00 01 00 01 00 00 01');
    served.line.remove(served.station);
    await client.answers('66 01 05 00 01 00 01 00 00', '66 01 6e 00 01 00 01 00 00');
    await client.answers('66 01 05 00 02 00 01 00 00', '01 01 05 00 02 00 01 00 00 01');
    served.add({ ca: 1, points: [{ ioa: 7, type: 'M_SP_NA_1' }] });
    await client.answers('66 01 05 00 01 00 07 00 00', '01 01 05 00 01 00 07 00 00 c0');
  });

  it('a common address twice on a line is an error that names both stations', async () => {
    const served = await serve([{ ca: 7, points }]);
    assert.throws(() => served.add({ ca: 7, points }), {
      code: 'configuration',
      message: 'common address 7 stands twice on line Line: stations Station 7 and Station 7',
    });
  });

  it('MC: more clients than that are turned away, named, and may come when another has gone', async () => {
    const served = await serve([{ parameters: 'MC=2', points }]);
    const [one, two] = [await served.client(), await served.client()];
    const three = await served.connect();
    await three.closes();
    assert.deepEqual(
      served.log.filter((line) => line.includes('turned away')),
      [`warn: 127.0.0.1:${three.port} turned away: 2 clients are connected (MC)`],
    );
    await two.quiet();
    await one.cut();
    await served.until(() => served.line.status.connections.length === 1);
    await (await served.client()).quiet();
  });

  it('the status tells flags A.. of started clients, remotes, and what was sent', async () => {
    const served = await serve([{ parameters: 'SAI=False', points }]);
    const [one, two] = [await served.client(), await served.client()];
    const three = await served.connect();
    await three.quiet();
    served.write(1, true);
    await one.expect(event(1, true));
    await one.quiet();
    const { status } = served.line;
    assert.equal(status.flags, 'AB');
    assert.deepEqual(
      status.connections.map(({ remote, state, flag, sent, unacknowledged }) => [
        remote,
        state,
        flag,
        sent,
        unacknowledged,
      ]),
      [
        [`127.0.0.1:${one.port}`, 'started', 'A', 1, 0],
        [`127.0.0.1:${two.port}`, 'started', 'B', 1, 1],
        [`127.0.0.1:${three.port}`, 'connected', undefined, 0, 0],
      ],
    );
    assert.deepEqual(status.stations, [{ name: 'Station 1', address: 1, state: 'StON' }]);
    await one.stop();
    assert.equal(served.line.status.flags, 'B');
    await three.start();
    assert.equal(served.line.status.flags, 'AB', 'A is free again');
  });

  it('a client can be disconnected by its remote; closing the line closes all and frees the port', async () => {
    const served = await serve([{ points }]);
    const [one, two] = [await served.client(), await served.client()];
    assert.equal(served.line.disconnect(`127.0.0.1:${one.port}`), 1);
    assert.equal(served.line.disconnect('127.0.0.1:1'), 0);
    await one.closes();
    await two.quiet();
    const { port } = served.line;
    await served.line.close();
    await two.closes();
    assert.equal(served.line.status.state, 'closed');
    await assert.rejects(TestClient.connect(port as number), { code: 'ECONNREFUSED' });
  });

  it('I-frames wait while the guard says that this process may not act', async () => {
    let mayAct = true;
    const served = await serve([{ parameters: 'SAI=False', points }], { guard: () => mayAct });
    const client = await served.client();
    // Its lease has run out, and nobody has told the line yet.
    mayAct = false;
    served.write(1, true);
    await client.quiet();
    mayAct = true;
    served.write(2, true);
    await client.expect(event(1, true), event(2, true));
  });
});
