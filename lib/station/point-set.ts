import type { TypeRow } from '../asdu/types.js';
import type { Point } from './points.js';

/**
 * Points in the order in which an interrogation sends them: by type, then address, so that ASDUs are filled. Columns of
 * numbers, since objects scattered in memory would cost more than encoding them.
 */
export class PointSet {
  readonly count: number;
  /** Place in the image. */
  readonly index: Int32Array;
  readonly ioa: Int32Array;
  private readonly rows: readonly TypeRow[];
  private readonly rowAt: Uint8Array;

  /** @param points by ascending address, as a point table has them */
  constructor(points: readonly Point[]) {
    this.count = points.length;
    this.index = new Int32Array(points.length);
    this.ioa = new Int32Array(points.length);
    this.rowAt = new Uint8Array(points.length);
    const byRow = new Map<TypeRow, Point[]>();
    for (const point of points) {
      const list = byRow.get(point.row);
      if (list === undefined) byRow.set(point.row, [point]);
      else list.push(point);
    }
    this.rows = [...byRow.keys()].sort((a, b) => a.untimed.id - b.untimed.id || a.id - b.id);
    let place = 0;
    for (const [number, row] of this.rows.entries())
      for (const { index, ioa } of byRow.get(row) as Point[]) {
        this.index[place] = index;
        this.ioa[place] = ioa;
        this.rowAt[place++] = number;
      }
  }

  row(at: number): TypeRow {
    return this.rows[this.rowAt[at] as number] as TypeRow;
  }
}
