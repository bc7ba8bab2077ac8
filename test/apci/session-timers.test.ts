import assert from 'node:assert/strict';
import { Rig, STARTDT_ACT, STARTDT_CON, STOPDT_ACT, started, TESTFR_ACT, TESTFR_CON } from './rig.js';

describe('a controlled station: t1', () => {
  it('PROTOCOL 10: the oldest unacknowledged I-frame older than t1 closes', () => {
    const rig = started({ t1: 15_000 });
    rig.offer('aa');
    rig.advance(8000);
    rig.offer('bb');
    rig.sent();
    rig.advance(6999);
    rig.assertQuiet();
    rig.advance(1);
    rig.assertClosed('t1-i-frame');
    assert.deepEqual(rig.confirmed, []);
  });

  it('PROTOCOL 10: a partial acknowledgement moves t1 to the I-frame that is then the oldest', () => {
    const rig = started({ t1: 15_000 });
    rig.offer('aa');
    rig.advance(8000);
    rig.offer('bb');
    rig.advance(2000);
    rig.receive('68 04 01 00 02 00');
    rig.advance(12_999);
    rig.assertOpen('bb was sent 14,999 ms ago');
    rig.advance(1);
    rig.assertClosed('t1-i-frame');
  });

  it('PROTOCOL 10: a full acknowledgement ends t1, and the next I-frame begins it', () => {
    const rig = started({ t1: 15_000, t3: 0 });
    rig.offer('aa', 'bb');
    rig.advance(14_999);
    rig.receive('68 04 01 00 04 00');
    rig.advance(100_000);
    rig.offer('cc');
    rig.advance(14_999);
    rig.assertOpen();
    rig.advance(1);
    rig.assertClosed('t1-i-frame');
  });

  it('PROTOCOL 10: neither TESTFR nor anything else but an N(R) restarts t1', () => {
    const rig = started({ t1: 15_000, w: 1 });
    rig.offer('aa', 'bb');
    rig.advance(7000);
    rig.session.test(rig.now);
    rig.receive(TESTFR_CON);
    rig.receive(TESTFR_ACT);
    rig.receive(STARTDT_ACT);
    rig.advance(7000);
    rig.receive('68 04 01 00 00 00');
    rig.receive('68 05 00 00 00 00 cc');
    rig.offer('dd');
    rig.advance(999);
    rig.assertOpen();
    rig.advance(1);
    rig.assertClosed('t1-i-frame');
  });

  it('PROTOCOL 10: t1 stays with the oldest when the window is filled again during a confirmation', () => {
    const rig = started({ t1: 15_000, k: 2 });
    rig.offer('aa');
    rig.advance(1000);
    rig.offer('bb');
    rig.advance(9000);
    rig.onConfirmed = () => void rig.offer('cc');
    rig.receive('68 04 01 00 02 00');
    assert.equal(rig.session.unacknowledged, 2);
    rig.advance(5999);
    rig.assertOpen('bb was sent 14,999 ms ago');
    rig.advance(1);
    rig.assertClosed('t1-i-frame');
  });
});

describe('a controlled station: t3', () => {
  it('PROTOCOL 11: t3 of silence sends TESTFR act, the con begins it anew', () => {
    const rig = started({ t3: 20_000 });
    rig.advance(19_999);
    rig.assertQuiet();
    rig.advance(1);
    assert.deepEqual(rig.sent(), ['68 04 43 00 00 00']);
    rig.advance(100);
    rig.receive('68 04 83 00 00 00');
    rig.advance(19_999);
    rig.assertQuiet();
    rig.advance(1);
    assert.deepEqual(rig.sent(), ['68 04 43 00 00 00']);
  });

  it('PROTOCOL 11: in stopped state too, before STARTDT and after STOPDT', () => {
    const before = new Rig({ t3: 20_000, waitStart: 0 });
    before.advance(20_000);
    assert.deepEqual(before.sent(), [TESTFR_ACT]);

    const after = started({ t3: 20_000 });
    after.receive(STOPDT_ACT);
    after.sent();
    after.advance(20_000);
    assert.deepEqual(after.sent(), [TESTFR_ACT]);
    after.advance(15_000);
    after.assertClosed('t1-testfr');
  });

  it('PROTOCOL 11: every received frame breaks the silence', () => {
    for (const frame of ['68 05 00 00 00 00 aa', '68 04 01 00 00 00', TESTFR_ACT, TESTFR_CON, STARTDT_ACT]) {
      const rig = started({ t2: 60_000, t3: 20_000 });
      rig.advance(15_000);
      rig.receive(frame);
      rig.sent();
      rig.advance(19_999);
      rig.assertQuiet(frame);
      rig.advance(1);
      assert.deepEqual(rig.sent(), [TESTFR_ACT], frame);
    }
  });

  it('PROTOCOL 11: a frame sent breaks the silence, too', () => {
    const rig = started({ t1: 60_000, t2: 10_000, t3: 20_000 });
    rig.advance(15_000);
    rig.offer('aa');
    rig.sent();
    rig.advance(19_999);
    rig.assertQuiet('an I-frame');
    rig.receive('68 05 00 00 02 00 bb');
    rig.advance(10_000);
    assert.deepEqual(rig.sent(), ['68 04 01 00 02 00']);
    rig.advance(19_999);
    rig.assertQuiet('an S-frame');
    rig.advance(1);
    assert.deepEqual(rig.sent(), [TESTFR_ACT]);
  });

  it('PROTOCOL 11: half a frame does not break the silence', () => {
    const rig = started({ t1: 15_000, t3: 20_000 });
    rig.advance(15_000);
    rig.receive('68 04 43');
    rig.advance(5000);
    assert.deepEqual(rig.sent(), [TESTFR_ACT]);
  });

  it('PROTOCOL 11: no con within t1 closes', () => {
    const rig = started({ t1: 15_000, t3: 20_000 });
    rig.advance(20_000);
    assert.deepEqual(rig.sent(), [TESTFR_ACT]);
    rig.advance(14_999);
    rig.assertQuiet('and the act is not repeated');
    rig.advance(1);
    rig.assertClosed('t1-testfr');
  });

  it('PROTOCOL 11: other frames do not stand in for the con', () => {
    for (const frame of ['68 05 00 00 00 00 aa', '68 04 01 00 00 00', TESTFR_ACT, STARTDT_ACT, STARTDT_CON]) {
      const rig = started({ t1: 15_000, t3: 20_000 });
      rig.advance(20_000);
      rig.advance(14_000);
      rig.receive(frame);
      rig.advance(999);
      rig.assertOpen(frame);
      rig.advance(1);
      rig.assertClosed('t1-testfr', frame);
    }
  });

  it('PROTOCOL 11: t3 = 0 never tests by itself, but when told', () => {
    const rig = started({ t1: 15_000, t3: 0 });
    assert.equal(rig.session.deadline, Number.POSITIVE_INFINITY);
    rig.advance(1e9);
    rig.assertQuiet();
    rig.session.test(rig.now);
    rig.session.test(rig.now);
    assert.deepEqual(rig.sent(), [TESTFR_ACT], 'one test at a time');
    rig.receive(TESTFR_CON);
    assert.equal(rig.session.deadline, Number.POSITIVE_INFINITY);
    rig.session.test(rig.now);
    rig.advance(15_000);
    rig.assertClosed('t1-testfr');
  });
});

describe('a controlled station: waiting for a frame and for STARTDT', () => {
  it('PROTOCOL 13: a frame that stays incomplete for t1 closes, wherever it stops', () => {
    const frame = '68 0e 00 00 00 00 64 01 06 00 01 00 00 00 00 14'.split(' ');
    for (let count = 1; count < frame.length; count++) {
      const rig = started({ t1: 15_000, t3: 0 });
      rig.receive(frame.slice(0, count).join(' '));
      rig.advance(14_999);
      rig.assertQuiet(`${count} octets`);
      rig.advance(1);
      rig.assertClosed('t1-frame', `${count} octets`);
    }
  });

  it('PROTOCOL 13: single octets that trickle in do not extend t1', () => {
    const rig = started({ t1: 15_000, t3: 0 });
    for (const octet of ['68', '0e', '00', '00', '00', '00', '64', '01']) {
      rig.assertOpen();
      rig.receive(octet);
      rig.advance(2000);
    }
    rig.assertClosed('t1-frame');
  });

  it('PROTOCOL 13: in time it is delivered, and the next incomplete one has its own t1', () => {
    const rig = started({ t1: 15_000, t2: 60_000, t3: 0 });
    rig.receive('68 05 00');
    rig.advance(14_999);
    rig.receive('00 00 00 aa 68 05 02');
    rig.advance(14_999);
    rig.assertOpen();
    rig.receive('00 00 00 bb');
    rig.advance(15_000);
    rig.assertOpen('nothing has begun');
    assert.deepEqual(rig.delivered, ['aa', 'bb']);
    rig.receive('68 05 04 00 00 00 cc 68');
    rig.advance(15_000);
    rig.assertClosed('t1-frame');
  });

  it('PROTOCOL 13: an incomplete frame closes before STARTDT, too', () => {
    const rig = new Rig({ t1: 15_000, waitStart: 0, t3: 0 });
    rig.receive('68');
    rig.advance(15_000);
    rig.assertClosed('t1-frame');
  });

  it('PROTOCOL 13: a connection without STARTDT for longer than WTS closes', () => {
    const rig = new Rig({ waitStart: 60_000, t3: 0 });
    rig.receive(STOPDT_ACT);
    rig.sent();
    rig.advance(59_999);
    rig.assertQuiet('STOPDT is no start');
    rig.advance(1);
    rig.assertClosed('no-startdt');
  });

  it('PROTOCOL 13: WTS = 0 waits for ever', () => {
    const rig = new Rig({ waitStart: 0, t3: 0 });
    assert.equal(rig.session.deadline, Number.POSITIVE_INFINITY);
    rig.receive(TESTFR_ACT);
    assert.equal(rig.session.deadline, Number.POSITIVE_INFINITY);
    rig.advance(1e9);
    rig.receive(STARTDT_ACT);
    assert.deepEqual(rig.sent(), [TESTFR_CON, STARTDT_CON]);
  });

  it('PROTOCOL 13: WTS concerns the first STARTDT alone', () => {
    const rig = new Rig({ waitStart: 60_000, t3: 0 });
    rig.advance(59_999);
    rig.receive(STARTDT_ACT);
    rig.receive(STOPDT_ACT);
    rig.receive(TESTFR_ACT);
    rig.advance(1e9);
    rig.assertOpen();
  });

  it("PROTOCOL 13: a TESTFR act of the peer renews the wait: a redundant master's standby connection stays", () => {
    const rig = new Rig({ waitStart: 60_000, t3: 0 });
    for (let hour = 0; hour < 24 * 60; hour++) {
      rig.advance(59_999);
      rig.receive(TESTFR_ACT);
      assert.deepEqual(rig.sent(), [TESTFR_CON]);
    }
    rig.advance(59_999);
    rig.assertOpen();
    rig.advance(1);
    rig.assertClosed('no-startdt');
  });

  it('PROTOCOL 13: so does the con to our own TESTFR: with the shorter t3 on our side the peer never sends an act', () => {
    const rig = new Rig({ waitStart: 60_000, t3: 20_000 });
    for (let tests = 0; tests < 100; tests++) {
      rig.advance(20_000);
      assert.deepEqual(rig.sent(), [TESTFR_ACT]);
      rig.receive(TESTFR_CON);
    }
    rig.assertOpen();
  });

  it('PROTOCOL 13: a con that nobody asked for does not renew the wait', () => {
    const rig = new Rig({ waitStart: 60_000, t3: 0 });
    rig.advance(59_999);
    rig.receive(TESTFR_CON);
    rig.receive(STARTDT_CON);
    rig.advance(1);
    rig.assertClosed('no-startdt');
  });
});
