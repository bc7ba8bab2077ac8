import assert from 'node:assert/strict';
import type { Outstation, OutstationSession } from '../client/outstation.js';
import { catchAll, clientIn, clientOut, clientStation, type FlowNode, freePort, line, sink, tab } from './flow.js';
import { type Message, red, withNodeRed } from './runtime.js';

const points = [
  { ioa: 100, tag: 'Q0', type: 'M_SP_TB_1' },
  { ioa: 101, type: 'M_ME_NA_1' },
  { ioa: 102, tag: 'energy', type: 'M_IT_NA_1' },
  { ioa: 200, tag: 'Q0.command', type: 'C_SC_NA_1' },
  { ioa: 201, tag: 'setpoint', type: 'C_SE_NC_1', sbo: true },
];

/** 1, cause 20, common address 1, object address 100: on. */
const INTERROGATED = '01 01 14 00 01 00 64 00 00 01';
/** 30, cause 3, originator 7, object address 100: off, substituted; 13:14:15.016 on Thursday 19 November 2026. */
const SPONTANEOUS = '1e 01 03 07 01 00 64 00 00 20 a8 3a 0e 0d 93 0b 1a';
const AT = Date.UTC(2026, 10, 19, 13, 14, 15, 16);
/** 9, cause 1, object address 101: 0.5, good. */
const MEASURED = '09 01 01 00 01 00 65 00 00 00 40 00';
/** 15, cause 37, object address 102: 1000, sequence 3, carry. */
const COUNTED = '0f 01 25 00 01 00 66 00 00 e8 03 00 00 23';

/** 45, object address 200: on, execute; the answers. */
const COMMAND = '2d 01 06 00 01 00 c8 00 00 01';
const COMMAND_CON = '2d 01 07 00 01 00 c8 00 00 01';
const COMMAND_TERM = '2d 01 0a 00 01 00 c8 00 00 01';
const COMMAND_REFUSED = '2d 01 47 00 01 00 c8 00 00 01';

const quality = (set: Message = {}): Message => ({
  invalid: false,
  notTopical: false,
  substituted: false,
  blocked: false,
  overflow: false,
  ...set,
});

const of = (message: Message): Message => message.iec104 as Message;
const outcome = (message: Message): Message => message.payload as Message;

describe('a client station', () => {
  withNodeRed();

  let port: number;
  let outstation: Outstation;

  const flow = (properties: Message = {}): FlowNode[] => [
    tab,
    line(port),
    clientStation(points, properties),
    clientIn(),
    sink('values'),
    clientOut(),
    sink('outcomes'),
    ...catchAll,
  ];

  const interrogated = async (...values: string[]): Promise<OutstationSession> => {
    await red.deploy(flow());
    return (await outstation.accept()).serve(...values);
  };

  beforeEach(async () => {
    port = await freePort();
    outstation = await red.outstation(port);
  });

  describe('iec104-client-in', () => {
    it('emits what an interrogation brings', async () => {
      const peer = await interrogated(INTERROGATED);
      const message = await red.next('values');
      assert.deepEqual(
        { topic: message.topic, payload: message.payload, iec104: message.iec104 },
        {
          topic: 'Q0',
          payload: true,
          iec104: {
            type: 'M_SP_NA_1',
            typeId: 1,
            cause: 'interrogation',
            causeId: 20,
            commonAddress: 1,
            ioa: 100,
            originator: 0,
            test: false,
            negative: false,
            quality: quality(),
            weak: false,
            status: 1,
            timeInvalid: false,
            summerTime: false,
            connection: `127.0.0.1:${port}`,
            line: 'Line',
            station: 'Substation',
          },
        },
      );
      assert.ok(!peer.closed);
    });

    it('emits events with time tag, quality and originator, and measured values with their raw integer', async () => {
      const peer = await interrogated();
      peer.ask(SPONTANEOUS, MEASURED);
      const event = await red.next('values');
      assert.equal(event.payload, false);
      assert.equal(of(event).type, 'M_SP_TB_1');
      assert.equal(of(event).cause, 'spontaneous');
      assert.equal(of(event).originator, 7);
      assert.deepEqual(of(event).quality, quality({ substituted: true }));
      assert.equal(of(event).weak, true);
      assert.equal(of(event).timestamp, AT);
      const measured = await red.next('values');
      assert.equal(measured.topic, '1/101');
      assert.equal(measured.payload, 0.5);
      assert.equal(of(measured).raw, 16384);
    });

    it('with an object address emits that point alone', async () => {
      await red.deploy([...flow(), clientIn({ id: 'in2', ioa: '#65', wires: [['measured']] }), sink('measured')]);
      const peer = await (await outstation.accept()).serve(INTERROGATED);
      peer.ask(MEASURED);
      assert.equal((await red.next('measured')).payload, 0.5);
      assert.equal(red.messages('measured').length, 0);
      await red.until(() => red.messages('values').length === 2, 'both values at the other node');
    });

    it('emits nothing of an object that the table does not have; the log names it', async () => {
      const peer = await interrogated();
      // 1, object address 150.
      peer.ask('01 01 03 00 01 00 96 00 00 01', MEASURED);
      assert.equal((await red.next('values')).topic, '1/101');
      await red.until(() => red.warnings('line').some((text) => /150/.test(text)), 'a warning');
    });

    it('emits the last values once more when the line is lost, marked not topical and with their time tags', async () => {
      const peer = await interrogated(INTERROGATED);
      peer.ask(SPONTANEOUS, MEASURED, COUNTED);
      await red.until(() => red.messages('values').length === 4, 'all values');
      red.messages('values').length = 0;
      await outstation.close();
      const again = [await red.next('values'), await red.next('values'), await red.next('values')];
      assert.deepEqual(
        again.map(({ topic, payload }) => [topic, payload]),
        [
          ['Q0', false],
          ['1/101', 0.5],
          ['energy', 1000],
        ],
      );
      const [event, , counter] = again as [Message, Message, Message];
      assert.deepEqual(of(event).quality, quality({ substituted: true, notTopical: true }));
      assert.equal(of(event).timestamp, AT);
      // A counter has no bit for it in its octet.
      assert.deepEqual(of(counter).quality, quality({ notTopical: true }));
      assert.equal(of(counter).carry, true);
      await red.turns();
      assert.equal(red.messages('values').length, 0);
      await red.until(() => red.statuses('in').at(-1)?.shape === 'ring', 'a status that says so');
    });

    it('NF: flags and quality of the status octet are not looked at, the loss of the line is told all the same', async () => {
      await red.deploy(flow({ parameters: 'NF=True' }));
      const peer = await (await outstation.accept()).serve(INTERROGATED);
      // 1, object address 100: on, invalid and not topical.
      peer.ask('01 01 03 00 01 00 64 00 00 c1');
      await red.until(() => red.messages('values').length === 2, 'both values');
      const received = red.messages('values').splice(0)[1] as Message;
      assert.deepEqual([received.payload, of(received).status, of(received).weak], [true, 0, false]);
      assert.deepEqual(of(received).quality, quality({}));
      await outstation.close();
      assert.deepEqual(of(await red.next('values')).quality, quality({ notTopical: true }));
    });

    it('connects again, and interrogates again', async () => {
      const peer = await interrogated(INTERROGATED);
      await red.next('values');
      await peer.cut();
      assert.equal(of(await red.next('values')).quality !== undefined, true);
      await (await outstation.accept()).serve(INTERROGATED);
      assert.deepEqual(of(await red.next('values')).quality, quality());
    });
  });

  describe('iec104-client-out', () => {
    const order = (payload: unknown, beside: Message = {}): void => red.inject('out', { payload, ...beside });

    it('sends a command; its outcome keeps what the message had beside', async () => {
      const peer = await interrogated();
      order({ command: 'single', tag: 'Q0.command', value: true }, { topic: 'mine', cookie: 7 });
      await peer.expect(COMMAND);
      peer.ask(COMMAND_CON);
      await peer.quiet();
      assert.equal(red.messages('outcomes').length, 0);
      peer.ask(COMMAND_TERM);
      const message = await red.next('outcomes');
      assert.equal(message.topic, 'mine');
      assert.equal(message.cookie, 7);
      const { durationMs, ...rest } = outcome(message);
      assert.ok(typeof durationMs === 'number' && durationMs >= 0);
      assert.deepEqual(rest, { ok: true, confirmed: true, terminated: true, cause: 10, status: 1 });
      assert.deepEqual(red.messages('caught'), []);
      assert.equal(red.statuses('out').at(-1)?.text, 'outcome.ok');
    });

    it('a refused command is an outcome and no error', async () => {
      const peer = await interrogated();
      order({ command: 'single', ioa: 200, value: true });
      await peer.expect(COMMAND);
      peer.ask(COMMAND_REFUSED);
      const { ok, reason, cause } = outcome(await red.next('outcomes'));
      assert.deepEqual({ ok, reason, cause }, { ok: false, reason: 'negative', cause: 7 });
      assert.deepEqual(red.messages('caught'), []);
    });

    it('selects and executes where the point says so', async () => {
      const peer = await interrogated();
      order({ command: 'float', tag: 'setpoint', value: 1 });
      // 50, object address 201: 1.0, QL 0, select and then execute.
      const select = '32 01 06 00 01 00 c9 00 00 00 00 80 3f 80';
      const execute = '32 01 06 00 01 00 c9 00 00 00 00 80 3f 00';
      await peer.expect(select);
      peer.ask(select.replace('01 06', '01 07'));
      await peer.expect(execute);
      peer.ask(execute.replace('01 06', '01 07'), execute.replace('01 06', '01 0a'));
      assert.equal(outcome(await red.next('outcomes')).ok, true);
    });

    it('a second command of an object under way fails, the first does not', async () => {
      const peer = await interrogated();
      order({ command: 'single', ioa: 200, value: true }, { cookie: 1 });
      order({ command: 'single', ioa: 200, value: true }, { cookie: 2 });
      const second = await red.next('outcomes');
      assert.equal(second.cookie, 2);
      assert.equal(outcome(second).reason, 'input');
      await peer.expect(COMMAND);
      peer.ask(COMMAND_CON, COMMAND_TERM);
      const first = await red.next('outcomes');
      assert.equal(first.cookie, 1);
      assert.equal(outcome(first).ok, true);
      await peer.quiet();
    });

    it('without a connection nothing is kept for later', async () => {
      await outstation.close();
      await red.deploy(flow());
      order({ command: 'single', ioa: 200, value: true });
      assert.equal(outcome(await red.next('outcomes')).reason, 'disconnected');
    });

    it('a command that was open when the connection broke has failed, and is not repeated', async () => {
      const peer = await interrogated();
      order({ command: 'single', ioa: 200, value: true });
      await peer.expect(COMMAND);
      await peer.cut();
      assert.equal(outcome(await red.next('outcomes')).reason, 'disconnected');
      const again = await (await outstation.accept()).serve();
      await again.quiet();
      assert.equal(red.messages('outcomes').length, 0);
    });

    for (const [what, payload, pattern] of [
      ['no object', 7, /the payload is no order, which is an object/],
      ['two things at once', { interrogation: 20, test: true }, /exactly one of command, interrogation/],
      ['a command for no point', { command: 'single', tag: 'Q9', value: true }, /Q9/],
      ['a value that the point cannot hold', { command: 'single', ioa: 200, value: 2 }, /Q0\.command|200/],
    ] as const)
      it(`${what}: an outcome and an error, and nothing is sent`, async () => {
        const peer = await interrogated();
        order(payload);
        const message = await red.next('outcomes');
        assert.deepEqual([outcome(message).ok, outcome(message).reason], [false, 'input']);
        assert.match(String(((await red.next('caught')).error as Message).message), pattern);
        await peer.quiet();
        assert.equal(red.messages('outcomes').length, 0);
      });

    it('interrogates, reads and sends the clock', async () => {
      const peer = await interrogated();
      order({ interrogation: 21 });
      await peer.expect('64 01 06 00 01 00 00 00 00 15');
      peer.ask(
        '64 01 07 00 01 00 00 00 00 15',
        MEASURED.replace('01 01 00', '01 15 00'),
        '64 01 0a 00 01 00 00 00 00 15',
      );
      assert.equal(of(await red.next('values')).causeId, 21);
      assert.equal(outcome(await red.next('outcomes')).terminated, true);
      order({ read: 101 });
      await peer.expect('66 01 05 00 01 00 65 00 00');
      peer.ask(MEASURED.replace('01 01 00', '01 05 00'));
      assert.equal(of(await red.next('values')).cause, 'request');
      assert.equal(outcome(await red.next('outcomes')).ok, true);
      order({ clockSync: true });
      const asked = await peer.asdu();
      assert.match(asked, /^67 01 06 00 01 00 00 00 00/);
      peer.ask(asked.replace('01 06', '01 07'));
      assert.equal(outcome(await red.next('outcomes')).ok, true);
    });
  });
});
