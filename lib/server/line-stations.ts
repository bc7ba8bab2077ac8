import { cause } from '../asdu/cause.js';
import { statePoints } from '../procedures/interrogation.js';
import { Scan } from '../procedures/scan.js';
import { endOfInitialization } from '../procedures/system.js';
import { LineMembers } from '../station/line-members.js';
import { lineParameters, type ServerParameters } from '../station/parameters.js';
import type { Station } from '../station/station.js';

/** The controlled stations of a line, and what all of them send a client that comes. */
export class LineStations extends LineMembers<ServerParameters, Station> {
  /** @param lineNumber originator of what stations send by themselves */
  constructor(
    lineName: string,
    private readonly lineNumber: number,
  ) {
    super(lineName, lineParameters);
  }

  /** End of initialization of the stations that send it (EOI). */
  initializations(): readonly Uint8Array[] {
    return this.all
      .filter((station) => station.parameters.EOI)
      .map((station) => endOfInitialization(station, this.lineNumber, 0));
  }

  /** All values of all stations, for clients that get them without asking (IMPI). */
  implicitScans(): readonly Scan[] {
    return this.all.map(
      (station) => new Scan(station, statePoints(station), cause.spontaneous, undefined, this.lineNumber),
    );
  }
}
