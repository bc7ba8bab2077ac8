import type { Channel } from '../line/channel.js';
import { Listener } from '../line/listener.js';
import { TlsGate } from '../line/tls/gate.js';
import type { TlsRefusal } from '../line/tls/refusal.js';
import type { CertificateFile } from '../line/tls/report.js';
import type { Clock } from '../link/clock.js';
import type { LineLog } from '../link/line-log.js';
import type { LineState } from '../link/status.js';
import type { ServerParameters } from '../station/parameters.js';
import { Admission, type AdmissionCode } from './admission.js';
import type { ServerLineOptions } from './options.js';
import { TurnedAway } from './turned-away.js';

/** Who is in. */
export interface Guest {
  readonly remote: string;
  readonly channel: Channel;
  close(reason: 'not-allowed' | 'certificate'): void;
}

/** Where clients come in: the port of a line, TLS, and who is admitted. */
export class Entrance {
  state: LineState = 'closed';
  /** Why it is in error. */
  reason: string | undefined;
  private listener: Listener | undefined;
  private readonly gate: TlsGate | undefined;
  private readonly admission = new Admission();
  private readonly turnedAway: TurnedAway;
  private shownWarnings = '';

  /**
   * @param connections those that are in, which are closed when their certificate does not count any more
   * @param enter takes who has passed TLS
   */
  constructor(
    private readonly options: Pick<ServerLineOptions, 'host' | 'port' | 'tls' | 'observer'>,
    private readonly lineLog: LineLog,
    clock: Clock,
    private readonly connections: ReadonlySet<Guest>,
    private readonly enter: (channel: Channel) => void,
  ) {
    this.turnedAway = new TurnedAway(options.observer, () => clock.now());
    if (options.tls === undefined) return;
    const observer = {
      log: (level: 'info' | 'warn' | 'error', text: string) => this.lineLog.log(level, text),
      refused: ({ code, reason, remote, certificate }: TlsRefusal) =>
        this.turnedAway.add(code, `${reason} (${code})`, remote, certificate),
      admits: (address: string, remote: string) => this.mayTry(address, remote),
      examine: () => this.examine(),
    };
    this.gate = new TlsGate(options.tls, observer, clock);
  }

  /** The port in use, while listening. */
  get port(): number | undefined {
    return this.listener?.boundPort;
  }

  /** What stands against the line's certificates, in words. */
  get warnings(): readonly string[] {
    return this.listener === undefined ? [] : (this.gate?.warnings ?? []);
  }

  /** How many clients were not let in, for each reason. */
  get refused(): Readonly<Record<string, number>> {
    return this.turnedAway.counts;
  }

  /** Who had come in has no place there. @param reason in words */
  turnAway(channel: Channel, code: AdmissionCode, reason: string): void {
    this.turnedAway.add(code, reason, channel.remote, channel.certificate);
    channel.destroy();
  }

  /** Takes over the parameters. @param warn is told of what is no address */
  configure(parameters: ServerParameters, warn: (text: string) => void): void {
    this.admission.configure(parameters, warn);
    // Connections outlive a deploy; who was let in before is asked again.
    for (const connection of [...this.connections]) {
      const { address, certificate } = connection.channel;
      if (this.admission.refusal(address, [], certificate)?.code === 'not-allowed') connection.close('not-allowed');
    }
  }

  /** Listens, and tries again as long as that fails. @returns false where it does already */
  open(): boolean {
    if (this.listener !== undefined) return false;
    const { host, port } = this.options;
    const { gate } = this;
    const makeServer = gate && ((accept: (channel: Channel) => void) => gate.createServer(accept));
    this.listener = new Listener(
      host,
      port,
      {
        listening: (address) => {
          this.lineLog.log('info', `listening on ${address}${gate === undefined ? '' : ' with TLS'}`);
          this.become('listening', undefined);
          for (const warning of gate?.standing ?? []) this.lineLog.log('warn', warning);
        },
        failed: (code, message) => {
          if (this.reason !== message)
            this.lineLog.log('error', `cannot listen: ${message} (${code}); tried again, at least every 5 s`);
          this.become('error', message);
        },
        accepted: (channel) => this.take(channel),
      },
      makeServer,
    );
    this.listener.open();
    return true;
  }

  /** Stops listening; connections stay. @returns when the port is free */
  async close(): Promise<void> {
    const { listener } = this;
    this.listener = undefined;
    this.gate?.close();
    await listener?.close();
    this.become('closed', undefined);
  }

  /** Whether a client is let in; one that is not is told of and its channel destroyed. */
  admits(channel: Channel): boolean {
    const refused = this.admission.refusal(channel.address, [...this.connections], channel.certificate);
    if (refused === undefined) return true;
    this.turnedAway.add(refused.code, refused.reason, channel.remote, channel.certificate);
    channel.destroy();
    return false;
  }

  /** What `CHECK CERTS` lists of the line's files. */
  certificates(mask: string): CertificateFile[] {
    return this.gate?.certificates(mask) ?? [];
  }

  /** What goes wrong with one client costs the others nothing. */
  private take(channel: Channel): void {
    try {
      this.enter(channel);
    } catch (error) {
      const what = error instanceof Error ? error.stack : String(error);
      this.lineLog.log('error', `${channel.remote}: internal error: ${what}`);
      channel.destroy();
    }
  }

  /** Before a handshake, which is work for us as well. */
  private mayTry(address: string, remote: string): boolean {
    const refused = this.admission.refusalOfAddress(address);
    if (refused !== undefined) this.turnedAway.add(refused.code, refused.reason, remote);
    return refused === undefined;
  }

  /** Closes whom the certificates do not vouch for any more, and shows what has come to stand against them. */
  private examine(): void {
    for (const connection of [...this.connections]) {
      const { channel } = connection;
      const problem = this.gate?.problemOf(channel);
      if (problem === undefined) continue;
      const { certificate } = channel;
      this.lineLog.log('warn', `${connection.remote}: ${problem.reason} (${problem.code}): it is closed`);
      this.options.observer.security?.(problem.code, connection.remote, certificate);
      connection.close('certificate');
    }
    const warnings = this.warnings.join('\n');
    if (warnings === this.shownWarnings) return;
    this.shownWarnings = warnings;
    this.options.observer.changed();
  }

  private become(state: LineState, reason: string | undefined): void {
    this.shownWarnings = this.warnings.join('\n');
    if (this.state === state && this.reason === reason) return;
    this.state = state;
    this.reason = reason;
    this.options.observer.changed();
  }
}
