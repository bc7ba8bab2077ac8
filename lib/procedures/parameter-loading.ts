import { cause } from '../asdu/cause.js';
import type { TypeRow } from '../asdu/types.js';
import type { Station } from '../station/station.js';
import type { Client } from './client.js';
import type { Request } from './request.js';

/** QPM: the kind of parameter is a threshold, unchanged and in operation. */
const THRESHOLD = 1;
/** QPA: the parameters that were loaded before, of all objects. */
const ALL_LOADED = 1;

/**
 * Loading of a parameter (110, 111, 112), 7.4.9 of IEC 60870-5-101: the threshold of a measured value is its deadband, in
 * the units of the value. The object address is that of the measured value. It is in force at once, until the station
 * begins anew.
 */
export function loadParameter(request: Request, station: Station, client: Client): void {
  const { ioa, value = 0, qualifier = 0 } = request.object;
  const point = station.points.find('out', ioa);
  if (point === undefined || point.row.first !== (request.row as TypeRow).first)
    return client.reply(request.answer(cause['unknown-object-address'], true));
  const isUsable = qualifier === THRESHOLD && Number.isFinite(value) && value >= 0;
  if (isUsable && !request.isTestOf(station)) station.image.deadband[point.index] = value;
  client.reply(request.answer(cause['activation-confirmation'], !isUsable));
}

/** Parameter activation (113): deactivating all loaded parameters brings the configured deadbands back. */
export function activateParameters(request: Request, station: Station, client: Client): void {
  const isAll = request.object.qualifier === ALL_LOADED;
  const isDeactivation = request.asdu.cause === cause.deactivation;
  if (isAll && isDeactivation && !request.isTestOf(station))
    for (const { index, deadband } of station.points.out) station.image.deadband[index] = deadband;
  client.reply(request.answer(request.confirmation, !isAll));
}
