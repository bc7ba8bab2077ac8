import assert from 'node:assert/strict';
import type { TimeZone } from '../../lib/asdu/time.js';
import { present } from '../../lib/asdu/value.js';
import { ClientLine } from '../../lib/client/client-line.js';
import { ClientStation, type Reception } from '../../lib/client/client-station.js';
import type { ClientLineOptions, PathOptions } from '../../lib/client/options.js';
import type { ClientOrder } from '../../lib/client/orders.js';
import type { MakeDialling } from '../../lib/client/path.js';
import type { Outcome } from '../../lib/procedures/enquiries.js';
import { clientParameters, parseParameters } from '../../lib/station/parameters.js';
import { compilePoints, type PointInput } from '../../lib/station/points.js';

/** How long anything may take before a test gives up. */
const PATIENCE = 20_000;

export interface ClientSpec {
  readonly ca?: number;
  readonly parameters?: string;
  readonly points?: readonly PointInput[];
  readonly zone?: TimeZone;
  readonly syncPeriod?: number;
}

export type RigOptions = Partial<Omit<ClientLineOptions, 'paths' | 'observer'>> & { readonly make?: MakeDialling };

/** A line of clients under test, and what it has told. */
export class ClientRig {
  readonly line: ClientLine;
  readonly stations: ClientStation[] = [];
  readonly receptions: Reception[] = [];
  readonly logged: string[] = [];
  /** Security events: code, remote, and the name in the certificate where there is one. */
  readonly alarms: string[][] = [];
  /** What else is called with each value. */
  onReceived: ((reception: Reception) => void) | undefined;
  private waiting: (() => void) | undefined;

  constructor(paths: ClientLineOptions['paths'], specs: readonly ClientSpec[], { make, ...options }: RigOptions = {}) {
    const observer = {
      changed: () => this.waiting?.(),
      log: (level: string, text: string) => this.logged.push(`${level} ${text}`),
      security: (...alarm: readonly (string | undefined)[]) => {
        this.alarms.push(alarm.filter((part) => part !== undefined));
        this.waiting?.();
      },
      received: (reception: Reception) => {
        this.receptions.push(reception);
        this.onReceived?.(reception);
        this.waiting?.();
      },
    };
    this.line = new ClientLine({ name: 'Line 1', lineNumber: 0, ...options, paths, observer }, make);
    for (const spec of specs) this.add(spec);
  }

  /** A line to one local port. */
  static to(port: number, specs: readonly ClientSpec[] = [{}], options: RigOptions = {}): ClientRig {
    const path: PathOptions = { hosts: ['127.0.0.1'], port };
    const rig = new ClientRig([path], specs, options);
    rig.line.open();
    return rig;
  }

  make({ ca = 1, points = [], zone, syncPeriod }: ClientSpec): ClientStation {
    const { table, problems } = compilePoints(
      points.map((point, i) => ({ point, place: `point ${i + 1}` })),
      'client',
    );
    assert.deepEqual(problems, []);
    const kind = { ...(zone && { zone }), ...(syncPeriod && { syncPeriod }) };
    return new ClientStation({ name: `Station ${ca}`, commonAddress: ca, points: table, ...kind });
  }

  add(spec: ClientSpec): ClientStation {
    const station = this.make(spec);
    this.line.add({ station, defined: defined(spec.parameters) });
    this.stations.push(station);
    return station;
  }

  get station(): ClientStation {
    return this.stations[0] as ClientStation;
  }

  /** Orders something of the first station. @returns where its outcomes will be */
  order(order: ClientOrder, station = this.station): Outcome[] {
    const outcomes: Outcome[] = [];
    this.line.order(station, order, (outcome) => {
      outcomes.push(outcome);
      this.waiting?.();
    });
    return outcomes;
  }

  /** What has come since the last call: `ioa=value`, with `?` where the table has no such point and `~` once more. */
  taken(): string[] {
    return this.receptions.splice(0).map(({ row, object, point, again }) => {
      const { payload } = present(row, object);
      return `${object.ioa}=${JSON.stringify(payload)}${point === undefined ? '?' : ''}${again ? '~' : ''}`;
    });
  }

  /** Something that comes true as the line tells of it. */
  async until(ready: () => boolean, what: string): Promise<void> {
    if (ready()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE);
      this.waiting = () => {
        if (!ready()) return;
        clearTimeout(timer);
        this.waiting = undefined;
        resolve();
      };
    });
  }

  /** The outcome of an order, once it is there. */
  async outcome(outcomes: Outcome[]): Promise<Outcome> {
    await this.until(() => outcomes.length > 0, 'an outcome');
    return outcomes[0] as Outcome;
  }
}

export function defined(parameters = ''): ReturnType<typeof parse>['defined'] {
  const { defined, warnings } = parse(parameters);
  assert.deepEqual(warnings, []);
  return defined;
}

function parse(text: string) {
  return parseParameters(text, clientParameters);
}
