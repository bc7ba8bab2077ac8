import { cause } from '../asdu/cause.js';
import { TelecontrolError } from '../octets/error.js';
import type { EventMark } from '../station/journal.js';
import type { Point } from '../station/points.js';
import type { Station } from '../station/station.js';
import type { Client, Operation } from './client.js';
import { objectKey } from './selections.js';

/** What a flow says of a command: accepted, refused, done. */
export type CommandAnswer = true | false | 'terminate';

interface Pending {
  readonly id: string;
  operation: Operation;
  readonly point: Point;
  /** The monitored point that the command moves. */
  feedback: Point | undefined;
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
  private readonly byObject = new Map<number, Pending>();
  private readonly byId = new Map<string, Pending>();
  /** Of all lines together: what a flow answers late, a deploy later say, must not be taken for another command's answer. */
  private static last = 0;

  /** A point whose last command is not done takes no other, nor does one whose feedback another command is waiting for. */
  isBusy(point: Point, station: Station): boolean {
    if (this.byObject.has(objectKey(station, point))) return true;
    const feedback = feedbackOf(point, station);
    if (feedback === undefined) return false;
    return [...this.byObject.values()].some((other) => other.feedback === feedback && other.returned === undefined);
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
  awaitReturn(operation: Operation, point: Point, now: number): void {
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
    for (const pending of [...this.byObject.values()]) if (pending.operation.client === client) this.remove(pending);
  }

  /** Another station stands in the place of one: its commands go on, and with it whoever waits for feedback. */
  follow(old: Station, next: Station): void {
    for (const pending of this.byObject.values()) {
      if (pending.operation.station !== old) continue;
      const { feedback, onReturn, returned } = pending;
      const same = feedback && next.points.find('out', feedback.ioa);
      pending.operation = { ...pending.operation, station: next };
      pending.feedback = same?.row === feedback?.row ? same : undefined;
      if (pending.feedback !== undefined && onReturn !== undefined && returned === undefined)
        next.awaited.set(pending.feedback, onReturn);
    }
  }

  /** When the next command has waited too long; Infinity without one. */
  get deadline(): number {
    let earliest = Infinity;
    for (const { until } of this.byObject.values()) if (until < earliest) earliest = until;
    return earliest;
  }

  /** Commands whose time has passed: those without an answer are refused, confirmed ones terminated. */
  expire(now: number): void {
    for (const pending of [...this.byObject.values()]) {
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
    this.byObject.set(objectKey(pending.operation.station, pending.point), pending);
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
      // While a deploy is under way its end reaches only the station that was.
      if (this.byId.get(pending.id) !== pending) return;
      pending.returned = event;
      if (!pending.byFlow) this.terminate(pending);
    };
    operation.station.awaited.set(feedback, pending.onReturn);
  }

  private remove(pending: Pending): void {
    this.byObject.delete(objectKey(pending.operation.station, pending.point));
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
