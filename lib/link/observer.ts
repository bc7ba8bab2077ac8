import type { TlsSecurityCode } from '../line/tls/refusal.js';
import type { LogLevel } from './line-log.js';

/** What an operator of the network wants to know of, as `line-status` tells it. */
export type SecurityCode = TlsSecurityCode | 'not-allowed' | 'object-scan' | 'command-rate';

/** Who a line tells. */
export interface LineObserver {
  /** The state of the line, a connection or a station has changed. */
  changed(): void;
  log(level: LogLevel, text: string): void;
  /** Something that whoever guards the network wants to know; the name in the certificate, where there is one. */
  security?(code: SecurityCode, remote: string, certificate?: string): void;
}

/** A fault of an observer's own in words. */
export function faultOf(error: unknown): string {
  return `an observer of the line failed: ${error instanceof Error ? error.stack : String(error)}`;
}

/** It is told by the observer's log, if that still can. */
function observerFailed(observer: LineObserver, error: unknown): void {
  try {
    observer.log('error', faultOf(error));
  } catch {
    // There is nobody left to tell.
  }
}

/** An observer whose own faults cost nothing of the line. */
export function guarded(observer: LineObserver): LineObserver {
  const tell = (call: () => void): void => {
    try {
      call();
    } catch (error) {
      observerFailed(observer, error);
    }
  };
  return {
    changed: () => tell(() => observer.changed()),
    log: (level, text) => tell(() => observer.log(level, text)),
    security: (...event) => tell(() => observer.security?.(...event)),
  };
}
