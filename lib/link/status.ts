import type { SessionState } from '../apci/session.js';

export type LineState = 'closed' | 'listening' | 'connecting' | 'connected' | 'standby' | 'passive' | 'error';

export interface ConnectionStatus {
  readonly remote: string;
  /** The common name in the partner's certificate, where it was verified. */
  readonly certificate?: string;
  readonly state: 'connected' | 'started' | 'stopping' | 'standby';
  /** A..P, while data transfer is started. */
  readonly flag?: string;
  /** ms since 1970 UTC. */
  readonly since: number;
  readonly framesSent: number;
  readonly framesReceived: number;
  /** Values and commands. */
  readonly sent: number;
  readonly received: number;
  /** I-frames that the partner has not acknowledged. */
  readonly unacknowledged: number;
  /** I-frames of the partner that we have not acknowledged; this and the limits where the protocol has such. */
  readonly unacknowledgedReceived?: number;
  /** At most so many of ours are unacknowledged, and so many of the partner's. */
  readonly k?: number;
  readonly w?: number;
  /** Events, answers or orders that wait for the partner. */
  readonly buffered: number;
  /** Events that were overwritten before this client could take them. */
  readonly lost: number;
  /** Received from a substation and not taken: of an unknown type, cause, common address or object. */
  readonly ignored?: number;
  /** How many times it did not take what was sent, up to the limit of what may wait; left out where it always did. */
  readonly stalls?: number;
  /** Set of a session of a byte channel that has the device for itself. */
  readonly holder?: true;
}

export interface StationStatus {
  readonly name: string;
  readonly address: number;
  readonly state: string;
  /** Set of a server station in balanced mode: it may interrogate its partners. */
  readonly balanced?: true;
}

/** What a line is doing, as `line-status` shows it. */
export interface LineStatus {
  readonly state: LineState;
  readonly reason?: string;
  /** What stands against the line's certificates, in words; left out where nothing does. */
  readonly warnings?: readonly string[];
  /** The flags A..P that are set, in order. */
  readonly flags: string;
  readonly connections: readonly ConnectionStatus[];
  readonly stations: readonly StationStatus[];
  readonly lost: number;
  readonly lastClose?: { readonly remote: string; readonly reason: string };
  /** How many connections were closed for each reason; of a line that connects, failed attempts too. */
  readonly closes: Readonly<Record<string, number>>;
  /** How many clients were not let in, for each reason; of a line that connects, partners that were not trusted, if any. */
  readonly refused?: Readonly<Record<string, number>>;
  /** Of two started connections: values that may have been told twice, since one lagged too far behind; left out where none. */
  readonly repeated?: number;
  /**
   * Of a byte channel with a serial port, on the line of its first session: octets of the flow that wait for the port, and
   * frames of it that were dropped or ignored, which `lost` counts too. Left out where there are none.
   */
  readonly flow?: FlowStatus;
}

export interface FlowStatus {
  readonly buffered: number;
  readonly lost: number;
}

/** The letter of a flag 0..15. */
export function flagName(flag: number): string {
  return String.fromCharCode(65 + flag);
}

/** A connection as its status is read. */
export interface ShownConnection extends Omit<ConnectionStatus, 'certificate' | 'state' | 'flag'> {
  readonly channel: { readonly certificate?: string };
  readonly state: SessionState;
  /** 0..15 for A..P while data transfer is started. */
  readonly flag: number | undefined;
}

export function connectionStatus(connection: ShownConnection): ConnectionStatus {
  const { state, flag, unacknowledgedReceived, k, w, ignored, stalls = 0 } = connection;
  const { certificate } = connection.channel;
  return {
    remote: connection.remote,
    ...(certificate === undefined ? {} : { certificate }),
    state: state === 'started' || state === 'stopping' ? state : 'connected',
    ...(flag === undefined ? {} : { flag: flagName(flag) }),
    since: connection.since,
    framesSent: connection.framesSent,
    framesReceived: connection.framesReceived,
    sent: connection.sent,
    received: connection.received,
    unacknowledged: connection.unacknowledged,
    ...(unacknowledgedReceived === undefined ? {} : { unacknowledgedReceived }),
    ...(k === undefined ? {} : { k }),
    ...(w === undefined ? {} : { w }),
    buffered: connection.buffered,
    lost: connection.lost,
    ...(ignored === undefined ? {} : { ignored }),
    ...(stalls === 0 ? {} : { stalls }),
  };
}

/** What a line of either side shows of itself. */
export interface ShownLine extends Pick<LineStatus, 'state' | 'flags' | 'lost' | 'closes' | 'repeated'> {
  readonly refused?: LineStatus['refused'] | undefined;
  readonly flow?: FlowStatus | undefined;
  readonly reason: string | undefined;
  readonly warnings: readonly string[];
  readonly lastClose: LineStatus['lastClose'];
}

/** The status of a line, without what is not there. */
export function lineStatus(
  line: ShownLine,
  connections: readonly ConnectionStatus[],
  stations: LineStatus['stations'],
): LineStatus {
  const { state, reason, warnings, flags, lost, closes, refused, repeated = 0, flow, lastClose } = line;
  return {
    state,
    ...(reason === undefined ? {} : { reason }),
    ...(warnings.length === 0 ? {} : { warnings }),
    flags,
    connections,
    stations,
    lost,
    closes: { ...closes },
    ...(refused === undefined ? {} : { refused: { ...refused } }),
    ...(repeated === 0 ? {} : { repeated }),
    ...(flow === undefined ? {} : { flow }),
    ...(lastClose === undefined ? {} : { lastClose }),
  };
}
