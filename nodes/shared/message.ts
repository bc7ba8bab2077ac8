import { TelecontrolError } from '../../lib/octets/error.js';
import type { Station, WriteInput } from '../../lib/station/station.js';

/** A Node-RED message as it comes: anything may stand anywhere. */
export type Message = Readonly<Record<string, unknown>>;

/** The command that a message answers: the node id of its station, and its own id there. */
export function commandOf(message: Message): { readonly station: string; readonly command: string } | undefined {
  const { iec104 } = message;
  const named: unknown = isObject(iec104) ? iec104.command : undefined;
  if (typeof named !== 'string') return undefined;
  const colon = named.lastIndexOf(':');
  return colon < 0 ? undefined : { station: named.slice(0, colon), command: named.slice(colon + 1) };
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
  'qualifier',
  'select',
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

/** Values that one message may carry; an array that is longer would stop everything else. */
const MAX_VALUES = 1_000_000;

/** How many values a message of `iec104-server-out` carries. @throws TelecontrolError `value` when too many */
export function countWrites({ payload }: Message): number {
  if (!Array.isArray(payload)) return 1;
  if (payload.length <= MAX_VALUES) return payload.length;
  throw new TelecontrolError('value', `${payload.length} values in one message, ${MAX_VALUES} are allowed`);
}

/**
 * One of the values that a message of `iec104-server-out` carries.
 * @param place among the values, from 0
 * @param own the node's own address, which goes before the message's
 * @throws TelecontrolError when it has no usable address; anything that its getters throw
 */
export function writeOf(message: Message, place: number, own: string | undefined, station: Station): WriteInput {
  const { payload } = message;
  if (Array.isArray(payload)) {
    const element: unknown = payload[place];
    if (!isObject(element)) throw new TelecontrolError('value', 'not an object {ioa | tag, value}');
    const { ioa, tag, value } = element;
    return { ...inputOf(element, value), ...(missing(ioa) ? tagOf(tag, station) : ioaOf(ioa, station)) };
  }
  const input = inputOf(message, payload);
  if (own !== undefined) return { ...input, ioa: own };
  const { ioa, topic } = message;
  if (!missing(ioa)) return { ...input, ...ioaOf(ioa, station) };
  return { ...input, ...topicAddress(tagOf(topic, station).tag, station) };
}

const missing = (given: unknown): boolean => given === undefined || given === null || given === '';

function ioaOf(given: unknown, station: Station): { readonly ioa: number | string } {
  if (typeof given === 'number' || typeof given === 'string') return { ioa: given };
  throw new TelecontrolError('point', `station ${station.name}: an object address is a number or text`);
}

function tagOf(given: unknown, station: Station): { readonly tag: string } {
  if (missing(given)) throw new TelecontrolError('point', `station ${station.name}: no object address and no tag`);
  if (typeof given === 'number' || typeof given === 'string') return { tag: String(given) };
  throw new TelecontrolError('point', `station ${station.name}: a tag is text`);
}

/** A topic is a tag, or `<common address>/<ioa>` of this station. */
function topicAddress(topic: string, station: Station): Pick<WriteInput, 'ioa' | 'tag'> {
  const parts = /^(\d+)\/(#?[0-9a-f]+)$/i.exec(topic);
  if (parts === null || station.points.findTag('out', topic) !== undefined) return { tag: topic };
  return Number(parts[1]) === station.commonAddress ? { ioa: parts[2] as string } : { tag: topic };
}
