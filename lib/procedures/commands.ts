import { cause } from '../asdu/cause.js';
import { instant, timeInvalid } from '../asdu/time.js';
import type { TypeRow } from '../asdu/types.js';
import type { Point } from '../station/points.js';
import type { Station } from '../station/station.js';
import type { Client, Operation, Operator } from './client.js';
import { type CommandAnswer, PendingCommands } from './pending.js';
import type { Request } from './request.js';
import { SELECT, Selections } from './selections.js';

/** Commands 45..51 and 58..64 to the stations of a line: direct, and select before operate. */
export class CommandDesk {
  private readonly selections = new Selections();
  private readonly pending = new PendingCommands();

  /** @param isTooFast counts the commands of a client; whether this is one too many (CMR) */
  constructor(
    private readonly operator: Operator,
    private readonly isTooFast: (client: Client) => boolean,
  ) {}

  /**
   * @param now ms of the clock
   * @param wall ms since 1970 UTC
   */
  handle(request: Request, station: Station, client: Client, now: number, wall: number): void {
    const row = request.row as TypeRow;
    const point = station.points.find('in', request.object.ioa);
    if (point === undefined || point.row.untimed !== row.untimed)
      return client.reply(request.answer(cause['unknown-object-address'], true));
    const timestamp = timestampOf(request, station, wall);
    const select = ((request.object.status ?? 0) & SELECT) !== 0;
    const operation = { station, point, row, request, object: request.object, client, select, timestamp };
    if (request.asdu.cause === cause.deactivation && request.isSingle) return this.cancel(operation, point, now);
    const confirm = this.operator.takes(station, point);
    const refused =
      this.isTooFast(client) ||
      confirm === undefined ||
      !request.isSingle ||
      !isOperable(request, row) ||
      !isTimely(request, timestamp, station.parameters.CAGE, wall + station.ahead) ||
      this.pending.isBusy(point, station) ||
      this.selections.isForeign(station, point, request, client, now) ||
      (!select && point.sbo && !this.selections.isSelected(station, point, now));
    if (refused) return client.reply(request.answer(request.confirmation, true));
    if (select) this.select(operation, point, now);
    else if (!this.selections.take(station, point, request, now))
      client.reply(request.answer(cause['activation-confirmation'], true));
    // A test is answered and shown, but nobody is asked and nothing moves.
    else if (confirm === 'flow' && !request.isTestOf(station)) this.ask(operation, point, now);
    else this.execute(operation, point, now);
  }

  /** A flow's answer to the command of this id. @throws TelecontrolError `state` */
  answer(id: string, answer: CommandAnswer, now: number): void {
    this.pending.answer(id, answer, now);
  }

  /** A connection has gone: what it had selected or commanded is free. */
  forget(client: Client): void {
    this.selections.forget(client);
    this.pending.forget(client);
  }

  /** A station is no more, or another stands in its place: selections and commands of what both have go on. */
  follow(old: Station, next: Station | undefined): void {
    this.selections.follow(old, next);
    if (next !== undefined) this.pending.follow(old, next);
  }

  /** When `expire` wants to be called, ms of the clock. */
  get deadline(): number {
    return this.pending.deadline;
  }

  expire(now: number): void {
    this.pending.expire(now);
  }

  private select(operation: Operation, point: Point, now: number): void {
    const { request, client, station } = operation;
    this.selections.set(station, point, request, client, now + station.parameters.SBOT);
    if (station.parameters.CMDC > 0) client.reply(request.answer(cause['activation-confirmation'], false));
    this.operator.operate(operation);
  }

  private cancel(operation: Operation, point: Point, now: number): void {
    const { request, client, station } = operation;
    const cancelled = this.selections.cancel(station, point, request, client, now);
    if (!cancelled || station.parameters.CMDC > 0)
      client.reply(request.answer(cause['deactivation-confirmation'], !cancelled));
    if (cancelled) this.operator.operate(operation);
  }

  private ask(operation: Operation, point: Point, now: number): void {
    const command = this.pending.nextId();
    this.pending.ask(command, operation, point, now);
    this.operator.operate({ ...operation, command });
  }

  private execute(operation: Operation, point: Point, now: number): void {
    const { request, client, station } = operation;
    const { CMDC } = station.parameters;
    if (CMDC === 1 || CMDC === 3) client.reply(request.answer(cause['activation-confirmation'], false));
    const followed = point.feedback !== undefined && !request.isTestOf(station);
    if (followed) this.pending.awaitReturn(operation, point, now);
    this.operator.operate(operation);
    if (!followed && CMDC >= 2) client.reply(request.answer(cause['activation-termination'], false));
  }
}

function timestampOf({ object }: Request, station: Station, wall: number): number | undefined {
  return object.time === undefined ? undefined : instant(object.time, station.zone, wall);
}

/** A time tag must name a time, be valid, and not be older or newer than CAGE allows. */
function isTimely({ object }: Request, timestamp: number | undefined, limit: number, wall: number): boolean {
  if (object.time === undefined) return true;
  if (timestamp === undefined || timeInvalid(object.time)) return false;
  return limit === 0 || Math.abs(wall - timestamp) <= limit;
}

/** Whether value and qualifier are ones that the standard defines. */
function isOperable(request: Request, row: TypeRow): boolean {
  const { value = 0, status = 0 } = request.object;
  switch (row.first?.name) {
    case 'SCO':
      return qualifierOfCommand(status) <= 3;
    case 'DCO':
    case 'RCO':
      return (value === 1 || value === 2) && qualifierOfCommand(status) <= 3;
    case 'BSI':
      return true;
    default:
      // QL other than 0 is reserved.
      return Number.isFinite(value) && (status & 0x7f) === 0;
  }
}

/** QU: no additional definition, short pulse, long pulse, persistent; above 3 reserved. */
function qualifierOfCommand(status: number): number {
  return (status >> 2) & 0x1f;
}
