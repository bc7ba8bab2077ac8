import { Backoff } from '../line/backoff.js';
import type { Channel } from '../line/channel.js';
import { Dialer } from '../line/dialer.js';
import { TlsDial } from '../line/tls/dial.js';
import type { TlsRefusal, TlsSecurityCode } from '../line/tls/refusal.js';
import type { CertificateFile } from '../line/tls/report.js';
import type { TlsSettings } from '../line/tls/settings.js';
import { type Clock, systemClock } from '../link/clock.js';
import { Distrusted } from '../link/distrusted.js';
import { LineLog, type LogLevel } from '../link/line-log.js';
import { guarded, type LineObserver } from '../link/observer.js';
import type { LineState, LineStatus } from '../link/status.js';
import type { ByteChannel } from './byte-channel.js';
import type { OctetWatch } from './octet-watch.js';
import { type Seat, SessionSeat } from './session-seat.js';

/** How long an attempt to connect may take, ms. */
const CONNECT = 10_000;

/** Where a line connects to. */
export interface PartnerPath {
  /** 1..8 addresses or names, tried in turns. */
  readonly hosts: readonly string[];
  /** 1..65535. */
  readonly port: number;
}

export interface ChannelDialerOptions {
  /** One, or the primary and the backup of a redundant line, which are tried alternately. */
  readonly paths: readonly [PartnerPath] | readonly [PartnerPath, PartnerPath];
  /** Certificates or a pre-shared key; undefined for plain TCP. */
  readonly tls?: TlsSettings | undefined;
  readonly observer: LineObserver;
  readonly clock?: Clock;
  /** Asked before each attempt whether this process may act. */
  readonly guard?: () => boolean;
}

/** A line that connects for the session of a byte channel: one connection, to whichever partner answers. */
export class ChannelDialer {
  private readonly seat: SessionSeat;
  private readonly tls: TlsDial | undefined;
  private readonly backoff: Backoff;
  private readonly lineLog: LineLog;
  private readonly distrusted: Distrusted<TlsSecurityCode>;
  private readonly observer: LineObserver;
  private readonly clock: Clock;
  private readonly guard: () => boolean;
  private dialers: readonly Dialer[] = [];
  /** Attempts so far: which of the dialers is next. */
  private attempts = 0;
  private connectedAt = 0;
  private cancelRetry: (() => void) | undefined;
  private state: LineState = 'closed';
  private reason: string | undefined;
  private shownWarnings = '';

  constructor(private readonly options: ChannelDialerOptions) {
    const { clock = systemClock, guard = () => true, tls, paths } = options;
    const observer = guarded(options.observer);
    this.observer = observer;
    this.clock = clock;
    this.guard = guard;
    this.lineLog = new LineLog(
      (level, text) => observer.log(level, text),
      () => clock.now(),
    );
    this.distrusted = new Distrusted(
      () => clock.now(),
      (text) => this.lineLog.log('warn', text),
    );
    this.backoff = new Backoff(
      paths.reduce((sum, { hosts }) => sum + hosts.length, 0),
      Math.random,
    );
    this.seat = new SessionSeat(observer, this.lineLog, clock, () => this.lost());
    if (tls === undefined) return;
    this.tls = new TlsDial(
      tls,
      {
        log: (level: LogLevel, text: string) => this.lineLog.log(level, text),
        refused: (refusal) => this.refused(refusal),
        examine: () => this.examine(),
      },
      clock,
    );
  }

  get frames(): OctetWatch {
    return this.seat.frames;
  }

  /** The channel that the session belongs to from now on; undefined lets it wait for one. */
  serve(channel: ByteChannel | undefined): void {
    this.seat.serve(channel);
  }

  open(): void {
    if (this.dialers.length > 0) return;
    const { paths } = this.options;
    this.dialers = paths.map(({ hosts, port }, index) => {
      const seat: Seat = index === 0 ? 'primary' : 'secondary';
      return new Dialer(
        hosts,
        port,
        CONNECT,
        {
          connecting: () => this.become('connecting', this.reason),
          connected: (channel) => this.connected(channel, seat),
          failed: (host, code, reason) => this.failed(`${host}:${port}`, code, reason),
        },
        { tls: this.tls, timer: (ms, call) => this.clock.timer(ms, call) },
      );
    });
    for (const warning of this.tls?.standing ?? []) this.lineLog.log('warn', warning);
    this.dial();
  }

  async close(): Promise<void> {
    this.cancelRetry?.();
    this.cancelRetry = undefined;
    for (const dialer of this.dialers) dialer.close();
    this.dialers = [];
    this.seat.close('local');
    this.tls?.close();
    this.become('closed', undefined);
  }

  /** Closes the session. */
  drop(): void {
    this.seat.close('local');
  }

  hold(isHeld: boolean): void {
    this.seat.hold(isHeld);
  }

  wake(): void {
    if (!this.guard()) this.seat.close('passive');
    else if (this.state === 'passive') this.dial();
  }

  disconnect(remote: string): number {
    return this.seat.close('local', remote);
  }

  certificates(mask: string): CertificateFile[] {
    return this.tls?.certificates(mask) ?? [];
  }

  get status(): LineStatus {
    const { state, reason } = this;
    const warnings = this.dialers.length === 0 ? [] : (this.tls?.warnings ?? []);
    const { counts } = this.distrusted;
    const refused = Object.keys(counts).length === 0 ? undefined : counts;
    return this.seat.status({ state, reason, warnings, refused });
  }

  private dial(): void {
    this.cancelRetry = undefined;
    if (this.dialers.length === 0) return;
    if (!this.guard()) return this.become('passive', undefined);
    this.dialers[this.attempts++ % this.dialers.length]?.dial();
  }

  private connected(channel: Channel, seat: Seat): void {
    this.connectedAt = this.clock.now();
    if (!this.guard()) {
      channel.destroy();
      return this.become('passive', undefined);
    }
    this.become('connected', undefined);
    this.seat.take(channel, seat);
  }

  private failed(partner: string, code: string, reason = code): void {
    this.seat.failed(code);
    const text = `${partner}: ${reason}`;
    if (this.reason !== text) this.lineLog.log('warn', `cannot connect to ${text}`);
    this.become('connecting', text);
    this.retry(this.backoff.failed());
  }

  private lost(): void {
    if (this.dialers.length === 0) return;
    this.become('connecting', undefined);
    this.retry(this.backoff.ended(this.clock.now() - this.connectedAt));
  }

  private retry(ms: number): void {
    this.cancelRetry?.();
    this.cancelRetry = this.clock.timer(ms, () => this.dial());
  }

  private refused({ code, reason, remote, certificate }: TlsRefusal): void {
    this.lineLog.log('warn', `${remote} not trusted: ${reason} (${code})`);
    this.distrust(code, remote, certificate);
  }

  private distrust(code: TlsSecurityCode, remote: string, certificate: string | undefined): void {
    if (!this.distrusted.take(code)) return;
    this.observer.security?.(code, remote, certificate);
    this.observer.changed();
  }

  /** Closes a connection whose partner the certificates do not vouch for any more, and shows what stands against them. */
  private examine(): void {
    const { session } = this.seat;
    const problem = session && this.tls?.problemOf(session.channel);
    if (session !== undefined && problem !== undefined) {
      this.lineLog.log('warn', `${session.remote}: ${problem.reason} (${problem.code}): it is closed`);
      this.distrust(problem.code, session.remote, session.channel.certificate);
      session.close('certificate');
    }
    const warnings = this.status.warnings?.join('\n') ?? '';
    if (warnings === this.shownWarnings) return;
    this.shownWarnings = warnings;
    this.observer.changed();
  }

  private become(state: LineState, reason: string | undefined): void {
    if (this.state === state && this.reason === reason) return;
    this.state = state;
    this.reason = reason;
    this.observer.changed();
  }
}
