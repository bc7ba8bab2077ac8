import assert from 'node:assert/strict';
import { Journal, type JournalEvent } from '../../lib/station/journal.js';
import type { Point, PointInput } from '../../lib/station/points.js';
import { compilePoints } from '../../lib/station/points.js';
import { Station, type WriteInput } from '../../lib/station/station.js';

const NOW = Date.UTC(2026, 1, 3, 4, 5, 6, 789);

/** A station with one point and its journal. */
class Written {
  readonly station: Station;
  readonly journal = new Journal(1000);
  woken = 0;

  constructor(point: Partial<PointInput> & Pick<PointInput, 'type'>) {
    const { table, problems } = compilePoints([{ point: { ioa: 7, ...point }, place: 'point 1' }]);
    assert.deepEqual(problems, []);
    this.station = new Station({ name: 'Q', commonAddress: 1, points: table });
    this.station.attach(this.journal, () => this.woken++);
  }

  write(input: WriteInput, now = NOW): this {
    this.station.write({ ioa: 7, ...input }, now);
    return this;
  }

  get events(): JournalEvent[] {
    return this.journal.classes.flatMap((journal) =>
      Array.from({ length: journal.end - journal.first }, (_, i) => {
        const event = {} as JournalEvent;
        journal.read(journal.first + i, event);
        return event;
      }),
    );
  }

  get sample(): [number, number, number] {
    const { image } = this.station;
    return [image.value[0] as number, image.status[0] as number, image.extra[0] as number];
  }

  refuses(input: WriteInput): string {
    const before = [this.sample, this.events.length];
    let message = '';
    assert.throws(
      () => this.write(input),
      (error: Error) => {
        message = error.message;
        return error.name === 'TelecontrolError';
      },
    );
    assert.deepEqual([this.sample, this.events.length], before, 'nothing has changed');
    return message;
  }
}

describe('a value that is written', () => {
  const accepted: readonly (readonly [string, WriteInput, number, number, number?])[] = [
    ['M_SP_NA_1', { value: true }, 1, 0],
    ['M_SP_NA_1', { value: false }, 0, 0],
    ['M_SP_NA_1', { value: 1 }, 1, 0],
    ['M_SP_NA_1', { value: 0 }, 0, 0],
    ['M_DP_NA_1', { value: true }, 2, 0],
    ['M_DP_NA_1', { value: false }, 1, 0],
    ['M_DP_NA_1', { value: 3 }, 3, 0],
    ['M_DP_NA_1', { value: 0 }, 0, 0],
    ['M_ST_NA_1', { value: -64 }, -64, 0],
    ['M_ST_NA_1', { value: 63, transient: true }, 63, 0, 1],
    ['M_BO_NA_1', { value: 4294967295 }, 4294967295, 0],
    ['M_ME_NA_1', { value: 1 }, 32767 / 32768, 0],
    ['M_ME_NA_1', { value: -1 }, -1, 0],
    ['M_ME_NA_1', { value: 0.5 }, 0.5, 0],
    ['M_ME_NA_1', { value: 1.0001 }, 32767 / 32768, 1],
    ['M_ME_NA_1', { value: -1.0001 }, -1, 1],
    ['M_ME_NA_1', { raw: 32767 }, 32767 / 32768, 0],
    ['M_ME_NA_1', { raw: -32768 }, -1, 0],
    ['M_ME_NA_1', { raw: 16384, value: 'ignored' }, 0.5, 0],
    ['M_ME_NA_1', { raw: 32768 }, 32767 / 32768, 1],
    ['M_ME_NB_1', { value: 32767 }, 32767, 0],
    ['M_ME_NB_1', { value: 32768 }, 32767, 1],
    ['M_ME_NB_1', { value: -40000 }, -32768, 1],
    ['M_ME_NC_1', { value: 3.4028234663852886e38 }, 3.4028234663852886e38, 0],
    ['M_ME_NC_1', { value: 1e39 }, 3.4028234663852886e38, 1],
    ['M_ME_NC_1', { value: -1e39 }, -3.4028234663852886e38, 1],
    ['M_ME_XA_1', { value: 1e300 }, 1e300, 0],
    // Type 21 has no quality to mark an overflow in.
    ['M_ME_ND_1', { value: 2 }, 32767 / 32768, 0],
    ['M_IT_NA_1', { value: -2147483648 }, -2147483648, 0],
    ['M_IT_NA_1', { value: 5, sequence: 31, carry: true, adjusted: true }, 5, 0x7f],
    ['M_IT_NA_1', { value: 5, sequence: 1, quality: { invalid: true, notTopical: true } }, 5, 0x81],
    ['M_IT_NA_1', { value: 5, sequence: 31, carry: true, status: 0x85 }, 5, 0x85],
    ['M_SP_NA_1', { value: true, quality: { invalid: true, blocked: true } }, 1, 0x90],
    ['M_SP_NA_1', { value: true, quality: { notTopical: true, substituted: true, overflow: true } }, 1, 0x60],
    ['M_ME_NC_1', { value: 1, quality: { overflow: true } }, 1, 0x01],
    ['M_ME_NC_1', { value: 1, quality: {} }, 1, 0],
    ['M_ME_NC_1', { value: 1, quality: { invalid: true }, status: 0x20 }, 1, 0x20],
    ['M_ME_NC_1', { value: 1, status: 0x0e }, 1, 0x0e],
    // Bits of the status octet that are the value come from the value.
    ['M_SP_NA_1', { value: false, status: 0xff }, 0, 0xfe],
    ['M_DP_NA_1', { value: 2, status: 0x01 }, 2, 0],
    ['M_EP_TD_1', { value: { event: 2, elapsedMs: 65535 } }, 2, 0, 65535],
    ['M_EP_TE_1', { value: { start: { general: true, l3: true }, durationMs: 5 } }, 0x09, 0, 5],
    ['M_EP_TF_1', { value: { output: { l1: true } } }, 0x02, 0, 0],
  ];
  for (const [type, input, value, status, extra = 0] of accepted)
    it(`${type} ${JSON.stringify(input)} is ${value}, status ${status}`, () => {
      const written = new Written({ type }).write(input);
      assert.deepEqual(written.sample, [value, status, extra]);
      assert.equal(written.events.length, 1);
    });

  const refused: readonly (readonly [string, WriteInput, string])[] = [
    ['M_SP_NA_1', { value: 2 }, '2 is not a value of M_SP_NA_1: true, false, 1 or 0'],
    ['M_SP_NA_1', { value: 'true' }, '"true" is not a value of M_SP_NA_1: true, false, 1 or 0'],
    ['M_SP_NA_1', { value: '1' }, '"1" is not a value of M_SP_NA_1: true, false, 1 or 0'],
    ['M_SP_NA_1', { value: null }, 'null is not a value of M_SP_NA_1: true, false, 1 or 0'],
    ['M_SP_NA_1', {}, 'undefined is not a value of M_SP_NA_1: true, false, 1 or 0'],
    ['M_DP_NA_1', { value: 4 }, '4 is not a value of M_DP_NA_1: 0..3, true (2, on) or false (1, off)'],
    ['M_DP_NA_1', { value: 1.5 }, '1.5 is not a value of M_DP_NA_1: 0..3, true (2, on) or false (1, off)'],
    ['M_ST_NA_1', { value: 64 }, '64 is not a value of M_ST_NA_1: a whole number -64..63'],
    ['M_ST_NA_1', { value: true }, 'true is not a value of M_ST_NA_1: a whole number -64..63'],
    ['M_BO_NA_1', { value: -1 }, '-1 is not a value of M_BO_NA_1: a whole number 0..4294967295'],
    ['M_BO_NA_1', { value: 4294967296 }, '4294967296 is not a value of M_BO_NA_1: a whole number 0..4294967295'],
    ['M_ME_NA_1', { value: Number.NaN }, 'NaN is not a value of M_ME_NA_1: a number -1..1'],
    ['M_ME_NA_1', { value: Infinity }, 'Infinity is not a value of M_ME_NA_1: a number -1..1'],
    ['M_ME_NA_1', { raw: 1.5 }, '1.5 is not a value of M_ME_NA_1: a number -1..1'],
    ['M_ME_NB_1', { value: 1.5 }, '1.5 is not a value of M_ME_NB_1: a whole number -32768..32767'],
    ['M_ME_NB_1', { value: Number.NaN }, 'NaN is not a value of M_ME_NB_1: a whole number -32768..32767'],
    ['M_ME_NB_1', { value: -Infinity }, '-Infinity is not a value of M_ME_NB_1: a whole number -32768..32767'],
    ['M_ME_NC_1', { value: '1.5' }, '"1.5" is not a value of M_ME_NC_1: a finite number -3.4028235e38..3.4028235e38'],
    [
      'M_ME_NC_1',
      { value: Number.NaN },
      'NaN is not a value of M_ME_NC_1: a finite number -3.4028235e38..3.4028235e38',
    ],
    [
      'M_ME_NC_1',
      { value: -Infinity },
      '-Infinity is not a value of M_ME_NC_1: a finite number -3.4028235e38..3.4028235e38',
    ],
    ['M_ME_NC_1', { value: [1] }, 'an array is not a value of M_ME_NC_1: a finite number -3.4028235e38..3.4028235e38'],
    ['M_ME_NC_1', { value: true }, 'true is not a value of M_ME_NC_1: a finite number -3.4028235e38..3.4028235e38'],
    ['M_ME_XA_1', { value: Infinity }, 'Infinity is not a value of M_ME_XA_1: a finite number'],
    [
      'M_IT_NA_1',
      { value: 2147483648 },
      '2147483648 is not a value of M_IT_NA_1: a whole number -2147483648..2147483647',
    ],
    ['M_IT_NA_1', { value: 1, sequence: 32 }, 'sequence 32 is not 0..31'],
    ['M_ME_NC_1', { value: 1, status: 256 }, 'status 256 is not an octet, 0..255'],
    ['M_ME_NC_1', { value: 1, status: 1.5 }, 'status 1.5 is not an octet, 0..255'],
    ['M_ME_NC_1', { value: 1, quality: 5 as never }, 'quality 5 is not an object of flags'],
    ['M_ME_NC_1', { value: 1, timestamp: Number.NaN }, 'timestamp NaN is not ms since 1970 up to 2069'],
    ['M_ME_NC_1', { value: 1, timestamp: -1 }, 'timestamp -1 is not ms since 1970 up to 2069'],
    [
      'M_ME_NC_1',
      { value: 1, timestamp: Date.UTC(2070, 0, 1) },
      'timestamp 3155760000000 is not ms since 1970 up to 2069',
    ],
    ['M_ME_NC_1', { value: 1, timestamp: '5' as never }, 'timestamp 5 is not ms since 1970 up to 2069'],
    ['M_ME_NC_1', { value: 1, cause: 'cyclic' as never }, 'cause cyclic is not spontaneous, remote, local or periodic'],
  ];
  for (const [type, input, why] of refused)
    it(`an error names the point and what is allowed: ${why}`, () => {
      assert.equal(new Written({ type }).refuses(input), `Q, object address 7: ${why}`);
      assert.equal(new Written({ type, tag: 'U' }).refuses(input), `Q, object address 7 (U): ${why}`);
    });

  it('a point is named by address or tag; an unknown one is an error that names it', () => {
    const written = new Written({ type: 'M_SP_NA_1', tag: 'Q0' });
    written.station.write({ tag: 'Q0', value: true }, NOW);
    written.station.write({ ioa: '#7', value: false }, NOW);
    assert.equal(written.events.length, 2);
    assert.throws(() => written.station.write({ ioa: 8, value: true }, NOW), {
      code: 'point',
      message: 'station Q has no point to send with object address 8',
    });
    assert.throws(() => written.station.write({ tag: 'Q1', value: true }, NOW), {
      code: 'point',
      message: 'station Q has no point to send with tag "Q1"',
    });
    assert.throws(() => written.station.write({ value: true }, NOW), { code: 'point' });
  });
});

describe('what is an event', () => {
  const values = (written: Written): number[] => written.events.map(({ value }) => value);

  it('before its first write a point is 0, invalid and not topical, as far as its type can say so', () => {
    for (const [type, status] of [
      ['M_SP_TB_1', 0xc0],
      ['M_DP_NA_1', 0xc0],
      ['M_ME_NC_1', 0xc0],
      ['M_IT_NA_1', 0x80],
      ['M_ME_ND_1', 0],
    ] as const)
      assert.deepEqual(new Written({ type }).sample, [0, status, 0], type);
  });

  it('the first write, always', () => {
    const written = new Written({ type: 'M_ME_NC_1', deadband: 10 });
    written.write({ value: 0, quality: { invalid: true, notTopical: true } });
    assert.deepEqual(values(written), [0]);
    assert.equal(written.woken, 1);
  });

  it('another value or quality, but not the same at another time', () => {
    const written = new Written({ type: 'M_ME_NC_1' }).write({ value: 1 });
    written.write({ value: 1 }, NOW + 1000);
    assert.equal(written.events.length, 1);
    assert.equal(written.woken, 1);
    written.write({ value: 1, quality: { substituted: true } }, NOW + 2000);
    written.write({ value: 2, quality: { substituted: true } }, NOW + 3000);
    assert.deepEqual(
      written.events.map(({ value, status, time }) => [value, status, time]),
      [
        [1, 0, NOW],
        [1, 0x20, NOW + 2000],
        [2, 0x20, NOW + 3000],
      ],
    );
  });

  it('the same at another given timestamp, but not at the same one', () => {
    const written = new Written({ type: 'M_ME_TF_1' }).write({ value: 1, timestamp: 5 });
    written.write({ value: 1, timestamp: 5 });
    written.write({ value: 1, timestamp: 6 });
    written.write({ value: 1, timestamp: 6, timeInvalid: true });
    written.write({ value: 1 });
    assert.deepEqual(
      written.events.map(({ time, timeInvalid }) => [time, timeInvalid]),
      [
        [5, false],
        [6, false],
        [6, true],
      ],
    );
  });

  it('a transient state, a sequence number', () => {
    const step = new Written({ type: 'M_ST_NA_1' }).write({ value: 1 }).write({ value: 1, transient: true });
    assert.equal(step.events.length, 2);
    const counter = new Written({ type: 'M_IT_NA_1' }).write({ value: 1 }).write({ value: 1, sequence: 1 });
    assert.equal(counter.events.length, 2);
  });

  it('no status octet of a type that has none', () => {
    const written = new Written({ type: 'M_ME_ND_1' }).write({ value: 0.5, status: 0xff });
    written.write({ value: 0.5, status: 0x80 }).write({ value: 0.5, quality: { invalid: true } });
    assert.equal(written.events.length, 1);
  });

  it('a value beyond the deadband, measured from the last event', () => {
    const written = new Written({ type: 'M_ME_NC_1', deadband: 1 });
    for (const value of [10, 10.5, 11, 11.125, 10.25, 10.125, 10, 12]) written.write({ value });
    assert.deepEqual(values(written), [10, 11.125, 10, 12]);
  });

  it('within the deadband the image follows all the same, and quality is an event', () => {
    const written = new Written({ type: 'M_ME_NC_1', deadband: 1 }).write({ value: 10 }).write({ value: 10.5 });
    assert.equal(written.sample[0], 10.5);
    assert.equal(written.events.length, 1);
    written.write({ value: 10.625, quality: { overflow: true } });
    assert.deepEqual(values(written), [10, 10.625]);
  });

  it('an event is what was written then, whatever comes after', () => {
    const written = new Written({ type: 'M_SP_NA_1' });
    for (let i = 0; i < 5; i++) written.write({ value: i % 2 === 0 }, NOW + i);
    assert.deepEqual(
      written.events.map(({ value, time }) => [value, time]),
      [0, 1, 2, 3, 4].map((i) => [(i + 1) % 2, NOW + i]),
    );
  });

  it('bears the cause that was given', () => {
    const written = new Written({ type: 'M_SP_NA_1' });
    for (const [i, cause] of (['spontaneous', 'remote', 'local', 'periodic', undefined] as const).entries())
      written.write({ value: i % 2 === 0, cause });
    assert.deepEqual(
      written.events.map(({ cause }) => cause),
      [3, 11, 12, 1, 3],
    );
  });

  it('a station that is on no line keeps its image and has no events', () => {
    const written = new Written({ type: 'M_SP_NA_1' });
    written.station.detach();
    written.write({ value: true });
    assert.deepEqual(written.sample, [1, 0, 0]);
    assert.equal(written.events.length, 0);
    const [point] = written.station.points.out as [Point];
    assert.ok(written.station.image.written(point.index));
  });
});
