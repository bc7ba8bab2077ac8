import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Duplicates, type Reading } from '../../lib/redundancy/duplicates.js';
import type { Path } from '../../lib/redundancy/redundant-line.js';

const reading = (value: number, time = Number.NaN, status = 0): Reading => ({ value, status, extra: 0, time });

describe('redundancy: what two started connections bring', () => {
  it('comes once: the same point, value, quality and time tag', () => {
    const merge = new Duplicates<string>(30_000);
    assert.equal(merge.isDuplicate(0, 'a', reading(1, 5000), 0), false);
    assert.equal(merge.isDuplicate(1, 'a', reading(1, 5000), 10), true);
    for (const differs of [reading(2, 5000), reading(1, 5001), reading(1, 5000, 0x80), reading(1)]) {
      const one = new Duplicates<string>(30_000);
      one.isDuplicate(0, 'a', reading(1, 5000), 0);
      assert.equal(one.isDuplicate(1, 'a', differs, 10), false);
    }
    assert.equal(merge.isDuplicate(1, 'b', reading(1, 5000), 10), false, 'another point');
  });

  it('a connection alone may bring the same twice', () => {
    const merge = new Duplicates<string>(30_000);
    assert.equal(merge.isDuplicate(0, 'a', reading(1), 0), false);
    assert.equal(merge.isDuplicate(0, 'a', reading(1), 1), false);
    assert.equal(merge.isDuplicate(1, 'a', reading(1), 2), true);
    assert.equal(merge.isDuplicate(1, 'a', reading(1), 3), true);
    assert.equal(merge.isDuplicate(1, 'a', reading(1), 4), false);
  });

  it('what lags for too long is new', () => {
    const merge = new Duplicates<string>(30_000);
    merge.isDuplicate(0, 'a', reading(1), 0);
    assert.equal(merge.isDuplicate(1, 'a', reading(1), 30_001), false);
  });

  it('a connection that begins brings the state once more, and only the state', () => {
    const merge = new Duplicates<string>(30_000);
    for (const value of [1, 0, 1]) merge.isDuplicate(0, 'a', reading(value), 0);
    merge.begun(1, 90_000);
    assert.equal(merge.isDuplicate(1, 'a', reading(1), 90_001), true);
    assert.equal(merge.isDuplicate(1, 'a', reading(0), 90_002), false, 'an old value of the other is none of its own');
  });

  it('what a lost connection brought is not taken for what the other brings later', () => {
    const merge = new Duplicates<string>(30_000);
    for (const value of [1, 0]) merge.isDuplicate(0, 'a', reading(value), 0);
    merge.ended();
    assert.equal(merge.isDuplicate(1, 'a', reading(1), 10), false);
    assert.equal(merge.isDuplicate(1, 'a', reading(0), 11), false);
  });

  it('is bounded: a connection too far behind brings the oldest twice, which is counted', () => {
    const merge = new Duplicates<string>(30_000);
    for (let value = 0; value < 70; value++) merge.isDuplicate(0, 'a', reading(value), value);
    assert.equal(merge.overflowed, 6);
    assert.equal(merge.isDuplicate(1, 'a', reading(0), 100), false);
  });

  it('two connections at any pace give each value once and in order', () => {
    const events = fc.array(
      fc.record({ point: fc.integer({ min: 0, max: 2 }), value: fc.integer({ min: 0, max: 1 }) }),
      { maxLength: 60 },
    );
    const order = fc.array(fc.constantFrom<Path>(0, 1), { minLength: 130, maxLength: 130 });
    fc.assert(
      fc.property(events, order, (events, order) => {
        const merge = new Duplicates<number>(30_000);
        const at = [0, 0];
        const taken: unknown[] = [];
        for (const path of [...order, ...events.map((): Path => 0), ...events.map((): Path => 1)]) {
          const event = events[at[path] as number];
          if (event === undefined) continue;
          at[path] = (at[path] as number) + 1;
          if (!merge.isDuplicate(path, event.point, reading(event.value), 0)) taken.push(event);
        }
        const of = (list: readonly unknown[], point: number): unknown[] =>
          list.filter((event) => (event as { point: number }).point === point);
        for (const point of [0, 1, 2]) assert.deepEqual(of(taken, point), of(events, point));
      }),
      { seed: 104, numRuns: 500 },
    );
  });

  it('nothing is lost when a connection goes and comes: the last value of each point is the device’s', () => {
    const step = fc.oneof(
      fc.record({ what: fc.constant('change' as const), value: fc.integer({ min: 0, max: 2 }) }),
      fc.record({
        what: fc.constantFrom('read' as const, 'go' as const, 'come' as const),
        path: fc.constantFrom<Path>(0, 1),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const merge = new Duplicates<string>(30_000);
        const waiting: [number[], number[]] = [[], []];
        const up: [boolean, boolean] = [false, false];
        let state = 0;
        let last: number | undefined;
        const read = (path: Path): void => {
          const value = waiting[path].shift();
          if (value !== undefined && !merge.isDuplicate(path, 'a', reading(value), 0)) last = value;
        };
        for (const each of steps) {
          if (each.what === 'change') {
            state = each.value;
            for (const path of [0, 1] as const) if (up[path]) waiting[path].push(state);
          } else if (each.what === 'read') read(each.path);
          else if (each.what === 'go') {
            waiting[each.path].length = 0;
            if (up[each.path]) merge.ended();
            up[each.path] = false;
          } else if (!up[each.path]) {
            up[each.path] = true;
            merge.begun(each.path, 0);
            waiting[each.path].push(state); // The interrogation.
          }
        }
        for (const path of [0, 1] as const) while (waiting[path].length > 0) read(path);
        if (up[0] || up[1]) assert.equal(last, state);
      }),
      { seed: 104, numRuns: 3000 },
    );
  });
});
