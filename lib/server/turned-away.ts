import type { TlsSecurityCode } from '../line/tls/refusal.js';
import { Distrusted } from '../link/distrusted.js';
import { LineLog } from '../link/line-log.js';
import type { LineObserver } from '../link/observer.js';
import type { AdmissionCode } from './admission.js';

/** Clients that were not let in: all are counted; they are logged, and told as security events, within limits. */
export class TurnedAway {
  /** Of strangers: what they do must not keep our own warnings out of the log. */
  private readonly log: LineLog;
  private readonly distrusted: Distrusted<AdmissionCode | TlsSecurityCode>;

  /** @param now ms of a clock that never jumps */
  constructor(
    private readonly observer: LineObserver,
    now: () => number,
  ) {
    this.log = new LineLog((level, text) => observer.log(level, text), now);
    this.distrusted = new Distrusted(now, (text) => this.log.log('warn', text));
  }

  /** How many there were of each code. */
  get counts(): Readonly<Record<string, number>> {
    return this.distrusted.counts;
  }

  /** @param reason in words, for the log */
  add(code: AdmissionCode | TlsSecurityCode, reason: string, remote: string, certificate?: string): void {
    const named = certificate === undefined ? '' : `, certificate of ${certificate}`;
    this.log.log('warn', `${remote} turned away: ${reason}${named}`);
    if (!this.distrusted.take(code)) return;
    if (code !== 'MC' && code !== 'MCA') this.observer.security?.(code, remote, certificate);
    this.observer.changed();
  }
}
