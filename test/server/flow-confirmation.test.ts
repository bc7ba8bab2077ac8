import assert from 'node:assert/strict';
import type { CommandAnswer } from '../../lib/procedures/pending.js';
import { Virtual } from './virtual.js';

const points = [
  { ioa: 1, type: 'M_SP_NA_1' },
  { ioa: 45, type: 'C_SC_NA_1' },
  { ioa: 46, type: 'C_SC_NA_1', feedback: 1 },
  { ioa: 47, type: 'C_SC_NA_1', sbo: true },
];
const ASK = '2d 01 06 05 01 00 2d 00 00 01';
const CON = '2d 01 07 05 01 00 2d 00 00 01';
const NEGATIVE = '2d 01 47 05 01 00 2d 00 00 01';
const TERM = '2d 01 0a 05 01 00 2d 00 00 01';

/** A line whose commands a flow confirms. */
class FlowRig extends Virtual {
  constructor(parameters = '', inDelivery?: (rig: FlowRig, command: string) => void) {
    super([{ parameters, points }], {
      takes: () => 'flow',
      operate: ({ command }) => command !== undefined && inDelivery?.(this, command),
    });
  }

  id(number: number): string {
    return this.served.operations[number]?.command as string;
  }

  answer(number: number, answer: CommandAnswer): void {
    this.served.line.answer(this.id(number), answer);
  }

  throws(number: number, ...answers: CommandAnswer[]): void {
    for (const answer of answers) assert.throws(() => this.answer(number, answer), { code: 'state' });
  }
}

describe('confirm: flow', () => {
  it('PROTOCOL 25: nothing is answered until the flow does: accepted 7, then terminated 10', () => {
    const rig = new FlowRig();
    const client = rig.client();
    assert.deepEqual(client.ask(ASK).asdus(), []);
    rig.answer(0, true);
    assert.deepEqual(client.asdus(), [CON]);
    rig.answer(0, 'terminate');
    assert.deepEqual(client.asdus(), [TERM]);
    rig.throws(0, true, false, 'terminate');
  });

  it('PROTOCOL 25: refused: 7 with P/N = 1, and it is done', () => {
    const rig = new FlowRig();
    const client = rig.client();
    client.ask(ASK).asdus();
    rig.answer(0, false);
    assert.deepEqual(client.asdus(), [NEGATIVE]);
    rig.throws(0, true, false, 'terminate');
    assert.deepEqual(client.ask(ASK).asdus(), [], 'the object is free');
  });

  it('PROTOCOL 25: terminated at once: 7 and 10', () => {
    const rig = new FlowRig();
    const client = rig.client();
    client.ask(ASK).asdus();
    rig.answer(0, 'terminate');
    assert.deepEqual(client.asdus(), [CON, TERM]);
  });

  it('PROTOCOL 25: once accepted, a second true or a false is an error and changes nothing', () => {
    const rig = new FlowRig();
    const client = rig.client();
    client.ask(ASK).asdus();
    rig.answer(0, true);
    rig.throws(0, true, false);
    rig.answer(0, 'terminate');
    assert.deepEqual(client.asdus(), [CON, TERM]);
  });

  for (const [cmdc, accepted, terminated] of [
    [0, [], []],
    [1, [CON], []],
    [2, [], [TERM]],
    [3, [CON], [TERM]],
  ] as const)
    it(`PROTOCOL 25: CMDC = ${cmdc}: the flow's answers are sent as it says, a refusal always`, () => {
      const rig = new FlowRig(`CMDC=${cmdc}`);
      const client = rig.client();
      client.ask(ASK).asdus();
      rig.answer(0, true);
      assert.deepEqual(client.asdus(), accepted);
      rig.answer(0, 'terminate');
      assert.deepEqual(client.asdus(), terminated);
      client.ask(ASK).asdus();
      rig.answer(1, false);
      assert.deepEqual(client.asdus(), [NEGATIVE]);
    });

  it('PROTOCOL 26: not answered within CTO: refused, to the millisecond; a late answer is an error', () => {
    const rig = new FlowRig('CTO=3000');
    const client = rig.client();
    client.ask(ASK).asdus();
    rig.clock.advance(2999);
    assert.deepEqual(client.asdus(), []);
    rig.clock.advance(1);
    assert.deepEqual(client.asdus(), [NEGATIVE]);
    rig.throws(0, true, false, 'terminate');
    assert.deepEqual(client.asdus(), []);
  });

  it('PROTOCOL 26: CTO begins anew with the confirmation: then terminated', () => {
    const rig = new FlowRig('CTO=3000');
    const client = rig.client();
    client.ask(ASK).asdus();
    rig.clock.advance(2000);
    rig.answer(0, true);
    assert.deepEqual(client.asdus(), [CON]);
    rig.clock.advance(2999);
    assert.deepEqual(client.asdus(), []);
    rig.clock.advance(1);
    assert.deepEqual(client.asdus(), [TERM]);
    rig.throws(0, 'terminate');
  });

  it('PROTOCOL 25: answered within the delivery itself', () => {
    const rig = new FlowRig('', ({ served }, command) => served.line.answer(command, 'terminate'));
    assert.deepEqual(rig.client().ask(ASK).asdus(), [CON, TERM]);
    const refusing = new FlowRig('', ({ served }, command) => served.line.answer(command, false));
    assert.deepEqual(refusing.client().ask(ASK, ASK).asdus(), [NEGATIVE, NEGATIVE]);
  });

  it('PROTOCOL 25: after the connection is cut an answer is an error, and nobody else gets it', () => {
    const rig = new FlowRig();
    const [client, other] = [rig.client(), rig.client()];
    client.ask(ASK, '2d 01 06 05 01 00 2e 00 00 01').asdus();
    rig.answer(1, true);
    client.cut();
    rig.throws(0, true, false, 'terminate');
    rig.throws(1, 'terminate');
    assert.deepEqual(other.asdus(), []);
    assert.deepEqual(other.ask(ASK).asdus(), [], 'taken: the object is free');
    rig.answer(2, true);
    assert.deepEqual(other.asdus(), [CON]);
  });

  it('PROTOCOL 25: several at once, of two clients, are answered in any order, each to who asked', () => {
    const rig = new FlowRig();
    const [one, two] = [rig.client(), rig.client()];
    one.ask(ASK, '2d 01 06 05 01 00 2e 00 00 00').asdus();
    two.ask('2d 01 06 06 01 00 2f 00 00 81', '2d 01 06 06 01 00 2f 00 00 01').asdus();
    assert.equal(new Set([0, 1, 3].map((number) => rig.id(number))).size, 3);
    rig.answer(3, true);
    rig.answer(1, 'terminate');
    rig.answer(0, false);
    assert.deepEqual(one.asdus(), ['2d 01 07 05 01 00 2e 00 00 00', '2d 01 0a 05 01 00 2e 00 00 00', NEGATIVE]);
    assert.deepEqual(two.asdus(), ['2d 01 07 06 01 00 2f 00 00 01']);
  });

  it('PROTOCOL 26: while the flow is asked the object is busy, for a select too', () => {
    const rig = new FlowRig();
    const client = rig.client();
    assert.deepEqual(client.ask(ASK, ASK).asdus(), [NEGATIVE]);
    assert.deepEqual(client.ask('2d 01 06 05 01 00 2d 00 00 81').asdus(), ['2d 01 47 05 01 00 2d 00 00 81']);
    assert.equal(rig.served.operations.length, 1);
  });

  it('PROTOCOL 26: a command that is wrong never reaches the flow', () => {
    const rig = new FlowRig();
    assert.deepEqual(rig.client().ask('2d 01 06 05 01 00 2d 00 00 11').asdus(), ['2d 01 47 05 01 00 2d 00 00 11']);
    assert.deepEqual(rig.served.operations, []);
  });

  it('PROTOCOL 16: a command with the T bit is answered by the engine, and shown without an id', () => {
    const rig = new FlowRig();
    assert.deepEqual(rig.client().ask('2d 01 86 05 01 00 2d 00 00 01').asdus(), [
      '2d 01 87 05 01 00 2d 00 00 01',
      '2d 01 8a 05 01 00 2d 00 00 01',
    ]);
    assert.deepEqual(
      rig.served.operations.map(({ command, request }) => [command, request.asdu.test]),
      [[undefined, true]],
    );
  });

  it('PROTOCOL 16: under IT = 2 a command with the T bit is asked as any other', () => {
    const rig = new FlowRig('IT=2');
    const client = rig.client();
    assert.deepEqual(client.ask('2d 01 86 05 01 00 2d 00 00 01').asdus(), []);
    rig.answer(0, true);
    assert.deepEqual(client.asdus(), ['2d 01 87 05 01 00 2d 00 00 01']);
  });

  it('PROTOCOL 27: selects and cancels are answered by the engine and shown without an id; the execute is asked', () => {
    const rig = new FlowRig();
    const client = rig.client();
    assert.deepEqual(client.ask('2d 01 06 05 01 00 2f 00 00 81').asdus(), ['2d 01 07 05 01 00 2f 00 00 81']);
    assert.deepEqual(client.ask('2d 01 08 05 01 00 2f 00 00 81').asdus(), ['2d 01 09 05 01 00 2f 00 00 81']);
    client.ask('2d 01 06 05 01 00 2f 00 00 81').asdus();
    assert.deepEqual(client.ask('2d 01 06 05 01 00 2f 00 00 01').asdus(), []);
    assert.deepEqual(
      rig.served.operations.map(({ command, select }) => [command !== undefined, select]),
      [
        [false, true],
        [false, true],
        [false, true],
        [true, false],
      ],
    );
  });

  it('PROTOCOL 25: an id is never that of another line, nor of one that was there before', () => {
    const [one, other] = [new FlowRig(), new FlowRig()];
    one.client().ask(ASK).asdus();
    const client = other.client();
    client.ask(ASK).asdus();
    // As after a deploy: what a flow answers late must not operate what was asked meanwhile.
    assert.throws(() => other.served.line.answer(one.id(0), true), { code: 'state' });
    assert.deepEqual(client.asdus(), []);
  });
});
