import type { OctetWriter } from '../octets/octets.js';
import type { Splitting } from './frame.js';

/** `starting` and `stopping` wait for a confirmation; a controlled station that is stopping waits for acknowledgements. */
export type SessionState = 'stopped' | 'starting' | 'started' | 'stopping' | 'closed';

/** Why a session closed: what the peer did against the protocol, what did not come in time, or who else closed it. */
export type CloseReason =
  | Splitting
  | 'u-format'
  | 's-format'
  | 'unexpected-act'
  | 'i-frame-while-stopped'
  | 's-frame-before-startdt'
  | 'send-sequence'
  | 'receive-sequence'
  | 'asdu'
  | 't1-i-frame'
  | 't1-testfr'
  | 't1-act'
  | 't1-frame'
  | 'no-startdt'
  | 'reply-overflow'
  | 'taken-over'
  | 'certificate'
  | 'no-answer'
  | 'not-allowed'
  | 'same-network'
  | 'internal'
  | 'peer'
  | 'socket'
  | 'local';

/** What a session asks of the world. It is called within the session's own calls, in order. */
export interface SessionEffects {
  /** Where to write what goes to the peer; there must be room for one APDU of 255 octets. */
  room(): OctetWriter;
  /** An I-frame arrived. The octets are only valid during the call. `mark` is bit 0 of the third control octet. */
  deliver(asdu: Uint8Array, mark: boolean): void;
  /** The peer has acknowledged the I-frame of this ticket. */
  confirmed(ticket: number): void;
  stateChanged(state: SessionState): void;
  /** The connection must be closed; called once, and nothing else is called after it. */
  closed(reason: CloseReason): void;
}

/** Nothing to send. */
export const NOTHING = -1;

/** Where I-frames come from: asked for the next ASDU whenever one may be sent. */
export interface Source {
  /**
   * Writes the next ASDU at `to.at`.
   * @returns its ticket (0 or more), or NOTHING with nothing written
   */
  next(to: OctetWriter): number;
}
