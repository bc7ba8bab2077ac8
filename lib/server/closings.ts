import type { CloseReason } from '../apci/session.js';
import type { LineLog } from '../link/line-log.js';
import type { LineStatus } from '../link/status.js';
import { hex } from '../octets/octets.js';
import type { Connection } from './connection.js';

/** Why connections of a line were closed. */
export class Closings {
  last: LineStatus['lastClose'];
  readonly counts: Record<string, number> = {};

  constructor(private readonly log: LineLog) {}

  /** @param received octets that led to it, where octets did */
  note({ remote }: Connection, reason: CloseReason, received: Uint8Array): void {
    this.counts[reason] = (this.counts[reason] ?? 0) + 1;
    this.last = { remote, reason };
    const octets = received.length > 0 ? `, received ${hex(received)}` : '';
    const isUsual = reason === 'local' || reason === 'peer';
    this.log.log(isUsual ? 'info' : 'warn', `${remote} closed: ${reason}${octets}`);
  }
}
