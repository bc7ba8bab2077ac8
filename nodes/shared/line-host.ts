import type { Confirmation, Operation, Operator } from '../../lib/procedures/client.js';
import type { Outcome } from '../../lib/procedures/enquiries.js';
import type { CommandAnswer } from '../../lib/procedures/pending.js';
import type { LogLevel } from '../../lib/server/line-log.js';
import { ServerLine } from '../../lib/server/server-line.js';
import type { LineStatus } from '../../lib/server/status.js';
import type { SecurityCode } from '../../lib/server/vigilance.js';
import type { ServerParameters } from '../../lib/station/parameters.js';
import type { Point } from '../../lib/station/points.js';
import type { Station, WriteInput } from '../../lib/station/station.js';

/** What a station brings to its line. */
export interface StationMember {
  readonly station: Station;
  readonly defined: Partial<ServerParameters>;
  /** How it is confirmed; undefined when nobody takes commands for the point. */
  takes(point: Point): Confirmation | undefined;
  operate(operation: Operation): void;
  /** It is on the line. */
  joined(): void;
  /** The line cannot take it, and why. */
  refused(why: string): void;
}

/** A security event as `line-status` emits it. */
export interface SecurityEvent {
  readonly security: SecurityCode;
  readonly remote: string;
}

/** Who is told of a line: a `line-status`. */
export interface LineWatcher {
  changed(status: LineStatus): void;
  alarmed(event: SecurityEvent): void;
}

export interface LineProperties {
  /** The node's id. */
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly lineNumber: number;
}

/** The line of a `tcp-line` node: its engine, its stations, and who watches it. */
export class LineHost implements Operator {
  readonly id: string;
  readonly name: string;
  readonly port: number;
  readonly lineNumber: number;
  private readonly engine: ServerLine;
  private readonly members = new Map<Station, StationMember>();
  private readonly joining = new Set<StationMember>();
  private readonly watchers = new Set<LineWatcher>();
  private telling = false;

  constructor(properties: LineProperties, log: (level: LogLevel, text: string) => void) {
    this.id = properties.id;
    this.name = properties.name;
    this.port = properties.port;
    this.lineNumber = properties.lineNumber;
    this.engine = new ServerLine({
      ...properties,
      operator: this,
      observer: {
        changed: () => this.changed(),
        log,
        security: (code, remote) => this.alarm({ security: code, remote }),
      },
    });
  }

  /** A station is there; it goes on the line when all flows have started. */
  join(member: StationMember): void {
    this.joining.add(member);
  }

  leave(member: StationMember): void {
    this.joining.delete(member);
    if (this.members.delete(member.station)) this.engine.remove(member.station);
  }

  /** All flows have started: the stations are known, and the line opens if it has any. */
  async settle(): Promise<void> {
    // One that is refused goes on waiting: what is in its way may go by a deploy that leaves it alone.
    for (const member of [...this.joining]) {
      try {
        this.engine.add(member);
        this.joining.delete(member);
        this.members.set(member.station, member);
        member.joined();
      } catch (error) {
        member.refused(error instanceof Error ? error.message : String(error));
      }
    }
    if (this.members.size > 0) this.engine.open();
    else await this.engine.close();
    this.changed();
  }

  get status(): LineStatus {
    return this.engine.status;
  }

  /** Tells of every change; the result ends that. */
  watch(watcher: LineWatcher): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  disconnect(remote: string): number {
    return this.engine.disconnect(remote);
  }

  /** Sends a command of a balanced station. @returns false where the input names a value @throws TelecontrolError */
  command(station: Station, input: WriteInput, done: (outcome: Outcome) => void): boolean {
    return this.engine.command(station, input, done);
  }

  /**
   * Interrogates the partners of a balanced station.
   * @returns how many there are; undefined where the line has no station of that name
   */
  watchStation(name: string): number | undefined {
    const station = [...this.members.keys()].find((known) => known.name === name);
    return station && this.engine.watch(station);
  }

  /** A flow's answer to a command. @throws TelecontrolError when the command does not wait for it */
  answer(command: string, answer: CommandAnswer): void {
    this.engine.answer(command, answer);
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  takes(station: Station, point: Point): Confirmation | undefined {
    return this.members.get(station)?.takes(point);
  }

  operate(operation: Operation): void {
    this.members.get(operation.station)?.operate(operation);
  }

  private alarm(event: SecurityEvent): void {
    for (const watcher of this.watchers) watcher.alarmed(event);
  }

  /** Several changes of one turn are told once. */
  private changed(): void {
    if (this.telling) return;
    this.telling = true;
    setImmediate(() => {
      this.telling = false;
      const { status } = this.engine;
      for (const { changed } of this.watchers) changed(status);
    });
  }
}
