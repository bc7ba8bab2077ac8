import assert from 'node:assert/strict';
import type { PassingFrame } from '../../lib/trace/frame-watch.js';
import { VirtualClock } from '../link/virtual-clock.js';
import { MemoryClient } from './memory-client.js';
import { Served } from './served.js';
import { STARTDT_ACT, TESTFR_ACT, TESTFR_CON } from './wire.js';

const REMOTE = '192.0.2.1:40000';
const interrogation = '64 01 06 00 01 00 00 00 00 14';

/** A station with one point, a client with data transfer, and what the line logs of their frames. */
function begin(parameters: string): { served: Served; client: MemoryClient; clock: VirtualClock; lines(): string[] } {
  const clock = new VirtualClock();
  const served = new Served([{ parameters, points: [{ ioa: 1, type: 'M_SP_NA_1' }] }], { clock });
  const client = new MemoryClient(served, clock, REMOTE).start();
  const lines = (): string[] => served.log.splice(0).flatMap((line) => line.split(`info: ${REMOTE} `)[1] ?? []);
  return { served, client, clock, lines };
}

describe('DBGI and DBGO', () => {
  it('off: nothing is logged', () => {
    const { served, client } = begin('');
    client.ask(interrogation).asdus();
    client.send(TESTFR_ACT).clock.settle();
    assert.deepEqual(served.log, []);
  });

  it('DBGI = 1: each I-frame received', () => {
    const { client, lines } = begin('DBGI=1');
    client.ask(interrogation).asdus();
    client.send(TESTFR_ACT).clock.settle();
    assert.deepEqual(lines(), ['received: I N(S)=0 N(R)=0 C_IC_NA_1 (100) activation OA=0 CA=1 0=QOI 20 station']);
  });

  it('DBGO = 1: each I-frame sent', () => {
    const { client, lines } = begin('DBGO=1');
    client.ask(interrogation).asdus();
    client.send(TESTFR_ACT).clock.settle();
    assert.deepEqual(lines(), [
      'sent: I N(S)=0 N(R)=1 C_IC_NA_1 (100) activation-confirmation OA=0 CA=1 0=QOI 20 station',
      'sent: I N(S)=1 N(R)=1 M_SP_NA_1 (1) interrogation OA=0 CA=1 1=off IV NT',
      'sent: I N(S)=2 N(R)=1 C_IC_NA_1 (100) activation-termination OA=0 CA=1 0=QOI 20 station',
    ]);
  });

  it('level 2: S- and U-frames too', () => {
    const { client, lines } = begin('DBGI=2;DBGO=2');
    assert.deepEqual(lines(), ['received: U STARTDT act', 'sent: U STARTDT con']);
    client.ask(interrogation).asdus();
    assert.equal(lines().at(-1), 'received: S N(R)=3');
  });

  it('level 3: their octets in hexadecimal digits', () => {
    const { client, lines } = begin('DBGI=3;DBGO=3');
    lines();
    client.send(TESTFR_ACT).clock.settle();
    assert.deepEqual(lines(), [`received: U TESTFR act [${TESTFR_ACT}]`, `sent: U TESTFR con [${TESTFR_CON}]`]);
  });

  it('frames in pieces are one line each, in whatever segments they come', () => {
    const { client, clock, lines } = begin('DBGI=2');
    lines();
    for (const octet of STARTDT_ACT.split(' ')) client.send(octet);
    client.send(`${TESTFR_ACT} ${STARTDT_ACT}`);
    clock.settle();
    assert.deepEqual(lines(), ['received: U STARTDT act', 'received: U TESTFR act', 'received: U STARTDT act']);
  });

  it('what is no frame is shown once, and its connection closes', () => {
    const { client, clock, lines } = begin('DBGI=1');
    client.send('00 01 02');
    clock.settle();
    assert.equal(lines()[0], 'received: ? 00 01 02');
    assert.equal(client.closed, true);
  });

  it('a flood is limited to 200 lines a second, further ones are counted and told', () => {
    const { served, client, clock } = begin('DBGI=2');
    served.log.length = 0;
    for (let i = 0; i < 1000; i++) client.send(TESTFR_ACT);
    clock.settle();
    assert.ok(served.log.length >= 198 && served.log.length <= 200, `${served.log.length} lines`);
    const before = served.log.length;
    clock.advance(1000);
    client.send(TESTFR_ACT).clock.settle();
    const [told, line] = served.log.slice(before);
    assert.match(told ?? '', /^info: 80\d further frames were not logged/);
    assert.match(line ?? '', /TESTFR act/);
  });

  it('does not use up the messages of the line', () => {
    const { served, client, clock } = begin('DBGI=2');
    for (let i = 0; i < 300; i++) client.send(TESTFR_ACT);
    client.send('00');
    clock.settle();
    assert.ok(served.log.some((line) => line.startsWith(`warn: ${REMOTE} closed: start-octet`)));
  });

  it('holds for connections that stand when a station brings it or takes it away', () => {
    const { served, client, clock, lines } = begin('');
    const added = served.add({ ca: 2, parameters: 'DBGI=2', points: [] });
    client.send(TESTFR_ACT);
    clock.settle();
    assert.deepEqual(lines(), ['received: U TESTFR act']);
    served.line.remove(added);
    client.send(TESTFR_ACT);
    clock.settle();
    assert.deepEqual(lines(), []);
  });
});

describe('a monitor of frames', () => {
  it('sees every frame of a line while it looks, and no longer', () => {
    const { served, client, clock } = begin('');
    const seen: string[] = [];
    const end = served.line.frames.add(({ remote, direction, octets }: PassingFrame) => {
      seen.push(`${remote} ${direction} ${octets.length}`);
    });
    client.send(TESTFR_ACT);
    clock.settle();
    assert.deepEqual(seen, [`${REMOTE} received 6`, `${REMOTE} sent 6`]);
    end();
    client.send(TESTFR_ACT);
    clock.settle();
    assert.equal(seen.length, 2);
    assert.deepEqual(served.log, []);
  });

  it('that fails costs no frame and no connection', () => {
    const { served, client, clock } = begin('');
    served.line.frames.add(() => {
      throw new Error('a fault of the monitor');
    });
    client.frames = [];
    client.send(TESTFR_ACT);
    clock.settle();
    client.send(TESTFR_ACT);
    clock.settle();
    assert.deepEqual(client.frames, [TESTFR_CON, TESTFR_CON]);
    assert.equal(client.closed, false);
    assert.ok(served.log.every((line) => line.includes('a fault of the monitor')));
  });

  it('that begins in the middle of a frame sees the next ones', () => {
    const { served, client, clock } = begin('');
    const [first, ...others] = TESTFR_ACT.split(' ');
    client.send(first as string);
    clock.settle();
    const seen: number[] = [];
    served.line.frames.add(({ octets }) => seen.push(octets.length));
    client.send(others.join(' '));
    clock.settle();
    client.send(TESTFR_ACT);
    clock.settle();
    assert.deepEqual(seen.slice(-2), [6, 6]);
  });
});
