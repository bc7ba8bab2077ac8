import assert from 'node:assert/strict';
import type { TimeZone } from '../../lib/asdu/time.js';
import type { Outcome } from '../../lib/procedures/enquiries.js';
import { parseParameters } from '../../lib/station/parameters.js';
import { compilePoints } from '../../lib/station/points.js';
import { Station, type WriteInput } from '../../lib/station/station.js';
import { VirtualClock } from '../link/virtual-clock.js';
import { MemoryClient } from './memory-client.js';
import { Served, type ServeOptions, type StationSpec } from './served.js';

export interface VirtualSpec extends StationSpec {
  readonly balanced?: boolean;
  readonly syncPeriod?: number;
  readonly zone?: TimeZone;
}

/** A line in virtual time, its stations of any kind, and clients of any address. Silence is not tested unless WT3 says so. */
export class Virtual {
  readonly clock = new VirtualClock();
  readonly served: Served;

  constructor(stations: readonly VirtualSpec[], options: Omit<ServeOptions, 'clock'> = {}) {
    this.served = new Served([], { ...options, clock: this.clock });
    for (const spec of stations) this.add(spec);
  }

  add({ ca = 1, parameters = '', points, ...kind }: VirtualSpec): Station {
    const compiled = compilePoints(
      points.map((point, i) => ({ point, place: `point ${i + 1}` })),
      kind.balanced ? 'balanced' : 'server',
    );
    assert.deepEqual(compiled.problems, []);
    const station = new Station({ name: `Station ${ca}`, commonAddress: ca, points: compiled.table, ...kind });
    const { defined, warnings } = parseParameters(`WT3=0;${parameters}`);
    assert.deepEqual(warnings, []);
    this.served.line.add({ station, defined });
    this.served.stations.push(station);
    return station;
  }

  /** A client before STARTDT. */
  connect(remote?: string): MemoryClient {
    return new MemoryClient(this.served, this.clock, remote);
  }

  /** A client with data transfer. */
  client(remote?: string): MemoryClient {
    return this.connect(remote).start();
  }

  /** Sends a command to the partners of the first station. @returns where its outcomes will be */
  command(input: WriteInput): Outcome[] {
    const outcomes: Outcome[] = [];
    assert.ok(this.served.line.command(this.served.station, input, (outcome) => outcomes.push(outcome)));
    return outcomes;
  }

  /** Lets seconds pass until something is so. @returns how many; 200 for never */
  secondsUntil(ready: () => boolean): number {
    let seconds = 0;
    while (!ready() && seconds < 200) {
      this.clock.advance(1000);
      seconds++;
    }
    return seconds;
  }
}
