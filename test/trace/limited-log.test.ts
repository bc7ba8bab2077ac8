import assert from 'node:assert/strict';
import { LimitedLog } from '../../lib/trace/limited-log.js';

describe('a log with a limit', () => {
  it('takes so many messages in a stretch of time, and tells in the next how many it left out', () => {
    let now = 0;
    const left: number[] = [];
    const log = new LimitedLog(
      3,
      1000,
      () => now,
      (count) => left.push(count),
    );
    assert.deepEqual(
      [1, 2, 3, 4, 5].map(() => log.take()),
      [true, true, true, false, false],
    );
    assert.deepEqual(left, []);
    now = 1000;
    assert.equal(log.take(), true);
    assert.deepEqual(left, [2]);
    now = 2500;
    assert.equal(log.take(), true);
    assert.deepEqual(left, [2]);
  });
});
