import assert from 'node:assert/strict';
import { VirtualClock } from '../link/virtual-clock.js';
import { MemoryClient } from './memory-client.js';
import { closeAll, Served, serve } from './served.js';
import { octets, TESTFR_ACT, TESTFR_CON } from './wire.js';

const points = [
  { ioa: 1, type: 'M_BO_NA_1' },
  { ioa: 45, type: 'C_SC_NA_1' },
];
const COMMAND = '2d 01 06 00 01 00 2d 00 00 01';
const EVENTS = 50_000;
const numberIn = (asdu: string): number => octets(asdu).readUInt32LE(9);

describe('a client that does not read, over TCP', () => {
  afterEach(closeAll);

  it('PROTOCOL 31: costs the others nothing, and itself what is beyond EBS, counted', async function () {
    this.timeout(30_000);
    const served = await serve([{ parameters: 'SAI=False;EBS=10000', points }]);
    const [stalled, ...others] = [await served.client(), await served.client(), await served.client()];
    stalled.socket.pause();
    const expected = others.map(() => 0);
    let written = 0;
    while (written < EVENTS) {
      for (let i = 0; i < 2000; i++) served.write(1, ++written);
      for (const [which, client] of others.entries())
        while ((expected[which] as number) < written) {
          const value = numberIn(await client.asdu());
          assert.equal(value, (expected[which] as number) + 1);
          expected[which] = value;
        }
    }
    const status = served.line.status.connections.find(({ remote }) => remote.endsWith(`:${stalled.port}`));
    // 12 are on the way, of the others the last 10,000 are held.
    assert.equal(status?.lost, EVENTS - 10_000 - 12);
    assert.equal(status?.unacknowledged, 12);
    stalled.socket.resume();
    const values = (await stalled.asdus(10_012)).map(numberIn);
    const held = (i: number): number => (i < 12 ? i + 1 : EVENTS - 10_000 + i - 11);
    assert.deepEqual(
      values,
      Array.from({ length: 10_012 }, (_, i) => held(i)),
    );
    await stalled.quiet();
  });

  it('a flood of TESTFR acts without reading: reading stops, and afterwards each one is confirmed', async function () {
    this.timeout(30_000);
    const served = await serve([{ points }]);
    const [flood, other] = [await served.client(), await served.client()];
    flood.countsOnly = true;
    flood.socket.pause();
    const some = octets(new Array<string>(50_000).fill(TESTFR_ACT).join(' '));
    for (let i = 0; i < 40; i++) flood.socket.write(some);
    for (let i = 0; i < 50; i++) await other.quiet();
    flood.socket.resume();
    await flood.until(() => flood.octetsReceived >= 6 + 40 * some.length, 'all confirmations');
    assert.equal(flood.octetsReceived, 6 + 40 * some.length);
    flood.countsOnly = false;
    await flood.quiet();
  });
});

describe('a client that does not read, in memory', () => {
  /** What may wait for one client: the backlog at which sending stops, and what one turn writes. */
  const BOUND = 2 * 65_536 + 255;
  const setup = (parameters: string): { clock: VirtualClock; served: Served; client: MemoryClient } => {
    const clock = new VirtualClock();
    const served = new Served([{ parameters, points }], { clock });
    return { clock, served, client: new MemoryClient(served, clock).start() };
  };

  it('PROTOCOL 31: however large k is, no more than that waits in memory; all arrives when it reads again', () => {
    const { clock, served, client } = setup('SAI=False;K=32767;W=1');
    client.own.pause();
    for (let i = 1; i <= 30_000; i++) {
      served.write(1, i);
      if (i % 100 === 0) clock.settle();
      assert.ok(client.server.backlog <= BOUND);
    }
    assert.ok(client.server.backlog >= 65_536, 'it did come to that');
    assert.equal(served.line.status.connections[0]?.stalls, 1);
    client.own.resume();
    const values = client.asdus().map(numberIn);
    assert.deepEqual(
      values,
      Array.from({ length: 30_000 }, (_, i) => i + 1),
    );
  });

  it('a flood of TESTFR acts is read no further than its confirmations are taken', () => {
    const { clock, client } = setup('');
    client.own.pause();
    const some = new Array<string>(1000).fill(TESTFR_ACT).join(' ');
    for (let i = 0; i < 100; i++) {
      client.send(some);
      clock.settle();
      assert.ok(client.server.backlog <= BOUND);
    }
    assert.ok(client.own.backlog > 0, 'the rest was not even read');
    client.own.resume();
    clock.settle();
    assert.equal(client.frames.length, 100_000);
    assert.ok(client.frames.every((frame) => frame === TESTFR_CON));
  });

  it('a flood of commands whose answers are not acknowledged is closed, the others are served', () => {
    const { clock, served, client } = setup('');
    const other = new MemoryClient(served, clock, '192.0.2.2:1').start();
    let sent = 0;
    while (!client.closed) {
      client.ask(COMMAND);
      clock.settle();
      assert.ok(++sent < 10_000, 'without bound');
    }
    assert.deepEqual(served.line.status.lastClose, { remote: client.server.remote, reason: 'reply-overflow' });
    assert.ok(sent > 1000);
    assert.equal(other.ask(COMMAND).taken().length, 2);
  });

  it('a flood of reads and interrogations whose answers are not acknowledged is bounded', () => {
    const { clock, served, client } = setup('');
    for (let sent = 0; !client.closed && sent < 10_000; sent++) {
      client.ask('66 01 05 00 01 00 01 00 00', '64 01 06 00 01 00 00 00 00 14');
      clock.settle();
    }
    assert.ok(client.closed);
    assert.equal(served.line.status.connections.length, 0);
  });

  it('PROTOCOL 10: one that takes no acknowledgement upon itself is closed by t1', () => {
    const { clock, served, client } = setup('SAI=False');
    served.write(1, 1);
    clock.advance(14_999);
    assert.equal(client.closed, false);
    clock.advance(1);
    assert.equal(client.closed, true);
    assert.equal(served.line.status.lastClose?.reason, 't1-i-frame');
  });
});
