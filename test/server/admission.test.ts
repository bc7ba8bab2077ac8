import assert from 'node:assert/strict';
import type { MemoryClient } from './memory-client.js';
import { Virtual } from './virtual.js';

const points = [{ ioa: 1, type: 'M_SP_NA_1' }];

function setup(parameters: string) {
  const rig = new Virtual([{ parameters, points }]);
  /** Which of these remotes are let in, one after the other, and stay. */
  const admitted = (...remotes: string[]): boolean[] =>
    remotes.map((remote) => {
      const client = rig.connect(remote);
      rig.clock.settle();
      return !client.closed;
    });
  return { rig, admitted };
}

describe('who is let in', () => {
  it('ALLOW: addresses and networks, IPv4 and IPv6; everybody else is turned away, with a warning', () => {
    const { rig, admitted } = setup('ALLOW=10.0.0.1, 10.1.0.0/16 ,2001:db8::/32');
    assert.deepEqual(
      admitted('10.0.0.1:1', '10.1.255.255:1', '2001:db8:1::1:1', '10.0.0.2:1', '10.2.0.0:1', '2001:db9::1:1'),
      [true, true, true, false, false, false],
    );
    assert.deepEqual(rig.served.log.slice(0, 1), ['warn: 10.0.0.2:1 turned away: the address is not allowed (ALLOW)']);
    assert.equal(rig.served.log.length, 3);
    assert.equal(rig.served.line.status.connections.length, 3);
    assert.deepEqual(rig.served.line.status.refused, { 'not-allowed': 3 });
  });

  for (const parameters of ['', 'ALLOW=', 'ALLOW=all', 'ALLOW=10.0.0.1,ALL'])
    it(`everybody with "${parameters}"`, () => {
      assert.deepEqual(setup(parameters).admitted('192.0.2.1:1', '2001:db8::1:1'), [true, true]);
    });

  it('ALLOW: what is no address lets nobody in, and is told', () => {
    const { rig, admitted } = setup('ALLOW=nonsense,10.0.0.0/33,10.0.0.300');
    assert.deepEqual(rig.served.log, [
      'warn: parameter ALLOW: "nonsense" is no address or network',
      'warn: parameter ALLOW: "10.0.0.0/33" is no address or network',
      'warn: parameter ALLOW: "10.0.0.300" is no address or network',
    ]);
    assert.deepEqual(admitted('10.0.0.1:1'), [false]);
  });

  it('MC: so many clients of any address; who has gone makes room', () => {
    const { rig, admitted } = setup('MC=2');
    const first = rig.connect('192.0.2.1:1');
    assert.deepEqual(admitted('192.0.2.1:2', '192.0.2.2:3'), [true, false]);
    first.cut();
    assert.deepEqual(admitted('192.0.2.3:4', '192.0.2.4:5'), [true, false]);
    assert.deepEqual(
      rig.served.log.filter((line) => line.includes('turned away')),
      [
        'warn: 192.0.2.2:3 turned away: 2 clients are connected (MC)',
        'warn: 192.0.2.4:5 turned away: 2 clients are connected (MC)',
      ],
    );
    assert.deepEqual(rig.served.line.status.refused, { MC: 2 });
    assert.deepEqual(rig.served.alarms, []);
  });

  it('MCA: so many clients of one address, started or not', () => {
    const { rig, admitted } = setup('MCA=2');
    rig.client('192.0.2.1:1');
    assert.deepEqual(admitted('192.0.2.1:2', '192.0.2.1:3', '192.0.2.2:4'), [true, false, true]);
    assert.deepEqual(rig.served.log, ['warn: 192.0.2.1:3 turned away: 2 clients of this address are connected (MCA)']);
    assert.deepEqual(rig.served.line.status.refused, { MCA: 1 });
  });

  it('who is turned away costs those who are there nothing', () => {
    const { rig, admitted } = setup('MC=1;SAI=False');
    const client: MemoryClient = rig.client('192.0.2.1:1');
    const { changes } = rig.served;
    assert.deepEqual(admitted(...Array.from({ length: 500 }, (_, i) => `192.0.2.9:${i}`)).includes(true), false);
    assert.equal(rig.served.changes - changes, 60, 'a flood of clients is no flood of messages');
    assert.deepEqual(rig.served.line.status.refused, { MC: 500 });
    rig.served.write(1, true);
    assert.deepEqual(client.asdus(), ['01 01 03 00 01 00 01 00 00 01']);
  });

  it('MC, MCA: a new station with narrower limits leaves those in who are', () => {
    const { rig, admitted } = setup('');
    const clients = ['192.0.2.1:1', '192.0.2.1:2'].map((remote) => rig.client(remote));
    rig.add({ ca: 2, parameters: 'MC=1;MCA=1', points });
    rig.clock.settle();
    assert.deepEqual(
      clients.map(({ closed }) => closed),
      [false, false],
    );
    assert.deepEqual(admitted('192.0.2.2:1'), [false]);
  });

  it('ALLOW: a new station that narrows it closes those who are not allowed any more, and no others', () => {
    const { rig, admitted } = setup('');
    const [out, stays] = [rig.client('192.0.2.1:1'), rig.client('10.0.0.1:1')];
    rig.add({ ca: 2, parameters: 'ALLOW=10.0.0.1', points });
    rig.clock.settle();
    assert.deepEqual([out.closed, stays.closed], [true, false]);
    assert.equal(rig.served.line.status.lastClose?.reason, 'not-allowed');
    assert.deepEqual(admitted('192.0.2.2:1', '10.0.0.1:2'), [false, true]);
  });
});
