import { TelecontrolError } from '../octets/error.js';
import type { PointInput, PointOrigin } from './points.js';

const columns = [
  'ioa',
  'tag',
  'type',
  'direction',
  'groups',
  'counterGroup',
  'period',
  'deadband',
  'sbo',
  'feedback',
] as const;
type Column = (typeof columns)[number];

/**
 * Reads points from a CSV text: a header row of the column names, `,` or `;` between fields, groups separated by spaces,
 * fields with separators in double quotes. Empty lines are passed over.
 * @param name the file's name, for errors
 * @throws TelecontrolError `configuration` when there is no usable header
 */
export function* parsePointsFile(text: string, name: string): Generator<PointOrigin> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const headerAt = lines.findIndex((line) => line.trim() !== '');
  const header = lines[headerAt] ?? '';
  const separator = header.includes(';') ? ';' : ',';
  const order = fields(header, separator).map((field) => column(field.trim(), name));
  const twice = order.find((name, at) => order.indexOf(name) !== at);
  if (twice !== undefined) throw new TelecontrolError('configuration', `${name}: the column ${twice} stands twice`);
  for (const needed of ['ioa', 'type'] as const)
    if (!order.includes(needed))
      throw new TelecontrolError('configuration', `${name}: the header row has no column ${needed}`);
  for (let i = headerAt + 1; i < lines.length; i++) {
    const line = lines[i] as string;
    if (line.trim() === '') continue;
    const point: Partial<Record<Column, unknown>> = {};
    const row = fields(line, separator);
    for (const [at, field] of row.entries()) {
      const key = order[at];
      const value = field.trim();
      if (key === undefined || value === '') continue;
      point[key] = key === 'groups' ? value.split(/\s+/) : value;
    }
    const place = `${name} line ${i + 1}`;
    const problem = `${row.length} fields where the header has ${order.length}`;
    yield { point: point as unknown as PointInput, place, ...(row.length > order.length ? { problem } : {}) };
  }
}

function column(given: string, file: string): Column {
  const found = columns.find((known) => known.toLowerCase() === given.toLowerCase());
  if (found === undefined)
    throw new TelecontrolError(
      'configuration',
      `${file}: column "${given.slice(0, 40)}" is unknown; the columns are ${columns.join(', ')}`,
    );
  return found;
}

function fields(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator);
  const found: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i] as string;
    if (quoted && character === '"' && line[i + 1] === '"') {
      field += '"';
      i++;
    } else if (character === '"') quoted = !quoted;
    else if (character === separator && !quoted) {
      found.push(field);
      field = '';
    } else field += character;
  }
  found.push(field);
  return found;
}
