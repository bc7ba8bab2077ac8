import assert from 'node:assert/strict';
import { sharingModes } from '../../lib/sharing/modes.js';
import { ChannelRig } from './rig.js';

describe('a byte channel with a serial port', () => {
  it('takes octets of a session to the port as they come, and the answer back as a frame', () => {
    const rig = new ChannelRig('serial');
    const far = rig.connect('primary');
    far.send('question');
    assert.deepEqual(rig.device.written, ['question']);
    rig.say('ans');
    rig.clock.advance(5);
    rig.say('wer');
    rig.clock.advance(9);
    assert.deepEqual(far.frames, []);
    rig.clock.advance(1);
    assert.deepEqual(far.frames, ['answer']);
  });

  it('shows a flow both directions', () => {
    const rig = new ChannelRig('serial');
    rig.connect('primary').send('question');
    rig.clock.advance(10);
    rig.say('answer');
    rig.clock.advance(10);
    assert.deepEqual(rig.arrived, ['primary: question', 'serial: answer']);
    assert.deepEqual(
      rig.arrivals.map(({ remote }) => remote),
      ['192.0.2.1:40001', '/dev/test'],
    );
  });

  it('gives what came up in a slot to its holder even where the frame ends after the slot', () => {
    const rig = new ChannelRig('serial', {
      slotTimeout: 50,
      packing: { separator: undefined, maxFrame: 1460, maxDelay: 2550 },
    });
    const [primary, secondary] = [rig.connect('primary'), rig.connect('secondary')];
    primary.send('question');
    rig.say('answer');
    rig.clock.advance(60);
    secondary.send('mine');
    rig.say('other');
    rig.clock.advance(2550);
    assert.deepEqual([primary.frames, secondary.frames], [['answer'], ['other']]);
  });

  it('does not give the rest of an answer to a session that has come in the place of the one that asked', () => {
    const rig = new ChannelRig('serial', { sharing: 'failover' });
    const far = rig.connect('primary');
    far.send('question');
    rig.say('ans');
    rig.channel.detach(rig.sessions.get('primary') as never);
    const next = rig.connect('primary');
    rig.clock.advance(10);
    assert.deepEqual([far.frames, next.frames], [['ans'], []]);
  });

  it('writes one frame after the other, each when the port has sent the one before', () => {
    const rig = new ChannelRig('serial', { sharing: 'raw' });
    rig.device.isFast = false;
    const far = rig.connect('primary');
    far.send('a');
    rig.clock.advance(20);
    far.send('b');
    assert.deepEqual(rig.device.written, ['a']);
    rig.device.settle();
    assert.deepEqual(rig.device.written, ['a', 'b']);
  });

  it('reads a session that may speak no faster than the port sends, and loses nothing of it', () => {
    const rig = new ChannelRig('serial');
    rig.device.isFast = false;
    const far = rig.connect('primary');
    const text = 'x'.repeat(1000);
    for (let i = 0; i < 500; i++) far.send(text);
    assert.ok(far.channel.peer.isPaused);
    for (let i = 0; i < 2000; i++) {
      if (!rig.device.isReady) rig.device.settle();
      rig.clock.settle();
    }
    assert.equal(rig.device.written.join('').length, 500_000);
    assert.equal(rig.channel.status.lost, 0);
  });

  it('drops what is sent while the port is not there, and goes on when it is back', () => {
    const rig = new ChannelRig('serial');
    const far = rig.connect('primary');
    rig.device.unplug();
    far.send('lost');
    assert.equal(rig.channel.status.reason, 'unplugged');
    assert.equal(rig.channel.status.lost, 1);
    rig.device.plug();
    far.send('question');
    rig.say('answer');
    rig.clock.advance(10);
    assert.deepEqual(rig.device.written, ['question']);
    assert.deepEqual(far.frames, ['answer']);
    assert.equal(rig.channel.status.reason, undefined);
  });

  it('takes a flow as one more party', () => {
    const rig = new ChannelRig('serial');
    const far = rig.connect('primary');
    rig.channel.send(Buffer.from('flow'));
    far.send('question');
    rig.say('answer');
    rig.clock.advance(599);
    assert.deepEqual(rig.device.written, ['flow']);
    assert.deepEqual(rig.arrived, ['serial: answer']);
    rig.clock.advance(20);
    assert.deepEqual(rig.device.written, ['flow', 'question']);
    assert.deepEqual(far.frames, []);
  });

  it('tells what of a flow waits and was lost', () => {
    const rig = new ChannelRig('serial');
    rig.device.isFast = false;
    assert.equal(rig.channel.flow, undefined);
    const message = Buffer.alloc(1460);
    for (let i = 0; i < 45; i++) rig.channel.send(message);
    assert.deepEqual(rig.channel.flow, { buffered: 44 * 1460, lost: 0 });
    const { changes } = rig;
    rig.channel.send(message);
    assert.deepEqual(rig.channel.flow, { buffered: 44 * 1460, lost: 1 });
    assert.equal(rig.changes, changes + 1);
    rig.device.unplug();
    assert.deepEqual(rig.channel.flow, { buffered: 0, lost: 45 });
    assert.equal(rig.channel.status.lost, 45);
  });

  it('tells a flow why its octets go nowhere', () => {
    const rig = new ChannelRig('serial', { sharing: 'failover' });
    rig.connect('primary');
    assert.throws(() => rig.channel.send(Buffer.from('a')), /the primary session has the serial port/);
    rig.device.unplug();
    assert.throws(() => rig.channel.send(Buffer.from('a')), /serial port \/dev\/test: unplugged/);
    const flow = new ChannelRig('flow');
    assert.throws(() => flow.channel.send(Buffer.from('a')), /no session that could hear it/);
  });
});

describe('a byte channel with a flow', () => {
  it('makes messages of frames', () => {
    const rig = new ChannelRig('flow', { packing: { separator: 10, maxFrame: 8, maxDelay: 10 } });
    const far = rig.connect('primary');
    far.send('one\ntw');
    far.send('o\nlonger than eight');
    assert.deepEqual(rig.arrived, ['primary: one\n', 'primary: two\n', 'primary: longer t', 'primary: han eigh']);
    rig.clock.advance(10);
    assert.equal(rig.arrived.at(-1), 'primary: t');
  });

  it('sends what a flow says at once, cut at maxFrame and separators', () => {
    const rig = new ChannelRig('flow', { packing: { separator: 10, maxFrame: 4, maxDelay: 10 } });
    const far = rig.connect('primary');
    rig.channel.send(Buffer.from('a\nlonger'));
    rig.clock.settle();
    assert.deepEqual(far.frames, ['a\n', 'long', 'er']);
  });

  it('keeps frames apart that waited for their slot', () => {
    const rig = new ChannelRig('flow');
    const [primary, secondary] = [rig.connect('primary'), rig.connect('secondary')];
    primary.send('a');
    secondary.send('b');
    rig.clock.advance(20);
    secondary.send('c');
    rig.clock.advance(700);
    assert.deepEqual(rig.arrived, ['primary: a', 'secondary: b', 'secondary: c']);
  });

  it('takes a datagram for a frame, however short the time between two', () => {
    const rig = new ChannelRig('flow', { datagrams: true });
    const far = rig.connect('peer');
    far.send('one\ntwo');
    far.send('three');
    assert.deepEqual(rig.arrived, ['peer: one\ntwo', 'peer: three']);
  });
});

for (const sharing of sharingModes)
  describe(`${sharing}: a session harms neither the other nor the device`, () => {
    /** The session that does harm, and the one that must not suffer: of failover, the one that may speak. */
    const bad = sharing === 'failover' ? 'secondary' : 'primary';
    const good = sharing === 'failover' ? 'primary' : 'secondary';

    /** The good session asks, and has its answer. */
    function works(rig: ChannelRig, far: { send(text: string): void; readonly frames: string[] }): void {
      const before = far.frames.join('').length;
      far.send('question');
      for (let waited = 0; !rig.device.written.includes('question'); waited += 10) {
        rig.clock.advance(10);
        assert.ok(waited < 5000, 'its question never reaches the device');
      }
      rig.device.written.length = 0;
      rig.say('answer');
      rig.clock.advance(10);
      assert.equal(far.frames.join('').slice(before), 'answer');
    }

    it('that does not read', () => {
      const rig = new ChannelRig('serial', { sharing });
      const [far, lazy] = [rig.connect(good), rig.connect(bad)];
      lazy.channel.pause();
      for (let i = 0; i < 200; i++) {
        rig.say('x'.repeat(1460));
        rig.clock.advance(10);
      }
      const session = rig.sessions.get(bad);
      assert.ok((session?.waiting ?? 0) <= 65_536);
      assert.ok((session?.channel.backlog ?? 0) <= 16_384 + 1460);
      if (sharing !== 'failover') assert.ok((session?.lost ?? 0) > 0, 'what it did not read is counted');
      assert.equal(far.frames.join('').length, 200 * 1460);
      works(rig, far);
    });

    it('that floods', () => {
      const rig = new ChannelRig('serial', { sharing });
      const [far, flood] = [rig.connect(good), rig.connect(bad)];
      let isFlooding = true;
      const pour = (): void => {
        if (!isFlooding) return;
        flood.channel.write(Buffer.alloc(1460));
        rig.clock.timer(1, pour);
      };
      pour();
      rig.clock.advance(3000);
      works(rig, far);
      isFlooding = false;
      const session = rig.sessions.get(bad);
      assert.ok(session !== undefined && rig.channel.waitingOf(session) <= 65_536);
      assert.equal(rig.channel.lostOf(rig.sessions.get(good) as never), 0);
    });

    it('that dies', () => {
      const rig = new ChannelRig('serial', { sharing });
      const [far, dying] = [rig.connect(good), rig.connect(bad)];
      if (sharing !== 'failover') dying.send('last words');
      dying.channel.cut('ECONNRESET');
      rig.clock.settle();
      assert.equal(rig.channel.status.sessions.length, 1);
      works(rig, far);
    });
  });
