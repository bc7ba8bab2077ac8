import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { NodeAPI, NodeDef } from 'node-red';
import { parseParameters } from '../lib/station/parameters.js';
import { compilePoints, type PointInput, type PointOrigin, type PointTable } from '../lib/station/points.js';
import { parsePointsFile } from '../lib/station/points-file.js';
import { Station } from '../lib/station/station.js';
import type { ServerStationNode } from './shared/contract.js';
import { serveDocuments } from './shared/documents.js';
import { fileDirectory } from './shared/file-directory.js';
import type { LineHost } from './shared/line-host.js';
import { fingerprint, oneOf, text, truth, wholeNumber } from './shared/property.js';
import { isThere, lineOf } from './shared/reference.js';
import { StationHost } from './shared/station-host.js';
import { timeZone } from './shared/zone.js';

interface Properties extends NodeDef {
  readonly line?: string;
  readonly address?: unknown;
  readonly parameters?: unknown;
  readonly points?: unknown;
  readonly pointsFile?: unknown;
  readonly timeZone?: unknown;
  readonly clock?: unknown;
  readonly files?: unknown;
  readonly balanced?: unknown;
  readonly syncPeriod?: unknown;
}

/** Throws at what is not UTF-8; a byte order mark is left to the reader. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Problems of points that are told one by one; of more only the number. */
const PROBLEMS_SHOWN = 20;

export = (RED: NodeAPI): void => {
  function ServerStation(this: ServerStationNode, properties: Properties): void {
    RED.nodes.createNode(this, properties);
    this.timeZone = text(properties.timeZone, 'utc').toLowerCase();
    try {
      this.host = hostOf(this, properties);
    } catch (error) {
      this.error(error instanceof Error ? error.message : String(error));
      return;
    }
    const { host } = this;
    const join = (): void => host.join(true);
    // A line that an environment variable names may be made later than its station: then it is there when all flows are.
    if (isThere(RED, properties.line)) host.join(false);
    else RED.events.once('flows:started', join);
    this.on('close', (removed: boolean, done: () => void) => {
      RED.events.removeListener('flows:started', join);
      host.leave(removed);
      done();
    });
  }

  function hostOf(node: ServerStationNode, properties: Properties): StationHost {
    // Now, if it is there: then nothing else is looked at.
    if (isThere(RED, properties.line)) lineOf(RED, properties.line);
    const findLine = (): LineHost => lineOf(RED, properties.line);
    const commonAddress = wholeNumber('address', properties.address, 1, 1, 65534);
    const { defined, warnings } = parseParameters(text(properties.parameters));
    for (const warning of warnings) node.warn(warning);
    const clock = oneOf('clock', properties.clock, 'system', ['system', 'master']);
    const zone = timeZone(properties.timeZone);
    const name = text(properties.name, `station ${commonAddress}`);
    const syncPeriod = wholeNumber('syncPeriod', properties.syncPeriod, 0, 0, 4_294_967);
    const balanced = truth('balanced', properties.balanced);
    const given = [...origins(node, properties)];
    const points = pointsOf(node, given, balanced);
    const files = fileDirectory(text(properties.files), userDir(), (problem) => node.error(problem));
    const station = new Station({ name, commonAddress, points, zone, balanced, syncPeriod, files });
    const same = fingerprint([
      name,
      commonAddress,
      text(properties.timeZone),
      syncPeriod,
      balanced,
      properties.files,
      given,
    ]);
    return new StationHost(node.id, station, same, defined, findLine, clock === 'master', (why) => node.error(why));
  }

  function userDir(): string {
    return String(RED.settings.userDir ?? process.cwd());
  }

  /** The points of the table and of the file; what is wrong with some of them costs only those. */
  function pointsOf(node: ServerStationNode, given: readonly PointOrigin[], balanced: boolean): PointTable {
    const { table, problems } = compilePoints(given, balanced ? 'balanced' : 'server');
    for (const problem of problems.slice(0, PROBLEMS_SHOWN)) node.error(problem);
    if (problems.length > PROBLEMS_SHOWN)
      node.error(`${problems.length - PROBLEMS_SHOWN} further points are wrong; none of these is served`);
    return table;
  }

  function* origins(node: ServerStationNode, properties: Properties): Generator<PointOrigin> {
    const points: unknown = typeof properties.points === 'string' ? parsed(node, properties.points) : properties.points;
    if (Array.isArray(points))
      for (const [i, point] of points.entries()) yield { point: point as PointInput, place: `point ${i + 1}` };
    else if (points !== undefined && points !== null) node.error('points: not a list of points');
    const file = text(properties.pointsFile);
    if (file === '') return;
    const path = isAbsolute(file) ? file : join(userDir(), file);
    try {
      yield* parsePointsFile(utf8.decode(readFileSync(path)), file);
    } catch (error) {
      node.error(`pointsFile: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** An environment variable gives the points as text. */
  function parsed(node: ServerStationNode, given: string): unknown {
    if (given.trim() === '') return [];
    try {
      return JSON.parse(given);
    } catch {
      node.error('points: the text is not JSON');
      return [];
    }
  }

  serveDocuments(RED);
  RED.nodes.registerType('iec104-server-station', ServerStation);
};
