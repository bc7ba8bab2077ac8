import assert from 'node:assert/strict';
import type { MemoryClient } from './memory-client.js';
import { Virtual } from './virtual.js';
import { digits, STARTDT_ACT, STARTDT_CON } from './wire.js';

const points = [
  { ioa: 1, type: 'M_ME_NB_1' },
  { ioa: 2, type: 'M_IT_NA_1' },
  { ioa: 45, type: 'C_SC_NA_1' },
];
const GI = '64 01 06 00 01 00 00 00 00 14';
const CON = '64 01 07 00 01 00 00 00 00 14';
const TERM = '64 01 0a 00 01 00 00 00 00 14';
const GRP = 'GRP=A:10.0.0.1,10.0.0.2|B:10.0.1.0/24,2001:db8::/32';
const A1 = '10.0.0.1:50001';
const A2 = '10.0.0.2:50002';
const B1 = '10.0.1.77:50003';
const two = (octet: number): string => octet.toString(16).padStart(2, '0');
const event = (value: number): string => `0b 01 03 00 01 00 01 00 00 ${two(value)} 00 00`;
const events = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => event(from + i));

function setup(parameters = 'SAI=False') {
  const rig = new Virtual([{ parameters: `${parameters};${GRP}`, points }]);
  let last = 0;
  const happen = (count: number): void => {
    for (let i = 0; i < count; i++) rig.served.write(1, ++last);
  };
  const client = (remote: string): MemoryClient => rig.client(remote);
  return { rig, happen, client, line: rig.served.line };
}

describe('redundancy groups', () => {
  it('PROTOCOL 32: STARTDT on B while A is started: A is closed, B gets what A had not acknowledged, then what is new', () => {
    const { client, happen, line } = setup();
    const a = client(A1);
    happen(20);
    assert.deepEqual(a.taken(), events(1, 12));
    a.send('68 04 01 00 0a 00').clock.settle();
    const b = client(A2);
    assert.equal(a.closed, true);
    assert.deepEqual(line.status.lastClose, { remote: A1, reason: 'taken-over' });
    happen(3);
    assert.deepEqual(b.asdus(), events(6, 23), 'acknowledged were 1 to 5');
    assert.deepEqual([line.status.lost, line.status.flags], [0, 'A']);
  });

  it('PROTOCOL 32: the group can be taken over again and again, with nothing lost, doubled or reordered', () => {
    const { client, happen } = setup();
    const got: string[] = [];
    let held: MemoryClient | undefined;
    for (let round = 0; round < 10; round++) {
      happen(7);
      const next = client(round % 2 === 0 ? A1 : A2);
      assert.equal(held?.closed ?? true, true);
      const taken = next.taken();
      // Each acknowledges all but its last one, which the next gets once more.
      got.push(...taken.slice(0, -1));
      next.send(`68 04 01 00 ${two((taken.length - 1) * 2)} 00`).clock.settle();
      held = next;
    }
    got.push(...(held as MemoryClient).asdus());
    assert.deepEqual(got, events(1, got.length));
  });

  it('PROTOCOL 32: connections of a group that are not started stand beside it', () => {
    const { client, happen, rig } = setup();
    const standby = rig.connect(A1);
    const a = client(A1);
    const stopped = client(A2);
    assert.equal(a.closed, true, 'the other address of the group');
    stopped.send('68 04 13 00 00 00').clock.settle();
    stopped.frames.splice(0);
    happen(2);
    standby.start();
    assert.deepEqual([standby.closed, stopped.closed], [false, false]);
    assert.deepEqual(standby.asdus(), events(1, 2));
    assert.deepEqual(stopped.asdus(), []);
  });

  it('PROTOCOL 32: a connection that holds its STOPDT con back is taken over too', () => {
    const { client, happen } = setup();
    const a = client(A1);
    happen(3);
    assert.deepEqual(a.taken(), events(1, 3));
    a.send('68 04 13 00 00 00').clock.settle();
    const b = client(A2);
    assert.equal(a.closed, true);
    assert.deepEqual(b.asdus(), events(1, 3));
  });

  it('PROTOCOL 32: with SAI, B gets the backlog between its 7 and the first value', () => {
    const { client, happen } = setup('SAI=True');
    const a = client(A1);
    happen(1);
    a.ask(GI).asdus();
    happen(2);
    assert.deepEqual(a.taken(), events(2, 3));
    const b = client(A2);
    happen(1);
    assert.deepEqual(b.asdus(), [], 'it has not interrogated');
    assert.deepEqual(b.ask(GI).asdus(), [CON, ...events(2, 4), '0b 01 14 00 01 00 01 00 00 04 00 00', TERM]);
  });

  it('PROTOCOL 32: what A had selected, and what was being answered, ends with A', () => {
    const { client, rig } = setup();
    const a = client(A1);
    assert.equal(a.ask('2d 01 06 00 01 00 2d 00 00 81').asdus().length, 1);
    const b = client(A2);
    assert.deepEqual(b.ask('2d 01 06 00 01 00 2d 00 00 00').asdus(), [
      '2d 01 07 00 01 00 2d 00 00 00',
      '2d 01 0a 00 01 00 2d 00 00 00',
    ]);
    assert.equal(rig.served.operations.length, 2);
  });

  it('PROTOCOL 32: groups share nothing: each gets every event, and one that stalls does not hold the other up', () => {
    const { client, happen, line } = setup('SAI=False;EBS=30');
    const a = client(A1);
    const b = client(B1);
    assert.deepEqual([a.closed, b.closed], [false, false]);
    const got: string[] = [];
    for (let round = 0; round < 10; round++) {
      happen(10);
      got.push(...b.asdus());
    }
    assert.deepEqual(got, events(1, 100));
    const lost = line.status.connections.map((connection) => connection.lost);
    assert.deepEqual(lost, [58, 0], 'of 100 A has 12 on their way, and 30 are kept');
    client(A2);
    assert.equal(a.closed, true);
    assert.equal(b.closed, false);
  });

  for (const [what, remote, other] of [
    ['an address of a network', '10.0.1.255:50000', '10.0.1.1:50000'],
    ['an IPv6 network', '2001:db8:ffff::1:50000', '10.0.1.9:50000'],
    ['an IPv6 address in other digits', '2001:0db8:0000:0000:0000:0000:0000:0001:50000', '2001:db8::2:50000'],
  ] as const)
    it(`PROTOCOL 32: ${what} is of the group`, () => {
      const { client, happen } = setup();
      const a = client(A1);
      const b = client(remote);
      happen(1);
      client(other);
      assert.deepEqual([b.closed, a.closed], [true, false]);
    });

  it('PROTOCOL 32: neighbours of a network are not of the group', () => {
    const { client } = setup();
    const b = client(B1);
    for (const remote of ['10.0.2.1:50000', '10.0.0.255:50000', '2001:db9::1:50000']) client(remote);
    assert.equal(b.closed, false);
  });

  it('PROTOCOL 32: an address that GRP does not name has a buffer of its own, and several connections at once', () => {
    const { client, happen } = setup();
    const a = client(A1);
    const [one, two] = [client('192.0.2.1:1'), client('192.0.2.1:2')];
    happen(2);
    for (const each of [a, one, two]) assert.deepEqual(each.asdus(), events(1, 2));
    one.cut();
    two.cut();
    happen(2);
    assert.deepEqual(a.asdus(), events(3, 4));
    assert.deepEqual(client('192.0.2.2:1').asdus(), [], 'another address is new');
    assert.deepEqual(client('192.0.2.1:3').asdus(), events(3, 4));
  });

  it('PROTOCOL 30: what happened before its first client is kept for each configured group', () => {
    const { client, happen } = setup();
    happen(3);
    const a = client(A1);
    assert.deepEqual(a.asdus(), events(1, 3));
    happen(2);
    assert.deepEqual(a.asdus(), events(4, 5));
    assert.deepEqual(client(B1).asdus(), events(1, 5));
    assert.deepEqual(client(A2).asdus(), [], 'the group has had it');
  });

  for (const [what, nr, left] of [
    ['covers it: it is delivered', '02', 0],
    ['does not cover it: it goes to the next client', '00', 1],
  ] as const)
    it(`PROTOCOL 30: an event whose frame is lost with its connection, while the last N(R) ${what}`, () => {
      const { rig, client, happen, line } = setup();
      happen(1);
      const a = rig.connect(A1);
      const passed: string[] = [];
      line.frames.add(({ direction, octets }) => passed.push(`${direction} ${digits(octets)}`));
      // The I-frame comes before anything of the answer to STARTDT can arrive, and closes, being no ASDU.
      const spoilt = `68 0a 00 00 ${nr} 00 00 00 46 00 01 00`;
      a.send(STARTDT_ACT).send(spoilt).clock.settle();
      assert.deepEqual(passed, [
        `received ${STARTDT_ACT}`,
        `sent ${STARTDT_CON}`,
        `sent 68 10 00 00 00 00 ${event(1)}`,
        `received ${spoilt}`,
      ]);
      assert.deepEqual([a.closed, a.frames, line.status.lastClose?.reason], [true, [], 'asdu']);
      assert.deepEqual(client(A2).asdus(), events(1, left));
    });

  it('PROTOCOL 30: what happened before any client was seen is for the first: not for an address of no group later', () => {
    const { client, happen } = setup();
    happen(3);
    client(A1).asdus();
    assert.deepEqual(client('192.0.2.1:1').asdus(), []);
  });

  it('PROTOCOL 30: what happens while the whole group is away waits, however long', () => {
    const { rig, client, happen } = setup();
    client(A1).cut();
    happen(2);
    rig.clock.advance(48 * 3_600_000);
    happen(1);
    assert.deepEqual(client(A2).asdus(), events(1, 3));
  });

  it('PROTOCOL 31: what overflows while a group is away is counted, and the newest are there', () => {
    const { client, happen, line } = setup('SAI=False;EBS=10');
    happen(25);
    const a = client(A1);
    assert.deepEqual(a.asdus(), events(16, 25));
    assert.deepEqual([line.status.connections[0]?.lost, line.status.lost], [15, 30], 'and as many of the other group');
  });

  it('PROTOCOL 32: counters and values return in their common order', () => {
    const { rig, client, happen } = setup();
    const a = client(A1);
    happen(1);
    rig.served.write(2, 7);
    happen(1);
    assert.equal(a.taken().length, 3);
    assert.deepEqual(client(A2).asdus(), [event(1), '0f 01 03 00 01 00 02 00 00 07 00 00 00 00', event(2)]);
  });

  it('an entry that is no address is named in a warning, and the others count', () => {
    const rig = new Virtual([{ parameters: 'GRP=A:10.0.0.1,nonsense,10.0.0.2|B:10.0.1.0/33', points }]);
    assert.deepEqual(rig.served.log, [
      'warn: parameter GRP: "nonsense" of group A is no address or network',
      'warn: parameter GRP: "10.0.1.0/33" of group B is no address or network',
    ]);
    const a = rig.client(A1);
    rig.client(A2);
    assert.equal(a.closed, true);
  });

  it('PROTOCOL 31: integrated totals that overflow while an address is away are lost to who had asked for them', () => {
    for (const [request, lost] of [
      ['64 01 06 00 01 00 00 00 00 14', 0],
      ['65 01 06 00 01 00 00 00 00 05', 3],
    ] as const) {
      const rig = new Virtual([{ parameters: 'EBS=2', points: [{ ioa: 2, type: 'M_IT_NA_1' }] }]);
      const client = rig.client();
      client.ask(request).asdus();
      client.cut();
      for (let value = 1; value <= 5; value++) rig.served.write(2, value);
      assert.equal(rig.served.line.status.lost, lost);
    }
  });

  it('a group that nobody can belong to is named in a warning', () => {
    const log = (parameters: string): readonly string[] => new Virtual([{ parameters, points }]).served.log;
    const warning = (name: string) => `warn: parameter GRP: "${name}" has no clients; a group is name:address,address`;
    assert.deepEqual(log('GRP=10.0.0.1,10.0.0.2'), [warning('10.0.0.1,10.0.0.2')], 'the name was forgotten');
    assert.deepEqual(log('GRP=A:|B:10.0.0.1'), [warning('A')]);
  });

  it('what is wrong is told once, however many stations the line has', () => {
    const parameters = 'GRP=A:nonsense;ALLOW=10.0.0.1,nothing';
    const rig = new Virtual([{ parameters, points }, ...[2, 3].map((ca) => ({ ca, points }))]);
    assert.deepEqual(rig.served.log, [
      'warn: parameter ALLOW: "nothing" is no address or network',
      'warn: parameter GRP: "nonsense" of group A is no address or network',
    ]);
  });
});
