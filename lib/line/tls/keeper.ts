import { statSync } from 'node:fs';
import { validityWarnings, type Warning } from './expiry.js';
import { loadMaterial, type Material, withoutCrl } from './material.js';
import type { CertificateSettings } from './settings.js';

/** Time as a line needs it; part of the clock of a link. */
export interface TlsClock {
  /** ms since 1970 UTC. */
  wall(): number;
  /** Calls once after that many ms; the result cancels. */
  timer(ms: number, call: () => void): () => void;
}

export type TlsLog = (level: 'info' | 'warn' | 'error', text: string) => void;

/**
 * The certificates of a line, read again when their files change. What cannot be read leaves what there was in use:
 * a mistake in a file must not cost connections.
 */
export class CertificateKeeper {
  private current: Material | undefined;
  /** Of the files as they were read last, whether that succeeded or not. */
  private readMark = '';
  /** Of the files as they were looked at last. */
  private seenMark = '';
  /** Why the files that are there now are not in use. */
  private rejected: string | undefined;
  private told: ReadonlySet<string> = new Set();
  private standing: readonly Warning[] = [];

  constructor(
    private readonly settings: CertificateSettings,
    private readonly clock: TlsClock,
    private readonly log: TlsLog,
  ) {}

  get material(): Material | undefined {
    return this.current;
  }

  /** Why the files that are there now are not in use; undefined where they are. */
  get reason(): string | undefined {
    return this.rejected;
  }

  /** What stands against the certificates, in words. */
  get warnings(): string[] {
    const { current, rejected } = this;
    // Without earlier ones the line is not open, and its state says why.
    const kept = current === undefined || rejected === undefined ? [] : [`${rejected}; the earlier files stay in use`];
    return [...kept, ...this.standing.map(({ text }) => text)];
  }

  /** Reads all files. @throws TelecontrolError `configuration` naming the file */
  load(): Material {
    // Before reading: what is written meanwhile is noticed at the next look.
    this.readMark = this.mark();
    this.seenMark = this.readMark;
    try {
      this.current = loadMaterial(this.settings);
    } catch (error) {
      this.rejected = error instanceof Error ? error.message : String(error);
      throw error;
    }
    this.rejected = undefined;
    this.look();
    return this.current;
  }

  /**
   * Reads again what has changed, once it has rested from one call to the next: files that belong together are rarely
   * written at one moment.
   * @returns the new material, where there is some
   */
  refresh(): Material | undefined {
    const mark = this.mark();
    const rests = mark === this.seenMark;
    this.seenMark = mark;
    if (!rests || mark === this.readMark) return undefined;
    try {
      const material = this.load();
      this.log('info', 'certificates have changed: new connections use the new ones');
      return material;
    } catch {
      this.log('error', `certificates have changed and cannot be used: ${this.rejected}; the earlier ones stay in use`);
      return undefined;
    }
  }

  /** Looks at the validity of what is in use, and logs what is new. */
  look(): void {
    const { current } = this;
    if (current === undefined) return;
    const missing = withoutCrl(current).map(({ file }): Warning => {
      const text = `crl: has no list of the authority in ${file}; whom it vouches for is refused`;
      return { key: text, text };
    });
    this.standing = [...validityWarnings(current, this.clock.wall()), ...missing];
    for (const { key, text } of this.standing) if (!this.told.has(key)) this.log('warn', text);
    this.told = new Set(this.standing.map(({ key }) => key));
  }

  private mark(): string {
    const { myCertificate, myKey = [], partnerCertificates, crl } = this.settings;
    return [myCertificate, myKey, partnerCertificates, crl].flat().map(markOf).join('\n');
  }
}

/** Stands for the content of a file, without reading it. */
function markOf(file: string): string {
  try {
    const { mtimeMs, ctimeMs, size, ino } = statSync(file);
    return `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
  } catch {
    return 'none';
  }
}
