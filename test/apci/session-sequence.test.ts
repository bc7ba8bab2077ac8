import assert from 'node:assert/strict';
import {
  iFrame,
  type Rig,
  STARTDT_ACT,
  STOPDT_ACT,
  STOPDT_CON,
  sFrame,
  started,
  TESTFR_ACT,
  TESTFR_CON,
} from './rig.js';

/** Sends and gets acknowledged so many I-frames. */
function exchange(rig: Rig, count: number): void {
  for (let n = 0; n < count; n++) {
    assert.equal(rig.offer('aa'), 1);
    rig.receive(sFrame((n + 1) % 32768));
  }
  rig.sent();
}

describe('a controlled station: sequence numbers', () => {
  it('PROTOCOL 8: N(S) must be exactly the next: a gap, a repetition and a step back close', () => {
    for (const ns of ['04 00', '00 00', 'fe ff', '02 80']) {
      const rig = started();
      rig.receive('68 05 00 00 00 00 aa');
      rig.receive(`68 05 ${ns} 00 00 bb`);
      rig.assertClosed('send-sequence', `after N(S) 0 came ${ns}`);
      assert.deepEqual(rig.delivered, ['aa']);
    }
    const first = started();
    first.receive('68 05 02 00 00 00 aa');
    first.assertClosed('send-sequence', 'the first must be 0');
  });

  it('PROTOCOL 8: N(S) received is modulo 32768, and so is the N(R) that we send', () => {
    const rig = started({ w: 8, k: 12 });
    for (let ns = 0; ns < 32767; ns++) rig.receive(iFrame(ns, 0));
    rig.sent();
    rig.receive('68 05 fe ff 00 00 bb');
    assert.deepEqual(rig.sent(), ['68 04 01 00 00 00'], 'after 32767 the next is 0');
    rig.receive('68 05 00 00 00 00 cc');
    rig.offer('dd');
    assert.deepEqual(rig.sent(), ['68 05 00 00 02 00 dd']);
    assert.equal(rig.delivered.length, 32769);
    rig.receive('68 05 04 00 00 00 cc');
    rig.assertClosed('send-sequence', 'and it is as strict as before');
  });

  it('PROTOCOL 8: N(S) sent is modulo 32768, and N(R) received across the wrap confirms', () => {
    const rig = started({ firstSequence: 32766 });
    rig.offer('aa', 'bb', 'cc', 'dd');
    assert.deepEqual(rig.sent(), [
      '68 05 fc ff 00 00 aa',
      '68 05 fe ff 00 00 bb',
      '68 05 00 00 00 00 cc',
      '68 05 02 00 00 00 dd',
    ]);
    rig.receive('68 04 01 00 fe ff');
    assert.deepEqual(rig.confirmed, [0]);
    rig.receive('68 04 01 00 00 00');
    assert.deepEqual(rig.confirmed, [0, 1]);
    rig.receive('68 04 01 00 fe ff');
    assert.deepEqual(rig.confirmed, [0, 1], 'an old one from before the wrap');
    rig.receive('68 04 01 00 04 00');
    assert.deepEqual(rig.confirmed, [0, 1, 2, 3]);
    rig.assertOpen();
  });

  it('PROTOCOL 8: a long connection wraps by itself', () => {
    const rig = started();
    exchange(rig, 32767);
    rig.offer('aa', 'bb');
    assert.deepEqual(rig.sent(), ['68 05 fe ff 00 00 aa', '68 05 00 00 00 00 bb']);
    rig.receive('68 04 01 00 02 00');
    assert.equal(rig.confirmed.length, 32769);
    rig.assertOpen();
  });

  it('PROTOCOL 8: N(R) beyond what was sent closes, in an S-frame and in an I-frame', () => {
    for (const frame of ['68 04 01 00 06 00', '68 05 00 00 06 00 bb', '68 04 01 00 00 80', '68 04 01 00 fe ff']) {
      const rig = started();
      rig.offer('aa', 'aa');
      rig.receive(frame);
      rig.assertClosed('receive-sequence', frame);
      assert.deepEqual([rig.confirmed, rig.delivered], [[], []], 'neither confirms nor delivers');
    }
    const nothing = started();
    nothing.receive('68 04 01 00 02 00');
    nothing.assertClosed('receive-sequence', 'nothing was sent at all');
  });

  it('PROTOCOL 8: N(R) beyond what was sent closes after STOPDT con, too', () => {
    const rig = started();
    rig.receive(STOPDT_ACT);
    rig.receive('68 04 01 00 02 00');
    rig.assertClosed('receive-sequence');
  });

  it('PROTOCOL 8: an old N(R) has no effect', () => {
    const rig = started({ t1: 15_000 });
    exchange(rig, 5);
    rig.confirmed.length = 0;
    rig.offer('aa');
    rig.advance(1000);
    for (const nr of ['08 00', '00 00', '0a 00', '04 00']) rig.receive(`68 04 01 00 ${nr}`);
    rig.receive('68 05 00 00 06 00 bb');
    assert.deepEqual(rig.delivered, ['bb'], 'its ASDU counts nevertheless');
    assert.deepEqual([rig.confirmed, rig.session.unacknowledged], [[], 1]);
    rig.advance(13_999);
    rig.assertOpen();
    rig.advance(1);
    rig.assertClosed('t1-i-frame', 'and t1 was not restarted');
  });

  it('PROTOCOL 8: a partial N(R) releases exactly that many', () => {
    const rig = started({ k: 4 });
    rig.offer('a0', 'a1', 'a2', 'a3', 'a4', 'a5');
    rig.receive('68 04 01 00 06 00');
    assert.deepEqual(rig.confirmed, [0, 1, 2]);
    assert.equal(rig.session.unacknowledged, 1);
    rig.sent();
    assert.equal(rig.pull(), 2);
    assert.deepEqual(rig.sent(), ['68 05 08 00 00 00 a4', '68 05 0a 00 00 00 a5']);
    rig.receive('68 05 00 00 08 00 bb');
    assert.deepEqual(rig.confirmed, [0, 1, 2, 3]);
  });

  it('PROTOCOL 8: bit 0 of the third control octet is delivered with the ASDU and never closes', () => {
    const rig = started({ w: 8 });
    rig.offer('aa');
    rig.receive('68 05 00 00 01 00 bb');
    rig.receive('68 05 02 00 03 00 cc');
    rig.receive('68 05 04 00 02 00 dd');
    rig.receive('68 04 01 00 03 00');
    rig.assertOpen();
    assert.deepEqual(
      rig.log.filter((line) => line.startsWith('deliver')),
      ['deliver bb marked', 'deliver cc marked', 'deliver dd'],
    );
    assert.deepEqual(rig.confirmed, [0], 'the mark is no part of N(R)');
  });

  it('PROTOCOL 8: bit 0 of the third control octet can be set when sending, in I-frames alone', () => {
    const rig = started({ w: 1 });
    rig.session.standbyMark = true;
    rig.receive('68 05 00 00 00 00 bb');
    rig.receive(TESTFR_ACT);
    rig.offer('aa');
    assert.deepEqual(rig.sent(), ['68 04 01 00 02 00', TESTFR_CON, '68 05 00 00 03 00 aa']);
    rig.session.standbyMark = false;
    rig.offer('cc');
    assert.deepEqual(rig.sent(), ['68 05 02 00 02 00 cc']);
  });
});

describe('a controlled station: windows and acknowledgement', () => {
  it('PROTOCOL 9: at most k are unacknowledged', () => {
    const rig = started({ k: 3 });
    assert.equal(rig.offer('a0', 'a1', 'a2', 'a3', 'a4'), 3);
    assert.equal(rig.pull(), 0);
    assert.equal(rig.sent().length, 3);
    rig.receive('68 04 01 00 02 00');
    assert.equal(rig.pull(), 1);
    assert.equal(rig.session.unacknowledged, 3);
    rig.receive(TESTFR_ACT);
    assert.deepEqual(rig.sent(), ['68 05 06 00 00 00 a3', TESTFR_CON], 'a full window holds back I-frames alone');
  });

  it('PROTOCOL 9: k = 1 and w = 1', () => {
    const rig = started({ k: 1, w: 1 });
    assert.equal(rig.offer('a0', 'a1'), 1);
    rig.receive('68 05 00 00 00 00 bb');
    assert.deepEqual(rig.sent(), ['68 05 00 00 00 00 a0', '68 04 01 00 02 00']);
    assert.equal(rig.pull(), 0);
    rig.receive('68 05 02 00 02 00 cc');
    assert.equal(rig.pull(), 1);
    assert.deepEqual(rig.sent(), ['68 04 01 00 04 00', '68 05 02 00 04 00 a1']);
  });

  it('PROTOCOL 9: the largest window', () => {
    const rig = started({ k: 32767 });
    assert.equal(rig.offer(...new Array<string>(32768).fill('aa')), 32767);
    assert.equal(rig.pull(), 0);
    rig.receive('68 04 01 00 fe ff');
    assert.equal(rig.confirmed.length, 32767);
    assert.equal(rig.pull(), 1);
    rig.receive('68 04 01 00 00 00');
    assert.equal(rig.confirmed.length, 32768);
  });

  it('PROTOCOL 9: acknowledges at the latest after w received I-frames', () => {
    const rig = started({ w: 3 });
    rig.receive('68 05 00 00 00 00 aa');
    rig.receive('68 05 02 00 00 00 aa');
    rig.assertQuiet();
    rig.receive('68 05 04 00 00 00 aa');
    assert.deepEqual(rig.sent(), ['68 04 01 00 06 00']);
    rig.receive('68 05 06 00 00 00 aa 68 05 08 00 00 00 aa 68 05 0a 00 00 00 aa 68 05 0c 00 00 00 aa');
    assert.deepEqual(rig.sent(), ['68 04 01 00 0c 00'], 'in one segment, too');
    assert.equal(rig.session.unacknowledgedReceived, 1);
  });

  it('PROTOCOL 9: acknowledges t2 after the oldest received I-frame', () => {
    const rig = started({ t2: 10_000 });
    rig.receive('68 05 00 00 00 00 aa');
    rig.advance(9000);
    rig.receive('68 05 02 00 00 00 aa');
    rig.advance(999);
    rig.assertQuiet();
    rig.advance(1);
    assert.deepEqual(rig.sent(), ['68 04 01 00 04 00'], 't2 after the first, not after the second');
    rig.receive('68 05 04 00 00 00 aa');
    rig.advance(9999);
    rig.assertQuiet('t2 begins anew with the next');
    rig.advance(1);
    assert.deepEqual(rig.sent(), ['68 04 01 00 06 00']);
  });

  it('PROTOCOL 9: I-frames piggyback, and then no S-frame follows', () => {
    const rig = started({ w: 3, t2: 10_000, t3: 0 });
    rig.receive('68 05 00 00 00 00 aa');
    rig.receive('68 05 02 00 00 00 aa');
    rig.offer('bb');
    assert.deepEqual(rig.sent(), ['68 05 00 00 04 00 bb']);
    rig.receive('68 05 04 00 02 00 aa');
    rig.assertQuiet('w begins anew');
    rig.advance(9999);
    rig.assertQuiet('t2 too');
    rig.advance(1);
    assert.deepEqual(rig.sent(), ['68 04 01 00 06 00']);
  });

  it('PROTOCOL 9: an answer given during the delivery spares the S-frame', () => {
    const rig = started({ w: 1 });
    rig.onDeliver = () => void rig.offer('bb');
    rig.receive('68 05 00 00 00 00 aa');
    assert.deepEqual(rig.sent(), ['68 05 00 00 02 00 bb']);
    rig.advance(14_000);
    rig.assertQuiet();
  });

  it('PROTOCOL 9: S- and U-frames do not restart t2, received or sent', () => {
    const rig = started({ t2: 10_000, t3: 0 });
    rig.receive('68 05 00 00 00 00 aa');
    rig.advance(3000);
    rig.receive('68 04 01 00 00 00');
    rig.advance(3000);
    rig.receive(TESTFR_ACT);
    rig.session.test(rig.now);
    rig.receive(TESTFR_CON);
    rig.receive(STARTDT_ACT);
    rig.sent();
    rig.advance(3999);
    rig.assertQuiet();
    rig.advance(1);
    assert.deepEqual(rig.sent(), ['68 04 01 00 02 00']);
  });

  it('PROTOCOL 9: a received S- or U-frame owes no acknowledgement', () => {
    const rig = started({ w: 1, t3: 0 });
    rig.receive('68 04 01 00 00 00');
    rig.advance(60_000);
    rig.assertQuiet();
    rig.receive(STOPDT_ACT);
    assert.deepEqual(rig.sent(), [STOPDT_CON]);
  });
});
