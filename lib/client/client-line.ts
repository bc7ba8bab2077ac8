import type { CloseReason } from '../apci/session.js';
import { type Asdu, decodeAsdu } from '../asdu/asdu.js';
import type { Channel } from '../line/channel.js';
import type { CertificateFile } from '../line/tls/report.js';
import { type Clock, systemClock } from '../link/clock.js';
import { LineLog } from '../link/line-log.js';
import { sessionSettings } from '../link/settings.js';
import type { LineState, LineStatus } from '../link/status.js';
import { CodecError, hex } from '../octets/octets.js';
import { notSent, type Outcome } from '../procedures/enquiries.js';
import { Sightings } from '../station/sightings.js';
import { FrameWatch } from '../trace/frame-watch.js';
import type { ClientStation } from './client-station.js';
import { ClientStations } from './client-stations.js';
import { Clockwork } from './clockwork.js';
import { ClientConnection, type ConnectionHost } from './connection.js';
import { type ClientLineOptions, type ClientMember, guardedClient } from './options.js';
import { activationOf, type ClientOrder } from './orders.js';
import type { ClientPath, MakeDialling } from './path.js';
import { Paths } from './paths.js';
import { notTopical, Receiver, type ReceiverHost } from './receiver.js';
import { Redundancy } from './redundancy.js';
import { clientStatus } from './status.js';

/**
 * A line that connects to substations: values come in and orders go out over one connection, or over two of a redundant
 * line. It outlives whoever made it, and knows no Node-RED.
 */
export class ClientLine implements ConnectionHost, ReceiverHost {
  readonly lineNumber: number;
  /** Who looks at the frames of the line: its log by DBGI and DBGO, and monitors. */
  readonly frames: FrameWatch;
  readonly stations: ClientStations;
  /** What substations have sent so far. */
  readonly sightings = new Sightings();
  /** It never listens. */
  readonly port = undefined;
  private readonly clock: Clock;
  private readonly lineLog: LineLog;
  private readonly paths: Paths;
  private readonly redundancy: Redundancy;
  private readonly receiver: Receiver;
  private readonly clockwork: Clockwork;
  private readonly guard: () => boolean;
  private isOpen = false;
  private isHeld = false;
  /** Warnings of the parameters that were told already. */
  private warned: ReadonlySet<string> = new Set();

  private readonly options: ClientLineOptions;

  /** @param make makes attempts to connect; by default over TCP and TLS */
  constructor(given: ClientLineOptions, make?: MakeDialling) {
    this.options = { ...given, observer: guardedClient(given.observer, (text) => this.lineLog.log('error', text)) };
    this.lineNumber = given.lineNumber;
    this.clock = given.clock ?? systemClock;
    this.guard = given.guard ?? (() => true);
    const now = (): number => this.clock.now();
    this.stations = new ClientStations(given.name);
    const lineLog = (): LineLog => new LineLog((level, text) => this.options.observer.log(level, text), now);
    this.lineLog = lineLog();
    this.frames = new FrameWatch(
      (text) => this.options.observer.log('info', text),
      now,
      () => {
        for (const connection of this.paths.connections) connection.observe(this.frames.observer(connection));
      },
    );
    this.paths = new Paths(
      this.options,
      this.lineLog,
      this.clock,
      this.guard,
      (path, channel) => this.enter(path, channel),
      () => {
        this.clockwork.arm();
        this.changed();
      },
      make,
    );
    this.redundancy = new Redundancy(this.paths, this.clock, (connection) => this.interrogateAll(connection));
    const { observer } = this.options;
    this.receiver = new Receiver(this, this.stations, this.redundancy, observer, this.sightings, lineLog(), this.clock);
    this.clockwork = new Clockwork(this.clock, this.paths);
  }

  /**
   * Puts a station on the line. The parameters of all stations are worked out anew.
   * @throws TelecontrolError `configuration` when the common address is taken, naming both
   */
  add(member: ClientMember): void {
    this.configure(this.stations.add(member));
    this.interrogateNew(member.station);
  }

  /** Puts a station in the place of one with the same common address, or takes over other parameters of the same one. */
  replace(old: ClientStation, member: ClientMember): void {
    const { station } = member;
    if (station !== old) {
      station.follow(old);
      for (const { dialogue } of this.paths.connections) dialogue.forget(old);
      this.redundancy.forget();
    }
    this.configure(this.stations.replace(old, member));
    if (station !== old) this.interrogateNew(station);
  }

  /** Takes a station from the line. What comes of it is unknown from now on. */
  remove(station: ClientStation): void {
    if (!this.stations.has(station)) return;
    for (const { dialogue } of this.paths.connections) dialogue.forget(station);
    station.takeLast();
    station.state = 'StOFF';
    this.configure(this.stations.remove(station));
  }

  /** Connects, and goes on trying. */
  open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.clockwork.configure(this.stations.all);
    this.wake();
  }

  /** Closes the connections. What has come is not told once more. */
  async close(): Promise<void> {
    this.isOpen = false;
    this.clockwork.cancel();
    this.paths.close();
    for (const station of this.stations.all) station.takeLast();
    this.redundancy.forget();
    this.changed();
  }

  /** Stops and goes on reading what substations send: while stations change they see a pause. */
  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
    for (const connection of this.paths.connections) connection.hold(isHeld);
  }

  /** The answer of the guard has changed: connects and sends, or closes what may not stay. */
  wake(): void {
    if (!this.isOpen) return;
    if (this.guard()) this.paths.open();
    else this.paths.close();
    for (const connection of this.paths.connections) connection.pump();
    this.asked();
    this.changed();
  }

  /** Closes the connections of a remote `address:port`; they are made anew. @returns how many */
  disconnect(remote: string): number {
    const found = this.paths.connections.filter((connection) => connection.remote === remote);
    for (const connection of found) connection.close();
    return found.length;
  }

  /** What `CHECK CERTS` lists of the line's files. @param mask with `*` and `?` over files and subjects; empty for all */
  certificates(mask = ''): CertificateFile[] {
    return this.paths.certificates(mask);
  }

  /** Moves data transfer, or commands, to the connection that stands by. @returns whether there is one */
  switchOver(): boolean {
    return this.redundancy.switchOver();
  }

  /**
   * Sends an order to a station.
   * @param done is told once how it ended, possibly within this call
   * @throws TelecontrolError naming the station, the point and what is allowed
   */
  order(station: ClientStation, order: ClientOrder, done: (outcome: Outcome) => void): void {
    const activation = activationOf(order, station, this.lineNumber, this.clock.wall());
    if (!this.guard()) return done(notSent('passive'));
    const { active } = this.redundancy;
    if (active === undefined || !this.stations.has(station)) return done(notSent('disconnected'));
    active.dialogue.order(activation, station.parameters.WTN, done);
    active.pump();
  }

  /** Interrogates a station (STWATCH). @returns over how many connections */
  watch(station: ClientStation): number {
    const { active } = this.redundancy;
    if (active === undefined || !this.stations.has(station)) return 0;
    active.dialogue.interrogate(station);
    active.pump();
    return 1;
  }

  get status(): LineStatus {
    return clientStatus(this.state, this.paths, this.redundancy, this.stations.all);
  }

  // What connections ask and tell

  deliver(connection: ClientConnection, octets: Uint8Array, mark: boolean): void {
    let asdu: Asdu;
    try {
      asdu = decodeAsdu(octets);
    } catch (error) {
      if (error instanceof CodecError) return connection.close('asdu');
      throw error;
    }
    const marks = this.redundancy.marks(connection, mark, asdu.test);
    if (marks === undefined) return;
    this.receiver.take(asdu, connection, marks);
  }

  stateChanged(connection: ClientConnection): void {
    if (connection.state !== 'started') connection.dialogue.end();
    else this.paths.reason = undefined;
    this.redundancy.changed(connection, connection.state);
    this.changed();
  }

  closed(connection: ClientConnection, reason: CloseReason, received: Uint8Array): void {
    const { remote, index } = connection;
    this.paths.all[index]?.ended();
    connection.dialogue.end();
    this.redundancy.changed(connection, 'closed');
    const octets = received.length > 0 ? `, received ${hex(received)}` : '';
    this.lineLog.log(reason === 'local' ? 'info' : 'warn', `${remote} closed: ${reason}${octets}`);
    if (this.isOpen && !this.redundancy.isBusy) this.lose();
    this.paths.ended(remote, reason, `${remote}: ${reason}`);
  }

  failed({ remote }: ClientConnection, error: unknown): void {
    this.lineLog.log('error', `${remote}: internal error: ${error instanceof Error ? error.stack : String(error)}`);
  }

  asked(): void {
    this.clockwork.arm();
  }

  refused(station: ClientStation, request: Asdu, outcome: Outcome): void {
    this.lineLog.log('warn', `${station.name} refuses interrogation ${request.typeId}: cause ${outcome.cause}`);
    this.stations.refuses(station);
    this.changed();
  }

  initialized(connection: ClientConnection, station: ClientStation): void {
    if (station.isInterrogated) connection.dialogue.initialized(station);
  }

  unknownStation(station: ClientStation): void {
    this.stations.refuses(station);
    this.changed();
  }

  heard(station: ClientStation): void {
    if (this.stations.heard(station)) this.changed();
  }

  // Own business

  private get state(): LineState {
    if (!this.isOpen) return 'closed';
    if (!this.guard()) return 'passive';
    if (this.redundancy.active !== undefined) return 'connected';
    return this.paths.isUnable ? 'error' : 'connecting';
  }

  private enter(path: ClientPath, channel: Channel): void {
    const settings = sessionSettings('controlling', this.stations.parameters);
    const connection = new ClientConnection(path.index, channel, settings, this.clock, this, this.guard);
    path.connection = connection;
    if (this.isHeld) connection.hold(true);
    connection.observe(this.frames.observer(connection));
    this.redundancy.changed(connection, 'stopped');
    this.changed();
  }

  /** Data transfer has begun: every station gets the time and is interrogated. */
  private interrogateAll({ dialogue }: ClientConnection): void {
    for (const station of this.stations.all) {
      if (station.syncPeriod > 0) dialogue.synchronize(station);
      if (station.isInterrogated) dialogue.interrogate(station);
    }
  }

  private interrogateNew(station: ClientStation): void {
    if (station.isInterrogated) this.watch(station);
  }

  /** There is no data transfer any more: what came last is told once more. */
  private lose(): void {
    for (const station of this.stations.all)
      for (const reception of station.takeLast()) this.options.observer.received(notTopical(reception));
    this.redundancy.forget();
  }

  /** The stations have changed, and with them the parameters. */
  private configure(warnings: readonly string[]): void {
    for (const warning of warnings) if (!this.warned.has(warning)) this.lineLog.log('warn', warning);
    this.warned = new Set(warnings);
    const { parameters, all } = this.stations;
    this.frames.debug(parameters.DBGI, parameters.DBGO);
    this.paths.configure(parameters.WT0);
    this.redundancy.configure(parameters);
    this.clockwork.configure(all);
    if (this.isOpen) this.asked();
    this.changed();
  }

  private changed(): void {
    const isStarted = this.redundancy.active !== undefined;
    const hasFailed = this.paths.reason !== undefined && this.guard();
    this.stations.show({ isOpen: this.isOpen, isStarted, hasFailed });
    this.options.observer.changed();
  }
}
