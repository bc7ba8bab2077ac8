import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServerLine } from '../../lib/server/server-line.js';
import { parseParameters } from '../../lib/station/parameters.js';
import { compilePoints } from '../../lib/station/points.js';
import { Station } from '../../lib/station/station.js';
import { VirtualClock } from '../link/virtual-clock.js';
import { MemoryFiles, pattern } from '../procedures/memory-files.js';
import { MemoryClient } from '../server/memory-client.js';
import { Served } from '../server/served.js';
import { digits, STARTDT_ACT, STOPDT_ACT, STOPDT_CON, TESTFR_ACT } from '../server/wire.js';

/**
 * What has brought down other implementations. Each in virtual time, and each with a second client, to whom nothing of it
 * may matter.
 */
const points = [
  { ioa: 1, type: 'M_BO_NA_1', groups: [1] },
  { ioa: 2, type: 'M_IT_NA_1' },
  { ioa: 45, type: 'C_SC_NA_1' },
];
const GI = '64 01 06 00 01 00 00 00 00 14';
const READ = '66 01 05 00 01 00 01 00 00';

/** A line, the client that is up to something, and another that does all right. */
function setup(parameters = '', isServingFiles = false) {
  const clock = new VirtualClock();
  const files = isServingFiles ? new MemoryFiles({ 1: pattern(300) }) : undefined;
  const spec = { parameters: `SAI=False;${parameters}`, points, ...(files && { files }) };
  const served = new Served([spec], { clock });
  const client = new MemoryClient(served, clock, '192.0.2.1:1');
  const other = new MemoryClient(served, clock, '192.0.2.2:1').start();
  let serial = 0;
  /** The other client gets events and answers; nothing was logged as an error. */
  const unharmed = (): void => {
    other.asdus();
    served.write(1, ++serial);
    const value = digits(Uint8Array.of(serial & 255, serial >> 8));
    assert.deepEqual(other.asdus(), [`07 01 03 00 01 00 01 00 00 ${value} 00 00 00`], 'the other client gets an event');
    assert.deepEqual(other.ask(READ).asdus(), [`07 01 05 00 01 00 01 00 00 ${value} 00 00 00`], 'and an answer');
    assert.deepEqual(
      served.log.filter((line) => line.startsWith('error')),
      [],
    );
  };
  return { clock, served, client, other, unharmed };
}

const word = (n: number): string => digits(Uint8Array.of(n));

describe('bad input that has hurt others', () => {
  it('BAD INPUT: VSQ against payload: every number of objects, SQ 0 and 1, against one and two objects', () => {
    const { served, clock, unharmed } = setup();
    const bodies: readonly [type: string, cause: string, size: number, body: string][] = [
      ['2d', '06', 1, '2d 00 00 01'],
      ['64', '06', 1, '00 00 00 14'],
      ['01', '03', 1, '01 00 00 01'],
      ['24', '03', 12, '01 00 00 00 00 c0 3f 00 00 00 00 10 38 0b 19'],
      ['66', '05', 0, '01 00 00'],
    ];
    for (const [type, cause, size, body] of bodies)
      for (let vsq = 0; vsq < 256; vsq++)
        for (const payload of [body, `${body} ${body}`]) {
          const attacker = new MemoryClient(served, clock, '192.0.2.1:9').start();
          attacker.taken();
          const length = payload.split(' ').length;
          const count = vsq & 0x7f;
          const wanted = vsq < 128 ? count * (3 + size) : 3 + count * size;
          const isAsdu = count > 0 && length === wanted;
          const answer = attacker.ask(`${type} ${word(vsq)} ${cause} 00 01 00 ${payload}`).taken();
          assert.equal(attacker.closed, !isAsdu, `type ${type}, VSQ ${word(vsq)}, ${length} octets`);
          if (attacker.closed) assert.deepEqual(answer, []);
          attacker.cut();
        }
    unharmed();
  });

  it('BAD INPUT: reading out of bounds in 120..127 and in type 41: every length, with and without files', () => {
    for (const isServingFiles of [false, true]) {
      const { served, clock, unharmed } = setup('', isServingFiles);
      for (const type of ['29', '78', '79', '7a', '7b', '7c', '7d', '7e', '7f'])
        for (const cause of ['05', '0d', '03'])
          for (const fill of ['00', '01', 'ff'])
            for (let length = 0; length < 24; length++) {
              const attacker = new MemoryClient(served, clock, '192.0.2.1:9').start();
              attacker.ask(`${type} 01 ${cause} 00 01 00${` ${fill}`.repeat(length)}`);
              for (const asdu of attacker.asdus()) assert.ok(asdu.split(' ').length <= 249);
              attacker.cut();
            }
      // Segments whose length octet says more than there is: the file types' own length.
      for (let said = 0; said < 256; said++) {
        const attacker = new MemoryClient(served, clock, '192.0.2.1:9').start();
        attacker.ask(`7d 01 0d 00 01 00 00 00 00 01 00 01 ${word(said)} aa aa aa`);
        clock.settle();
        assert.equal(attacker.closed, said !== 3, `a segment of ${said} octets`);
        attacker.cut();
      }
      unharmed();
    }
  });

  it('BAD INPUT: short ASDUs: every known and unknown type cut off after each octet', () => {
    const { served, clock, unharmed } = setup();
    for (let type = 0; type < 256; type++)
      for (let length = 0; length < 10; length++) {
        const attacker = new MemoryClient(served, clock, '192.0.2.1:9').start();
        const whole = [word(type), '01', '06', '00', '01', '00', '00', '00', '00', '01'].slice(0, length);
        attacker.send(frame(whole));
        const answers = attacker.taken();
        if (length < 9) assert.ok(attacker.closed && answers.length === 0, `type ${type}, ${length} octets`);
        attacker.cut();
      }
    unharmed();
  });

  it('BAD INPUT: a test command with a bad pattern: 104 is unknown with any, 107 mirrors any, short ones close', () => {
    const { client, served, clock, unharmed } = setup();
    client.start();
    for (const fixed of ['aa 55', '55 aa', '00 00', 'ff ff'])
      assert.deepEqual(client.ask(`68 01 06 00 01 00 00 00 00 ${fixed}`).asdus(), [
        `68 01 6c 00 01 00 00 00 00 ${fixed}`,
      ]);
    const tag = 'ff ff ff ff ff ff ff';
    for (const counter of ['00 00', 'aa 55', 'ff ff'])
      assert.deepEqual(client.ask(`6b 01 06 00 01 00 00 00 00 ${counter} ${tag}`).asdus(), [
        `6b 01 07 00 01 00 00 00 00 ${counter} ${tag}`,
      ]);
    for (const short of ['68 01 06 00 01 00 00 00 00 aa', '6b 01 06 00 01 00 00 00 00 aa 55 00 00 00 00 00 00']) {
      const attacker = new MemoryClient(served, clock, '192.0.2.1:9').start();
      assert.deepEqual(attacker.ask(short).taken(), []);
      assert.ok(attacker.closed, short);
    }
    unharmed();
  });

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

  it('BAD INPUT: certificate validation bypass: who offers TLS brings a test of this name', function () {
    const root = join(__dirname, '..', '..');
    const line = readFileSync(join(root, 'nodes', 'tcp-line.ts'), 'utf8');
    // As long as the line refuses certificates there is nothing to be bypassed.
    if (/unavailable = \[[^\]]*partnerCertificates/.test(line)) this.skip();
    const others = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.test.ts') && !name.startsWith('node-red-5') && !name.endsWith('bad-input.test.ts'),
    );
    const isTested = others.some((name) =>
      readFileSync(join(root, 'test', name), 'utf8').includes('BAD INPUT: certificate'),
    );
    assert.ok(isTested, 'a test `BAD INPUT: certificate validation bypass with "known certificates only"` is missing');
  });

  it('BAD INPUT: a read command never drops the link, whatever it asks for', () => {
    const { client, served, unharmed } = setup();
    client.start();
    served.write(1, 5);
    client.asdus();
    const asked: readonly [request: string, answer: string][] = [
      [READ, '07 01 05 00 01 00 01 00 00 05 00 00 00 00'],
      ['66 01 05 00 01 00 02 00 00', '0f 01 05 00 01 00 02 00 00 00 00 00 00 80'],
      ['66 01 05 00 01 00 2d 00 00', '66 01 6f 00 01 00 2d 00 00'],
      ['66 01 05 00 01 00 00 00 00', '66 01 6f 00 01 00 00 00 00'],
      ['66 01 05 00 01 00 ff ff ff', '66 01 6f 00 01 00 ff ff ff'],
      ['66 01 06 00 01 00 01 00 00', '66 01 6d 00 01 00 01 00 00'],
      ['66 01 05 00 09 00 01 00 00', '66 01 6e 00 09 00 01 00 00'],
      ['66 01 05 00 ff ff 01 00 00', '66 01 6e 00 ff ff 01 00 00'],
      ['66 02 05 00 01 00 01 00 00 02 00 00', '66 02 47 00 01 00 01 00 00 02 00 00'],
      ['66 ff 05 00 01 00 01 00 00', '66 ff 47 00 01 00 01 00 00'],
      ['66 01 45 00 01 00 01 00 00', '07 01 05 00 01 00 01 00 00 05 00 00 00 00'],
    ];
    for (const [request, answer] of asked) assert.deepEqual(client.ask(request).asdus(), [answer], request);
    assert.ok(!client.closed);
    unharmed();
  });

  it('BAD INPUT: invalid U-frames: none of the 256 first octets, with any rest, is answered unless it is a function', () => {
    const { served, clock, unharmed } = setup();
    const functions = [0x07, 0x0b, 0x13, 0x23, 0x43, 0x83];
    for (let control = 3; control < 256; control += 4)
      for (const rest of ['00 00 00', '01 00 00', '00 01 00', '00 00 01', '00 00 00 00', '00 00 00 68']) {
        const attacker = new MemoryClient(served, clock, '192.0.2.1:9');
        const length = 1 + rest.split(' ').length;
        attacker.send(`68 ${word(length)} ${word(control)} ${rest}`);
        clock.settle();
        const isRight = functions.includes(control) && rest === '00 00 00';
        assert.equal(attacker.closed, !isRight, `${word(control)} ${rest}`);
        if (!isRight) assert.deepEqual(attacker.frames, []);
        attacker.cut();
      }
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

/** An I-frame with N(S) = N(R) = 0 around octets of any number, none too. */
function frame(body: readonly string[]): string {
  return ['68', word(body.length + 4), '00 00 00 00', ...body].join(' ');
}
