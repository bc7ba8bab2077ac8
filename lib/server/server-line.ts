import type { CloseReason } from '../apci/session.js';
import type { Channel } from '../line/channel.js';
import type { CertificateFile } from '../line/tls/report.js';
import { type Clock, systemClock } from '../link/clock.js';
import { LineLog } from '../link/line-log.js';
import { guarded } from '../link/observer.js';
import type { LineStatus } from '../link/status.js';
import { CommandDesk } from '../procedures/commands.js';
import { dispatch, type Surroundings } from '../procedures/dispatch.js';
import { notSent, type Outcome } from '../procedures/enquiries.js';
import type { CommandAnswer } from '../procedures/pending.js';
import type { Request } from '../procedures/request.js';
import { type ClientGroup, ClientGroups } from '../redundancy/groups.js';
import { Journal } from '../station/journal.js';
import { withDefaults } from '../station/parameters.js';
import { Sightings } from '../station/sightings.js';
import type { Station, WriteInput } from '../station/station.js';
import { FrameWatch } from '../trace/frame-watch.js';
import { Clockwork } from './clockwork.js';
import { Closings } from './closings.js';
import { Connection, type ConnectionHost } from './connection.js';
import { Entrance } from './entrance.js';
import { ClientFlags } from './flags.js';
import { Grouping } from './grouping.js';
import { Limits } from './limits.js';
import { LineStations } from './line-stations.js';
import { lossText } from './loss.js';
import type { LineStation, ServerLineOptions } from './options.js';
import { connectionSettings } from './settings.js';
import { Standby } from './standby.js';
import { serverStatus } from './status.js';
import { UnknownObjects } from './unknown-objects.js';
import { Vigilance } from './vigilance.js';

/**
 * A line with controlled stations: listens, serves any number of clients, and outlives whoever made it. It knows no
 * Node-RED.
 */
export class ServerLine implements ConnectionHost {
  readonly lineNumber: number;
  /** Who looks at the frames of the line: its log by DBGI and DBGO, and monitors. */
  readonly frames: FrameWatch;
  private readonly clock: Clock;
  readonly stations: LineStations;
  /** What clients have named so far. */
  readonly sightings = new Sightings();
  private readonly connections = new Set<Connection>();
  private readonly flags = new ClientFlags();
  private readonly around: Surroundings;
  private readonly journal = new Journal(withDefaults({}).EBS);
  private readonly groups = new ClientGroups(this.journal, ({ name }, why) => this.warn(lossText(name, why)));
  private readonly grouping = new Grouping(this.groups);
  private readonly closings: Closings;
  private readonly unknown: UnknownObjects;
  private woken = false;
  private readonly standby: Standby;
  private readonly clockwork: Clockwork;
  private readonly vigilance: Vigilance;
  private readonly lineLog: LineLog;
  private readonly entrance: Entrance;
  private readonly limits: Limits;
  private readonly options: ServerLineOptions;
  private readonly guard: () => boolean;

  constructor(given: ServerLineOptions) {
    const options = { ...given, observer: guarded(given.observer) };
    this.options = options;
    this.lineNumber = options.lineNumber;
    this.guard = options.guard ?? (() => true);
    this.clock = options.clock ?? systemClock;
    this.stations = new LineStations(options.name, options.lineNumber);
    const now = (): number => this.clock.now();
    const lineLog = (): LineLog => new LineLog((level, text) => options.observer.log(level, text), now);
    this.lineLog = lineLog();
    this.closings = new Closings(lineLog());
    this.unknown = new UnknownObjects(this.stations, lineLog());
    this.vigilance = new Vigilance(now, (code, { remote, channel }) =>
      options.observer.security?.(code, remote, channel.certificate),
    );
    this.entrance = new Entrance(options, this.lineLog, this.clock, this.connections, (channel) =>
      this.accept(channel),
    );
    this.limits = new Limits(this.journal, this.entrance, this.grouping, (text) => this.lineLog.log('warn', text));
    this.frames = new FrameWatch(
      (text) => options.observer.log('info', text),
      now,
      () => {
        for (const connection of this.connections) connection.observe(this.frames.observer(connection));
      },
    );
    const desk = new CommandDesk(options.operator, (client) => this.vigilance.isTooFast(client as Connection));
    this.around = {
      stations: this.stations.byAddress,
      desk,
      operator: options.operator,
      lineNumber: options.lineNumber,
      answered: (request, client) =>
        this.clockwork.partners.answered(client as Connection, request.asdu, this.clock.now()),
      unknown: (station, addresses, client) => this.unknown.named(station, addresses, client.remote),
    };
    this.clockwork = new Clockwork(this.clock, this.lineNumber, desk, this.groups, this.connections, this.pump);
    const { clock, journal, groups, connections, entrance, clockwork, stations, guard } = this;
    this.standby = new Standby({ clock, journal, groups, connections, entrance, clockwork, desk, stations, guard });
  }

  /** The port in use, while listening. */
  get port(): number | undefined {
    return this.entrance.port;
  }

  /**
   * Puts a station on the line. The parameters of all stations are worked out anew.
   * @throws TelecontrolError `configuration` when the common address is taken, naming both
   */
  add(member: LineStation): void {
    this.configure(this.stations.add(member));
    member.station.attach(this.journal, this.pump);
  }

  /** Puts a station in the place of one with the same common address, or takes over other parameters of the same one. */
  replace(old: Station, member: LineStation): void {
    if (member.station !== old) old.detach();
    member.station.attach(this.journal, this.pump);
    this.configure(this.stations.replace(old, member));
    if (member.station !== old) this.follow(old, member.station);
  }

  /** Takes a station from the line. Its connections stay; its address is unknown from now on. */
  remove(station: Station): void {
    if (!this.stations.has(station)) return;
    station.end();
    this.configure(this.stations.remove(station));
    this.follow(station, undefined);
  }

  /** Listens, and tries again as long as that fails; of a passive instance, as soon as it is active. */
  open(): void {
    this.standby.open();
  }

  /** Stops listening and closes all connections. */
  close(): Promise<void> {
    return this.standby.close();
  }

  /** Stops and goes on reading what clients send: while stations change they see a pause, and no refusal. */
  hold(isHeld: boolean): void {
    this.limits.hold(isHeld);
    for (const connection of this.connections) connection.hold(isHeld);
  }

  /** Serves a connection that came some other way than through the listener. */
  accept(channel: Channel): void {
    if (!this.entrance.admits(channel)) return;
    const settings = connectionSettings(this.stations.parameters);
    const { standby } = this;
    const connection = new Connection(channel, settings, this.clock, this, () => standby.isPassive || this.guard());
    this.connections.add(connection);
    if (standby.isPassive) connection.standBy(true);
    if (this.limits.isHeld) connection.hold(true);
    connection.observe(this.frames.observer(connection));
    this.options.observer.changed();
  }

  /** Closes the connections of a remote `address:port`. @returns how many */
  disconnect(remote: string): number {
    const found = [...this.connections].filter((connection) => connection.remote === remote);
    for (const connection of found) connection.close();
    return found.length;
  }

  /**
   * A flow's answer to a command.
   * @throws TelecontrolError `state` when the command does not wait for it
   */
  answer(command: string, answer: CommandAnswer): void {
    this.around.desk.answer(command, answer, this.clock.now());
    this.pump();
    this.clockwork.arm();
  }

  /**
   * Sends a command of a balanced station to its partners.
   * @param done is told once how it ended
   * @returns false where the input names a value, which is written
   * @throws TelecontrolError naming the point and what is allowed
   */
  command(station: Station, input: WriteInput, done: (outcome: Outcome) => void): boolean {
    const command = station.command(input);
    if (command === undefined) return false;
    if (!this.guard()) {
      done(notSent('passive'));
      return true;
    }
    const time = input.timestamp ?? this.clock.wall();
    this.clockwork.partners.command(station, command.point, command.sample, time, this.clock.now(), done);
    this.pump();
    this.clockwork.arm();
    return true;
  }

  /** Interrogates the partners of a balanced station (STWATCH). @returns how many there are */
  watch(station: Station): number {
    const count = this.clockwork.partners.watch(station);
    this.pump();
    return count;
  }

  get status(): LineStatus {
    const { last: lastClose, counts: closes } = this.closings;
    const { reason, warnings, refused } = this.entrance;
    const state = this.standby.isStandingBy ? 'passive' : this.entrance.state;
    return serverStatus(
      { state, reason, warnings, flags: this.flags.names, lost: this.groups.lost, lastClose, closes, refused },
      this.connections,
      this.stations.all,
    );
  }

  /** What `CHECK CERTS` lists of the line's files. @param mask with `*` and `?` over files and subjects; empty for all */
  certificates(mask = ''): CertificateFile[] {
    return this.entrance.certificates(mask);
  }

  // What connections ask

  group(connection: Connection): ClientGroup {
    return this.grouping.of(connection, this.connections, this.clock.now());
  }

  request(request: Request, connection: Connection): void {
    const wall = this.clock.wall();
    this.sightings.note(request.asdu, wall);
    if (this.standby.refuses(request, connection)) return;
    dispatch(request, connection, this.around, this.clock.now(), wall, this.stations.parameters.IT === 1);
    this.clockwork.arm();
  }

  interrogated(connection: Connection, originator: number): void {
    this.clockwork.partners.interrogatedBy(connection, originator);
  }

  unknownObject(connection: Connection, refusal: Uint8Array): void {
    this.vigilance.unknownObject(connection);
    this.unknown.refused(refusal, connection.remote);
  }

  stateChanged(connection: Connection): void {
    if (connection.state === 'started') {
      connection.flag ??= this.flags.take();
      // Otherwise as soon as the instance is active.
      if (!this.standby.isPassive) this.clockwork.partners.started(connection, this.stations.all);
    } else this.stopped(connection); // Also while STOPDT con is held back: the client has asked for the end.
    this.options.observer.changed();
  }

  closed(connection: Connection, reason: CloseReason, received: Uint8Array): void {
    this.connections.delete(connection);
    this.stopped(connection);
    this.around.desk.forget(connection);
    this.closings.note(connection, reason, received);
    this.options.observer.changed();
  }

  failed({ remote }: Connection, error: unknown): void {
    this.lineLog.log('error', `${remote}: internal error: ${error instanceof Error ? error.stack : String(error)}`);
  }

  // Own business

  private warn(text: string): void {
    this.lineLog.log('warn', text);
    this.options.observer.changed();
  }

  /** The guard's answer has changed: opens, closes, or stands by (SKO). */
  wake(): void {
    this.standby.obey();
    this.pump();
    this.options.observer.changed();
  }

  /** An event was written: all connections send, once what goes on now has run to its end. */
  private readonly pump = (): void => {
    if (this.woken) return;
    this.woken = true;
    this.clock.soon(() => {
      this.woken = false;
      this.standby.note();
      for (const connection of this.connections) connection.pump();
    });
  };

  private follow(old: Station, next: Station | undefined): void {
    this.around.desk.follow(old, next);
    for (const connection of this.connections) connection.follow(old, next);
  }

  /** The stations have changed, and with them the parameters. */
  private configure(warnings: readonly string[]): void {
    const { parameters, all } = this.stations;
    this.limits.configure(parameters, warnings);
    this.frames.debug(parameters.DBGI, parameters.DBGO);
    this.vigilance.configure(parameters);
    this.clockwork.configure(all);
    this.options.observer.changed();
  }

  private stopped(connection: Connection): void {
    this.clockwork.partners.stopped(connection, this.clock.now());
    if (connection.flag !== undefined) this.flags.release(connection.flag);
    connection.flag = undefined;
    this.clockwork.arm();
  }
}
