import assert from 'node:assert/strict';
import { fixedZone, utc } from '../../lib/asdu/time.js';
import { types } from '../../lib/asdu/types.js';
import { TelecontrolError } from '../../lib/octets/error.js';
import type { Confirmation, Operation } from '../../lib/procedures/client.js';
import type { Outcome } from '../../lib/procedures/enquiries.js';
import { ServerLine } from '../../lib/server/server-line.js';
import { parseParameters } from '../../lib/station/parameters.js';
import { compilePoints, isPointType, type PointInput } from '../../lib/station/points.js';
import { Station, type WriteInput } from '../../lib/station/station.js';
import { VirtualClock } from '../link/virtual-clock.js';
import { MemoryFiles, pattern } from '../procedures/memory-files.js';

/** What stays the same for a run. */
export interface Setup {
  /** Of all stations; each may add its own. */
  readonly parameters: string;
  readonly stations: number;
  /** The station with common address 2, where there is one, is balanced. */
  readonly balanced: boolean;
  readonly files: boolean;
  readonly confirm: Confirmation | 'nobody';
  /** What the flow does within the call that hands it a command. */
  readonly reaction: 'none' | 'write' | 'answer' | 'both';
}

/** Virtual time that notices when a fault makes timers go round without time passing. */
export class FuzzClock extends VirtualClock {
  private at = 0;
  private sinceThen = 0;

  override timer(ms: number, call: () => void): () => void {
    if (this.now() !== this.at) this.sinceThen = 0;
    this.at = this.now();
    assert.ok(++this.sinceThen < 100_000, 'timers go round without time passing');
    return super.timer(ms, call);
  }
}

const rows = Object.values(types).filter(isPointType);
const numeric = new Set(['BSI', 'SCD', 'NVA', 'SVA', 'R32', 'R64', 'BCR']);

/** A value that tells when it was written, for types that can hold it. */
export function serialValue(element: string | undefined, serial: number): unknown {
  switch (element) {
    case 'SIQ':
    case 'SCO':
      return serial % 2 === 1;
    case 'DIQ':
    case 'DCO':
    case 'RCO':
      return 1 + (serial % 2);
    case 'VTI':
      return (serial % 128) - 64;
    case 'SEP':
      return { event: serial % 4, elapsedMs: serial };
    case 'SPE':
      return { start: { general: serial % 2 === 0 }, durationMs: serial };
    case 'OCI':
      return { output: { l1: serial % 2 === 0 }, operatingMs: serial };
    default:
      return serial;
  }
}

/** Whether the value of such an element is the serial number itself. */
export const isNumeric = (element: string | undefined): boolean => numeric.has(element ?? '');

/** A point of every type at the address of its number; commands with feedback, selection, and both. */
function pointsOf(balanced: boolean): PointInput[] {
  const points: PointInput[] = rows.map(({ label, id }) => ({
    ioa: id,
    type: label,
    groups: [1 + (id % 16)],
    counterGroup: id % 5,
    period: id % 7 === 0 ? 5 : 0,
    deadband: id === 36 ? 2 : 0,
    sbo: id === 46 || id === 62,
    ...(id === 45 || id === 58 ? { feedback: 1 } : id === 50 ? { feedback: 13 } : {}),
  }));
  if (!balanced) return points;
  const other = (direction: string) => (direction === 'monitor' ? 'in' : 'out');
  return [
    ...points,
    ...rows.map(({ label, id, direction }) => ({ ioa: 1000 + id, type: label, direction: other(direction) })),
  ];
}

const tables = new Map(
  [false, true].map((balanced) => {
    const { table, problems } = compilePoints(
      pointsOf(balanced).map((point, i) => ({ point, place: `point ${i + 1}` })),
      balanced ? 'balanced' : 'server',
    );
    assert.deepEqual(problems, []);
    return [balanced, table];
  }),
);

/** Files of one section, of none, and of three. */
const contents = { 1: pattern(500), 2: pattern(0), 7: pattern(130_000) };

/** A line with its stations and its flow, in virtual time. */
export class World {
  readonly clock = new FuzzClock();
  readonly line: ServerLine;
  /** By common address 1, 2, 3; undefined while it is not on the line. */
  readonly stations: (Station | undefined)[] = [];
  /** Counts the values written. */
  serial = 0;
  readonly errors: string[] = [];
  /** Commands that wait for the flow. */
  readonly waiting: string[] = [];
  /** How often each command of a balanced station has ended. */
  readonly outcomes: number[] = [];
  onLeave: (ca: number) => void = () => {};
  onWrite: (station: Station, ioa: number, serial: number) => void = () => {};

  constructor(readonly setup: Setup) {
    this.line = new ServerLine({
      name: 'Line',
      host: '127.0.0.1',
      port: 0,
      lineNumber: 7,
      clock: this.clock,
      operator: {
        takes: () => (setup.confirm === 'nobody' ? undefined : setup.confirm),
        operate: (operation) => this.operate(operation),
      },
      observer: {
        changed: () => this.line?.status,
        log: (level, text) => {
          if (level === 'error') this.errors.push(text);
        },
      },
    });
    for (let ca = 1; ca <= setup.stations; ca++) this.join(ca, '');
  }

  join(ca: number, own: string): void {
    if (this.stations[ca] !== undefined) return;
    const station = this.make(ca);
    this.line.add({ station, defined: this.defined(own) });
    this.stations[ca] = station;
  }

  /** A deploy puts another station in the place of one, which goes on with its values. */
  replace(ca: number, own: string): void {
    const old = this.stations[ca];
    if (old === undefined) return;
    this.line.hold(true);
    this.clock.settle();
    const station = this.make(ca);
    station.follow(old);
    this.line.replace(old, { station, defined: this.defined(own) });
    this.stations[ca] = station;
    this.line.hold(false);
  }

  private defined(own: string): ReturnType<typeof parseParameters>['defined'] {
    return parseParameters(`${this.setup.parameters};${own}`).defined;
  }

  private make(ca: number): Station {
    const { files } = this.setup;
    const balanced = this.setup.balanced && ca === 2;
    return new Station({
      name: `Station ${ca}`,
      commonAddress: ca,
      points: tables.get(balanced) as NonNullable<ReturnType<typeof tables.get>>,
      zone: ca === 3 ? fixedZone(-210) : utc,
      balanced,
      syncPeriod: ca === 3 ? 30 : 0,
      files: files && ca < 3 ? new MemoryFiles(contents) : undefined,
    });
  }

  leave(ca: number): void {
    const station = this.stations[ca];
    if (station === undefined) return;
    this.line.remove(station);
    this.onLeave(ca);
    this.stations[ca] = undefined;
  }

  /** Writes the next value to a point that a station sends. */
  write(ca: number, ioa: number, beside: Partial<WriteInput>): void {
    const station = this.stations[ca];
    const point = station?.points.find('out', ioa);
    if (station === undefined || point === undefined || point.row.direction !== 'monitor') return;
    const serial = ++this.serial;
    const scale = point.row.first?.name === 'NVA' ? { raw: serial } : {};
    // Before the write, which may hand the event over at once.
    this.onWrite(station, ioa, serial);
    station.write({ ioa, value: serialValue(point.row.first?.name, serial), ...scale, ...beside }, this.clock.wall());
  }

  /** A flow may hand over anything: it is told what is wrong, and nothing else happens. */
  writeAnything(ca: number, input: WriteInput): void {
    this.flow(() => this.stations[ca]?.write(input, this.clock.wall()));
  }

  command(ca: number, ioa: number): void {
    const station = this.stations[ca];
    const point = station?.points.find('out', ioa);
    if (station === undefined || point?.row.direction !== 'control') return;
    const value = serialValue(point.row.first?.name, 1);
    const place = this.outcomes.push(0) - 1;
    this.line.command(station, { ioa, value }, (outcome: Outcome) => {
      this.outcomes[place] = (this.outcomes[place] as number) + 1;
      assert.equal(outcome.ok, outcome.reason === undefined);
    });
  }

  answer(command: string, answer: true | false | 'terminate'): void {
    this.flow(() => this.line.answer(command, answer));
  }

  watch(ca: number): void {
    const station = this.stations[ca];
    if (station !== undefined) this.line.watch(station);
  }

  private operate({ command, station, point, select }: Operation): void {
    const { reaction } = this.setup;
    if (command !== undefined) this.waiting.push(command);
    if (this.waiting.length > 50) this.waiting.shift();
    const isCommand = point !== undefined && !select;
    if (isCommand && (reaction === 'answer' || reaction === 'both') && command !== undefined)
      this.answer(command, point.ioa % 2 === 0 ? 'terminate' : true);
    if (isCommand && (reaction === 'write' || reaction === 'both'))
      this.write(station.commonAddress, point.feedback ?? 7, {});
  }

  private flow(call: () => void): void {
    try {
      call();
    } catch (error) {
      if (!(error instanceof TelecontrolError)) throw error;
    }
  }
}
