import type { Operation } from '../../lib/procedures/client.js';
import type { ServerParameters } from '../../lib/station/parameters.js';
import type { Point } from '../../lib/station/points.js';
import type { Station, WriteInput } from '../../lib/station/station.js';
import type { LineHost, StationMember } from './line-host.js';

/** Who takes operations of a station: an `iec104-command-in`. */
export interface Taker {
  /** The object address of its commands; undefined takes all, and the system commands 103 and 105. */
  readonly ioa: number | undefined;
  take(operation: Operation): void;
}

/** The station of an `iec104-server-station` node. */
export class StationHost implements StationMember {
  private readonly takers = new Set<Taker>();
  /** ms that the clock of a master is ahead of ours; 0 unless time tags follow it. */
  private ahead = 0;

  constructor(
    readonly station: Station,
    readonly defined: Partial<ServerParameters>,
    readonly line: LineHost,
    private readonly followsMaster: boolean,
    readonly refused: (why: string) => void,
  ) {}

  /** @throws TelecontrolError naming the point and what is allowed */
  write(input: WriteInput): void {
    this.station.write(input, Date.now() + this.ahead);
  }

  addTaker(taker: Taker): () => void {
    this.takers.add(taker);
    return () => this.takers.delete(taker);
  }

  takes(point: Point): boolean {
    for (const { ioa } of this.takers) if (ioa === undefined || ioa === point.ioa) return true;
    return false;
  }

  operate(operation: Operation): void {
    const { point, timestamp } = operation;
    if (point === undefined && timestamp !== undefined && this.followsMaster) this.ahead = timestamp - Date.now();
    for (const taker of this.takers) if (taker.ioa === undefined || taker.ioa === point?.ioa) taker.take(operation);
  }
}
