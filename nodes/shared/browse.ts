import type { NodeAPI } from 'node-red';
import { causeName } from '../../lib/asdu/cause.js';
import { qualityOf } from '../../lib/asdu/quality.js';
import { instant, type TimeZone, timeInvalid } from '../../lib/asdu/time.js';
import { present } from '../../lib/asdu/value.js';
import { isPointType } from '../../lib/station/points.js';
import type { SeenObject, Sightings } from '../../lib/station/sightings.js';
import type { ListedLine } from './line-registry.js';
import { timeZone } from './zone.js';

/**
 * What the address dialogs of the editor ask of a line, at the admin root:
 * - `GET telecontrol/line/<node id>/seen`: the common addresses that have come;
 * - `GET telecontrol/line/<node id>/seen/<common address>?zone=&state=&since=`: the objects of one, with `state` and `since`
 *   of the answer before only those that have come since; `zone` is that of the time tags;
 * - `DELETE` of either: forgets them.
 *
 * 404 where the line is not deployed, or has no stations.
 */
export function serveBrowse(RED: NodeAPI, lines: Iterable<ListedLine>): void {
  const mayRead = RED.auth.needsPermission('telecontrol.read');
  const mayAct = RED.auth.needsPermission('telecontrol.write');
  const sightingsOf = (id: unknown): Sightings | undefined => [...lines].find((line) => line.id === id)?.sightings;
  const noLine = { error: 'there is no such line, or it has no stations' };
  const path = '/telecontrol/line/:id/seen';

  RED.httpAdmin.get(path, mayRead, (request, response) => {
    const seen = sightingsOf(request.params.id);
    if (seen === undefined) return void response.status(404).json(noLine);
    response.set('Cache-Control', 'no-store');
    response.json({ addresses: seen.addresses(), overflow: seen.overflow });
  });

  RED.httpAdmin.get(`${path}/:address`, mayRead, (request, response) => {
    const seen = sightingsOf(request.params.id);
    if (seen === undefined) return void response.status(404).json(noLine);
    const { zone: named, state: known, since } = request.query;
    let zone: TimeZone;
    try {
      zone = timeZone(named);
    } catch (error) {
      return void response.status(400).json({ error: error instanceof Error ? error.message : String(error) });
    }
    const state = stateOf(seen);
    const from = known === state && /^\d{1,15}$/.test(String(since)) ? Number(since) : 0;
    const objects = seen.objects(Number(request.params.address), from).map((object) => shown(object, zone));
    response.set('Cache-Control', 'no-store');
    response.json({ state, since: seen.revision, overflow: seen.overflow.objects, objects });
  });

  for (const each of [path, `${path}/:address`])
    RED.httpAdmin.delete(each, mayAct, (request, response) => {
      const { id, address } = request.params;
      const seen = sightingsOf(id);
      if (seen === undefined) return void response.status(404).json(noLine);
      seen.clear(address === undefined ? undefined : Number(address));
      RED.log.audit({ event: 'telecontrol.forget', line: id, address } as never, request);
      response.json({});
    });
}

const numbers = new WeakMap<Sightings, number>();
let last = 0;

/** Another text after each clearing, and for each engine: what a reader knows of another counts nothing. */
function stateOf(seen: Sightings): string {
  const number = numbers.get(seen) ?? ++last;
  numbers.set(seen, number);
  return `${number}.${seen.generation}`;
}

/** An object as the dialog shows it. */
function shown({ row, object, cause, test, negative, at, count }: SeenObject, zone: TimeZone): object {
  const status = object.status ?? 0;
  const tag = object.time;
  const time = tag === undefined ? undefined : instant(tag, zone, at);
  const quality = Object.entries(qualityOf(row, status)).flatMap(([flag, isSet]) => (isSet ? [flag] : []));
  return {
    ioa: object.ioa,
    type: row.label,
    isPoint: isPointType(row),
    ...(object.value === undefined ? {} : { value: present(row, object).payload }),
    quality,
    ...(time === undefined ? {} : { time }),
    timeInvalid: tag !== undefined && (timeInvalid(tag) || time === undefined),
    cause: causeName(cause),
    test,
    negative,
    at,
    count,
  };
}
