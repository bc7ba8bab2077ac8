import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NOTHING, type SessionState, standardSettings } from '../../lib/apci/session.js';
import { type MemoryChannel, memoryPair } from '../../lib/line/memory.js';
import { Link, type LinkHandler } from '../../lib/link/link.js';
import { type Path, type RedundancyMode, RedundantLine } from '../../lib/redundancy/redundant-line.js';
import { VirtualClock } from '../link/virtual-clock.js';

const paths = [0, 1] as const;
const mayTransfer = (state: SessionState): boolean => state !== 'closed' && state !== 'stopped';

/** A redundant line over two connections that do what a test says. */
class Rig {
  readonly states: [SessionState, SessionState] = ['closed', 'closed'];
  readonly acts: string[] = [];
  readonly line: RedundantLine;

  constructor(mode: RedundancyMode = 'group') {
    this.line = new RedundantLine(mode, {
      start: (path) => this.act(path, 'start', 'starting'),
      stop: (path) => this.act(path, 'stop', 'stopping'),
      drop: (path) => this.act(path, 'drop', 'closed'),
      moved: () => this.acts.push(`active ${this.line.active ?? 'none'}`),
    });
  }

  become(path: Path, ...states: SessionState[]): this {
    for (const state of states) {
      this.states[path] = state;
      this.line.changed(path, state);
    }
    return this;
  }

  /** The acts since the last call. */
  take(): string[] {
    return this.acts.splice(0);
  }

  private act(path: Path, what: string, state: SessionState): void {
    this.acts.push(`${what} ${path}`);
    this.become(path, state);
  }
}

describe('redundancy: a line with two connections, group', () => {
  const running = (): Rig => {
    const rig = new Rig().become(0, 'stopped').become(0, 'started').become(1, 'stopped');
    assert.deepEqual(rig.take(), ['start 0', 'active 0']);
    return rig;
  };

  it('starts the first that stands, and keeps the other ready', () => {
    const rig = running();
    assert.deepEqual(rig.states, ['started', 'stopped']);
    assert.equal(rig.line.hasStandby, true);
  });

  it('starts the other at once when the started one is lost', () => {
    const rig = running().become(0, 'closed');
    assert.deepEqual(rig.take(), ['active none', 'start 1']);
    assert.deepEqual(rig.become(1, 'started').take(), ['active 1']);
  });

  it('stays where it is when the lost one returns', () => {
    const rig = running().become(0, 'closed').become(1, 'started');
    rig.take();
    assert.deepEqual(rig.become(0, 'stopped').take(), []);
  });

  it('moves at an operator’s word: STOPDT, and with its confirmation STARTDT on the other', () => {
    const rig = running();
    assert.equal(rig.line.switchOver(), true);
    assert.deepEqual(rig.take(), ['stop 0', 'active none']);
    assert.deepEqual(rig.become(0, 'stopped').take(), ['start 1']);
    assert.deepEqual(rig.become(1, 'started').take(), ['active 1']);
  });

  it('closes a connection that does not confirm STOPDT when asked to move again', () => {
    const rig = running();
    rig.line.switchOver();
    assert.equal(rig.line.switchOver(), true);
    assert.deepEqual(rig.take(), ['stop 0', 'active none', 'drop 0', 'start 1']);
  });

  it('does not move where there is nothing to go to', () => {
    const rig = new Rig().become(0, 'stopped').become(0, 'started');
    assert.equal(rig.line.switchOver(), false);
    assert.equal(new Rig().line.switchOver(), false);
    assert.deepEqual(rig.take(), ['start 0', 'active 0']);
  });

  it('starts the first again when the other goes while STOPDT is under way', () => {
    const rig = running();
    rig.line.switchOver();
    rig.become(1, 'closed');
    rig.take();
    assert.deepEqual(rig.become(0, 'stopped').take(), ['start 0']);
  });

  it('never has two started, and rests with one started, in every order of events', () => {
    type Event = readonly [Path, 'come' | 'go' | 'confirm'] | 'switch';
    const events: readonly Event[] = [
      ...paths.flatMap((path): Event[] => [
        [path, 'come'],
        [path, 'go'],
        [path, 'confirm'],
      ]),
      'switch',
    ];
    let rests = 0;
    const play = (history: readonly Event[]): void => {
      const rig = new Rig();
      const told = JSON.stringify(history);
      for (const event of history) {
        if (event === 'switch') rig.line.switchOver();
        else if (!occur(rig, ...event)) return;
        assert.ok(!paths.every((path) => mayTransfer(rig.states[path])), `two: ${told}`);
        const isMoving = paths.some((path) => rig.states[path] === 'starting' || rig.states[path] === 'stopping');
        const isThere = paths.some((path) => rig.states[path] !== 'closed');
        const started = paths.filter((path) => rig.states[path] === 'started');
        assert.deepEqual(started, rig.line.active === undefined ? [] : [rig.line.active], told);
        if (isMoving || !isThere) continue;
        assert.equal(started.length, 1, `none: ${told}`);
        rests++;
      }
      if (history.length < 7) for (const event of events) play([...history, event]);
    };
    play([]);
    assert.ok(rests > 1000);
  });
});

/** What can happen to a connection in its state. @returns false where it cannot */
function occur(rig: Rig, path: Path, what: 'come' | 'go' | 'confirm'): boolean {
  const state = rig.states[path];
  if (what === 'come') return state === 'closed' && rig.become(path, 'stopped') !== undefined;
  if (what === 'go') return state !== 'closed' && rig.become(path, 'closed') !== undefined;
  if (state !== 'starting' && state !== 'stopping') return false;
  rig.become(path, state === 'starting' ? 'started' : 'stopped');
  return true;
}

describe('redundancy: a line with two connections, parallel', () => {
  const running = (): Rig => {
    const rig = new Rig('parallel').become(0, 'stopped', 'started').become(1, 'stopped', 'started');
    assert.deepEqual(rig.take(), ['start 0', 'active 0', 'start 1']);
    return rig;
  };

  it('starts both; commands take the first', () => {
    assert.equal(running().line.active, 0);
  });

  it('commands take the other when the first is lost, and stay there', () => {
    const rig = running().become(0, 'closed');
    assert.deepEqual(rig.take(), ['active 1']);
    assert.deepEqual(rig.become(0, 'stopped', 'started').take(), ['start 0']);
  });

  it('commands move at an operator’s word', () => {
    const rig = running();
    assert.equal(rig.line.switchOver(), true);
    assert.equal(rig.line.active, 1);
  });

  it('a device that says it is standby gets no commands, and its values do not count (ARMSD)', () => {
    const rig = running();
    rig.line.mark(0, true);
    assert.deepEqual(rig.take(), ['active 1']);
    assert.deepEqual([rig.line.counts(0), rig.line.counts(1)], [false, true]);
    rig.line.mark(0, false);
    assert.deepEqual([rig.line.active, rig.line.counts(0)], [1, true]);
  });

  it('two devices that both say it, or the only one, are taken as they are', () => {
    const rig = running();
    rig.line.mark(0, true);
    rig.line.mark(1, true);
    assert.deepEqual([rig.line.counts(0), rig.line.counts(1)], [true, true]);
    rig.line.mark(1, false);
    assert.equal(rig.line.counts(0), false);
    rig.become(1, 'closed');
    assert.deepEqual([rig.line.counts(0), rig.line.active], [true, 0]);
  });
});

const T1 = 3000;
const T3 = 5000;
const DELAY = 40;
/** A loss is noticed by silence (t3) and a test without answer (t1); STARTDT and its confirmation take a round trip. */
const DETECTION = T3 + T1 + 4 * DELAY;

/** Both connections with a session at each end, in virtual time. */
class Network {
  readonly clock = new VirtualClock();
  readonly line: RedundantLine;
  readonly links: [Link | undefined, Link | undefined] = [undefined, undefined];
  private readonly ends: [MemoryChannel[], MemoryChannel[]] = [[], []];
  /** When each path last was able to carry data all along. */
  private readonly soundSince: [number, number] = [Infinity, Infinity];
  private withoutSince = 0;
  longest = 0;

  constructor() {
    this.line = new RedundantLine('group', {
      start: (path) => this.links[path]?.session.start(this.clock.now()),
      stop: (path) => this.links[path]?.session.stop(this.clock.now()),
      drop: (path) => this.links[path]?.close(),
      moved: () => {},
    });
    this.withoutSince = this.clock.now();
  }

  connect(path: Path): void {
    if (this.links[path] !== undefined) return;
    const [near, far] = memoryPair({ later: (call) => void this.clock.timer(DELAY, call) });
    this.ends[path] = [near, far];
    this.soundSince[path] = this.clock.now();
    const settings = { ...standardSettings, t1: T1, t2: 1000, t3: T3, waitStart: 0 };
    new Link(
      near,
      settings,
      this.clock,
      handler(() => {}),
    );
    const told = (state: SessionState): void => {
      if (state === 'closed') this.links[path] = undefined;
      this.line.changed(path, state);
      // What the line asked of this session within its own turn is sent with that turn; of the other one it is not.
      for (const link of this.links) link?.pump();
    };
    this.links[path] = new Link(far, { ...settings, role: 'controlling' }, this.clock, handler(told));
    told('stopped');
  }

  /** Nothing passes any more. */
  stall(path: Path): void {
    for (const end of this.ends[path]) end.pause();
    this.soundSince[path] = Infinity;
  }

  cut(path: Path): void {
    this.ends[path][0]?.cut('ECONNRESET');
    this.soundSince[path] = Infinity;
  }

  /** Time passes, with a look at each ms. */
  pass(ms: number): void {
    for (let at = 0; at < ms; at++) {
      this.clock.advance(1);
      this.look();
    }
  }

  private look(): void {
    const now = this.clock.now();
    const states = this.links.map((link) => link?.session.state ?? 'closed');
    assert.ok(!states.every(mayTransfer), `two in transfer: ${states}`);
    const carries = paths.some((path) => states[path] === 'started' && this.soundSince[path] < Infinity);
    const sound = Math.min(...this.soundSince);
    if (carries || sound === Infinity) this.withoutSince = now;
    this.longest = Math.max(this.longest, now - Math.max(this.withoutSince, sound));
    assert.ok(this.longest <= DETECTION, `${this.longest} ms without data transfer, over a sound connection`);
  }
}

function handler(told: (state: SessionState) => void): LinkHandler {
  return {
    next: () => NOTHING,
    deliver: () => {},
    confirmed: () => {},
    stateChanged: told,
    closed: () => told('closed'),
    failed: (error) => assert.fail(String(error)),
  };
}

describe('redundancy: a line with two connections, in virtual time', () => {
  const event = fc.record({
    after: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 12_000 })),
    path: fc.constantFrom<Path>(0, 1),
    what: fc.constantFrom('connect', 'connect', 'stall', 'cut', 'switch'),
  });

  it('never has two connections in data transfer, nor none for longer than a loss takes to be noticed', () => {
    let longest = 0;
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        const network = new Network();
        for (const { after, path, what } of events) {
          network.pass(after);
          if (what === 'switch') {
            network.line.switchOver();
            for (const link of network.links) link?.pump();
          } else network[what](path);
        }
        network.pass(2 * DETECTION);
        longest = Math.max(longest, network.longest);
      }),
      { seed: 104, numRuns: 60 },
    );
    assert.ok(longest > T1, 'losses that only silence tells were among them');
  });

  it('an operator’s switch takes one round trip to STARTDT on the other', () => {
    const network = new Network();
    network.connect(0);
    network.connect(1);
    network.pass(1000);
    assert.equal(network.line.active, 0);
    network.line.switchOver();
    for (const link of network.links) link?.pump();
    network.pass(2 * DELAY + 1);
    assert.equal(network.links[1]?.session.state, 'starting');
    network.pass(2 * DELAY + 1);
    assert.equal(network.line.active, 1);
  });
});
