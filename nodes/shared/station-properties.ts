import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { TimeZone } from '../../lib/asdu/time.js';
import type { ParsedParameters } from '../../lib/station/parameters.js';
import {
  compilePoints,
  type PointInput,
  type PointOrigin,
  type PointRole,
  type PointTable,
} from '../../lib/station/points.js';
import { parsePointsFile } from '../../lib/station/points-file.js';
import { text, wholeNumber } from './property.js';
import { timeZone } from './zone.js';

/** The properties that stations of both sides have, as the editor and the environment give them. */
export interface StationNodeProperties extends NodeDef {
  readonly line?: string;
  readonly address?: unknown;
  readonly parameters?: unknown;
  readonly points?: unknown;
  readonly pointsFile?: unknown;
  readonly timeZone?: unknown;
  readonly syncPeriod?: unknown;
}

/** What these properties mean. */
export interface StationConfiguration {
  readonly name: string;
  readonly commonAddress: number;
  readonly zone: TimeZone;
  readonly syncPeriod: number;
  readonly points: PointTable;
}

/** Throws at what is not UTF-8; a byte order mark is left to the reader. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Problems of points that are told one by one; of more only the number. */
const PROBLEMS_SHOWN = 20;

/**
 * Reads them. What is wrong with single points is told as errors of the node, and costs only those.
 * @returns the configuration, and what it was made of, which is equal where it is
 * @throws PropertyError naming the property
 */
export function stationProperties(
  RED: NodeAPI,
  node: Node,
  properties: StationNodeProperties,
  role: PointRole,
): { readonly configuration: StationConfiguration; readonly made: readonly unknown[] } {
  const commonAddress = wholeNumber('address', properties.address, 1, 1, 65534);
  const zone = timeZone(properties.timeZone);
  const name = text(properties.name, `station ${commonAddress}`);
  const syncPeriod = wholeNumber('syncPeriod', properties.syncPeriod, 0, 0, 4_294_967);
  const given = [...origins(node, properties, userDir(RED))];
  const points = pointsOf(node, given, role);
  const made = [name, commonAddress, text(properties.timeZone), syncPeriod, role, given];
  return { configuration: { name, commonAddress, zone, syncPeriod, points }, made };
}

/** Where relative paths begin. */
export function userDir(RED: NodeAPI): string {
  return String(RED.settings.userDir ?? process.cwd());
}

/** What a parameter string defines; what cannot be used of it is told as warnings of the node. */
export function definedBy<P>(node: Node, { defined, warnings }: ParsedParameters<P>): Partial<P> {
  for (const warning of warnings) node.warn(warning);
  return defined;
}

/** The points of the table and of the file; what is wrong with some of them costs only those. */
function pointsOf(node: Node, given: readonly PointOrigin[], role: PointRole): PointTable {
  const { table, problems } = compilePoints(given, role);
  for (const problem of problems.slice(0, PROBLEMS_SHOWN)) node.error(problem);
  if (problems.length > PROBLEMS_SHOWN)
    node.error(`${problems.length - PROBLEMS_SHOWN} further points are wrong; none of these is served`);
  return table;
}

function* origins(node: Node, properties: StationNodeProperties, directory: string): Generator<PointOrigin> {
  const points: unknown = typeof properties.points === 'string' ? parsed(node, properties.points) : properties.points;
  if (Array.isArray(points))
    for (const [i, point] of points.entries()) yield { point: point as PointInput, place: `point ${i + 1}` };
  else if (points !== undefined && points !== null) node.error('points: not a list of points');
  const file = text(properties.pointsFile);
  if (file === '') return;
  const path = isAbsolute(file) ? file : join(directory, file);
  try {
    yield* parsePointsFile(utf8.decode(readFileSync(path)), file);
  } catch (error) {
    node.error(`pointsFile: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** An environment variable gives the points as text. */
function parsed(node: Node, given: string): unknown {
  if (given.trim() === '') return [];
  try {
    return JSON.parse(given);
  } catch {
    node.error('points: the text is not JSON');
    return [];
  }
}
