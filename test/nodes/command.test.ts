import assert from 'node:assert/strict';
import { commandIn, freePort, line, sink, station, tab } from './flow.js';
import { type Message, red, withNodeRed } from './runtime.js';

const points = [
  { ioa: 100, type: 'M_SP_NA_1' },
  { ioa: 201, tag: 'Q0.command', type: 'C_SC_NA_1' },
  { ioa: 202, type: 'C_DC_TA_1' },
  { ioa: 203, type: 'C_RC_NA_1' },
  { ioa: 204, type: 'C_SE_NA_1' },
  { ioa: 205, type: 'C_SE_NB_1' },
  { ioa: 206, type: 'C_SE_NC_1' },
  { ioa: 207, type: 'C_BO_NA_1' },
];

/** 2025-11-24 16:00:00.000 UTC. */
const MOMENT = 1_764_000_000_000;
const TAG = '00 00 00 10 38 0b 19';
const good = { invalid: false, notTopical: false, substituted: false, blocked: false, overflow: false };

describe('iec104-command-in', () => {
  withNodeRed();

  let port: number;

  async function begin(takers = [commandIn()], properties = {}): Promise<void> {
    port = await freePort();
    const sinks = ['commands', 'one', 'two'].map(sink);
    await red.deploy([tab, line(port, { lineNumber: '9' }), station(points, properties), ...takers, ...sinks]);
    assert.deepEqual(red.allErrors, []);
  }

  /** What a message says beside its id. */
  async function message(at = 'commands'): Promise<Message> {
    const { _msgid, ...rest } = await red.next(at);
    assert.equal(typeof _msgid, 'string');
    return rest;
  }

  it('emits a single command with all that PRODUCT says of it', async () => {
    await begin();
    const client = await red.client(port);
    // Originator 5, long pulse (QU 2).
    await client.answers(
      '2d 01 06 05 01 00 c9 00 00 09',
      '2d 01 07 05 01 00 c9 00 00 09',
      '2d 01 0a 05 01 00 c9 00 00 09',
    );
    assert.deepEqual(await message(), {
      topic: 'Q0.command',
      payload: true,
      iec104: {
        type: 'C_SC_NA_1',
        typeId: 45,
        cause: 'activation',
        causeId: 6,
        commonAddress: 1,
        ioa: 201,
        originator: 5,
        test: false,
        negative: false,
        quality: good,
        weak: false,
        status: 9,
        timeInvalid: false,
        summerTime: false,
        connection: `127.0.0.1:${client.port}`,
        line: 'Line',
        station: 'Substation',
        select: false,
        qualifier: 2,
      },
    });
  });

  it('emits a command with time tag, whose topic is the address where there is no tag', async () => {
    await begin();
    const client = await red.client(port);
    const command = `3b 01 06 00 01 00 ca 00 00 06 ${TAG}`;
    await client.answers(command, command.replace(' 06 ', ' 07 '), command.replace(' 06 ', ' 0a '));
    const { topic, payload, iec104 } = (await message()) as { topic: string; payload: number; iec104: Message };
    assert.equal(topic, '1/202');
    assert.equal(payload, 2);
    assert.equal(iec104.type, 'C_DC_TA_1');
    assert.equal(iec104.timestamp, MOMENT);
    assert.equal(iec104.qualifier, 1);
  });

  const values: readonly [name: string, asdu: string, payload: unknown, beside: Message][] = [
    ['off', '2d 01 06 00 01 00 c9 00 00 00', false, { qualifier: 0 }],
    ['regulating step', '2f 01 06 00 01 00 cb 00 00 01', 1, { qualifier: 0 }],
    ['normalized set point', '30 01 06 00 01 00 cc 00 00 00 c0 00', -0.5, { qualifier: 0, raw: -16384 }],
    ['scaled set point', '31 01 06 00 01 00 cd 00 00 ff ff 00', -1, { qualifier: 0 }],
    ['short floating point set point', '32 01 06 00 01 00 ce 00 00 00 00 c0 3f 00', 1.5, { qualifier: 0 }],
    ['bit string', '33 01 06 00 01 00 cf 00 00 ff ff ff ff', 4294967295, {}],
  ];
  for (const [name, asdu, payload, beside] of values)
    it(`${name}: payload ${payload}`, async () => {
      await begin();
      const client = await red.client(port);
      await client.answers(asdu, asdu.replace(' 06 ', ' 07 '), asdu.replace(' 06 ', ' 0a '));
      const found = await message();
      assert.equal(found.payload, payload);
      for (const [field, value] of Object.entries(beside)) assert.equal((found.iec104 as Message)[field], value, field);
    });

  it('tells select and execute apart', async () => {
    await begin();
    const client = await red.client(port);
    await client.answers('2d 01 06 00 01 00 c9 00 00 81', '2d 01 07 00 01 00 c9 00 00 81');
    assert.equal(((await message()).iec104 as Message).select, true);
    client.ask('2d 01 06 00 01 00 c9 00 00 01');
    await client.expect('2d 01 07 00 01 00 c9 00 00 01', '2d 01 0a 00 01 00 c9 00 00 01');
    assert.equal(((await message()).iec104 as Message).select, false);
  });

  it('marks a command with the test bit, which nobody operates', async () => {
    await begin();
    const client = await red.client(port);
    await client.answers(
      '2d 01 86 00 01 00 c9 00 00 01',
      '2d 01 87 00 01 00 c9 00 00 01',
      '2d 01 8a 00 01 00 c9 00 00 01',
    );
    const { iec104 } = (await message()) as { iec104: Message };
    assert.equal(iec104.test, true);
    assert.equal(iec104.weak, false);
  });

  it('marks a command with the test bit as weak under IT=2', async () => {
    await begin([commandIn()], { parameters: 'IT=2' });
    (await red.client(port)).ask('2d 01 86 00 01 00 c9 00 00 01');
    assert.equal(((await message()).iec104 as Message).weak, true);
  });

  it('with an object address emits that one alone, without one all, and 103 and 105', async () => {
    await begin([
      commandIn({ ioa: '201', wires: [['one']] }),
      commandIn({ id: 'in2', ioa: '', wires: [['two']] }),
      commandIn({ id: 'in3', ioa: '#CB', wires: [['commands']] }),
    ]);
    const client = await red.client(port);
    client.ask(
      '2d 01 06 00 01 00 c9 00 00 01',
      '2f 01 06 00 01 00 cb 00 00 02',
      '31 01 06 00 01 00 cd 00 00 01 00 00',
      `67 01 06 00 01 00 00 00 00 ${TAG}`,
      '69 01 06 00 01 00 00 00 00 01',
    );
    await red.until(() => red.messages('two').length === 5, 'five messages');
    await red.turns();
    const topics = (at: string) => red.messages(at).map(({ topic }) => topic);
    assert.deepEqual(topics('one'), ['Q0.command']);
    assert.deepEqual(topics('commands'), ['1/203']);
    assert.deepEqual(topics('two'), ['Q0.command', '1/203', '1/205', '1/0', '1/0']);
    const [clock, reset] = red.messages('two').slice(3) as { payload: number; iec104: Message }[];
    assert.equal(clock?.payload, MOMENT);
    assert.equal(clock?.iec104.type, 'C_CS_NA_1');
    assert.equal(clock?.iec104.timestamp, MOMENT);
    assert.equal(reset?.payload, 1);
    assert.equal(reset?.iec104.type, 'C_RP_NA_1');
    assert.equal(reset?.iec104.qualifier, 1);
  });

  it('two nodes on one point get a message each, of their own', async () => {
    await begin([commandIn({ ioa: '201', wires: [['one']] }), commandIn({ id: 'in2', ioa: '201', wires: [['two']] })]);
    const client = await red.client(port);
    const command = '2d 01 06 00 01 00 c9 00 00 01';
    await client.answers(command, '2d 01 07 00 01 00 c9 00 00 01', '2d 01 0a 00 01 00 c9 00 00 01');
    await client.quiet();
    const [first, second] = [await red.next('one'), await red.next('two')];
    assert.equal(first.payload, true);
    assert.deepEqual({ ...second, _msgid: '' }, { ...first, _msgid: '' });
    assert.notEqual(second.iec104, first.iec104);
  });

  it('a command that no node takes is refused', async () => {
    await begin([commandIn({ ioa: '201' })]);
    const client = await red.client(port);
    await client.answers('2f 01 06 00 01 00 cb 00 00 01', '2f 01 47 00 01 00 cb 00 00 01');
    // Neither a point nor its kind of command: unknown object address.
    await client.answers('2d 01 06 00 01 00 e7 03 00 01', '2d 01 6f 00 01 00 e7 03 00 01');
    await client.answers('2e 01 06 00 01 00 c9 00 00 01', '2e 01 6f 00 01 00 c9 00 00 01');
    await red.turns();
    assert.deepEqual(red.messages('commands'), []);
  });

  it('a command is refused from the deploy on that takes its node away', async () => {
    await begin();
    const client = await red.client(port);
    const command = '2d 01 06 00 01 00 c9 00 00 01';
    await client.answers(command, '2d 01 07 00 01 00 c9 00 00 01', '2d 01 0a 00 01 00 c9 00 00 01');
    await red.deploy([tab, line(port, { lineNumber: '9' }), station(points), ...['commands', 'one', 'two'].map(sink)]);
    await client.answers(command, '2d 01 47 00 01 00 c9 00 00 01');
  });

  it('a broadcast clock synchronization is emitted for each station', async () => {
    port = await freePort();
    const second = station(points, { id: 'station2', name: 'Second', address: '2' });
    await red.deploy([
      tab,
      line(port),
      station(points),
      second,
      commandIn({ wires: [['one']] }),
      commandIn({ id: 'in2', station: 'station2', wires: [['two']] }),
      ...['one', 'two'].map(sink),
    ]);
    const client = await red.client(port);
    const asked = `67 01 06 00 ff ff 00 00 00 ${TAG}`;
    await client.answers(asked, `67 01 07 00 01 00 00 00 00 ${TAG}`, `67 01 07 00 02 00 00 00 00 ${TAG}`);
    assert.equal((await red.next('one')).topic, '1/0');
    assert.equal((await red.next('two')).topic, '2/0');
  });

  it('shows the last command under the node', async () => {
    await begin();
    (await red.client(port)).ask('2d 01 06 00 01 00 c9 00 00 01');
    await red.next('commands');
    assert.equal(red.statuses('in').at(-1)?.text, 'Q0.command: true');
  });
});
