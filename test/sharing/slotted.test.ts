import assert from 'node:assert/strict';
import { array, assert as check, constantFrom, integer, property, record } from 'fast-check';
import type { Packing } from '../../lib/sharing/frames.js';
import { SlottedSharing } from '../../lib/sharing/slotted.js';
import { TestDevice } from './device.js';

const packing: Packing = { separator: undefined, maxFrame: 1024, maxDelay: 10 };
const TIMEOUT = 600;

const slotted = (): TestDevice => new TestDevice(new SlottedSharing(packing, TIMEOUT)).connect('primary', 'secondary');

describe('slotted sharing', () => {
  it('gives an idle channel to the first sender', () => {
    const device = slotted();
    assert.equal(device.sharing.holder, undefined);
    assert.deepEqual(device.send('secondary', 'a'), ['secondary: a']);
    assert.equal(device.sharing.holder, 'secondary');
    assert.deepEqual(device.send('primary', 'b'), []);
  });

  it('gives what comes up to the holder alone', () => {
    const device = slotted();
    device.send('secondary', 'a');
    assert.deepEqual(device.say(), ['secondary']);
  });

  it('gives what comes up on an idle channel to both', () => {
    const device = slotted();
    assert.deepEqual(device.say(), ['primary', 'secondary']);
    assert.equal(device.sharing.holder, undefined, 'and that takes no slot');
    device.send('primary', 'a');
    device.pass(TIMEOUT);
    assert.deepEqual(device.say(), ['primary', 'secondary']);
  });

  it('frees the channel after silence of slotTimeout in both directions', () => {
    const device = slotted();
    device.send('primary', 'a');
    device.pass(TIMEOUT - 1);
    assert.equal(device.sharing.holder, 'primary');
    device.say();
    device.pass(TIMEOUT - 1);
    assert.equal(device.sharing.holder, 'primary', 'what comes up is no silence');
    device.send('primary', 'b');
    device.pass(TIMEOUT - 1);
    assert.equal(device.sharing.holder, 'primary', 'nor is what goes down');
    device.pass(1);
    assert.equal(device.sharing.holder, undefined);
  });

  it('counts no silence while the device sends', () => {
    const device = slotted();
    device.isFast = false;
    device.send('primary', 'a');
    device.pass(10 * TIMEOUT);
    assert.equal(device.sharing.holder, 'primary');
    device.settle();
    device.pass(TIMEOUT - 1);
    assert.equal(device.sharing.holder, 'primary');
    device.pass(1);
    assert.equal(device.sharing.holder, undefined);
  });

  it('lets the octets of the other session wait in order', () => {
    const device = slotted();
    device.send('primary', 'a');
    device.send('secondary', 'b');
    device.pass(20);
    device.send('secondary', 'c');
    assert.deepEqual(device.pass(TIMEOUT - 21), []);
    assert.deepEqual(device.pass(1), ['secondary: b', 'secondary: c']);
    assert.deepEqual(device.say(), ['secondary']);
  });

  it('drops the oldest frame of what waits beyond 64 KiB, and counts it', () => {
    const device = slotted();
    device.send('primary', 'a');
    for (let i = 0; i < 66; i++) device.send('secondary', Buffer.alloc(1024, i));
    assert.equal(device.sharing.lost('secondary'), 2);
    assert.equal(device.sharing.waiting('secondary'), 65_536);
    const first = device.pass(TIMEOUT)[0] as string;
    assert.equal(first.charCodeAt('secondary: '.length), 2);
    assert.equal(device.sharing.lost('primary'), 0);
  });

  it('begins no further frame of the holder once another has waited for slotTimeout', () => {
    const device = slotted();
    device.send('primary', 'question 1');
    device.pass(100);
    device.send('secondary', 'mine');
    // Asks again with every answer, as masters do.
    for (let i = 2; i <= 7; i++) {
      device.pass(100);
      assert.deepEqual(device.say(), ['primary']);
      assert.deepEqual(device.send('primary', `question ${i}`), i < 7 ? [`primary: question ${i}`] : []);
    }
    assert.deepEqual(device.say(), ['primary'], 'the slot is its own as long as the device answers');
    assert.deepEqual(device.pass(TIMEOUT), ['secondary: mine']);
    assert.deepEqual(device.pass(TIMEOUT), ['primary: question 7']);
  });

  it('lets a frame that has begun come to its end', () => {
    const device = slotted();
    device.send('primary', 'a');
    device.send('secondary', 'mine');
    device.pass(TIMEOUT - 1);
    assert.deepEqual(device.send('primary', 'be'), ['primary: be']);
    device.pass(1);
    assert.deepEqual(device.send('primary', 'gun'), ['primary: gun']);
    device.pass(10);
    assert.deepEqual(device.send('primary', 'new'), []);
  });

  it('serves who waits while the holder floods', () => {
    const device = slotted();
    device.send('primary', Buffer.alloc(1024));
    device.send('secondary', 'mine');
    let waited = 0;
    while (!device.received.includes('secondary: mine')) {
      device.pass(5);
      device.send('primary', Buffer.alloc(1024));
      waited += 5;
      assert.ok(waited <= 2 * TIMEOUT + 5, 'it waits in vain');
    }
    assert.ok(device.sharing.waiting('primary') <= 65_536);
    assert.equal(device.sharing.lost('secondary'), 0);
  });

  it('passes the slot on when a device is never silent', () => {
    const device = slotted();
    device.send('primary', 'a');
    device.send('secondary', 'mine');
    for (let waited = 0; !device.received.includes('secondary: mine'); waited += 100) {
      assert.deepEqual(device.say(), ['primary']);
      device.pass(100);
      assert.ok(waited <= 2 * TIMEOUT + 10_000, 'it waits in vain');
    }
    assert.deepEqual(device.say(), ['secondary']);
  });

  it('keeps the slot of a session that has gone, so that its answer reaches nobody else', () => {
    const device = slotted();
    device.send('primary', 'question');
    device.disconnect('primary');
    device.pass(200);
    assert.deepEqual(device.say(), []);
    assert.equal(device.sharing.holder, undefined);
    device.connect('primary');
    assert.deepEqual(device.say(), [], 'nor the one that comes in its place');
    device.send('primary', 'next');
    device.send('secondary', 'mine');
    assert.deepEqual(device.pass(TIMEOUT), ['primary: next']);
    assert.deepEqual(device.say(), ['primary']);
  });

  it('ends the slot of a session that has gone even though the device is never silent', () => {
    const device = slotted();
    device.send('primary', 'question');
    device.disconnect('primary');
    for (let waited = 0; device.say().length === 0; waited += 100) {
      device.pass(100);
      assert.ok(waited <= TIMEOUT + 10_000, 'nobody hears the device any more');
    }
    assert.deepEqual(device.say(), ['secondary']);
  });

  it('listens again before the slot ends, where this process was held up at the end of a silence', () => {
    const device = slotted();
    device.send('primary', 'question');
    device.send('secondary', 'mine');
    // Nothing was done for a while: the answer may lie unread.
    device.stall(TIMEOUT + 200);
    assert.equal(device.sharing.holder, 'primary');
    device.pass(5);
    assert.deepEqual(device.say(), ['primary']);
    // Held up just before the end, by more than it may be late.
    device.pass(TIMEOUT - 5);
    device.stall(20);
    assert.equal(device.sharing.holder, 'primary');
    assert.deepEqual(device.pass(9), []);
    assert.deepEqual(device.pass(1), ['secondary: mine']);
  });

  it('drops what waits of a session that has gone', () => {
    const device = slotted();
    device.send('primary', 'a');
    device.send('secondary', 'mine');
    device.disconnect('secondary');
    assert.deepEqual(device.pass(10 * TIMEOUT), []);
    assert.equal(device.sharing.lost('secondary'), 1);
    assert.equal(device.sharing.deadline, Number.POSITIVE_INFINITY);
  });

  it('takes a flow as a party like any other', () => {
    const device = slotted();
    assert.deepEqual(device.send('flow', 'a'), ['flow: a']);
    assert.deepEqual(device.send('primary', 'b'), []);
    assert.deepEqual(device.say(), ['flow']);
    assert.deepEqual(device.pass(TIMEOUT), ['primary: b']);
  });

  it('begins anew after a device that has gone', () => {
    const device = slotted();
    device.isFast = false;
    device.send('primary', 'a');
    device.send('secondary', 'b');
    device.vanish();
    assert.equal(device.sharing.holder, undefined);
    assert.equal(device.sharing.lost('secondary'), 1);
    assert.deepEqual(device.send('secondary', 'c'), ['secondary: c']);
  });

  it('gives no answer to another than who has asked, and lets nobody wait for ever, whatever the parties do', () => {
    const step = record({
      party: constantFrom('primary' as const, 'secondary' as const),
      pause: integer({ min: 0, max: 900 }),
      /** ms that the device takes to answer: within the slot's time-out, as it has to. */
      answers: integer({ min: 0, max: TIMEOUT - 1 }),
    });
    check(
      property(array(step, { maxLength: 60 }), (steps) => {
        const device = slotted();
        const due: { at: number; party: string }[] = [];
        const sent = new Map<string, number>();
        const pass = (ms: number, answers: number): void => {
          const until = device.now + ms;
          for (;;) {
            const at = Math.min(until, device.sharing.deadline, ...due.map((answer) => answer.at));
            const before = device.received.length;
            // Answers come before what is due at the same moment: silence has not lasted as long then.
            device.now = Math.max(device.now, at);
            const index = due.findIndex((answer) => answer.at <= device.now);
            if (index >= 0) assert.deepEqual(device.say(), [due.splice(index, 1)[0]?.party]);
            else device.pass(0);
            notice(before, answers);
            if (device.now >= until && !due.some((answer) => answer.at <= until) && device.sharing.deadline > until)
              return;
          }
        };
        const notice = (before: number, answers: number): void => {
          for (const frame of device.received.slice(before)) {
            const [party = '', number] = frame.split(': ');
            // One device answers one after the other.
            due.push({ at: Math.max(device.now, ...due.map(({ at }) => at)) + answers, party });
            assert.ok(device.now - (sent.get(number as string) as number) < 5 * TIMEOUT, 'it waited too long');
            sent.delete(number as string);
          }
        };
        for (const [index, { party, pause, answers }] of steps.entries()) {
          // A master asks when it has its answer.
          if (!due.some((answer) => answer.party === party) && device.sharing.waiting(party) === 0) {
            sent.set(String(index), device.now);
            const before = device.received.length;
            device.send(party, String(index));
            notice(before, answers);
          }
          pass(pause, answers);
        }
        pass(100 * TIMEOUT, 0);
        assert.equal(sent.size, 0, 'every question reaches the device');
      }),
      { numRuns: 500 },
    );
  });
});
