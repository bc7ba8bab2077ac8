import assert from 'node:assert/strict';
import type { TlsSettings } from '../../lib/line/tls/settings.js';
import { type Clock, systemClock } from '../../lib/link/clock.js';
import type { Confirmation, Operation, Operator } from '../../lib/procedures/client.js';
import { ServerLine } from '../../lib/server/server-line.js';
import type { FileStore } from '../../lib/station/file-store.js';
import { parseParameters } from '../../lib/station/parameters.js';
import { compilePoints, type PointInput } from '../../lib/station/points.js';
import { Station } from '../../lib/station/station.js';
import { TestClient } from './client.js';

export interface StationSpec {
  /** Common address; 1 if left out. */
  readonly ca?: number;
  readonly parameters?: string;
  readonly points: readonly PointInput[];
  readonly files?: FileStore;
}

export interface ServeOptions {
  readonly lineNumber?: number;
  readonly clock?: Clock;
  /** Who confirms the commands of an object address, undefined where nobody takes them; `auto` if left out. */
  readonly takes?: (ioa: number) => Confirmation | undefined;
  readonly operate?: (operation: Operation) => void;
  readonly guard?: () => boolean;
  readonly tls?: TlsSettings | undefined;
}

/** A line with stations, and what it told. */
export class Served {
  readonly line: ServerLine;
  readonly stations: Station[] = [];
  readonly operations: Operation[] = [];
  readonly log: string[] = [];
  /** Security events: code, remote, and the name in the certificate where there is one. */
  readonly alarms: string[][] = [];
  changes = 0;
  private readonly clients: TestClient[] = [];
  private waiting: (() => void) | undefined;

  constructor(stations: readonly StationSpec[], options: ServeOptions = {}) {
    const operator: Operator = {
      takes: (_station, point) => (options.takes === undefined ? 'auto' : options.takes(point.ioa)),
      operate: (operation) => {
        this.operations.push(operation);
        options.operate?.(operation);
      },
    };
    this.line = new ServerLine({
      name: 'Line',
      host: '127.0.0.1',
      port: 0,
      lineNumber: options.lineNumber ?? 0,
      tls: options.tls,
      clock: options.clock ?? systemClock,
      ...(options.guard === undefined ? {} : { guard: options.guard }),
      operator,
      observer: {
        changed: () => {
          this.changes++;
          this.waiting?.();
        },
        log: (level, text) => this.log.push(`${level}: ${text}`),
        security: (...alarm) => {
          this.alarms.push(alarm.filter((part) => part !== undefined));
          this.waiting?.();
        },
      },
    });
    for (const spec of stations) this.add(spec);
  }

  add({ ca = 1, parameters = '', points, files }: StationSpec): Station {
    const compiled = compilePoints(points.map((point, i) => ({ point, place: `point ${i + 1}` })));
    assert.deepEqual(compiled.problems, []);
    const station = new Station({ name: `Station ${ca}`, commonAddress: ca, points: compiled.table, files });
    const { defined, warnings } = parseParameters(parameters);
    assert.deepEqual(warnings, []);
    this.line.add({ station, defined });
    this.stations.push(station);
    return station;
  }

  /** The first station. */
  get station(): Station {
    return this.stations[0] as Station;
  }

  /** Writes a value now; `at` gives it a time of its own. */
  write(ioa: number, value: unknown, at?: number, station: Station = this.station): void {
    station.write({ ioa, value, timestamp: at }, 1_700_000_000_000);
  }

  async open(): Promise<this> {
    this.line.open();
    await this.until(() => this.line.status.state === 'listening');
    return this;
  }

  /** The line tells what it does, so nobody has to look again and again. */
  async until(ready: () => boolean): Promise<void> {
    while (!ready())
      await new Promise<void>((resolve) => {
        this.waiting = resolve;
      });
    this.waiting = undefined;
  }

  /** A client before STARTDT. */
  async connect(): Promise<TestClient> {
    const client = await TestClient.connect(this.line.port as number);
    this.clients.push(client);
    return client;
  }

  /** A client with data transfer. */
  async client(): Promise<TestClient> {
    return (await this.connect()).start();
  }

  async close(): Promise<void> {
    for (const { socket } of this.clients) socket.destroy();
    await this.line.close();
  }
}

const open: Served[] = [];

/** Serves stations on a port of the system's choice until the end of the test; see `closeAll`. */
export async function serve(stations: readonly StationSpec[], options: ServeOptions = {}): Promise<Served> {
  const served = new Served(stations, options);
  open.push(served);
  return served.open();
}

/** For `afterEach`: no port and no socket outlives its test. */
export async function closeAll(): Promise<void> {
  for (const served of open.splice(0)) await served.close();
}
