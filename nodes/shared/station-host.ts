import type { Confirmation, Operation } from '../../lib/procedures/client.js';
import type { ServerParameters } from '../../lib/station/parameters.js';
import type { Point } from '../../lib/station/points.js';
import type { Station, WriteInput } from '../../lib/station/station.js';
import type { LineHost, StationMember } from './line-host.js';
import { PropertyError } from './property.js';

/** Who takes operations of a station: an `iec104-command-in`. */
export interface Taker {
  /** The node, for errors. */
  readonly name: string;
  /** The object address of its commands; undefined takes all, and the system commands 103 and 105. */
  readonly ioa: number | undefined;
  readonly confirm: Confirmation;
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

  /** @throws PropertyError when another flow answers the same commands, naming both */
  addTaker(taker: Taker): () => void {
    for (const other of this.takers) {
      const meet = other.ioa === undefined || taker.ioa === undefined || other.ioa === taker.ioa;
      if (meet && other.confirm === 'flow' && taker.confirm === 'flow')
        throw new PropertyError(
          `confirm: the nodes ${other.name} and ${taker.name} would both answer commands for ` +
            `object address ${taker.ioa ?? other.ioa ?? '(all)'} of station ${this.station.name}`,
        );
    }
    this.takers.add(taker);
    return () => this.takers.delete(taker);
  }

  takes(point: Point): Confirmation | undefined {
    let found: Confirmation | undefined;
    for (const { ioa, confirm } of this.takers)
      if ((ioa ?? point.ioa) === point.ioa && found !== 'flow') found = confirm;
    return found;
  }

  operate(operation: Operation): void {
    const { point, timestamp } = operation;
    if (point === undefined && timestamp !== undefined && this.followsMaster) this.ahead = timestamp - Date.now();
    for (const taker of this.takers) if (taker.ioa === undefined || taker.ioa === point?.ioa) taker.take(operation);
  }
}
