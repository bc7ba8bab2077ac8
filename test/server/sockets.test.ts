import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { SocketClock } from '../link/socket-clock.js';
import { STARTDT_ACT, STARTDT_CON, TESTFR_ACT, TESTFR_CON, TestClient } from './client.js';
import { closeAll, type Served, serve } from './served.js';

const event = (value: string): string => `0b 01 03 00 01 00 01 00 00 ${value} 00 00`;

/** A client of another address of this computer; undefined where it has no such address. */
function connectFrom(served: Served, localAddress: string): Promise<TestClient | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: served.line.port as number, host: '127.0.0.1', localAddress });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRNOTAVAIL' ? resolve(undefined) : reject(error),
    );
    // Its constructor is private: what else makes one connects from 127.0.0.1.
    socket.once('connect', () => resolve(Reflect.construct(TestClient, [socket]) as TestClient));
  });
}

/** What the client has sent so far is dealt with. */
async function dealtWith(client: TestClient): Promise<void> {
  client.send(TESTFR_ACT);
  assert.equal(await client.next(), TESTFR_CON);
}

describe('redundancy groups over sockets', () => {
  afterEach(closeAll);

  it('PROTOCOL 32: STARTDT from the other address of the group closes A; B gets what A had not acknowledged, in order', async function () {
    const parameters = 'SAI=False;GRP=A:127.0.0.2,127.0.0.3';
    const served = await serve([{ parameters, points: [{ ioa: 1, type: 'M_ME_NB_1' }] }]);
    const [a, b] = [await connectFrom(served, '127.0.0.2'), await connectFrom(served, '127.0.0.3')];
    if (a === undefined || b === undefined) return this.skip();
    await a.start();
    a.acknowledges = false;
    for (let value = 1; value <= 5; value++) served.write(1, value);
    await a.expect(...['01', '02', '03', '04', '05'].map(event));
    a.send('68 04 01 00 04 00');
    await dealtWith(a);
    assert.equal(a.closed, false, 'a connection of the group that is not started takes nothing over');
    b.send(STARTDT_ACT);
    assert.equal(await b.next(), STARTDT_CON);
    await a.closes();
    assert.deepEqual(served.line.status.lastClose, { remote: `127.0.0.2:${a.port}`, reason: 'taken-over' });
    served.write(1, 6);
    await b.expect(...['03', '04', '05', '06'].map(event));
    await b.quiet();
    assert.equal(b.closed, false);
    assert.equal(served.line.status.lost, 0);
  });

  it('PROTOCOL 32: an address of no group closes nobody, and has its own events', async function () {
    const parameters = 'SAI=False;GRP=A:127.0.0.2,127.0.0.3';
    const served = await serve([{ parameters, points: [{ ioa: 1, type: 'M_ME_NB_1' }] }]);
    const [a, b] = [await connectFrom(served, '127.0.0.2'), await connectFrom(served, '127.0.0.4')];
    if (a === undefined || b === undefined) return this.skip();
    await a.start();
    await b.start();
    served.write(1, 1);
    for (const each of [a, b]) {
      await each.expect(event('01'));
      await each.quiet();
    }
  });
});

describe('periodic values over sockets', () => {
  afterEach(closeAll);

  it('PROTOCOL 29: each period one with cause 1, for who has interrogated', async () => {
    const clock = new SocketClock();
    const served = await serve([{ points: [{ ioa: 1, type: 'M_ME_TE_1', period: 2 }] }], { clock, lineNumber: 9 });
    const [client, silent] = [await served.client(), await served.client()];
    served.write(1, 7, Date.UTC(2026, 1, 3, 4, 5, 6, 789));
    await client.answers(
      '64 01 06 00 01 00 00 00 00 14',
      '64 01 07 00 01 00 00 00 00 14',
      '23 01 03 09 01 00 01 00 00 07 00 00 85 1a 05 04 43 02 1a',
      '0b 01 14 00 01 00 01 00 00 07 00 00',
      '64 01 0a 00 01 00 00 00 00 14',
    );
    clock.advance(1999);
    await client.quiet();
    for (const ms of [1, 2000]) {
      clock.advance(ms);
      await client.expect('0b 01 01 09 01 00 01 00 00 07 00 00');
      await client.quiet();
    }
    await silent.quiet();
  });
});
