import assert from 'node:assert/strict';
import type { ServerStationNode } from '../../nodes/shared/contract.js';
import {
  catchAll,
  commandIn,
  type FlowNode,
  freePort,
  line,
  lineStatus,
  serverOut,
  sink,
  station,
  tab,
} from './flow.js';
import { type Message, red, withNodeRed } from './runtime.js';

const TAG = '00 00 00 10 38 0b 19';
/** 2025-11-24 16:00:00.000 UTC. */
const MOMENT = 1_764_000_000_000;
const points = [
  { ioa: 1, tag: 'Q0.open', type: 'C_SC_NA_1', direction: 'out' },
  { ioa: 2, type: 'C_SE_TC_1', direction: 'out' },
  { ioa: 9, type: 'M_SP_NA_1' },
  { ioa: 100, tag: 'Q0.position', type: 'M_DP_TB_1', direction: 'in' },
  { ioa: 101, type: 'M_ME_NB_1', direction: 'in' },
  { ioa: 102, type: 'M_IT_NA_1', direction: 'in' },
];
const ASK = '2d 01 06 09 01 00 01 00 00 01';
const CON = '2d 01 07 09 01 00 01 00 00 01';
const NEGATIVE = '2d 01 47 09 01 00 01 00 00 01';
const TERM = '2d 01 0a 09 01 00 01 00 00 01';

describe('a balanced station in a flow', () => {
  withNodeRed();

  let port: number;

  async function begin(parameters = '', ...more: FlowNode[]): Promise<void> {
    port = await freePort();
    await red.deploy([
      tab,
      line(port, { lineNumber: '9' }),
      station(points, { balanced: true, parameters }),
      serverOut({ wires: [['outcomes']] }),
      commandIn(),
      ...['commands', 'outcomes'].map(sink),
      ...catchAll,
      ...more,
    ]);
    assert.deepEqual(red.allErrors, []);
  }

  const write = (message: Message): void => red.inject('out', message);

  /** What was told of a command, without the time that it took. */
  async function outcome(): Promise<Message> {
    const { payload } = (await red.next('outcomes')) as { payload: Message };
    const { durationMs, ...rest } = payload;
    assert.ok(Number.isInteger(durationMs) && (durationMs as number) >= 0);
    return rest;
  }

  const done = { ok: true, confirmed: true, terminated: true, cause: 10, status: 1 };
  const failed = (reason: string, more: Message = {}): Message => ({
    ok: false,
    confirmed: false,
    terminated: false,
    cause: 0,
    status: 0,
    reason,
    ...more,
  });

  it('a command that is written is sent, and its outcome is the output, with the other properties of the message', async () => {
    await begin();
    const client = await red.client(port);
    write({ payload: true, ioa: 1, _msgid: 'a1', mine: { deep: [1] } });
    await client.expect(ASK);
    assert.deepEqual(red.messages('outcomes'), []);
    client.ask(CON, TERM);
    const message = await red.next('outcomes');
    const { payload, ...others } = message as { payload: Message };
    assert.deepEqual({ ...payload, durationMs: 0 }, { ...done, durationMs: 0 });
    assert.deepEqual(others, { ioa: 1, _msgid: 'a1', mine: { deep: [1] } });
    await client.quiet();
    assert.deepEqual(red.messages('outcomes'), []);
  });

  it('by tag and by topic, with a time of its own', async () => {
    await begin('CMDC=0');
    const client = await red.client(port);
    write({ payload: true, topic: 'Q0.open' });
    await client.expect(ASK);
    write({ payload: true, topic: '1/1' });
    await client.expect(ASK);
    write({ payload: 1.5, topic: '1/2', timestamp: MOMENT });
    await client.expect(`3f 01 06 09 01 00 02 00 00 00 00 c0 3f 00 ${TAG}`);
    for (let i = 0; i < 3; i++) assert.equal((await outcome()).ok, true);
  });

  it('several in one message have an outcome each; a value among them is an event and has none', async () => {
    await begin('CMDC=1;SAI=False');
    const client = await red.client(port);
    write({
      payload: [
        { ioa: 1, value: true },
        { ioa: 9, value: true },
        { ioa: 2, value: 0, timestamp: MOMENT },
      ],
    });
    await client.expect(ASK, `3f 01 06 09 01 00 02 00 00 00 00 00 00 00 ${TAG}`, '01 01 03 09 01 00 09 00 00 01');
    client.ask(NEGATIVE, `3f 01 07 09 01 00 02 00 00 00 00 00 00 00 ${TAG}`);
    assert.deepEqual(await outcome(), failed('negative', { cause: 7, status: 1 }));
    assert.equal((await outcome()).ok, true);
    await client.quiet();
    assert.deepEqual(red.messages('outcomes'), []);
  });

  it('without a client it has failed, which is no error; it is not sent later', async () => {
    await begin();
    write({ payload: true, ioa: 1 });
    assert.deepEqual(await outcome(), failed('disconnected'));
    await (await red.client(port)).quiet();
    assert.deepEqual(red.messages('caught'), []);
  });

  it('a cut while it is under way: disconnected, once', async () => {
    await begin();
    const client = await red.client(port);
    write({ payload: true, ioa: 1 });
    await client.expect(ASK);
    await client.cut();
    assert.deepEqual(await outcome(), failed('disconnected'));
    await (await red.client(port)).quiet();
    assert.deepEqual(red.messages('outcomes'), []);
  });

  it('a second one for the same object: input, and the first goes on', async () => {
    await begin();
    const client = await red.client(port);
    write({ payload: true, ioa: 1 });
    write({ payload: true, ioa: 1 });
    assert.deepEqual(await outcome(), failed('input'));
    await client.expect(ASK);
    client.ask(CON, TERM);
    assert.deepEqual(await outcome(), done);
  });

  it('a value that is none of its type is an error that names the point; nothing is sent and there is no outcome', async () => {
    await begin();
    const client = await red.client(port);
    write({ payload: 'on', ioa: 1 });
    const { error } = (await red.next('caught')) as { error: { message: string } };
    assert.match(error.message, /Substation, object address 1 \(Q0\.open\): "on" is not a value of C_SC_NA_1/);
    await client.quiet();
    assert.deepEqual(red.messages('outcomes'), []);
  });

  it('emits what the partner sends: value, cause, quality and time, and nothing of a command', async () => {
    await begin();
    const client = await red.client(port);
    client.ask(`1f 01 0b 05 01 00 64 00 00 02 ${TAG}`);
    const { _msgid, ...message } = await red.next('commands');
    assert.equal(typeof _msgid, 'string');
    assert.deepEqual(message, {
      topic: 'Q0.position',
      payload: 2,
      iec104: {
        type: 'M_DP_TB_1',
        typeId: 31,
        cause: 'remote',
        causeId: 11,
        commonAddress: 1,
        ioa: 100,
        originator: 5,
        test: false,
        negative: false,
        quality: { invalid: false, notTopical: false, substituted: false, blocked: false, overflow: false },
        weak: false,
        status: 2,
        timestamp: MOMENT,
        timeInvalid: false,
        summerTime: false,
        connection: `127.0.0.1:${client.port}`,
        line: 'Line',
        station: 'Substation',
      },
    });
  });

  for (const [what, asdu, invalid, weak] of [
    ['good', '0b 01 14 05 01 00 65 00 00 9c ff 00', false, false],
    ['invalid', '0b 01 14 05 01 00 65 00 00 9c ff 80', true, false],
    ['not topical', '0b 01 14 05 01 00 65 00 00 9c ff 40', false, true],
    ['substituted', '0b 01 14 05 01 00 65 00 00 9c ff 20', false, true],
    ['blocked', '0b 01 14 05 01 00 65 00 00 9c ff 10', false, true],
    ['overflow', '0b 01 14 05 01 00 65 00 00 9c ff 01', false, true],
    ['invalid and not topical', '0b 01 14 05 01 00 65 00 00 9c ff c0', true, true],
    ['with a reserved bit', '0b 01 14 05 01 00 65 00 00 9c ff 02', false, false],
    ['a counter', '0f 01 25 05 01 00 66 00 00 07 00 00 00 1f', false, false],
    ['a counter carried over', '0f 01 25 05 01 00 66 00 00 07 00 00 00 20', false, true],
    ['a counter adjusted', '0f 01 25 05 01 00 66 00 00 07 00 00 00 40', false, true],
  ] as const)
    it(`received quality, ${what}: invalid ${invalid}, weak ${weak}`, async () => {
      await begin();
      (await red.client(port)).ask(asdu);
      const { iec104 } = (await red.next('commands')) as { iec104: { quality: Message; weak: boolean } };
      assert.deepEqual([iec104.quality.invalid, iec104.weak], [invalid, weak]);
    });

  it('PROTOCOL 16: a test under IT = 2 is weak, under IT = 0 it is not', async () => {
    for (const [parameters, weak] of [
      ['', false],
      ['IT=2', true],
    ] as const) {
      await begin(parameters);
      (await red.client(port)).ask('0b 01 94 05 01 00 65 00 00 9c ff 00');
      const { iec104 } = (await red.next('commands')) as { iec104: Message };
      assert.deepEqual([iec104.test, iec104.weak], [true, weak]);
      await red.clear();
    }
  });

  it('parameter NF: the status octet of what comes in is not looked at', async () => {
    await begin('NF=True');
    (await red.client(port)).ask('0f 01 25 05 01 00 66 00 00 07 00 00 00 e5');
    const { iec104 } = (await red.next('commands')) as { iec104: { quality: Message } & Message };
    assert.deepEqual([iec104.status, iec104.quality.invalid, iec104.weak, iec104.sequence], [0, false, false, 0]);
  });

  it('each object of an ASDU is a message of its own', async () => {
    await begin();
    (await red.client(port)).ask(
      '0b 81 14 05 01 00 65 00 00 01 00 00',
      '1f 02 03 05 01 00 64 00 00 01 00 00 00 10 38 0b 19 63 00 00 02 00 00 00 10 38 0b 19',
    );
    assert.deepEqual([(await red.next('commands')).payload, (await red.next('commands')).payload], [1, 1]);
    await red.until(() => red.warnings('line').length > 0, 'the warning');
    assert.match(red.warnings('line')[0] ?? '', /unknown object addresses of Substation: 99/);
  });

  it('STWATCH at line-status interrogates the partner', async () => {
    await begin('OIC=2;OCIC=1', lineStatus({ wires: [[]] }));
    const client = await red.client(port);
    const both = ['65 01 06 09 01 00 00 00 00 05', '64 01 06 09 01 00 00 00 00 14'];
    await client.expect(...both);
    red.inject('status', { payload: 'STWATCH Substation' });
    await client.expect(...both);
  });

  it('STWATCH without a partner is an error', async () => {
    await begin('OIC=1', lineStatus({ wires: [[]] }));
    red.inject('status', { payload: 'STWATCH Substation' });
    const { error } = (await red.next('caught')) as { error: { message: string } };
    assert.match(error.message, /station Substation has no partner/);
  });

  it('a station that is not balanced has no such points: each is named', async () => {
    port = await freePort();
    await red.deploy([tab, line(port), station(points)]);
    const errors = red.errors('station');
    assert.equal(errors.length, 5);
    assert.match(errors[0] ?? '', /object address 1: direction out of C_SC_NA_1 needs a balanced station/);
    assert.match(errors[2] ?? '', /object address 100: direction in of M_DP_TB_1 needs a balanced station/);
  });

  it('syncPeriod is handed on to the station, whose clock goes out as often', async () => {
    port = await freePort();
    await red.deploy([tab, line(port), station(points, { balanced: true, syncPeriod: '60' })]);
    assert.equal((red.node('station') as ServerStationNode).host?.station.syncPeriod, 60);
  });
});
