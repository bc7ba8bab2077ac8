import assert from 'node:assert/strict';
import { hex } from '../../lib/octets/octets.js';
import { Rig, STARTDT_ACT, STARTDT_CON, STOPDT_ACT, STOPDT_CON, started, TESTFR_ACT, TESTFR_CON } from './rig.js';

const functions = ['07', '0b', '13', '23', '43', '83'];

describe('a controlled station: octets that break the rules', () => {
  it('PROTOCOL 12: a wrong start octet closes, at the first frame', () => {
    for (let start = 0; start < 256; start++) {
      if (start === 0x68) continue;
      const rig = new Rig();
      rig.receive(hex(Uint8Array.of(start)));
      rig.assertClosed('start-octet');
    }
  });

  it('PROTOCOL 12: a wrong start octet closes, at a later frame, and what stood before it counts', () => {
    for (const start of ['69', '00', 'e8', '16']) {
      const together = started();
      together.receive(`68 05 00 00 00 00 aa ${start} 04 43 00 00 00`);
      together.assertClosed('start-octet');
      assert.deepEqual([together.delivered, together.sent()], [['aa'], []]);

      const apart = started();
      apart.receive(TESTFR_ACT);
      apart.receive(start);
      apart.assertClosed('start-octet');
      assert.deepEqual(apart.sent(), [TESTFR_CON]);
    }
  });

  it('PROTOCOL 12: a length below 4 or above 253 closes, without waiting for the rest', () => {
    for (const length of ['00', '01', '02', '03', 'fe', 'ff']) {
      const rig = started();
      rig.receive(`68 ${length}`);
      rig.assertClosed('length', length);
      const split = started();
      split.receive('68');
      split.assertOpen();
      split.receive(length);
      split.assertClosed('length', length);
    }
  });

  it('PROTOCOL 12: a length of 4 and of 253 is accepted', () => {
    const rig = started();
    rig.receive('68 04 00 00 00 00');
    const asdu = new Array<string>(249).fill('aa').join(' ');
    rig.receive(`68 fd 02 00 00 00 ${asdu}`);
    assert.deepEqual(rig.delivered, ['', asdu], 'whether the ASDU holds anything is for the floors above');
    rig.assertOpen();
  });

  it('PROTOCOL 12: a U-frame with none or several function bits closes', () => {
    let seen = 0;
    for (let control = 3; control < 256; control += 4) {
      const octet = hex(Uint8Array.of(control));
      if (functions.includes(octet)) continue;
      for (const rig of [new Rig(), started()]) {
        rig.receive(`68 04 ${octet} 00 00 00`);
        rig.assertClosed('u-format', octet);
        assert.deepEqual([rig.sent(), rig.delivered], [[], []], octet);
      }
      seen++;
    }
    assert.equal(seen, 64 - 6);
  });

  it('PROTOCOL 12: a U-frame with other octets non-zero closes', () => {
    for (const control of functions) {
      for (const others of [
        '01 00 00',
        '80 00 00',
        '00 01 00',
        '00 02 00',
        '00 80 00',
        '00 00 01',
        '00 00 80',
        'ff ff ff',
      ]) {
        const rig = started();
        rig.receive(`68 04 ${control} ${others}`);
        rig.assertClosed('u-format', `${control} ${others}`);
        assert.deepEqual(rig.sent(), []);
      }
    }
  });

  it('PROTOCOL 12: a U-frame with a length other than 4 closes', () => {
    for (const control of functions) {
      for (const frame of [`68 05 ${control} 00 00 00 00`, `68 0e ${control} 00 00 00 64 01 06 00 01 00 00 00 00 14`]) {
        const rig = started();
        rig.receive(frame);
        rig.assertClosed('u-format', frame);
        assert.deepEqual([rig.sent(), rig.delivered], [[], []]);
      }
    }
  });

  it('PROTOCOL 12: so does an S-frame with a length other than 4', () => {
    const rig = started();
    rig.receive('68 05 01 00 00 00 00');
    rig.assertClosed('s-format');
  });

  it('PROTOCOL 12: an unsolicited con is ignored', () => {
    for (const rig of [new Rig(), started()]) {
      const state = rig.session.state;
      for (const con of [STARTDT_CON, STOPDT_CON, TESTFR_CON]) rig.receive(con);
      rig.assertQuiet();
      assert.equal(rig.session.state, state);
    }
    const stopping = started();
    stopping.offer('aa');
    stopping.receive(STOPDT_ACT);
    stopping.receive(STOPDT_CON);
    assert.equal(stopping.session.state, 'stopping', "a con of the peer's does not end our own wait");
  });
});

describe('a controlled station: however the octets come', () => {
  /** Start, three ASDUs with acknowledgements, a test, a mark, a stop, a start, one more ASDU. */
  const stream = [
    STARTDT_ACT,
    '68 0e 00 00 00 00 64 01 06 00 01 00 00 00 00 14',
    TESTFR_ACT,
    '68 05 02 00 03 00 aa',
    '68 04 01 00 04 00',
    '68 04 04 00 04 00',
    STOPDT_ACT,
    STARTDT_ACT,
    '68 05 06 00 04 00 bb',
    TESTFR_CON,
  ]
    .join(' ')
    .split(' ');

  function logOf(pieces: readonly string[][], pause = 0): readonly string[] {
    const rig = new Rig({ w: 2, k: 2 });
    // Answers go out while the segment is read, as procedures do it.
    rig.onDeliver = () => void (rig.delivered.length === 1 && rig.offer('d0', 'd1', 'd2'));
    for (const piece of pieces) {
      rig.receive(piece.join(' '));
      if (pause > 0) rig.advance(pause);
    }
    rig.assertOpen();
    assert.deepEqual(rig.delivered, ['64 01 06 00 01 00 00 00 00 14', 'aa', '', 'bb']);
    rig.sent();
    return rig.log;
  }

  it('PROTOCOL 13: several APDUs in one segment, split at any position, give the same result', () => {
    const whole = logOf([stream]);
    assert.ok(whole.includes('deliver aa marked') && whole.includes('confirmed 1'));
    for (let first = 1; first < stream.length; first++) {
      assert.deepEqual(logOf([stream.slice(0, first), stream.slice(first)]), whole, `split after ${first}`);
      for (let second = first + 1; second < stream.length; second++)
        assert.deepEqual(logOf([stream.slice(0, first), stream.slice(first, second), stream.slice(second)]), whole);
    }
  });

  it('PROTOCOL 13: an APDU in single octets, with and without pauses, gives the same result', () => {
    const whole = logOf([stream]);
    const single = stream.map((octet) => [octet]);
    assert.deepEqual(logOf(single), whole);
    assert.deepEqual(logOf(single, 50), whole);
    assert.deepEqual(logOf(single, 100), whole);
  });

  it('PROTOCOL 13: one APDU of 255 octets with a pause after each', () => {
    const rig = started({ t1: 15_000, t2: 10_000 });
    const asdu = new Array<string>(249).fill('77').join(' ');
    for (const octet of `68 fd 00 00 00 00 ${asdu}`.split(' ')) {
      assert.deepEqual(rig.delivered, []);
      rig.receive(octet);
      rig.advance(50);
    }
    assert.deepEqual(rig.delivered, [asdu]);
    rig.assertQuiet();
  });

  it('PROTOCOL 13: hundreds of APDUs in one segment', () => {
    const rig = started({ w: 8 });
    const segment = Array.from(
      { length: 500 },
      (_, n) => `68 05 ${hex(Uint8Array.of((n << 1) & 0xff, n >> 7))} 00 00 aa`,
    );
    rig.receive(segment.join(' '));
    assert.equal(rig.delivered.length, 500);
    assert.equal(rig.sent().length, 62, 'one acknowledgement per w');
  });
});
