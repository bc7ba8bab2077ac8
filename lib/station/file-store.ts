/** The files that a station gives to its clients. Whoever owns the station knows where they lie. */

/** Octets of a file at most: the length of a file has 24 bits (7.2.6.35 of IEC 60870-5-101). */
export const MAX_FILE_OCTETS = 0xffffff;

/** A file as the directory shows it. */
export interface FileEntry {
  /** Name of file, 1..65535, each once. */
  readonly nof: number;
  /** Octets, 0..16777215. */
  readonly length: number;
  /** When it was last changed, ms since 1970 UTC. */
  readonly changed: number;
}

/** A file that a client has selected: as it was then, whatever happens to it later. */
export interface OpenFile {
  /** Octets, 0..16777215. */
  readonly length: number;
  /** @returns `count` octets from `offset`; undefined or fewer octets when they cannot be read any more */
  read(offset: number, count: number): Uint8Array | undefined;
}

/** Neither call throws: what goes wrong with files is no fault of the connection that asks for them. */
export interface FileStore {
  list(): readonly FileEntry[];
  /** @returns undefined when there is no such file, or it cannot be read */
  open(nof: number): OpenFile | undefined;
}
