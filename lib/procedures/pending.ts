import { cause } from '../asdu/cause.js';
import { TelecontrolError } from '../octets/error.js';
import type { EventMark } from '../station/journal.js';
import type { Point } from '../station/points.js';
import type { Station } from '../station/station.js';
import type { Client, Operation } from './client.js';

/** What a flow says of a command: accepted, refused, done. */
export type CommandAnswer = true | false | 'terminate';

interface Pending {
  readonly id: string;
  readonly operation: Operation;
  readonly point: Point;
  /** The monitored point that the command moves. */
  readonly feedback: Point | undefined;
  /** Whether the flow terminates it; otherwise its feedback does. */
  readonly byFlow: boolean;
  confirmed: boolean;
  /** Is told of the first write of the feedback point. */
  onReturn?: (event: EventMark) => void;
  /** The return information, which goes out before the termination. */
  returned?: EventMark;
  until: number;
}

/** Commands that are not done: they wait for a flow's answer, or for their feedback. One at a time for a point. */
export class PendingCommands {
  private readonly byPoint = new Map<Point, Pending>();
  private readonly byId = new Map<string, Pending>();
  /** Of all lines together: what a flow answers late, a deploy later say, must not be taken for another command's answer. */
  private static last = 0;

  /** A point whose last command is not done takes no other, nor does one whose feedback another command is waiting for. */
  isBusy(point: Point, station: Station): boolean {
    if (this.byPoint.has(point)) return true;
    const feedback = feedbackOf(point, station);
    if (feedback === undefined) return false;
    return [...this.byPoint.values()].some((other) => other.feedback === feedback && other.returned === undefined);
  }

  /** The id of the next command. */
  nextId(): string {
    PendingCommands.last++;
    return String(PendingCommands.last);
  }

  /** Waits for the flow's answer to a command. */
  ask(id: string, operation: Operation, point: Point, now: number): void {
    this.add({ ...this.entry(id, operation, point, now), byFlow: true, confirmed: false });
  }

  /** Waits for the feedback of a command that is confirmed already. */
  follow(operation: Operation, point: Point, now: number): void {
    const pending = { ...this.entry(this.nextId(), operation, point, now), byFlow: false, confirmed: true };
    this.add(pending);
    this.awaitFeedback(pending);
  }

  /**
   * The flow's answer. 7 and 10 are sent as CMDC says, a refusal always.
   * @throws TelecontrolError `state` when the command is not known, done, or confirmed already
   */
  answer(id: string, answer: CommandAnswer, now: number): void {
    const pending = this.byId.get(id);
    if (pending === undefined)
      throw new TelecontrolError('state', `command ${id} is not waiting: it was answered, timed out or disconnected`);
    if (pending.confirmed && answer !== 'terminate')
      throw new TelecontrolError('state', `command ${id} is confirmed already; only "terminate" can follow`);
    if (answer === false) return this.refuse(pending);
    if (!pending.confirmed) this.confirm(pending, now);
    if (answer === 'terminate') this.terminate(pending);
  }

  /** A connection has gone, and with it whoever waited for answers. */
  forget(client: Client): void {
    for (const pending of [...this.byPoint.values()]) if (pending.operation.client === client) this.remove(pending);
  }

  /** When the next command has waited too long; Infinity without one. */
  get deadline(): number {
    let earliest = Infinity;
    for (const { until } of this.byPoint.values()) if (until < earliest) earliest = until;
    return earliest;
  }

  /** Commands whose time has passed: those without an answer are refused, confirmed ones terminated. */
  expire(now: number): void {
    for (const pending of [...this.byPoint.values()]) {
      if (pending.until > now) continue;
      if (pending.confirmed) this.terminate(pending);
      else this.refuse(pending);
    }
  }

  private entry(id: string, operation: Operation, point: Point, now: number): Omit<Pending, 'byFlow' | 'confirmed'> {
    const { station } = operation;
    return { id, operation, point, feedback: feedbackOf(point, station), until: now + station.parameters.CTO };
  }

  private add(pending: Pending): void {
    this.byPoint.set(pending.point, pending);
    this.byId.set(pending.id, pending);
  }

  private confirm(pending: Pending, now: number): void {
    const { client, request, station } = pending.operation;
    const { CMDC, CTO } = station.parameters;
    pending.confirmed = true;
    pending.until = now + CTO;
    if (CMDC === 1 || CMDC === 3) client.reply(request.answer(cause['activation-confirmation'], false));
    this.awaitFeedback(pending);
  }

  private refuse(pending: Pending): void {
    const { client, request } = pending.operation;
    client.reply(request.answer(cause['activation-confirmation'], true));
    this.remove(pending);
  }

  private terminate(pending: Pending): void {
    const { client, request, station } = pending.operation;
    if (station.parameters.CMDC >= 2)
      client.reply(request.answer(cause['activation-termination'], false), lastReturn(pending));
    this.remove(pending);
  }

  /** The first write of the feedback point is return information (cause 11); without a flow it ends the command. */
  private awaitFeedback(pending: Pending): void {
    const { feedback, operation } = pending;
    if (feedback === undefined) return;
    pending.onReturn = (event) => {
      operation.station.awaited.delete(feedback);
      pending.returned = event;
      if (!pending.byFlow) this.terminate(pending);
    };
    operation.station.awaited.set(feedback, pending.onReturn);
  }

  private remove(pending: Pending): void {
    this.byPoint.delete(pending.point);
    this.byId.delete(pending.id);
    // Another command may wait for the same feedback by now.
    const { awaited } = pending.operation.station;
    const { feedback, onReturn } = pending;
    if (feedback !== undefined && onReturn !== undefined && awaited.get(feedback) === onReturn)
      awaited.delete(feedback);
  }
}

/** What the termination follows: where the flow says when it is done, all that the feedback point has brought until then. */
function lastReturn({ byFlow, feedback, returned, operation }: Pending): EventMark | undefined {
  if (!byFlow || feedback === undefined || returned === undefined) return returned;
  return { which: returned.which, number: operation.station.image.lastEvent[feedback.index] as number };
}

function feedbackOf(point: Point, station: Station): Point | undefined {
  return point.feedback === undefined ? undefined : station.points.find('out', point.feedback);
}
