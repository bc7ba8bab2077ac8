import { decodeHeader } from '../asdu/asdu.js';
import { HEADER_OCTETS } from '../asdu/types.js';
import type { LineLog } from '../link/line-log.js';
import { OctetReader } from '../octets/octets.js';
import type { Station } from '../station/station.js';
import type { LineStations } from './line-stations.js';

/** Tells of object addresses that clients name and no station has. */
export class UnknownObjects {
  constructor(
    private readonly stations: LineStations,
    private readonly log: LineLog,
  ) {}

  /** @param refusal the answer that named the first of them */
  refused(refusal: Uint8Array, remote: string): void {
    const { commonAddress } = decodeHeader(refusal);
    const station = this.stations.byAddress.get(commonAddress);
    if (station !== undefined) this.named(station, [new OctetReader(refusal, HEADER_OCTETS).u24()], remote);
  }

  named({ name, parameters }: Station, addresses: readonly number[], remote: string): void {
    if (!parameters.IUA)
      this.log.log('warn', `${remote} named unknown object addresses of ${name}: ${addresses.slice(0, 10).join(', ')}`);
  }
}
