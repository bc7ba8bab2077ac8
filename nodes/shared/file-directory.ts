import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type FileEntry, type FileStore, MAX_FILE_OCTETS, type OpenFile } from '../../lib/station/file-store.js';

/** Files of a directory at most. */
const MAX_FILES = 1000;
const MAX_NOF = 65535;
/** How long what was found is believed, ms: clients cannot have the directory read as fast as they ask. */
const FRESH = 1000;
/** Problems that are remembered, so that each is told once. */
const MAX_TOLD = 100;

/** A link is not followed, and a pipe that has taken a file's place does not hold us up. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

interface Found extends FileEntry {
  readonly name: string;
}

/**
 * The plain files of one directory: no subdirectories, no links, nothing whose name begins with a dot, none of more than
 * 16777215 octets, and of more than 1000 the first by name.
 *
 * A file whose name begins with a number 1..65535 has that number as its name of file (`7.csv`, `007 fault.dat`); of several
 * with the same number the first by name. All others get the lowest numbers that are free, in the order of their names, and
 * keep them as long as they are there and Node-RED runs, unless a file that bears the number appears.
 */
export class FileDirectory implements FileStore {
  private found: readonly Found[] = [];
  private foundAt = Number.NEGATIVE_INFINITY;
  private numbers = new Map<string, number>();
  /** Snapshots that clients are reading, so that many of the same file cost one. */
  private readonly snapshots = new Map<number, { readonly mark: string; readonly octets: WeakRef<Uint8Array> }>();
  private readonly told = new Set<string>();

  /**
   * @param path of the directory; it may come and go
   * @param tell is called with each problem, once
   */
  constructor(
    private readonly path: string,
    private readonly tell: (problem: string) => void,
    private readonly now: () => number = Date.now,
  ) {}

  list(): readonly FileEntry[] {
    return this.look();
  }

  open(nof: number): OpenFile | undefined {
    const found = this.look().find((file) => file.nof === nof);
    if (found === undefined) return undefined;
    try {
      const octets = this.snapshot(found);
      return { length: octets.length, read: (offset, count) => octets.subarray(offset, offset + count) };
    } catch (error) {
      this.problem(`files: ${found.name}: ${messageOf(error)}`);
      return undefined;
    }
  }

  private look(): readonly Found[] {
    const now = this.now();
    // Also when the clock was set back.
    if (Math.abs(now - this.foundAt) < FRESH) return this.found;
    this.foundAt = now;
    try {
      this.found = this.numbered(this.candidates());
    } catch (error) {
      this.problem(`files: ${messageOf(error)}`);
      this.found = [];
    }
    return this.found;
  }

  private candidates(): Omit<Found, 'nof'>[] {
    const names = readdirSync(this.path, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort(byCodeUnits);
    if (names.length > MAX_FILES)
      this.problem(`files: ${this.path} has ${names.length} files, of which the first ${MAX_FILES} by name are served`);
    return names.slice(0, MAX_FILES).flatMap((name) => {
      try {
        const { size, mtimeMs } = lstatSync(join(this.path, name));
        if (size <= MAX_FILE_OCTETS) return [{ name, length: size, changed: Math.floor(mtimeMs) }];
        this.problem(`files: ${name} is not served: it has more than ${MAX_FILE_OCTETS} octets`);
      } catch {
        // It has gone since the directory was read.
      }
      return [];
    });
  }

  private numbered(files: readonly Omit<Found, 'nof'>[]): Found[] {
    const numbers = new Map<string, number>();
    const taken = new Set<number>();
    const assign = (name: string, nof: number | undefined): void => {
      if (nof === undefined || numbers.has(name) || taken.has(nof)) return;
      numbers.set(name, nof);
      taken.add(nof);
    };
    for (const { name } of files) assign(name, ownNumber(name));
    for (const { name } of files) assign(name, this.numbers.get(name));
    let free = 1;
    for (const { name } of files) {
      while (taken.has(free)) free++;
      assign(name, free);
    }
    this.numbers = numbers;
    return files.map((file) => ({ ...file, nof: numbers.get(file.name) as number }));
  }

  /** The file as it is now, whole: what happens to it later does not concern who reads it. */
  private snapshot({ nof, name }: Found): Uint8Array {
    const descriptor = openSync(join(this.path, name), OPEN_FLAGS);
    try {
      const stats = fstatSync(descriptor);
      const { size } = stats;
      if (!stats.isFile()) throw new Error('is not a plain file any more');
      if (size > MAX_FILE_OCTETS) throw new Error(`has more than ${MAX_FILE_OCTETS} octets`);
      const mark = `${stats.dev} ${stats.ino} ${size} ${stats.mtimeMs} ${stats.ctimeMs}`;
      const held = this.snapshots.get(nof);
      const same = held?.mark === mark ? held.octets.deref() : undefined;
      if (same !== undefined) return same;
      const octets = readWhole(descriptor, size);
      this.snapshots.set(nof, { mark, octets: new WeakRef(octets) });
      return octets;
    } finally {
      closeSync(descriptor);
    }
  }

  private problem(text: string): void {
    if (this.told.has(text)) return;
    if (this.told.size >= MAX_TOLD) this.told.clear();
    this.told.add(text);
    this.tell(text);
  }
}

/**
 * The directory of a `files` property.
 * @param given a path, relative to the user directory; empty for none
 * @param tell is called with each problem, once
 */
export function fileDirectory(given: string, userDir: string, tell: (problem: string) => void): FileStore | undefined {
  if (given === '') return undefined;
  const path = resolve(userDir, given);
  if (real(path) !== real(userDir)) return new FileDirectory(path, tell);
  tell('files: the user directory itself is not served, since it holds the credentials; name a directory in it');
  return undefined;
}

/** Links resolved, as far as there is anything yet. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** At most so many octets: fewer when the file has shrunk meanwhile, and of what was added none. */
function readWhole(descriptor: number, size: number): Uint8Array {
  const octets = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const count = readSync(descriptor, octets, at, size - at, at);
    if (count === 0) return octets.slice(0, at);
    at += count;
  }
  return octets;
}

/** The number that a name begins with, if it is a name of file. */
function ownNumber(name: string): number | undefined {
  const number = Number(/^\d+/.exec(name)?.[0] ?? 0);
  return number >= 1 && number <= MAX_NOF ? number : undefined;
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
