import assert from 'node:assert/strict';
import { type Frame, FrameQueue, MAX_WAITING, type Packing } from '../../lib/sharing/frames.js';

const packing = (given: Partial<Packing> = {}): Packing => ({
  separator: undefined,
  maxFrame: 1460,
  maxDelay: 10,
  ...given,
});
const octets = (text: string): Uint8Array => Buffer.from(text);
const text = (frame: Frame | undefined): string | undefined => frame && Buffer.from(frame.octets).toString();

/** All whole frames there are at a time. */
function whole(queue: FrameQueue, now: number): string[] {
  const found: string[] = [];
  for (let frame = queue.takeWhole(now); frame !== undefined; frame = queue.takeWhole(now))
    found.push(text(frame) as string);
  return found;
}

describe('a frame has ended', () => {
  it('when the separator is seen, which belongs to it', () => {
    const queue = new FrameQueue(packing({ separator: 10 }));
    queue.push(octets('one\ntwo\nthr'), 0);
    assert.deepEqual(whole(queue, 0), ['one\n', 'two\n']);
    queue.push(octets('ee\n'), 1);
    assert.deepEqual(whole(queue, 1), ['three\n']);
  });

  it('by a separator of 0 as by any other', () => {
    const queue = new FrameQueue(packing({ separator: 0 }));
    queue.push(new Uint8Array([1, 0, 0, 2]), 0);
    assert.deepEqual(whole(queue, 0), ['\x01\x00', '\x00']);
  });

  it('when maxFrame octets are there', () => {
    const queue = new FrameQueue(packing({ maxFrame: 4 }));
    queue.push(octets('abcdefghij'), 0);
    assert.deepEqual(whole(queue, 0), ['abcd', 'efgh']);
    queue.push(octets('kl'), 1);
    assert.deepEqual(whole(queue, 1), ['ijkl']);
  });

  it('maxDelay after the last octet', () => {
    const queue = new FrameQueue(packing({ maxDelay: 25 }));
    assert.equal(queue.ripeAt, Number.POSITIVE_INFINITY);
    queue.push(octets('ab'), 100);
    queue.push(octets('cd'), 124);
    assert.equal(queue.ripeAt, 149);
    assert.deepEqual(whole(queue, 148.9), []);
    assert.deepEqual(whole(queue, 149), ['abcd']);
    assert.equal(queue.ripeAt, Number.POSITIVE_INFINITY);
  });

  it('when its sender says so', () => {
    const queue = new FrameQueue(packing());
    queue.push(octets('ab'), 0);
    queue.end();
    queue.push(octets('cd'), 0);
    assert.deepEqual(whole(queue, 0), ['ab']);
  });

  it('when what follows comes from elsewhere', () => {
    const queue = new FrameQueue(packing());
    queue.push(octets('ab'), 0, 'one');
    queue.push(octets('cd'), 0, 'two');
    const frame = queue.takeWhole(0);
    assert.deepEqual([text(frame), frame?.tag], ['ab', 'one']);
    assert.equal(queue.take()?.tag, 'two');
  });
});

describe('a queue of frames', () => {
  it('is right for every way to cut the same octets', () => {
    const all = Array.from({ length: 60 }, (_, i) => i % 7);
    for (let size = 1; size <= all.length; size++) {
      const queue = new FrameQueue(packing({ separator: 6, maxFrame: 5 }));
      for (let at = 0; at < all.length; at += size) queue.push(Uint8Array.from(all.slice(at, at + size)), 0);
      const frames: number[][] = [];
      for (let frame = queue.take(); frame !== undefined; frame = queue.take()) frames.push([...frame.octets]);
      assert.deepEqual(frames.flat(), all, `pieces of ${size}`);
      assert.deepEqual(
        frames.slice(0, 4),
        [
          [0, 1, 2, 3, 4],
          [5, 6],
          [0, 1, 2, 3, 4],
          [5, 6],
        ],
        `pieces of ${size}`,
      );
      assert.equal(queue.octets, 0);
    }
  });

  it('gives a frame that has not ended as far as it is there, and knows its rest', () => {
    const queue = new FrameQueue(packing({ maxFrame: 6 }));
    queue.push(octets('abcd'), 0);
    assert.equal(queue.begins, true);
    const first = queue.take();
    assert.deepEqual([text(first), first?.begins], ['abcd', true]);
    queue.push(octets('efgh'), 5);
    assert.equal(queue.begins, false);
    const rest = queue.take();
    assert.deepEqual([text(rest), rest?.begins], ['ef', false]);
    assert.equal(queue.begins, true, 'beyond maxFrame another begins');
    queue.push(octets('ij'), 15);
    assert.deepEqual([text(queue.take()), text(queue.take())], ['gh', 'ij'], 'and so after a pause');
  });

  it('drops the oldest frame beyond 64 KiB, and counts it', () => {
    const queue = new FrameQueue(packing({ maxFrame: 1024 }));
    for (let i = 0; i < 64; i++) queue.push(new Uint8Array(1024).fill(i), i);
    assert.deepEqual([queue.octets, queue.dropped], [MAX_WAITING, 0]);
    queue.push(new Uint8Array(1).fill(64), 64);
    assert.deepEqual([queue.octets, queue.dropped], [MAX_WAITING - 1023, 1]);
    assert.equal(queue.take()?.octets[0], 1);
  });

  it('keeps within 64 KiB whatever comes at once', () => {
    const queue = new FrameQueue(packing());
    queue.push(new Uint8Array(1_000_000), 0);
    assert.ok(queue.octets <= MAX_WAITING && queue.octets > MAX_WAITING - 1460);
    assert.equal(queue.dropped, Math.ceil((1_000_000 - MAX_WAITING) / 1460));
  });

  it('holds 4096 frames at most, however short', () => {
    const queue = new FrameQueue(packing({ separator: 0 }));
    queue.push(new Uint8Array(5000), 0);
    assert.deepEqual([queue.octets, queue.dropped], [4096, 904]);
  });

  it('keeps octets of its own', () => {
    const queue = new FrameQueue(packing());
    const given = octets('abc');
    queue.push(given, 0);
    given.fill(0);
    assert.equal(text(queue.take()), 'abc');
  });

  it('is empty when cleared, and has counted what it dropped', () => {
    const queue = new FrameQueue(packing({ maxFrame: 2 }));
    queue.push(octets('abcde'), 0);
    queue.clear();
    assert.deepEqual([queue.octets, queue.dropped, queue.take()], [0, 3, undefined]);
  });
});
