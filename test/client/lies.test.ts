import assert from 'node:assert/strict';
import { STARTDT_ACT, STOPDT_CON } from '../server/wire.js';
import {
  COUNTERS,
  COUNTERS_CON,
  COUNTERS_TERM,
  INTERROGATION,
  INTERROGATION_CON,
  INTERROGATION_TERM,
  Outstation,
  type OutstationSession,
} from './outstation.js';
import { ClientRig } from './rig.js';

const points = [
  { ioa: 100, type: 'M_SP_NA_1' },
  { ioa: 1, type: 'C_SC_NA_1' },
];
const VALUE = '01 01 03 00 01 00 64 00 00 01';

describe('a client: substations that lie', () => {
  let outstation: Outstation;
  let rig: ClientRig;

  const begin = async (parameters = ''): Promise<OutstationSession> => {
    outstation = await Outstation.listen();
    rig = ClientRig.to(outstation.port, [{ points, parameters }]);
    return outstation.accept();
  };

  afterEach(async () => {
    await rig.line.close();
    outstation.deafen();
  });

  /** What it does, the reason of the close, parameters, and the octets: each frame after STARTDT is confirmed, and served. */
  const wire: readonly (readonly [string, string, string])[] = [
    ['an N(S) that is not the next', 'send-sequence', '68 0e 20 00 06 00 01 01 03 00 01 00 64 00 00 01'],
    ['an N(S) that was there before', 'send-sequence', '68 0e 00 00 04 00 01 01 03 00 01 00 64 00 00 01'],
    ['an N(R) of what was never sent', 'receive-sequence', '68 04 01 00 40 00'],
    ['a wrong start octet', 'start-octet', '69 04 01 00 00 00'],
    ['a length below 4', 'length', '68 03 01 00 00 00'],
    ['a U-frame of several functions', 'u-format', '68 04 4f 00 00 00'],
    ['a STARTDT act of its own', 'unexpected-act', '68 04 07 00 00 00'],
  ];
  for (const [what, reason, octets] of wire)
    it(`${what} closes (${reason}); it is connected again, backing off`, async () => {
      const session = await (await begin()).serve();
      const at = performance.now();
      session.send(octets);
      await session.closes();
      await rig.until(() => rig.line.status.connections.length === 0, 'the end of the connection');
      const { state, reason: why, lastClose, closes, stations } = rig.line.status;
      const remote = `127.0.0.1:${outstation.port}`;
      assert.deepEqual([state, why, lastClose], ['connecting', `${remote}: ${reason}`, { remote, reason }]);
      assert.deepEqual([closes, stations[0]?.state], [{ [reason]: 1 }, 'StCOMERR']);
      assert.ok(rig.logged.some((line) => line.startsWith(`warn ${remote} closed: ${reason}, received 6`)));
      const next = await outstation.accept();
      assert.ok(performance.now() - at >= 490, 'not at once');
      await next.serve('01 01 14 00 01 00 64 00 00 01');
      await rig.until(
        () => rig.line.status.state === 'connected' && rig.receptions.length === 1,
        'the next connection',
      );
      assert.deepEqual([rig.line.status.reason, rig.station.state], [undefined, 'StON']);
    });

  const asdus: readonly (readonly [string, string])[] = [
    ['without objects', '01 00 03 00 01 00'],
    ['with fewer objects than it says', '01 02 03 00 01 00 64 00 00 01'],
    ['with octets behind its last object', '01 01 03 00 01 00 64 00 00 01 00'],
    ['of type 41 that is too short for one', '29 01 03 00 01 00 64 00 00 01 00 01'],
    ['with a header alone', '01 01 03 00 01 00'],
    ['whose addresses run past the last', '01 82 03 00 01 00 ff ff ff 01 01'],
  ];
  for (const [what, asdu] of asdus)
    it(`an ASDU ${what} closes (asdu), and nothing of it is told`, async () => {
      const session = await (await begin()).serve();
      session.ask(VALUE, asdu);
      await session.closes();
      await rig.until(() => rig.line.status.closes.asdu === 1, 'the reason');
      assert.deepEqual(rig.taken(), ['100=true', '100=true~']);
    });

  it('an I-frame before data transfer closes', async () => {
    const session = await begin();
    await session.next();
    session.ask(VALUE);
    await session.closes();
    await rig.until(() => rig.line.status.closes['i-frame-while-stopped'] === 1, 'the reason');
    assert.deepEqual(rig.taken(), []);
  });

  it('half a frame and then nothing: closed after t1', async () => {
    const session = await (await begin('WT1=200;WT2=100')).serve();
    session.send('68 0e 06 00');
    await session.closes();
    await rig.until(() => rig.line.status.closes['t1-frame'] === 1, 'the reason');
  });

  it('a frame in single octets is a frame', async () => {
    const session = await (await begin()).serve();
    for (const octet of session.wire.frame(VALUE).split(' ')) session.send(octet);
    await rig.until(() => rig.receptions.length === 1, 'the value');
  });

  it('no confirmation of STARTDT: closed after t1', async () => {
    const session = await begin('WT1=100;WT2=50');
    assert.equal(await session.next(), STARTDT_ACT);
    session.send(STOPDT_CON);
    await session.closes();
    await rig.until(() => rig.line.status.closes['t1-act'] === 1, 'the reason');
    assert.equal(rig.station.state, 'StCOMERR');
  });

  it('silence after STARTDT: what it does not acknowledge closes after t1', async () => {
    const session = await (await begin('WT1=100;WT2=50')).started();
    await session.closes();
    await rig.until(() => rig.line.status.closes['t1-i-frame'] === 1, 'the reason');
  });

  it('acknowledgements and no answer: closed after WTN, the order timed out', async () => {
    const session = await (await begin('WTN=100;OIC=0;OCIC=0')).started();
    await rig.until(() => rig.line.status.state === 'connected', 'data transfer');
    const outcomes = rig.order({ command: 'single', ioa: 1, value: true });
    await session.asdu();
    const outcome = await rig.outcome(outcomes);
    assert.deepEqual([outcome.ok, outcome.confirmed, outcome.reason], [false, false, 'timeout']);
    assert.ok(outcome.durationMs >= 99);
    await session.closes();
    await rig.until(() => rig.line.status.closes['no-answer'] === 1, 'the reason');
  });

  it('an interrogation that is confirmed and confirmed and never ends: closed after WTN', async () => {
    const session = await (await begin('WTN=200')).started();
    await session.expect(INTERROGATION);
    const confirm = setInterval(() => session.ask(INTERROGATION_CON), 20);
    await session.closes();
    clearInterval(confirm);
    await rig.until(() => rig.line.status.closes['no-answer'] === 1, 'the reason');
  });

  it('an interrogation that brings values is awaited longer than WTN, and then no more', async () => {
    const session = await (await begin('WTN=600')).started();
    await session.expect(INTERROGATION);
    const at = performance.now();
    let values = 0;
    const bring = setInterval(() => {
      if (++values <= 20) session.ask('01 01 14 00 01 00 64 00 00 01');
    }, 30);
    await session.closes();
    clearInterval(bring);
    assert.ok(values > 20 && performance.now() - at >= 1150, `${values} values`);
    await rig.until(() => rig.line.status.closes['no-answer'] === 1, 'the reason');
  });

  it('everything refused: the line stands, its station has failed, and says so until something comes of it', async () => {
    const session = await (await begin()).started();
    await session.expect(INTERROGATION);
    session.ask('64 01 6e 00 01 00 00 00 00 14');
    await session.expect(COUNTERS);
    session.ask('65 01 47 00 01 00 00 00 00 05');
    await rig.until(() => rig.logged.filter((line) => line.includes('refuses interrogation')).length === 2, 'the log');
    assert.deepEqual([rig.line.status.state, rig.station.state], ['connected', 'StCOMERR']);
    const outcomes = rig.order({ command: 'single', ioa: 1, value: true });
    session.ask((await session.asdu()).replace('2d 01 06', '2d 01 47'));
    assert.equal((await rig.outcome(outcomes)).reason, 'negative');
    session.ask(VALUE);
    await rig.until(() => rig.receptions.length === 1, 'the value');
    assert.equal(rig.station.state, 'StON');
  });

  const ignored: readonly (readonly [string, string, RegExp])[] = [
    ['an unknown type', '8c 01 03 00 01 00 64 00 00 01', /common address 1: type identification 140 is unknown/],
    [
      'a statistic of the security extension (41)',
      '29 01 03 00 01 00 64 00 00 01 00 05 00 00 00 00 a8 3a 0e 0d 93 0b 1a',
      /S_IT_TC_1 with cause 3 is not awaited/,
    ],
    ['an unknown common address', '01 01 03 00 09 00 64 00 00 01', /common address 9 is no station of the line/],
    ['a value with a cause of commands', '01 01 06 00 01 00 64 00 00 01', /M_SP_NA_1 comes with cause 6/],
    ['a value that is said to be unknown to us', '01 01 6f 00 01 00 64 00 00 01', /M_SP_NA_1 comes with cause 47/],
    ['an answer to nothing', '2d 01 07 00 01 00 01 00 00 01', /C_SC_NA_1 with cause 7 is not awaited/],
    ['a command to us', '2d 01 06 00 01 00 01 00 00 01', /C_SC_NA_1 with cause 6 is not awaited/],
    ['an interrogation of us', '64 01 06 00 01 00 00 00 00 14', /C_IC_NA_1 with cause 6 is not awaited/],
    ['an end of initialization that is none', '46 01 03 00 01 00 00 00 00 00', /M_EI_NA_1 comes with cause 3/],
    ['a file', '7d 01 0d 00 01 00 01 00 00 01 00 01 01 00', /F_SG_NA_1 with cause 13 is not awaited/],
  ];
  for (const [what, asdu, text] of ignored)
    it(`${what} is counted, logged and without effect`, async () => {
      const session = await (await begin()).serve();
      session.ask(asdu, VALUE);
      await rig.until(() => rig.receptions.length === 1, 'the value behind it');
      await session.quiet();
      assert.equal(rig.line.status.connections[0]?.ignored, 1);
      assert.ok(rig.logged.some((line) => text.test(line)));
    });

  it('a flood of values arrives whole, and the connection answers', async () => {
    const session = await (await begin()).serve();
    session.acknowledges = false;
    const count = 100_000;
    const objects = Array.from({ length: 60 }, (_, i) => `64 00 00 0${i % 2}`).join(' ');
    let sent = 0;
    while (sent < count) {
      session.ask(...Array.from({ length: 50 }, () => `01 3c 03 00 01 00 ${objects}`));
      sent += 3000;
    }
    await rig.until(() => rig.receptions.length >= sent, 'the flood');
    assert.equal(rig.receptions.length, sent);
    session.frames.length = 0;
    assert.equal(rig.line.status.state, 'connected');
  });

  it('a flood of nonsense costs ten lines of the log a minute, and hides no other', async () => {
    const session = await (await begin()).serve();
    session.ask(...Array.from({ length: 5000 }, () => '01 01 03 00 01 00 65 00 00 01'));
    session.ask(...Array.from({ length: 5000 }, () => '2d 01 07 00 01 00 01 00 00 01'));
    session.ask(VALUE);
    await rig.until(() => rig.receptions.at(-1)?.point !== undefined, 'the value behind it');
    assert.equal(rig.line.status.connections[0]?.ignored, 10_000);
    assert.equal(rig.logged.filter((line) => line.startsWith('warn')).length, 10);
    session.send('69');
    await session.closes();
    await rig.until(
      () => rig.logged.some((line) => /^warn .* closed: start-octet/.test(line)),
      'the reason in the log',
    );
  });

  it('who initializes itself without end is interrogated once at a time', async () => {
    const session = await (await begin()).serve();
    const initializations = Array.from({ length: 1000 }, () => '46 01 04 00 01 00 00 00 00 00');
    session.ask(...initializations);
    await session.expect(INTERROGATION);
    session.ask(INTERROGATION_CON, ...initializations, INTERROGATION_TERM);
    await session.expect(COUNTERS);
    session.ask(COUNTERS_CON, COUNTERS_TERM);
    await session.expect(INTERROGATION);
    session.ask(INTERROGATION_CON, INTERROGATION_TERM);
    await session.expect(COUNTERS);
    session.ask(COUNTERS_CON, COUNTERS_TERM);
    await session.quiet();
  });

  it('a stalled substation disturbs no other, and orders for it wait within bounds', async () => {
    const stalled = await (await begin('K=2;W=1;OIC=0;OCIC=0')).started();
    stalled.socket.pause();
    const other = await Outstation.listen();
    const second = ClientRig.to(other.port, [{ points }]);
    const session = await (await other.accept()).serve();
    await rig.until(() => rig.line.status.state === 'connected', 'the stalled one');
    const orders = Array.from({ length: 4200 }, (_, ioa) => rig.order({ command: 'single', ioa, value: true }));
    session.ask(VALUE);
    await second.until(() => second.receptions.length === 1, 'the value');
    assert.equal(rig.line.status.connections[0]?.buffered, 4096);
    const refused = orders.flat().map(({ reason }) => reason);
    assert.deepEqual(refused, new Array(4200 - 4096 - 2).fill('input'));
    await second.line.close();
    other.deafen();
    stalled.socket.resume();
  });
});
