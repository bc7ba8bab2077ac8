import type { ClientParameters, ServerParameters } from '../station/parameters.js';
import type { PointTable } from '../station/points.js';

/** What an interoperability list says of a station of either side is worked out from these. */
export interface CommonFacts {
  readonly name: string;
  /** 1..65534 */
  readonly commonAddress: number;
  /** Originator address of what the line sends by itself, 0..255. */
  readonly lineNumber: number;
  readonly points: PointTable;
  /** Zone of time tags, as `utc`, `local` or minutes east. */
  readonly timeZone: string;
  /** Seconds between clock synchronizations that the station sends; 0 = none. */
  readonly syncPeriod: number;
}

/** A controlled station. */
export interface StationFacts extends CommonFacts {
  /** TCP port that the line listens on. */
  readonly port: number;
  /** In force: defaults, and what the stations of the line define. */
  readonly parameters: ServerParameters;
  /** Both sides send commands and interrogations. */
  readonly balanced: boolean;
  /** Files are served. */
  readonly files: boolean;
}

/** A controlled station as its control centre has it. */
export interface CentreFacts extends CommonFacts {
  /** TCP ports that the line connects to: of a redundant line two. */
  readonly ports: readonly number[];
  readonly parameters: ClientParameters;
}
