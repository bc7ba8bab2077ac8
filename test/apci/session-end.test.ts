import assert from 'node:assert/strict';
import { STARTDT_ACT, STOPDT_ACT, started, TESTFR_ACT, TESTFR_CON } from './rig.js';

describe('a session: gate and end', () => {
  it('sends no I-frame while the gate is shut, but S- and U-frames', () => {
    const rig = started({ w: 2, t2: 1000, t3: 5000 });
    rig.mayAct = false;
    assert.equal(rig.offer('aa'), 0);
    rig.receive(TESTFR_ACT);
    rig.receive('68 05 00 00 00 00 cc');
    rig.receive('68 05 02 00 00 00 cc');
    rig.receive('68 05 04 00 00 00 cc');
    rig.advance(1000);
    rig.advance(5000);
    assert.equal(rig.pull(), 0);
    assert.deepEqual(rig.sent(), [TESTFR_CON, '68 04 01 00 04 00', '68 04 01 00 06 00', TESTFR_ACT]);
    rig.receive(TESTFR_CON);
    rig.mayAct = true;
    assert.equal(rig.pull(), 1);
    assert.deepEqual(rig.sent(), ['68 05 00 00 06 00 aa']);
  });

  it('asks the gate before each I-frame', () => {
    const rig = started();
    rig.onTake = () => {
      rig.mayAct = false;
    };
    assert.equal(rig.offer('aa', 'bb'), 1, 'shut while the first is on its way');
    assert.deepEqual(rig.sent(), ['68 05 00 00 00 00 aa']);
  });

  it('is closed once, and then deaf, mute and without deadlines', () => {
    const rig = started();
    rig.offer('aa');
    rig.receive('68 05 00 00 00 00 cc');
    rig.receive('69');
    rig.assertClosed('start-octet');
    const before = [...rig.log];
    for (const frame of [STARTDT_ACT, STOPDT_ACT, TESTFR_ACT, '68 04 01 00 02 00', '68 05 02 00 02 00 aa', '69'])
      rig.receive(frame);
    rig.session.close('local');
    rig.session.test(rig.now);
    rig.session.start(rig.now);
    rig.session.stop(rig.now);
    rig.session.connected(rig.now);
    assert.equal(rig.offer('bb'), 0);
    assert.equal(rig.session.deadline, Number.POSITIVE_INFINITY);
    rig.session.expire(rig.now + 1e9);
    rig.sent();
    assert.deepEqual(rig.log, before);
    rig.assertClosed('start-octet');
  });

  it('leaves the rest of a segment alone once a frame has closed it', () => {
    const rig = started();
    rig.receive('68 05 00 00 00 00 aa 68 05 04 00 00 00 bb 68 05 02 00 00 00 cc 68 04 43 00 00 00');
    rig.assertClosed('send-sequence');
    assert.deepEqual(rig.delivered, ['aa']);
    assert.deepEqual(rig.sent(), []);
  });

  it('can be closed from within a delivery or a confirmation, and tells nothing after that', () => {
    const delivering = started({ w: 1 });
    delivering.onDeliver = () => delivering.session.close('asdu');
    delivering.receive('68 05 00 00 00 00 aa 68 05 02 00 00 00 bb');
    delivering.assertClosed('asdu');
    assert.deepEqual(delivering.sent(), []);
    assert.equal(delivering.log.at(-1), 'closed asdu');

    const confirming = started();
    confirming.offer('aa', 'bb', 'cc');
    confirming.onConfirmed = () => confirming.session.close('local');
    confirming.receive('68 05 00 00 06 00 dd');
    confirming.assertClosed('local');
    assert.equal(confirming.log.at(-1), 'closed local');
    assert.deepEqual([confirming.confirmed, confirming.delivered], [[0], []]);
  });

  it('counts the APDUs of both directions', () => {
    const rig = started();
    rig.offer('aa', 'bb');
    rig.receive('68 04 01 00 02 00 68 04 43 00 00 00');
    assert.deepEqual([rig.session.framesSent, rig.session.framesReceived], [4, 3]);
  });
});
