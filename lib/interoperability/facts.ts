import type { ServerParameters } from '../station/parameters.js';
import type { PointTable } from '../station/points.js';

/** What an interoperability list says of a station is worked out from these. */
export interface StationFacts {
  readonly name: string;
  /** 1..65534 */
  readonly commonAddress: number;
  /** Originator address of what the line sends by itself, 0..255. */
  readonly lineNumber: number;
  /** TCP port that the line listens on. */
  readonly port: number;
  readonly points: PointTable;
  /** In force: defaults, and what the stations of the line define. */
  readonly parameters: ServerParameters;
  /** Zone of time tags, as `utc`, `local` or minutes east. */
  readonly timeZone: string;
  /** Seconds between clock synchronizations that the station sends; 0 = none. */
  readonly syncPeriod: number;
  /** Both sides send commands and interrogations. */
  readonly balanced: boolean;
  /** Files are served. */
  readonly files: boolean;
}
