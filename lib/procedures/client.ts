import type { InformationObject } from '../asdu/asdu.js';
import type { TypeRow } from '../asdu/types.js';
import type { EventMark } from '../station/journal.js';
import type { Point } from '../station/points.js';
import type { Station } from '../station/station.js';
import type { ClientFiles } from './files/client-files.js';
import type { Request } from './request.js';
import type { Scan } from './scan.js';

/** A client as the procedures see it: where answers go, and what is under way for it. */
export interface Client {
  /** The connection as `address:port`. */
  readonly remote: string;
  /** What it reads of the stations' files. */
  readonly files: ClientFiles;
  /** Sends an ASDU before all events; or right after the event that is named, if the client gets events of its class. */
  reply(asdu: Uint8Array, after?: EventMark): void;
  /** Takes a scan up behind those that run. @returns false when one of this station and type is under way already */
  begin(scan: Scan): boolean;
  /** Stops the scan that this deactivation names. @returns whether one was under way */
  abort(station: Station, request: Request): boolean;
  /** Drops the events with time tag of a station that wait for the client. */
  clearTimedEvents(station: Station): void;
}

/** A command, a system command or a partner's value that a flow is told of. */
export interface Operation {
  readonly station: Station;
  /** The point of a command; undefined for 103 and 105. */
  readonly point: Point | undefined;
  readonly row: TypeRow;
  readonly request: Request;
  /** The information object: the request's first, or one of several that a balanced partner sends. */
  readonly object: InformationObject;
  readonly client: Client;
  readonly select: boolean;
  /** The instant that the time tag names, ms since 1970 UTC. */
  readonly timestamp: number | undefined;
  /** Names the command in a flow's answer, which it waits for. */
  readonly command?: string;
}

/** Who confirms commands of a point: the engine at once, or the flow that takes them. */
export type Confirmation = 'auto' | 'flow';

/** Who operates: told of what clients send, asked whether somebody takes it. */
export interface Operator {
  /** How commands of a point are confirmed; undefined when nobody takes them. */
  takes(station: Station, point: Point): Confirmation | undefined;
  /** Hands an operation over. */
  operate(operation: Operation): void;
}
