import assert from 'node:assert/strict';
import { Rig, STARTDT_ACT, STARTDT_CON, STOPDT_ACT, STOPDT_CON, started, TESTFR_ACT, TESTFR_CON } from './rig.js';

describe('a controlled station: TESTFR, STARTDT and STOPDT', () => {
  it('PROTOCOL 1: TESTFR act is confirmed, stopped or started', () => {
    const rig = new Rig();
    rig.receive('68 04 43 00 00 00');
    assert.deepEqual(rig.sent(), ['68 04 83 00 00 00'], 'before STARTDT');
    rig.receive(STARTDT_ACT);
    rig.receive('68 04 43 00 00 00');
    assert.deepEqual(rig.sent(), [STARTDT_CON, '68 04 83 00 00 00'], 'started');
    rig.receive(STOPDT_ACT);
    rig.receive('68 04 43 00 00 00');
    assert.deepEqual(rig.sent(), [STOPDT_CON, '68 04 83 00 00 00'], 'stopped again');
    rig.assertOpen();
  });

  it('PROTOCOL 1: TESTFR act is confirmed while STOPDT con is held', () => {
    const rig = started();
    rig.offer('aa');
    rig.receive(STOPDT_ACT);
    rig.sent();
    rig.receive('68 04 43 00 00 00');
    assert.deepEqual(rig.sent(), ['68 04 83 00 00 00']);
    assert.equal(rig.session.state, 'stopping');
  });

  it('PROTOCOL 1: TESTFR act is confirmed while our own TESTFR waits', () => {
    const rig = started({ t1: 15_000 });
    rig.session.test(rig.now);
    rig.receive(TESTFR_ACT);
    assert.deepEqual(rig.sent(), [TESTFR_ACT, TESTFR_CON]);
    rig.advance(15_000);
    rig.assertClosed('t1-testfr', "the peer's act is not the con that we wait for");
  });

  it('PROTOCOL 2: no I-frame is sent before STARTDT', () => {
    const rig = new Rig({ waitStart: 0 });
    assert.equal(rig.offer('aa', 'bb'), 0);
    rig.receive(TESTFR_ACT);
    rig.pull();
    rig.advance(5000);
    rig.pull();
    assert.deepEqual(rig.sent(), [TESTFR_CON]);
    rig.receive(STARTDT_ACT);
    assert.equal(rig.pull(), 2);
    assert.deepEqual(rig.sent(), [STARTDT_CON, '68 05 00 00 00 00 aa', '68 05 02 00 00 00 bb'], 'the con comes first');
  });

  it('PROTOCOL 3: an I-frame before STARTDT closes', () => {
    const rig = new Rig();
    rig.receive('68 0e 00 00 00 00 64 01 06 00 01 00 00 00 00 14');
    rig.assertClosed('i-frame-while-stopped');
    assert.deepEqual([rig.sent(), rig.delivered], [[], []]);
  });

  it('PROTOCOL 3: an S-frame before STARTDT closes', () => {
    const rig = new Rig();
    rig.receive('68 04 01 00 00 00');
    rig.assertClosed('s-frame-before-startdt');
    assert.deepEqual(rig.sent(), []);
  });

  it('PROTOCOL 3: STOPDT and TESTFR do not stand in for STARTDT', () => {
    for (const frame of ['68 04 01 00 00 00', '68 05 00 00 00 00 aa']) {
      const rig = new Rig();
      rig.receive(STOPDT_ACT);
      rig.receive(TESTFR_ACT);
      rig.receive(frame);
      assert.equal(rig.closed.length, 1, frame);
    }
  });

  it('PROTOCOL 4: STARTDT act and STOPDT act are confirmed', () => {
    const rig = new Rig();
    rig.receive('68 04 07 00 00 00');
    assert.deepEqual(rig.sent(), ['68 04 0b 00 00 00']);
    assert.deepEqual(rig.states, ['started']);
    rig.receive('68 04 13 00 00 00');
    assert.deepEqual(rig.sent(), ['68 04 23 00 00 00']);
    assert.deepEqual(rig.states, ['started', 'stopping', 'stopped']);
    rig.assertOpen();
  });

  it('PROTOCOL 4: repeated ones are confirmed too, and a STOPDT before any STARTDT', () => {
    const rig = new Rig();
    rig.receive(STOPDT_ACT);
    assert.deepEqual(rig.sent(), [STOPDT_CON]);
    rig.receive(STARTDT_ACT);
    rig.receive(STARTDT_ACT);
    assert.deepEqual(rig.sent(), [STARTDT_CON, STARTDT_CON]);
    rig.receive(STOPDT_ACT);
    rig.receive(STOPDT_ACT);
    assert.deepEqual(rig.sent(), [STOPDT_CON, STOPDT_CON]);
    assert.deepEqual(rig.states, ['started', 'stopping', 'stopped'], 'a repeated one changes nothing');
    rig.assertOpen();
  });

  it('PROTOCOL 4: a repeated STARTDT in the middle of data transfer disturbs nothing', () => {
    const rig = started();
    rig.offer('aa');
    rig.receive('68 05 00 00 00 00 cc');
    rig.receive(STARTDT_ACT);
    rig.offer('bb');
    assert.deepEqual(rig.sent(), ['68 05 00 00 00 00 aa', STARTDT_CON, '68 05 02 00 02 00 bb']);
  });

  it('PROTOCOL 5: N(S) and N(R) go on across STOPDT and STARTDT', () => {
    const rig = started();
    rig.offer('aa', 'bb');
    rig.receive('68 05 00 00 04 00 cc');
    rig.sent();
    rig.receive(STOPDT_ACT);
    assert.deepEqual(rig.sent(), ['68 04 01 00 02 00', STOPDT_CON]);
    rig.receive(STARTDT_ACT);
    rig.offer('dd');
    assert.deepEqual(rig.sent(), [STARTDT_CON, '68 05 04 00 02 00 dd'], 'N(S) 2, N(R) 1');
    rig.receive('68 05 02 00 06 00 ee');
    assert.deepEqual(rig.delivered, ['cc', 'ee']);
    assert.deepEqual(rig.confirmed, [0, 1, 2]);
    rig.receive(STOPDT_ACT);
    rig.receive(STARTDT_ACT);
    rig.receive('68 05 00 00 06 00 ff');
    rig.assertClosed('send-sequence', 'N(S) does not begin anew');
  });

  it('PROTOCOL 5: SSN sets the first N(S), and only that', () => {
    const rig = started({ firstSequence: 300 });
    rig.offer('aa', 'bb');
    assert.deepEqual(rig.sent(), ['68 05 58 02 00 00 aa', '68 05 5a 02 00 00 bb']);
    rig.receive('68 04 01 00 5a 02');
    assert.deepEqual(rig.confirmed, [0]);
    rig.receive('68 05 00 00 5c 02 cc');
    assert.deepEqual(rig.confirmed, [0, 1]);
    assert.deepEqual(rig.delivered, ['cc'], "the peer's N(S) begins at 0");
  });

  it('PROTOCOL 6: STOPDT while I-frames of the master are not acknowledged: S-frame, then STOPDT con', () => {
    const rig = started();
    rig.receive('68 05 00 00 00 00 aa');
    rig.receive('68 05 02 00 00 00 bb');
    rig.assertQuiet('neither w nor t2 has come');
    rig.receive('68 04 13 00 00 00');
    assert.deepEqual(rig.sent(), ['68 04 01 00 04 00', '68 04 23 00 00 00']);
    rig.advance(15_000);
    rig.assertQuiet('and t2 has nothing left to acknowledge');
  });

  it('PROTOCOL 6: the S-frame only if one is due', () => {
    const rig = started({ w: 1 });
    rig.receive('68 05 00 00 00 00 aa');
    assert.deepEqual(rig.sent(), ['68 04 01 00 02 00']);
    rig.receive(STOPDT_ACT);
    assert.deepEqual(rig.sent(), [STOPDT_CON]);
  });

  it('PROTOCOL 6: with the con held, the S-frame still goes at once', () => {
    const rig = started();
    rig.offer('aa');
    rig.receive('68 05 00 00 00 00 bb');
    rig.sent();
    rig.receive(STOPDT_ACT);
    assert.deepEqual(rig.sent(), ['68 04 01 00 02 00']);
    rig.receive('68 04 01 00 02 00');
    assert.deepEqual(rig.sent(), [STOPDT_CON]);
  });

  it('PROTOCOL 7: STOPDT while we have unacknowledged I-frames holds the con until they are acknowledged', () => {
    const rig = started();
    rig.offer('aa', 'bb', 'cc');
    rig.sent();
    rig.receive('68 04 13 00 00 00');
    assert.equal(rig.session.state, 'stopping');
    assert.equal(rig.offer('dd'), 0, 'nothing more is sent');
    rig.receive('68 04 01 00 04 00');
    assert.deepEqual(rig.confirmed, [0, 1]);
    rig.assertQuiet('one of three is still out');
    rig.receive('68 04 01 00 06 00');
    assert.deepEqual(rig.sent(), ['68 04 23 00 00 00']);
    assert.deepEqual(rig.log.slice(-3), ['confirmed 2', 'send 68 04 23 00 00 00', 'state stopped']);
    assert.deepEqual(rig.states, ['started', 'stopping', 'stopped']);
    rig.receive(STARTDT_ACT);
    assert.equal(rig.pull(), 1);
    assert.deepEqual(rig.sent(), [STARTDT_CON, '68 05 06 00 00 00 dd'], 'what waited goes after the next STARTDT');
  });

  it('PROTOCOL 7: t1 runs while the con is held', () => {
    const rig = started({ t1: 15_000 });
    rig.offer('aa');
    rig.advance(5000);
    rig.receive(STOPDT_ACT);
    rig.sent();
    rig.advance(9999);
    rig.assertQuiet();
    rig.advance(1);
    rig.assertClosed('t1-i-frame');
    assert.deepEqual(rig.sent(), [], 'and the con is never sent');
  });

  it('PROTOCOL 7: an I-frame received while the con is held closes, acknowledging or not', () => {
    for (const frame of ['68 05 00 00 00 00 bb', '68 05 00 00 02 00 bb']) {
      const rig = started();
      rig.offer('aa');
      rig.receive(STOPDT_ACT);
      rig.sent();
      rig.receive(frame);
      rig.assertClosed('i-frame-while-stopped');
      assert.deepEqual([rig.sent(), rig.delivered], [[], []]);
    }
  });

  it('PROTOCOL 7: an I-frame after STOPDT con closes; a late S-frame does not', () => {
    const rig = started();
    rig.receive(STOPDT_ACT);
    rig.receive('68 04 01 00 00 00');
    rig.assertOpen();
    rig.receive('68 05 00 00 00 00 aa');
    rig.assertClosed('i-frame-while-stopped');
    assert.deepEqual(rig.delivered, []);
  });

  it('PROTOCOL 7: STARTDT while the con is held starts again, with the old I-frames still to be acknowledged', () => {
    const rig = started({ k: 2, t1: 15_000 });
    rig.offer('aa', 'bb', 'cc');
    rig.receive(STOPDT_ACT);
    rig.sent();
    rig.advance(1000);
    rig.receive(STARTDT_ACT);
    assert.deepEqual(rig.sent(), [STARTDT_CON]);
    assert.equal(rig.session.state, 'started');
    assert.equal(rig.pull(), 0, 'the window is as full as before');
    rig.receive('68 04 01 00 04 00');
    rig.pull();
    assert.deepEqual(rig.sent(), ['68 05 04 00 00 00 cc'], 'no STOPDT con comes late');
    rig.advance(14_999);
    rig.assertOpen('t1 runs from cc');
    rig.advance(1);
    rig.assertClosed('t1-i-frame');
  });

  it('PROTOCOL 7: a STOPDT repeated while the con is held gets one con', () => {
    const rig = started();
    rig.offer('aa');
    rig.receive(STOPDT_ACT);
    rig.receive(STOPDT_ACT);
    rig.sent();
    rig.receive('68 04 01 00 02 00');
    assert.deepEqual(rig.sent(), [STOPDT_CON]);
  });
});
