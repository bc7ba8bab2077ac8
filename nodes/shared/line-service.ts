import type { CertificateFile } from '../../lib/line/tls/report.js';
import type { TlsSettings } from '../../lib/line/tls/settings.js';
import type { LineObserver } from '../../lib/link/observer.js';
import type { LineStatus } from '../../lib/link/status.js';
import type { Sightings } from '../../lib/station/sightings.js';
import type { FrameWatch } from '../../lib/trace/frame-watch.js';

/** Where a line listens, or whom it connects to. */
export interface PathProperties {
  /** As written: an interface, or several hosts of a partner. */
  readonly host: string;
  readonly port: number;
}

export interface LineProperties {
  /** The node's id. */
  readonly id: string;
  readonly name: string;
  /** The second is the backup of a redundant line. */
  readonly paths: readonly [PathProperties] | readonly [PathProperties, PathProperties];
  readonly lineNumber: number;
  readonly tls: TlsSettings | undefined;
}

/** What a line's engine is given. */
export interface LineSurroundings extends LineProperties {
  readonly observer: LineObserver;
  /** Whether this process may act, asked before each I-frame and each dial. */
  readonly guard: () => boolean;
}

/** What all engines can do, whatever they speak, and what only some can; they outlive nodes. */
export interface LineEngine {
  /** Who looks at the frames of the line. */
  readonly frames: Pick<FrameWatch, 'add'>;
  /** Addresses and objects that have come. */
  readonly sightings?: Sightings;
  readonly status: LineStatus;
  open(): void;
  close(): Promise<void>;
  /** Stops and goes on reading: while members change, partners see a pause. */
  hold(isHeld: boolean): void;
  /** The guard's answer has changed. */
  wake(): void;
  /** Closes the connections of a remote `address:port`. @returns how many */
  disconnect(remote: string): number;
  certificates(mask: string): CertificateFile[];
  /** Moves data transfer to the other connection of a redundant line. @returns false where there is none to go to */
  switchOver?(): boolean;
}

/** What the members of a line have in common: one line is of one kind. */
export interface LineKind {
  /** For errors: what such a member is. */
  readonly name: string;
  /** Whether such a line connects; otherwise it listens. */
  readonly connects: boolean;
  /** @throws TelecontrolError `configuration` when the line's properties are not fit for it */
  create(line: LineSurroundings): LineService;
}

/** A station or a channel, as its line sees it. */
export interface LineMember {
  /** The node's id. */
  readonly id: string;
  readonly kind: LineKind;
  /** For errors. */
  readonly name: string;
  /** The common address, which no other member of the line has; 0 of a channel, which is alone. */
  readonly address: number;
  /** Takes over what a member of the same kind and address has left. */
  follow(old: LineMember): void;
  /** It is on the line. */
  joined(service: LineService): void;
  /** The line cannot take it, and why. */
  refused(why: string): void;
  /** Another line takes the place of its line, or none. */
  replaced?(): void;
}

/** The engine of a line, and its members of the line's kind: it is never given others. */
export interface LineService {
  readonly kind: LineKind;
  readonly engine: LineEngine;
  /** ms that partners bear a pause, as far as is known. */
  readonly patience: number;
  /** @throws TelecontrolError `configuration` when the address is taken, naming both */
  add(member: LineMember): void;
  replace(old: LineMember, member: LineMember): void;
  remove(member: LineMember): void;
  /**
   * Interrogates the partners of a station (STWATCH).
   * @returns how many there are; undefined where the line has no station of that name
   */
  watchStation(name: string): number | undefined;
}
