import assert from 'node:assert/strict';
import type { ClientOrder } from '../../lib/client/orders.js';
import { TelecontrolError } from '../../lib/octets/error.js';
import type { Outcome } from '../../lib/procedures/enquiries.js';
import { STARTDT_CON } from '../server/wire.js';
import { INTERROGATION, Outstation, type OutstationSession } from './outstation.js';
import { ClientRig } from './rig.js';
import { VirtualNet } from './virtual.js';

const points = [
  { ioa: 1, type: 'C_SC_NA_1', tag: 'Q0 off' },
  { ioa: 2, type: 'C_DC_TA_1' },
  { ioa: 3, type: 'C_SC_NA_1', sbo: true },
  { ioa: 100, type: 'M_SP_NA_1', tag: 'Q0' },
];

/** An activation with another cause, as the station mirrors it. */
const answer = (asdu: string, cause: string): string => `${asdu.slice(0, 6)}${cause}${asdu.slice(8)}`;

/** How an order ended, without the time it took. */
const ended = ({ ok, confirmed, terminated, cause, reason }: Outcome) => [ok, confirmed, terminated, cause, reason];

describe('a client: orders', () => {
  let outstation: Outstation;
  let rig: ClientRig;
  let session: OutstationSession;

  const begin = async (parameters = '', lineNumber = 0): Promise<void> => {
    outstation = await Outstation.listen();
    rig = ClientRig.to(outstation.port, [{ points, parameters: `OIC=0;OCIC=0;${parameters}` }], { lineNumber });
    session = await (await outstation.accept()).started();
    await rig.until(() => rig.line.status.state === 'connected', 'data transfer');
  };

  afterEach(async () => {
    await rig.line.close();
    outstation.deafen();
  });

  // Time tags: 2026-02-03 04:05:06.789 UTC, a Tuesday.
  const timestamp = Date.UTC(2026, 1, 3, 4, 5, 6, 789);
  const tag = '85 1a 05 04 43 02 1a';
  for (const [what, order, octets] of [
    ['a single command', { command: 'single', ioa: 1, value: true }, '2d 01 06 00 01 00 01 00 00 01'],
    ['by its tag', { command: 'single', tag: 'Q0 off', value: 1 }, '2d 01 06 00 01 00 01 00 00 01'],
    [
      'of an object outside the table',
      { command: 'single', ioa: '#10000', value: false },
      '2d 01 06 00 01 00 00 00 01 00',
    ],
    ['with a qualifier', { command: 'single', ioa: 1, value: true, qualifier: 2 }, '2d 01 06 00 01 00 01 00 00 09'],
    ['with a time tag', { command: 'single', ioa: 1, value: true, timestamp }, `3a 01 06 00 01 00 01 00 00 01 ${tag}`],
    ['a double command', { command: 'double', ioa: 9, value: true }, '2e 01 06 00 01 00 09 00 00 02'],
    [
      'of a point with time tag',
      { command: 'double', ioa: 2, value: 1, timestamp },
      `3b 01 06 00 01 00 02 00 00 01 ${tag}`,
    ],
    ['a step command', { command: 'step', ioa: 9, value: 2 }, '2f 01 06 00 01 00 09 00 00 02'],
    ['a normalized set point', { command: 'normalized', ioa: 9, value: -0.5 }, '30 01 06 00 01 00 09 00 00 00 c0 00'],
    ['from its raw integer', { command: 'normalized', ioa: 9, raw: 3 }, '30 01 06 00 01 00 09 00 00 03 00 00'],
    [
      'a scaled set point',
      { command: 'scaled', ioa: 9, value: -2, qualifier: 5 },
      '31 01 06 00 01 00 09 00 00 fe ff 05',
    ],
    ['a float set point', { command: 'float', ioa: 9, value: 1.5 }, '32 01 06 00 01 00 09 00 00 00 00 c0 3f 00'],
    ['a bitstring', { command: 'bitstring', ioa: 9, value: 1 }, '33 01 06 00 01 00 09 00 00 01 00 00 00'],
    [
      'a bitstring with time tag',
      { command: 'bitstring', ioa: 9, value: 1, timestamp },
      `40 01 06 00 01 00 09 00 00 01 00 00 00 ${tag}`,
    ],
    ['a general interrogation', { interrogation: 20 }, '64 01 06 00 01 00 00 00 00 14'],
    ['an interrogation of group 16', { interrogation: 36 }, '64 01 06 00 01 00 00 00 00 24'],
    ['a counter interrogation', { counterInterrogation: 5 }, '65 01 06 00 01 00 00 00 00 05'],
  ] as const satisfies readonly (readonly [string, ClientOrder, string])[])
    it(`PROTOCOL 25: ${what}: 7 and 10 make it succeed`, async () => {
      await begin();
      const outcomes = rig.order(order);
      await session.expect(octets);
      session.ask(answer(octets, '07'));
      await session.quiet();
      assert.deepEqual(outcomes, []);
      session.ask(answer(octets, '0a'));
      assert.deepEqual(ended(await rig.outcome(outcomes)), [true, true, true, 10, undefined]);
    });

  for (const [what, order, sent, answers] of [
    ['test', { test: true }, /^6b 01 06 00 01 00 00 00 00 01 00 (?:.. ){6}..$/, '07'],
    ['clock synchronization', { clockSync: true }, /^67 01 06 00 01 00 00 00 00 (?:.. ){6}..$/, '07'],
    ['reset', { reset: 1 }, /^69 01 06 00 01 00 00 00 00 01$/, '07'],
    ['freezing counters', { counterInterrogation: 1, freeze: 2 }, /^65 01 06 00 01 00 00 00 00 81$/, '07'],
  ] as const)
    it(`PROTOCOL 23, 24: ${what} succeeds with its confirmation`, async () => {
      await begin();
      const outcomes = rig.order(order);
      const asdu = await session.asdu();
      assert.match(asdu, sent);
      session.ask(answer(asdu, answers));
      assert.deepEqual(ended(await rig.outcome(outcomes)), [true, true, false, 7, undefined]);
    });

  it('PROTOCOL 22: a read succeeds with the value, which is told as any other', async () => {
    await begin();
    const outcomes = rig.order({ read: 'Q0' });
    await session.expect('66 01 05 00 01 00 64 00 00');
    session.ask('01 01 05 00 01 00 65 00 00 01', '01 01 03 00 01 00 64 00 00 00', '01 01 05 00 01 00 64 00 00 41');
    const outcome = await rig.outcome(outcomes);
    assert.deepEqual([ended(outcome), outcome.status], [[true, false, false, 5, undefined], 0x41]);
    await rig.until(() => rig.receptions.length === 3, 'the values');
    const unknown = rig.order({ read: 5 });
    await session.expect('66 01 05 00 01 00 05 00 00');
    session.ask('66 01 6f 00 01 00 05 00 00');
    assert.deepEqual(ended(await rig.outcome(unknown)), [false, false, false, 47, 'negative']);
  });

  for (const [parameters, causes, expected] of [
    ['CMDC=0', [], [true, false, false, 0, undefined]],
    ['CMDC=1', ['07'], [true, true, false, 7, undefined]],
    ['CMDC=2', ['0a'], [true, false, true, 10, undefined]],
    ['CMDC=2', ['07', '0a'], [true, true, true, 10, undefined]],
  ] as const)
    it(`${parameters}: a command succeeds with ${causes.join(' and ') || 'no answer'}`, async () => {
      await begin(parameters);
      const outcomes = rig.order({ command: 'single', ioa: 1, value: true });
      const asdu = await session.asdu();
      for (const cause of causes) session.ask(answer(asdu, cause));
      assert.deepEqual(ended(await rig.outcome(outcomes)), expected);
    });

  for (const [what, cause, id] of [
    ['a negative confirmation', '47', 7],
    ['an unknown type', '6c', 44],
    ['an unknown cause', '6d', 45],
    ['an unknown common address', '6e', 46],
    ['an unknown object address', '6f', 47],
    ['a negative termination', '4a', 10],
  ] as const)
    it(`${what} makes it fail at once`, async () => {
      await begin();
      const outcomes = rig.order({ command: 'single', ioa: 1, value: true });
      session.ask(answer(await session.asdu(), cause));
      assert.deepEqual(ended(await rig.outcome(outcomes)), [false, false, false, id, 'negative']);
      assert.equal(rig.line.status.state, 'connected');
    });

  it('NF: the qualifier is sent as 0, and the value and the selection as they are', async () => {
    await begin('NF=True');
    rig.order({ command: 'single', ioa: 3, value: true, qualifier: 1 });
    await session.expect('2d 01 06 00 01 00 03 00 00 81');
    session.ask('2d 01 07 00 01 00 03 00 00 81');
    await session.expect('2d 01 06 00 01 00 03 00 00 01');
  });

  describe('select before operate', () => {
    const select = '2d 01 06 00 01 00 03 00 00 81';
    const execute = '2d 01 06 00 01 00 03 00 00 01';

    it('PROTOCOL 27: select, 7, execute, 7, 10; as the point says', async () => {
      await begin();
      const outcomes = rig.order({ command: 'single', ioa: 3, value: true });
      await session.expect(select);
      await session.quiet();
      session.ask(answer(select, '07'));
      await session.expect(execute);
      // The selection confirmed once more says nothing of the execution.
      session.ask(answer(select, '07'));
      await session.quiet();
      assert.deepEqual(outcomes, []);
      session.ask(answer(execute, '07'), answer(execute, '0a'));
      assert.deepEqual(ended(await rig.outcome(outcomes)), [true, true, true, 10, undefined]);
    });

    it('CMDC=1: the selection confirmed once more does not make the execution succeed', async () => {
      await begin('CMDC=1');
      const outcomes = rig.order({ command: 'single', ioa: 3, value: true });
      session.ask(answer(await session.asdu(), '07'));
      await session.expect(execute);
      session.ask(answer(select, '07'));
      await session.quiet();
      assert.deepEqual(outcomes, []);
      session.ask(answer(execute, '07'));
      assert.deepEqual(ended(await rig.outcome(outcomes)), [true, true, false, 7, undefined]);
    });

    it('the selection must be confirmed whatever CMDC says; a set point is selected by QOS', async () => {
      await begin('CMDC=0');
      const outcomes = rig.order({ command: 'scaled', ioa: 9, value: 1, select: true });
      await session.expect('31 01 06 00 01 00 09 00 00 01 00 80');
      await session.quiet();
      session.ask('31 01 07 00 01 00 09 00 00 01 00 80');
      await session.expect('31 01 06 00 01 00 09 00 00 01 00 00');
      assert.deepEqual(ended(await rig.outcome(outcomes)), [true, false, false, 0, undefined]);
    });

    it('a refused selection is not executed', async () => {
      await begin();
      const outcomes = rig.order({ command: 'single', ioa: 1, value: true, select: true });
      session.ask(answer(await session.asdu(), '47'));
      assert.deepEqual(ended(await rig.outcome(outcomes)), [false, false, false, 7, 'negative']);
      await session.quiet();
    });

    it('where the execution is refused the selection is cancelled; till then the object is busy', async () => {
      await begin();
      const outcomes = rig.order({ command: 'single', ioa: 3, value: true });
      session.ask(answer(await session.asdu(), '07'));
      session.ask(answer(await session.asdu(), '47'));
      assert.deepEqual(ended(await rig.outcome(outcomes)), [false, false, false, 7, 'negative']);
      const cancel = '2d 01 08 00 01 00 03 00 00 01';
      await session.expect(cancel);
      assert.deepEqual(rig.order({ command: 'single', ioa: 3, value: true })[0]?.reason, 'input');
      session.ask(answer(cancel, '09'));
      await session.quiet();
      const again = rig.order({ command: 'single', ioa: 3, value: true });
      await session.expect(select);
      assert.deepEqual([again, outcomes.length], [[], 1]);
    });
  });

  it('the originator is the number of the line', async () => {
    await begin('', 9);
    rig.order({ interrogation: 20 });
    await session.expect('64 01 06 09 01 00 00 00 00 14');
  });

  it('a second order for the object of an open one is refused, others are not', async () => {
    await begin();
    const first = rig.order({ command: 'single', ioa: 1, value: true });
    const second = rig.order({ command: 'single', ioa: 1, value: false });
    assert.deepEqual(second.map(ended), [[false, false, false, 0, 'input']]);
    rig.order({ command: 'single', ioa: 9, value: false });
    await session.expect('2d 01 06 00 01 00 01 00 00 01', '2d 01 06 00 01 00 09 00 00 00');
    assert.deepEqual(first, []);
  });

  it('without data transfer there is no order, and none is repeated after a reconnect', async () => {
    await begin();
    const outcomes = rig.order({ command: 'single', ioa: 1, value: true });
    await session.asdu();
    await session.cut();
    assert.deepEqual(ended(await rig.outcome(outcomes)), [false, false, false, 0, 'disconnected']);
    assert.deepEqual(rig.order({ test: true })[0]?.reason, 'disconnected');
    const next = await (await outstation.accept()).started();
    await next.quiet();
    assert.equal(outcomes.length, 1);
  });

  it('closing the line ends them as well', async () => {
    await begin();
    const outcomes = rig.order({ command: 'single', ioa: 1, value: true });
    await session.asdu();
    await rig.line.close();
    assert.deepEqual(outcomes.map(ended), [[false, false, false, 0, 'disconnected']]);
    assert.deepEqual(rig.order({ test: true })[0]?.reason, 'disconnected');
  });

  it('what waits for the window to open when the connection breaks is not sent over the next one', async () => {
    await begin('K=1;W=1');
    session.acknowledges = false;
    const outcomes = [1, 9].map((ioa) => rig.order({ command: 'single', ioa, value: true }));
    await session.asdu();
    assert.equal(rig.line.status.connections[0]?.buffered, 1);
    await session.cut();
    for (const outcome of outcomes) assert.equal((await rig.outcome(outcome)).reason, 'disconnected');
    await (await (await outstation.accept()).started()).quiet();
  });

  it('a process that may not act says so', async () => {
    outstation = await Outstation.listen();
    let mayAct = true;
    rig = ClientRig.to(outstation.port, [{ points }], { guard: () => mayAct });
    session = await (await outstation.accept()).started();
    await session.expect(INTERROGATION);
    mayAct = false;
    assert.deepEqual(rig.order({ test: true })[0]?.reason, 'passive');
    rig.line.wake();
    await session.closes();
    await rig.until(() => rig.line.status.connections.length === 0, 'the end of the connection');
    assert.equal(rig.line.status.state, 'passive');
    mayAct = true;
    rig.line.wake();
    const next = await outstation.accept();
    await next.next();
    next.send(STARTDT_CON);
    await next.expect(INTERROGATION);
  });

  for (const [order, text] of [
    [
      {},
      'Station 1: an order has exactly one of command, interrogation, counterInterrogation, read, clockSync, test, reset, not none',
    ],
    [{ test: true, reset: 1 }, /not test, reset$/],
    [{ command: 'triple', ioa: 1, value: 1 }, /command "triple" is none of single, double/],
    [
      { command: 'single', ioa: 1, value: 'on' },
      /object address 1 \(Q0 off\): "on" is not a value of C_SC_NA_1: true, false, 1 or 0/,
    ],
    [{ command: 'double', ioa: 1, value: 1 }, /object address 1 \(Q0 off\) is a C_SC_NA_1, no double command/],
    [{ command: 'double', ioa: 9, value: 3 }, /object address 9: 3 is no command of C_DC_NA_1: 1 or 2/],
    [{ command: 'single', ioa: 16777216, value: 1 }, /object address 16777216 is not 0..16777215/],
    [{ command: 'single', tag: 'Q1', value: 1 }, /no point of the table has the tag "Q1"/],
    [{ command: 'single', value: 1 }, /no point of the table has the tag undefined/],
    [{ command: 'single', ioa: 1, value: 1, qualifier: 32 }, /qualifier 32 is none of C_SC_NA_1: 0..31/],
    [{ command: 'single', ioa: 1, value: 1, select: 'yes' }, /select "yes" is neither true nor false/],
    [{ command: 'bitstring', ioa: 9, value: 1, select: true }, /a bitstring command cannot be selected/],
    [{ command: 'single', ioa: 1, value: 1, timestamp: 'now' }, /timestamp "now" is not ms since 1970 up to 2069/],
    [{ command: 'normalized', ioa: 9, value: 1.5 }, /1.5 is not a value of C_SE_NA_1: a number -1..1/],
    [{ interrogation: 37 }, /interrogation 37 is not 20..36/],
    [{ counterInterrogation: 0 }, /counterInterrogation 0 is not 1..5/],
    [{ counterInterrogation: 5, freeze: 4 }, /freeze 4 is not 0..3/],
    [{ read: 'Q1' }, /read "Q1" is no object address 0..16777215 and no tag/],
    [{ clockSync: false }, /clockSync false is not true/],
    [{ reset: 3 }, /reset 3 is not 1..2/],
  ] as const)
    it(`a wrong one is an error that says what is allowed: ${JSON.stringify(order)}`, async () => {
      await begin();
      const isRight = (error: unknown): boolean => {
        assert.ok(error instanceof TelecontrolError);
        if (typeof text === 'string') assert.equal(error.message, text);
        else assert.match(error.message, text);
        return true;
      };
      assert.throws(() => rig.order(order as unknown as ClientOrder), isRight);
      await session.quiet();
    });
});

describe('a client: orders in virtual time', () => {
  it('a cancellation that nobody confirms keeps its object for WTN, and costs nothing else', () => {
    const net = new VirtualNet();
    const rig = net.line([{ hosts: ['a'], port: 2404 }], [{ points, parameters: 'OIC=0;OCIC=0;WTN=5000' }]);
    const session = net.of('a');
    assert.ok(session.start());
    const again = (): Outcome[] => rig.order({ command: 'single', ioa: 3, value: true });
    const first = again();
    for (const cause of ['07', '47']) session.ask(...session.asdus().map((asdu) => answer(asdu, cause)));
    assert.deepEqual(session.asdus(), ['2d 01 08 00 01 00 03 00 00 01']);
    assert.deepEqual(first.map(ended), [[false, false, false, 7, 'negative']]);
    net.clock.advance(4999);
    assert.deepEqual(again()[0]?.reason, 'input');
    net.clock.advance(1);
    assert.deepEqual(again(), []);
    assert.deepEqual(session.asdus(), ['2d 01 06 00 01 00 03 00 00 81']);
    assert.equal(session.closed, false);
    assert.equal(rig.line.status.state, 'connected');
  });
});
