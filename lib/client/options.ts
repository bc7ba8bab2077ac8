import type { TlsSettings } from '../line/tls/settings.js';
import type { Clock } from '../link/clock.js';
import { faultOf, guarded, type LineObserver } from '../link/observer.js';
import type { Member } from '../station/line-members.js';
import type { ClientParameters } from '../station/parameters.js';
import type { ClientStation, Reception } from './client-station.js';

/** Where one connection of a line goes. */
export interface PathOptions {
  /** 1..8 addresses or names, tried in turns. */
  readonly hosts: readonly string[];
  /** 1..65535. */
  readonly port: number;
}

export interface ClientObserver extends LineObserver {
  received(reception: Reception): void;
}

/**
 * An observer whose own faults cost nothing of the line.
 * @param tell takes the faults that values cause, which may be as many as those
 */
export function guardedClient(observer: ClientObserver, tell: (text: string) => void): ClientObserver {
  return {
    ...guarded(observer),
    // Without a closure for each value.
    received: (reception) => {
      try {
        observer.received(reception);
      } catch (error) {
        tell(faultOf(error));
      }
    },
  };
}

export interface ClientLineOptions {
  readonly name: string;
  /** One, or the primary and the backup of a redundant line. */
  readonly paths: readonly [PathOptions] | readonly [PathOptions, PathOptions];
  /** Originator address of what the line sends, 0..255. */
  readonly lineNumber: number;
  /** Certificates or a pre-shared key; undefined for plain TCP. */
  readonly tls?: TlsSettings | undefined;
  readonly observer: ClientObserver;
  readonly clock?: Clock;
  /** Asked before each I-frame and each attempt to connect whether this process may act. */
  readonly guard?: () => boolean;
  /** 0 to less than 1: spreads attempts to connect. */
  readonly random?: () => number;
}

/** A controlled station on the line, with what its parameter string defines. */
export type ClientMember = Member<ClientStation, ClientParameters>;
