import { MAX_IOA } from '../asdu/asdu.js';
import type { Point } from '../station/points.js';
import type { Station } from '../station/station.js';
import type { Client } from './client.js';
import type { Request } from './request.js';

/** S/E: select instead of execute. */
export const SELECT = 0x80;

interface Selection {
  readonly point: Point;
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

/** Names an object on a line: a station that a deploy changes has other points at the same addresses. */
export function objectKey({ commonAddress }: Station, { ioa }: Point): number {
  return commonAddress * (MAX_IOA + 1) + ioa;
}

/** Points that are selected: by whom, for which command, until when. One selection for a point. */
export class Selections {
  private readonly byObject = new Map<number, Selection>();

  /** Selects, or renews. */
  set(station: Station, point: Point, request: Request, client: Client, until: number): void {
    this.byObject.set(objectKey(station, point), { ...contentOf(request), point, client, until });
  }

  /** Whether the point is selected by another connection or originator. */
  isForeign(station: Station, point: Point, request: Request, client: Client, now: number): boolean {
    const selection = this.get(station, point, now);
    return selection !== undefined && !isOf(selection, request, client);
  }

  isSelected(station: Station, point: Point, now: number): boolean {
    return this.get(station, point, now) !== undefined;
  }

  /** Takes the selection of a point for its execution. @returns false when another command was selected */
  take(station: Station, point: Point, request: Request, now: number): boolean {
    const selection = this.get(station, point, now);
    this.byObject.delete(objectKey(station, point));
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
  cancel(station: Station, point: Point, request: Request, client: Client, now: number): boolean {
    const selection = this.get(station, point, now);
    return (
      selection !== undefined && isOf(selection, request, client) && this.byObject.delete(objectKey(station, point))
    );
  }

  /** A connection has gone: what it had selected is free. */
  forget(client: Client): void {
    for (const [key, selection] of this.byObject) if (selection.client === client) this.byObject.delete(key);
  }

  /** A station is no more, or another stands in its place: what both have stays selected. */
  follow(old: Station, next: Station | undefined): void {
    for (const [key, { point }] of this.byObject) {
      if (objectKey(old, point) !== key) continue;
      if (next?.points.find('in', point.ioa)?.row !== point.row) this.byObject.delete(key);
    }
  }

  private get(station: Station, point: Point, now: number): Selection | undefined {
    const key = objectKey(station, point);
    const selection = this.byObject.get(key);
    if (selection === undefined || selection.until > now) return selection;
    this.byObject.delete(key);
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
