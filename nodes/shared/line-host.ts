import type { CertificateFile } from '../../lib/line/tls/report.js';
import type { LogLevel } from '../../lib/link/line-log.js';
import type { SecurityCode } from '../../lib/link/observer.js';
import type { LineStatus } from '../../lib/link/status.js';
import { TelecontrolError } from '../../lib/octets/error.js';
import type { Sightings } from '../../lib/station/sightings.js';
import type { PassingFrame } from '../../lib/trace/frame-watch.js';
import { type ListedLine, list, unlist } from './line-registry.js';
import type { LineMember, LineProperties, LineService } from './line-service.js';

/** ms that partners wait at most for flows that have stopped. */
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

/** Who says whether a line may act: the instance of a process. */
export interface Master {
  readonly guard: () => boolean;
  follow(follower: { activated(): void; deactivated(): void }): () => void;
}

/** Lets nothing act. */
export const nobody: Master = { guard: () => false, follow: () => () => {} };

const closed: LineStatus = { state: 'closed', flags: '', connections: [], stations: [], lost: 0, closes: {} };

/**
 * The line of a `tcp-line` or `tcp-line-redundant` node: its members, who watches it, and its engine. Which engine that
 * is the members decide; it outlives them and the node over a deploy.
 */
export class LineHost implements ListedLine {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly ports: readonly number[];
  readonly port: number;
  readonly lineNumber: number;
  /** Whether this process may act on the line; another node may bring another answer, and says so by `wake`. */
  guard: () => boolean = () => true;
  private master: Master | undefined;
  private leaveMaster: (() => void) | undefined;
  /** The engine, as soon as there are members. */
  private service: LineService | undefined;
  /** Why there is none although there are members. */
  private fault: string | undefined;
  private readonly members = new Set<LineMember>();
  private readonly joining = new Set<LineMember>();
  private readonly watchers = new Set<LineWatcher>();
  /** Who looks at frames, each with what ends that at the present engine. */
  private readonly frameWatchers = new Map<(frame: PassingFrame) => void, (() => void) | undefined>();
  /** Members whose node has been closed by a deploy, by address. */
  private readonly leaving = new Map<number, LineMember>();
  /** Who goes on with what a member has left. */
  private readonly followers = new Map<LineMember, LineMember>();
  private holding: NodeJS.Timeout | undefined;
  private telling = false;
  private isClosed = false;

  /**
   * @param log the node's log; another node may follow
   * @param free when the port is
   */
  constructor(
    private readonly properties: LineProperties,
    public log: (level: LogLevel, text: string) => void,
    private free: Promise<void> | undefined,
  ) {
    this.id = properties.id;
    this.name = properties.name;
    this.host = properties.paths.map(({ host, port }) => `${host}:${port}`).join(' / ');
    this.ports = properties.paths.map(({ port }) => port);
    this.port = properties.paths[0].port;
    this.lineNumber = properties.lineNumber;
    list(this);
  }

  /** A member is there. It goes on the line when all flows have started; what one of its address has left is its own. */
  join(member: LineMember): void {
    this.joining.add(member);
    const old = this.leaving.get(member.address);
    // The member's own node goes on with it; only without one another of the same address does.
    if (old?.id === member.id && old.kind === member.kind) this.follow(member, old);
  }

  /** A member has gone. @param removed for good; otherwise one that follows may take over what it leaves */
  leave(member: LineMember, removed: boolean): void {
    this.joining.delete(member);
    if (!this.members.has(member)) return;
    if (removed) this.remove(member);
    else {
      this.leaving.set(member.address, member);
      this.hold();
    }
  }

  /** Until the flows have started partners see a pause. */
  hold(): void {
    clearTimeout(this.holding);
    const { service } = this;
    if (service === undefined) return;
    service.engine.hold(true);
    this.holding = setTimeout(() => service.engine.hold(false), Math.min(LONGEST_HOLD, service.patience));
    this.holding.unref();
  }

  /** All flows have started: the members are known, and the line opens if it has any. */
  async settle(): Promise<void> {
    await this.free;
    for (const member of this.joining) {
      const old = this.leaving.get(member.address);
      if (old?.kind === member.kind && !this.followers.has(old)) this.follow(member, old);
    }
    for (const old of this.leaving.values()) {
      const follower = this.followers.get(old);
      if (follower === undefined || !this.joining.has(follower)) this.remove(old);
    }
    const former = this.former();
    if (former !== undefined) {
      this.service = undefined;
      this.free = former.engine.close();
      await this.free;
    }
    // Followers first: another of the same address is not to take their place. One that is refused goes on waiting: what
    // is in its way may go by a deploy that leaves it alone.
    const following = new Set(this.followers.values());
    for (const member of [...following, ...[...this.joining].filter((other) => !following.has(other))])
      if (this.joining.has(member)) this.admit(member);
    this.followers.clear();
    this.leaving.clear();
    clearTimeout(this.holding);
    this.service?.engine.hold(false);
    // What listens in this runtime is to be there before anybody connects to it.
    if (this.service?.kind.connects) await new Promise((resolve) => setImmediate(resolve));
    if (this.isClosed) return;
    if (this.members.size > 0) this.service?.engine.open();
    else await this.service?.engine.close();
    this.changed();
  }

  get status(): LineStatus {
    if (this.fault !== undefined) return { ...closed, state: 'error', reason: this.fault };
    return this.service?.engine.status ?? closed;
  }

  /** Tells of every change; the result ends that. */
  watch(watcher: LineWatcher): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  watchFrames(watcher: (frame: PassingFrame) => void): () => void {
    this.frameWatchers.set(watcher, this.service?.engine.frames.add(watcher));
    return () => {
      this.frameWatchers.get(watcher)?.();
      this.frameWatchers.delete(watcher);
    };
  }

  /** Addresses and objects that have come; undefined while there is no engine, or one that knows no such. */
  get sightings(): Sightings | undefined {
    return this.service?.engine.sightings;
  }

  /** The guard's answer has changed. */
  wake(): void {
    this.service?.engine.wake();
  }

  /** From now on the line may act as its process says; always where it belongs to none. */
  obey(master: Master | undefined): void {
    if (master === this.master) return;
    this.leaveMaster?.();
    this.master = master;
    this.guard = master?.guard ?? (() => true);
    // Engines close what they have open before wake() returns, ports included: there is nothing to be waited for.
    const wake = (): void => this.wake();
    this.leaveMaster = master?.follow({ activated: wake, deactivated: wake });
    this.wake();
  }

  /** @returns how many connections were closed */
  disconnect(remote: string): number {
    return this.service?.engine.disconnect(remote) ?? 0;
  }

  /** Moves data transfer to the standby connection. @returns false where there is none to go to */
  switchOver(): boolean {
    return this.service?.engine.switchOver?.() ?? false;
  }

  /** What `CHECK CERTS` lists of the line's files. @param mask with `*` and `?` over files and subjects; empty for all */
  certificates(mask: string): CertificateFile[] {
    return this.service?.engine.certificates(mask) ?? [];
  }

  /**
   * Interrogates the partners of a station.
   * @returns how many there are; undefined where the line has no station of that name
   */
  watchStation(name: string): number | undefined {
    return this.service?.watchStation(name);
  }

  async close(): Promise<void> {
    this.leaveMaster?.();
    this.isClosed = true;
    clearTimeout(this.holding);
    unlist(this);
    await this.service?.engine.close();
  }

  /** Closes, since another line takes its place, or none: who follows its members, or has lost them, is to know. */
  replaced(): Promise<void> {
    for (const member of this.members) member.replaced?.();
    return this.close();
  }

  private follow(member: LineMember, old: LineMember): void {
    this.followers.set(old, member);
    member.follow(old);
  }

  private remove(member: LineMember): void {
    this.members.delete(member);
    if (this.leaving.get(member.address) === member) this.leaving.delete(member.address);
    this.service?.remove(member);
  }

  private admit(member: LineMember): void {
    try {
      const service = this.serviceFor(member);
      const left = this.leaving.get(member.address);
      if (left !== undefined && this.followers.get(left) === member) {
        service.replace(left, member);
        this.leaving.delete(member.address);
        this.members.delete(left);
      } else service.add(member);
      this.joining.delete(member);
      this.members.add(member);
      member.joined(service);
    } catch (error) {
      member.refused(error instanceof Error ? error.message : String(error));
    }
  }

  /** The engine whose members have all gone, where members of another kind have come. */
  private former(): LineService | undefined {
    const { service } = this;
    if (this.members.size > 0 || this.joining.size === 0) return undefined;
    return [...this.joining].every(({ kind }) => kind !== service?.kind) ? service : undefined;
  }

  /** @throws TelecontrolError `configuration` */
  private serviceFor({ kind, name }: LineMember): LineService {
    if (this.service === undefined) {
      this.service = this.create(kind);
      return this.service;
    }
    if (this.service.kind === kind) return this.service;
    const [other] = this.members;
    throw new TelecontrolError(
      'configuration',
      `line ${this.name} has the ${this.service.kind.name} ${other?.name}, and cannot have the ${kind.name} ${name} ` +
        'as well: a line listens, connects or carries a channel',
    );
  }

  private create(kind: LineMember['kind']): LineService {
    try {
      const service = kind.create({
        ...this.properties,
        guard: () => this.guard(),
        observer: {
          changed: () => this.changed(),
          log: (level, text) => this.log(level, text),
          security: (code, remote, certificate) =>
            this.alarm({ security: code, remote, ...(certificate === undefined ? {} : { certificate }) }),
        },
      });
      this.fault = undefined;
      for (const watcher of this.frameWatchers.keys())
        this.frameWatchers.set(watcher, service.engine.frames.add(watcher));
      return service;
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      if (fault !== this.fault) this.log('error', fault);
      this.fault = fault;
      throw new TelecontrolError('configuration', `the configuration of line ${this.name} is wrong: ${fault}`);
    }
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
      const { status } = this;
      for (const watcher of this.watchers) watcher.changed(status);
    });
  }
}
