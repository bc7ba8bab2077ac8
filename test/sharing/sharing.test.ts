import assert from 'node:assert/strict';
import { FailoverSharing } from '../../lib/sharing/failover.js';
import type { Packing } from '../../lib/sharing/frames.js';
import { RawSharing } from '../../lib/sharing/raw.js';
import { TestDevice } from './device.js';

const packing: Packing = { separator: undefined, maxFrame: 1024, maxDelay: 10 };

describe('raw sharing', () => {
  const raw = (): TestDevice => new TestDevice(new RawSharing(packing)).connect('primary', 'secondary');

  it('sends octets of both sessions down as they come', () => {
    const device = raw();
    assert.deepEqual(device.send('primary', 'a'), ['primary: a']);
    assert.deepEqual(device.send('secondary', 'b'), ['secondary: b']);
    assert.deepEqual(device.send('primary', 'c'), ['primary: c']);
    assert.equal(device.sharing.holder, undefined);
  });

  it('gives what comes up to both', () => {
    const device = raw();
    assert.deepEqual(device.say(), ['primary', 'secondary']);
    device.disconnect('primary');
    assert.deepEqual(device.say(), ['secondary']);
  });

  it('takes a frame of each in turn where the device is slow: who floods delays the other by one frame', () => {
    const device = raw();
    device.isFast = false;
    device.send('primary', Buffer.alloc(100_000, 'x'));
    device.send('secondary', 'mine');
    device.settle();
    device.settle();
    assert.ok(
      device.received.slice(0, 3).includes('secondary: mine'),
      device.received.map((frame) => frame.slice(0, 20)).join(),
    );
    assert.equal(device.sharing.lost('secondary'), 0);
    assert.ok(device.sharing.lost('primary') > 0);
    assert.ok(device.sharing.waiting('primary') <= 65_536);
  });

  it('drops what waits of a session that has gone', () => {
    const device = raw();
    device.isFast = false;
    device.send('primary', 'a');
    device.send('primary', 'b');
    device.disconnect('primary');
    assert.deepEqual(device.settle(), []);
    assert.equal(device.sharing.lost('primary'), 1);
  });
});

describe('failover', () => {
  const failover = (): TestDevice => new TestDevice(new FailoverSharing(packing));

  it('gives the primary exclusive access until it disconnects; the octets of the secondary are ignored meanwhile', () => {
    const device = failover().connect('primary', 'secondary');
    assert.deepEqual(device.send('secondary', 'no'), []);
    assert.deepEqual(device.send('primary', 'yes'), ['primary: yes']);
    assert.deepEqual(device.say(), ['primary']);
    assert.equal(device.sharing.lost('secondary'), 1);
  });

  it('does not queue what it ignores', () => {
    const device = failover().connect('primary', 'secondary');
    device.send('secondary', 'no');
    assert.equal(device.sharing.waiting('secondary'), 0);
    device.disconnect('primary');
    assert.deepEqual(device.send('secondary', 'now'), ['secondary: now']);
    assert.deepEqual(device.say(), ['secondary']);
  });

  it('gives access back to a primary that returns once its first octets arrive, not as it connects', () => {
    const device = failover().connect('primary', 'secondary');
    device.disconnect('primary');
    device.connect('primary');
    assert.deepEqual(device.say(), ['secondary']);
    assert.deepEqual(device.send('secondary', 'still'), ['secondary: still']);
    assert.deepEqual(device.send('primary', 'back'), ['primary: back']);
    assert.deepEqual(device.say(), ['primary']);
    assert.deepEqual(device.send('secondary', 'no more'), []);
  });

  it('lets a secondary that came before any primary speak until the primary does', () => {
    const device = failover().connect('secondary');
    assert.deepEqual(device.send('secondary', 'a'), ['secondary: a']);
    device.connect('primary');
    assert.deepEqual(device.send('secondary', 'b'), ['secondary: b']);
    assert.deepEqual(device.send('primary', 'c'), ['primary: c']);
  });

  it('gives a primary that is alone access as it connects', () => {
    const device = failover().connect('primary');
    assert.deepEqual(device.say(), ['primary']);
    device.connect('secondary');
    assert.deepEqual(device.send('secondary', 'no'), []);
  });

  it('gives a silent primary access when the secondary goes', () => {
    const device = failover().connect('secondary').connect('primary');
    device.disconnect('secondary');
    assert.deepEqual(device.say(), ['primary']);
    assert.equal(device.sharing.holder, 'primary');
  });

  it('sends nothing of the secondary after the first octets of the primary', () => {
    const device = failover().connect('secondary').connect('primary');
    device.isFast = false;
    device.send('secondary', 'first');
    device.send('secondary', 'second');
    device.send('primary', 'mine');
    assert.deepEqual(device.settle(), ['primary: mine']);
    assert.equal(device.sharing.lost('secondary'), 1);
  });

  it('lets a flow speak while no session is there', () => {
    const device = failover();
    assert.deepEqual(device.send('flow', 'a'), ['flow: a']);
    device.connect('secondary');
    assert.equal(device.sharing.offer('flow', Buffer.from('b'), device.now, ''), false);
    assert.equal(device.sharing.lost('flow'), 1);
  });

  it('keeps a flood within 64 KiB', () => {
    const device = failover().connect('primary');
    device.isFast = false;
    for (let i = 0; i < 1000; i++) device.send('primary', Buffer.alloc(1024));
    assert.ok(device.sharing.waiting('primary') <= 65_536);
    // One is with the device, 64 wait.
    assert.equal(device.sharing.lost('primary'), 1000 - 65);
  });
});

describe('a device that has gone', () => {
  for (const sharing of [new RawSharing(packing), new FailoverSharing(packing)])
    it(`takes what waited with it (${sharing.constructor.name})`, () => {
      const device = new TestDevice(sharing).connect('primary');
      device.isFast = false;
      device.send('primary', 'a');
      device.send('primary', 'b');
      device.vanish();
      assert.deepEqual(device.send('primary', 'c'), ['primary: c']);
      assert.equal(device.sharing.lost('primary'), 1);
    });
});
