import type { Station } from '../station/station.js';
import type { Connection } from './connection.js';

export type LineState = 'closed' | 'listening' | 'connecting' | 'connected' | 'standby' | 'passive' | 'error';

export interface ConnectionStatus {
  readonly remote: string;
  /** The common name in the client's certificate, where it was verified. */
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
  /** I-frames that the client has not acknowledged. */
  readonly unacknowledged: number;
  /** Events and answers that wait for the client. */
  readonly buffered: number;
  /** Events that were overwritten before this client could take them. */
  readonly lost: number;
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
  readonly stations: readonly { readonly name: string; readonly address: number; readonly state: string }[];
  readonly lost: number;
  readonly lastClose?: { readonly remote: string; readonly reason: string };
  /** How many connections were closed for each reason. */
  readonly closes: Readonly<Record<string, number>>;
}

/** The letter of a flag 0..15. */
export function flagName(flag: number): string {
  return String.fromCharCode(65 + flag);
}

export function connectionStatus(connection: Connection): ConnectionStatus {
  const { state, flag } = connection;
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
    buffered: connection.buffered,
    lost: connection.lost,
  };
}

/** What a line shows: its own state, and that of its connections and stations. */
export function lineStatus(
  line: {
    readonly state: LineState;
    readonly reason: string | undefined;
    readonly warnings: readonly string[];
    readonly flags: ClientFlags;
    readonly lost: number;
    readonly lastClose: LineStatus['lastClose'];
    readonly closes: LineStatus['closes'];
  },
  connections: Iterable<Connection>,
  stations: Iterable<Station>,
): LineStatus {
  const { state, reason, warnings, flags, lost, lastClose, closes } = line;
  return {
    state,
    ...(reason === undefined ? {} : { reason }),
    ...(warnings.length === 0 ? {} : { warnings }),
    flags: flags.names,
    connections: [...connections].map(connectionStatus),
    stations: [...stations].map(({ name, commonAddress }) => ({
      name,
      address: commonAddress,
      state: state === 'listening' ? 'StON' : 'StOFF',
    })),
    lost,
    closes: { ...closes },
    ...(lastClose === undefined ? {} : { lastClose }),
  };
}

/**
 * The flags of active clients: the first gets A, the next B, up to P; when all are taken, further ones share from A on.
 */
export class ClientFlags {
  private readonly holders = new Array<number>(16).fill(0);

  take(): number {
    let flag = 0;
    for (let i = 0; i < 16; i++) if ((this.holders[i] as number) < (this.holders[flag] as number)) flag = i;
    this.holders[flag] = (this.holders[flag] as number) + 1;
    return flag;
  }

  release(flag: number): void {
    this.holders[flag] = Math.max(0, (this.holders[flag] as number) - 1);
  }

  /** Those that are set, as letters. */
  get names(): string {
    return this.holders.flatMap((count, flag) => (count > 0 ? [flagName(flag)] : [])).join('');
  }
}
