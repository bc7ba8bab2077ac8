import { Alarm } from '../link/alarm.js';
import type { Clock } from '../link/clock.js';
import { ClockTurns } from '../procedures/clock-turns.js';
import type { ClientStation } from './client-station.js';
import type { Paths } from './paths.js';

/** All that a line does because time has passed: attempts to connect, orders that waited, clock synchronization. */
export class Clockwork {
  private readonly clocks = new ClockTurns<ClientStation>();
  private readonly alarm: Alarm;

  constructor(
    private readonly clock: Clock,
    private readonly paths: Paths,
  ) {
    this.alarm = new Alarm(clock, () => this.expire());
  }

  /** Takes over when stations are sent the time. */
  configure(stations: Iterable<ClientStation>): void {
    this.clocks.configure(stations, this.clock.now());
  }

  /** Looks when the next deadline is: after everything that may have set one. */
  arm(): void {
    let earliest = Math.min(this.paths.deadline, this.clocks.deadline);
    for (const { dialogue } of this.paths.connections) earliest = Math.min(earliest, dialogue.deadline);
    this.alarm.set(earliest);
  }

  cancel(): void {
    this.alarm.cancel();
  }

  private expire(): void {
    const now = this.clock.now();
    this.paths.dial(now);
    const { connections } = this.paths;
    for (const connection of connections) if (connection.dialogue.expire(now)) connection.close('no-answer');
    for (const station of this.clocks.take(now))
      for (const connection of connections)
        if (connection.isUnderWay) {
          connection.dialogue.synchronize(station);
          connection.pump();
        }
    this.arm();
  }
}
