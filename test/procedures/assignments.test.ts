import assert from 'node:assert/strict';
import { causeName } from '../../lib/asdu/cause.js';
import { type TypeRow, typeById, types } from '../../lib/asdu/types.js';
import { Usage } from '../../lib/interoperability/usage.js';
import { assignment } from '../../lib/procedures/assignments.js';
import { compilePoints, isPointType, type PointInput } from '../../lib/station/points.js';
import { VirtualClock } from '../link/virtual-clock.js';
import { MemoryClient } from '../server/memory-client.js';
import { Served } from '../server/served.js';
import { digits } from '../server/wire.js';
import { MemoryFiles } from './memory-files.js';

const rows = Object.values(types);
const pointRows = (direction: TypeRow['direction']): readonly TypeRow[] =>
  rows.filter((row) => row.direction === direction && isPointType(row));
const two = (octet: number): string => octet.toString(16).padStart(2, '0');
const three = (ioa: number): string => `${two(ioa & 255)} ${two(ioa >> 8)} 00`;

/** Causes that are seen, by type; and what is to be seen of a type. */
class Seen {
  private readonly causes = new Map<TypeRow, Set<number>>();

  take(asdus: readonly string[]): void {
    for (const asdu of asdus) {
      const [id = 0, , cot = 0] = asdu.split(' ').map((octet) => Number.parseInt(octet, 16));
      const row = typeById(id) as TypeRow;
      this.causes.set(row, (this.causes.get(row) ?? new Set()).add(cot & 0x3f));
    }
  }

  of(row: TypeRow): readonly number[] {
    return [...(this.causes.get(row) ?? [])].sort((a, b) => a - b);
  }
}

function begin(parameters: string, points: readonly PointInput[]): { served: Served; client: MemoryClient } {
  const clock = new VirtualClock();
  const files = new MemoryFiles({ 7: Buffer.of(1, 2, 3) });
  const stations = [
    { parameters, points, files },
    { ca: 3, parameters: 'CMDC=2', points: [], files },
  ];
  const served = new Served(stations, { clock });
  return { served, client: new MemoryClient(served, clock).start() };
}

/** An ASDU with one object of zeros; 103 and 107 with a time that there is. */
function request(row: TypeRow, cause: number, commonAddress = 1, ioa = 0, first = 0): string {
  const content = new Uint8Array(row.size);
  content[0] = first;
  if (row.time === 'cp56') content.set([0, 0, 0, 0, 0x21, 1, 26], row.size - 7);
  const header = `${two(row.id)} 01 ${two(cause)} 00 ${two(commonAddress)} 00 ${three(ioa)}`;
  return content.length === 0 ? header : `${header} ${digits(content)}`;
}

/** Two values of a type that differ. */
function value(row: TypeRow, n: number): unknown {
  switch (row.first?.name) {
    case 'SEP':
      return { event: n, elapsedMs: 0 };
    case 'SPE':
      return { start: { general: n === 1 }, durationMs: 0 };
    case 'OCI':
      return { output: { general: n === 1 }, operatingMs: 0 };
    default:
      return n;
  }
}

describe('assignments of types and causes', () => {
  it('takes from a client what the table says, and nothing else', () => {
    const { client } = begin('', []);
    for (const row of rows) {
      const { taken } = assignment(row);
      for (let cause = 0; cause < 64; cause++) {
        const [answer = ''] = client.ask(request(row, cause, 2)).asdus();
        // A time that is only told is never answered.
        const isTold = row.label === 'C_CS_NA_1' && cause === 3;
        const expected = isTold ? 0 : taken.length === 0 ? 44 : taken.includes(cause) ? 46 : 45;
        const got = Number.parseInt(answer.slice(6, 8), 16) & 0x3f;
        const hint = 'lib/procedures/assignments.ts says what the procedures do';
        assert.equal(got, expected, `${row.label} with cause ${cause} is answered with ${got}: ${hint}`);
      }
    }
  });

  it('answers a client with the causes of the table, and with all of them', () => {
    const points = pointRows('control').map((row) => ({ ioa: row.id, type: row.label }));
    // Parameters stand at the address of the value that they are of.
    const parameters: Readonly<Record<string, number>> = { P_ME_NA_1: 9, P_ME_NB_1: 11, P_ME_NC_1: 13 };
    const measured = ['M_ME_NA_1', 'M_ME_NB_1', 'M_ME_NC_1'].map((type, i) => ({ ioa: 9 + 2 * i, type }));
    const { client } = begin('CMDC=3', [...points, ...measured, { ioa: 1, type: 'M_SP_NA_1' }]);
    const seen = new Seen();
    const asked = rows.filter(({ direction }) => !['monitor', 'initialization'].includes(direction));
    for (const row of asked) {
      const ioa = row.direction === 'control' ? row.id : (parameters[row.label] ?? 0);
      // A single command of 0; a double one, or a step, of 1; QOI 20, RQT 5; QRP 1.
      const first = { DCO: 1, RCO: 1, QOI: 20, QCC: 5, QRP: 1, QPA: 1 }[row.first?.name ?? ''] ?? 0;
      for (let cause = 0; cause < 64; cause++)
        for (const [ca, at] of [
          [1, ioa],
          [3, ioa],
          [1, 1000],
          [2, ioa],
        ] as const)
          seen.take(client.ask(request(row, cause, ca, at, first)).asdus());
    }
    // The directory of a file is none.
    seen.take(client.ask('7a 01 05 00 01 00 00 00 00 07 00 00 00').asdus());
    // More reads than may wait are refused; a negative 9 is no less a 9.
    const reads = Array.from({ length: 300 }, () => '66 01 05 00 01 00 01 00 00');
    seen.take(client.ask(...reads).asdus());
    for (const row of asked) {
      const expected = [...assignment(row).sent].sort((a, b) => a - b);
      assert.deepEqual(seen.of(row), expected, row.label);
    }
    assert.deepEqual(seen.of(types.M_EI_NA_1), assignment(types.M_EI_NA_1).sent);
  });

  it('sends process information with the causes of the table, and with all of them; the list of a station agrees', () => {
    const groups = Array.from({ length: 16 }, (_, i) => i + 1);
    const monitored = pointRows('monitor');
    const points = monitored.flatMap((row) =>
      [1, 2, 3, 4].map((counterGroup) => ({
        ioa: row.id * 10 + counterGroup,
        type: row.label,
        groups,
        counterGroup,
        period: 1,
      })),
    );
    const seen = new Seen();
    const can = new Seen();
    for (const iwot of ['True', 'False']) {
      const { served, client } = begin(`ICCI=True;SAI=False;BGS=1;IWOT=${iwot}`, points);
      const { station } = served;
      for (const row of monitored) {
        let n = 0;
        for (const cause of ['spontaneous', 'remote', 'local', 'periodic'] as const)
          station.write({ ioa: row.id * 10 + 1, value: value(row, ++n % 2), cause }, client.clock.wall());
        const asdus = client.asdus();
        seen.take(asdus);
        can.take(asdus);
        can.take(client.ask(`66 01 05 00 01 00 ${three(row.id * 10 + 1)}`).asdus());
      }
      for (let qualifier = 20; qualifier <= 36; qualifier++)
        can.take(client.ask(`64 01 06 00 01 00 00 00 00 ${two(qualifier)}`).asdus());
      for (let qualifier = 1; qualifier <= 5; qualifier++)
        can.take(client.ask(`65 01 06 00 01 00 00 00 00 ${two(qualifier)}`).asdus());
      client.clock.advance(1000);
      can.take(client.asdus());
      const usage = new Usage({
        name: 'all types',
        commonAddress: 1,
        lineNumber: 0,
        port: 2404,
        points: compilePoints(points.map((point) => ({ point, place: '' }))).table,
        parameters: station.parameters,
        timeZone: 'utc',
        syncPeriod: 0,
        balanced: false,
        files: false,
      });
      for (const row of monitored)
        for (const id of can.of(row)) {
          // With cause 1 a flow may write a value of any type; with time tags it is not what the station does by itself.
          if (id === 1) continue;
          const isOfOther = id >= 20 && id < 37 && iwot === 'False';
          if (!isOfOther) assert.equal(usage.ofCauses(row, [id]), 'used', `${row.label} ${causeName(id)}`);
        }
    }
    for (const row of monitored) {
      assert.deepEqual(seen.of(row), [1, 3, 11, 12], row.label);
      assert.deepEqual(
        can.of(row),
        [...assignment(row).sent].sort((a, b) => a - b),
        row.label,
      );
    }
  });
});
