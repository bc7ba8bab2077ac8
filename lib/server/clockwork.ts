import { Alarm } from '../link/alarm.js';
import type { Clock } from '../link/clock.js';
import type { CommandDesk } from '../procedures/commands.js';
import { CyclicTransmissions } from '../procedures/cyclic.js';
import type { ClientGroups } from '../redundancy/groups.js';
import type { Station } from '../station/station.js';
import type { Connection } from './connection.js';
import { PartnerDesk } from './partner-desk.js';

/** All that a line does because time has passed: commands that waited, values in turns, what partners were asked. */
export class Clockwork {
  readonly partners: PartnerDesk;
  private readonly cyclic = new CyclicTransmissions();
  private readonly alarm: Alarm;
  private isOver = false;

  /** @param wake is called when there may be something to send */
  constructor(
    private readonly clock: Clock,
    private readonly lineNumber: number,
    private readonly desk: CommandDesk,
    private readonly groups: ClientGroups,
    private readonly connections: ReadonlySet<Connection>,
    private readonly wake: () => void,
  ) {
    this.partners = new PartnerDesk(lineNumber);
    this.alarm = new Alarm(clock, () => this.expire());
  }

  /** Takes over stations and their parameters. */
  configure(stations: Iterable<Station>): void {
    const now = this.clock.now();
    this.cyclic.configure(stations, now);
    this.partners.configure(stations, now);
    this.arm();
  }

  /** Looks when the next deadline is: after everything that may have set one. */
  arm(): void {
    if (this.isOver) return;
    this.alarm.set(Math.min(this.desk.deadline, this.cyclic.deadline, this.partners.deadline, this.groups.deadline));
  }

  /** The line has closed. What is told of its connections and stations from now on keeps no process running. */
  cancel(): void {
    this.isOver = true;
    this.alarm.cancel();
  }

  /** The line is open, perhaps again. */
  resume(): void {
    this.isOver = false;
    this.arm();
  }

  private expire(): void {
    const now = this.clock.now();
    this.desk.expire(now);
    this.cyclic.expire(
      now,
      (scan) => {
        for (const connection of this.connections) connection.offer(scan());
      },
      this.lineNumber,
    );
    this.partners.expire(now, this.clock.wall());
    this.groups.expire(now);
    this.wake();
    this.arm();
  }
}
