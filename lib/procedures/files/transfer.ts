import { ASDU_OCTETS, HEADER_OCTETS, types } from '../../asdu/types.js';
import type { OctetWriter } from '../../octets/octets.js';
import type { OpenFile } from '../../station/file-store.js';
import type { Station } from '../../station/station.js';
import type { Request } from '../request.js';
import {
  acknowledgement,
  call,
  fileReady,
  type LastQualifier,
  last,
  lastOf,
  refusal,
  sectionReady,
  segmentOf,
} from './answers.js';

/** A transfer that the master does not go on with is given up after so many ms. */
const PATIENCE = 60_000;
/** Octets of a section, unless the file would then have more sections than names of section (1..255). */
const SECTION_OCTETS = 64_000;
const MAX_SECTIONS = 255;
/** Octets of a segment: what one ASDU holds beside header, object address and the other elements. */
const SEGMENT_OCTETS = ASDU_OCTETS - HEADER_OCTETS - 3 - types.F_SG_NA_1.size;
/** So often a section is offered again that the master does not accept; TCP damages nothing, so more would not help. */
const MAX_REPEATS = 3;

/**
 * Where a transfer is: the file is selected; a section is ready and may be called; its segments are sent; they are sent and
 * to be acknowledged; all sections are, and the file is to be acknowledged; it has ended.
 */
type State = 'selected' | 'ready' | 'sending' | 'sent' | 'complete' | 'over';

/**
 * A file on its way to a client, 6.12 of IEC 60870-5-5 and 7.4.11 of -101. It answers what the master says, and hands out
 * segments as the connection can take them.
 */
export class FileTransfer {
  /** When it is given up, ms of the clock. */
  until = 0;
  private state: State = 'selected';
  /** Octets of all sections but the last. */
  private readonly size: number;
  private readonly sections: number;
  /** The section under way, 1..255; 0 until the file is called. */
  private section = 0;
  /** Octets of it that are sent, and their sum. */
  private offset = 0;
  private sum = 0;
  private repeats = 0;
  /** The sums of the sections that the master has acknowledged. */
  private readonly sums = new Map<number, number>();

  /** @param request that has selected the file, and later the last that was followed: its addresses are the answers' */
  constructor(
    private request: Request,
    readonly station: Station,
    private readonly file: OpenFile,
    private readonly reply: (asdu: Uint8Array) => void,
    now: number,
  ) {
    this.size = Math.max(SECTION_OCTETS, Math.ceil(file.length / MAX_SECTIONS));
    // An empty file has one section, an empty one, so that it is transferred like any other.
    this.sections = Math.max(1, Math.ceil(file.length / this.size));
    this.until = now + PATIENCE;
    reply(fileReady(request, file.length));
  }

  get nof(): number {
    return this.request.object.nof ?? 0;
  }

  get isOver(): boolean {
    return this.state === 'over';
  }

  /** Whether nothing has been called, so that another selection may take its place. */
  get isIdle(): boolean {
    return this.state === 'selected';
  }

  /** Answers a call (122) other than a selection. */
  call(request: Request, now: number): void {
    const { nos = 0, file = 0 } = request.object;
    const { state } = this;
    const isSection = nos >= 1 && nos <= this.sections;
    switch (file & 0x0f) {
      case call.requestFile:
        if (state !== 'selected') break;
        this.follow(request, now);
        return this.offer(1);
      case call.deactivateFile:
        this.follow(request, now);
        if (state !== 'selected') return this.reply(this.abort());
        this.state = 'over';
        return this.reply(fileReady(request, this.file.length));
      case call.selectSection:
        if (state !== 'ready' || !isSection) break;
        this.follow(request, now);
        return this.offer(nos);
      case call.requestSection:
        if (state !== 'ready' || !isSection) break;
        this.follow(request, now);
        this.enter(nos, 'sending');
        return;
      case call.deactivateSection:
        if ((state !== 'sending' && state !== 'sent') || nos !== this.section) break;
        this.follow(request, now);
        this.reply(this.ending(last.sectionDeactivated, this.sum));
        this.enter(nos, 'ready');
        return;
      default:
    }
    // Nothing changes for a call that is out of turn; deleting is one that never comes in turn, we only read.
    this.reply(refusal(request));
  }

  /** Answers an acknowledgement (124). Which section the acknowledgement of the file names does not matter. */
  acknowledge(request: Request, now: number): void {
    const { nos = 0, file = 0 } = request.object;
    const { state } = this;
    const ofSection = state === 'sent' && nos === this.section;
    switch (file & 0x0f) {
      case acknowledgement.file:
        if (state !== 'complete') break;
        this.state = 'over';
        return;
      case acknowledgement.notFile:
        if (state === 'selected') break;
        this.follow(request, now);
        if (state !== 'complete') return this.reply(this.abort());
        this.state = 'over';
        return;
      case acknowledgement.section:
        if (!ofSection) break;
        this.follow(request, now);
        this.repeats = 0;
        this.sums.set(nos, this.sum);
        if (nos < this.sections) return this.offer(nos + 1);
        this.enter(nos, 'complete');
        return this.reply(this.ending(last.file, this.total));
      case acknowledgement.notSection:
        if (!ofSection) break;
        this.follow(request, now);
        return ++this.repeats > MAX_REPEATS ? this.reply(this.abort()) : this.offer(nos);
      default:
    }
    this.reply(refusal(request));
  }

  /** Writes the next segment of the section under way, or what ends it. @returns false with nothing written */
  write(to: OctetWriter, now: number): boolean {
    if (this.state !== 'sending') return false;
    this.until = now + PATIENCE;
    const count = Math.min(SEGMENT_OCTETS, this.lengthOf(this.section) - this.offset);
    if (count === 0) {
      this.state = 'sent';
      to.bytes(this.ending(last.section, this.sum));
      return true;
    }
    const segment = this.file.read((this.section - 1) * this.size + this.offset, count);
    if (segment?.length !== count) {
      to.bytes(this.abort());
      return true;
    }
    for (const octet of segment) this.sum += octet;
    this.offset += count;
    to.bytes(segmentOf(this.request, this.section, segment));
    return true;
  }

  /** Gives the transfer up. @returns what the master is told: last section, file transfer with deactivation */
  abort(): Uint8Array {
    this.state = 'over';
    return this.ending(last.fileDeactivated, this.total + this.sum);
  }

  /** Sum of the octets of the sections that the master has. */
  private get total(): number {
    let total = 0;
    for (const sum of this.sums.values()) total += sum;
    return total;
  }

  private lengthOf(section: number): number {
    return section < this.sections ? this.size : this.file.length - (this.sections - 1) * this.size;
  }

  private follow(request: Request, now: number): void {
    this.request = request;
    this.until = now + PATIENCE;
  }

  private offer(section: number): void {
    this.enter(section, 'ready');
    this.reply(sectionReady(this.request, section, this.lengthOf(section)));
  }

  private enter(section: number, state: State): void {
    this.section = section;
    this.state = state;
    this.offset = 0;
    this.sum = 0;
  }

  private ending(qualifier: LastQualifier, sum: number): Uint8Array {
    return lastOf(this.request, this.section, qualifier, sum);
  }
}
