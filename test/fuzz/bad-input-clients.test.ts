import assert from 'node:assert/strict';
import { ServerLine } from '../../lib/server/server-line.js';
import { parseParameters } from '../../lib/station/parameters.js';
import { compilePoints } from '../../lib/station/points.js';
import { Station } from '../../lib/station/station.js';
import { VirtualClock } from '../link/virtual-clock.js';
import { MemoryClient } from '../server/memory-client.js';
import type { Served } from '../server/served.js';
import { digits, STARTDT_ACT, STOPDT_ACT, STOPDT_CON, TESTFR_ACT } from '../server/wire.js';
import { GI, points, READ, setup } from './bad-input.js';

describe('bad input that has hurt others: clients', () => {
  it('BAD INPUT: queue overflow by three interrogations and a STOPDT, a thousand times over', () => {
    const { client, clock, unharmed } = setup('IGO=False;K=3');
    client.start();
    for (let round = 0; round < 1000; round++) {
      client.send(client.wire.frame(GI), client.wire.frame(GI), client.wire.frame(GI), STOPDT_ACT);
      clock.settle();
      // Nothing is acknowledged while it stops: the window stays as it is, and no answer comes behind it.
      const got = client.taken();
      assert.ok(got.length <= 3, `${got.length} I-frames in a window of 3`);
      client.acknowledge();
      clock.settle();
      assert.deepEqual(client.frames.splice(0), [STOPDT_CON]);
      client.start();
      assert.deepEqual(client.taken(), [], 'the interrogations ended with data transfer');
    }
    unharmed();
  });

  it('BAD INPUT: a flood of requests that nobody acknowledges ends with the connection, not with the memory', () => {
    const { client, served, clock, unharmed } = setup('WT1=2147483647');
    client.start();
    for (let i = 0; i < 6000 && !client.closed; i++) {
      client.ask('2d 01 06 00 01 00 99 00 00 01');
      if (i % 100 === 0) clock.settle();
    }
    clock.settle();
    assert.ok(client.closed);
    assert.equal(served.line.status.lastClose?.reason, 'reply-overflow');
    unharmed();
  });

  it('BAD INPUT: object address iteration: each is answered with 47, and a burst of them is an alarm, once', () => {
    const clock = new VirtualClock();
    const alarms: string[] = [];
    const line = new ServerLine({
      name: 'Line',
      host: '127.0.0.1',
      port: 0,
      lineNumber: 0,
      clock,
      operator: { takes: () => 'auto', operate: () => {} },
      observer: { changed: () => {}, log: () => {}, security: (code, remote) => alarms.push(`${code} ${remote}`) },
    });
    const { table } = compilePoints(points.map((point, i) => ({ point, place: `point ${i + 1}` })));
    const station = new Station({ name: 'Station', commonAddress: 1, points: table });
    line.add({ station, defined: parseParameters('SCAN=20').defined });
    // A client needs the line alone.
    const served = { line } as Served;
    const scanner = new MemoryClient(served, clock, '192.0.2.1:1').start();
    const honest = new MemoryClient(served, clock, '192.0.2.2:1').start();
    for (let ioa = 1000; ioa < 1500; ioa++) {
      const address = digits(Uint8Array.of(ioa & 255, ioa >> 8, 0));
      assert.deepEqual(scanner.ask(`2d 01 06 00 01 00 ${address} 01`).asdus(), [`2d 01 6f 00 01 00 ${address} 01`]);
      if (ioa % 100 === 0) honest.ask(READ).asdus();
    }
    assert.deepEqual(alarms, ['object-scan 192.0.2.1:1']);
    assert.ok(!scanner.closed && !honest.closed);
  });

  it('BAD INPUT: taking over a started group: no stranger can, and a member that does loses nothing, ever', () => {
    const { served, clock, unharmed } = setup('GRP=A:192.0.2.10,192.0.2.11');
    const got: number[] = [];
    let last = 0;
    const note = (asdus: readonly string[]): void => {
      for (const asdu of asdus) {
        const [low = '', high = ''] = asdu.split(' ').slice(9, 11);
        got.push(Number.parseInt(high + low, 16));
      }
    };
    let holder = new MemoryClient(served, clock, '192.0.2.10:1').start();
    for (let round = 0; round < 200; round++) {
      for (let i = 0; i < 5; i++) served.write(1, ++last);
      // What the holder has been sent and not acknowledged belongs to the next one.
      holder.taken();
      const stranger = new MemoryClient(served, clock, '192.0.2.12:1').start();
      assert.ok(!holder.closed, 'a stranger takes nothing over');
      stranger.cut();
      const next = new MemoryClient(served, clock, `192.0.2.${10 + (round % 2)}:${round}`).start();
      assert.ok(holder.closed, 'the member that asks last has data transfer');
      holder = next;
      if (round % 3 === 0) note(holder.asdus());
    }
    note(holder.asdus());
    assert.deepEqual(
      got,
      Array.from({ length: last }, (_, i) => i + 1),
      'each event once, in order',
    );
    holder.cut();
    unharmed();
  });

  it('BAD INPUT: half-open and slow connections: silent, half a frame, an octet a minute: all are closed in time', () => {
    const { served, clock } = setup();
    const silent = new MemoryClient(served, clock, '192.0.2.1:3');
    const half = new MemoryClient(served, clock, '192.0.2.1:4').start();
    half.send('68 0e 00 00');
    const started = new MemoryClient(served, clock, '192.0.2.1:5').start();
    started.own.pause();
    clock.advance(15_000);
    assert.ok(half.closed && !silent.closed && !started.closed);
    clock.advance(20_000);
    assert.ok(silent.closed && started.closed, 'TESTFR was not answered');
    const slow = new MemoryClient(served, clock, '192.0.2.1:6');
    for (const octet of STARTDT_ACT.split(' ')) {
      slow.send(octet);
      clock.advance(14_000);
    }
    assert.ok(slow.closed, 'an APDU has t1 from its first octet on');
    // Who only tests its connection keeps it: a standby.
    const standby = new MemoryClient(served, clock, '192.0.2.1:7');
    for (let i = 0; i < 20; i++) {
      standby.send(TESTFR_ACT);
      clock.advance(10_000);
    }
    assert.ok(!standby.closed);
    standby.cut();
    assert.deepEqual(served.line.status.connections, []);
    // The place of the address is remembered for a day.
    clock.advance(24 * 3_600_000);
    assert.equal(clock.pending, 0, 'no timers are left');
  });

  it('BAD INPUT: masters that never acknowledge: k I-frames, then t1 closes; again and again; nothing is lost', () => {
    const { served, clock, client, other } = setup('K=4');
    // Known from now on, so that events are kept for it.
    client.start().cut();
    for (let i = 1; i <= 10; i++) served.write(1, i);
    other.asdus();
    for (let round = 0; round < 20; round++) {
      const greedy = new MemoryClient(served, clock, '192.0.2.1:3').start();
      assert.equal(greedy.taken().length, 4, 'k and no more');
      // What it sends from now on carries N(R) = 0.
      greedy.wire.vr = 0;
      for (let second = 0; second < 14; second++) {
        clock.advance(1000);
        greedy.send(TESTFR_ACT).ask('66 01 05 00 01 00 01 00 00');
      }
      assert.ok(!greedy.closed);
      clock.advance(1000);
      assert.ok(greedy.closed);
      assert.equal(served.line.status.lastClose?.reason, 't1-i-frame');
    }
    const honest = new MemoryClient(served, clock, '192.0.2.1:4').start();
    const values = honest.asdus().map((asdu) => Number.parseInt(asdu.split(' ')[9] ?? '', 16));
    assert.deepEqual(values, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    honest.cut();
  });
});
