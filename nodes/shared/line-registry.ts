import type { CertificateFile } from '../../lib/line/tls/report.js';
import type { LineStatus } from '../../lib/link/status.js';
import type { Sightings } from '../../lib/station/sightings.js';
import type { PassingFrame } from '../../lib/trace/frame-watch.js';

/** A line as a monitor shows it. */
export interface ListedLine {
  /** The node's id. */
  readonly id: string;
  readonly name: string;
  /** Where it listens or whom it connects to: `host:port`, that of a backup behind a slash. */
  readonly host: string;
  /** The ports of these. */
  readonly ports: readonly number[];
  readonly status: LineStatus;
  /** Addresses and objects that have come; undefined while it has no stations. */
  readonly sightings?: Sightings | undefined;
  /** Shows every frame of the line from now on; the result ends that. */
  watchFrames(watcher: (frame: PassingFrame) => void): () => void;
  /** Closes the connections of a remote `address:port`. @returns how many */
  disconnect(remote: string): number;
  /** Moves data transfer to the standby connection. @returns false where there is none to go to */
  switchOver(): boolean;
  /**
   * Interrogates the partners of a station.
   * @returns how many there are; undefined where the line has no station of that name
   */
  watchStation(name: string): number | undefined;
  /** What `CHECK CERTS` lists of the line's files. @param mask with `*` and `?` over files and subjects; empty for all */
  certificates(mask: string): CertificateFile[];
}

const listed = new Set<ListedLine>();

/** All lines that there are, those among them that wait for their node during a deploy. */
export const lines: Iterable<ListedLine> = listed;

export function list(line: ListedLine): void {
  listed.add(line);
}

export function unlist(line: ListedLine): void {
  listed.delete(line);
}
