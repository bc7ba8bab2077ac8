import { causeName } from '../../lib/asdu/cause.js';
import { qualityOf } from '../../lib/asdu/quality.js';
import { summerTime, timeInvalid } from '../../lib/asdu/time.js';
import { present } from '../../lib/asdu/value.js';
import type { Operation } from '../../lib/procedures/client.js';
import type { Station, WriteInput } from '../../lib/station/station.js';

/** A Node-RED message as it comes: anything may stand anywhere. */
export type Message = Readonly<Record<string, unknown>>;

const clockSynchronization = 103;

/**
 * The message of a command, or of a clock synchronization (ms) or reset (qualifier).
 * @param line name and node id of the line
 */
export function operationMessage(
  operation: Operation,
  line: { readonly name: string; readonly id: string },
): Record<string, unknown> {
  const { station, point, row, request, select, timestamp, command } = operation;
  const { asdu, object } = request;
  const { payload, beside } = present(row, object);
  const status = object.status ?? 0;
  const tag = object.time;
  const isPoint = point !== undefined;
  return {
    topic: point?.tag ?? `${station.commonAddress}/${object.ioa}`,
    payload: isPoint ? payload : row.id === clockSynchronization ? timestamp : object.qualifier,
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
      weak: asdu.test && station.parameters.IT === 2,
      status,
      ...(timestamp === undefined ? {} : { timestamp }),
      timeInvalid: tag !== undefined && timeInvalid(tag),
      summerTime: tag !== undefined && summerTime(tag),
      connection: operation.client.remote,
      line: line.name,
      station: station.name,
      ...beside,
      ...(command === undefined ? {} : { command: `${line.id}:${command}` }),
      ...(isPoint ? { select, qualifier: commandQualifier(row.first?.name, status) } : { qualifier: object.qualifier }),
    },
  };
}

/** The command that a message answers: the node id of its line, and its own id there. */
export function commandOf(message: Message): { readonly line: string; readonly command: string } | undefined {
  const { iec104 } = message;
  const named: unknown = isObject(iec104) ? iec104.command : undefined;
  if (typeof named !== 'string') return undefined;
  const colon = named.lastIndexOf(':');
  return colon < 0 ? undefined : { line: named.slice(0, colon), command: named.slice(colon + 1) };
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

type Given = Readonly<Record<string, unknown>>;

const isObject = (given: unknown): given is Given =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

const fields = [
  'quality',
  'status',
  'timestamp',
  'timeInvalid',
  'raw',
  'transient',
  'sequence',
  'carry',
  'adjusted',
  'cause',
] as const;

/** Of a received value these are as much a part of it as quality and time: a gateway passes them on. */
const received = ['quality', 'transient', 'sequence', 'carry', 'adjusted'] as const;

/** What a message says of one value beside its address. */
function inputOf(from: Given, value: unknown): WriteInput {
  const input: Record<string, unknown> = { value };
  for (const field of fields) if (from[field] !== undefined) input[field] = from[field];
  const { iec104 } = from;
  if (isObject(iec104)) {
    for (const field of received) input[field] ??= iec104[field];
    if (input.timestamp === undefined && typeof iec104.timestamp === 'number') {
      input.timestamp = iec104.timestamp;
      input.timeInvalid ??= iec104.timeInvalid;
    }
  }
  return input as WriteInput;
}

/**
 * The values that a message of `iec104-server-out` carries.
 * @param ioa the node's own address, which goes before the message's
 */
export function writesOf(message: Message, ioa: string | undefined, station: Station): WriteInput[] {
  const { payload } = message;
  if (Array.isArray(payload))
    return payload.map((element: unknown) =>
      isObject(element)
        ? { ...inputOf(element, element.value), ...addressOf(element.ioa, element.tag) }
        : { value: element, tag: 'an element that is no object' },
    );
  const input = inputOf(message, payload);
  if (ioa !== undefined) return [{ ...input, ioa }];
  if (message.ioa !== undefined && message.ioa !== '') return [{ ...input, ioa: message.ioa as string }];
  return [{ ...input, ...topicAddress(String(message.topic ?? ''), station) }];
}

function addressOf(ioa: unknown, tag: unknown): Pick<WriteInput, 'ioa' | 'tag'> {
  return ioa !== undefined && ioa !== '' ? { ioa: ioa as number } : { tag: String(tag ?? '') };
}

/** A topic is a tag, or `<common address>/<ioa>` of this station. */
function topicAddress(topic: string, station: Station): Pick<WriteInput, 'ioa' | 'tag'> {
  const parts = /^(\d+)\/(#?[0-9a-f]+)$/i.exec(topic);
  if (parts === null || station.points.findTag('out', topic) !== undefined) return { tag: topic };
  return Number(parts[1]) === station.commonAddress ? { ioa: parts[2] as string } : { tag: topic };
}
