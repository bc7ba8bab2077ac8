import { asdu, encodeAsdu } from '../../asdu/asdu.js';
import { cause } from '../../asdu/cause.js';
import { cp56, type TimeZone } from '../../asdu/time.js';
import { types } from '../../asdu/types.js';
import type { OctetWriter } from '../../octets/octets.js';
import type { FileEntry } from '../../station/file-store.js';
import type { Request } from '../request.js';
import { headerOf } from './answers.js';

/** Status of file SOF, 7.2.6.38 of IEC 60870-5-101: LFD, the last file of the directory; FA, its transfer is active. */
const LAST = 0x20;
const ACTIVE = 0x80;

/** Years that a CP56Time2a names without doubt: 1970..2069. */
const LATEST = 3_155_760_000_000;

/**
 * The directory (126) on its way to a client, an ASDU at a time. It is sent as sequences (SQ = 1), in which object addresses
 * count up: so a file's name is its object address too, and a sequence ends where names leave one out.
 */
export class DirectoryListing {
  private readonly entries: readonly FileEntry[];
  private at = 0;

  /** @param active the file that is being transferred to this client */
  constructor(
    private readonly request: Request,
    entries: readonly FileEntry[],
    private readonly zone: TimeZone,
    private readonly active: number | undefined,
  ) {
    this.entries = [...entries].sort((a, b) => a.nof - b.nof);
  }

  get isDone(): boolean {
    return this.at >= this.entries.length;
  }

  /** Writes the next ASDU. @returns false with nothing written */
  write(to: OctetWriter): boolean {
    const first = this.entries[this.at];
    if (first === undefined) return false;
    const most = types.F_DR_TA_1.perSequence;
    const run = this.entries.slice(this.at, this.at + most).filter(({ nof }, i) => nof === first.nof + i);
    this.at += run.length;
    const objects = run.map(({ nof, length, changed }, i) => {
      const isLast = this.isDone && i === run.length - 1;
      const file = (isLast ? LAST : 0) | (nof === this.active ? ACTIVE : 0);
      const isKnown = changed >= 0 && changed < LATEST;
      return { ioa: nof, nof, lof: length, file, time: cp56(isKnown ? changed : 0, !isKnown, this.zone) };
    });
    const message = asdu('F_DR_TA_1', headerOf(this.request, cause.request), ...objects);
    to.bytes(encodeAsdu({ ...message, sequence: true }));
    return true;
  }
}
