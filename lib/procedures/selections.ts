import type { Point } from '../station/points.js';
import type { Client } from './client.js';
import type { Request } from './request.js';

/** S/E: select instead of execute. */
export const SELECT = 0x80;

interface Selection {
  readonly client: Client;
  readonly originator: number;
  readonly typeId: number;
  /** A test selection allows no real command. */
  readonly test: boolean;
  readonly value: number;
  /** The status octet without S/E. */
  readonly qualifier: number;
  readonly until: number;
}

/** Points that are selected: by whom, for which command, until when. One selection for a point. */
export class Selections {
  private readonly byPoint = new Map<Point, Selection>();

  /** Selects, or renews. */
  set(point: Point, request: Request, client: Client, until: number): void {
    this.byPoint.set(point, { ...contentOf(request), client, until });
  }

  /** Whether the point is selected by another connection or originator. */
  isForeign(point: Point, request: Request, client: Client, now: number): boolean {
    const selection = this.get(point, now);
    return selection !== undefined && !isOf(selection, request, client);
  }

  isSelected(point: Point, now: number): boolean {
    return this.get(point, now) !== undefined;
  }

  /** Takes the selection of a point for its execution. @returns false when another command was selected */
  take(point: Point, request: Request, now: number): boolean {
    const selection = this.get(point, now);
    this.byPoint.delete(point);
    if (selection === undefined) return true;
    const content = contentOf(request);
    return (
      selection.typeId === content.typeId &&
      selection.test === content.test &&
      selection.value === content.value &&
      selection.qualifier === content.qualifier
    );
  }

  /** Cancels the client's own selection. @returns whether there was one */
  cancel(point: Point, request: Request, client: Client, now: number): boolean {
    const selection = this.get(point, now);
    return selection !== undefined && isOf(selection, request, client) && this.byPoint.delete(point);
  }

  /** A connection has gone: what it had selected is free. */
  forget(client: Client): void {
    for (const [point, selection] of this.byPoint) if (selection.client === client) this.byPoint.delete(point);
  }

  private get(point: Point, now: number): Selection | undefined {
    const selection = this.byPoint.get(point);
    if (selection === undefined || selection.until > now) return selection;
    this.byPoint.delete(point);
    return undefined;
  }
}

function isOf(selection: Selection, request: Request, client: Client): boolean {
  return selection.client === client && selection.originator === request.asdu.originator;
}

function contentOf({
  asdu,
  object,
}: Request): Pick<Selection, 'originator' | 'typeId' | 'test' | 'value' | 'qualifier'> {
  return {
    originator: asdu.originator,
    typeId: asdu.typeId,
    test: asdu.test,
    value: object.value ?? 0,
    qualifier: (object.status ?? 0) & ~SELECT,
  };
}
