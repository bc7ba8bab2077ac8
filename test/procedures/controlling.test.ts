import assert from 'node:assert/strict';
import { causeName } from '../../lib/asdu/cause.js';
import { type TypeRow, typeById, types } from '../../lib/asdu/types.js';
import type { ClientOrder, CommandName } from '../../lib/client/orders.js';
import { controllingAssignment } from '../../lib/procedures/assignments.js';
import { isPointType } from '../../lib/station/points.js';
import type { ClientRig } from '../client/rig.js';
import { type MemoryOutstation, VirtualNet } from '../client/virtual.js';
import { digits } from '../server/wire.js';

const rows = Object.values(types);
const two = (octet: number): string => octet.toString(16).padStart(2, '0');
const causes = Array.from({ length: 64 }, (_, cause) => cause);
const timestamp = Date.UTC(2026, 1, 3);

/** An ASDU of the station with one object of zeros, of a time that there is. */
function told(row: TypeRow, cause: number): string {
  const content = new Uint8Array(row.size);
  if (row.time === 'cp56') content.set([0, 0, 0, 0, 0x21, 1, 26], row.size - 7);
  return `${two(row.id)} 01 ${two(cause)} 00 01 00 ${two(row.id)} 00 00 ${digits(content)}`.trim();
}

/** What was sent, with the cause of an answer; 44 to 47 are negative. */
const answer = (asdu: string, cause: number): string =>
  `${asdu.slice(0, 6)}${two(cause >= 44 ? cause | 0x40 : cause)}${asdu.slice(8)}`;

const sentBy = (asdu: string): [row: TypeRow, cause: number] => {
  const [id = 0, , cot = 0] = asdu.split(' ').map((octet) => Number.parseInt(octet, 16));
  return [typeById(id) as TypeRow, cot & 0x3f];
};

const names: readonly CommandName[] = ['single', 'double', 'step', 'normalized', 'scaled', 'float', 'bitstring'];
const commands: readonly ClientOrder[] = names.flatMap((command) =>
  [{}, { timestamp }].flatMap((time) => {
    const order = { command, ioa: 7, value: 1, ...time };
    return command === 'bitstring' ? [order] : [order, { ...order, select: true }];
  }),
);
const orders: readonly ClientOrder[] = [
  ...commands,
  { interrogation: 20 },
  { counterInterrogation: 5 },
  { read: 7 },
  { clockSync: true },
  { test: true },
  { reset: 1 },
];

describe('assignments of types and causes of a controlling station', () => {
  let rig: ClientRig;
  let station: MemoryOutstation;

  beforeEach(() => {
    const net = new VirtualNet();
    const points = rows.filter((row) => row.direction === 'monitor' && isPointType(row));
    rig = net.line(
      [{ hosts: ['a'], port: 2404 }],
      [
        {
          parameters: 'OIC=0;OCIC=0;CMDC=3',
          points: points.map(({ id, label }) => ({ ioa: id, type: label })),
        },
      ],
    );
    station = net.of('a');
    assert.ok(station.start());
  });

  const ignored = (): number => rig.line.status.connections[0]?.ignored ?? Number.NaN;
  const tell = (...asdus: string[]): void => {
    station.ask(...asdus).clock.settle();
  };

  it('takes what the table says; of another cause, or type, nothing', () => {
    // What informs of one type may inform of all: a station that errs in that is understood.
    const informing = new Set(
      rows.flatMap((row) => (row.direction === 'monitor' ? controllingAssignment(row).taken : [])),
    );
    const isOrder = (row: TypeRow): boolean => controllingAssignment(row).sent.length > 0;
    for (const row of rows) {
      if (isOrder(row)) continue;
      const { taken } = controllingAssignment(row);
      for (const cause of causes) {
        const before = ignored();
        tell(told(row, cause));
        const isTaken = ignored() === before;
        const hint = `${row.label} with cause ${causeName(cause)}`;
        if (taken.includes(cause)) assert.ok(isTaken, `${hint} is ignored`);
        else if (taken.length === 0 || !informing.has(cause)) assert.ok(!isTaken, `${hint} is taken`);
      }
    }
    const expected = rows.filter((row) => row.direction === 'monitor' && isPointType(row));
    assert.deepEqual(new Set(rig.receptions.map(({ row }) => row)), new Set(expected));
  });

  it('sends with the causes of the table, and with all of them', () => {
    const seen = new Map<TypeRow, Set<number>>(rows.map((row) => [row, new Set()]));
    const see = (asdus: readonly string[]): string => {
      for (const asdu of asdus) {
        const [row, cause] = sentBy(asdu);
        seen.get(row)?.add(cause);
      }
      return asdus.at(-1) ?? '';
    };
    for (const order of orders) {
      const outcomes = rig.order(order);
      let request = see(station.asdus());
      if ('select' in order) {
        tell(answer(request, 7));
        request = see(station.asdus());
      }
      tell(answer(request, 47));
      assert.equal(outcomes[0]?.reason, 'negative', JSON.stringify(order));
      const release = see(station.asdus());
      if (release !== '') tell(answer(release, 9));
    }
    for (const row of rows) {
      const sorted = (given: Iterable<number>): number[] => [...given].sort((a, b) => a - b);
      assert.deepEqual(sorted(seen.get(row) ?? []), sorted(controllingAssignment(row).sent), row.label);
    }
  });

  for (const order of orders)
    it(`takes the answers of the table to ${JSON.stringify(order)}`, () => {
      for (const cause of [7, 10, 44, 45, 46, 47]) {
        const outcomes = rig.order(order);
        const [request = ''] = station.asdus();
        const [row] = sentBy(request);
        const before = ignored();
        tell(answer(request, cause));
        if (controllingAssignment(row).taken.includes(cause)) assert.equal(ignored(), before, causeName(cause));
        // Whatever the answer was, it is over before the next.
        if (outcomes.length === 0) for (const asdu of [request, ...station.asdus()]) tell(answer(asdu, 47));
        for (const asdu of station.asdus()) tell(answer(asdu, 9));
        assert.equal(outcomes.length, 1, causeName(cause));
      }
    });
});
