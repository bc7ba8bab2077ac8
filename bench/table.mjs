/** @param {number | undefined} value */
function short(value) {
  if (value === undefined) return '';
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/**
 * The rows of a run as text.
 * @param {readonly { what: string, pinning: string, engine: number, limit?: number, ratio?: number, aim?: string,
 *   met?: boolean }[]} rows
 */
export function table(rows) {
  const cells = [
    ['', 'pinning', 'engine', 'limit', 'ratio', 'aim', ''],
    ...rows.map(({ what, pinning, engine, limit, ratio, aim = '', met }) => [
      what,
      pinning,
      short(engine),
      short(limit),
      short(ratio),
      aim,
      met === undefined ? '' : met ? 'met' : 'NOT MET',
    ]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const isText = (column) => column < 2 || column > 4;
  return cells
    .map((row) =>
      row
        .map((cell, i) => (isText(i) ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
