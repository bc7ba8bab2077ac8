import { cause } from '../asdu/cause.js';
import type { Clock } from '../link/clock.js';
import type { CommandDesk } from '../procedures/commands.js';
import type { Request } from '../procedures/request.js';
import type { ClientGroups } from '../redundancy/groups.js';
import { RecentEvents } from '../redundancy/recent.js';
import type { Journal } from '../station/journal.js';
import type { Clockwork } from './clockwork.js';
import type { Connection } from './connection.js';
import type { Entrance } from './entrance.js';
import type { LineStations } from './line-stations.js';

/** ms of its last events that a passive instance keeps, and sends when it becomes active (KEEP). */
const KEEP = 5000;
/** What a connection that stands by may ask for where it gets values (SWV). */
const questions: ReadonlySet<number> = new Set([100, 101, 102, 104, 107]);

/** The parts of a line that follow the instance. */
export interface LineParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly groups: ClientGroups;
  readonly connections: ReadonlySet<Connection>;
  readonly entrance: Entrance;
  readonly clockwork: Clockwork;
  readonly desk: CommandDesk;
  readonly stations: LineStations;
  /** Whether the instance may act. */
  readonly guard: () => boolean;
}

/** Opens and closes a line as its owner wants and the instance may; and what it does while the instance is passive. */
export class Standby {
  isPassive = false;
  private isWanted = false;
  private readonly recent: RecentEvents;

  constructor(private readonly line: LineParts) {
    this.recent = new RecentEvents(line.journal, KEEP);
  }

  /** The line is open, or would be if the instance were active. */
  get isStandingBy(): boolean {
    return this.isWanted && this.isPassive;
  }

  open(): void {
    this.isWanted = true;
    this.obey();
  }

  close(): Promise<void> {
    this.isWanted = false;
    return this.shut();
  }

  /** Follows the guard. */
  obey(): void {
    if (!this.isWanted) return;
    if (this.line.guard()) this.act();
    else if (!this.isPassive) this.rest();
  }

  /** Events were written. The active instance delivers them; what is not young any more waits for nobody here. */
  note(): void {
    if (!this.isPassive) return;
    const { clock, groups, connections } = this.line;
    const now = clock.now();
    this.recent.note(now);
    const place = this.recent.from(now);
    groups.skip(place);
    for (const connection of connections) connection.skip(place);
  }

  /** Refuses what only an active instance may do. @returns whether it did */
  refuses(request: Request, connection: Connection): boolean {
    if (!this.isPassive) return false;
    const { typeId, cause: why } = request.asdu;
    if (connection.isValued && questions.has(typeId)) return false;
    if (why === cause.activation || why === cause.deactivation)
      connection.refuse(request.answer(request.confirmation, true));
    return true;
  }

  /** What the instance before may not have delivered any more is sent, perhaps again. */
  private act(): void {
    const { clock, groups, connections, entrance, clockwork, stations } = this.line;
    if (this.isPassive) {
      this.isPassive = false;
      const now = clock.now();
      groups.resume(this.recent.from(now), now);
      for (const connection of connections) {
        connection.standBy(false);
        if (connection.state === 'started') clockwork.partners.started(connection, stations.all);
      }
    }
    if (entrance.open()) clockwork.resume();
  }

  private rest(): void {
    const { clock, groups, connections, clockwork, desk, stations } = this.line;
    this.isPassive = true;
    const now = clock.now();
    this.recent.begin(now);
    groups.pause();
    for (const connection of connections) {
      connection.standBy(true);
      desk.forget(connection);
      clockwork.partners.stopped(connection, now);
    }
    if (!stations.parameters.SKO) void this.shut();
  }

  private async shut(): Promise<void> {
    const { connections, clockwork, entrance } = this.line;
    for (const connection of [...connections]) connection.close();
    // What closes may set it once more.
    clockwork.cancel();
    await entrance.close();
  }
}
