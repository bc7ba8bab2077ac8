import assert from 'node:assert/strict';
import { Rig, STARTDT_ACT, STARTDT_CON, STOPDT_ACT, STOPDT_CON, startedMaster, TESTFR_ACT, TESTFR_CON } from './rig.js';

function master(settings: ConstructorParameters<typeof Rig>[0] = {}): Rig {
  return new Rig({ role: 'controlling', ...settings });
}

describe('a controlling station: start and stop', () => {
  it('PROTOCOL 2: sends STARTDT act when told, and no I-frame before the con', () => {
    const rig = master();
    rig.offer('aa');
    rig.assertQuiet('stopped');
    rig.session.start(rig.now);
    assert.equal(rig.pull(), 0, 'starting');
    assert.deepEqual(rig.sent(), ['68 04 07 00 00 00']);
    rig.receive('68 04 0b 00 00 00');
    assert.equal(rig.pull(), 1);
    assert.deepEqual(rig.sent(), ['68 05 00 00 00 00 aa']);
    assert.deepEqual(rig.states, ['starting', 'started']);
  });

  it('PROTOCOL 3: an I-frame while stopped or starting closes', () => {
    const stopped = master();
    stopped.receive('68 05 00 00 00 00 aa');
    stopped.assertClosed('i-frame-while-stopped');

    const starting = master();
    starting.session.start(starting.now);
    starting.receive('68 05 00 00 00 00 aa');
    starting.assertClosed('i-frame-while-stopped');
    assert.deepEqual(starting.delivered, []);
  });

  it('PROTOCOL 4: start and stop, once each', () => {
    const rig = master();
    rig.session.stop(rig.now);
    rig.assertQuiet('nothing to stop');
    rig.session.start(rig.now);
    rig.session.start(rig.now);
    rig.receive(STARTDT_CON);
    rig.session.start(rig.now);
    assert.deepEqual(rig.sent(), [STARTDT_ACT]);
    rig.session.stop(rig.now);
    rig.session.stop(rig.now);
    rig.receive(STOPDT_CON);
    rig.session.stop(rig.now);
    assert.deepEqual(rig.sent(), [STOPDT_ACT]);
    assert.deepEqual(rig.states, ['starting', 'started', 'stopping', 'stopped']);
  });

  it('PROTOCOL 4: no con within t1 closes', () => {
    const starting = master({ t1: 15_000, t3: 0 });
    starting.session.start(starting.now);
    starting.sent();
    starting.advance(14_999);
    starting.receive(TESTFR_ACT);
    starting.receive(STOPDT_CON);
    starting.assertOpen();
    starting.advance(1);
    starting.assertClosed('t1-act', 'neither a TESTFR nor the wrong con stands in');

    const stopping = startedMaster({ t1: 15_000, t3: 0 });
    stopping.session.stop(stopping.now);
    stopping.advance(14_999);
    stopping.receive(STARTDT_CON);
    stopping.receive('68 05 00 00 00 00 aa');
    stopping.assertOpen();
    stopping.advance(1);
    stopping.assertClosed('t1-act');
  });

  it('PROTOCOL 4: start while stopping goes out after STOPDT con, so that I-frames on their way are no offence', () => {
    const rig = startedMaster();
    rig.session.stop(rig.now);
    rig.session.start(rig.now);
    assert.deepEqual(rig.sent(), [STOPDT_ACT]);
    rig.receive('68 05 00 00 00 00 aa');
    assert.deepEqual(rig.delivered, ['aa']);
    assert.deepEqual(rig.sent(), ['68 04 01 00 02 00']);
    rig.receive(STOPDT_CON);
    assert.deepEqual(rig.sent(), [STARTDT_ACT]);
    rig.receive(STARTDT_CON);
    assert.deepEqual(rig.states, ['starting', 'started', 'stopping', 'starting', 'started']);
    rig.offer('bb');
    assert.deepEqual(rig.sent(), ['68 05 00 00 02 00 bb']);
  });

  it('PROTOCOL 4: stop while starting goes out after STARTDT con, and the last word counts', () => {
    const rig = master({ t1: 15_000, t3: 0 });
    rig.session.start(rig.now);
    rig.session.stop(rig.now);
    assert.deepEqual(rig.sent(), [STARTDT_ACT]);
    rig.advance(14_000);
    rig.receive(STARTDT_CON);
    assert.deepEqual(rig.sent(), [STOPDT_ACT]);
    rig.receive('68 05 00 00 00 00 aa');
    rig.advance(14_999);
    rig.assertOpen('each act has its own t1');
    rig.receive(STOPDT_CON);
    rig.advance(60_000);
    assert.deepEqual(rig.states, ['starting', 'stopping', 'stopped']);
    rig.assertOpen();

    const twice = master();
    twice.session.start(twice.now);
    twice.session.stop(twice.now);
    twice.session.start(twice.now);
    twice.receive(STARTDT_CON);
    assert.deepEqual(twice.sent(), [STARTDT_ACT]);
    assert.deepEqual(twice.states, ['starting', 'started']);
  });

  it('PROTOCOL 4: an act of the controlled station closes', () => {
    for (const act of [STARTDT_ACT, STOPDT_ACT]) {
      const stopped = master();
      stopped.receive(act);
      stopped.assertClosed('unexpected-act', act);
      const rig = startedMaster();
      rig.receive(act);
      rig.assertClosed('unexpected-act', act);
      assert.deepEqual(rig.sent(), []);
    }
  });

  it('PROTOCOL 5: N(S) and N(R) go on across stop and start', () => {
    const rig = startedMaster({ w: 1, firstSequence: 0 });
    rig.offer('aa');
    rig.receive('68 05 00 00 02 00 bb');
    rig.session.stop(rig.now);
    rig.receive(STOPDT_CON);
    rig.session.start(rig.now);
    rig.receive(STARTDT_CON);
    rig.sent();
    rig.offer('cc');
    assert.deepEqual(rig.sent(), ['68 05 02 00 02 00 cc']);
    rig.receive('68 05 02 00 04 00 dd');
    assert.deepEqual(rig.delivered, ['bb', 'dd']);
  });

  it('PROTOCOL 6: acknowledges what it has received before STOPDT act, if any is due', () => {
    const due = startedMaster();
    due.receive('68 05 00 00 00 00 aa');
    due.session.stop(due.now);
    assert.deepEqual(due.sent(), ['68 04 01 00 02 00', STOPDT_ACT]);

    const none = startedMaster({ w: 1 });
    none.receive('68 05 00 00 00 00 aa');
    none.sent();
    none.session.stop(none.now);
    assert.deepEqual(none.sent(), [STOPDT_ACT]);
  });

  it('PROTOCOL 7: data until STOPDT con is delivered and acknowledged at once: the con waits for it', () => {
    const rig = startedMaster({ w: 8, t2: 10_000 });
    rig.offer('aa');
    rig.session.stop(rig.now);
    assert.equal(rig.offer('bb'), 0, 'nothing is sent any more');
    rig.sent();
    rig.receive('68 05 00 00 00 00 cc 68 05 02 00 02 00 dd');
    assert.deepEqual([rig.delivered, rig.confirmed], [['cc', 'dd'], [0]]);
    assert.deepEqual(rig.sent().at(-1), '68 04 01 00 04 00');
    rig.receive(STOPDT_CON);
    assert.equal(rig.session.state, 'stopped');
    rig.receive('68 05 04 00 02 00 ee');
    rig.assertClosed('i-frame-while-stopped', 'after the con');
  });

  it('PROTOCOL 7: its own I-frames are still acknowledged after the stop, or t1 closes', () => {
    const acknowledged = startedMaster({ t1: 15_000, t3: 0 });
    acknowledged.offer('aa');
    acknowledged.session.stop(acknowledged.now);
    acknowledged.receive(STOPDT_CON);
    acknowledged.receive('68 04 01 00 02 00');
    assert.deepEqual(acknowledged.confirmed, [0]);
    acknowledged.advance(60_000);
    acknowledged.assertOpen();

    const forgotten = startedMaster({ t1: 15_000, t3: 0 });
    forgotten.offer('aa');
    forgotten.session.stop(forgotten.now);
    forgotten.receive(STOPDT_CON);
    forgotten.advance(15_000);
    forgotten.assertClosed('t1-i-frame');
  });
});

describe('a controlling station: the rules of both sides', () => {
  it('PROTOCOL 1: confirms TESTFR act, stopped, starting and started', () => {
    const rig = master();
    rig.receive(TESTFR_ACT);
    rig.session.start(rig.now);
    rig.receive(TESTFR_ACT);
    rig.receive(STARTDT_CON);
    rig.receive(TESTFR_ACT);
    assert.deepEqual(rig.sent(), [TESTFR_CON, STARTDT_ACT, TESTFR_CON, TESTFR_CON]);
  });

  it('PROTOCOL 8: sequence numbers are as strict', () => {
    const gap = startedMaster();
    gap.receive('68 05 02 00 00 00 aa');
    gap.assertClosed('send-sequence');
    const beyond = startedMaster();
    beyond.offer('aa');
    beyond.receive('68 04 01 00 04 00');
    beyond.assertClosed('receive-sequence');
    const stopped = master();
    stopped.receive('68 04 01 00 02 00');
    stopped.assertClosed('receive-sequence');
    const marked = startedMaster();
    marked.receive('68 05 00 00 01 00 aa');
    assert.ok(marked.log.includes('deliver aa marked'));
  });

  it('PROTOCOL 9: k, w and t2 are as for a controlled station', () => {
    const rig = startedMaster({ k: 2, w: 2, t2: 10_000, t3: 0 });
    assert.equal(rig.offer('a0', 'a1', 'a2'), 2);
    rig.sent();
    rig.receive('68 05 00 00 00 00 bb 68 05 02 00 02 00 bb 68 05 04 00 02 00 bb');
    assert.deepEqual(rig.sent(), ['68 04 01 00 04 00']);
    assert.deepEqual(rig.confirmed, [0]);
    rig.advance(10_000);
    assert.deepEqual(rig.sent(), ['68 04 01 00 06 00']);
  });

  it('PROTOCOL 10: an unacknowledged I-frame older than t1 closes', () => {
    const rig = startedMaster({ t1: 15_000 });
    rig.offer('aa');
    rig.advance(14_999);
    rig.assertOpen();
    rig.advance(1);
    rig.assertClosed('t1-i-frame');
  });

  it('PROTOCOL 11: t3 of silence tests the connection, stopped and started', () => {
    for (const rig of [master({ t1: 15_000, t3: 20_000 }), startedMaster({ t1: 15_000, t3: 20_000 })]) {
      rig.advance(20_000);
      assert.deepEqual(rig.sent(), [TESTFR_ACT]);
      rig.receive(TESTFR_CON);
      rig.advance(20_000);
      assert.deepEqual(rig.sent(), [TESTFR_ACT]);
      rig.advance(15_000);
      rig.assertClosed('t1-testfr');
    }
  });

  it('PROTOCOL 12: bad octets close, an unsolicited con is ignored', () => {
    const start = startedMaster();
    start.receive('69');
    start.assertClosed('start-octet');
    const length = startedMaster();
    length.receive('68 03');
    length.assertClosed('length');
    const bits = startedMaster();
    bits.receive('68 04 c3 00 00 00');
    bits.assertClosed('u-format');
    const rig = startedMaster();
    for (const con of [STARTDT_CON, STOPDT_CON, TESTFR_CON]) rig.receive(con);
    rig.assertQuiet();
    assert.equal(rig.session.state, 'started');
    const stopped = master();
    stopped.receive(STARTDT_CON);
    assert.equal(stopped.session.state, 'stopped');
  });

  it('PROTOCOL 13: an incomplete frame closes after t1; it does not wait for a STARTDT itself', () => {
    const rig = master({ t1: 15_000, t3: 0, waitStart: 60_000 });
    rig.advance(1e6);
    rig.assertOpen();
    rig.receive('68 04');
    rig.advance(15_000);
    rig.assertClosed('t1-frame');
  });

  it('sends no I-frame while the gate is shut', () => {
    const rig = startedMaster();
    rig.mayAct = false;
    assert.equal(rig.offer('aa'), 0);
    rig.session.stop(rig.now);
    assert.deepEqual(rig.sent(), [STOPDT_ACT]);
  });
});
