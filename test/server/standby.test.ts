import assert from 'node:assert/strict';
import { TestClient } from './client.js';
import { closeAll, type Served, serve } from './served.js';
import { Virtual } from './virtual.js';

const points = [
  { ioa: 1, type: 'M_SP_NA_1' },
  { ioa: 2, type: 'M_SP_NA_1' },
  { ioa: 5000, type: 'C_SC_NA_1' },
] as const;
const event = (ioa: number, value: boolean, cause = '03'): string =>
  `01 01 ${cause} 00 01 00 0${ioa} 00 00 0${value ? 1 : 0}`;
const COMMAND = '2d 01 06 00 01 00 88 13 00 01';
const INTERROGATION = '64 01 06 00 01 00 00 00 00 14';

describe('the line of an instance that is passive or becomes so', () => {
  afterEach(closeAll);

  let mayAct: boolean;
  let served: Served;
  const start = async (parameters: string, acts = true): Promise<void> => {
    mayAct = acts;
    served = await serve([{ parameters: `SAI=False;${parameters}`, points }], { guard: () => mayAct });
  };
  const becomes = (acts: boolean): void => {
    mayAct = acts;
    served.line.wake();
  };

  it('closes its connections and its port, takes values on, and opens again', async () => {
    await start('');
    const port = served.line.port as number;
    const client = await served.client();
    becomes(false);
    await client.closes();
    assert.equal(served.line.status.state, 'passive');
    assert.equal(served.line.status.stations[0]?.state, 'StOFF');
    await assert.rejects(TestClient.connect(port));
    served.write(1, true);
    becomes(true);
    assert.notEqual(served.line.status.state, 'passive');
    await served.until(() => served.line.status.state === 'listening');
    const again = await served.client();
    await again.expect(event(1, true));
  });

  it('sends in turns again once it is active again', async () => {
    await start('BGS=1');
    becomes(false);
    await served.until(() => served.line.port === undefined);
    becomes(true);
    await served.until(() => served.line.status.state === 'listening');
    const client = await served.client();
    await client.expect(event(1, false, '02').replace(/00$/, 'c0'));
  });

  it('opens nothing as long as it is passive, not even with SKO', async () => {
    for (const parameters of ['', 'SKO=1']) {
      mayAct = false;
      const quiet = new Virtual([{ parameters, points }], { guard: () => mayAct });
      quiet.served.line.open();
      assert.equal(quiet.served.line.status.state, 'passive');
      assert.equal(quiet.served.line.port, undefined);
      await quiet.served.line.close();
      assert.equal(quiet.served.line.status.state, 'closed');
    }
  });

  it('SKO: keeps connections and port, sends no I-frame but refusals, and goes on', async () => {
    await start('SKO=1');
    const client = await served.client();
    served.write(1, true);
    await client.expect(event(1, true));
    becomes(false);
    served.write(2, true);
    client.ask(INTERROGATION, COMMAND);
    await client.expect('64 01 47 00 01 00 00 00 00 14', '2d 01 47 00 01 00 88 13 00 01');
    client.send('68 04 43 00 00 00');
    assert.equal(await client.next(), '68 04 83 00 00 00');
    await client.quiet();
    assert.equal(served.operations.length, 0);
    assert.equal(served.line.status.state, 'passive');
    assert.equal(served.line.status.connections[0]?.state, 'standby');
    becomes(true);
    await client.expect(event(2, true));
    client.ask(COMMAND);
    await client.expect('2d 01 07 00 01 00 88 13 00 01', '2d 01 0a 00 01 00 88 13 00 01');
  });

  it('SKO: what was selected before is not when the instance is active again', async () => {
    await start('SKO=1');
    const [one, other] = [await served.client(), await served.client()];
    const select = COMMAND.replace(/01$/, '81');
    await one.answers(select, select.replace(' 06 ', ' 07 '));
    await other.answers(select, select.replace(' 06 ', ' 47 '));
    becomes(false);
    becomes(true);
    await other.answers(select, select.replace(' 06 ', ' 07 '));
    await one.answers(COMMAND, COMMAND.replace(' 06 ', ' 47 '));
  });

  it('SKO and SWV: values and interrogations go on, commands are refused; SSTB marks them all', async () => {
    await start('SKO=1;SWV=1;SSTB=1');
    const client = await served.client();
    becomes(false);
    served.write(1, true);
    await client.expect(event(1, true, '83'));
    client.ask(COMMAND);
    await client.expect('2d 01 c7 00 01 00 88 13 00 01');
    client.ask(INTERROGATION);
    await client.expect(
      '64 01 87 00 01 00 00 00 00 14',
      '01 01 94 00 01 00 01 00 00 01',
      '01 01 94 00 01 00 02 00 00 c0',
      '64 01 8a 00 01 00 00 00 00 14',
    );
    becomes(true);
    served.write(1, false);
    await client.expect(event(1, false));
  });

  it('SSCF marks the third control octet while it is passive', async () => {
    await start('SKO=1;SWV=1;SSCF=1');
    const client = await served.client();
    served.write(1, true);
    assert.match(await client.next(), /^68 0e 00 00 00 00 /);
    becomes(false);
    served.write(1, false);
    assert.match(await client.next(), /^68 0e 02 00 01 00 /);
    becomes(true);
    served.write(1, true);
    assert.match(await client.next(), /^68 0e 04 00 00 00 /);
  });
});

describe('KEEP: what the instance before may not have delivered', () => {
  let mayAct: boolean;
  let line: Virtual;
  const start = (parameters = ''): void => {
    mayAct = false;
    line = new Virtual([{ parameters: `SAI=False;${parameters}`, points }], { guard: () => mayAct });
    line.served.line.open();
  };
  const becomes = (acts: boolean): void => {
    mayAct = acts;
    line.served.line.wake();
    line.clock.settle();
  };
  const write = (ioa: number, value: boolean): void => {
    line.served.write(ioa, value);
    line.clock.settle();
  };
  afterEach(() => line.served.line.close());

  it('events of the last 5 s go to the clients that come, older ones do not', () => {
    start();
    write(1, true);
    line.clock.advance(3000);
    write(1, false);
    line.clock.advance(3000);
    write(2, true);
    becomes(true);
    for (const remote of ['192.0.2.1:40000', '192.0.2.2:40000'])
      assert.deepEqual(line.client(remote).asdus(), [event(1, false), event(2, true)]);
    assert.equal(line.served.line.status.lost, 0);
  });

  it('a line that was passive for long counts nothing as lost, and a client that comes late gets nothing old', () => {
    start('EBS=16');
    for (let i = 0; i < 100; i++) {
      write(1, i % 2 === 0);
      line.clock.advance(1000);
    }
    line.clock.advance(10_000);
    becomes(true);
    assert.equal(line.served.line.status.lost, 0);
    assert.deepEqual(line.client().asdus(), []);
    line.clock.advance(70_000);
    write(2, true);
    assert.deepEqual(line.client('192.0.2.9:1').asdus(), []);
  });

  it('what was not acknowledged before it became passive is sent again if it is active soon', () => {
    start();
    becomes(true);
    const client = line.client();
    write(1, true);
    assert.deepEqual(client.taken(), [event(1, true)]);
    becomes(false);
    line.clock.advance(2000);
    becomes(true);
    assert.deepEqual(line.client().asdus(), [event(1, true)]);
  });

  it('a balanced station asks nothing of a client that comes while it is passive, and interrogates it when it is active', () => {
    mayAct = true;
    const parameters = 'SAI=False;SKO=1;SWV=1;OIC=1';
    line = new Virtual([{ balanced: true, syncPeriod: 10, parameters, points: [points[0]] }], { guard: () => mayAct });
    line.served.line.open();
    becomes(false);
    const client = line.client();
    line.clock.advance(25_000);
    assert.deepEqual(client.asdus(), []);
    becomes(true);
    assert.ok(client.asdus().includes('64 01 06 00 01 00 00 00 00 14'));
    line.clock.advance(10_000);
    assert.match(client.asdus().join(), /67 01 06/);
  });

  it('a command of the flow is told that the instance is passive', () => {
    mayAct = false;
    line = new Virtual([{ balanced: true, points: [{ ioa: 7, type: 'C_SC_NA_1', direction: 'out' }] }], {
      guard: () => mayAct,
    });
    line.served.line.open();
    const outcomes = line.command({ ioa: 7, value: true });
    assert.deepEqual(
      outcomes.map(({ ok, reason }) => [ok, reason]),
      [[false, 'passive']],
    );
  });
});
