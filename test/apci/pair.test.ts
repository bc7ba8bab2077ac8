import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type SessionSettings, standardSettings } from '../../lib/apci/session.js';
import { Pair, type PairSettings } from './pair.js';

const SEED = 104;

type Action =
  | { readonly what: 'start' | 'stop' }
  | { readonly what: 'offer'; readonly station: boolean; readonly count: number }
  | { readonly what: 'gate' | 'test'; readonly station: boolean }
  | { readonly what: 'stall'; readonly direction: 0 | 1; readonly ms: number }
  | { readonly what: 'cut' };

interface Timed {
  /** ms after the action before. */
  readonly after: number;
  readonly action: Action;
}

const peaceful: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ what: fc.constantFrom('start', 'start', 'stop') }),
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant('offer'), station: fc.boolean(), count: fc.integer({ min: 1, max: 40 }) }),
  },
  fc.record({ what: fc.constantFrom('gate', 'test'), station: fc.boolean() }),
);

const violent: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: peaceful },
  fc.record({ what: fc.constant('stall'), direction: fc.constantFrom(0, 1), ms: fc.integer({ min: 1, max: 40_000 }) }),
  fc.record({ what: fc.constant('cut') }),
);

function script(action: fc.Arbitrary<Action>): fc.Arbitrary<readonly Timed[]> {
  const after = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 30_000 }));
  return fc.array(fc.record({ after, action }), { maxLength: 40 });
}

const first = fc.oneof(fc.constant(0), fc.integer({ min: 32_700, max: 32_767 }), fc.integer({ min: 0, max: 32_767 }));
const window = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 60 }));

/** Both sides wait longer for an acknowledgement than the other takes to give it and the connection to carry it. */
const pairSettings: fc.Arbitrary<PairSettings> = fc
  .record({ delay: fc.constantFrom(0, 1, 20, 300), slack: fc.integer({ min: 1, max: 10_000 }) })
  .chain(({ delay, slack }) => {
    const side = (role: SessionSettings['role']): fc.Arbitrary<SessionSettings> =>
      fc.record({
        role: fc.constant(role),
        k: window,
        w: window,
        t1: fc.integer({ min: 4 * delay + slack + 1, max: 4 * delay + 2 * slack + 1 }),
        t2: fc.integer({ min: 1, max: slack }),
        t3: fc.oneof(fc.constant(0), fc.integer({ min: 500, max: 30_000 })),
        waitStart: fc.constant(0),
        firstSequence: first,
      });
    return fc.record({
      station: side('controlled'),
      master: side('controlling'),
      delay: fc.constant(delay),
      segment: fc.constantFrom(1, 7, 100, 5000),
      eager: fc.boolean(),
      seed: fc.integer(),
    });
  });

/** Plays the script; the connection may end on the way. */
function play(pair: Pair, steps: readonly Timed[]): void {
  for (const { after, action } of steps) {
    pair.run(pair.now + after);
    if (!pair.open) break;
    perform(pair, action);
    pair.assertConsistent();
  }
  pair.assertConsistent();
}

function perform(pair: Pair, action: Action): void {
  switch (action.what) {
    case 'start':
      pair.act(pair.master, ({ session }) => session.start(pair.now));
      break;
    case 'stop':
      pair.act(pair.master, ({ session }) => session.stop(pair.now));
      break;
    case 'stall':
      pair.stall(action.direction, action.ms);
      break;
    case 'cut':
      pair.cut();
      break;
    default:
      pair.act(action.station ? pair.station : pair.master, (end) => {
        if (action.what === 'offer') end.waiting += action.count;
        else if (action.what === 'gate') end.mayAct = !end.mayAct;
        else end.session.test(pair.now);
      });
  }
}

/** Starts data transfer and gives all time that is needed: everything must have arrived and be confirmed. */
function finish(pair: Pair): void {
  for (const end of [pair.station, pair.master]) end.mayAct = true;
  pair.act(pair.station, () => {});
  pair.act(pair.master, ({ session }) => session.start(pair.now));
  pair.run(pair.now + 1e8, () => pair.settled && pair.master.session.state === 'started');
  for (const end of [pair.station, pair.master]) {
    assert.equal(end.closed, undefined, `${end.name} closed`);
    assert.deepEqual([end.waiting, end.confirmed, end.peer.delivered], [0, end.sent, end.sent], end.name);
  }
}

function standard(station: Partial<SessionSettings> = {}, master: Partial<SessionSettings> = {}): PairSettings {
  return {
    station: { ...standardSettings, ...station, role: 'controlled' },
    master: { ...standardSettings, ...master, role: 'controlling' },
    delay: 20,
    segment: 1460,
    eager: false,
    seed: 1,
  };
}

describe('a pair of sessions', () => {
  it('PROTOCOL 9: loses, repeats and reorders nothing and never times out while the channel delivers', () => {
    let frames = 0;
    fc.assert(
      fc.property(pairSettings, script(peaceful), (settings, steps) => {
        const pair = new Pair(settings);
        play(pair, steps);
        finish(pair);
        frames += pair.station.sent + pair.master.sent;
      }),
      { seed: SEED, numRuns: 400 },
    );
    assert.ok(frames > 20_000, `${frames} I-frames: too few to prove anything`);
  });

  it('PROTOCOL 10: under stalls and cuts everything confirmed was delivered, and only time closes a connection', () => {
    const reasons = new Map<string, number>();
    fc.assert(
      fc.property(pairSettings, fc.constantFrom(0, 20_000), script(violent), (settings, waitStart, steps) => {
        const pair = new Pair({ ...settings, station: { ...settings.station, waitStart } });
        play(pair, steps);
        if (pair.open) pair.run(pair.now + 100_000, () => pair.settled);
        pair.assertConsistent();
        for (const { closed } of [pair.station, pair.master])
          if (closed !== undefined) reasons.set(closed, (reasons.get(closed) ?? 0) + 1);
      }),
      { seed: SEED, numRuns: 600 },
    );
    // An APDU of which a stall lets only half through in time is too rare to be demanded.
    reasons.delete('t1-frame');
    const expected = ['no-startdt', 'peer', 'socket', 't1-act', 't1-i-frame', 't1-testfr'];
    assert.deepEqual([...reasons.keys()].sort(), expected, 'each of them occurred, and no other');
  });

  it('PROTOCOL 8: a long connection passes 32767 in both directions', () => {
    for (const [eager, k, w] of [
      [false, 12, 8],
      [true, 3, 2],
    ] as const) {
      const pair = new Pair({ ...standard({ k, w }, { k, w }), eager });
      pair.station.waiting = 41_000;
      pair.master.waiting = 33_000;
      finish(pair);
      assert.deepEqual([pair.master.delivered, pair.station.delivered], [41_000, 33_000]);
    }
  });

  it('PROTOCOL 8: passes 32767 across stops and starts', () => {
    const pair = new Pair(standard({ firstSequence: 32_760 }, { firstSequence: 32_766 }));
    for (let round = 0; round < 10; round++) {
      pair.act(pair.master, (end) => {
        end.waiting += 2;
        end.session.start(pair.now);
      });
      pair.run(pair.now + 30 + round * 7);
      pair.act(pair.master, ({ session }) => session.stop(pair.now));
      // These meet the STOPDT act on their way.
      pair.act(pair.station, (end) => {
        end.waiting += 3;
      });
      pair.run(pair.now + 1000);
      assert.equal(pair.master.session.state, 'stopped', 'the stop takes no t2');
    }
    finish(pair);
    assert.deepEqual([pair.station.sent, pair.master.sent], [30, 20]);
  });

  it('PROTOCOL 9: a window smaller than the other side wants for an acknowledgement is slow and alive', () => {
    const pair = new Pair(standard({ k: 2 }, { w: 8 }));
    pair.station.waiting = 20;
    finish(pair);
    assert.ok(pair.now > 0);
  });

  it('PROTOCOL 11: two idle ends keep each other alive by TESTFR, started or not', () => {
    for (const [stationT3, masterT3] of [
      [20_000, 20_000],
      [20_000, 30_000],
      [30_000, 20_000],
      [0, 20_000],
      [20_000, 0],
    ] as const) {
      for (const start of [false, true]) {
        const pair = new Pair(standard({ t3: stationT3 }, { t3: masterT3 }));
        if (start) pair.act(pair.master, ({ session }) => session.start(pair.now));
        pair.run(24 * 3_600_000);
        assert.ok(pair.open, `t3 ${stationT3} and ${masterT3}, ${pair.station.closed}, ${pair.master.closed}`);
        const frames = pair.station.session.framesSent;
        assert.ok(frames > 1400, `${frames} frames in a day`);
      }
    }
  });

  it('PROTOCOL 11: without TESTFR a dead connection is never noticed, with it soon', () => {
    const deaf = new Pair(standard({ t3: 0, waitStart: 0 }, { t3: 0 }));
    deaf.stall(0, Number.POSITIVE_INFINITY);
    deaf.stall(1, Number.POSITIVE_INFINITY);
    deaf.run(1e9);
    assert.ok(deaf.open);
    const watchful = new Pair(standard({ t3: 20_000, t1: 15_000 }, { t3: 0 }));
    watchful.stall(1, Number.POSITIVE_INFINITY);
    watchful.run(34_999);
    assert.ok(watchful.open);
    watchful.run(35_000);
    assert.deepEqual([watchful.station.closed, watchful.master.closed], ['t1-testfr', 'peer']);
  });
});
