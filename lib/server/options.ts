import type { TlsSettings } from '../line/tls/settings.js';
import type { Clock } from '../link/clock.js';
import type { LineObserver } from '../link/observer.js';
import type { Operator } from '../procedures/client.js';
import type { Member } from '../station/line-members.js';
import type { ServerParameters } from '../station/parameters.js';
import type { Station } from '../station/station.js';

export interface ServerLineOptions {
  readonly name: string;
  /** Address or name of an interface; `*`, `ALL`, `[*]`, `[ALL]`. */
  readonly host: string;
  /** 1..65535; 0 lets the system choose. */
  readonly port: number;
  /** Originator address of what the line sends by itself, 0..255. */
  readonly lineNumber: number;
  /** Certificates or a pre-shared key; undefined for plain TCP. */
  readonly tls?: TlsSettings | undefined;
  readonly operator: Operator;
  readonly observer: LineObserver;
  readonly clock?: Clock;
  /** Asked before each I-frame whether this process may act. */
  readonly guard?: () => boolean;
}

/** A station on the line, with what its parameter string defines. */
export type LineStation = Member<Station, ServerParameters>;
