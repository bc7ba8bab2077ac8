import { asdu, encodeAsdu } from '../asdu/asdu.js';
import { cause } from '../asdu/cause.js';
import { instant, timeInvalid } from '../asdu/time.js';
import { PointSet } from '../station/point-set.js';
import type { Station } from '../station/station.js';
import type { Client, Operator } from './client.js';
import type { Request } from './request.js';
import { Scan } from './scan.js';

/** Read (102): the value of one object with cause 5. */
export function read(request: Request, station: Station, client: Client): void {
  const point = station.points.find('out', request.object.ioa);
  if (point === undefined || point.row.direction !== 'monitor')
    return client.reply(request.answer(cause['unknown-object-address'], true));
  if (!client.begin(new Scan(station, new PointSet([point]), cause.request, request)))
    client.reply(request.answer(cause['activation-confirmation'], true));
}

/**
 * Clock synchronization (103): the time is reported, and confirmed with the request's own; it never sets the clock of
 * the computer. With cause 3 it is not answered.
 */
export function synchronizeClock(
  request: Request,
  station: Station,
  client: Client,
  operator: Operator,
  wall: number,
): void {
  const tag = request.object.time ?? new Uint8Array(7);
  const timestamp = timeInvalid(tag) ? undefined : instant(tag, station.zone, wall);
  const answered = request.asdu.cause === cause.activation;
  const { CMDC } = station.parameters;
  if (timestamp === undefined) {
    if (answered) client.reply(request.answer(cause['activation-confirmation'], true, station.commonAddress));
    return;
  }
  if (answered && (CMDC === 1 || CMDC === 3))
    client.reply(request.answer(cause['activation-confirmation'], false, station.commonAddress));
  if (answered && CMDC === 2)
    client.reply(request.answer(cause['activation-termination'], false, station.commonAddress));
  operator.operate({
    station,
    point: undefined,
    row: requestRow(request),
    request,
    object: request.object,
    client,
    select: false,
    timestamp,
  });
}

/** Test (107): confirmed with its counter and time. */
export function test(request: Request, station: Station, client: Client): void {
  client.reply(request.answer(cause['activation-confirmation'], false, station.commonAddress));
}

/**
 * Reset process (105): QRP 1 is confirmed and followed by the end of initialization with COI 2 (remote reset), QRP 2
 * clears the client's events with time tag.
 */
export function reset(
  request: Request,
  station: Station,
  client: Client,
  operator: Operator,
  lineNumber: number,
): void {
  const { commonAddress } = station;
  const { qualifier } = request.object;
  if (qualifier !== 1 && qualifier !== 2)
    return client.reply(request.answer(cause['activation-confirmation'], true, commonAddress));
  const isTest = request.isTestOf(station);
  if (qualifier === 2 && !isTest) client.clearTimedEvents(station);
  client.reply(request.answer(cause['activation-confirmation'], false, commonAddress));
  operator.operate({
    station,
    point: undefined,
    row: requestRow(request),
    request,
    object: request.object,
    client,
    select: false,
    timestamp: undefined,
  });
  if (qualifier === 1 && !isTest) client.reply(endOfInitialization(station, lineNumber, 2));
}

/** End of initialization (70). @param coi cause of initialization: 0 local power on, 1 local reset, 2 remote reset */
export function endOfInitialization(station: Station, originator: number, coi: 0 | 1 | 2): Uint8Array {
  const { commonAddress } = station;
  return encodeAsdu(
    asdu('M_EI_NA_1', { cause: cause.initialized, commonAddress, originator }, { ioa: 0, qualifier: coi }),
  );
}

function requestRow(request: Request): NonNullable<Request['row']> {
  if (request.row === undefined) throw new Error('a request of unknown type was handed to a procedure');
  return request.row;
}
