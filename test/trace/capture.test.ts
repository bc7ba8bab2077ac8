import assert from 'node:assert/strict';
import { Capture } from '../../lib/trace/capture.js';
import { frameFilter } from '../../lib/trace/frame-filter.js';
import type { PassingFrame } from '../../lib/trace/frame-watch.js';
import { hex } from '../asdu/vectors.js';
import { STARTDT_ACT, TESTFR_ACT, TESTFR_CON } from '../server/wire.js';

const all = frameFilter({});
const passing = (digits: string): PassingFrame => ({
  remote: '192.0.2.7:40112',
  local: '192.0.2.1:2404',
  direction: 'received',
  octets: hex(digits),
});

/** Goes on reading until nothing is left. */
function readAll(capture: Capture, filter = all, limit = 100): { numbers: number[]; looks: number } {
  const numbers: number[] = [];
  let after = 0;
  for (let looks = 1; ; looks++) {
    const { frames, last, more } = capture.read(after, filter, limit);
    assert.ok(frames.length <= limit && last >= after);
    numbers.push(...frames.map(({ number }) => number));
    after = last;
    if (!more) return { numbers, looks };
  }
}

describe('a capture of frames', () => {
  it('shows the frames of all lines in the order in which they have passed, each once', () => {
    const capture = new Capture(100);
    for (let i = 0; i < 60; i++) capture.record(`line ${i % 3}`, passing(TESTFR_ACT), i);
    assert.deepEqual(
      readAll(capture, all, 7).numbers,
      Array.from({ length: 60 }, (_, i) => i + 1),
    );
    const { last } = capture.read(0, all, 1000);
    assert.deepEqual(capture.read(last, all, 1000), { frames: [], last, more: false });
    capture.record('line 9', passing(STARTDT_ACT), 77);
    const [frame] = capture.read(last, all, 1000).frames;
    assert.deepEqual(frame, {
      ...passing(STARTDT_ACT),
      octets: new Uint8Array(hex(STARTDT_ACT)),
      number: 61,
      at: 77,
      line: 'line 9',
    });
  });

  it('keeps octets that change after they have passed', () => {
    const capture = new Capture(10);
    const octets = Buffer.from(hex(STARTDT_ACT));
    capture.record('a', { ...passing(STARTDT_ACT), octets }, 0);
    octets.fill(0);
    assert.deepEqual(capture.read(0, all, 1).frames[0]?.octets, new Uint8Array(hex(STARTDT_ACT)));
  });

  it('keeps the last frames of each line; a busy one does not push out the others, and what goes is counted', () => {
    const capture = new Capture(100);
    capture.record('quiet', passing(STARTDT_ACT), 0);
    for (let i = 0; i < 250; i++) capture.record('busy', passing(TESTFR_ACT), i);
    assert.deepEqual(Object.fromEntries(capture.kept), {
      quiet: { kept: 1, dropped: 0, oldest: 1 },
      busy: { kept: 100, dropped: 150, oldest: 152 },
    });
    const { numbers } = readAll(capture);
    assert.deepEqual(numbers, [1, ...Array.from({ length: 100 }, (_, i) => i + 152)]);
    assert.equal(capture.read(200, all, 1).frames[0]?.number, 201);
  });

  it('a look ends after 2000 frames even if the filter wants none of them', () => {
    const capture = new Capture(5000);
    for (let i = 0; i < 4500; i++) capture.record('a', passing(TESTFR_ACT), i);
    capture.record('a', passing(TESTFR_CON), 0);
    const found = readAll(capture, frameFilter({ text: 'con' }));
    assert.deepEqual(found, { numbers: [4501], looks: 3 });
  });

  it('paused, it keeps what it has and counts what passes', () => {
    const capture = new Capture(10);
    capture.record('a', passing(STARTDT_ACT), 0);
    capture.isPaused = true;
    for (let i = 0; i < 25; i++) capture.record('a', passing(TESTFR_ACT), i);
    assert.deepEqual(readAll(capture).numbers, [1]);
    assert.equal(capture.unseen, 25);
    capture.isPaused = false;
    capture.record('a', passing(TESTFR_CON), 0);
    assert.deepEqual(readAll(capture).numbers, [1, 2]);
  });

  it('cleared, it is empty and goes on with new numbers', () => {
    const capture = new Capture(2);
    for (let i = 0; i < 5; i++) capture.record('a', passing(TESTFR_ACT), i);
    capture.clear();
    assert.equal(capture.kept.size, 0);
    capture.record('a', passing(TESTFR_CON), 0);
    assert.deepEqual(readAll(capture).numbers, [6]);
    assert.deepEqual(capture.kept.get('a'), { kept: 1, dropped: 0, oldest: 6 });
  });
});
