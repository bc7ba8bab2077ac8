import type { AsduHeader, InformationObject } from '../asdu/asdu.js';
import { type TimeZone, utc } from '../asdu/time.js';
import type { TypeRow } from '../asdu/types.js';
import { type ClientParameters, clientParameters, withDefaults } from '../station/parameters.js';
import type { Point, PointTable } from '../station/points.js';

/** `StOFF` the line is closed; `StWAIT` connecting, or not allowed to; `StON` data transfer; `StCOMERR` it has failed. */
export type ClientStationState = 'StON' | 'StOFF' | 'StCOMERR' | 'StWAIT';

export interface ClientStationOptions {
  readonly name: string;
  /** Common address 1..65534. */
  readonly commonAddress: number;
  /** Compiled for the role `client`. */
  readonly points: PointTable;
  readonly zone?: TimeZone;
  /** Seconds between clock synchronizations; 0 = none. */
  readonly syncPeriod?: number;
}

/** One value, or other process information, of a substation. */
export interface Reception {
  readonly station: ClientStation;
  /** The point of the station's table; undefined where the table has none of this object address and type. */
  readonly point: Point | undefined;
  /** The type that it came with. */
  readonly row: TypeRow;
  /** Header of the ASDU: cause, originator, test, negative. */
  readonly asdu: AsduHeader;
  readonly object: InformationObject;
  /** ms since 1970 UTC of the time tag; undefined without one, and where it names no instant. */
  readonly timestamp: number | undefined;
  /** IV of the time tag. */
  readonly timeInvalid: boolean;
  /** To be used with reserve: any quality but invalid (with NF it is not looked at), or a test under IT = 2. */
  readonly weak: boolean;
  /** The connection as `address:port`. */
  readonly remote: string;
  /**
   * It came before, and is told once more because the connection has gone: it is not topical. The status octet says so
   * too, of the types that have NT; that of counters and of type 21 cannot.
   */
  readonly again: boolean;
}

/** A controlled station as seen from the control centre. */
export class ClientStation {
  readonly name: string;
  readonly commonAddress: number;
  readonly points: PointTable;
  readonly zone: TimeZone;
  readonly syncPeriod: number;
  /** In force since the line knows all of its stations. */
  parameters: ClientParameters = withDefaults({}, clientParameters);
  state: ClientStationState = 'StOFF';
  private tests = 0;
  /** What came last of each point since data transfer began, by the point's index. */
  private last: (Reception | undefined)[] = [];

  constructor(options: ClientStationOptions) {
    this.name = options.name;
    this.commonAddress = options.commonAddress;
    this.points = options.points;
    this.zone = options.zone ?? utc;
    this.syncPeriod = options.syncPeriod ?? 0;
  }

  /** Whether data transfer begins with its interrogation: it has points to receive, or it is not known yet which. */
  get isInterrogated(): boolean {
    return this.points.in.length > 0 || this.points.out.length === 0;
  }

  /** Counter of test commands (TSC), 0..65535. */
  nextTest(): number {
    this.tests = (this.tests + 1) & 0xffff;
    return this.tests;
  }

  /** Keeps what has come, until the next of its point comes. */
  keep(index: number, reception: Reception): void {
    this.last[index] = reception;
  }

  /** Takes out what is kept: it is told once more, and only once. */
  takeLast(): Reception[] {
    const { last } = this;
    this.last = [];
    return last.filter((reception) => reception !== undefined);
  }

  /** Follows a station of another point table: what both have stays known. */
  follow(previous: ClientStation): void {
    this.state = previous.state;
    for (const reception of previous.takeLast()) {
      const point = this.points.find('in', reception.object.ioa);
      if (point?.row.untimed === reception.row.untimed) this.last[point.index] = { ...reception, station: this, point };
    }
  }
}
