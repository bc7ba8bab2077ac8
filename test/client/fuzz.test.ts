import assert from 'node:assert/strict';
import { types } from '../../lib/asdu/types.js';
import type { ClientOrder } from '../../lib/client/orders.js';
import type { Outcome } from '../../lib/procedures/enquiries.js';
import { digits } from '../server/wire.js';
import { VirtualNet } from './virtual.js';

const points = [
  ...Object.values(types)
    .filter(({ direction, id }) => direction === 'monitor' && id < 41)
    .map(({ id, label }) => ({ ioa: id, type: label })),
  { ioa: 200, type: 'C_SC_NA_1', sbo: true },
];
const orders: readonly ClientOrder[] = [
  { command: 'single', ioa: 200, value: true },
  { command: 'float', ioa: 1, value: 1 },
  { interrogation: 20 },
  { counterInterrogation: 5 },
  { read: 1 },
  { test: true },
  { clockSync: true },
  { reset: 1 },
];

/** Numbers that are the same in every run. */
function numbers(seed: number): (n: number) => number {
  let state = seed * 7919 + 1;
  return (n) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % n;
  };
}

function octetsOf(random: (n: number) => number, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => random(256)));
}

/** An ASDU of any type with any values, mostly of a point that there is. @param spoilt as long as chance will have it */
function asduOf(random: (n: number) => number, spoilt: boolean): string {
  const rows = Object.values(types);
  const row = rows[random(random(4) === 0 ? rows.length : 33)] as (typeof rows)[number];
  const count = 1 + random(3);
  const cause = [3, 3, 20, 21, 37, 5, 1, 11, 6, 10, 45, 131][random(12)] as number;
  const objects = Array.from({ length: count }, () => [
    Buffer.of(random(3) === 0 ? random(256) : row.id, 0, 0),
    octetsOf(random, spoilt ? random(20) : row.size),
  ]).flat();
  return digits(Buffer.concat([Buffer.of(row.id, count, cause, random(3), 1, random(20) === 0 ? 1 : 0), ...objects]));
}

describe('a client: whatever a substation sends', function () {
  this.timeout(120_000);
  for (const mode of ['group', 'parallel'])
    it(`costs a connection at most, never the line, and each order has one outcome (${mode})`, () => {
      let receptions = 0;
      const reasons = new Map<string, number>();
      for (let seed = 1; seed <= 150; seed++) {
        const random = numbers(seed);
        const net = new VirtualNet();
        const rig = net.line(
          [
            { hosts: ['a'], port: 2404 },
            { hosts: ['b'], port: 2404 },
          ],
          [{ points, parameters: `REDM=${mode};WTN=20000;ARMSD=${random(3)};ARMP=${random(2) * 5}`, syncPeriod: 7 }],
        );
        const outcomes: Outcome[][] = [];
        for (let step = 0; step < 60; step++) {
          for (const session of net.sessions.filter(({ closed }) => !closed)) {
            const asked = session.raw().flatMap((frame) => {
              if (frame.startsWith('68 04 07')) session.send('68 04 0b 00 00 00');
              else if (frame.startsWith('68 04 13')) session.send('68 04 23 00 00 00');
              return frame.length > 17 ? (session.wire.asduOf(frame) ?? []) : [];
            });
            // What it was asked, mostly with a cause of answers.
            const causes = [0x07, 0x0a, 0x47, 0x2d, 0x6e, 0x09, random(256)];
            const mirrored = asked.map((asdu) => {
              const cause = causes[random(causes.length)] as number;
              return `${asdu.slice(0, 6)}${digits(Buffer.of(cause))}${asdu.slice(8)}`;
            });
            session.ask(
              ...mirrored,
              ...(random(2) === 0 ? mirrored.map((asdu) => `${asdu.slice(0, 6)}0a${asdu.slice(8)}`) : []),
            );
            const kind = random(40);
            if (kind < 35) session.ask(asduOf(random, kind === 0));
            else if (kind === 35) session.send(digits(octetsOf(random, 1 + random(20))));
            else if (kind === 36) session.cut();
          }
          const order = orders[random(orders.length)] as ClientOrder;
          outcomes.push(rig.order(order));
          if (random(9) === 0) rig.line.switchOver();
          net.clock.advance(random(4000));
        }
        net.clock.advance(60_000);
        const { closes } = rig.line.status;
        assert.equal(
          closes.internal,
          undefined,
          `seed ${seed}: ${rig.logged.filter((line) => line.startsWith('error')).join()}`,
        );
        assert.ok(
          outcomes.every(({ length }) => length === 1),
          `seed ${seed}`,
        );
        for (const session of net.sessions) session.cut();
        net.clock.advance(31_000);
        net.sessions.at(-1)?.start();
        assert.ok(net.sessions.length > 0 && rig.line.status.state !== 'error');
        receptions += rig.receptions.length;
        for (const { reason = 'ok' } of outcomes.flat()) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
      // The dice are not so loaded that nothing would happen.
      assert.ok(receptions > 500, `${receptions} values`);
      for (const reason of ['ok', 'negative', 'timeout', 'disconnected', 'input'])
        assert.ok((reasons.get(reason) ?? 0) > 20, `${reason}: ${JSON.stringify([...reasons])}`);
    });
});
