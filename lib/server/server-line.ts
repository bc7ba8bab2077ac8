import { type CloseReason, type SessionSettings, standardSettings } from '../apci/session.js';
import { cause } from '../asdu/cause.js';
import type { Channel } from '../line/channel.js';
import { Listener } from '../line/listener.js';
import { type Clock, systemClock } from '../link/clock.js';
import { TelecontrolError } from '../octets/error.js';
import { hex } from '../octets/octets.js';
import { CommandDesk } from '../procedures/commands.js';
import { CyclicTransmissions } from '../procedures/cyclic.js';
import { dispatch, type Surroundings } from '../procedures/dispatch.js';
import { statePoints } from '../procedures/interrogation.js';
import type { CommandAnswer } from '../procedures/pending.js';
import type { Request } from '../procedures/request.js';
import { Scan } from '../procedures/scan.js';
import { endOfInitialization } from '../procedures/system.js';
import { type ClientGroup, ClientGroups } from '../redundancy/groups.js';
import { Journal } from '../station/journal.js';
import { lineParameters, type ServerParameters, withDefaults } from '../station/parameters.js';
import type { Station } from '../station/station.js';
import { Connection, type ConnectionHost } from './connection.js';
import { Grouping } from './grouping.js';
import { LineLog, type LogLevel } from './line-log.js';
import type { LineStation, ServerLineOptions } from './options.js';
import { ClientFlags, connectionStatus, type LineState, type LineStatus } from './status.js';

/**
 * A line with controlled stations: listens, serves any number of clients, and outlives whoever made it. It knows no
 * Node-RED.
 */
export class ServerLine implements ConnectionHost {
  readonly lineNumber: number;
  private readonly clock: Clock;
  private readonly stations = new Map<number, LineStation>();
  private readonly byAddress = new Map<number, Station>();
  private readonly connections = new Set<Connection>();
  private readonly flags = new ClientFlags();
  private readonly around: Surroundings;
  private readonly cyclic = new CyclicTransmissions();
  private parameters: ServerParameters = withDefaults({});
  private readonly journal = new Journal<Station>(this.parameters.EBS);
  private readonly groups = new ClientGroups(this.journal);
  private readonly grouping = new Grouping(this.groups);
  private listener: Listener | undefined;
  private state: LineState = 'closed';
  private reason: string | undefined;
  private lastClose: LineStatus['lastClose'];
  private woken = false;
  private cancelTimer: (() => void) | undefined;
  private timerAt = Infinity;
  private readonly lineLog: LineLog;

  constructor(private readonly options: ServerLineOptions) {
    this.lineNumber = options.lineNumber;
    this.clock = options.clock ?? systemClock;
    this.lineLog = new LineLog((level, text) => options.observer.log(level, text), this.clock.now);
    this.around = {
      stations: this.byAddress,
      desk: new CommandDesk(options.operator),
      operator: options.operator,
      lineNumber: options.lineNumber,
    };
  }

  /** The port in use, while listening. */
  get port(): number | undefined {
    return this.listener?.boundPort;
  }

  /**
   * Puts a station on the line. The parameters of all stations are worked out anew.
   * @throws TelecontrolError `configuration` when the common address is taken, naming both
   */
  add(member: LineStation): void {
    const { commonAddress, name } = member.station;
    const other = this.stations.get(commonAddress);
    if (other !== undefined)
      throw new TelecontrolError(
        'configuration',
        `common address ${commonAddress} stands twice on line ${this.options.name}: stations ${other.station.name} and ${name}`,
      );
    this.stations.set(commonAddress, member);
    this.byAddress.set(commonAddress, member.station);
    member.station.attach(this.journal, this.wake);
    this.configure();
    this.options.observer.changed();
  }

  /** Takes a station from the line. Its connections stay; its address is unknown from now on. */
  remove(station: Station): void {
    if (this.byAddress.get(station.commonAddress) !== station) return;
    station.detach();
    this.stations.delete(station.commonAddress);
    this.byAddress.delete(station.commonAddress);
    this.configure();
    this.options.observer.changed();
  }

  /** Listens, and tries again as long as that fails. */
  open(): void {
    if (this.listener !== undefined) return;
    this.listener = new Listener(this.options.host, this.options.port, {
      listening: (address) => {
        this.log('info', `listening on ${address}`);
        this.enter('listening', undefined);
      },
      failed: (code, message) => {
        if (this.reason !== message) this.log('error', `cannot listen: ${message} (${code}); tried again every 5 s`);
        this.enter('error', message);
      },
      accepted: (channel) => this.accept(channel),
    });
    this.listener.open();
  }

  /** Stops listening and closes all connections. */
  async close(): Promise<void> {
    const { listener } = this;
    this.listener = undefined;
    this.cancelTimer?.();
    this.timerAt = Infinity;
    for (const connection of [...this.connections]) connection.close();
    await listener?.close();
    this.enter('closed', undefined);
  }

  /** Serves a connection that came some other way than through the listener. */
  accept(channel: Channel): void {
    const { MC } = this.parameters;
    if (MC > 0 && this.connections.size >= MC) {
      this.log('warn', `${channel.remote} turned away: ${MC} clients are connected (MC)`);
      channel.destroy();
      return;
    }
    const settings = {
      session: sessionSettings(this.parameters),
      afterInterrogation: this.parameters.SAI,
      implicit: this.parameters.IMPI,
      ignoreMarked: this.parameters.ICF3,
    };
    const connection = new Connection(channel, settings, this.clock, this, this.options.guard);
    this.connections.add(connection);
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
    this.wake();
    this.arm();
  }

  get status(): LineStatus {
    return {
      state: this.state,
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      flags: this.flags.names,
      connections: [...this.connections].map(connectionStatus),
      stations: [...this.stations.values()].map(({ station }) => ({
        name: station.name,
        address: station.commonAddress,
        state: this.state === 'listening' ? 'StON' : 'StOFF',
      })),
      lost: this.groups.lost,
      ...(this.lastClose === undefined ? {} : { lastClose: this.lastClose }),
    };
  }

  // What connections ask

  initializations(): readonly Uint8Array[] {
    return [...this.byAddress.values()]
      .filter((station) => station.parameters.EOI)
      .map((station) => endOfInitialization(station, this.lineNumber, 0));
  }

  implicitScans(): readonly Scan[] {
    return [...this.byAddress.values()].map(
      (station) => new Scan(station, statePoints(station), cause.spontaneous, undefined, this.lineNumber),
    );
  }

  group(connection: Connection): ClientGroup {
    const { address } = connection.channel;
    const shared = this.grouping.shared(address);
    if (shared === undefined) return this.groups.of(address, this.clock.now());
    // Of a redundancy group one connection has data transfer: the one that asked for it last.
    for (const other of this.connections)
      if (other !== connection && other.takesFrom(shared)) other.close('taken-over');
    return shared;
  }

  request(request: Request, connection: Connection): void {
    const ignoresTests = this.parameters.IT === 1;
    dispatch(request, connection, this.around, this.clock.now(), this.clock.wall(), ignoresTests);
    this.arm();
  }

  stateChanged(connection: Connection): void {
    if (connection.state === 'started') connection.flag ??= this.flags.take();
    else if (connection.state === 'stopped') this.lower(connection);
    this.options.observer.changed();
  }

  closed(connection: Connection, reason: CloseReason, received: Uint8Array): void {
    this.connections.delete(connection);
    this.lower(connection);
    this.around.desk.forget(connection);
    this.lastClose = { remote: connection.remote, reason };
    const octets = received.length > 0 ? `, received ${hex(received)}` : '';
    this.log(
      reason === 'local' || reason === 'peer' ? 'info' : 'warn',
      `${connection.remote} closed: ${reason}${octets}`,
    );
    this.options.observer.changed();
  }

  failed(connection: Connection, error: unknown): void {
    this.log('error', `${connection.remote}: internal error: ${error instanceof Error ? error.stack : String(error)}`);
  }

  // Own business

  /** An event was written: all connections send, once what goes on now has run to its end. */
  private readonly wake = (): void => {
    if (this.woken) return;
    this.woken = true;
    this.clock.soon(() => {
      this.woken = false;
      for (const connection of this.connections) connection.pump();
    });
  };

  /** Sees to the one timer of the line: for commands that wait, and what is sent in turns. */
  private arm(): void {
    const deadline = Math.min(this.around.desk.deadline, this.cyclic.deadline);
    if (deadline >= this.timerAt) return;
    this.cancelTimer?.();
    this.timerAt = deadline;
    this.cancelTimer = this.clock.timer(deadline - this.clock.now(), () => {
      this.timerAt = Infinity;
      const now = this.clock.now();
      this.around.desk.expire(now);
      this.cyclic.expire(now, (scan) => this.offer(scan), this.lineNumber);
      this.wake();
      this.arm();
    });
  }

  private offer(scan: () => Scan): void {
    for (const connection of this.connections) connection.offer(scan());
  }

  private configure(): void {
    const members = [...this.stations.values()].map(({ station, defined }) => ({
      name: station.name,
      commonAddress: station.commonAddress,
      defined,
    }));
    const { line, stations, warnings } = lineParameters(members);
    for (const warning of warnings) this.log('warn', warning);
    for (const { station } of this.stations.values()) station.parameters = stations.get(station.commonAddress) ?? line;
    this.parameters = line;
    this.journal.resize(line.EBS);
    this.grouping.configure(line.GRP, (text) => this.log('warn', text));
    this.cyclic.configure(this.byAddress.values(), this.clock.now());
    this.arm();
  }

  private lower(connection: Connection): void {
    if (connection.flag === undefined) return;
    this.flags.release(connection.flag);
    connection.flag = undefined;
  }

  private enter(state: LineState, reason: string | undefined): void {
    if (this.state === state && this.reason === reason) return;
    this.state = state;
    this.reason = reason;
    this.options.observer.changed();
  }

  private log(level: LogLevel, text: string): void {
    this.lineLog.log(level, text);
  }
}

function sessionSettings(parameters: ServerParameters): SessionSettings {
  return {
    ...standardSettings,
    k: parameters.K,
    w: parameters.W,
    t1: parameters.WT1,
    t2: parameters.WT2,
    t3: parameters.WT3,
    waitStart: parameters.WTS,
    firstSequence: parameters.SSN,
  };
}
