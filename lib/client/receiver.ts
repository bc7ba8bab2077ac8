import { type Asdu, BROADCAST, type InformationObject } from '../asdu/asdu.js';
import { cause } from '../asdu/cause.js';
import { isWeak, NOT_TOPICAL, qualityMask } from '../asdu/quality.js';
import { instant, timeInvalid } from '../asdu/time.js';
import { type TypeRow, typeById, types } from '../asdu/types.js';
import type { Clock } from '../link/clock.js';
import type { LineLog } from '../link/line-log.js';
import { informationKind } from '../procedures/partner.js';
import { isPointType } from '../station/points.js';
import type { Sightings } from '../station/sightings.js';
import type { ClientStation, Reception } from './client-station.js';
import type { ClientStations } from './client-stations.js';
import type { ClientConnection } from './connection.js';
import type { ClientObserver } from './options.js';
import { type Marks, type Redundancy, unmarked } from './redundancy.js';

/** Object addresses that one line of the log names. */
const NAMED = 10;

export interface ReceiverHost {
  /** A station has told that its initialization is over (70). */
  initialized(connection: ClientConnection, station: ClientStation): void;
  /** The substation does not know this station (46). */
  unknownStation(station: ClientStation): void;
  /** Something has come from a station: it is there. */
  heard(station: ClientStation): void;
}

/** What comes over the connections of a line: values to whoever takes them, answers to whoever asked. */
export class Receiver {
  constructor(
    private readonly host: ReceiverHost,
    private readonly stations: ClientStations,
    private readonly redundancy: Redundancy,
    private readonly observer: ClientObserver,
    private readonly sightings: Sightings,
    private readonly log: LineLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes an ASDU.
   * @param marks what they mean, where they are looked at
   */
  take(asdu: Asdu, connection: ClientConnection, marks: Marks = unmarked): void {
    this.sightings.note(asdu, this.clock.wall());
    const { commonAddress } = asdu;
    const row = typeById(asdu.typeId);
    if (row === undefined) return this.ignore(asdu, connection, `type identification ${asdu.typeId} is unknown`);
    const station = this.stations.byAddress.get(commonAddress);
    if (station === undefined) {
      // Answers to what was sent to all stations may be given for all.
      if (commonAddress === BROADCAST && connection.dialogue.answered(asdu)) return;
      return this.ignore(asdu, connection, `common address ${commonAddress} is no station of the line`);
    }
    if (row.direction === 'monitor' && isPointType(row)) this.values(asdu, row, station, connection, marks);
    else if (row === types.M_EI_NA_1) this.initialized(asdu, station, connection);
    else this.answer(asdu, row, station, connection);
  }

  private values(
    asdu: Asdu,
    row: TypeRow,
    station: ClientStation,
    connection: ClientConnection,
    { testIsMark, counts }: Marks,
  ): void {
    if (informationKind(asdu.cause) !== 'value')
      return this.ignore(asdu, connection, `${row.label} comes with cause ${asdu.cause}`);
    const { IT, IUA, NF } = station.parameters;
    const isTest = asdu.test && !testIsMark;
    if (isTest && IT === 1) return;
    const wall = this.clock.wall();
    const { zone, points } = station;
    let unknown: number[] | undefined;
    connection.dialogue.brought(asdu);
    this.host.heard(station);
    if (!counts) return;
    for (const object of asdu.objects) {
      const found = points.find('in', object.ioa);
      const point = found?.row.untimed === row.untimed ? found : undefined;
      const { time } = object;
      const reception: Reception = {
        station,
        point,
        row,
        asdu,
        object,
        timestamp: time === undefined ? undefined : instant(time, zone, wall),
        timeInvalid: time !== undefined && timeInvalid(time),
        weak: (isTest && IT === 2) || isWeak(row, NF ? 0 : (object.status ?? 0)),
        remote: connection.remote,
        again: false,
      };
      connection.received++;
      if (point === undefined) {
        connection.ignored++;
        unknown ??= [];
        if (unknown.length < NAMED) unknown.push(object.ioa);
      } else if (this.redundancy.isDuplicate(connection, point, reception)) continue;
      else station.keep(point.index, reception);
      this.observer.received(reception);
    }
    if (unknown !== undefined && !IUA)
      this.log.log(
        'warn',
        `${connection.remote} sent objects that ${station.name} does not know as ${row.label}: ${unknown.join(', ')}`,
      );
  }

  private initialized(asdu: Asdu, station: ClientStation, connection: ClientConnection): void {
    if (asdu.cause !== cause.initialized)
      return this.ignore(asdu, connection, `M_EI_NA_1 comes with cause ${asdu.cause}`);
    this.host.heard(station);
    this.host.initialized(connection, station);
  }

  private answer(asdu: Asdu, row: TypeRow, station: ClientStation, connection: ClientConnection): void {
    if (asdu.cause === cause['unknown-common-address']) this.host.unknownStation(station);
    else this.host.heard(station);
    if (!connection.dialogue.answered(asdu))
      this.ignore(
        asdu,
        connection,
        `${row.label} with cause ${asdu.cause}${asdu.negative ? ', negative,' : ''} is not awaited`,
      );
  }

  private ignore({ commonAddress }: Asdu, connection: ClientConnection, why: string): void {
    connection.ignored++;
    this.log.log('warn', `${connection.remote}, common address ${commonAddress}: ${why}`);
  }
}

/** What is told once more when the connection has gone. */
export function notTopical(reception: Reception): Reception {
  const { row } = reception;
  const object: InformationObject = { ...reception.object };
  const status = object.status === undefined ? undefined : object.status | (NOT_TOPICAL & qualityMask(row));
  const marked = status === undefined ? object : { ...object, status };
  return { ...reception, object: marked, weak: true, again: true };
}
