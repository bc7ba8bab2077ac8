import assert from 'node:assert/strict';
import { types } from '../../lib/asdu/types.js';
import type { Operation } from '../../lib/procedures/client.js';
import { parseParameters } from '../../lib/station/parameters.js';
import { compilePoints, isPointType } from '../../lib/station/points.js';
import { Station } from '../../lib/station/station.js';
import { operationMessage } from '../../nodes/shared/emission.js';
import { type Message, writeOf } from '../../nodes/shared/message.js';
import { VirtualClock } from '../link/virtual-clock.js';
import { MemoryClient } from '../server/memory-client.js';
import { Served } from '../server/served.js';
import { digits, STARTDT_ACT } from '../server/wire.js';
import { CP24, CP56, good, MOMENT, rows } from './type-rows.js';

/** Two lines: one that sends what a flow writes, and a balanced one that takes it as input. */
class Ends {
  readonly clock = new VirtualClock(MOMENT);
  readonly operations: Operation[] = [];
  readonly sender: Station;
  readonly receiver: Station;
  readonly fromSender: MemoryClient;
  readonly toReceiver: MemoryClient;
  readonly served: Served;
  readonly balanced: Served;

  constructor() {
    const monitored = Object.values(types).filter((row) => isPointType(row) && row.direction === 'monitor');
    const commands = Object.values(types).filter(({ direction }) => direction === 'control');
    const inputs = monitored.map(({ id, label }) => ({ ioa: id, type: label, direction: 'in' }));
    const outputs = commands.map(({ id, label }) => ({ ioa: id, type: label, direction: 'out' }));
    [this.sender, this.served] = this.line(
      [...monitored, ...commands].map(({ id, label }) => ({ ioa: id, type: label })),
    );
    [this.receiver, this.balanced] = this.line([...inputs, ...outputs], true);
    this.fromSender = new MemoryClient(this.served, this.clock);
    this.fromSender.send(STARTDT_ACT).clock.settle();
    this.fromSender.frames.shift();
    this.toReceiver = new MemoryClient(this.balanced, this.clock).start();
  }

  /** Writes as `iec104-server-out` does. @returns what goes to the client */
  write(message: Message): string[] {
    this.sender.write(writeOf(message, 0, undefined, this.sender), this.clock.wall());
    return this.fromSender.asdus();
  }

  /** What `iec104-command-in` emits of what came last. */
  emitted(): { readonly payload: unknown; readonly iec104: Message } {
    const operation = this.operations.pop();
    assert.ok(operation !== undefined, 'nothing came in');
    const message = operationMessage(operation, { id: 'station', line: { name: 'Line' } });
    return message as { payload: unknown; iec104: Message };
  }

  private line(
    points: readonly { ioa: number; type: string; direction?: string }[],
    balanced = false,
  ): [Station, Served] {
    const { table, problems } = compilePoints(
      points.map((point, i) => ({ point, place: `point ${i + 1}` })),
      balanced ? 'balanced' : 'server',
    );
    assert.deepEqual(problems, []);
    const station = new Station({ name: 'Station', commonAddress: 1, points: table, balanced });
    const operate = (operation: Operation): number => this.operations.push(operation);
    const served = new Served([], { clock: this.clock, operate });
    served.line.add({ station, defined: parseParameters('SAI=False;CMDC=3').defined });
    return [station, served];
  }
}

const octet = (n: number): string => digits(Uint8Array.of(n));
const tags = ['', ` ${CP24}`, ` ${CP56}`];

describe('every type of Tables 1 and 2 through messages and the wire and back', () => {
  let ends: Ends;
  before(() => {
    ends = new Ends();
  });

  for (const { untimed, ids, payload, beside = {}, quality, value, status, all } of rows)
    for (const [kind, id] of ids.entries()) {
      if (id === undefined) continue;
      const tag = tags[kind] as string;
      const timed = tag === '' ? {} : { timestamp: MOMENT };
      const asdu = (octets: string, timeTag = tag): string =>
        `${octet(id)} 01 03 00 01 00 ${octet(id)} 00 00 ${value(octets)}${timeTag}`;

      it(`${id}: ${untimed}${['', ', short time tag', ', long time tag'][kind]}: value, quality and time`, () => {
        const message = { ioa: id, payload, ...beside, quality, timestamp: MOMENT };
        assert.deepEqual(ends.write(message), [asdu(status)]);
        ends.toReceiver.ask(asdu(status)).asdus();
        const found = ends.emitted();
        assert.deepEqual(found.payload, payload);
        const { quality: flags, status: raw, timestamp, timeInvalid, typeId, cause } = found.iec104;
        assert.deepEqual(
          { flags, raw, typeId, cause, timeInvalid },
          {
            flags: { ...good, ...quality },
            raw: id === 21 ? 0 : Number.parseInt(status, 16),
            typeId: id,
            cause: 'spontaneous',
            timeInvalid: false,
          },
        );
        assert.deepEqual(timestamp === undefined ? {} : { timestamp }, timed);
        for (const [field, expected] of Object.entries(beside)) assert.equal(found.iec104[field], expected, field);
      });

      it(`${id}: ${untimed}: flags A to H as the status octet, and an invalid time`, () => {
        const tagged = tag.replace(' dd 22', ' dd a2');
        const message = { ioa: id, payload, ...beside, status: 0xff, timestamp: MOMENT, timeInvalid: true };
        assert.deepEqual(ends.write(message), [asdu(all, tagged)]);
        ends.toReceiver.ask(asdu(all, tagged)).asdus();
        const { payload: found, iec104 } = ends.emitted();
        assert.deepEqual(found, payload);
        assert.equal(iec104.status, Number.parseInt(all, 16));
        assert.equal(iec104.timeInvalid, tag !== '');
        assert.equal(iec104.timestamp, undefined);
      });
    }

  const commands: readonly [ids: readonly [number, number], payload: unknown, octets: string, qualifier: number][] = [
    [[45, 58], true, '0d', 3],
    [[46, 59], 2, '0a', 2],
    [[47, 60], 1, '05', 1],
    [[48, 61], -0.5, '00 c0 00', 0],
    [[49, 62], -2, 'fe ff 00', 0],
    [[50, 63], 1.5, '00 00 c0 3f 00', 0],
    [[51, 64], 0x12345678, '78 56 34 12', 0],
  ];
  for (const [ids, payload, octets, qualifier] of commands)
    for (const [kind, id] of ids.entries()) {
      const body = `00 01 00 ${octet(id)} 00 00 ${octets}${kind === 0 ? '' : ` ${CP56}`}`;

      it(`${id}: a command comes in: value, status octet${kind === 0 ? '' : ', time tag'}`, () => {
        const [first, second] = ends.fromSender.ask(`${octet(id)} 01 06 ${body}`).asdus();
        assert.deepEqual([first, second], [`${octet(id)} 01 07 ${body}`, `${octet(id)} 01 0a ${body}`]);
        const { payload: found, iec104 } = ends.emitted();
        assert.equal(found, payload);
        assert.equal(iec104.typeId, id);
        assert.equal(iec104.status, id === 51 || id === 64 ? 0 : Number.parseInt(octets.slice(-2), 16));
        assert.equal(iec104.qualifier, qualifier);
        assert.equal(iec104.select, false);
        assert.equal(iec104.timestamp, kind === 0 ? undefined : MOMENT);
      });

      it(`${id}: a command goes out of a balanced station, flags in its status octet`, () => {
        const outcomes: unknown[] = [];
        const status = qualifier << 2;
        const input = writeOf({ ioa: id, payload, status, timestamp: MOMENT }, 0, undefined, ends.receiver);
        assert.ok(ends.balanced.line.command(ends.receiver, input, (outcome) => outcomes.push(outcome.ok)));
        assert.deepEqual(ends.toReceiver.asdus(), [`${octet(id)} 01 06 ${body}`]);
        ends.toReceiver.ask(`${octet(id)} 01 07 ${body}`, `${octet(id)} 01 0a ${body}`).asdus();
        assert.deepEqual(outcomes, [true]);
      });
    }

  it('there is no type besides', () => {
    const tested = [...rows.flatMap(({ ids }) => ids), ...commands.flatMap(([ids]) => ids)].filter(Boolean);
    const all = Object.values(types)
      .filter(isPointType)
      .map(({ id }) => id);
    assert.deepEqual(
      tested.map(Number).sort((a, b) => a - b),
      all.sort((a, b) => a - b),
    );
  });
});

describe('the private types without a public layout', () => {
  for (const id of [249, 250, 251, 252])
    it(`${id} is refused with cause 44, whatever its cause and octets, and the connection stays`, () => {
      const { fromSender: client } = new Ends();
      for (const cause of ['03', '05', '06', '14'])
        for (const octets of ['00 00 00', '01 00 00 14', '01 00 00 00 01 02 03 04 05 06 07 08'])
          assert.deepEqual(client.ask(`${octet(id)} 01 ${cause} 05 01 00 ${octets}`).asdus(), [
            `${octet(id)} 01 6c 05 01 00 ${octets}`,
          ]);
      assert.ok(!client.closed);
    });
});
