import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ReceiveWindow, SendWindow } from '../../lib/apci/sequence.js';

/** The window as one would explain it: every I-frame ever sent in a list, and how many of them are acknowledged. */
class NaiveWindow {
  private readonly sent: { readonly ns: number; readonly ticket: number; readonly at: number }[] = [];
  private acknowledged = 0;

  constructor(
    private readonly k: number,
    private readonly first: number,
  ) {}

  /** N(S) of the I-frame that is or will be in this place of the list. */
  numberOf(place: number): number {
    return (this.first + place) % 32768;
  }

  get outstanding(): number {
    return this.sent.length - this.acknowledged;
  }

  get full(): boolean {
    return this.outstanding === this.k;
  }

  get next(): number {
    return this.numberOf(this.sent.length);
  }

  get oldestSentAt(): number | undefined {
    return this.sent[this.acknowledged]?.at;
  }

  push(ticket: number, at: number): void {
    this.sent.push({ ns: this.next, ticket, at });
  }

  /** The tickets that N(R) covers; undefined when it was never to be expected. */
  acknowledge(nr: number): readonly number[] | undefined {
    for (let place = this.acknowledged; place <= this.sent.length; place++) {
      if (this.numberOf(place) !== nr) continue;
      const covered = this.sent.slice(this.acknowledged, place).map((frame) => frame.ticket);
      this.acknowledged = place;
      return covered;
    }
    for (let place = this.acknowledged - 1; place >= Math.max(0, this.acknowledged - 16384); place--)
      if (this.numberOf(place) === nr) return [];
    return undefined;
  }
}

function acknowledge(window: SendWindow, nr: number): readonly number[] | undefined {
  const tickets: number[] = [];
  return window.acknowledge(nr, (ticket) => tickets.push(ticket)) ? tickets : undefined;
}

function assertSame(window: SendWindow, naive: NaiveWindow): void {
  assert.equal(window.outstanding, naive.outstanding);
  assert.equal(window.full, naive.full);
  assert.equal(window.next, naive.next);
  if (naive.oldestSentAt !== undefined) assert.equal(window.oldestSentAt, naive.oldestSentAt);
}

describe('the window of sent I-frames', () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ push: fc.integer({ min: 1, max: 40 }) }) },
    { weight: 3, arbitrary: fc.record({ part: fc.double({ min: 0, max: 1, noNaN: true }) }) },
    { weight: 2, arbitrary: fc.record({ off: fc.integer({ min: -60, max: 60 }) }) },
    { weight: 1, arbitrary: fc.record({ nr: fc.integer({ min: 0, max: 32767 }) }) },
  );

  it('PROTOCOL 8: does as a naive model does', () => {
    const first = fc.oneof(fc.constant(0), fc.integer({ min: 32700, max: 32767 }), fc.integer({ min: 0, max: 32767 }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), first, fc.array(step, { maxLength: 60 }), (k, ssn, steps) => {
        const window = new SendWindow(k, ssn);
        const naive = new NaiveWindow(k, ssn);
        let ticket = 0;
        for (const [at, what] of steps.entries()) {
          if ('push' in what) {
            for (let n = 0; n < what.push && !window.full; n++) {
              window.push(ticket, at);
              naive.push(ticket++, at);
              assertSame(window, naive);
            }
            continue;
          }
          const una = naive.next - naive.outstanding;
          let nr: number;
          if ('part' in what) nr = una + Math.round(what.part * naive.outstanding);
          else if ('off' in what) nr = una + what.off;
          else nr = what.nr;
          nr = (nr + 32768) % 32768;
          const expected = naive.acknowledge(nr);
          assert.deepEqual(acknowledge(window, nr), expected);
          // What was wrong closes the connection: the window is of no interest then.
          if (expected === undefined) return;
          assertSame(window, naive);
        }
      }),
      { seed: 104, numRuns: 2000 },
    );
  });

  it('PROTOCOL 8: takes every possible N(R) as the naive model does, early and late on a connection', () => {
    for (const [before, outstanding] of [
      [0, 0],
      [0, 5],
      [7, 5],
      [16384, 12],
      [20000, 12],
      [40000, 3],
    ] as const) {
      // Every number is too slow where the connection is old.
      const stride = before < 100 ? 1 : 307;
      for (let nr = 0; nr < 32768; nr += stride) {
        const window = new SendWindow(12, 32760);
        for (let n = 0; n < before; n++) {
          window.push(n, 0);
          if (window.full || n === before - 1) window.acknowledge(window.next, () => {});
        }
        for (let n = 0; n < outstanding; n++) window.push(n, 0);
        const ahead = (nr - (32760 + before) + 65536 * 2) % 32768;
        const accepted = ahead <= outstanding || 32768 - ahead <= Math.min(before, 16384);
        const tickets = acknowledge(window, nr);
        assert.equal(tickets !== undefined, accepted, `N(R) ${nr} with ${before} before and ${outstanding} out`);
        if (tickets !== undefined) assert.equal(tickets.length, ahead <= outstanding ? ahead : 0);
      }
    }
  });

  it('PROTOCOL 9: a window of 32767 leaves one number between full and empty', () => {
    const window = new SendWindow(32767);
    for (let n = 0; n < 32767; n++) window.push(n, n);
    assert.ok(window.full);
    assert.equal(window.next, 32767);
    assert.deepEqual(acknowledge(window, 0), [], 'none yet');
    assert.equal(acknowledge(window, 32767)?.length, 32767);
    window.push(1, 1);
    assert.equal(window.next, 0);
    assert.deepEqual(acknowledge(window, 0), [1]);
  });

  it('may be filled again from within a confirmation', () => {
    const window = new SendWindow(2, 32767);
    window.push(0, 100);
    window.push(1, 101);
    const seen: number[] = [];
    window.acknowledge(1, (ticket) => {
      seen.push(ticket);
      window.push(ticket + 10, 200 + ticket);
    });
    assert.deepEqual([seen, window.outstanding, window.next, window.oldestSentAt], [[0, 1], 2, 3, 200]);
    assert.deepEqual(acknowledge(window, 3), [10, 11]);
  });
});

describe('the window of received I-frames', () => {
  it('PROTOCOL 8: takes exactly the next N(S), modulo 32768', () => {
    const window = new ReceiveWindow();
    for (let n = 0; n < 70_000; n++) {
      const expected = n % 32768;
      assert.equal(window.next, expected);
      if (n % 1000 === 0)
        for (const wrong of [expected + 1, expected + 32767, expected + 16384])
          assert.equal(window.take(wrong % 32768), false);
      assert.equal(window.take(expected), true);
    }
    assert.equal(window.unacknowledged, 70_000, 'the wrong ones left no trace');
  });
});
