import assert from 'node:assert/strict';
import fc from 'fast-check';
import { VirtualClock } from '../link/virtual-clock.js';
import type { TestClient } from './client.js';
import { MemoryClient } from './memory-client.js';
import { closeAll, Served, serve } from './served.js';
import { digits, STARTDT_ACT, STARTDT_CON, STOPDT_ACT, STOPDT_CON, TESTFR_ACT, TESTFR_CON } from './wire.js';

const points = [
  { ioa: 1, type: 'M_SP_NA_1', groups: [1] },
  { ioa: 2, type: 'M_IT_NA_1', counterGroup: 1 },
  { ioa: 45, type: 'C_SC_NA_1' },
  { ioa: 50, type: 'C_SE_NC_1', sbo: true },
];
const GI = '64 01 06 00 01 00 00 00 00 14';
const seed = 20260203;

/** Requests that are right, to be spoilt. */
const requests = [
  GI,
  '65 01 06 00 01 00 00 00 00 05',
  '66 01 05 00 01 00 01 00 00',
  '67 01 06 00 01 00 00 00 00 85 1a 05 04 43 02 1a',
  '69 01 06 00 01 00 00 00 00 01',
  '6b 01 06 00 01 00 00 00 00 01 00 85 1a 05 04 43 02 1a',
  '2d 01 06 00 01 00 2d 00 00 01',
  '3a 01 06 00 01 00 2d 00 00 01 85 1a 05 04 43 02 1a',
  '32 01 06 00 01 00 32 00 00 00 00 c0 3f 80',
];

const octet = fc.nat({ max: 255 });
const soup = fc.array(octet, { minLength: 1, maxLength: 600 });
/** Octets that look like the protocol for a while. */
const almost = fc.array(
  fc.oneof(
    fc.constantFrom([0x68, 4, 7, 0, 0, 0], [0x68, 4, 0x43, 0, 0, 0], [0x68, 4, 0x13, 0, 0, 0], [0x68, 4, 1, 0, 0, 0]),
    fc.array(octet, { minLength: 4, maxLength: 30 }).map((body) => [0x68, body.length, ...body]),
  ),
  { minLength: 1, maxLength: 20 },
);
/** A request with a few octets changed, cut short or drawn out. */
const spoilt = fc
  .tuple(
    fc.constantFrom(...requests),
    fc.array(fc.tuple(fc.nat({ max: 20 }), octet), { maxLength: 3 }),
    fc.option(fc.nat({ max: 18 }), { freq: 4 }),
    fc.array(octet, { maxLength: 3 }),
  )
  .map(([request, changes, length, more]) => {
    const body = request.split(' ').map((pair) => Number.parseInt(pair, 16));
    for (const [at, value] of changes) body[at % body.length] = value;
    return digits(Uint8Array.from([...body.slice(0, length ?? body.length), ...(changes.length > 1 ? more : [])]));
  })
  .filter((asdu) => asdu !== '');

describe('bad octets', () => {
  afterEach(closeAll);

  /** The line is alive: another client interrogates, commands, and gets events. */
  async function unharmed(served: Served, other: TestClient, round: number): Promise<void> {
    await other.answers('66 01 05 00 01 00 01 00 00', `01 01 05 00 01 00 01 00 00 0${round % 2}`);
    served.write(1, round % 2 === 0);
    await other.expect(`01 01 03 00 01 00 01 00 00 0${(round + 1) % 2}`);
  }

  const attacks = {
    'random octets': soup.map((octets) => [digits(Uint8Array.from(octets))]),
    'octets that look like the protocol': almost.map((frames) => frames.map((frame) => digits(Uint8Array.from(frame)))),
  };
  for (const [what, arbitrary] of Object.entries(attacks))
    it(`PROTOCOL 12: ${what} never cost more than the connection they came on`, async () => {
      const served = await serve([{ parameters: 'SAI=False;EBS=1000', points }]);
      served.write(1, false);
      const other = await served.client();
      await other.asdus(1);
      let round = 0;
      await fc.assert(
        fc.asyncProperty(arbitrary, fc.boolean(), async (pieces, started) => {
          const bad = started ? await served.client() : await served.connect();
          for (const piece of pieces) bad.send(piece);
          await unharmed(served, other, round++);
          bad.socket.destroy();
        }),
        { seed, numRuns: 100 },
      );
    });

  it('PROTOCOL 18: spoilt requests are answered or close, and harm nobody', async () => {
    const served = await serve([{ parameters: 'SAI=False;EBS=1000', points }]);
    served.write(1, false);
    const other = await served.client();
    await other.asdus(1);
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(spoilt, { minLength: 1, maxLength: 12 }), async (asdus) => {
        const bad = await served.client();
        for (const asdu of asdus) bad.ask(asdu);
        await unharmed(served, other, round++);
        bad.socket.destroy();
      }),
      { seed, numRuns: 150 },
    );
    assert.deepEqual(
      served.log.filter((line) => line.startsWith('error')),
      [],
    );
  });

  it('PROTOCOL 12: of the 256 first control octets only the six functions and I- and S-frames are taken', () => {
    const clock = new VirtualClock();
    const served = new Served([{ points }], { clock });
    const taken: number[] = [];
    for (let control = 3; control < 256; control += 4) {
      const client = new MemoryClient(served, clock);
      client.send(`68 04 ${digits(Uint8Array.of(control))} 00 00 00`);
      clock.settle();
      if (!client.closed) taken.push(control);
      else assert.deepEqual(client.frames, [], 'nothing is answered');
    }
    assert.deepEqual(taken, [0x07, 0x0b, 0x13, 0x23, 0x43, 0x83]);
  });

  it('PROTOCOL 18: file types and type 41 from a client: whole ones are of an unknown type, short ones close', () => {
    const clock = new VirtualClock();
    const served = new Served([{ points }], { clock });
    for (const type of ['29', '78', '79', '7a', '7b', '7c', '7d', '7e', '7f'])
      for (let length = 0; length < 40; length++) {
        const client = new MemoryClient(served, clock).start();
        client.ask(`${type} 01 0d 00 01 00${' 00'.repeat(length)}`);
        const [answer] = client.taken();
        if (!client.closed) assert.equal(answer?.slice(0, 8), `${type} 01 4d`.replace('4d', '6c'));
        else assert.equal(answer, undefined);
      }
    // A segment that says it is longer than it is.
    const client = new MemoryClient(served, clock).start();
    client.ask('7d 01 0d 00 01 00 00 00 00 01 00 01 ff aa');
    clock.settle();
    assert.ok(client.closed);
  });
});

describe('slow, silent and greedy clients', () => {
  const setup = (parameters = '') => {
    const clock = new VirtualClock();
    const served = new Served([{ parameters, points }], { clock });
    return { clock, served, client: new MemoryClient(served, clock) };
  };

  it('PROTOCOL 13: single octets with pauses give the same as one piece', () => {
    const { clock, client } = setup('WT3=0');
    const all = `${STARTDT_ACT} ${client.wire.frame(GI)} ${TESTFR_ACT}`;
    for (const pair of all.split(' ')) {
      client.send(pair);
      clock.advance(500);
    }
    assert.deepEqual(client.frames.slice(0, 2), [STARTDT_CON, '68 0e 00 00 02 00 64 01 07 00 01 00 00 00 00 14']);
    assert.equal(client.frames.at(-1), TESTFR_CON);
  });

  it('PROTOCOL 13: single octets over a socket', async () => {
    const served = await serve([{ points }]);
    const client = await served.connect();
    for (const pair of `${STARTDT_ACT} ${client.wire.frame(GI)}`.split(' ')) {
      client.send(pair);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(await client.next(), STARTDT_CON);
    await client.expect('64 01 07 00 01 00 00 00 00 14', '01 01 14 00 01 00 01 00 00 c0');
    await closeAll();
  });

  it('PROTOCOL 13: a frame that stays incomplete for t1 closes', () => {
    const { clock, served, client } = setup();
    client.start().send('68 0e 00');
    clock.advance(14_999);
    assert.ok(!client.closed);
    clock.advance(1);
    assert.ok(client.closed);
    assert.equal(served.line.status.lastClose?.reason, 't1-frame');
  });

  it('PROTOCOL 13: a connection without STARTDT is closed after WTS', () => {
    const { clock, served, client } = setup('WT3=0;WTS=30000');
    clock.advance(29_999);
    assert.ok(!client.closed);
    clock.advance(1);
    assert.ok(client.closed);
    assert.equal(served.line.status.lastClose?.reason, 'no-startdt');
  });

  it('PROTOCOL 11: a half-open connection is found out by a test frame and t1; its events wait', () => {
    const { clock, served, client } = setup('SAI=False');
    client.start();
    clock.advance(20_000);
    clock.settle();
    assert.deepEqual(client.frames, [TESTFR_ACT]);
    served.write(1, true);
    clock.settle();
    clock.advance(15_000);
    assert.ok(client.closed);
    const back = new MemoryClient(served, clock).start();
    assert.deepEqual(back.taken(), ['01 01 03 00 01 00 01 00 00 01']);
  });

  it('PROTOCOL 10: a master that reads, commands, but never acknowledges is closed by t1, its events kept', () => {
    const { clock, served, client } = setup('SAI=False');
    client.start();
    const events: string[] = [];
    for (let i = 0; i < 20; i++) served.write(1, i % 2 === 0);
    events.push(...client.taken());
    assert.equal(events.length, 12, 'k and no more');
    for (let i = 0; i < 14; i++) {
      clock.advance(1000);
      client.send(TESTFR_ACT).send('68 04 01 00 00 00');
    }
    clock.advance(1000);
    assert.ok(client.closed);
    assert.equal(served.line.status.lastClose?.reason, 't1-i-frame');
    const back = new MemoryClient(served, clock).start();
    const again = back.asdus();
    assert.equal(again.length, 20);
    assert.deepEqual(again.slice(0, 12), events);
  });

  it('three interrogations and a STOPDT at once: one scan, two refusals, then the end of data transfer', () => {
    const clock = new VirtualClock();
    const many = Array.from({ length: 100 }, (_, i) => ({ ioa: i + 1, type: 'M_SP_NA_1' }));
    const client = new MemoryClient(new Served([{ parameters: 'IGO=False', points: many }], { clock }), clock).start();
    client.send(client.wire.frame(GI), client.wire.frame(GI), client.wire.frame(GI), STOPDT_ACT);
    assert.equal(client.taken().length, 12, 'the window, and nothing behind it');
    client.acknowledge();
    clock.settle();
    assert.deepEqual(client.frames.splice(0), [STOPDT_CON]);
    client.start();
    assert.deepEqual(client.taken(), []);
    assert.equal(client.ask(GI).asdus().length, 102);
  });

  it('PROTOCOL 13: a command and a STOPDT in one segment: the answers, then the confirmation', () => {
    const { clock, client } = setup();
    client.start();
    client.send(client.wire.frame('2d 01 06 00 01 00 2d 00 00 01'), STOPDT_ACT);
    assert.deepEqual(client.taken(), ['2d 01 07 00 01 00 2d 00 00 01', '2d 01 0a 00 01 00 2d 00 00 01']);
    client.acknowledge();
    clock.settle();
    assert.deepEqual(client.frames, [STOPDT_CON]);
  });

  it('a search for object addresses is answered with 47 each, and harms nobody', () => {
    const { clock, served, client } = setup();
    const other = new MemoryClient(served, clock, '192.0.2.2:1').start();
    client.start();
    for (let ioa = 1000; ioa < 2000; ioa++) {
      const address = digits(Uint8Array.of(ioa & 255, ioa >> 8, 0));
      client.ask(`2d 01 06 00 01 00 ${address} 01`);
      assert.deepEqual(client.asdus(), [`2d 01 6f 00 01 00 ${address} 01`]);
    }
    assert.equal(other.ask(GI).asdus().length, 3);
  });

  it('connections that come and go leave nothing behind', () => {
    const clock = new VirtualClock();
    const served = new Served([{ parameters: 'SAI=False', points }], { clock });
    for (let i = 0; i < 500; i++) {
      const client = new MemoryClient(served, clock, `192.0.2.${i % 100}:${i}`);
      if (i % 2 === 0) client.start().ask(GI);
      client.cut();
    }
    assert.deepEqual(served.line.status.connections, []);
    assert.equal(served.line.status.flags, '');
    assert.equal(clock.pending, 1, 'one timer for all places that are remembered');
    clock.advance(24 * 3_600_000);
    assert.equal(clock.pending, 0, 'no timers');
  });

  it('a line that is closed has no timer, whatever it remembers and whoever leaves it afterwards', async () => {
    const clock = new VirtualClock();
    const served = new Served([{ parameters: 'BGS=1', points }], { clock });
    new MemoryClient(served, clock).start().ask(GI).asdus();
    assert.ok(clock.pending > 0);
    await served.line.close();
    assert.equal(clock.pending, 0);
    served.line.remove(served.station);
    assert.equal(clock.pending, 0, 'it would keep the line, or the process, for a day');
  });
});
