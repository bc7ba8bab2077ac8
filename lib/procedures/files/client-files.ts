import { cause } from '../../asdu/cause.js';
import type { OctetWriter } from '../../octets/octets.js';
import { type FileStore, MAX_FILE_OCTETS } from '../../station/file-store.js';
import type { Station } from '../../station/station.js';
import type { Request } from '../request.js';
import { call, refusal } from './answers.js';
import { DirectoryListing } from './directory.js';
import { FileTransfer } from './transfer.js';

/**
 * The files of stations as one client reads them: a transfer and a directory at a time, which end with its data transfer.
 * Files are only read: a master that offers one (120, 121, 123, 125) or has one deleted is refused. Types 126, which only
 * stations send, and 127, which asks for archives by time while a directory has none, are unknown (44).
 */
export class ClientFiles {
  private transfer: FileTransfer | undefined;
  private listing: DirectoryListing | undefined;
  private listed = false;

  /** @param reply sends an answer to the client, before all events */
  constructor(private readonly reply: (asdu: Uint8Array) => void) {}

  /** Whether `write` wants to be called whenever the client can take an ASDU. */
  get isBusy(): boolean {
    return this.transfer !== undefined || this.listing !== undefined;
  }

  /** Answers 120..125 with cause 13, and a call of the directory with cause 5. @param now ms of the clock */
  handle(request: Request, station: Station, now: number): void {
    const { files } = station;
    if (files === undefined) return this.reply(request.answer(cause['unknown-type'], true));
    const { ioa, nof = 0 } = request.object;
    const isDirectory = request.asdu.cause === cause.request;
    // A file's name is its object address too (see DirectoryListing). Some masters know but one address for all files.
    const isObject = ioa === 0 || (!isDirectory && (ioa === nof || files.list().some((entry) => entry.nof === ioa)));
    if (!isObject) return this.reply(request.answer(cause['unknown-object-address'], true));
    if (isDirectory) return this.list(request, station, files);
    const { label } = request.row ?? {};
    if (label === 'F_SC_NA_1' && ((request.object.file ?? 0) & 0x0f) === call.selectFile)
      return this.select(request, station, files, now);
    const transfer = this.current(now);
    if (transfer === undefined || transfer.station !== station || transfer.nof !== nof)
      return this.reply(refusal(request));
    if (label === 'F_SC_NA_1') transfer.call(request, now);
    else if (label === 'F_AF_NA_1') transfer.acknowledge(request, now);
    else this.reply(refusal(request));
    if (transfer.isOver) this.transfer = undefined;
  }

  /**
   * Writes the next ASDU of a directory or of a file; or that the transfer has ended, where the master left it lying.
   * @param now ms of the clock
   * @returns false with nothing written
   */
  write(to: OctetWriter, now: number): boolean {
    this.listed = !this.listed;
    return (this.listed && this.writeListing(to)) || this.writeTransfer(to, now) || this.writeListing(to);
  }

  /** Data transfer has ended. */
  end(): void {
    this.transfer = undefined;
    this.listing = undefined;
  }

  private list(request: Request, station: Station, files: FileStore): void {
    const { nof = 0, nos = 0, file = 0 } = request.object;
    const isDirectory = request.row?.label === 'F_SC_NA_1' && nof === 0 && nos === 0 && file === call.directory;
    const entries = isDirectory && this.listing === undefined ? files.list() : [];
    // A directory without files cannot be sent: an ASDU has at least one object.
    if (entries.length === 0) return this.reply(refusal(request));
    const active = this.transfer?.station === station ? this.transfer.nof : undefined;
    this.listing = new DirectoryListing(request, entries, station.zone, active);
  }

  private select(request: Request, station: Station, files: FileStore, now: number): void {
    const transfer = this.current(now);
    const isFree = transfer === undefined || transfer.isIdle;
    const file = isFree ? files.open(request.object.nof ?? 0) : undefined;
    if (file === undefined || file.length > MAX_FILE_OCTETS) return this.reply(refusal(request));
    this.transfer = new FileTransfer(request, station, file, this.reply, now);
  }

  /** The transfer under way, unless the master has taken too long. */
  private current(now: number): FileTransfer | undefined {
    if (this.transfer !== undefined && this.transfer.until <= now) this.transfer = undefined;
    return this.transfer;
  }

  private writeListing(to: OctetWriter): boolean {
    const written = this.listing?.write(to) ?? false;
    if (this.listing?.isDone) this.listing = undefined;
    return written;
  }

  private writeTransfer(to: OctetWriter, now: number): boolean {
    const { transfer } = this;
    if (transfer === undefined) return false;
    const isLate = transfer.until <= now;
    if (isLate) to.bytes(transfer.abort());
    const written = isLate || transfer.write(to, now);
    if (transfer.isOver) this.transfer = undefined;
    return written;
  }
}

/** Whether files are known to whoever is addressed: a station, or where there is none of the address, any of the line. */
export function servesFiles(addressed: Station | undefined, stations: Iterable<Station>): boolean {
  if (addressed !== undefined) return addressed.files !== undefined;
  return [...stations].some((station) => station.files !== undefined);
}
