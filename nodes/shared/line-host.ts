import type { Confirmation, Operation, Operator } from '../../lib/procedures/client.js';
import type { CommandAnswer } from '../../lib/procedures/pending.js';
import type { LogLevel } from '../../lib/server/line-log.js';
import { ServerLine } from '../../lib/server/server-line.js';
import type { LineStatus } from '../../lib/server/status.js';
import type { ServerParameters } from '../../lib/station/parameters.js';
import type { Point } from '../../lib/station/points.js';
import type { Station } from '../../lib/station/station.js';

/** What a station brings to its line. */
export interface StationMember {
  readonly station: Station;
  readonly defined: Partial<ServerParameters>;
  /** How it is confirmed; undefined when nobody takes commands for the point. */
  takes(point: Point): Confirmation | undefined;
  operate(operation: Operation): void;
  /** The line cannot take it, and why. */
  refused(why: string): void;
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
  private readonly engine: ServerLine;
  private readonly members = new Map<Station, StationMember>();
  private readonly joining = new Set<StationMember>();
  private readonly watchers = new Set<(status: LineStatus) => void>();
  private telling = false;

  constructor(properties: LineProperties, log: (level: LogLevel, text: string) => void) {
    this.id = properties.id;
    this.name = properties.name;
    this.engine = new ServerLine({
      ...properties,
      operator: this,
      observer: { changed: () => this.changed(), log },
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
    for (const member of this.joining) {
      try {
        this.engine.add(member);
        this.members.set(member.station, member);
      } catch (error) {
        member.refused(error instanceof Error ? error.message : String(error));
      }
    }
    this.joining.clear();
    if (this.members.size > 0) this.engine.open();
    else await this.engine.close();
    this.changed();
  }

  get status(): LineStatus {
    return this.engine.status;
  }

  /** Tells of every change; the result ends that. */
  watch(watcher: (status: LineStatus) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  disconnect(remote: string): number {
    return this.engine.disconnect(remote);
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

  /** Several changes of one turn are told once. */
  private changed(): void {
    if (this.telling) return;
    this.telling = true;
    setImmediate(() => {
      this.telling = false;
      const { status } = this.engine;
      for (const watcher of this.watchers) watcher(status);
    });
  }
}
