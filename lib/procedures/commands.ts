import { cause } from '../asdu/cause.js';
import { instant, timeInvalid } from '../asdu/time.js';
import type { TypeRow } from '../asdu/types.js';
import type { Point } from '../station/points.js';
import type { Station } from '../station/station.js';
import type { Client, Operator } from './client.js';
import type { Request } from './request.js';

/** S/E: select instead of execute. */
const SELECT = 0x80;

interface Selection {
  readonly client: Client;
  readonly originator: number;
  readonly typeId: number;
  readonly value: number;
  /** The status octet without S/E. */
  readonly qualifier: number;
  readonly until: number;
}

/** Commands 45..51 and 58..64 to the stations of a line: direct, and select before operate. */
export class CommandDesk {
  private readonly selections = new Map<Point, Selection>();

  constructor(private readonly operator: Operator) {}

  /**
   * @param now ms of the clock
   * @param wall ms since 1970 UTC
   */
  handle(request: Request, station: Station, client: Client, now: number, wall: number): void {
    const row = request.row as TypeRow;
    const point = station.points.find('in', request.object.ioa);
    if (point === undefined || point.row.untimed !== row.untimed)
      return client.reply(request.answer(cause['unknown-object-address'], true));
    if (request.asdu.cause === cause.deactivation)
      return client.reply(
        request.answer(cause['deactivation-confirmation'], !this.cancel(request, point, client, now)),
      );
    const refuse = (): void => client.reply(request.answer(cause['activation-confirmation'], true));
    if (!request.isSingle || !isOperable(request, row)) return refuse();
    const tag = request.object.time;
    const timestamp = tag === undefined ? undefined : instant(tag, station.zone, wall);
    if (tag !== undefined && (timestamp === undefined || timeInvalid(tag))) return refuse();
    const { CAGE, CMDC, SBOT } = station.parameters;
    if (timestamp !== undefined && CAGE > 0 && Math.abs(wall - timestamp) > CAGE) return refuse();
    if (!this.operator.takes(station, point)) return refuse();

    const select = ((request.object.status ?? 0) & SELECT) !== 0;
    const selected = this.selectionOf(point, now);
    if (selected !== undefined && (selected.client !== client || selected.originator !== request.asdu.originator))
      return refuse();
    const operation = { station, point, row, request, client, select, timestamp };
    if (select) {
      this.selections.set(point, { ...contentOf(request), client, until: now + SBOT });
      if (CMDC > 0) client.reply(request.answer(cause['activation-confirmation'], false));
      return this.operator.operate(operation);
    }
    if (selected === undefined && point.sbo) return refuse();
    this.selections.delete(point);
    if (selected !== undefined && !matches(selected, contentOf(request))) return refuse();
    if (CMDC === 1 || CMDC === 3) client.reply(request.answer(cause['activation-confirmation'], false));
    this.operator.operate(operation);
    if (CMDC >= 2) client.reply(request.answer(cause['activation-termination'], false));
  }

  /** A connection has gone: what it had selected is free. */
  forget(client: Client): void {
    for (const [point, selection] of this.selections) if (selection.client === client) this.selections.delete(point);
  }

  private cancel(request: Request, point: Point, client: Client, now: number): boolean {
    const selected = this.selectionOf(point, now);
    if (selected === undefined || selected.client !== client || selected.originator !== request.asdu.originator)
      return false;
    return this.selections.delete(point);
  }

  private selectionOf(point: Point, now: number): Selection | undefined {
    const selection = this.selections.get(point);
    if (selection === undefined || selection.until > now) return selection;
    this.selections.delete(point);
    return undefined;
  }
}

function contentOf(request: Request): Pick<Selection, 'originator' | 'typeId' | 'value' | 'qualifier'> {
  const { asdu, object } = request;
  return {
    originator: asdu.originator,
    typeId: asdu.typeId,
    value: object.value ?? 0,
    qualifier: (object.status ?? 0) & ~SELECT,
  };
}

function matches(selection: Selection, content: ReturnType<typeof contentOf>): boolean {
  return (
    selection.typeId === content.typeId &&
    selection.value === content.value &&
    selection.qualifier === content.qualifier
  );
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
