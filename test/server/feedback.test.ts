import assert from 'node:assert/strict';
import { Virtual } from './virtual.js';

const points = [
  { ioa: 1, type: 'M_SP_NA_1' },
  { ioa: 2, type: 'M_ME_NB_1' },
  { ioa: 3, type: 'M_IT_NA_1' },
  { ioa: 45, type: 'C_SC_NA_1', feedback: 1 },
  { ioa: 46, type: 'C_SC_NA_1', feedback: 1 },
  { ioa: 47, type: 'C_SC_NA_1', feedback: 3 },
];
const ASK = '2d 01 06 05 01 00 2d 00 00 01';
const CON = '2d 01 07 05 01 00 2d 00 00 01';
const NEGATIVE = '2d 01 47 05 01 00 2d 00 00 01';
const TERM = '2d 01 0a 05 01 00 2d 00 00 01';
/** The other command of the same feedback point. */
const OTHER = '2d 01 06 05 01 00 2e 00 00 01';
const RETURN = '01 01 0b 00 01 00 01 00 00 01';
const two = (octet: number): string => octet.toString(16).padStart(2, '0');
const measured = (value: number): string => `0b 01 03 00 01 00 02 00 00 ${two(value)} 00 00`;

function setup(parameters = '', confirm: 'auto' | 'flow' = 'auto') {
  const rig = new Virtual([{ parameters: `SAI=False;${parameters}`, points }], { takes: () => confirm });
  const write = (from: number, to: number): void => {
    for (let value = from; value <= to; value++) rig.served.write(2, value);
  };
  const answer = (what: true | 'terminate'): void =>
    rig.served.line.answer(rig.served.operations.at(-1)?.command as string, what);
  return { rig, write, answer, served: rig.served, client: rig.client() };
}

describe('return information among other events', () => {
  for (const confirm of ['auto', 'flow'] as const)
    it(`PROTOCOL 25: confirm: ${confirm}: 7 at once, the value with cause 11 in its turn, 10 right behind it, whatever waits`, () => {
      const { served, client, write, answer } = setup('', confirm);
      write(1, 40);
      // It acknowledges nothing yet: the window is full.
      client.ask(ASK).clock.settle();
      if (confirm === 'flow') answer(true);
      served.write(1, true);
      if (confirm === 'flow') answer('terminate');
      write(41, 50);
      const values = Array.from({ length: 50 }, (_, i) => measured(i + 1));
      const [first, later, last] = [values.slice(0, 12), values.slice(12, 40), values.slice(40)];
      assert.deepEqual(client.taken(), first);
      client.acknowledge();
      assert.deepEqual(client.asdus(), [CON, ...later, RETURN, TERM, ...last]);
    });

  it('PROTOCOL 25: of several commands each 10 follows its own return information', () => {
    const { served, client, write } = setup();
    write(1, 12);
    client.ask(ASK, '2d 01 06 05 01 00 2f 00 00 01').clock.settle();
    served.write(3, 7);
    served.write(1, true);
    assert.deepEqual(client.asdus().slice(12), [
      CON,
      '2d 01 07 05 01 00 2f 00 00 01',
      '0f 01 0b 00 01 00 03 00 00 07 00 00 00 00',
      '2d 01 0a 05 01 00 2f 00 00 01',
      RETURN,
      TERM,
    ]);
  });

  it('PROTOCOL 25: the 10 of a command waits for its own return information, not for another that is further behind', () => {
    const { served, client, write } = setup('', 'flow');
    client.ask(ASK, '2d 01 06 05 01 00 2f 00 00 01').clock.settle();
    const [first, second] = served.operations.map(({ command }) => command as string) as [string, string];
    for (const command of [first, second]) served.line.answer(command, true);
    assert.equal(client.asdus().length, 2);
    write(1, 12);
    client.clock.settle();
    served.write(3, 7);
    write(13, 14);
    served.write(1, true);
    for (const command of [first, second]) served.line.answer(command, 'terminate');
    assert.deepEqual(client.asdus().slice(12), [
      '0f 01 0b 00 01 00 03 00 00 07 00 00 00 00',
      '2d 01 0a 05 01 00 2f 00 00 01',
      measured(13),
      measured(14),
      RETURN,
      TERM,
    ]);
  });

  it('PROTOCOL 25: a return information that overflowed is not waited for', () => {
    const { served, client, write } = setup('EBS=5');
    for (let value = 1; value <= 12; value++) {
      write(value, value);
      client.clock.settle();
    }
    client.ask(ASK).clock.settle();
    served.write(1, true);
    write(20, 30);
    const got = client.asdus().slice(12);
    assert.deepEqual(got.slice(0, 2), [CON, measured(26)]);
    assert.equal(got.filter((asdu) => asdu === TERM).length, 1);
    assert.ok(!got.includes(RETURN));
  });

  it('PROTOCOL 25: another client gets the value with cause 11 too, and no answer', () => {
    const { rig, served, client } = setup();
    const other = rig.client();
    client.ask(ASK).asdus();
    served.write(1, true);
    assert.deepEqual(client.asdus(), [RETURN, TERM]);
    assert.deepEqual(other.asdus(), [RETURN]);
  });
});

describe('the first write after the confirmation', () => {
  for (const [cmdc, before, after] of [
    [0, [], [RETURN]],
    [1, [CON], [RETURN]],
    [2, [], [RETURN, TERM]],
    [3, [CON], [RETURN, TERM]],
  ] as const)
    it(`PROTOCOL 25: CMDC = ${cmdc}: has cause 11 in any case`, () => {
      const { served, client } = setup(`CMDC=${cmdc}`);
      assert.deepEqual(client.ask(ASK).asdus(), before);
      served.write(1, true);
      assert.deepEqual(client.asdus(), after);
    });

  it('PROTOCOL 25: has cause 11, the second one 3', () => {
    const { served, client } = setup();
    client.ask(ASK).asdus();
    served.write(1, true);
    served.write(1, false);
    assert.deepEqual(client.asdus(), [RETURN, TERM, '01 01 03 00 01 00 01 00 00 00']);
  });

  it('PROTOCOL 25: may say itself that it is local: cause 12, and the command is done', () => {
    const { served, client } = setup();
    client.ask(ASK).asdus();
    served.station.write({ ioa: 1, value: true, cause: 'local' }, 0);
    assert.deepEqual(client.asdus(), ['01 01 0c 00 01 00 01 00 00 01', TERM]);
  });

  it('PROTOCOL 25: with a flow: before its confirmation it is none, behind it it is', () => {
    const { served, client, answer } = setup('', 'flow');
    client.ask(ASK).asdus();
    served.write(1, true);
    assert.deepEqual(client.asdus(), ['01 01 03 00 01 00 01 00 00 01']);
    answer(true);
    served.write(1, true);
    assert.deepEqual(client.asdus(), [CON, RETURN], 'the flow terminates, not the feedback');
    answer('terminate');
    assert.deepEqual(client.asdus(), [TERM]);
  });

  it('PROTOCOL 25: with a flow that terminates first it is an event as any other', () => {
    const { served, client, answer } = setup('', 'flow');
    client.ask(ASK).asdus();
    answer('terminate');
    served.write(1, true);
    assert.deepEqual(client.asdus(), [CON, TERM, '01 01 03 00 01 00 01 00 00 01']);
  });

  it('PROTOCOL 25: after CTO it is an event as any other', () => {
    const { rig, served, client } = setup('CTO=3000');
    client.ask(ASK).asdus();
    rig.clock.advance(3000);
    served.write(1, true);
    assert.deepEqual(client.asdus(), [TERM, '01 01 03 00 01 00 01 00 00 01']);
  });

  it('PROTOCOL 25: with a flow and its return information, CTO terminates behind it', () => {
    const { rig, served, client, write, answer } = setup('CTO=3000;WT1=60000', 'flow');
    write(1, 14);
    client.ask(ASK).clock.settle();
    answer(true);
    served.write(1, true);
    rig.clock.advance(3000);
    assert.deepEqual(client.asdus().slice(12), [CON, measured(13), measured(14), RETURN, TERM]);
  });

  it('PROTOCOL 25: with a flow 10 follows all that the feedback point has brought until the flow is done', () => {
    const { served, client, write, answer } = setup('', 'flow');
    write(1, 12);
    client.ask(ASK).clock.settle();
    answer(true);
    served.write(1, true);
    write(13, 13);
    served.write(1, false);
    answer('terminate');
    write(14, 14);
    const last = '01 01 03 00 01 00 01 00 00 00';
    assert.deepEqual(client.asdus().slice(12), [CON, RETURN, measured(13), last, TERM, measured(14)]);
  });

  it('PROTOCOL 25: after the commanding connection is cut it is an event as any other', () => {
    const { rig, served, client } = setup();
    client.ask(ASK).asdus();
    client.cut();
    served.write(1, true);
    assert.deepEqual(rig.client().asdus(), ['01 01 03 00 01 00 01 00 00 01']);
  });

  for (const [what, end] of [
    ['the termination', 'terminate'],
    ['the cut connection', 'cut'],
  ] as const)
    it(`PROTOCOL 25: ${what} of a command that has its return information takes none from another one of the point`, () => {
      const { rig, served, client, answer } = setup('', 'flow');
      client.ask(ASK).asdus();
      const first = served.operations[0]?.command as string;
      answer(true);
      served.write(1, true);
      assert.deepEqual(client.asdus(), [CON, RETURN]);
      const other = rig.client();
      other.ask(OTHER).asdus();
      answer(true);
      if (end === 'cut') client.cut();
      else {
        served.line.answer(first, 'terminate');
        assert.deepEqual(client.asdus(), [TERM]);
      }
      served.write(1, false);
      assert.deepEqual(other.asdus(), ['2d 01 07 05 01 00 2e 00 00 01', '01 01 0b 00 01 00 01 00 00 00']);
      answer('terminate');
      assert.deepEqual(other.asdus(), ['2d 01 0a 05 01 00 2e 00 00 01']);
      served.write(1, true);
      assert.deepEqual(other.asdus(), ['01 01 03 00 01 00 01 00 00 01']);
    });

  it('PROTOCOL 16: a command with the T bit waits for none', () => {
    const { served, client } = setup();
    assert.deepEqual(client.ask('2d 01 86 05 01 00 2d 00 00 01').asdus(), [
      '2d 01 87 05 01 00 2d 00 00 01',
      '2d 01 8a 05 01 00 2d 00 00 01',
    ]);
    served.write(1, true);
    assert.deepEqual(client.asdus(), ['01 01 03 00 01 00 01 00 00 01']);
  });
});

describe('an object whose command is not done', () => {
  for (const confirm of ['auto', 'flow'] as const)
    it(`PROTOCOL 26: confirm: ${confirm}: is busy, and so is every other command of its feedback point`, () => {
      const { rig, served, client, answer } = setup('', confirm);
      const other = rig.client();
      client.ask(ASK).asdus();
      assert.deepEqual(other.ask(ASK, OTHER).asdus(), [NEGATIVE, '2d 01 47 05 01 00 2e 00 00 01']);
      if (confirm === 'flow') {
        answer(true);
        assert.equal(other.ask(OTHER).asdus().length, 1);
      }
      served.write(1, true);
      if (confirm === 'flow') answer('terminate');
      client.asdus();
      other.asdus();
      other.ask(OTHER).asdus();
      assert.equal(served.operations.length, 2);
    });

  it('PROTOCOL 26: is free once its connection is cut', () => {
    const { rig, client } = setup();
    client.ask(ASK).asdus();
    client.cut();
    assert.deepEqual(rig.client().ask(ASK).asdus(), [CON]);
  });

  it('PROTOCOL 26: is not held up by a cancel, which is refused', () => {
    const { served, client } = setup();
    client.ask(ASK).asdus();
    assert.deepEqual(client.ask('2d 01 08 05 01 00 2d 00 00 01').asdus(), ['2d 01 49 05 01 00 2d 00 00 01']);
    served.write(1, true);
    assert.deepEqual(client.asdus(), [RETURN, TERM]);
  });
});
