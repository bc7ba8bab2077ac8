import { type Asdu, asdu } from '../asdu/asdu.js';
import { cause } from '../asdu/cause.js';
import { cp56, instant, timeInvalid } from '../asdu/time.js';
import { type TypeRow, types } from '../asdu/types.js';
import type { Sample } from '../asdu/value.js';
import type { Point } from '../station/points.js';
import type { Station } from '../station/station.js';
import type { Client, Operator } from './client.js';
import { notSent, type Outcome } from './enquiries.js';
import type { Request } from './request.js';

/** What a controlled station sends in control direction: to the partner of a balanced station, or its clock. */

/** The interrogations that a balanced station sends when data transfer begins, in the order of OIC and OCIC; 0 = not. */
export function partnerInterrogations(
  station: Pick<Station, 'commonAddress'> & { readonly parameters: Pick<Station['parameters'], 'OIC' | 'OCIC'> },
  originator: number,
): Asdu[] {
  const { OIC, OCIC } = station.parameters;
  const { commonAddress } = station;
  const header = { cause: cause.activation, commonAddress, originator };
  const general = { order: OIC, message: asdu('C_IC_NA_1', header, { ioa: 0, qualifier: 20 }) };
  const counters = { order: OCIC, message: asdu('C_CI_NA_1', header, { ioa: 0, qualifier: 5 }) };
  return [general, counters]
    .filter(({ order }) => order > 0)
    .sort((a, b) => a.order - b.order)
    .map(({ message }) => message);
}

/** Clock synchronization (103) with the station's time. @param wall ms since 1970 UTC */
export function clockSynchronization(
  station: Pick<Station, 'commonAddress' | 'zone'>,
  originator: number,
  wall: number,
): Asdu {
  const { commonAddress, zone } = station;
  const time = cp56(wall, false, zone);
  return asdu('C_CS_NA_1', { cause: cause.activation, commonAddress, originator }, { ioa: 0, time });
}

/** A command that we send (45..51, 58..64). @param time ms since 1970 UTC, of the types with time tag */
export function partnerCommand(
  station: Pick<Station, 'commonAddress' | 'zone'>,
  point: Pick<Point, 'ioa' | 'row'>,
  sample: Sample,
  originator: number,
  time: number,
): Asdu {
  const { commonAddress, zone } = station;
  const object = { ioa: point.ioa, value: sample.value, status: sample.status, time: cp56(time, false, zone) };
  return {
    typeId: point.row.id,
    cause: cause.activation,
    negative: false,
    test: false,
    originator,
    commonAddress,
    sequence: false,
    count: 1,
    objects: [object],
  };
}

const refusals: ReadonlySet<number> = new Set([
  cause['unknown-type'],
  cause['unknown-cause'],
  cause['unknown-common-address'],
  cause['unknown-object-address'],
]);

/** Causes of what answers a request of ours. */
const answers: ReadonlySet<number> = new Set([
  cause['activation-confirmation'],
  cause['deactivation-confirmation'],
  cause['activation-termination'],
  ...refusals,
]);

/** Causes of process information beside those of interrogations (20..41). */
const informing: ReadonlySet<number> = new Set([
  cause.periodic,
  cause.background,
  cause.spontaneous,
  cause.request,
  cause.remote,
  cause.local,
]);

/** Whether an ASDU answers what the station sends in control direction. */
export function isAnswer({ asdu: { typeId, cause: causeId }, row }: Request, station: Station): boolean {
  if (!answers.has(causeId)) return false;
  if (typeId === types.C_CS_NA_1.id) return station.balanced || station.syncPeriod > 0;
  const isAsked = row?.direction === 'control' || typeId === types.C_IC_NA_1.id || typeId === types.C_CI_NA_1.id;
  return station.balanced && isAsked;
}

/** What process information with this cause is: a value, our own that the partner did not take, or neither. */
export function informationKind(causeId: number): 'value' | 'refused' | undefined {
  if (refusals.has(causeId)) return 'refused';
  const isInterrogated = causeId >= cause.interrogation && causeId <= cause['counter-interrogation'] + 4;
  return informing.has(causeId) || isInterrogated ? 'value' : undefined;
}

/**
 * Process information (1..40) that the partner of a balanced station sends: each object goes to who takes it.
 * @returns the object addresses that are no input points of that type
 */
export function inform(request: Request, station: Station, client: Client, operator: Operator, wall: number): number[] {
  const row = request.row as TypeRow;
  const unknown: number[] = [];
  for (const object of request.asdu.objects) {
    const point = station.points.find('in', object.ioa);
    if (point === undefined || point.row.untimed !== row.untimed) {
      unknown.push(object.ioa);
      continue;
    }
    const tag = object.time;
    const timestamp = tag === undefined || timeInvalid(tag) ? undefined : instant(tag, station.zone, wall);
    operator.operate({ station, point, row, request, object, client, select: false, timestamp });
  }
  return unknown;
}

/** A client that a command is sent to. */
export type Partner = (command: Asdu, done: (outcome: Outcome) => void) => void;

/**
 * Sends a command to all partners. It succeeds when one confirms it, or with PW only when all do; there is one outcome.
 */
export function commandAll(
  partners: readonly Partner[],
  command: Asdu,
  pessimistic: boolean,
  done: (outcome: Outcome) => void,
): void {
  if (partners.length === 0) return done(notSent('disconnected'));
  let left = partners.length;
  let isDone = false;
  for (const send of partners)
    send(command, (outcome) => {
      left--;
      // One success decides, or with PW one failure; otherwise the last outcome is that of all.
      const decides = outcome.ok !== pessimistic;
      if (isDone || (!decides && left > 0)) return;
      isDone = true;
      done(outcome);
    });
}
