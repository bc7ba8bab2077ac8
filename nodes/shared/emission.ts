import type { NodeMessage } from 'node-red';
import type { AsduHeader, InformationObject } from '../../lib/asdu/asdu.js';
import { causeName } from '../../lib/asdu/cause.js';
import { isWeak, type Quality, qualityOf } from '../../lib/asdu/quality.js';
import { summerTime, timeInvalid } from '../../lib/asdu/time.js';
import type { TypeRow } from '../../lib/asdu/types.js';
import { present } from '../../lib/asdu/value.js';
import type { Operation } from '../../lib/procedures/client.js';
import type { Point } from '../../lib/station/points.js';
import type { ReceivedValue } from './client-host.js';

/** What our nodes emit of what they have received. */

/** What was received, as a message describes it: `msg.iec104`. */
interface Iec104 {
  readonly quality: Quality;
  readonly [field: string]: unknown;
}

export interface ReceivedMessage extends NodeMessage {
  readonly topic: string;
  readonly iec104: Iec104;
}

const clockSynchronization = 103;

/**
 * The message of a command, of a partner's value, or of a clock synchronization (ms) or reset (qualifier).
 * @param host the operated station: the id of its node, and its line
 */
export function operationMessage(
  operation: Operation,
  host: { readonly id: string; readonly line: { readonly name: string } },
): ReceivedMessage {
  const { point, station, row, request, object, timestamp, command } = operation;
  const { asdu } = request;
  const status = statusOf(operation);
  const weak = isWeak(row, status) || (asdu.test && station.parameters.IT === 2);
  const { payload, iec104 } = described(
    { ...operation, asdu, status, weak, remote: operation.client.remote },
    host.line.name,
  );
  const isPoint = point !== undefined;
  return {
    topic: topicOf(operation),
    payload: isPoint ? payload : row.id === clockSynchronization ? timestamp : object.qualifier,
    iec104: {
      ...iec104,
      ...(command === undefined ? {} : { command: `${host.id}:${command}` }),
      ...qualifierOf(operation, status),
    },
  };
}

/** The message of a value that a client station has received. @param line the name of its line */
export function receptionMessage(reception: ReceivedValue, line: string): ReceivedMessage {
  const { payload, iec104 } = described({ ...reception, status: statusOf(reception) }, line);
  // Types without NT have no bit for it in the status octet.
  const quality = reception.again ? { ...iec104.quality, notTopical: true } : iec104.quality;
  return { topic: topicOf(reception), payload, iec104: { ...iec104, quality } };
}

/** The status octet of what comes in; with NF it is not looked at. */
function statusOf({ station, object }: StatusSource): number {
  return station.parameters.NF ? 0 : (object.status ?? 0);
}

interface StatusSource {
  readonly station: { readonly parameters: { readonly NF: boolean } };
  readonly object: InformationObject;
}

/** What was received, as messages of both sides describe it. */
interface Described {
  readonly station: { readonly name: string; readonly commonAddress: number };
  readonly row: TypeRow;
  readonly asdu: AsduHeader;
  readonly object: InformationObject;
  readonly status: number;
  readonly timestamp: number | undefined;
  readonly weak: boolean;
  readonly remote: string;
}

function described(
  { station, row, asdu, object, status, timestamp, weak, remote }: Described,
  line: string,
): Pick<ReceivedMessage, 'payload' | 'iec104'> {
  const { payload, beside } = present(row, { ...object, status });
  const tag = object.time;
  return {
    payload,
    iec104: {
      type: row.label,
      typeId: row.id,
      cause: causeName(asdu.cause),
      causeId: asdu.cause,
      commonAddress: station.commonAddress,
      ioa: object.ioa,
      originator: asdu.originator,
      test: asdu.test,
      negative: asdu.negative,
      quality: qualityOf(row, status),
      weak,
      status,
      ...(timestamp === undefined ? {} : { timestamp }),
      timeInvalid: tag !== undefined && timeInvalid(tag),
      summerTime: tag !== undefined && summerTime(tag),
      connection: remote,
      line,
      station: station.name,
      ...beside,
    },
  };
}

/** The tag, else `<common address>/<ioa>`. */
function topicOf({
  station,
  point,
  object,
}: Pick<Described, 'station' | 'object'> & { readonly point: Point | undefined }): string {
  return point?.tag ?? `${station.commonAddress}/${object.ioa}`;
}

/** What a command or system command has beside a value; a partner's value has nothing of it. */
function qualifierOf({ point, row, object, select }: Operation, status: number): Record<string, unknown> {
  if (point === undefined) return { qualifier: object.qualifier };
  return row.direction === 'control' ? { select, qualifier: commandQualifier(row.first?.name, status) } : {};
}

/** QU of a single, double or step command, QL of a set point; a bit string has none. */
function commandQualifier(element: string | undefined, status: number): number {
  switch (element) {
    case 'SCO':
    case 'DCO':
    case 'RCO':
      return (status >> 2) & 0x1f;
    default:
      return status & 0x7f;
  }
}
