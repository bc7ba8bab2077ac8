import assert from 'node:assert/strict';
import type { PointInput } from '../../lib/station/points.js';
import { freePort, line, serverOut, station, tab } from './flow.js';
import { type Message, red, withNodeRed } from './runtime.js';
import { interrogate, interrogateCounters } from './wire.js';

/** 2025-11-24 16:00:00.000 UTC, a Monday; and as CP56Time2a: minute 0, hour 16, day 24 with weekday 1, November, 25. */
const MOMENT = 1_764_000_000_000;
const TAG = '00 00 00 10 38 0b 19';

/** Header of one object of common address 1, by type, cause and object address. */
const one = (type: string, cause: string, ioa: string) => `${type} 01 ${cause} 00 01 00 ${ioa} 00 00`;

interface Write {
  readonly point: PointInput;
  readonly message: Message;
  /** Properties of the `iec104-server-out`. */
  readonly node?: Readonly<Record<string, unknown>>;
}

/**
 * Writes with no client there, then interrogates: what was written before any client was seen goes to the first one,
 * ahead of the values.
 */
async function written(
  { point, message, node }: Write,
  ask = interrogate,
): Promise<{ events: string[]; value: string | undefined }> {
  const port = await freePort();
  await red.deploy([tab, line(port), station([point]), serverOut(node)]);
  red.inject('out', message);
  assert.deepEqual(red.allErrors, []);
  const asdus = await ask(await red.client(port));
  return { events: asdus.slice(0, -1), value: asdus.at(-1) };
}

async function becomes(write: Write, value: string): Promise<void> {
  assert.equal((await written(write)).value, value);
}

async function event(write: Write, expected: string): Promise<void> {
  assert.deepEqual((await written(write)).events, [expected]);
}

describe('iec104-server-out', () => {
  withNodeRed();

  const breaker = { ioa: 100, tag: 'Q0.position', type: 'M_SP_TB_1' };
  const on = `${one('01', '14', '64')} 01`;

  describe('addresses one value', () => {
    const ways: readonly [string, Message, Readonly<Record<string, unknown>>?][] = [
      ["by the node's address", { payload: true }, { ioa: '100' }],
      ["by the node's hexadecimal address", { payload: true }, { ioa: '#64' }],
      ["by the node's address as a number", { payload: true }, { ioa: 100 }],
      ['by msg.ioa, a number', { payload: true, ioa: 100 }],
      ['by msg.ioa, decimal text', { payload: true, ioa: '100' }],
      ['by msg.ioa, hexadecimal text', { payload: true, ioa: '#64' }],
      ['by msg.topic, a tag', { payload: true, topic: 'Q0.position' }],
      ['by msg.topic, common address and object address', { payload: true, topic: '1/100' }],
      ['by msg.topic, with a hexadecimal object address', { payload: true, topic: '1/#64' }],
      ['by the node before the message', { payload: true, ioa: 7, topic: 'other' }, { ioa: '100' }],
      ['by msg.ioa before msg.topic', { payload: true, ioa: 100, topic: 'other' }],
      ['by msg.topic where msg.ioa is empty', { payload: true, ioa: '', topic: 'Q0.position' }],
    ];
    for (const [name, message, node] of ways)
      it(name, () => becomes({ point: breaker, message, ...(node && { node }) }, on));

    it('takes a tag that looks like an address for the tag', () =>
      becomes(
        { point: { ioa: 100, tag: '1/200', type: 'M_SP_TB_1' }, message: { payload: true, topic: '1/200' } },
        on,
      ));

    it('object address 0 is one like any other', () =>
      becomes(
        { point: { ioa: 0, type: 'M_SP_NA_1' }, message: { payload: true, ioa: 0 } },
        `${one('01', '14', '00')} 01`,
      ));
  });

  it('writes many values of an array, by address or tag', async () => {
    const port = await freePort();
    const points = [
      breaker,
      { ioa: 101, tag: 'U', type: 'M_ME_NB_1' },
      { ioa: '#66', tag: 'I', type: 'M_ME_NB_1' },
      { ioa: 103, type: 'M_ME_NB_1' },
    ];
    await red.deploy([tab, line(port), station(points), serverOut({ ioa: '100' })]);
    red.inject('out', {
      payload: [
        { ioa: 101, value: 1, quality: { blocked: true } },
        { tag: 'I', value: -1, status: 1 },
        { ioa: '#67', value: 3 },
        { tag: 'Q0.position', value: 1, timestamp: MOMENT },
      ],
    });
    assert.deepEqual(red.allErrors, []);
    const client = await red.client(port);
    const asdus = await interrogate(client);
    assert.equal(asdus.length, 4 + 2, 'an event for each, and two ASDUs of values');
    assert.equal(asdus[3], `${one('1e', '03', '64')} 01 ${TAG}`);
    assert.deepEqual(asdus.slice(-2), [on, '0b 03 14 00 01 00 65 00 00 01 00 10 66 00 00 ff ff 01 67 00 00 03 00 00']);
  });

  describe('takes the values of each information element', () => {
    const point = (type: string): PointInput => ({ ioa: 100, type });
    const values: readonly [type: string, payload: unknown, asType: string, octets: string][] = [
      ['M_SP_TB_1', true, '01', '01'],
      ['M_SP_TB_1', false, '01', '00'],
      ['M_SP_NA_1', 1, '01', '01'],
      ['M_SP_NA_1', 0, '01', '00'],
      ['M_DP_TB_1', true, '03', '02'],
      ['M_DP_TB_1', false, '03', '01'],
      ['M_DP_NA_1', 0, '03', '00'],
      ['M_DP_NA_1', 3, '03', '03'],
      ['M_ST_TB_1', -64, '05', '40 00'],
      ['M_ST_NA_1', -1, '05', '7f 00'],
      ['M_ST_NA_1', 63, '05', '3f 00'],
      ['M_BO_TB_1', 4294967295, '07', 'ff ff ff ff 00'],
      ['M_BO_NA_1', 1, '07', '01 00 00 00 00'],
      ['M_ME_TD_1', 0.5, '09', '00 40 00'],
      ['M_ME_NA_1', 1, '09', 'ff 7f 00'],
      ['M_ME_NA_1', -1, '09', '00 80 00'],
      ['M_ME_NA_1', 1.5, '09', 'ff 7f 01'],
      ['M_ME_NA_1', -2, '09', '00 80 01'],
      ['M_ME_TE_1', -32768, '0b', '00 80 00'],
      ['M_ME_NB_1', 40000, '0b', 'ff 7f 01'],
      ['M_ME_NB_1', -40000, '0b', '00 80 01'],
      ['M_ME_TF_1', 1.5, '0d', '00 00 c0 3f 00'],
      ['M_ME_NC_1', 1e39, '0d', 'ff ff 7f 7f 01'],
      ['M_ME_NC_1', -1e39, '0d', 'ff ff 7f ff 01'],
      ['M_PS_NA_1', 0x0003_0001, '14', '01 00 03 00 00'],
      ['M_ME_ND_1', 0.25, '15', '00 20'],
      ['M_ME_ND_1', 2, '15', 'ff 7f'],
      ['M_ME_XB_1', 1.5, 'f1', '00 00 00 00 00 00 f8 3f 00'],
      ['M_ME_XA_1', 1e300, 'f1', '9c 75 00 88 3c e4 37 7e 00'],
    ];
    for (const [type, payload, asType, octets] of values)
      it(`${type} ${payload}`, () =>
        becomes({ point: point(type), message: { payload, ioa: 100 } }, `${one(asType, '14', '64')} ${octets}`));

    // Protection equipment has events and no state: an interrogation shows none.
    const protection: readonly [type: string, payload: object, octets: string][] = [
      ['M_EP_TD_1', { event: 2, elapsedMs: 258 }, '26 01 03 00 01 00 64 00 00 02 02 01'],
      ['M_EP_TE_1', { start: { general: true, l2: true }, durationMs: 1 }, '27 01 03 00 01 00 64 00 00 05 00 01 00'],
      ['M_EP_TF_1', { output: { l3: true }, operatingMs: 65535 }, '28 01 03 00 01 00 64 00 00 08 00 ff ff'],
    ];
    for (const [type, payload, octets] of protection)
      it(`${type} ${JSON.stringify(payload)}`, async () => {
        const write = { point: point(type), message: { payload, ioa: 100, timestamp: MOMENT } };
        const { events, value } = await written(write);
        assert.deepEqual([...events, value], [`${octets} ${TAG}`]);
      });
  });

  describe('takes what stands beside the value', () => {
    const step = { ioa: 100, type: 'M_ST_NA_1' };
    const measured = { ioa: 100, type: 'M_ME_NB_1' };
    const normalized = { ioa: 100, type: 'M_ME_NA_1' };
    const flags: readonly [string, string, string][] = [
      ['invalid', '81', '80'],
      ['notTopical', '41', '40'],
      ['substituted', '21', '20'],
      ['blocked', '11', '10'],
      // A single point has no such bit.
      ['overflow', '01', '01'],
    ];
    for (const [flag, siq, qds] of flags)
      it(`quality ${flag}`, async () => {
        const quality = { [flag]: true };
        await becomes(
          { point: breaker, message: { payload: true, ioa: 100, quality } },
          `${one('01', '14', '64')} ${siq}`,
        );
        await red.clear();
        await becomes(
          { point: measured, message: { payload: 1, ioa: 100, quality } },
          `${one('0b', '14', '64')} 01 00 ${qds}`,
        );
      });

    it('all flags of quality, missing ones false', () =>
      becomes(
        {
          point: measured,
          message: { payload: 1, ioa: 100, quality: { invalid: true, overflow: true, blocked: false } },
        },
        `${one('0b', '14', '64')} 01 00 81`,
      ));

    it('the raw status octet, which overrides quality', () =>
      becomes(
        { point: measured, message: { payload: 1, ioa: 100, status: 0x0e, quality: { invalid: true } } },
        `${one('0b', '14', '64')} 01 00 0e`,
      ));

    it('the raw status octet of a single point, whose value is in it', () =>
      becomes({ point: breaker, message: { payload: true, ioa: 100, status: 0x30 } }, `${one('01', '14', '64')} 31`));

    it('raw, in preference to the value', () =>
      becomes(
        { point: normalized, message: { payload: 0.5, raw: 12345, ioa: 100 } },
        `${one('09', '14', '64')} 39 30 00`,
      ));

    it('transient', () =>
      becomes({ point: step, message: { payload: -1, transient: true, ioa: 100 } }, `${one('05', '14', '64')} ff 00`));

    it('sequence, carry and adjusted of a counter', async () => {
      const message = { payload: -1, sequence: 5, carry: true, adjusted: true, quality: { invalid: false }, ioa: 100 };
      const { value } = await written({ point: { ioa: 100, type: 'M_IT_NA_1' }, message }, interrogateCounters);
      assert.equal(value, `${one('0f', '25', '64')} ff ff ff ff 65`);
    });

    it('invalid of a counter', async () => {
      const message = { payload: 1, quality: { invalid: true, notTopical: true }, ioa: 100 };
      const { value } = await written({ point: { ioa: 100, type: 'M_IT_NA_1' }, message }, interrogateCounters);
      assert.equal(value, `${one('0f', '25', '64')} 01 00 00 00 80`);
    });

    it('timestamp', () =>
      event(
        { point: breaker, message: { payload: true, ioa: 100, timestamp: MOMENT } },
        `${one('1e', '03', '64')} 01 ${TAG}`,
      ));

    it('timestamp of a three-octet time tag', () =>
      event(
        { point: { ioa: 100, type: 'M_SP_TA_1' }, message: { payload: true, ioa: 100, timestamp: MOMENT + 61_002 } },
        `${one('02', '03', '64')} 01 ea 03 01`,
      ));

    it('timeInvalid', () =>
      event(
        { point: breaker, message: { payload: true, ioa: 100, timestamp: MOMENT, timeInvalid: true } },
        `${one('1e', '03', '64')} 01 00 00 80 10 38 0b 19`,
      ));

    it('now as the time where none is given', async () => {
      const before = Date.now();
      const { events } = await written({ point: breaker, message: { payload: true, ioa: 100 } });
      const after = Date.now();
      const octets = Buffer.from((events[0] ?? '').slice(-20).replaceAll(' ', ''), 'hex');
      const time = Date.UTC(
        2000 + (octets[6] as number),
        (octets[5] as number) - 1,
        (octets[4] as number) % 32,
        octets[3],
        octets[2],
        0,
        octets.readUInt16LE(0),
      );
      assert.ok(time >= before && time <= after, `${before} <= ${time} <= ${after}`);
    });

    for (const [cause, octet] of [
      ['spontaneous', '03'],
      ['remote', '0b'],
      ['local', '0c'],
      ['periodic', '01'],
    ] as const)
      it(`cause ${cause}`, () =>
        event(
          { point: breaker, message: { payload: true, ioa: 100, cause, timestamp: MOMENT } },
          `${one('1e', octet, '64')} 01 ${TAG}`,
        ));
  });

  describe('as a gateway, wired to what a client node received', () => {
    const iec104 = {
      type: 'M_SP_TB_1',
      typeId: 30,
      cause: 'interrogation',
      commonAddress: 7,
      ioa: 4711,
      quality: { invalid: true, notTopical: false, substituted: true, blocked: false, overflow: false },
      status: 0xa1,
      timestamp: MOMENT,
      timeInvalid: true,
    };
    const message = { topic: '7/4711', payload: true, iec104 };
    const node = { ioa: '100' };

    it('takes quality and time of msg.iec104', async () => {
      const { events, value } = await written({ point: breaker, message, node });
      assert.deepEqual(events, [`${one('1e', '03', '64')} a1 00 00 80 10 38 0b 19`]);
      assert.equal(value, `${one('01', '14', '64')} a1`);
    });

    it('but not where msg.quality or msg.timestamp is there', async () => {
      const own = { ...message, quality: { blocked: true }, timestamp: MOMENT + 1 };
      const { events } = await written({ point: breaker, message: own, node });
      assert.deepEqual(events, [`${one('1e', '03', '64')} 11 01 00 00 10 38 0b 19`]);
    });

    it('takes the payload, and not the raw value that it came from', () =>
      becomes(
        { point: { ioa: 100, type: 'M_ME_NA_1' }, message: { payload: 0.5, iec104: { ...iec104, raw: 1 } }, node },
        `${one('09', '14', '64')} 00 40 a0`,
      ));

    it('passes on what belongs to a step position and to a counter', async () => {
      const step = { payload: 1, iec104: { quality: {}, transient: true } };
      await becomes({ point: { ioa: 100, type: 'M_ST_NA_1' }, message: step, node }, `${one('05', '14', '64')} 81 00`);
      await red.clear();
      const counter = { payload: 1, iec104: { quality: {}, sequence: 3, carry: true, adjusted: false } };
      const write = { point: { ioa: 100, type: 'M_IT_NA_1' }, message: counter, node };
      assert.equal((await written(write, interrogateCounters)).value, `${one('0f', '25', '64')} 01 00 00 00 23`);
    });
  });
});
