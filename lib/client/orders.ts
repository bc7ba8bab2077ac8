import { type Asdu, type AsduHeader, asdu } from '../asdu/asdu.js';
import { cause } from '../asdu/cause.js';
import { canTag, cp56 } from '../asdu/time.js';
import { type TypeLabel, type TypeRow, types } from '../asdu/types.js';
import { TelecontrolError } from '../octets/error.js';
import { clockSynchronization, partnerCommand } from '../procedures/partner.js';
import { commandSample } from '../station/command-sample.js';
import { type Point, type PointDirection, parseIoa } from '../station/points.js';
import type { ClientStation } from './client-station.js';

/** What a flow may order of a substation, and what it becomes on the wire. */

export type CommandName = 'single' | 'double' | 'step' | 'normalized' | 'scaled' | 'float' | 'bitstring';

/** A command (45..51; with a time 58..64). */
export interface CommandOrder {
  readonly command: CommandName;
  /** Information object address, or `tag` of the point table. */
  readonly ioa?: number | string | undefined;
  readonly tag?: string | undefined;
  readonly value?: unknown;
  /** Normalized set point as the 16-bit integer; taken in preference to `value`. */
  readonly raw?: number | undefined;
  /** Select before operate; without it as `sbo` of the point says. */
  readonly select?: boolean | undefined;
  /** QU 0..31 of a single, double or step command, QL 0..127 of a set point. */
  readonly qualifier?: number | undefined;
  /** ms since 1970 UTC: sends the type with time tag. */
  readonly timestamp?: number | undefined;
}

export type ClientOrder =
  | CommandOrder
  /** General interrogation (20), or of a group (21..36). */
  | { readonly interrogation: number }
  /** All counters (5) or a group (1..4); freeze 0 reads, 1 freezes, 2 freezes and resets, 3 resets. */
  | { readonly counterInterrogation: number; readonly freeze?: number | undefined }
  /** Object address or tag. */
  | { readonly read: number | string }
  /** Sends the computer's time. */
  | { readonly clockSync: true }
  | { readonly test: true }
  /** 1 resets the process, 2 clears its events with time tag. */
  | { readonly reset: number };

/** What is sent for an order. */
export interface Activation {
  readonly asdu: Asdu;
  /** Which answers are to come, as CMDC says: 0 none, 1 the confirmation, 2 the termination, 3 both. */
  readonly commandConfirm: number;
  /** What has to be confirmed before: the selection. */
  readonly select?: Asdu;
  /** What releases the selection where the execution is refused. */
  readonly cancel?: Asdu;
}

const commandTypes: Readonly<Record<CommandName, readonly [untimed: TypeLabel, timed: TypeLabel]>> = {
  single: ['C_SC_NA_1', 'C_SC_TA_1'],
  double: ['C_DC_NA_1', 'C_DC_TA_1'],
  step: ['C_RC_NA_1', 'C_RC_TA_1'],
  normalized: ['C_SE_NA_1', 'C_SE_TA_1'],
  scaled: ['C_SE_NB_1', 'C_SE_TB_1'],
  float: ['C_SE_NC_1', 'C_SE_TC_1'],
  bitstring: ['C_BO_NA_1', 'C_BO_TA_1'],
};
const names = Object.keys(commandTypes) as CommandName[];
const kinds = ['command', 'interrogation', 'counterInterrogation', 'read', 'clockSync', 'test', 'reset'] as const;

/** S/E of SCO, DCO, RCO and QOS. */
const SELECT = 0x80;

/**
 * Checks an order, and turns it into what is sent.
 * @param originator the line's number
 * @param wall ms since 1970 UTC
 * @throws TelecontrolError `value` or `point`, naming the station, the point and what is allowed
 */
export function activationOf(order: ClientOrder, station: ClientStation, originator: number, wall: number): Activation {
  const given = kinds.filter((kind) => (order as unknown as Record<string, unknown>)[kind] !== undefined);
  if (given.length !== 1)
    throw wrong(station, `an order has exactly one of ${kinds.join(', ')}, not ${given.join(', ') || 'none'}`);
  const { commonAddress, zone } = station;
  const { CMDC } = station.parameters;
  const header: Pick<AsduHeader, 'cause' | 'commonAddress' | 'originator'> = {
    cause: cause.activation,
    commonAddress,
    originator,
  };
  if ('command' in order) return command(order, station, originator, wall);
  if ('interrogation' in order) {
    const qualifier = within(station, 'interrogation', order.interrogation, 20, 36);
    return { asdu: asdu('C_IC_NA_1', header, { ioa: 0, qualifier }), commandConfirm: CMDC };
  }
  if ('counterInterrogation' in order) {
    const request = within(station, 'counterInterrogation', order.counterInterrogation, 1, 5);
    const freeze = within(station, 'freeze', order.freeze ?? 0, 0, 3);
    const message = asdu('C_CI_NA_1', header, { ioa: 0, qualifier: request | (freeze << 6) });
    // What freezes or resets is confirmed, and brings nothing that could end.
    return { asdu: message, commandConfirm: freeze === 0 ? CMDC : 1 };
  }
  if ('read' in order) {
    const ioa = readAddress(order.read, station);
    const message = asdu('C_RD_NA_1', { ...header, cause: cause.request }, { ioa });
    // The value is the answer; a confirmation, which only a refusal is, does not end it.
    return { asdu: message, commandConfirm: 3 };
  }
  if ('clockSync' in order) {
    isTrue(station, 'clockSync', order.clockSync);
    return { asdu: clockSynchronization(station, originator, wall), commandConfirm: CMDC === 3 ? 1 : CMDC };
  }
  if ('test' in order) {
    isTrue(station, 'test', order.test);
    const pattern = station.nextTest();
    return { asdu: asdu('C_TS_TA_1', header, { ioa: 0, pattern, time: cp56(wall, false, zone) }), commandConfirm: 1 };
  }
  const qualifier = within(station, 'reset', order.reset, 1, 2);
  return { asdu: asdu('C_RP_NA_1', header, { ioa: 0, qualifier }), commandConfirm: 1 };
}

function command(order: CommandOrder, station: ClientStation, originator: number, wall: number): Activation {
  const labels = Object.hasOwn(commandTypes, order.command) ? commandTypes[order.command] : undefined;
  if (labels === undefined) throw wrong(station, `command ${show(order.command)} is none of ${names.join(', ')}`);
  const [untimed, timed] = labels.map((label) => types[label]) as [TypeRow, TypeRow];
  const point = named('out', order, station);
  const ioa = point?.ioa ?? parseIoa(order.ioa);
  if (ioa === undefined) throw wrong(station, `object address ${show(order.ioa)} is not 0..16777215`);
  const at = `object address ${ioa}${point?.tag === undefined ? '' : ` (${point.tag})`}`;
  if (point !== undefined && point.row.untimed !== untimed)
    throw wrong(station, `${at} is a ${point.row.label}, no ${order.command} command`);
  const { timestamp, select = point?.sbo ?? false } = order;
  if (timestamp !== undefined && !canTag(timestamp))
    throw wrong(station, `${at}: timestamp ${show(timestamp)} is not ms since 1970 up to 2069`);
  if (typeof select !== 'boolean') throw wrong(station, `${at}: select ${show(select)} is neither true nor false`);
  if (select && order.command === 'bitstring') throw wrong(station, `${at}: a bitstring command cannot be selected`);
  const row = timestamp === undefined ? (point?.row ?? untimed) : timed;
  const sample = sampleOf(order, row, station, at);
  const execute = partnerCommand(station, { ioa, row }, sample, originator, timestamp ?? wall);
  const commandConfirm = station.parameters.CMDC;
  if (!select) return { asdu: execute, commandConfirm };
  const selected = { ...sample, status: sample.status | SELECT };
  return {
    asdu: execute,
    commandConfirm,
    select: partnerCommand(station, { ioa, row }, selected, originator, timestamp ?? wall),
    cancel: { ...execute, cause: cause.deactivation },
  };
}

function sampleOf(order: CommandOrder, row: TypeRow, station: ClientStation, at: string) {
  try {
    const { value, raw, qualifier } = order;
    return commandSample(row, { value, raw, qualifier }, station.parameters.NF);
  } catch (error) {
    if (error instanceof TelecontrolError) throw wrong(station, `${at}: ${error.message}`);
    throw error;
  }
}

/** The point of the table that an address or a tag names; an address need not be in the table. */
function named(
  direction: PointDirection,
  { ioa, tag }: Pick<CommandOrder, 'ioa' | 'tag'>,
  station: ClientStation,
): Point | undefined {
  if (ioa !== undefined) return station.points.find(direction, parseIoa(ioa) ?? -1);
  const point = tag === undefined ? undefined : station.points.findTag(direction, tag);
  if (point === undefined) throw wrong(station, `no point of the table has the tag ${show(tag)}`, 'point');
  return point;
}

function readAddress(read: unknown, station: ClientStation): number {
  const ioa = parseIoa(read) ?? (typeof read === 'string' ? station.points.findTag('in', read)?.ioa : undefined);
  if (ioa === undefined)
    throw wrong(station, `read ${show(read)} is no object address 0..16777215 and no tag`, 'point');
  return ioa;
}

function within(station: ClientStation, what: string, given: unknown, low: number, high: number): number {
  if (Number.isInteger(given) && (given as number) >= low && (given as number) <= high) return given as number;
  throw wrong(station, `${what} ${show(given)} is not ${low}..${high}`);
}

function isTrue(station: ClientStation, what: string, given: unknown): void {
  if (given !== true) throw wrong(station, `${what} ${show(given)} is not true`);
}

function wrong({ name }: ClientStation, why: string, code: 'value' | 'point' = 'value'): TelecontrolError {
  return new TelecontrolError(code, `${name}: ${why}`);
}

function show(given: unknown): string {
  return typeof given === 'string' ? `"${given.slice(0, 40)}"` : String(given);
}
