import assert from 'node:assert/strict';
import { MemoryStore } from '../../lib/kom/coordinator-memory.js';
import { Machine } from '../../lib/kom/machine.js';
import { LEASE, ORDER, SETTINGS } from '../../lib/kom/records.js';
import { timing } from '../../lib/kom/settings.js';
import { type Runner, World } from './world.js';

/** Instances in a world where every way takes 2 ms. */
function world(): World {
  return new World(() => 2);
}

const states = (...runners: readonly Runner[]) => runners.map(({ machine }) => machine.state).join(' ');

function order(world: World, to: number, id = `order-${world.time}`): void {
  world.store.cas(ORDER, world.store.entries.get(ORDER), JSON.stringify({ id, to }));
}

function set(world: World, settings: object): void {
  world.store.cas(SETTINGS, world.store.entries.get(SETTINGS), JSON.stringify(settings));
}

/** ms until the world has an active instance again, other than those given. */
function takeover(world: World, ...not: readonly Runner[]): number {
  const from = world.time;
  while (!world.active.some((runner) => !not.includes(runner))) {
    world.advance(1);
    assert.ok(world.time - from < 10_000, 'nobody becomes active');
  }
  return world.time - from;
}

describe('an instance of a process, in virtual time', () => {
  it('the first is active, further ones are passive', () => {
    const w = world();
    const one = w.start({ instance: 1 });
    w.advance(1600);
    assert.equal(states(one), 'active');
    const two = w.start({ instance: 2 });
    const fifteen = w.start({ instance: 15 });
    w.advance(10_000);
    assert.equal(states(one, two, fifteen), 'active passive passive');
    assert.deepEqual(
      two.machine.roll.map(({ instance, record }) => `${instance} ${record.state}`),
      ['1 active', '2 passive', '15 passive'],
    );
    assert.equal(two.machine.holder, 1);
  });

  it('an empty store is waited at for a whole ttl: it may have been wiped under somebody', () => {
    const w = world();
    w.start({ instance: 1 });
    w.advance(1490);
    assert.equal(w.active.length, 0);
    w.advance(30);
    assert.equal(w.active.length, 1);
  });

  it('another takes over when the active one is killed, within the ttl and a bit', () => {
    const w = world();
    const one = w.start({ instance: 1 });
    w.advance(5000);
    const two = w.start({ instance: 2 });
    w.advance(5000);
    const before = one.token;
    one.kill();
    const ms = takeover(w);
    assert.ok(ms > 1100 && ms < 1520, `${ms} ms`);
    assert.ok(two.token > before, 'the token grows');
  });

  it('one that ends in order hands over at once', () => {
    const w = world();
    const one = w.start({ instance: 1 });
    w.advance(2000);
    w.start({ instance: 2 });
    w.start({ instance: 3 });
    w.advance(3000);
    one.leave();
    assert.equal(one.token, 0);
    assert.ok(takeover(w) < 20);
    w.advance(100);
    assert.ok(one.machine.isGone);
  });

  it('a frozen one does not act when it wakes', () => {
    const w = world();
    const one = w.start({ instance: 1 });
    w.advance(2000);
    const two = w.start({ instance: 2 });
    w.advance(3000);
    one.freeze(true);
    w.advance(10_000);
    assert.notEqual(two.token, 0);
    one.frozen = false;
    assert.equal(one.token, 0, 'before it has read anything');
    one.freeze(false);
    w.advance(3000);
    assert.equal(states(one, two), 'passive active');
  });

  it('the wall that goes on while a computer sleeps ends a lease, too', () => {
    const w = world();
    const one = w.start({ instance: 1 });
    w.advance(2000);
    assert.notEqual(one.token, 0);
    one.wallOffset += 2000;
    assert.equal(one.token, 0);
  });

  it('the preferred instance takes over as it connects', () => {
    const w = world();
    const two = w.start({ instance: 2, preferred: 1 });
    w.advance(3000);
    const one = w.start({ instance: 1, preferred: 1 });
    w.advance(300);
    assert.equal(states(one, two), 'active passive');
  });

  it('the preferred instance has to be there for preferredDelay', () => {
    const w = world();
    const two = w.start({ instance: 2, preferred: 1, preferredDelay: 10_000 });
    w.advance(3000);
    const one = w.start({ instance: 1, preferred: 1, preferredDelay: 10_000 });
    w.advance(9900);
    assert.equal(states(one, two), 'passive active');
    w.advance(400);
    assert.equal(states(one, two), 'active passive');
  });

  it('the preferred instance comes first when the active one dies', () => {
    for (const preferred of [2, 3]) {
      const w = world();
      const one = w.start({ instance: 1, preferred });
      w.advance(2000);
      const others = [w.start({ instance: 2, preferred }), w.start({ instance: 3, preferred })];
      w.advance(1000);
      order(w, 1);
      w.advance(500);
      assert.equal(states(one), 'active');
      one.kill();
      takeover(w);
      assert.deepEqual(
        w.active.map(({ machine }) => machine.settings.instance),
        [preferred],
      );
      assert.equal(others.length, 2);
    }
  });

  it('a preferred instance that is frozen is offered the process once, and it comes back at once', () => {
    const w = world();
    const two = w.start({ instance: 2 });
    w.advance(2000);
    const one = w.start({ instance: 1 });
    w.advance(1100);
    one.freeze(true);
    set(w, { preferred: 1, count: 1 });
    let none = 0;
    for (let ms = 0; ms < 5000; ms++) {
      w.advance(1);
      if (w.active.length === 0) none++;
    }
    assert.ok(none < 250, `${none} ms without an active one`);
    assert.equal(states(two), 'active');
  });

  it('the operator chooses, and the preferred instance that is there stays passive', () => {
    const w = world();
    const one = w.start({ instance: 1, preferred: 1 });
    w.advance(2000);
    const two = w.start({ instance: 2, preferred: 1 });
    w.advance(2000);
    order(w, 2);
    assert.ok(takeover(w, one) < 20);
    w.advance(20_000);
    assert.equal(states(one, two), 'passive active');
    // It comes anew: that is when the preferred one takes over.
    one.kill();
    w.advance(5000);
    const again = w.start({ instance: 1, preferred: 1 });
    w.advance(4000);
    assert.equal(states(again, two), 'active passive');
  });

  it('the preferred one is set anew, and takes over', () => {
    const w = world();
    const one = w.start({ instance: 1 });
    w.advance(2000);
    const two = w.start({ instance: 2 });
    w.advance(2000);
    set(w, { preferred: 2, count: 1 });
    w.advance(1500);
    assert.equal(states(one, two), 'passive active');
    set(w, { preferred: 0, count: 2 });
    w.advance(2000);
    assert.equal(one.machine.preferred, 0);
    assert.equal(states(one, two), 'passive active');
  });

  it('an order is carried out once', () => {
    const w = world();
    const one = w.start({ instance: 1 });
    w.advance(2000);
    const two = w.start({ instance: 2 });
    w.advance(2000);
    order(w, 2, 'a');
    w.advance(100);
    assert.equal(states(one, two), 'passive active');
    two.kill();
    w.advance(5000);
    const again = w.start({ instance: 2 });
    w.advance(5000);
    assert.equal(states(one, again), 'active passive');
  });

  it('a number belongs to one: the other is refused, and comes when it is free', () => {
    const w = world();
    const first = w.start({ instance: 1 });
    w.advance(3000);
    const second = w.start({ instance: 1 });
    w.advance(5000);
    assert.equal(states(first, second), 'active down');
    assert.equal(second.machine.refusal, 'duplicate');
    first.kill();
    w.advance(6000);
    assert.equal(states(second), 'active');
  });

  it('two of one number at the same moment: one of them', () => {
    const w = world();
    const both = [w.start({ instance: 1 }), w.start({ instance: 1 })];
    w.advance(5000);
    assert.deepEqual(both.map(({ machine }) => machine.state).sort(), ['active', 'down']);
  });

  it('instances keep a process alone out, and it keeps them out', () => {
    const w = world();
    const one = w.start({ instance: 1 });
    w.advance(3000);
    const alone = w.start({ instance: 0 });
    w.advance(5000);
    assert.equal(states(one, alone), 'active down');
    assert.equal(alone.machine.refusal, 'instances');
    one.leave();
    w.advance(500);
    assert.equal(states(alone), 'active');
    const two = w.start({ instance: 2, mode: 'active-active' });
    w.advance(5000);
    assert.equal(states(alone, two), 'active down');
    assert.equal(two.machine.refusal, 'non-instance');
  });

  for (const mode of ['active-passive', 'active-active'] as const)
    it(`an instance and a process alone at the same moment: one of them (${mode})`, () => {
      for (const later of [0, 1, 2, 3, 4, 5, 6, 8, 10]) {
        const w = new World(
          () => 2,
          ({ active }) => assert.ok(active.length < 2),
        );
        const alone = w.start({ instance: 0, mode });
        w.advance(later);
        const one = w.start({ instance: 1, mode });
        w.advance(8000);
        assert.equal(w.active.length, 1, states(alone, one));
      }
    });

  it('active-active: all act, until the operator ends that', () => {
    const w = world();
    const all = [1, 2, 3].map((instance) => w.start({ instance, mode: 'active-active' }));
    w.advance(3000);
    assert.equal(states(...all), 'active active active');
    set(w, { mode: 'active-passive', count: 1 });
    w.advance(10);
    assert.equal(w.active.length, 1);
    set(w, { mode: 'active-active', count: 1 });
    w.advance(400);
    assert.equal(states(...all), 'active active active');
    all[0]?.leave();
    w.advance(1);
    assert.equal(w.active.length, 2, 'handing the lease over stops nobody else');
  });

  it('active-active: who cannot read stops', () => {
    const w = world();
    const all = [1, 2].map((instance) => w.start({ instance, mode: 'active-active' }));
    w.advance(3000);
    for (const runner of all) runner.cut = true;
    w.advance(1500);
    assert.equal(w.active.length, 0);
  });

  it('without a quorum: passive when the lease runs out, and active again, the last one first', () => {
    const w = world();
    const one = w.start({ instance: 1 });
    w.advance(2000);
    const two = w.start({ instance: 2 });
    w.advance(2000);
    w.isDown = true;
    w.advance(1000);
    assert.equal(states(one), 'active');
    w.advance(1000);
    assert.equal(states(one, two), 'passive passive');
    w.advance(10_000);
    assert.ok(one.machine.isCutOff);
    w.isDown = false;
    w.advance(700);
    assert.equal(states(one, two), 'active passive');
    assert.equal(one.machine.isCutOff, false);
  });

  it('hold: stays active without a quorum, and stops as soon as another is seen', () => {
    const w = world();
    const one = w.start({ instance: 1, onQuorumLoss: 'hold' });
    w.advance(2000);
    const two = w.start({ instance: 2, onQuorumLoss: 'hold' });
    w.advance(2000);
    w.isDown = true;
    w.advance(20_000);
    assert.equal(states(one, two), 'active passive');
    assert.ok(one.machine.isHolding && one.token !== 0);
    const { token } = one;
    w.isDown = false;
    for (let ms = 0; ms < 1000; ms++) {
      w.advance(1);
      assert.equal(one.token, token, 'goes on');
    }
    assert.equal(states(one, two), 'active passive');
    assert.ok(!one.machine.isHolding);
    one.cut = true;
    w.advance(5000);
    assert.equal(states(one, two), 'active active', 'that is what hold means');
    one.cut = false;
    w.advance(1000);
    assert.equal(states(one, two), 'passive active');
  });

  it('hold: a frozen one does not hold on when it wakes', () => {
    const w = world();
    const one = w.start({ instance: 1, onQuorumLoss: 'hold' });
    w.advance(2000);
    w.start({ instance: 2, onQuorumLoss: 'hold' });
    w.advance(2000);
    one.cut = true;
    w.advance(600);
    one.freeze(true);
    w.advance(5000);
    one.frozen = false;
    assert.equal(one.token, 0);
    one.freeze(false);
    w.advance(1);
    assert.equal(one.token, 0);
  });

  it('a store that was wiped: the active one stays, and no term comes twice', () => {
    const w = world();
    const one = w.start({ instance: 1 });
    w.advance(2000);
    const two = w.start({ instance: 2 });
    w.advance(2000);
    const before = one.token;
    w.store.wipe();
    for (let ms = 0; ms < 3000; ms++) {
      w.advance(1);
      assert.deepEqual(w.active, [one]);
    }
    assert.ok(one.token > before);
    assert.equal(states(two), 'passive');
  });

  it('what is no record disturbs nobody for longer than a ttl', () => {
    const w = world();
    const one = w.start({ instance: 1 });
    w.advance(2000);
    for (const key of [LEASE, SETTINGS, ORDER, 'member/1', 'member/7', 'what'])
      w.store.cas(key, w.store.entries.get(key), '{"id":7,"term":"x"');
    w.advance(8000);
    assert.equal(states(one), 'active');
  });

  it('local: who has never seen a lease waits a moment, since one may be on its way to another', () => {
    const w = world();
    const three = w.start({ instance: 3, sessions: true });
    w.advance(timing.headStart - 1);
    assert.equal(w.active.length, 0);
    w.advance(20);
    assert.deepEqual(w.active, [three]);
  });

  it('local: whose entry was answered by nobody, since who listened died, takes over all the same', () => {
    const settings = {
      instance: 2,
      preferred: 0,
      preferredDelay: 0,
      mode: 'active-passive',
      onQuorumLoss: 'stop',
    } as const;
    const machine = new Machine({ ...settings, host: 'here', sessions: true, timing }, 'two');
    const store = new MemoryStore();
    let answers = false;
    for (let now = 0; now < 2000; now += 10)
      for (const request of machine.step(now, now)) {
        if (request.kind === 'read') machine.read(store.snapshot, now, now);
        else {
          const { key, over, value } = request;
          const written = store.cas(key, over?.revision ?? 0, value);
          machine.wrote(key, value, answers ? (written ?? 'conflict') : 'conflict', now, now);
          answers = true;
        }
      }
    assert.equal(machine.state, 'active');
  });
});
