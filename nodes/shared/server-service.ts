import { requireOwnCertificate } from '../../lib/line/tls/settings.js';
import type { Confirmation, Operation, Operator } from '../../lib/procedures/client.js';
import { ServerLine } from '../../lib/server/server-line.js';
import type { ServerParameters } from '../../lib/station/parameters.js';
import type { Point } from '../../lib/station/points.js';
import type { Station } from '../../lib/station/station.js';
import type { LineKind, LineMember, LineService, LineSurroundings } from './line-service.js';

/** What a server station brings to its line. */
export interface ServerMember extends LineMember {
  readonly station: Station;
  readonly defined: Partial<ServerParameters>;
  /** How it is confirmed; undefined when nobody takes commands for the point. */
  takes(point: Point): Confirmation | undefined;
  operate(operation: Operation): void;
}

/** A line with server stations: it listens. */
export class ServerService implements LineService, Operator {
  readonly kind = serverKind;
  readonly engine: ServerLine;
  private readonly members = new Map<Station, ServerMember>();

  constructor(line: LineSurroundings) {
    requireOwnCertificate(line.tls);
    const [{ host, port }] = line.paths;
    this.engine = new ServerLine({ ...line, host, port, operator: this });
  }

  get patience(): number {
    return this.engine.stations.parameters.WT1 / 2;
  }

  add(member: ServerMember): void {
    this.engine.add(member);
    this.members.set(member.station, member);
  }

  replace(old: ServerMember, member: ServerMember): void {
    this.engine.replace(old.station, member);
    this.members.delete(old.station);
    this.members.set(member.station, member);
  }

  remove(member: ServerMember): void {
    this.members.delete(member.station);
    this.engine.remove(member.station);
  }

  watchStation(name: string): number | undefined {
    const station = [...this.members.keys()].find((known) => known.name === name);
    return station && this.engine.watch(station);
  }

  takes(station: Station, point: Point): Confirmation | undefined {
    return this.members.get(station)?.takes(point);
  }

  operate(operation: Operation): void {
    this.members.get(operation.station)?.operate(operation);
  }
}

export const serverKind: LineKind = {
  name: 'server station',
  connects: false,
  create: (line) => new ServerService(line),
};
