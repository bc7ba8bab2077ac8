import { ClientLine } from '../../lib/client/client-line.js';
import type { ClientStation, Reception } from '../../lib/client/client-station.js';
import { parseHosts } from '../../lib/line/hosts.js';
import { requireIdentity } from '../../lib/line/tls/settings.js';
import type { ClientParameters } from '../../lib/station/parameters.js';
import type { LineKind, LineMember, LineService, LineSurroundings, PathProperties } from './line-service.js';

/** What a client station brings to its line. */
export interface ClientMember extends LineMember {
  readonly station: ClientStation;
  readonly defined: Partial<ClientParameters>;
  received(reception: Reception): void;
}

/** A line with client stations: it connects. */
export class ClientService implements LineService {
  readonly kind = clientKind;
  readonly engine: ClientLine;
  private readonly members = new Map<ClientStation, ClientMember>();

  constructor(line: LineSurroundings) {
    requireIdentity(line.tls);
    const path = ({ host, port }: PathProperties) => ({ hosts: parseHosts(host), port });
    const [primary, backup] = line.paths;
    this.engine = new ClientLine({
      ...line,
      paths: backup === undefined ? [path(primary)] : [path(primary), path(backup)],
      observer: {
        ...line.observer,
        received: (reception) => this.members.get(reception.station)?.received(reception),
      },
    });
  }

  get patience(): number {
    let shortest = Infinity;
    for (const { parameters } of this.members.keys()) shortest = Math.min(shortest, parameters.WT1 / 2);
    return shortest;
  }

  add(member: ClientMember): void {
    this.engine.add(member);
    this.members.set(member.station, member);
  }

  replace(old: ClientMember, member: ClientMember): void {
    this.members.delete(old.station);
    this.members.set(member.station, member);
    this.engine.replace(old.station, member);
  }

  remove(member: ClientMember): void {
    this.members.delete(member.station);
    this.engine.remove(member.station);
  }

  watchStation(name: string): number | undefined {
    const station = [...this.members.keys()].find((known) => known.name === name);
    return station && this.engine.watch(station);
  }
}

export const clientKind: LineKind = {
  name: 'client station',
  connects: true,
  create: (line) => new ClientService(line),
};
