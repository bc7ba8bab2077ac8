import assert from 'node:assert/strict';
import { numbers, Rig } from './rig.js';

const HOUR = 3_600_000;

describe('groups of clients', () => {
  it('PROTOCOL 30: what happened before any client was seen goes to the first that starts, and to no other', () => {
    const rig = new Rig();
    rig.happen(5);
    assert.deepEqual(rig.open('192.0.2.1').drain(), numbers(1, 5));
    assert.deepEqual(rig.open('192.0.2.2').drain(), []);
    rig.happen(2);
    assert.deepEqual(rig.open('192.0.2.3').drain(), []);
  });

  it('PROTOCOL 30: unacknowledged events of a broken connection go out again, in order, before newer ones', () => {
    const rig = new Rig();
    const before = rig.open('192.0.2.1');
    rig.happen(10);
    assert.deepEqual(before.send(7), numbers(1, 7));
    before.acknowledge(4);
    before.close(1);
    rig.happen(3);
    assert.deepEqual(rig.open('192.0.2.1').drain(), numbers(5, 13));
    assert.equal(rig.groups.lost, 0);
  });

  it('PROTOCOL 30: both classes return in their common order', () => {
    const rig = new Rig();
    const before = rig.open('192.0.2.1');
    rig.happen(1, 0);
    rig.happen(2, 1);
    rig.happen(2, 0);
    rig.happen(1, 1);
    assert.deepEqual(before.send(4), numbers(1, 4));
    before.acknowledge(2);
    before.close(1);
    assert.deepEqual(rig.open('192.0.2.1').drain(), numbers(3, 6));
  });

  it('each address has its own buffer: one that was seen gets what happens while it is away', () => {
    const rig = new Rig();
    rig.open('192.0.2.1').close(1);
    rig.open('192.0.2.2').close(1);
    rig.happen(3);
    assert.deepEqual(rig.open('192.0.2.1').drain(), numbers(1, 3));
    rig.happen(1);
    assert.deepEqual(rig.open('192.0.2.2').drain(), numbers(1, 4));
  });

  it('with several connections of one address each gets new events, and the first the backlog', () => {
    const rig = new Rig();
    rig.open('192.0.2.1').close(1);
    rig.happen(3);
    const [first, second] = [rig.open('192.0.2.1'), rig.open('192.0.2.1')];
    rig.happen(2);
    assert.deepEqual(first.drain(), numbers(1, 5));
    assert.deepEqual(second.drain(), numbers(4, 5));
  });

  it('with several connections of one address gone, what neither had acknowledged waits', () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const rig = new Rig();
      const both = [rig.open('192.0.2.1'), rig.open('192.0.2.1')];
      rig.happen(6);
      both[0]?.send(6);
      both[0]?.acknowledge(2);
      both[1]?.send(6);
      both[1]?.acknowledge(5);
      for (const which of order) both[which]?.close(1);
      assert.deepEqual(rig.open('192.0.2.1').drain(), numbers(3, 6));
    }
  });

  it('a place is kept for 24 hours', () => {
    const rig = new Rig();
    rig.open('192.0.2.1').close(1000);
    rig.happen(2);
    const back = rig.open('192.0.2.1', 999 + 24 * HOUR);
    assert.deepEqual(back.send(9), [1, 2]);
    back.close(5000);
    const late = rig.open('192.0.2.1', 5001 + 24 * HOUR);
    assert.deepEqual(late.drain(), [], 'a new one, as if never seen');
    rig.happen(1);
    assert.deepEqual(late.drain(), [3]);
  });

  it('64 addresses are remembered: the 65th takes the place of the one that has been away longest', () => {
    const rig = new Rig();
    const address = (i: number): string => `192.0.2.${i}`;
    for (let i = 1; i <= 64; i++) rig.open(address(i), i).close(1000 - i);
    rig.open(address(65), 2000).close(2000);
    rig.happen(1);
    assert.deepEqual(rig.open(address(65), 3000).drain(), [1], 'the newest is remembered');
    assert.deepEqual(rig.open(address(63), 3000).drain(), [1]);
    // 64 went at 936, before all others.
    assert.deepEqual(rig.open(address(64), 3000).drain(), []);
  });

  it('an address that is connected is never forgotten, however many there are', () => {
    const rig = new Rig();
    const all = numbers(1, 70).map((i) => rig.open(`192.0.2.${i}`, i));
    rig.happen(1);
    for (const reader of all) {
      reader.send(1);
      reader.close(100);
    }
    assert.deepEqual(rig.open('192.0.2.1', 200).drain(), [1]);
    assert.deepEqual(rig.open('192.0.2.70', 200).drain(), [1]);
  });

  it('what was lost stays counted when its address is forgotten', () => {
    const rig = new Rig(2);
    const reader = rig.open('192.0.2.1');
    rig.happen(5);
    reader.drain();
    reader.close(1);
    assert.equal(rig.groups.lost, 3);
    rig.open('192.0.2.1', 2 + 24 * HOUR).close(3);
    assert.equal(rig.groups.lost, 3);
    for (let i = 2; i <= 70; i++) rig.open(`192.0.2.${i}`, i).close(i);
    assert.equal(rig.groups.lost, 3);
  });
});

describe('what waits for nobody', () => {
  it('an address that is away for more than 24 hours loses what waited, once, and nothing that happens later', () => {
    const rig = new Rig(10);
    const { groups } = rig;
    assert.equal(groups.deadline, Infinity);
    rig.open('192.0.2.1').close(1000);
    rig.happen(4);
    assert.equal(groups.deadline, 1000 + 24 * HOUR);
    groups.expire(999 + 24 * HOUR);
    assert.deepEqual([groups.lost, rig.losses], [0, []]);
    groups.expire(1000 + 24 * HOUR);
    assert.deepEqual([groups.lost, rig.losses, groups.deadline], [4, ['192.0.2.1'], Infinity]);
    rig.happen(50);
    assert.equal(groups.lost, 4);
  });

  it('an address with a connection is never away', () => {
    const rig = new Rig();
    rig.open('192.0.2.1', 5);
    assert.equal(rig.groups.deadline, Infinity);
    rig.groups.expire(1000 * HOUR);
    rig.happen(1);
    assert.deepEqual([rig.groups.lost, rig.groups.of('192.0.2.1', 1000 * HOUR).isAway], [0, false]);
  });

  it('a group that GRP does not name any more loses what waited, once, and nothing that happens later', () => {
    const rig = new Rig(10);
    const { groups } = rig;
    groups.configure(['A', 'B']);
    groups.joined('B');
    rig.happen(3);
    groups.configure(['B']);
    assert.deepEqual([groups.lost, rig.losses], [3, ['A']]);
    rig.happen(50);
    assert.equal(groups.lost, 3 + 43, 'what overflows of B');
    groups.configure(['A', 'B']);
    assert.equal(groups.named('A').waiting, 0, 'it begins anew');
    assert.equal(groups.lost, 3 + 43);
  });

  it('one with a connection goes on until that has gone', () => {
    const rig = new Rig();
    const { groups } = rig;
    groups.configure(['A']);
    const group = groups.named('A');
    const feed = group.open();
    feed.enable(0);
    rig.happen(2);
    groups.configure([]);
    assert.deepEqual([groups.lost, feed.buffered], [0, 2]);
    group.close(feed, 1);
    rig.happen(2);
    assert.deepEqual([groups.lost, rig.losses], [2, ['A']]);
    groups.configure([]);
    assert.equal(groups.lost, 2, 'counted once');
  });

  it('one that GRP names again before its connection has gone loses nothing', () => {
    const rig = new Rig();
    const { groups } = rig;
    groups.configure(['A']);
    const group = groups.named('A');
    const feed = group.open();
    rig.happen(2);
    groups.configure([]);
    groups.configure(['A']);
    group.close(feed, 1);
    assert.deepEqual([groups.lost, groups.named('A').waiting], [0, 2]);
  });

  it('one that GRP names again after its connection has gone begins anew', () => {
    const rig = new Rig();
    const { groups } = rig;
    groups.configure(['A']);
    const group = groups.joined('A');
    const feed = group.open();
    rig.happen(2);
    groups.configure([]);
    group.close(feed, 1);
    groups.configure(['A']);
    rig.happen(1);
    assert.deepEqual([groups.lost, groups.named('A').waiting], [2, 1]);
  });
});

describe('a redundancy group of GRP', () => {
  it('that is named before any client came keeps all events, one that a later deploy names those from then on', () => {
    const rig = new Rig();
    const first = rig.groups.named('A');
    rig.happen(5);
    rig.open('192.0.2.1').drain();
    const later = rig.groups.named('B');
    rig.happen(2);
    assert.deepEqual([first.waiting, later.waiting], [7, 2]);
    assert.equal(rig.groups.named('B'), later);
    assert.equal(rig.groups.lost, 0);
  });
});

describe('overflow', () => {
  it('PROTOCOL 31: the oldest events go, also of those from before the first client', () => {
    const rig = new Rig(10);
    rig.happen(25);
    const reader = rig.open('192.0.2.1');
    assert.equal(reader.feed.lost, 15, 'a counter shows it at once');
    assert.deepEqual(reader.drain(), numbers(16, 25));
    assert.equal(rig.groups.lost, 15);
  });

  it('PROTOCOL 31: of a client that is away, counted as it happens, once, and told once', () => {
    const rig = new Rig(10);
    rig.open('192.0.2.1').close(1);
    rig.happen(25);
    const group = rig.groups.of('192.0.2.1', 2);
    assert.equal(rig.groups.lost, 15);
    // A connection that never interrogates takes nothing, and makes the loss no larger.
    for (let i = 0; i < 3; i++) group.close(group.open(), 2);
    assert.equal(rig.groups.lost, 15);
    assert.deepEqual(rig.open('192.0.2.1').drain(), numbers(16, 25));
    assert.equal(rig.groups.lost, 15);
    assert.deepEqual(rig.losses, ['192.0.2.1']);
  });

  it('PROTOCOL 31: sent events that were overwritten are lost only if they are never acknowledged', () => {
    const rig = new Rig(10);
    const reader = rig.open('192.0.2.1');
    rig.happen(4);
    reader.send(4);
    rig.happen(20);
    assert.equal(reader.feed.lost, 10, '5 to 14');
    assert.deepEqual(reader.send(1), [15]);
    reader.acknowledge(2);
    rig.happen(5);
    assert.deepEqual(reader.send(1), [20]);
    assert.equal(reader.feed.lost, 14, '16 to 19 too');
    reader.close(1);
    assert.equal(rig.groups.lost, 17, '3, 4 and 15 too');
    assert.deepEqual(rig.open('192.0.2.1').drain(), numbers(20, 29));
    assert.equal(rig.groups.lost, 17);
  });

  it('PROTOCOL 31: one stalled client loses, the others do not', () => {
    const rig = new Rig(10);
    const [stalled, other] = [rig.open('192.0.2.1'), rig.open('192.0.2.2')];
    const got: number[] = [];
    for (let i = 0; i < 10; i++) {
      rig.happen(5);
      got.push(...other.drain());
    }
    assert.deepEqual(got, numbers(1, 50));
    assert.equal(other.feed.lost, 0);
    assert.equal(stalled.feed.lost, 40);
    assert.deepEqual(stalled.drain(), numbers(41, 50));
    assert.equal(rig.groups.lost, 40);
  });
});
