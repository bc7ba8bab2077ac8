import { cause } from '../asdu/cause.js';
import { types } from '../asdu/types.js';
import { PointSet } from '../station/point-set.js';
import type { Point } from '../station/points.js';
import type { Station } from '../station/station.js';
import type { Client } from './client.js';
import type { Request } from './request.js';
import { Scan } from './scan.js';

/** Types that have no state that could be interrogated: events of protection equipment. */
export const EVENTS_ONLY = new Set([17, 18, 19, 38, 39, 40]);

/** Whether a point has a state, which background scan and interrogations send. */
export function hasState({ row }: Point): boolean {
  return row.direction === 'monitor' && !EVENTS_ONLY.has(row.id);
}

/** All points with a state, for implicit interrogation. */
export function statePoints(station: Station): PointSet {
  return setOf(station, 'all', () => true);
}

/** The points that each interrogation of a station sends; worked out once for each qualifier. */
const sets = new WeakMap<Station, Map<string, PointSet>>();

function setOf(station: Station, key: string, wanted: (point: Point) => boolean): PointSet {
  let ofStation = sets.get(station);
  if (ofStation === undefined) {
    ofStation = new Map();
    sets.set(station, ofStation);
  }
  let set = ofStation.get(key);
  if (set === undefined) {
    set = new PointSet(station.points.out.filter((point) => hasState(point) && wanted(point)));
    ofStation.set(key, set);
  }
  return set;
}

/**
 * General and group interrogation (100), 7.4.5 of IEC 60870-5-5.
 * @returns the scan to begin, undefined for a qualifier that means nothing to this station
 */
export function interrogationScan(request: Request, station: Station): Scan | undefined {
  const qualifier = request.object.qualifier ?? 0;
  const counters = station.parameters.ICCI;
  const group = qualifier - 20;
  if (group < 0 || group > 16) return undefined;
  const points = setOf(station, `100 ${group} ${counters}`, (point) => {
    if (point.row.isCounter && !counters) return false;
    return group === 0 || (point.groups & (1 << (group - 1))) !== 0;
  });
  if (group > 0 && points.count === 0) return undefined;
  return new Scan(station, points, cause.interrogation + group, request);
}

/** The counters that a request names: all (RQT 5) or a group (1..4); undefined where there are none. */
function countersOf(
  request: Request,
  station: Station,
): { readonly group: number; readonly set: PointSet } | undefined {
  const wanted = (request.object.qualifier ?? 0) & 0x3f;
  if (wanted < 1 || wanted > 5) return undefined;
  const group = wanted === 5 ? 0 : wanted;
  const set = setOf(
    station,
    `101 ${group}`,
    (point) => point.row.isCounter && (group === 0 || point.counterGroup === group),
  );
  return group > 0 && set.count === 0 ? undefined : { group, set };
}

/** Counter interrogation (101): general (5) and of the groups 1 to 4; frozen readings where there are some. */
export function counterScan(request: Request, station: Station): Scan | undefined {
  const counters = countersOf(request, station);
  if (counters === undefined) return undefined;
  return new Scan(station, counters.set, cause['counter-interrogation'] + counters.group, request);
}

/**
 * Counter interrogation with FRZ 1 (freeze), 2 (freeze and reset) or 3 (reset): confirmed, without data and termination.
 * @param wall ms since 1970 UTC: the time of the readings
 * @returns whether the request was one
 */
export function freeze(request: Request, station: Station, client: Client, wall: number): boolean {
  const frz = (request.object.qualifier ?? 0) >> 6;
  if (frz === 0 || request.asdu.cause !== cause.activation) return false;
  const counters = countersOf(request, station);
  const indexes = request.isTestOf(station) ? undefined : counters?.set.index;
  if (indexes !== undefined && frz !== 3) station.image.beginFreeze();
  const time = wall + station.ahead;
  for (const index of indexes ?? []) {
    if (frz !== 3) station.image.freeze(index, time);
    if (frz !== 1) station.image.reset(index, time);
  }
  client.reply(request.answer(cause['activation-confirmation'], counters === undefined, station.commonAddress));
  return true;
}

/** The scan of an interrogation of either kind. */
export function scanOf(request: Request, station: Station): Scan | undefined {
  return request.asdu.typeId === types.C_CI_NA_1.id
    ? counterScan(request, station)
    : interrogationScan(request, station);
}

/** Answers activation and deactivation of either interrogation. */
export function interrogate(
  request: Request,
  station: Station,
  client: Client,
  begin: (request: Request, station: Station) => Scan | undefined,
): void {
  const { commonAddress } = station;
  if (request.asdu.cause === cause.deactivation) {
    const stopped = client.abort(station, request);
    return client.reply(request.answer(cause['deactivation-confirmation'], !stopped, commonAddress));
  }
  const scan = begin(request, station);
  if (scan === undefined || !client.begin(scan))
    client.reply(request.answer(cause['activation-confirmation'], true, commonAddress));
}
