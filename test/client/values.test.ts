import assert from 'node:assert/strict';
import { fixedZone } from '../../lib/asdu/time.js';
import { STARTDT_ACT, STARTDT_CON, TESTFR_ACT, TESTFR_CON } from '../server/wire.js';
import {
  COUNTERS,
  COUNTERS_CON,
  COUNTERS_TERM,
  INTERROGATION,
  INTERROGATION_CON,
  INTERROGATION_TERM,
  Outstation,
} from './outstation.js';
import { ClientRig, type ClientSpec, type RigOptions } from './rig.js';

describe('a client: values of a substation', () => {
  let outstation: Outstation;
  let rig: ClientRig;

  const begin = async (specs?: readonly ClientSpec[], options?: RigOptions): Promise<ClientRig> => {
    outstation = await Outstation.listen();
    rig = ClientRig.to(outstation.port, specs, options);
    return rig;
  };

  afterEach(async () => {
    await rig.line.close();
    outstation.deafen();
  });

  const points = [
    { ioa: 100, type: 'M_SP_NA_1', tag: 'Q0' },
    { ioa: 200, type: 'M_ME_TF_1' },
    { ioa: 300, type: 'M_IT_NA_1' },
  ];

  it('STARTDT, interrogation, counters: each begins when the one before has ended', async () => {
    await begin([{ points }]);
    const session = await outstation.accept();
    assert.equal(await session.next(), STARTDT_ACT);
    await rig.until(() => rig.line.status.connections.length === 1, 'the connection');
    assert.equal(rig.line.status.state, 'connecting');
    assert.equal(rig.station.state, 'StWAIT');
    session.send(STARTDT_CON);
    await session.expect(INTERROGATION);
    session.ask(INTERROGATION_CON, '01 01 14 00 01 00 64 00 00 01');
    await rig.until(() => rig.receptions.length === 1, 'the value');
    await session.quiet();
    session.ask(INTERROGATION_TERM);
    await session.expect(COUNTERS);
    session.ask(COUNTERS_CON, '0f 01 25 00 01 00 2c 01 00 d2 04 00 00 03', COUNTERS_TERM);
    await rig.until(() => rig.receptions.length === 2, 'the counter');
    await session.quiet();
    assert.deepEqual(rig.taken(), ['100=true', '300=1234']);
    const { state, flags, connections, stations } = rig.line.status;
    assert.deepEqual([state, flags, stations], ['connected', 'A', [{ name: 'Station 1', address: 1, state: 'StON' }]]);
    assert.deepEqual([connections[0]?.state, connections[0]?.received, connections[0]?.sent], ['started', 2, 2]);
  });

  it('a value carries type, cause, quality, time tag in the zone of its station, and where it came from', async () => {
    await begin([{ points, zone: fixedZone(60) }]);
    const session = await (await outstation.accept()).serve();
    // M_ME_TF_1, spontaneous, originator 7: 1.5 with NT, 2026-02-03 05:05:06.789 in a zone one hour east of UTC.
    session.ask('24 01 03 07 01 00 c8 00 00 00 00 c0 3f 40 85 1a 05 05 43 02 1a');
    await rig.until(() => rig.receptions.length === 1, 'the value');
    const [reception] = rig.receptions;
    assert.equal(reception?.row.label, 'M_ME_TF_1');
    assert.deepEqual([reception?.asdu.cause, reception?.asdu.originator, reception?.asdu.test], [3, 7, false]);
    assert.deepEqual([reception?.object.value, reception?.object.status, reception?.weak], [1.5, 0x40, true]);
    assert.equal(reception?.timestamp, Date.UTC(2026, 1, 3, 4, 5, 6, 789));
    assert.deepEqual([reception?.timeInvalid, reception?.again], [false, false]);
    assert.equal(reception?.remote, `127.0.0.1:${outstation.port}`);
    assert.equal(reception?.point?.ioa, 200);
  });

  it('a value of a type that differs in its time tag alone is that of the point', async () => {
    await begin([{ points }]);
    const session = await (await outstation.accept()).serve();
    session.ask('1e 01 03 00 01 00 64 00 00 01 85 1a 05 05 43 02 1a', '0d 01 14 00 01 00 c8 00 00 00 00 20 40 00');
    await rig.until(() => rig.receptions.length === 2, 'the values');
    assert.deepEqual(rig.taken(), ['100=true', '200=2.5']);
  });

  it('a sequence of objects, and several in one ASDU', async () => {
    await begin([{ points: [100, 101, 102, 200].map((ioa) => ({ ioa, type: 'M_SP_NA_1' })) }]);
    const session = await (await outstation.accept()).serve('01 83 14 00 01 00 64 00 00 01 00 01');
    session.ask('01 02 03 00 01 00 c8 00 00 01 64 00 00 00');
    await rig.until(() => rig.receptions.length === 5, 'the values');
    assert.deepEqual(rig.taken(), ['100=true', '101=false', '102=true', '200=true', '100=false']);
  });

  it('objects that the table does not know, or of another type, are told as such, counted, logged and remembered', async () => {
    await begin([{ points }]);
    const session = await (await outstation.accept()).serve();
    session.ask('01 01 03 00 01 00 65 00 00 01', '03 01 03 00 01 00 64 00 00 02');
    await rig.until(() => rig.receptions.length === 2, 'the values');
    assert.deepEqual(rig.taken(), ['101=true?', '100=2?']);
    assert.equal(rig.line.status.connections[0]?.ignored, 2);
    assert.equal(rig.logged.filter((line) => /warn .*objects that Station 1 does not know/.test(line)).length, 2);
    assert.deepEqual(
      rig.line.sightings.objects(1).map(({ object, row }) => `${row.label} ${object.ioa}`),
      ['M_DP_NA_1 100', 'M_SP_NA_1 101'],
    );
  });

  it('with IUA they are not logged', async () => {
    await begin([{ points, parameters: 'IUA=1' }]);
    const session = await (await outstation.accept()).serve();
    session.ask('01 01 03 00 01 00 65 00 00 01');
    await rig.until(() => rig.receptions.length === 1, 'the value');
    assert.deepEqual(
      rig.logged.filter((line) => line.startsWith('warn')),
      [],
    );
  });

  for (const [it_, expected] of [
    [0, [false]],
    [1, []],
    [2, [true]],
  ] as const)
    it(`IT = ${it_}: a value with the T bit is ${['processed', 'ignored', 'weak'][it_]}`, async () => {
      await begin([{ points, parameters: `IT=${it_}` }]);
      const session = await (await outstation.accept()).serve();
      session.ask('01 01 83 00 01 00 64 00 00 01', '0f 01 03 00 01 00 2c 01 00 00 00 00 00 00');
      await rig.until(() => rig.receptions.some(({ object }) => object.ioa === 300), 'the value behind it');
      const tests = rig.receptions.filter(({ object }) => object.ioa === 100);
      assert.deepEqual(
        tests.map(({ weak }) => weak),
        expected,
      );
      assert.ok(tests.every(({ asdu }) => asdu.test));
    });

  for (const [parameters, weak] of [
    ['', true],
    ['NF=True', false],
    ['NF=True;IT=2', false],
  ] as const)
    it(`a value whose status octet says not topical is ${weak ? 'weak' : 'not weak'} with "${parameters}"`, async () => {
      await begin([{ points, parameters }]);
      (await (await outstation.accept()).serve()).ask('01 01 03 00 01 00 64 00 00 41');
      await rig.until(() => rig.receptions.length === 1, 'the value');
      assert.deepEqual([rig.receptions[0]?.weak, rig.receptions[0]?.object.value], [weak, 1]);
    });

  for (const [parameters, count] of [
    ['', 2],
    ['ICF3=1', 1],
  ] as const)
    it(`an I-frame with the standby mark is ${count === 1 ? 'ignored' : 'taken'} with "${parameters}"`, async () => {
      await begin([{ points, parameters }]);
      const session = await (await outstation.accept()).serve();
      const marked = session.wire.frame('01 01 03 00 01 00 64 00 00 01').split(' ');
      marked[4] = (Number.parseInt(marked[4] as string, 16) | 1).toString(16).padStart(2, '0');
      session.send(marked.join(' '));
      session.ask('0f 01 03 00 01 00 2c 01 00 00 00 00 00 00');
      await rig.until(() => rig.receptions.some(({ object }) => object.ioa === 300), 'the value behind it');
      assert.equal(rig.receptions.length, count);
    });

  it('several stations: each is interrogated in its own order, 0 leaves one out', async () => {
    await begin([
      { ca: 1, points, parameters: 'OIC=2;OCIC=1' },
      { ca: 2, points, parameters: 'OIC=0;OCIC=1' },
      { ca: 3, points: [{ ioa: 1, type: 'C_SC_NA_1' }] },
      { ca: 4 },
    ]);
    const session = await (await outstation.accept()).started();
    await session.expect(
      COUNTERS,
      COUNTERS.replace('01 00 00 00 00 05', '02 00 00 00 00 05'),
      INTERROGATION.replace('01 00 00 00 00 14', '04 00 00 00 00 14'),
    );
    session.ask(COUNTERS_CON, COUNTERS_TERM);
    await session.expect(INTERROGATION);
    await session.quiet();
  });

  it('end of initialization: a station that begins anew is interrogated anew, one that has just begun is not', async () => {
    await begin([{ points }]);
    const session = await (await outstation.accept()).started();
    session.ask('46 01 04 00 01 00 00 00 00 00');
    await session.expect(INTERROGATION);
    session.ask(INTERROGATION_CON, INTERROGATION_TERM);
    await session.expect(COUNTERS);
    session.ask(COUNTERS_CON, COUNTERS_TERM);
    await session.quiet();
    session.ask('46 01 04 00 01 00 00 00 00 02');
    await session.expect(INTERROGATION);
    session.ask(INTERROGATION_CON, '46 01 04 00 01 00 00 00 00 02', INTERROGATION_TERM);
    await session.expect(COUNTERS);
    session.ask(COUNTERS_CON, COUNTERS_TERM);
    await session.expect(INTERROGATION);
  });

  it('STWATCH interrogates again', async () => {
    await begin([{ points }]);
    assert.equal(rig.line.watch(rig.station), 0);
    const session = await (await outstation.accept()).serve();
    await session.quiet();
    assert.equal(rig.line.watch(rig.station), 1);
    await session.expect(INTERROGATION);
  });

  it('at the loss of the line each point is told once more, not topical, with its time tag', async () => {
    await begin([{ points }]);
    const session = await (await outstation.accept()).serve(
      '01 01 14 00 01 00 64 00 00 00',
      '24 01 14 00 01 00 c8 00 00 00 00 c0 3f 00 85 1a 05 05 43 02 1a',
      '01 01 14 00 01 00 65 00 00 01',
    );
    session.ask('01 01 03 00 01 00 64 00 00 01');
    await rig.until(() => rig.receptions.length === 4, 'the values');
    rig.taken();
    await session.cut();
    await rig.until(() => rig.receptions.length === 2, 'the values once more');
    const [first, second] = rig.receptions;
    assert.deepEqual(rig.taken(), ['100=true~', '200=1.5~'], 'the unknown object is not kept');
    assert.deepEqual([first?.object.status, second?.object.status, second?.weak], [0x41, 0x40, true]);
    assert.equal(second?.timestamp, Date.UTC(2026, 1, 3, 5, 5, 6, 789));
    assert.equal(rig.station.state, 'StCOMERR');
    const again = await (await outstation.accept()).serve('01 01 14 00 01 00 64 00 00 01');
    await rig.until(() => rig.receptions.length === 1, 'the value of the new connection');
    await again.cut();
    await rig.until(() => rig.receptions.length === 2, 'that value once more');
    assert.deepEqual(rig.taken(), ['100=true', '100=true~'], 'what was not received again is not told again');
  });

  it('closing the line tells nothing once more', async () => {
    await begin([{ points }]);
    const session = await (await outstation.accept()).serve('01 01 14 00 01 00 64 00 00 01');
    await rig.until(() => rig.receptions.length === 1, 'the value');
    await rig.line.close();
    await session.closes();
    assert.deepEqual(rig.taken(), ['100=true']);
    assert.deepEqual([rig.line.status.state, rig.station.state], ['closed', 'StOFF']);
  });

  it('TESTFR of the substation is confirmed', async () => {
    await begin([{ points }]);
    const session = await outstation.accept();
    assert.equal(await session.next(), STARTDT_ACT);
    session.send(TESTFR_ACT);
    assert.equal(await session.next(), TESTFR_CON);
  });

  it('an observer that throws costs nothing of the line', async () => {
    await begin([{ points }]);
    rig.onReceived = () => {
      throw new Error('not today');
    };
    const session = await (await outstation.accept()).serve('01 01 14 00 01 00 64 00 00 01');
    await rig.until(() => rig.logged.some((line) => line.includes('not today')), 'the log');
    session.ask(...Array.from({ length: 100 }, () => '01 01 03 00 01 00 64 00 00 01'));
    await session.quiet();
    assert.equal(rig.receptions.length, 101);
    assert.equal(rig.logged.filter((line) => line.includes('not today')).length, 10, 'ten lines a minute');
    assert.equal(rig.line.status.state, 'connected');
  });
});
