import type { CertificateFile } from '../../lib/line/tls/report.js';
import type { TlsSettings } from '../../lib/line/tls/settings.js';
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
  /** The node's id. */
  readonly id: string;
  readonly station: Station;
  readonly defined: Partial<ServerParameters>;
  /** How it is confirmed; undefined when nobody takes commands for the point. */
  takes(point: Point): Confirmation | undefined;
  /** Takes over what a station of the same common address has left. */
  follow(old: StationMember): void;
  operate(operation: Operation): void;
  /** It is on the line. */
  joined(): void;
  /** The line cannot take it, and why. */
  refused(why: string): void;
}

/** ms that clients wait at most for flows that have stopped. */
const LONGEST_HOLD = 10_000;

/** A security event as `line-status` emits it. */
export interface SecurityEvent {
  readonly security: SecurityCode;
  readonly remote: string;
  /** The common name in the certificate, where there is one. */
  readonly certificate?: string;
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
  readonly tls: TlsSettings | undefined;
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
  /** Stations whose node has been closed by a deploy, by common address. */
  private readonly leaving = new Map<number, StationMember>();
  /** Who goes on with what a station has left. */
  private readonly followers = new Map<StationMember, StationMember>();
  private holding: NodeJS.Timeout | undefined;
  private telling = false;

  /**
   * @param log the node's log; another node may follow
   * @param free when the port is
   */
  constructor(
    properties: LineProperties,
    public log: (level: LogLevel, text: string) => void,
    private readonly free: Promise<void> | undefined,
  ) {
    this.id = properties.id;
    this.name = properties.name;
    this.port = properties.port;
    this.lineNumber = properties.lineNumber;
    this.engine = new ServerLine({
      ...properties,
      operator: this,
      observer: {
        changed: () => this.changed(),
        log: (level, text) => this.log(level, text),
        security: (code, remote, certificate) =>
          this.alarm({ security: code, remote, ...(certificate === undefined ? {} : { certificate }) }),
      },
    });
  }

  /** A station is there. It goes on the line when all flows have started; what one of its address has left is its own. */
  join(member: StationMember): void {
    this.joining.add(member);
    const old = this.leaving.get(member.station.commonAddress);
    // The station's own node goes on with it; only without one another of the same address does.
    if (old?.id === member.id) this.follow(member, old);
  }

  /** A station has gone. @param removed for good; otherwise one that follows may take over what it leaves */
  leave(member: StationMember, removed: boolean): void {
    this.joining.delete(member);
    if (this.members.get(member.station) !== member) return;
    if (removed) {
      this.members.delete(member.station);
      this.engine.remove(member.station);
    } else {
      this.leaving.set(member.station.commonAddress, member);
      this.hold();
    }
  }

  /** Until the flows have started clients see a pause. */
  hold(): void {
    this.engine.hold(true);
    clearTimeout(this.holding);
    this.holding = setTimeout(
      () => this.engine.hold(false),
      Math.min(LONGEST_HOLD, this.engine.stations.parameters.WT1 / 2),
    );
    this.holding.unref();
  }

  /** All flows have started: the stations are known, and the line opens if it has any. */
  async settle(): Promise<void> {
    await this.free;
    for (const member of this.joining) {
      const old = this.leaving.get(member.station.commonAddress);
      if (old !== undefined && !this.followers.has(old)) this.follow(member, old);
    }
    // Followers first: another of the same address is not to take their place. One that is refused goes on waiting: what
    // is in its way may go by a deploy that leaves it alone.
    const following = new Set(this.followers.values());
    for (const member of [...following, ...[...this.joining].filter((other) => !following.has(other))]) {
      if (!this.joining.has(member)) continue;
      try {
        this.take(member);
        member.joined();
      } catch (error) {
        member.refused(error instanceof Error ? error.message : String(error));
      }
    }
    this.followers.clear();
    for (const { station } of this.leaving.values()) {
      this.members.delete(station);
      this.engine.remove(station);
    }
    this.leaving.clear();
    clearTimeout(this.holding);
    this.engine.hold(false);
    if (this.members.size > 0) this.engine.open();
    else await this.engine.close();
    this.changed();
  }

  private follow(member: StationMember, old: StationMember): void {
    this.followers.set(old, member);
    member.follow(old);
  }

  private take(member: StationMember): void {
    const { station } = member;
    const left = this.leaving.get(station.commonAddress);
    const old = left !== undefined && this.followers.get(left) === member ? left : undefined;
    if (old === undefined) this.engine.add(member);
    else {
      this.engine.replace(old.station, member);
      this.leaving.delete(station.commonAddress);
      this.members.delete(old.station);
    }
    this.joining.delete(member);
    this.members.set(station, member);
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

  /** What `CHECK CERTS` lists of the line's files. @param mask with `*` and `?` over files and subjects; empty for all */
  certificates(mask: string): CertificateFile[] {
    return this.engine.certificates(mask);
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
    clearTimeout(this.holding);
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
      for (const watcher of this.watchers) watcher.changed(status);
    });
  }
}
