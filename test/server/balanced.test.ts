import assert from 'node:assert/strict';
import type { Outcome } from '../../lib/procedures/enquiries.js';
import type { WriteInput } from '../../lib/station/station.js';
import { Virtual } from './virtual.js';

const TAG = '85 1a 05 04 43 02 1a';
const STOPDT = '68 04 13 00 00 00';

/** Type, what is written, and the object behind the address. The object address is the type's number. */
const sendable: readonly (readonly [string, Omit<WriteInput, 'ioa'>, string])[] = [
  ['C_SC_NA_1', { value: true }, '2d 01 06 09 01 00 2d 00 00 01'],
  ['C_SC_NA_1', { value: false, status: 0x0c }, '2d 01 06 09 01 00 2d 00 00 0c'],
  ['C_DC_NA_1', { value: true }, '2e 01 06 09 01 00 2e 00 00 02'],
  ['C_RC_NA_1', { value: 1 }, '2f 01 06 09 01 00 2f 00 00 01'],
  ['C_SE_NA_1', { value: -1 }, '30 01 06 09 01 00 30 00 00 00 80 00'],
  ['C_SE_NB_1', { value: -100 }, '31 01 06 09 01 00 31 00 00 9c ff 00'],
  ['C_SE_NC_1', { value: 1.5 }, '32 01 06 09 01 00 32 00 00 00 00 c0 3f 00'],
  ['C_BO_NA_1', { value: 0x84030201 }, '33 01 06 09 01 00 33 00 00 01 02 03 84'],
  ['C_SC_TA_1', { value: true }, `3a 01 06 09 01 00 3a 00 00 01 ${TAG}`],
  ['C_DC_TA_1', { value: 1 }, `3b 01 06 09 01 00 3b 00 00 01 ${TAG}`],
  ['C_RC_TA_1', { value: 2 }, `3c 01 06 09 01 00 3c 00 00 02 ${TAG}`],
  ['C_SE_TA_1', { raw: 16384 }, `3d 01 06 09 01 00 3d 00 00 00 40 00 ${TAG}`],
  ['C_SE_TB_1', { value: 258 }, `3e 01 06 09 01 00 3e 00 00 02 01 00 ${TAG}`],
  [
    'C_SE_TC_1',
    { value: 0, timestamp: Date.UTC(2026, 1, 3, 4, 6, 6, 789) },
    '3f 01 06 09 01 00 3f 00 00 00 00 00 00 00 85 1a 06 04 43 02 1a',
  ],
  ['C_BO_TA_1', { value: 1 }, `40 01 06 09 01 00 40 00 00 01 00 00 00 ${TAG}`],
];

const points = [
  { ioa: 1, type: 'C_SC_NA_1', direction: 'out' },
  { ioa: 2, type: 'C_SC_NA_1', direction: 'out' },
  { ioa: 9, type: 'M_SP_NA_1' },
];
const asked = (ioa: number): string => `2d 01 06 09 01 00 0${ioa} 00 00 01`;
/** The partner's answer to the command of an object. */
const answer = (cause: string, ioa = 1): string => `2d 01 ${cause} 09 01 00 0${ioa} 00 00 01`;

function setup(parameters = '') {
  const rig = new Virtual([{ balanced: true, parameters, points }], { lineNumber: 9 });
  return { rig, client: rig.client(), send: (ioa = 1): Outcome[] => rig.command({ ioa, value: true }) };
}

const failed = (reason: string, more: Partial<Outcome> = {}): Outcome =>
  ({ ok: false, confirmed: false, terminated: false, cause: 0, status: 0, durationMs: 0, reason, ...more }) as Outcome;
const done = (more: Partial<Outcome>): Outcome => ({
  ok: true,
  confirmed: false,
  terminated: false,
  cause: 0,
  status: 0,
  durationMs: 0,
  ...more,
});
const confirmed = done({ confirmed: true, cause: 7, status: 1 });
const terminated = done({ terminated: true, cause: 10, status: 1 });
const both = done({ confirmed: true, terminated: true, cause: 10, status: 1 });

describe('commands of a balanced station', () => {
  for (const [type, input, expected] of sendable)
    it(`${type} ${JSON.stringify(input)} is sent with cause 6 and the line number`, () => {
      const ioa = Number.parseInt(expected, 16);
      const rig = new Virtual([{ balanced: true, points: [{ ioa, type, direction: 'out' }] }], { lineNumber: 9 });
      const client = rig.client();
      const outcomes = rig.command({ ioa, ...input });
      assert.deepEqual(client.asdus(), [expected]);
      assert.deepEqual(client.ask(expected.replace(' 06 ', ' 07 '), expected.replace(' 06 ', ' 0a ')).asdus(), []);
      assert.deepEqual(
        outcomes.map(({ ok, confirmed, terminated }) => [ok, confirmed, terminated]),
        [[true, true, true]],
      );
    });

  for (const [cmdc, causes, expected] of [
    [0, [], [done({})]],
    [0, ['07', '0a'], [done({})]],
    [1, [], []],
    [1, ['07'], [confirmed]],
    [1, ['07', '0a'], [confirmed]],
    [1, ['0a'], []],
    [2, ['07'], []],
    [2, ['0a'], [terminated]],
    [2, ['07', '0a'], [both]],
    [3, ['07'], []],
    [3, ['07', '0a'], [both]],
    [3, ['07', '0a', '0a', '07', '47'], [both]],
  ] as const)
    it(`CMDC = ${cmdc}: after ${causes.join(' and ') || 'no answer'} ${expected.length === 0 ? 'it waits on' : 'it is done'}`, () => {
      const { client, send } = setup(`CMDC=${cmdc}`);
      const outcomes = send();
      assert.deepEqual(client.asdus(), [asked(1)]);
      for (const cause of causes) assert.deepEqual(client.ask(answer(cause)).asdus(), [], 'an answer is not answered');
      assert.deepEqual(outcomes, expected);
    });

  for (const [what, cause, code] of [
    ['7 with P/N = 1', '47', 7],
    ['10 with P/N = 1', '4a', 10],
    ['44', '6c', 44],
    ['45', '6d', 45],
    ['46', '6e', 46],
    ['47', '6f', 47],
    ['47 without P/N', '2f', 47],
  ] as const)
    for (const cmdc of [1, 2, 3])
      it(`CMDC = ${cmdc}: ${what}: negative`, () => {
        const { client, send } = setup(`CMDC=${cmdc}`);
        const outcomes = send();
        client.ask(answer(cause)).asdus();
        assert.deepEqual(outcomes, [failed('negative', { cause: code, status: 1 })]);
        assert.deepEqual(client.closed, false);
      });

  it('confirmed and then refused: negative, and that it was confirmed', () => {
    const { client, send } = setup();
    const outcomes = send();
    client.ask(answer('07'), answer('4a')).asdus();
    assert.deepEqual(outcomes, [failed('negative', { confirmed: true, cause: 10, status: 1 })]);
  });

  it('the time that it took is told', () => {
    const { rig, client, send } = setup('CMDC=1');
    const outcomes = send();
    client.asdus();
    rig.clock.advance(1234);
    client.ask(answer('07')).asdus();
    assert.equal(outcomes[0]?.durationMs, 1234);
  });

  it('not answered within WTN: a timeout, and the connection is closed', () => {
    const { rig, client, send } = setup('WTN=5000');
    const [first, second] = [send(1), send(2)];
    client.asdus();
    client.ask(answer('07')).asdus();
    rig.clock.advance(4999);
    assert.deepEqual([first, second, client.closed], [[], [], false]);
    rig.clock.advance(1);
    assert.deepEqual(first, [failed('timeout', { confirmed: true, durationMs: 5000 })]);
    assert.deepEqual(second, [failed('timeout', { durationMs: 5000 })]);
    assert.equal(client.closed, true);
    assert.equal(rig.served.line.status.lastClose?.reason, 'no-answer');
  });

  it('an answer in time keeps the connection, however many commands there are', () => {
    const { rig, client, send } = setup('WTN=5000');
    for (let i = 0; i < 5; i++) {
      const outcomes = send();
      client.asdus();
      rig.clock.advance(4000);
      client.ask(answer('07'), answer('0a')).asdus();
      assert.equal(outcomes.length, 1);
    }
    rig.clock.advance(10_000);
    assert.equal(client.closed, false);
  });

  it('a cut fails what is under way; it is not sent again, and never was an event', () => {
    const { rig, client, send } = setup('SAI=False');
    const outcomes = [send(1), send(2)].flat();
    assert.deepEqual(outcomes, []);
    const later = [send(1)];
    assert.equal(client.asdus().length, 2);
    assert.deepEqual(rig.served.line.status.connections[0]?.buffered, 0);
    client.cut();
    assert.deepEqual(later, [[failed('input')]]);
    rig.served.write(9, true);
    assert.deepEqual(rig.client().asdus(), ['01 01 03 09 01 00 09 00 00 01']);
  });

  it('a cut and a STOPDT end it with "disconnected", once', () => {
    for (const end of ['cut', 'stop', 'held'] as const) {
      const { rig, client, send } = setup();
      const outcomes = send();
      if (end !== 'held') client.asdus();
      if (end === 'cut') client.cut();
      else client.send(STOPDT).clock.settle();
      rig.clock.advance(10_000);
      client.cut();
      assert.deepEqual(outcomes, [failed('disconnected')], end);
    }
  });

  it('without a client, and with one that has not started, it fails at once', () => {
    const rig = new Virtual([{ balanced: true, points }]);
    assert.deepEqual(rig.command({ ioa: 1, value: true }), [failed('disconnected')]);
    const client = rig.connect();
    rig.clock.settle();
    assert.deepEqual(rig.command({ ioa: 1, value: true }), [failed('disconnected')]);
    client.start();
    assert.deepEqual(client.asdus(), []);
  });

  it('one at a time for an object, any number for several', () => {
    const { client, send } = setup();
    const [first, other, second] = [send(1), send(2), send(1)];
    assert.deepEqual(second, [failed('input')]);
    assert.deepEqual(client.asdus(), [asked(1), asked(2)]);
    client.ask(answer('07', 2), answer('07', 1), answer('0a', 2), answer('0a', 1)).asdus();
    assert.deepEqual([first, other], [[both], [both]]);
    const third = send(1);
    assert.deepEqual(client.asdus(), [asked(1)]);
    client.ask(answer('07'), answer('0a')).asdus();
    assert.deepEqual(third, [both]);
  });

  it('a connection that takes nothing more fails what it is asked, with one outcome', () => {
    const { client, send } = setup('WT1=600000');
    // None of these answers is acknowledged: they pile up until the connection is given up.
    const floods = Array.from({ length: 4096 + 12 - 1 }, () => '68 01 06 00 01 00 00 00 00 aa 55');
    client.ask(...floods).clock.settle();
    const outcomes = [send(1), send(2)];
    client.clock.settle();
    assert.equal(client.closed, true);
    assert.deepEqual(outcomes, [[failed('disconnected')], [failed('disconnected')]]);
  });
});

describe('commands to several partners', () => {
  const yes = '07';
  const no = '47';
  for (const [pw, answers, expected] of [
    [0, [yes, no], true],
    [0, [no, yes], true],
    [0, [no, no], false],
    [0, [yes, undefined], true],
    [0, [no, 'cut'], false],
    [0, ['cut', yes], true],
    [1, [yes, yes], true],
    [1, [yes, no], false],
    [1, [no, yes], false],
    [1, [yes, 'cut'], false],
    [1, ['cut', yes], false],
    [0, [yes], true],
    [1, [no], false],
  ] as const)
    it(`PW = ${pw}: ${answers.map((each) => each ?? 'nothing').join(', ')}: ${expected ? 'it succeeds' : 'it fails'}, with one outcome`, () => {
      const rig = new Virtual([{ balanced: true, parameters: `CMDC=1;PW=${pw}`, points }], { lineNumber: 9 });
      const clients = answers.map((_, i) => rig.client(`192.0.2.${i + 1}:40000`));
      const outcomes = rig.command({ ioa: 1, value: true });
      for (const client of clients) assert.deepEqual(client.asdus(), [asked(1)]);
      for (const [i, each] of answers.entries())
        if (each === 'cut') clients[i]?.cut();
        else if (each !== undefined) clients[i]?.ask(answer(each)).asdus();
      assert.deepEqual(
        outcomes.map(({ ok }) => ok),
        [expected],
      );
    });

  it('PW = 1 with one that does not answer: it fails after WTN, and that one is closed', () => {
    const rig = new Virtual([{ balanced: true, parameters: 'CMDC=1;PW=1;WTN=5000', points }], { lineNumber: 9 });
    const [one, two] = [rig.client('192.0.2.1:1'), rig.client('192.0.2.2:1')];
    const outcomes = rig.command({ ioa: 1, value: true });
    one.ask(answer('07')).asdus();
    two.asdus();
    rig.clock.advance(5000);
    assert.deepEqual(outcomes, [failed('timeout', { durationMs: 5000 })]);
    assert.deepEqual([one.closed, two.closed], [false, true]);
  });

  it('CMDC = 0: sent to all, one outcome', () => {
    const rig = new Virtual([{ balanced: true, parameters: 'CMDC=0;PW=1', points }], { lineNumber: 9 });
    const clients = [rig.client('192.0.2.1:1'), rig.client('192.0.2.2:1')];
    assert.deepEqual(rig.command({ ioa: 1, value: true }), [done({})]);
    for (const client of clients) assert.deepEqual(client.asdus(), [asked(1)]);
  });
});
