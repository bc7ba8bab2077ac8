import assert from 'node:assert/strict';
import type { PassingFrame } from '../../lib/trace/frame-watch.js';
import { VirtualClock } from '../link/virtual-clock.js';
import { MemoryClient } from './memory-client.js';
import { Served } from './served.js';
import { Virtual } from './virtual.js';
import { STARTDT_ACT, TESTFR_ACT, TESTFR_CON } from './wire.js';

const REMOTE = '192.0.2.1:40000';
const interrogation = '64 01 06 00 01 00 00 00 00 14';

/** A station with one point, a client with data transfer, and what the line logs of their frames. */
function begin(parameters: string): { served: Served; client: MemoryClient; clock: VirtualClock; lines(): string[] } {
  const clock = new VirtualClock();
  const served = new Served([{ parameters, points: [{ ioa: 1, type: 'M_SP_NA_1' }] }], { clock });
  const client = new MemoryClient(served, clock, REMOTE).start();
  return { served, client, clock, lines: () => linesOf(served) };
}

const linesOf = ({ log }: Served): string[] => log.splice(0).flatMap((line) => line.split(`info: ${REMOTE} `)[1] ?? []);

const CON = '64 01 07 00 01 00 00 00 00 14';
const TERM = '64 01 0a 00 01 00 00 00 00 14';
/** How a partner answers an interrogation with three values, and a counter interrogation with one. */
const answers = [
  CON,
  '0b 82 14 00 01 00 05 00 00 01 00 00 02 00 40',
  '01 01 14 00 01 00 09 00 00 01',
  '01 01 03 00 01 00 09 00 00 00',
  TERM,
  '65 01 07 00 01 00 00 00 00 05',
  '0f 01 25 00 01 00 0f 00 00 07 00 00 00 00',
  '65 01 0a 00 01 00 00 00 00 05',
];

/** The same with a balanced station. */
function balanced(parameters: string): { served: Served; client: MemoryClient; lines(): string[] } {
  const points = [
    { ioa: 1, type: 'M_SP_NA_1' },
    { ioa: 45, type: 'C_SC_NA_1' },
    { ioa: 46, type: 'C_DC_NA_1', direction: 'out' },
  ];
  const rig = new Virtual([{ balanced: true, parameters, points }]);
  return { served: rig.served, client: rig.client(REMOTE), lines: () => linesOf(rig.served) };
}

describe('DBGI and DBGO', () => {
  it('off: nothing is logged', () => {
    const { served, client } = begin('');
    client.ask(interrogation).asdus();
    client.send(TESTFR_ACT).clock.settle();
    assert.deepEqual(served.log, []);
  });

  it('DBGI bit 0: how many values an interrogation of ours brought, of values and of counters apart', () => {
    const { client, lines } = balanced('DBGI=1');
    client.ask(...answers).asdus();
    assert.deepEqual(lines(), [
      'received: 3 values: C_IC_NA_1 (100) activation-termination OA=0 CA=1 0=QOI 20 station',
      'received: 1 value: C_CI_NA_1 (101) activation-termination OA=0 CA=1 0=QCC 5 RQT 5 read',
    ]);
    client.ask(CON, TERM).asdus();
    assert.match(lines()[0] ?? '', /^received: 0 values: C_IC_NA_1/);
  });

  it('DBGI bit 1: each value received, commands and process information, with all that it carries', () => {
    const { client, lines } = balanced('DBGI=2');
    client.ask(
      ...answers.slice(1, 3),
      '1e 01 03 00 01 00 07 00 00 91 85 1a 05 04 43 02 1a',
      '2d 01 06 00 01 00 2d 00 00 01',
      // Confirmations, system commands and unknown types carry no values.
      '2e 01 07 00 01 00 2e 00 00 01',
      '64 01 06 00 01 00 00 00 00 14',
      'fa 01 03 00 01 00 01 02 03',
    );
    client.asdus();
    assert.deepEqual(lines(), [
      'received: M_ME_NB_1 (11) interrogation OA=0 CA=1 5=1',
      'received: M_ME_NB_1 (11) interrogation OA=0 CA=1 6=2 NT',
      'received: M_SP_NA_1 (1) interrogation OA=0 CA=1 9=on',
      'received: M_SP_TB_1 (30) spontaneous OA=0 CA=1 7=on IV BL 2026-02-03 04:05:06.789',
      'received: C_SC_NA_1 (45) activation OA=0 CA=1 45=on execute QU 0',
    ]);
  });

  it('DBGI bit 2: each interrogation and counter interrogation that is requested', () => {
    const { client, lines } = balanced('DBGI=4');
    client.ask(...answers, '64 01 06 05 01 00 00 00 00 15', '65 01 06 00 01 00 00 00 00 45').asdus();
    assert.deepEqual(lines(), [
      'received: requested: C_IC_NA_1 (100) activation OA=5 CA=1 0=QOI 21 group 1',
      'received: requested: C_CI_NA_1 (101) activation OA=0 CA=1 0=QCC 69 RQT 5 freeze',
    ]);
  });

  it('DBGO bit 0: how many values an interrogation was answered with', () => {
    const { served, client, lines } = begin('DBGO=1;SAI=False');
    served.write(1, true);
    client.ask(interrogation, '65 01 06 00 01 00 00 00 00 05').asdus();
    assert.deepEqual(lines(), [
      'sent: 1 value: C_IC_NA_1 (100) activation-termination OA=0 CA=1 0=QOI 20 station',
      'sent: 0 values: C_CI_NA_1 (101) activation-termination OA=0 CA=1 0=QCC 5 RQT 5 read',
    ]);
  });

  it('DBGO bit 0: of a balanced station too, and of each station apart', () => {
    const { served, client, lines } = balanced('DBGO=1;IGO=True');
    served.add({ ca: 2, points: [1, 2, 3].map((ioa) => ({ ioa, type: 'M_SP_NA_1' })) });
    client.ask('64 01 06 00 ff ff 00 00 00 14').asdus();
    assert.deepEqual(
      lines().map((line) => line.replace(/C_IC.*CA/, 'CA')),
      ['sent: 1 value: CA=1 0=QOI 20 station', 'sent: 3 values: CA=2 0=QOI 20 station'],
    );
  });

  it('DBGO bit 1: each value sent, commands of a balanced station too', () => {
    const { served, client, lines } = balanced('DBGO=2;SAI=False');
    served.write(1, true);
    served.line.command(served.station, { ioa: 46, value: true }, () => {});
    client.asdus();
    client.ask(interrogation, '2d 01 06 00 01 00 2d 00 00 01').asdus();
    assert.deepEqual(lines(), [
      'sent: C_DC_NA_1 (46) activation OA=0 CA=1 46=on execute QU 0',
      'sent: M_SP_NA_1 (1) spontaneous OA=0 CA=1 1=on',
      'sent: M_SP_NA_1 (1) interrogation OA=0 CA=1 1=on',
    ]);
  });

  it('DBGI bit 3: each I-frame received', () => {
    const { client, lines } = begin('DBGI=8');
    client.ask(interrogation).asdus();
    client.send(TESTFR_ACT).clock.settle();
    assert.deepEqual(lines(), ['received: I N(S)=0 N(R)=0 C_IC_NA_1 (100) activation OA=0 CA=1 0=QOI 20 station']);
  });

  it('DBGO bit 3: each I-frame sent', () => {
    const { client, lines } = begin('DBGO=8');
    client.ask(interrogation).asdus();
    client.send(TESTFR_ACT).clock.settle();
    assert.deepEqual(lines(), [
      'sent: I N(S)=0 N(R)=1 C_IC_NA_1 (100) activation-confirmation OA=0 CA=1 0=QOI 20 station',
      'sent: I N(S)=1 N(R)=1 M_SP_NA_1 (1) interrogation OA=0 CA=1 1=off IV NT',
      'sent: I N(S)=2 N(R)=1 C_IC_NA_1 (100) activation-termination OA=0 CA=1 0=QOI 20 station',
    ]);
  });

  it('bit 4: S- and U-frames', () => {
    const { client, lines } = begin('DBGI=16;DBGO=16');
    assert.deepEqual(lines(), ['received: U STARTDT act', 'sent: U STARTDT con']);
    client.ask(interrogation).asdus();
    assert.deepEqual(lines(), ['received: S N(R)=3']);
  });

  it('bit 5: the octets of the frames that are logged', () => {
    const { client, lines } = begin('DBGI=48;DBGO=56');
    lines();
    client.send(TESTFR_ACT).clock.settle();
    assert.deepEqual(lines(), [`received: U TESTFR act [${TESTFR_ACT}]`, `sent: U TESTFR con [${TESTFR_CON}]`]);
  });

  it('bits 2 of DBGO and 5 alone log nothing', () => {
    const { client, lines } = begin('DBGI=32;DBGO=36');
    client.ask(interrogation).asdus();
    assert.deepEqual(lines(), []);
  });

  it('frames in pieces are one line each, in whatever segments they come', () => {
    const { client, clock, lines } = begin('DBGI=16');
    lines();
    for (const octet of STARTDT_ACT.split(' ')) client.send(octet);
    client.send(`${TESTFR_ACT} ${STARTDT_ACT}`);
    clock.settle();
    assert.deepEqual(lines(), ['received: U STARTDT act', 'received: U TESTFR act', 'received: U STARTDT act']);
  });

  it('what is no frame is shown once, and its connection closes', () => {
    const { client, clock, lines } = begin('DBGI=8');
    client.send('00 01 02');
    clock.settle();
    assert.equal(lines()[0], 'received: ? 00 01 02');
    assert.equal(client.closed, true);
  });

  it('a flood is limited to 200 lines a second, further ones are counted and told', () => {
    const { served, client, clock } = begin('DBGI=16');
    served.log.length = 0;
    for (let i = 0; i < 1000; i++) client.send(TESTFR_ACT);
    clock.settle();
    assert.ok(served.log.length >= 198 && served.log.length <= 200, `${served.log.length} lines`);
    const before = served.log.length;
    clock.advance(1000);
    client.send(TESTFR_ACT).clock.settle();
    const [told, line] = served.log.slice(before);
    assert.match(told ?? '', /^info: 80\d further lines were not logged/);
    assert.match(line ?? '', /TESTFR act/);
  });

  it('does not use up the messages of the line', () => {
    const { served, client, clock } = begin('DBGI=16');
    for (let i = 0; i < 300; i++) client.send(TESTFR_ACT);
    client.send('00');
    clock.settle();
    assert.ok(served.log.some((line) => line.startsWith(`warn: ${REMOTE} closed: start-octet`)));
  });

  it('holds for connections that stand when a station brings it or takes it away', () => {
    const { served, client, clock, lines } = begin('');
    const added = served.add({ ca: 2, parameters: 'DBGI=16', points: [] });
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
