import assert from 'node:assert/strict';
import { VirtualClock } from '../link/virtual-clock.js';
import { MemoryClient } from './memory-client.js';
import { closeAll, Served, serve } from './served.js';

const points = [
  { ioa: 1, type: 'M_SP_NA_1' },
  { ioa: 45, type: 'C_SC_NA_1', feedback: 1 },
  { ioa: 65, type: 'C_SC_NA_1', sbo: true },
  { ioa: 66, type: 'C_SC_NA_1' },
];

describe('select before operate', () => {
  afterEach(closeAll);
  const SELECT = '2d 01 06 00 01 00 41 00 00 81';
  const SELECTED = '2d 01 07 00 01 00 41 00 00 81';
  const EXECUTE = '2d 01 06 00 01 00 41 00 00 01';
  const REFUSED = '2d 01 47 00 01 00 41 00 00 01';
  const DONE = ['2d 01 07 00 01 00 41 00 00 01', '2d 01 0a 00 01 00 41 00 00 01'];

  it('PROTOCOL 27: select 7, execute 7 and 10, and then it is used up', async () => {
    const served = await serve([{ points }]);
    const client = await served.client();
    await client.answers(SELECT, SELECTED);
    await client.answers(EXECUTE, ...DONE);
    await client.answers(EXECUTE, REFUSED);
    assert.deepEqual(
      served.operations.map(({ select }) => select),
      [true, false],
    );
  });

  it('PROTOCOL 27: cancel 9; execute after it is refused', async () => {
    const client = await (await serve([{ points }])).client();
    await client.answers(SELECT, SELECTED);
    await client.answers('2d 01 08 00 01 00 41 00 00 81', '2d 01 09 00 01 00 41 00 00 81');
    await client.answers(EXECUTE, REFUSED);
    await client.answers('2d 01 08 00 01 00 41 00 00 81', '2d 01 49 00 01 00 41 00 00 81');
  });

  it('PROTOCOL 27: another value, another qualifier, another originator: refused', async () => {
    const client = await (await serve([{ points }])).client();
    for (const [other, refused] of [
      ['2d 01 06 00 01 00 41 00 00 00', '2d 01 47 00 01 00 41 00 00 00'],
      ['2d 01 06 00 01 00 41 00 00 05', '2d 01 47 00 01 00 41 00 00 05'],
      ['2d 01 06 07 01 00 41 00 00 01', '2d 01 47 07 01 00 41 00 00 01'],
    ] as const) {
      await client.answers(SELECT, SELECTED);
      await client.answers(other, refused);
    }
  });

  it('PROTOCOL 27: another connection: refused; disconnection drops the select', async () => {
    const served = await serve([{ points }]);
    const [one, other] = [await served.client(), await served.client()];
    await one.answers(SELECT, SELECTED);
    await other.answers(EXECUTE, REFUSED);
    await other.answers(SELECT, '2d 01 47 00 01 00 41 00 00 81');
    await one.cut();
    await served.until(() => served.line.status.connections.length === 1);
    await other.answers(SELECT, SELECTED);
    await other.answers(EXECUTE, ...DONE);
  });
});

describe('return information', () => {
  afterEach(closeAll);
  const ASK = '2d 01 06 05 01 00 2d 00 00 01';
  const CON = '2d 01 07 05 01 00 2d 00 00 01';
  const TERM = '2d 01 0a 05 01 00 2d 00 00 01';

  it('PROTOCOL 25: 7, then the feedback point with cause 11, then 10', async () => {
    const served = await serve([{ parameters: 'SAI=False', points }], { lineNumber: 9 });
    const client = await served.client();
    await client.answers(ASK, CON);
    await client.quiet();
    served.write(1, true);
    await client.expect('01 01 0b 09 01 00 01 00 00 01', TERM);
    served.write(1, false);
    await client.expect('01 01 03 09 01 00 01 00 00 00');
  });

  it('PROTOCOL 25: the first write is return information even if it changes nothing, and within the command', async () => {
    const served: Served = await serve([{ parameters: 'SAI=False', points }], {
      operate: () => served.write(1, true),
    });
    served.write(1, true);
    const client = await served.client();
    await client.expect('01 01 03 00 01 00 01 00 00 01');
    await client.answers(ASK, CON, '01 01 0b 00 01 00 01 00 00 01', TERM);
  });

  it('PROTOCOL 25: a local change has cause 12', async () => {
    const served = await serve([{ parameters: 'SAI=False', points }]);
    const client = await served.client();
    served.station.write({ ioa: 1, value: true, cause: 'local' }, 0);
    await client.expect('01 01 0c 00 01 00 01 00 00 01');
  });

  it('PROTOCOL 25: a client that gets no events yet gets 10 once the point was written', async () => {
    const served = await serve([{ points }]);
    const client = await served.client();
    await client.answers(ASK, CON);
    served.write(1, true);
    await client.expect(TERM);
    await client.quiet();
  });

  it('PROTOCOL 26: while a command waits for its feedback its object is busy, and others are not', async () => {
    const served = await serve([{ points }]);
    const [one, other] = [await served.client(), await served.client()];
    await one.answers(ASK, CON);
    await other.answers(ASK, '2d 01 47 05 01 00 2d 00 00 01');
    await other.answers(
      '2d 01 06 05 01 00 42 00 00 01',
      '2d 01 07 05 01 00 42 00 00 01',
      '2d 01 0a 05 01 00 42 00 00 01',
    );
    served.write(1, true);
    await one.expect(TERM);
    await other.answers(ASK, CON);
  });

  it('PROTOCOL 25: with a flow that confirms: accepted 7, terminated 10; refused 7 with P/N = 1', async () => {
    const served = await serve([{ points }], { takes: () => 'flow' });
    const client = await served.client();
    client.ask('2d 01 06 05 01 00 42 00 00 01');
    await client.quiet();
    served.line.answer(served.operations[0]?.command as string, true);
    await client.expect('2d 01 07 05 01 00 42 00 00 01');
    served.line.answer(served.operations[0]?.command as string, 'terminate');
    await client.expect('2d 01 0a 05 01 00 42 00 00 01');
    client.ask('2d 01 06 05 01 00 42 00 00 00');
    await client.quiet();
    served.line.answer(served.operations[1]?.command as string, false);
    await client.expect('2d 01 47 05 01 00 42 00 00 00');
    for (const { command } of served.operations)
      assert.throws(() => served.line.answer(command as string, true), { code: 'state' });
  });
});

describe('commands that take time', () => {
  const setup = (parameters: string, confirm: 'auto' | 'flow' = 'auto') => {
    const clock = new VirtualClock();
    const served = new Served([{ parameters, points }], { clock, takes: () => confirm });
    return { clock, served, client: new MemoryClient(served, clock).start() };
  };

  it('PROTOCOL 27: execute after the select timeout: 7 with P/N = 1', () => {
    for (const [ms, answer] of [
      [4999, '2d 01 07 00 01 00 41 00 00 01'],
      [5000, '2d 01 47 00 01 00 41 00 00 01'],
    ] as const) {
      const { clock, client } = setup('SBOT=5000;WT3=0');
      assert.deepEqual(client.ask('2d 01 06 00 01 00 41 00 00 81').asdus(), ['2d 01 07 00 01 00 41 00 00 81']);
      clock.advance(ms);
      assert.equal(client.ask('2d 01 06 00 01 00 41 00 00 01').asdus()[0], answer);
    }
  });

  it('PROTOCOL 25: without feedback within CTO: 10, and the object is free', () => {
    const { clock, client } = setup('CTO=3000');
    assert.deepEqual(client.ask('2d 01 06 00 01 00 2d 00 00 01').asdus(), ['2d 01 07 00 01 00 2d 00 00 01']);
    clock.advance(2999);
    assert.deepEqual(client.asdus(), []);
    clock.advance(1);
    assert.deepEqual(client.asdus(), ['2d 01 0a 00 01 00 2d 00 00 01']);
    assert.equal(client.ask('2d 01 06 00 01 00 2d 00 00 01').asdus().length, 1);
  });

  it('PROTOCOL 26: without an answer of the flow within CTO: refused; once confirmed: terminated', () => {
    const { clock, served, client } = setup('CTO=3000;WT3=0', 'flow');
    client.ask('2d 01 06 00 01 00 42 00 00 01').asdus();
    clock.advance(3000);
    assert.deepEqual(client.asdus(), ['2d 01 47 00 01 00 42 00 00 01']);
    assert.throws(() => served.line.answer(served.operations[0]?.command as string, true), { code: 'state' });
    client.ask('2d 01 06 00 01 00 42 00 00 01').asdus();
    clock.advance(2000);
    served.line.answer(served.operations[1]?.command as string, true);
    assert.deepEqual(client.asdus(), ['2d 01 07 00 01 00 42 00 00 01']);
    clock.advance(3000);
    assert.deepEqual(client.asdus(), ['2d 01 0a 00 01 00 42 00 00 01']);
  });
});
