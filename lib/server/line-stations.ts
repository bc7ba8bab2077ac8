import { cause } from '../asdu/cause.js';
import { TelecontrolError } from '../octets/error.js';
import { statePoints } from '../procedures/interrogation.js';
import { Scan } from '../procedures/scan.js';
import { endOfInitialization } from '../procedures/system.js';
import { lineParameters, type ServerParameters, withDefaults } from '../station/parameters.js';
import type { Station } from '../station/station.js';
import type { LineStation } from './options.js';

/** The stations of a line by common address, and the parameters that result from all of theirs. */
export class LineStations {
  readonly byAddress = new Map<number, Station>();
  /** The parameters of the line and its connections. */
  parameters: ServerParameters = withDefaults({});
  private readonly members = new Map<Station, LineStation>();

  /** @param lineNumber originator of what stations send by themselves */
  constructor(
    private readonly lineName: string,
    private readonly lineNumber: number,
  ) {}

  get all(): readonly Station[] {
    return [...this.byAddress.values()];
  }

  has(station: Station): boolean {
    return this.members.has(station);
  }

  /**
   * @returns warnings of the parameters
   * @throws TelecontrolError `configuration` when the common address is taken, naming both
   */
  add(member: LineStation): readonly string[] {
    const { commonAddress, name } = member.station;
    const other = this.byAddress.get(commonAddress);
    if (other !== undefined)
      throw new TelecontrolError(
        'configuration',
        `common address ${commonAddress} stands twice on line ${this.lineName}: stations ${other.name} and ${name}`,
      );
    this.members.set(member.station, member);
    this.byAddress.set(commonAddress, member.station);
    return this.workOut();
  }

  /** Puts a station in the place of one with the same common address. @returns warnings of the parameters */
  replace(old: Station, member: LineStation): readonly string[] {
    this.members.delete(old);
    this.members.set(member.station, member);
    this.byAddress.set(member.station.commonAddress, member.station);
    return this.workOut();
  }

  /** @returns warnings of the parameters */
  remove(station: Station): readonly string[] {
    this.members.delete(station);
    this.byAddress.delete(station.commonAddress);
    return this.workOut();
  }

  /** End of initialization of the stations that send it (EOI). */
  initializations(): readonly Uint8Array[] {
    return [...this.all]
      .filter((station) => station.parameters.EOI)
      .map((station) => endOfInitialization(station, this.lineNumber, 0));
  }

  /** All values of all stations, for clients that get them without asking (IMPI). */
  implicitScans(): readonly Scan[] {
    return [...this.all].map(
      (station) => new Scan(station, statePoints(station), cause.spontaneous, undefined, this.lineNumber),
    );
  }

  private workOut(): readonly string[] {
    // A line that its last station has left keeps its parameters for the one that may follow.
    if (this.members.size === 0) return [];
    const members = [...this.members.values()].map(({ station, defined }) => ({
      name: station.name,
      commonAddress: station.commonAddress,
      defined,
    }));
    const { line, stations, warnings } = lineParameters(members);
    for (const station of this.all) station.parameters = stations.get(station.commonAddress) ?? line;
    this.parameters = line;
    return warnings;
  }
}
