interface Synchronized {
  readonly commonAddress: number;
  /** Seconds; 0 = none. */
  readonly syncPeriod: number;
}

interface ClockTurn<S> {
  readonly station: S;
  readonly period: number;
  due: number;
}

/** When the stations of a line send their time (103) by themselves. */
export class ClockTurns<S extends Synchronized> {
  private turns: ClockTurn<S>[] = [];

  /** Takes over the synchronization periods of the stations. @param now ms of the clock */
  configure(stations: Iterable<S>, now: number): void {
    const before = this.turns;
    this.turns = [...stations]
      .filter(({ syncPeriod }) => syncPeriod > 0)
      .map((station) => {
        const period = station.syncPeriod * 1000;
        // One that stays keeps its time, or frequent deploys would never let it come.
        const same = before.find((other) => other.station.commonAddress === station.commonAddress);
        return { station, period, due: Math.min(same?.due ?? Infinity, now + period) };
      });
  }

  /** When `take` wants to be called, ms of the clock. */
  get deadline(): number {
    return this.turns.reduce((earliest, { due }) => Math.min(earliest, due), Infinity);
  }

  /** The stations whose turn has come; their next comes a period later. */
  take(now: number): S[] {
    const due = this.turns.filter((turn) => turn.due <= now);
    for (const turn of due) turn.due += Math.ceil((now - turn.due + 1) / turn.period) * turn.period;
    return due.map(({ station }) => station);
  }
}
