import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Deadline, Deadlines, deadlines as names } from '../../lib/apci/deadlines.js';

describe('the table of deadlines', () => {
  it('has none at first', () => {
    const table = new Deadlines();
    assert.equal(table.next, Number.POSITIVE_INFINITY);
    assert.equal(table.take(Number.MAX_VALUE), undefined);
    assert.equal(table.take(Number.POSITIVE_INFINITY), undefined);
  });

  it('gives what has passed, the earliest first, each once', () => {
    const table = new Deadlines();
    table.set('t3', 30);
    table.set('t1', 20);
    table.set('t2', 10);
    table.set('frame', 40);
    assert.equal(table.next, 10);
    assert.equal(table.take(9), undefined);
    assert.deepEqual([table.take(35), table.take(35), table.take(35), table.take(35)], ['t2', 't1', 't3', undefined]);
    assert.deepEqual([table.isSet('t1'), table.isSet('frame'), table.next], [false, true, 40]);
    table.clearAll();
    assert.equal(table.next, Number.POSITIVE_INFINITY);
  });

  it('does as a map of names does', () => {
    const which = fc.constantFrom(...names);
    const step = fc.oneof(
      fc.record({ set: which, at: fc.integer({ min: 0, max: 50 }) }),
      fc.record({ clear: which }),
      fc.record({ take: fc.integer({ min: 0, max: 60 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const table = new Deadlines();
        const map = new Map<Deadline, number>();
        for (const what of steps) {
          if ('set' in what) {
            table.set(what.set, what.at);
            map.set(what.set, what.at);
          } else if ('clear' in what) {
            table.clear(what.clear);
            map.delete(what.clear);
          } else {
            const next = Math.min(...map.values());
            const taken = table.take(what.take);
            assert.equal(taken !== undefined, next <= what.take);
            if (taken !== undefined) {
              assert.equal(map.get(taken), next);
              map.delete(taken);
            }
          }
          assert.equal(table.next, Math.min(...map.values()));
          for (const name of names) assert.equal(table.isSet(name), map.has(name));
        }
      }),
      { seed: 104, numRuns: 500 },
    );
  });
});
