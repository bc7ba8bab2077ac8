import { cause } from '../asdu/cause.js';
import { PointSet } from '../station/point-set.js';
import type { Point } from '../station/points.js';
import type { Station } from '../station/station.js';
import { hasState } from './interrogation.js';
import { Scan } from './scan.js';

interface Turn {
  readonly station: Station;
  readonly points: PointSet;
  readonly causeId: number;
  /** ms */
  readonly period: number;
  due: number;
}

/**
 * What stations send in turns: periodic values (cause 1) of points with a period, and the background scan (cause 2) of all
 * points every BGS seconds. Without time tags, and never kept for clients that are away.
 */
export class CyclicTransmissions {
  private turns: Turn[] = [];

  /** Works out the turns of these stations anew. @param now ms of the clock */
  configure(stations: Iterable<Station>, now: number): void {
    const before = this.turns;
    this.turns = [];
    for (const station of stations) {
      const background = station.parameters.BGS * 1000;
      if (background > 0) this.add(station, station.points.out.filter(hasState), cause.background, background, now);
      const values = station.points.out.filter(({ row, period }) => row.direction === 'monitor' && period > 0);
      const periods = new Set(values.map(({ period }) => period));
      for (const period of periods) {
        const points = values.filter((point) => point.period === period);
        this.add(station, points, cause.periodic, period * 1000, now);
      }
    }
    // A turn that stays keeps its time, or frequent deploys would never let it come.
    for (const turn of this.turns) {
      const same = before.find((other) => isSame(other, turn));
      if (same !== undefined) turn.due = Math.min(same.due, turn.due);
    }
  }

  /** When the next turn comes, ms of the clock; Infinity for never. */
  get deadline(): number {
    let earliest = Infinity;
    for (const { due } of this.turns) if (due < earliest) earliest = due;
    return earliest;
  }

  /** Calls for each turn that has come. What was missed while the computer slept is not made up for. */
  expire(now: number, send: (scan: () => Scan) => void, originator: number): void {
    for (const turn of this.turns) {
      if (turn.due > now) continue;
      turn.due += Math.ceil((now - turn.due + 1) / turn.period) * turn.period;
      send(() => new Scan(turn.station, turn.points, turn.causeId, undefined, originator));
    }
  }

  /** Values and integrated totals take turns of their own, since clients ask for each (100, 101). */
  private add(station: Station, points: readonly Point[], causeId: number, period: number, now: number): void {
    for (const isCounter of [false, true]) {
      const ofKind = points.filter(({ row }) => row.isCounter === isCounter);
      if (ofKind.length > 0)
        this.turns.push({ station, points: new PointSet(ofKind), causeId, period, due: now + period });
    }
  }
}

function isSame(a: Turn, b: Turn): boolean {
  return a.station.commonAddress === b.station.commonAddress && a.causeId === b.causeId && a.period === b.period;
}
