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

  constructor(points: readonly Point[]) {
    const sorted = [...points].sort(
      (a, b) => a.row.untimed.id - b.row.untimed.id || a.row.id - b.row.id || a.ioa - b.ioa,
    );
    this.count = sorted.length;
    this.index = Int32Array.from(sorted, (point) => point.index);
    this.ioa = Int32Array.from(sorted, (point) => point.ioa);
    this.rows = [...new Set(sorted.map((point) => point.row))];
    const numbers = new Map(this.rows.map((row, number) => [row, number]));
    this.rowAt = Uint8Array.from(sorted, (point) => numbers.get(point.row) as number);
  }

  row(at: number): TypeRow {
    return this.rows[this.rowAt[at] as number] as TypeRow;
  }
}
