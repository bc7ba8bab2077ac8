import assert from 'node:assert/strict';
import type { MemoryClient } from './memory-client.js';
import { Virtual } from './virtual.js';

const STARTDT = '68 04 07 00 00 00';
const STOPDT = '68 04 13 00 00 00';

function setup() {
  const rig = new Virtual([{ parameters: 'SAI=False', points: [{ ioa: 1, type: 'M_SP_NA_1' }] }]);
  const clients = (count: number): MemoryClient[] =>
    Array.from({ length: count }, (_, i) => rig.client(`192.0.2.${i + 1}:40000`));
  const flags = (): string => rig.served.line.status.flags;
  /** The flag of each connection, `-` without one. */
  const each = (): string => rig.served.line.status.connections.map(({ flag }) => flag ?? '-').join('');
  return { rig, clients, flags, each };
}

describe('the flags of active clients', () => {
  it('the first active client sets A, the second B, up to P; a connection alone sets none', () => {
    const { rig, clients, flags, each } = setup();
    rig.connect();
    assert.equal(flags(), '');
    let expected = '';
    for (const letter of 'ABCDEFGHIJKLMNOP') {
      clients(1);
      expected += letter;
      assert.equal(flags(), expected);
    }
    assert.equal(each(), '-ABCDEFGHIJKLMNOP');
  });

  it('the 17th begins with A again, and A stays set until both have gone', () => {
    const { clients, flags, each } = setup();
    const all = clients(18);
    assert.equal(flags(), 'ABCDEFGHIJKLMNOP');
    assert.equal(each().slice(16), 'AB');
    all[0]?.cut();
    assert.equal(flags(), 'ABCDEFGHIJKLMNOP');
    all[16]?.cut();
    assert.equal(flags(), 'BCDEFGHIJKLMNOP');
    all[17]?.cut();
    all[1]?.cut();
    assert.equal(flags(), 'CDEFGHIJKLMNOP');
  });

  it('a flag falls with STOPDT and with the connection, and the others stay as they are', () => {
    const { clients, flags } = setup();
    const [a, b, c] = clients(3) as [MemoryClient, MemoryClient, MemoryClient];
    b.send(STOPDT).clock.settle();
    assert.equal(flags(), 'AC');
    c.cut();
    assert.equal(flags(), 'A');
    b.send(STARTDT).clock.settle();
    assert.equal(flags(), 'AB');
    a.cut();
    assert.equal(flags(), 'B');
  });

  it('a flag falls as STOPDT comes, also while its confirmation is held back; STARTDT meanwhile sets it again', () => {
    const { rig, clients, flags } = setup();
    const [a] = clients(1) as [MemoryClient];
    rig.served.write(1, true);
    assert.equal(a.taken().length, 1);
    a.send(STOPDT).clock.settle();
    assert.deepEqual(a.frames, [], 'the event is not acknowledged');
    assert.equal(flags(), '');
    a.send(STARTDT).clock.settle();
    assert.equal(flags(), 'A');
  });

  it('a repeated STARTDT takes no second flag, a repeated STOPDT gives none back twice', () => {
    const { clients, flags } = setup();
    const [a, b] = clients(2) as [MemoryClient, MemoryClient];
    a.send(STARTDT, STARTDT).clock.settle();
    assert.equal(flags(), 'AB');
    b.send(STOPDT, STOPDT).clock.settle();
    b.cut();
    assert.equal(flags(), 'A');
    a.cut();
    assert.equal(flags(), '');
  });

  it('each change is told', () => {
    const { rig, clients } = setup();
    const before = rig.served.changes;
    const [a] = clients(1) as [MemoryClient];
    const started = rig.served.changes;
    assert.ok(started > before);
    a.send(STOPDT).clock.settle();
    assert.ok(rig.served.changes > started);
  });
});
