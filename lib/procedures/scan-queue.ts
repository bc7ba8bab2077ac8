import type { OctetWriter } from '../octets/octets.js';
import { PointSet } from '../station/point-set.js';
import type { Station } from '../station/station.js';
import type { Request } from './request.js';
import { type IsPending, Scan } from './scan.js';

/** Reads that may wait for a client. */
const MAX_READS = 256;

/**
 * What is under way for one client beside events and answers: reads, then interrogations one after the other, then what
 * stations send in turns.
 */
export class ScanQueue {
  private reads: Scan[] = [];
  private scans: Scan[] = [];
  private cyclic: Scan[] = [];
  private isConfirmed = false;

  /** @returns false when an interrogation of this station and type is under way already, or too many reads are */
  begin(scan: Scan): boolean {
    if (scan.confirmation === undefined) return this.reads.length < MAX_READS && this.reads.push(scan) > 0;
    if (this.find(scan.station, scan.typeId) >= 0) return false;
    this.scans.push(scan);
    return true;
  }

  /** Takes what a station sends by itself, unless the last turn of the same points is still on its way. */
  offer(scan: Scan): void {
    const isUnderWay = ({ points, causeId }: Scan): boolean => points === scan.points && causeId === scan.causeId;
    if (!this.cyclic.some(isUnderWay)) this.cyclic.push(scan);
  }

  /** Stops the interrogation with the qualifier of a deactivation; a test stops none but a test. @returns whether one was */
  abort(station: Station, request: Request): boolean {
    const at = this.find(station, request.asdu.typeId);
    const scan = this.scans[at];
    if (scan?.request === undefined || scan.request.object.qualifier !== request.object.qualifier) return false;
    if (scan.request.isTestOf(station) !== request.isTestOf(station)) return false;
    this.scans.splice(at, 1);
    if (at === 0) this.isConfirmed = false;
    return true;
  }

  /**
   * A station is no more, or another stands in its place: what is under way of the old one would send its old values. An
   * interrogation begins again on the new station, without a second confirmation; one that the new station does not know
   * ends.
   * @param renew the scan of the same request on the new station; undefined where it does not know it
   * @returns requests that the new station does not know and that were not confirmed
   */
  follow(old: Station, renew: ((request: Request) => Scan | undefined) | undefined): readonly Request[] {
    const isOther = ({ station }: Scan): boolean => station !== old;
    this.reads = this.reads.filter(isOther);
    this.cyclic = this.cyclic.filter(isOther);
    const [first] = this.scans;
    const unknown: Request[] = [];
    this.scans = this.scans.flatMap((scan) => {
      const { request } = scan;
      if (isOther(scan) || request === undefined) return scan;
      if (renew === undefined) return [];
      const next = renew(request);
      if (next !== undefined) return next;
      if (scan === first && this.isConfirmed) return new Scan(old, new PointSet([]), scan.causeId, request);
      unknown.push(request);
      return [];
    });
    if (first !== undefined && !isOther(first) && this.scans[0]?.request !== first.request) this.isConfirmed = false;
    return unknown;
  }

  clear(): void {
    this.reads = [];
    this.scans = [];
    this.cyclic = [];
    this.isConfirmed = false;
  }

  /** The interrogation whose confirmation goes out next. */
  get unconfirmed(): Scan | undefined {
    return this.isConfirmed ? undefined : this.scans[0];
  }

  /** Writes the confirmation of the interrogation, which begins with it. */
  confirm(to: OctetWriter): void {
    this.isConfirmed = true;
    to.bytes(this.scans[0]?.confirmation ?? new Uint8Array(0));
  }

  /**
   * Writes one ASDU.
   * @returns the number of values in it, 0 for a termination; undefined with nothing written
   */
  write(to: OctetWriter, isPending: IsPending, wall: number): number | undefined {
    const [read] = this.reads;
    if (read !== undefined) {
      const count = read.next(to, isPending, wall);
      if (read.isDone) this.reads.shift();
      if (count > 0) return count;
    }
    const [scan] = this.scans;
    if (scan !== undefined && this.isConfirmed) {
      const count = scan.next(to, isPending, wall);
      if (count > 0) return count;
      if (scan.isDone) return this.terminate(scan, to);
    }
    for (const turn of [...this.cyclic]) {
      const count = turn.next(to, isPending, wall);
      if (turn.isDone) this.cyclic.splice(this.cyclic.indexOf(turn), 1);
      if (count > 0) return count;
    }
    return undefined;
  }

  private terminate(scan: Scan, to: OctetWriter): number {
    this.scans.shift();
    this.isConfirmed = false;
    to.bytes(scan.termination ?? new Uint8Array(0));
    return 0;
  }

  private find(station: Station, typeId: number): number {
    // By address: a deploy may have put another station in its place meanwhile.
    const { commonAddress } = station;
    return this.scans.findIndex((scan) => scan.station.commonAddress === commonAddress && scan.typeId === typeId);
  }
}
