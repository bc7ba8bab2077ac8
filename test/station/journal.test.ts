import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EventJournal, Journal, type JournalEvent } from '../../lib/station/journal.js';
import { compilePoints, type Point } from '../../lib/station/points.js';
import { Station } from '../../lib/station/station.js';

function station(): Station {
  const { table } = compilePoints(
    ['M_BO_TB_1', 'M_IT_NA_1'].map((type, i) => ({ place: `point ${i}`, point: { ioa: i + 1, type } })),
  );
  return new Station({ name: 'S', commonAddress: 1, points: table });
}

/** Puts a value into the image and an event of it into the journal. */
function push(journal: EventJournal, of: Station, value: number): number {
  const point = of.points.out[0] as Point;
  of.image.value[point.index] = value;
  of.image.status[point.index] = value % 256;
  of.image.extra[point.index] = value % 65536;
  of.image.time[point.index] = value + 0.5;
  of.image.timeInvalid[point.index] = value % 2;
  return journal.push(of.source, of.image, point, value % 64, value * 3);
}

function read(journal: EventJournal, number: number): JournalEvent {
  const event = {} as JournalEvent;
  journal.read(number, event);
  return event;
}

describe('the journal', () => {
  const step = fc.oneof(
    { weight: 10, arbitrary: fc.record({ push: fc.integer({ min: 1, max: 900 }) }) },
    { weight: 1, arbitrary: fc.record({ resize: fc.integer({ min: 1, max: 6000 }) }) },
  );

  it('holds the last events up to its limit in order, however it grows and shrinks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6000 }), fc.array(step, { maxLength: 25 }), (limit, steps) => {
        const journal = new EventJournal(limit);
        const of = station();
        let held: number[] = [];
        let most = limit;
        let next = 0;
        for (const each of steps) {
          if ('resize' in each) {
            most = each.resize;
            journal.resize(most);
          } else
            for (let i = 0; i < each.push; i++) {
              assert.equal(push(journal, of, next), next, 'events are numbered from 0');
              held.push(next++);
            }
          held = held.slice(-most);
          assert.equal(journal.end, next);
          assert.equal(journal.end - journal.first, held.length);
          for (const number of held) {
            const { value, status, extra, time, timeInvalid, cause, point, source } = read(journal, number);
            assert.deepEqual(
              [value, status, extra, time, timeInvalid, cause],
              [number, number % 256, number % 65536, number + 0.5, number % 2 === 1, number % 64],
            );
            assert.equal(journal.orderOf(number), number * 3);
            assert.ok(point === of.points.out[0] && source === of.source);
          }
        }
      }),
      { seed: 20260203, numRuns: 40 },
    );
  });

  it('of too many the oldest go', () => {
    const journal = new EventJournal(3);
    const of = station();
    for (let i = 0; i < 10; i++) push(journal, of, i);
    assert.deepEqual([journal.first, journal.end], [7, 10]);
  });

  it('both classes have numbers of their own, and an order in common', () => {
    const journal = new Journal(10);
    const of = station();
    of.attach(journal, () => {});
    for (const [ioa, value] of [
      [1, 10],
      [2, 11],
      [2, 12],
      [1, 13],
    ] as const)
      of.write({ ioa, value }, 0);
    const [values, counters] = journal.classes;
    assert.deepEqual(
      [0, 1].map((n) => [read(values, n).value, values.orderOf(n)]),
      [
        [10, 0],
        [13, 3],
      ],
    );
    assert.deepEqual(
      [0, 1].map((n) => [read(counters, n).value, counters.orderOf(n)]),
      [
        [11, 1],
        [12, 2],
      ],
    );
    assert.deepEqual([...of.image.lastEvent], [1, 1]);
  });

  it('a flood of counters costs no value, and the reverse', () => {
    const journal = new Journal(5);
    const of = station();
    of.attach(journal, () => {});
    of.write({ ioa: 1, value: 1 }, 0);
    for (let i = 0; i < 100; i++) of.write({ ioa: 2, value: i }, 0);
    assert.deepEqual(
      journal.classes.map(({ first, end }) => end - first),
      [1, 5],
    );
  });
});
