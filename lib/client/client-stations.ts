import { LineMembers } from '../station/line-members.js';
import { type ClientParameters, clientParameters, lineParameters } from '../station/parameters.js';
import type { ClientStation, ClientStationState } from './client-station.js';

/** What a line does, as far as the state of its stations is concerned. */
export interface Service {
  readonly isOpen: boolean;
  /** Data transfer is started. */
  readonly isStarted: boolean;
  /** This process may act, and an attempt or connection has failed. */
  readonly hasFailed: boolean;
}

/** The stations of a line that connects, and whether they can be reached. */
export class ClientStations extends LineMembers<ClientParameters, ClientStation> {
  /** Stations that the substation does not know, or that refuse to be interrogated. */
  private readonly refusing = new Set<ClientStation>();

  constructor(lineName: string) {
    super(lineName, (members) => lineParameters(members, clientParameters));
  }

  /** The station does not do what it has to. */
  refuses(station: ClientStation): void {
    this.refusing.add(station);
  }

  /** Something has come from the station. @returns whether that is news */
  heard(station: ClientStation): boolean {
    return this.refusing.size > 0 && this.refusing.delete(station);
  }

  /** Works out the states of all stations. */
  show(service: Service): void {
    if (!service.isStarted) this.refusing.clear();
    for (const station of this.all) station.state = this.stateOf(station, service);
  }

  private stateOf(station: ClientStation, { isOpen, isStarted, hasFailed }: Service): ClientStationState {
    if (!isOpen) return 'StOFF';
    if (isStarted) return this.refusing.has(station) ? 'StCOMERR' : 'StON';
    return hasFailed ? 'StCOMERR' : 'StWAIT';
  }
}
