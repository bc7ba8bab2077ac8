import type { OctetWriter } from '../octets/octets.js';
import { type AsduHeader, writeElements, writeHeader } from './asdu.js';
import type { ObjectFields } from './element.js';
import type { TypeRow } from './types.js';

/**
 * Packs single objects (SQ = 0) of one type into one ASDU, straight into the octets that go to the wire. Used for
 * interrogation, where an ASDU is filled until the type changes or 249 octets are reached.
 */
export class AsduPacker {
  count = 0;
  private start = 0;
  private row!: TypeRow;
  private limit = 0;

  /** @param limit objects per ASDU, at most what 249 octets hold */
  begin(to: OctetWriter, row: TypeRow, header: AsduHeader, limit: number): void {
    this.start = to.at;
    this.row = row;
    this.limit = Math.min(limit, row.perAsdu);
    this.count = 0;
    writeHeader(to, header, 0, false);
  }

  get full(): boolean {
    return this.count >= this.limit;
  }

  add(to: OctetWriter, ioa: number, object: Readonly<ObjectFields>): void {
    to.u24(ioa);
    writeElements(to, this.row, object);
    this.count++;
  }

  /** Writes the number of objects; without any, nothing stays. */
  end(to: OctetWriter): void {
    if (this.count === 0) to.at = this.start;
    else to.octets[this.start + 1] = this.count;
  }
}
