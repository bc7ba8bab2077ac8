import type { Asdu, InformationObject } from '../asdu/asdu.js';
import { cause } from '../asdu/cause.js';
import { typeById, types } from '../asdu/types.js';

export type FailureReason = 'negative' | 'timeout' | 'disconnected' | 'passive' | 'input';

/** How a command that we sent has ended. */
export interface Outcome {
  readonly ok: boolean;
  /** A positive activation confirmation (7) has come. */
  readonly confirmed: boolean;
  /** The activation termination (10) has come. */
  readonly terminated: boolean;
  /** Cause of the last answer, 0 without one. */
  readonly cause: number;
  /** Status octet of the last answer. */
  readonly status: number;
  readonly durationMs: number;
  readonly reason?: FailureReason;
}

interface Enquiry {
  readonly key: string;
  readonly commandConfirm: number;
  readonly selects: boolean;
  readonly since: number;
  readonly timeout: number;
  until: number;
  confirmed: boolean;
  readonly done: (outcome: Outcome) => void;
}

/**
 * Commands that we sent over one connection and whose answers are awaited: one at a time for each type, station and object.
 */
export class Enquiries {
  private readonly open = new Map<string, Enquiry>();
  /** Deactivations that are not confirmed, and until when that matters. */
  private readonly cancelled = new Map<string, number>();

  /** How many are open. */
  get size(): number {
    return this.open.size;
  }

  /** Whether a command of this type and object, or its deactivation, is on its way. */
  isOpen(asdu: Asdu): boolean {
    const key = keyOf(asdu);
    return this.open.has(key) || this.cancelled.has(key);
  }

  /** Whether the confirmation of an open one has come. */
  isConfirmed(asdu: Asdu): boolean {
    return this.open.get(keyOf(asdu))?.confirmed === true;
  }

  /**
   * Waits for the answers to a command that has been handed to the connection.
   * @param commandConfirm which answers are to come, as CMDC says: 0 none, 1 the confirmation, 2 the termination, 3 both
   * @param timeout ms (WTN)
   */
  ask(asdu: Asdu, commandConfirm: number, timeout: number, now: number, done: (outcome: Outcome) => void): void {
    const key = keyOf(asdu);
    const until = now + timeout;
    const selects = isSelect(asdu);
    const enquiry = { key, commandConfirm, selects, since: now, timeout, until, confirmed: false, done };
    if (commandConfirm === 0) return this.end(enquiry, now, {});
    this.open.set(key, enquiry);
  }

  /** Waits for the confirmation of a deactivation (8): it is the answer to nothing else. */
  cancel(asdu: Asdu, timeout: number, now: number): void {
    this.cancelled.set(keyOf(asdu), now + timeout);
  }

  /** What is asked of a station is being answered: its wait begins anew. */
  renew(typeId: number, commonAddress: number, now: number): void {
    const enquiry = this.open.get(`${typeId} ${commonAddress} 0`);
    if (enquiry !== undefined) enquiry.until = now + enquiry.timeout;
  }

  /** A value has come with the cause of requested ones (5): it ends the read command (102) that asked for it. */
  given(commonAddress: number, { ioa, status = 0 }: InformationObject, now: number): void {
    const enquiry = this.open.get(`${types.C_RD_NA_1.id} ${commonAddress} ${ioa}`);
    if (enquiry !== undefined) this.end(enquiry, now, { cause: cause.request, status });
  }

  /** An answer has come. @returns whether it was one to an open command */
  answer(asdu: Asdu, now: number): boolean {
    const key = keyOf(asdu);
    if (this.cancelled.delete(key)) return true;
    const enquiry = this.open.get(key);
    if (enquiry === undefined) return false;
    const last = { cause: asdu.cause, status: asdu.objects[0]?.status ?? 0 };
    const isTermination = asdu.cause === cause['activation-termination'];
    const isConfirmation = asdu.cause === cause['activation-confirmation'];
    // What answers the selection once more says nothing of the execution.
    if (isConfirmation && isSelect(asdu) !== enquiry.selects) return true;
    if (asdu.negative || !(isTermination || isConfirmation)) this.end(enquiry, now, { ...last, reason: 'negative' });
    else if (isTermination) {
      // Where the confirmation is what counts, it may be that of the command before.
      if (enquiry.commandConfirm !== 1) this.end(enquiry, now, { ...last, terminated: true });
    } else {
      enquiry.confirmed = true;
      if (enquiry.commandConfirm === 1) this.end(enquiry, now, last);
    }
    return true;
  }

  /** When `expire` wants to be called, ms of the clock. */
  get deadline(): number {
    let earliest = Infinity;
    for (const { until } of this.open.values()) if (until < earliest) earliest = until;
    for (const until of this.cancelled.values()) if (until < earliest) earliest = until;
    return earliest;
  }

  /** Ends what has waited too long. @returns whether there was any: then the connection is to be closed */
  expire(now: number): boolean {
    let any = false;
    for (const [key, until] of this.cancelled) if (until <= now) this.cancelled.delete(key);
    for (const enquiry of [...this.open.values()]) {
      if (enquiry.until > now) continue;
      any = true;
      this.end(enquiry, now, { reason: 'timeout' });
    }
    return any;
  }

  /** The connection has gone: all fail. They are not repeated. */
  fail(now: number): void {
    this.cancelled.clear();
    for (const enquiry of [...this.open.values()]) this.end(enquiry, now, { reason: 'disconnected' });
  }

  private end(enquiry: Enquiry, now: number, how: Partial<Outcome>): void {
    this.open.delete(enquiry.key);
    enquiry.done({
      ok: how.reason === undefined,
      confirmed: enquiry.confirmed,
      terminated: false,
      cause: 0,
      status: 0,
      durationMs: Math.round(now - enquiry.since),
      ...how,
    });
  }
}

function keyOf({ typeId, commonAddress, objects }: Asdu): string {
  return `${typeId} ${commonAddress} ${objects[0]?.ioa ?? 0}`;
}

/** S/E: the command selects. A bitstring command cannot. */
function isSelect({ typeId, objects }: Asdu): boolean {
  return typeById(typeId)?.direction === 'control' && ((objects[0]?.status ?? 0) & 0x80) !== 0;
}

/** An outcome without anything sent. */
export function notSent(reason: FailureReason): Outcome {
  return { ok: false, confirmed: false, terminated: false, cause: 0, status: 0, durationMs: 0, reason };
}
