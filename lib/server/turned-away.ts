import type { TlsSecurityCode } from '../line/tls/refusal.js';
import { LineLog } from '../link/line-log.js';
import type { LineObserver } from '../link/observer.js';
import { LimitedLog } from '../trace/limited-log.js';
import type { AdmissionCode } from './admission.js';

const MINUTE = 60_000;
/** Of each code so many clients in a minute are told: whoever floods us must not flood flows, nor hide another. */
const TOLD = 60;

/** Clients that were not let in: all are counted; they are logged, and told as security events, within limits. */
export class TurnedAway {
  /** How many there were of each code. */
  readonly counts: Partial<Record<AdmissionCode | TlsSecurityCode, number>> = {};
  private readonly told = new Map<string, LimitedLog>();
  /** Of strangers: what they do must not keep our own warnings out of the log. */
  private readonly log: LineLog;

  /** @param now ms of a clock that never jumps */
  constructor(
    private readonly observer: LineObserver,
    private readonly now: () => number,
  ) {
    this.log = new LineLog((level, text) => observer.log(level, text), now);
  }

  /** @param reason in words, for the log */
  add(code: AdmissionCode | TlsSecurityCode, reason: string, remote: string, certificate?: string): void {
    this.counts[code] = (this.counts[code] ?? 0) + 1;
    const named = certificate === undefined ? '' : `, certificate of ${certificate}`;
    this.log.log('warn', `${remote} turned away: ${reason}${named}`);
    if (!this.limitOf(code).take()) return;
    if (code !== 'MC' && code !== 'MCA') this.observer.security?.(code, remote, certificate);
    this.observer.changed();
  }

  private limitOf(code: string): LimitedLog {
    let limit = this.told.get(code);
    if (limit === undefined) {
      limit = new LimitedLog(TOLD, MINUTE, this.now, (count) =>
        this.log.log('warn', `${count} more were turned away (${code}) that no flow was told of`),
      );
      this.told.set(code, limit);
    }
    return limit;
  }
}
