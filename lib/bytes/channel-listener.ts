import type { Channel } from '../line/channel.js';
import type { CertificateFile } from '../line/tls/report.js';
import type { TlsSettings } from '../line/tls/settings.js';
import { type Clock, systemClock } from '../link/clock.js';
import { LineLog } from '../link/line-log.js';
import { guarded, type LineObserver } from '../link/observer.js';
import type { LineStatus } from '../link/status.js';
import { Entrance } from '../server/entrance.js';
import type { ByteChannel } from './byte-channel.js';
import type { OctetWatch } from './octet-watch.js';
import { type Seat, SessionSeat } from './session-seat.js';

export interface ChannelListenerOptions {
  /** Address or name of an interface; `*`, `ALL`, `[*]`, `[ALL]`. */
  readonly host: string;
  /** 1..65535; 0 lets the system choose. */
  readonly port: number;
  /** Certificates or a pre-shared key; undefined for plain TCP. */
  readonly tls?: TlsSettings | undefined;
  readonly observer: LineObserver;
  readonly clock?: Clock;
  /** Asked before each connection whether this process may act. */
  readonly guard?: () => boolean;
}

/** A line that listens for one session of a byte channel. */
export class ChannelListener {
  private readonly seat: SessionSeat;
  private readonly entrance: Entrance;
  private readonly lineLog: LineLog;
  private readonly guard: () => boolean;
  private party: Seat = 'primary';
  private isWanted = false;

  constructor(given: ChannelListenerOptions) {
    const { clock = systemClock, guard = () => true } = given;
    const options = { ...given, observer: guarded(given.observer) };
    this.guard = guard;
    this.lineLog = new LineLog(
      (level, text) => options.observer.log(level, text),
      () => clock.now(),
    );
    this.seat = new SessionSeat(options.observer, this.lineLog, clock);
    this.entrance = new Entrance(options, this.lineLog, clock, this.seat.sessions, (channel) => this.accept(channel));
  }

  get frames(): OctetWatch {
    return this.seat.frames;
  }

  /** The port in use, while listening. */
  get port(): number | undefined {
    return this.entrance.port;
  }

  /** The channel that sessions belong to from now on; undefined lets them wait for one. */
  serve(channel: ByteChannel | undefined, seat: Seat = this.party): void {
    this.party = seat;
    const { session } = this.seat;
    this.seat.serve(undefined);
    if (session !== undefined) session.party = seat;
    this.seat.serve(channel);
  }

  /** Listens; of a passive instance, as soon as it is active. */
  open(): void {
    this.isWanted = true;
    this.wake();
  }

  async close(): Promise<void> {
    this.isWanted = false;
    this.seat.close('local');
    await this.entrance.close();
  }

  /** Closes the session. */
  drop(): void {
    this.seat.close('local');
  }

  hold(isHeld: boolean): void {
    this.seat.hold(isHeld);
  }

  wake(): void {
    if (!this.isWanted) return;
    if (this.guard()) return void this.entrance.open();
    this.seat.close('passive');
    void this.entrance.close();
  }

  disconnect(remote: string): number {
    return this.seat.close('local', remote);
  }

  certificates(mask: string): CertificateFile[] {
    return this.entrance.certificates(mask);
  }

  get status(): LineStatus {
    const { state, reason, warnings, refused } = this.entrance;
    const shown = this.isWanted && !this.guard() ? 'passive' : state;
    return this.seat.status({ state: shown, reason, warnings, refused }, this.party === 'primary');
  }

  /**
   * One session at a time. Who comes from the address of the one that is there takes its place, for that may be dead
   * without our knowing; who comes from another does not, or anybody who tries ports would end sessions.
   */
  private accept(channel: Channel): void {
    const { session } = this.seat;
    if (!this.guard()) {
      this.lineLog.log('warn', `${channel.remote} turned away: this process is passive`);
      channel.destroy();
    } else if (session !== undefined && session.channel.address !== channel.address)
      this.entrance.turnAway(channel, 'MC', `${session.remote} is the ${session.party} session`);
    else this.seat.take(channel, this.party);
  }
}
