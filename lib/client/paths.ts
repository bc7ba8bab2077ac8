import type { Channel } from '../line/channel.js';
import { Dialer, type DialerHandler } from '../line/dialer.js';
import { TlsDial } from '../line/tls/dial.js';
import type { TlsRefusal, TlsSecurityCode } from '../line/tls/refusal.js';
import type { CertificateFile } from '../line/tls/report.js';
import type { Clock } from '../link/clock.js';
import { Distrusted } from '../link/distrusted.js';
import type { LineLog } from '../link/line-log.js';
import type { LineStatus } from '../link/status.js';
import type { ClientConnection } from './connection.js';
import type { ClientLineOptions, PathOptions } from './options.js';
import { ClientPath, type Dialling, type MakeDialling, type PathHost } from './path.js';

/** ms until the guard is asked again whether to connect, should nobody wake the line. */
const ASK_AGAIN = 1000;

/** The ways of a line to its substations: one, or a primary and a backup; attempts to connect, TLS, and how they ended. */
export class Paths implements PathHost {
  readonly all: readonly ClientPath[];
  /** Why the last attempt or connection failed; undefined once there is data transfer. */
  reason: string | undefined;
  /** Our own certificates cannot be used. */
  isUnable = false;
  lastClose: LineStatus['lastClose'];
  readonly closes: Record<string, number> = {};
  private timeout = 0;
  private readonly tls: TlsDial | undefined;
  private readonly distrusted: Distrusted<TlsSecurityCode>;
  /** What was told of each host last. */
  private readonly told = new Map<string, string>();
  private shownWarnings = '';

  /**
   * @param enter takes a channel that stands
   * @param changed is called when the status may be another, and the next attempt due at another time
   * @param make makes attempts; by default over TCP and TLS
   */
  constructor(
    private readonly options: ClientLineOptions,
    private readonly lineLog: LineLog,
    private readonly clock: Clock,
    private readonly guard: () => boolean,
    private readonly enter: (path: ClientPath, channel: Channel) => void,
    private readonly changed: () => void,
    make?: MakeDialling,
  ) {
    const { tls, paths, random = Math.random } = options;
    this.distrusted = new Distrusted(
      () => clock.now(),
      (text) => lineLog.log('warn', text),
    );
    if (tls !== undefined) {
      const observer = {
        log: (level: 'info' | 'warn' | 'error', text: string) => lineLog.log(level, text),
        refused: ({ code, remote, certificate }: TlsRefusal) => this.distrust(code, remote, certificate),
        examine: () => this.examine(),
      };
      this.tls = new TlsDial(tls, observer, clock);
    }
    this.all = paths.map(
      (path, i) =>
        new ClientPath(i === 0 ? 0 : 1, path, clock, random, this, make ?? ((...given) => this.dialer(...given))),
    );
  }

  get connections(): ClientConnection[] {
    return this.all.flatMap(({ connection }) => connection ?? []);
  }

  /** What stands against the line's certificates, in words. */
  get warnings(): readonly string[] {
    return this.tls?.warnings ?? [];
  }

  /** How many partners were not trusted, for each reason. */
  get refused(): Readonly<Record<string, number>> {
    return this.distrusted.counts;
  }

  /** When `dial` wants to be called, ms of the clock. */
  get deadline(): number {
    return Math.min(...this.all.map(({ due }) => due));
  }

  /** Takes over how long an attempt may take, ms (WT0). */
  configure(timeout: number): void {
    if (this.timeout === timeout) return;
    this.timeout = timeout;
    for (const path of this.all) path.renew();
  }

  open(): void {
    for (const warning of this.tls?.standing ?? []) this.lineLog.log('warn', warning);
    for (const path of this.all) path.open();
  }

  /** Closes connections, and gives up attempts. */
  close(): void {
    for (const path of this.all) path.close();
    this.tls?.close();
    this.reason = undefined;
    this.isUnable = false;
  }

  /** Makes the attempts that are due. */
  dial(now: number): void {
    for (const path of this.all) {
      if (path.due > now) continue;
      if (this.guard()) path.dial();
      else path.due = now + ASK_AGAIN;
    }
  }

  /** What `CHECK CERTS` lists of the line's files. */
  certificates(mask: string): CertificateFile[] {
    return this.tls?.certificates(mask) ?? [];
  }

  connected(path: ClientPath, channel: Channel): void {
    this.isUnable = false;
    this.told.clear();
    this.lineLog.log('info', `connected to ${channel.remote}${this.tls === undefined ? '' : ' with TLS'}`);
    try {
      this.enter(path, channel);
    } catch (error) {
      this.fault(path, channel, error);
    }
  }

  failed(_path: ClientPath, remote: string, code: string, reason: string | undefined): void {
    const why = reason === undefined ? code : `${reason} (${code})`;
    if (this.told.get(remote) !== why) this.lineLog.log('warn', `cannot connect to ${remote}: ${why}`);
    this.told.set(remote, why);
    this.isUnable = code === 'tls';
    this.ended(remote, code, `${remote}: ${why}`);
  }

  /** An attempt or a connection has ended. @param text says it in words */
  ended(remote: string, reason: string, text: string): void {
    this.closes[reason] = (this.closes[reason] ?? 0) + 1;
    this.lastClose = { remote, reason };
    this.reason = text;
    this.changed();
  }

  /** What goes wrong as a connection begins costs that connection, and nothing else of the process. */
  private fault(path: ClientPath, channel: Channel, error: unknown): void {
    const { remote } = channel;
    this.lineLog.log('error', `${remote}: internal error: ${error instanceof Error ? error.stack : String(error)}`);
    if (path.connection !== undefined) return path.connection.close('internal');
    channel.destroy();
    path.ended();
    this.ended(remote, 'internal', `${remote}: internal`);
  }

  private dialer(options: PathOptions, handler: DialerHandler): Dialling {
    const { clock, tls } = this;
    return new Dialer(options.hosts, options.port, this.timeout, handler, {
      tls,
      timer: (ms, call) => clock.timer(ms, call),
    });
  }

  private distrust(code: TlsSecurityCode, remote: string, certificate: string | undefined): void {
    if (this.distrusted.take(code)) this.options.observer.security?.(code, remote, certificate);
  }

  /** Closes what the certificates do not vouch for any more, and shows what has come to stand against them. */
  private examine(): void {
    for (const connection of this.connections) {
      const problem = this.tls?.problemOf(connection.channel);
      if (problem === undefined) continue;
      this.lineLog.log('warn', `${connection.remote}: ${problem.reason} (${problem.code}): it is closed`);
      this.distrust(problem.code, connection.remote, connection.channel.certificate);
      connection.close('certificate');
    }
    const warnings = this.warnings.join('\n');
    if (warnings === this.shownWarnings) return;
    this.shownWarnings = warnings;
    this.changed();
  }
}
