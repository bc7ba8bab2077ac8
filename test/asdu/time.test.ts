import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  cp56,
  fixedZone,
  instant,
  summerTime,
  TimeTagger,
  type TimeZone,
  timeInvalid,
  utc,
} from '../../lib/asdu/time.js';
import { hex } from './vectors.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FIRST = Date.UTC(1970, 0, 1);
const LAST = Date.UTC(2070, 0, 1) - 1;
const instants = fc.integer({ min: FIRST, max: LAST });

/** A zone as the operating system knows it. Summer time is what lies further east than the zone does in winter. */
function zoneOf(name: string, winter: number): TimeZone {
  const format = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' });
  const known = new Map<number, { minutes: number; summer: boolean }>();
  return {
    offset(ms) {
      // Offsets change on quarters of an hour only, since 1980 at least.
      const quarter = Math.floor(ms / (15 * MINUTE));
      let offset = known.get(quarter);
      if (offset === undefined) {
        const text = format.formatToParts(quarter * 15 * MINUTE).find((part) => part.type === 'timeZoneName')?.value;
        const [, sign, hours = '0', minutes = '0'] = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(text ?? '') ?? [];
        const east = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
        offset = { minutes: east, summer: east !== winter };
        known.set(quarter, offset);
      }
      return offset;
    },
  };
}

const berlin = zoneOf('Europe/Berlin', 60);
const auckland = zoneOf('Pacific/Auckland', 720);
const newYork = zoneOf('America/New_York', -300);

/** The tag's octets, put together from a Date whose UTC fields are the local time. */
function expected(local: Date, summer: boolean, invalid: boolean): Uint8Array {
  const ms = local.getUTCSeconds() * 1000 + local.getUTCMilliseconds();
  const weekday = local.getUTCDay() === 0 ? 7 : local.getUTCDay();
  return Uint8Array.of(
    ms & 0xff,
    ms >> 8,
    local.getUTCMinutes() | (invalid ? 0x80 : 0),
    local.getUTCHours() | (summer ? 0x80 : 0),
    local.getUTCDate() | (weekday << 5),
    local.getUTCMonth() + 1,
    local.getUTCFullYear() % 100,
  );
}

describe('CP56Time2a', () => {
  it('is what Date says, in UTC', () =>
    fc.assert(
      fc.property(instants, fc.boolean(), (ms, invalid) => {
        const tag = cp56(ms, invalid);
        assert.deepEqual(tag, expected(new Date(ms), false, invalid));
        assert.equal(timeInvalid(tag), invalid);
        assert.equal(summerTime(tag), false);
        assert.equal(instant(tag, utc, 0), ms);
      }),
      { numRuns: 5000 },
    ));

  it('is what Date says on every day of the hundred years', () => {
    for (let ms = FIRST; ms <= LAST; ms += 24 * HOUR) {
      const tag = cp56(ms);
      assert.deepEqual(tag, expected(new Date(ms), false, false));
      assert.equal(instant(tag, utc, 0), ms);
    }
  });

  it('knows the leap days of 1972, 2000 and 2068', () => {
    for (const year of [1972, 2000, 2068]) {
      const ms = Date.UTC(year, 1, 29, 23, 59, 59, 999);
      const tag = cp56(ms);
      assert.deepEqual(
        [tag[4], tag[5]].map((octet) => (octet as number) & 0x1f),
        [29, 2],
      );
      assert.equal(instant(tag, utc, 0), ms);
      assert.equal(instant(cp56(ms + 1), utc, 0), ms + 1);
    }
  });

  it('is what Date says in fixed zones', () =>
    fc.assert(
      fc.property(instants, fc.integer({ min: -1439, max: 1439 }), (ms, minutes) => {
        // The tag has two digits of the year: local times outside of 1970..2069 name another century.
        fc.pre(ms + minutes * MINUTE >= FIRST && ms + minutes * MINUTE <= LAST);
        const zone = fixedZone(minutes);
        const tag = cp56(ms, false, zone);
        assert.deepEqual(tag, expected(new Date(ms + minutes * MINUTE), false, false));
        assert.equal(instant(tag, zone, 0), ms);
      }),
      { numRuns: 2000 },
    ));

  for (const [name, zone] of Object.entries({ berlin, auckland, newYork }))
    it(`goes to local time with summer time and back: ${name}`, () =>
      fc.assert(
        fc.property(fc.integer({ min: Date.UTC(1996, 0, 1), max: Date.UTC(2060, 0, 1) }), (ms) => {
          const { minutes, summer } = zone.offset(ms);
          const tag = cp56(ms, false, zone);
          assert.deepEqual(tag, expected(new Date(ms + minutes * MINUTE), summer, false));
          assert.equal(instant(tag, zone, 0), ms);
        }),
        { numRuns: 1000 },
      ));

  it('takes years 70 to 99 for the last century', () => {
    assert.equal(instant(hex('00 00 00 00 01 01 46'), utc, 0), 0);
    assert.equal(instant(hex('00 00 00 00 01 01 63'), utc, 0), Date.UTC(1999, 0, 1));
    assert.equal(instant(hex('00 00 00 00 01 01 45'), utc, 0), Date.UTC(2069, 0, 1));
  });

  it('does not look at the day of the week, IV, GEN or reserved bits', () => {
    const plain = Date.UTC(2024, 1, 29, 23, 59, 59, 999);
    for (const tag of ['5f ea 3b 17 1d 02 18', '5f ea 3b 17 3d 02 18', '5f ea fb 17 9d 02 18', '5f ea 3b 77 9d f2 98'])
      assert.equal(instant(hex(tag), utc, 0), plain, tag);
  });

  it('names no instant where a field is out of its range', () => {
    for (const [what, tag] of Object.entries({
      '60000 milliseconds': '60 ea 00 00 01 01 18',
      'minute 60': '00 00 3c 00 01 01 18',
      'hour 24': '00 00 00 18 01 01 18',
      'day 0': '00 00 00 00 00 01 18',
      'day 32, which is no day but 0 of the next bits': '00 00 00 00 20 01 18',
      'month 0': '00 00 00 00 01 00 18',
      'month 13': '00 00 00 00 01 0d 18',
      'year 100': '00 00 00 00 01 01 64',
      'the 30th of February': '00 00 00 00 1e 02 18',
      'the 29th of February of a common year': '00 00 00 00 1d 02 17',
      'the 31st of April': '00 00 00 00 1f 04 18',
      'all zeros': '00 00 00 00 00 00 00',
      'all ones': 'ff ff ff ff ff ff ff',
    }))
      assert.equal(instant(hex(tag), utc, 0), undefined, what);
  });
});

describe('summer time', () => {
  /** 2024-10-27: at 03:00 the clocks of Berlin go back to 02:00, at 01:00 UTC. */
  const back = Date.UTC(2024, 9, 27, 1);
  /** 2024-03-31: at 02:00 they go forward to 03:00, at 01:00 UTC. */
  const forward = Date.UTC(2024, 2, 31, 1);

  it('tells the doubled hour apart by SU', () => {
    const first = back - 30 * MINUTE;
    const second = back + 30 * MINUTE;
    assert.deepEqual(cp56(first, false, berlin), hex('00 00 1e 82 fb 0a 18'));
    assert.deepEqual(cp56(second, false, berlin), hex('00 00 1e 02 fb 0a 18'));
    assert.equal(instant(hex('00 00 1e 82 fb 0a 18'), berlin, 0), first);
    assert.equal(instant(hex('00 00 1e 02 fb 0a 18'), berlin, 0), second);
  });

  for (const [name, zone, changes] of [
    ['Berlin', berlin, [back, forward]],
    // Far east of Greenwich the day of the change has hardly begun in UTC.
    ['Auckland', auckland, [Date.UTC(2024, 3, 6, 14), Date.UTC(2024, 8, 28, 14)]],
    ['New York', newYork, [Date.UTC(2024, 10, 3, 6), Date.UTC(2024, 2, 10, 7)]],
  ] as const)
    it(`goes there and back in every minute around the changes of ${name}`, () => {
      for (const change of changes) {
        assert.notEqual(zone.offset(change - 1).minutes, zone.offset(change).minutes, 'the clocks change here');
        for (let ms = change - 26 * HOUR; ms < change + 26 * HOUR; ms += MINUTE)
          assert.equal(instant(cp56(ms, false, zone), zone, 0), ms, new Date(ms).toISOString());
      }
    });

  it('reads the missing hour by SU: a clock that was not set forward yet, or one that was too early', () => {
    assert.equal(instant(hex('00 00 1e 02 ff 03 18'), berlin, 0), forward + 30 * MINUTE);
    assert.equal(instant(hex('00 00 1e 82 ff 03 18'), berlin, 0), forward - 30 * MINUTE);
  });

  it('goes by the wall clock where SU is wrong: devices that never set it', () => {
    const noon = Date.UTC(2024, 6, 1, 10);
    assert.equal(instant(hex('00 00 00 0c 01 07 18'), berlin, 0), noon, 'a summer day, away from any change');
    assert.equal(instant(hex('00 00 00 0c 1f 03 18'), berlin, 0), forward + 9 * HOUR, 'the day of the change');
    assert.equal(instant(hex('00 00 00 8c 1b 0a 18'), berlin, 0), back + 10 * HOUR, 'SU on the day of the change back');
  });
});

describe('CP24Time2a', () => {
  it('takes hour and date from the clock, the nearest', () => {
    const tag = (minute: number, ms: number): Uint8Array => Uint8Array.of(ms, ms >> 8, minute);
    const now = Date.UTC(2024, 0, 1, 0, 0, 1);
    assert.equal(instant(tag(0, 500), utc, now), Date.UTC(2024, 0, 1, 0, 0, 0, 500));
    assert.equal(instant(tag(59, 59_999), utc, now), Date.UTC(2023, 11, 31, 23, 59, 59, 999), 'before the hour');
    assert.equal(instant(tag(29, 0), utc, now), Date.UTC(2024, 0, 1, 0, 29), 'ahead of our clock');
    const late = Date.UTC(2023, 11, 31, 23, 59, 59);
    assert.equal(
      instant(tag(0, 10), utc, late),
      Date.UTC(2024, 0, 1, 0, 0, 0, 10),
      'over the hour, ahead of our clock',
    );
  });

  it('finds every instant within half an hour of the clock', () =>
    fc.assert(
      fc.property(
        instants,
        fc.integer({ min: -30 * MINUTE + 1, max: 30 * MINUTE - 1 }),
        fc.constantFrom(utc, fixedZone(330), fixedZone(-210), fixedZone(345)),
        (now, away, zone) => {
          const tag = new Uint8Array(3);
          new TimeTagger(zone).write(now + away, false, tag);
          assert.equal(instant(tag, zone, now), now + away);
        },
      ),
      { numRuns: 5000 },
    ));

  it('names no instant where a field is out of its range', () => {
    assert.equal(instant(hex('60 ea 00'), utc, 0), undefined);
    assert.equal(instant(hex('00 00 3c'), utc, 0), undefined);
  });
});

describe('TimeTagger', () => {
  it('writes the same over jumps back and forth as a new one for each instant', () => {
    const jump = fc.oneof(
      fc.integer({ min: 0, max: 999 }),
      fc.integer({ min: -MINUTE, max: MINUTE }),
      fc.constantFrom(-1, 0, 1, MINUTE, -MINUTE, HOUR, -HOUR),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2024, 9, 27), max: Date.UTC(2024, 9, 27, 3) }),
        fc.array(jump),
        (start, jumps) => {
          const tagger = new TimeTagger(berlin);
          const tag = new Uint8Array(7);
          let ms = start;
          for (const by of [0, ...jumps]) {
            ms += by;
            tagger.write(ms, by < 0, tag);
            const { minutes, summer } = berlin.offset(ms);
            assert.deepEqual(tag, expected(new Date(ms + minutes * MINUTE), summer, by < 0));
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('writes the first and the last millisecond of a minute, and cuts fractions of one', () => {
    const tagger = new TimeTagger();
    const tag = new Uint8Array(7);
    const minute = Date.UTC(2024, 1, 29, 23, 59);
    for (const [ms, octets] of [
      [minute + 59_999.9, '5f ea 3b 17 9d 02 18'],
      [minute, '00 00 3b 17 9d 02 18'],
      [minute + 60_000, '00 00 00 00 a1 03 18'],
      [minute - 1, '5f ea 3a 17 9d 02 18'],
    ] as const) {
      tagger.write(ms, false, tag);
      assert.deepEqual(tag, hex(octets));
    }
  });

  it('asks the zone once a minute only', () => {
    let asked = 0;
    const tagger = new TimeTagger({
      offset(ms) {
        asked++;
        return utc.offset(ms);
      },
    });
    const tag = new Uint8Array(3);
    for (let ms = 0; ms < 3 * MINUTE; ms += 100) tagger.write(ms, false, tag);
    assert.equal(asked, 3);
  });
});
