import type { TimeTagger } from '../asdu/time.js';
import type { Point, PointTable } from './points.js';

/** What events need of the station that they are of. */
interface Standing {
  readonly commonAddress: number;
  readonly tagger: TimeTagger;
  readonly points: PointTable;
}

/**
 * Stands for a station in its events. Events are kept long; a station that another has followed must not be kept by them,
 * with all of its points and values.
 */
export class EventSource {
  readonly commonAddress: number;
  private standing: Standing | undefined;
  private lastTagger: TimeTagger;

  constructor(station: Standing) {
    this.commonAddress = station.commonAddress;
    this.standing = station;
    this.lastTagger = station.tagger;
  }

  get tagger(): TimeTagger {
    return this.lastTagger;
  }

  /** Another station of the same common address stands now. */
  follow(station: Standing): void {
    this.standing = station;
    this.lastTagger = station.tagger;
  }

  /** The station is no more. */
  end(): void {
    this.standing = undefined;
  }

  /** Whether events of a point are still to be sent: the station that stands now has it. */
  sends(point: Point): boolean {
    const points = this.standing?.points;
    return points?.out[point.index] === point || points?.find('out', point.ioa)?.row === point.row;
  }
}
