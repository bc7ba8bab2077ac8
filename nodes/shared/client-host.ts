import type { ClientStation, Reception } from '../../lib/client/client-station.js';
import type { ClientOrder } from '../../lib/client/orders.js';
import { notTopical } from '../../lib/client/receiver.js';
import { notSent, type Outcome } from '../../lib/procedures/enquiries.js';
import type { ClientParameters } from '../../lib/station/parameters.js';
import type { Point } from '../../lib/station/points.js';
import { type ClientMember, type ClientService, clientKind } from './client-service.js';
import type { LineHost } from './line-host.js';
import type { LineMember, LineService } from './line-service.js';
import { MemberHost } from './member-host.js';
import { Takers } from './takers.js';

/** A value that a point of the table has received. */
export interface ReceivedValue extends Reception {
  readonly point: Point;
}

/** A value that nobody stands for any more, and the name of the line it came over. */
export interface LeftValue {
  readonly reception: ReceivedValue;
  readonly line: string;
}

/** Who is told of the values of a station: an `iec104-client-in`. */
export interface ValueTaker {
  /** The object address of its values; undefined takes all. */
  readonly ioa: number | undefined;
  /** @param line the name of the line that it came over */
  take(reception: ReceivedValue, line: string): void;
}

const known = new Takers<ValueTaker>();

/** Stations whose node a deploy has closed, by its id, until the flows have started again. */
const left = new Map<string, ClientHost>();

/**
 * What a station had received last that has nobody to go on with it: its node is gone, or its configuration or that of its
 * line is wrong now. Who showed its values would take them for good ones.
 */
export function valuesLeft(station: string): readonly LeftValue[] {
  return left.get(station)?.ending() ?? [];
}

/** The flows have started: nobody is to come any more, once all who have lost their station have looked. */
export function forgetLeft(): void {
  const over = [...left];
  // The next deploy may have begun by then.
  setImmediate(() => {
    for (const [id, host] of over) if (left.get(id) === host) left.delete(id);
  });
}

/** The station of an `iec104-client-station` node. */
export class ClientHost extends MemberHost<ClientService> implements ClientMember {
  readonly kind = clientKind;
  private readonly takers = known.of(this.id);
  /** Its node is closed, and with it the takers. */
  private isGone = false;
  /** What has come since, or was lost with the line: for who follows. */
  private untold: LeftValue[] = [];
  /** The host of the node before, until what it has left is told. */
  private former: ClientHost | undefined;
  /** It goes on with the line of the former, and with its last values. */
  private goesOn = false;

  constructor(
    id: string,
    private current: ClientStation,
    /** The station's whole configuration but its parameters. */
    private readonly fingerprint: string,
    readonly defined: Partial<ClientParameters>,
    findLine: () => LineHost,
    report: (why: string) => void,
  ) {
    super(id, findLine, report);
  }

  get name(): string {
    return this.current.name;
  }

  get address(): number {
    return this.current.commonAddress;
  }

  get station(): ClientStation {
    return this.current;
  }

  /** The same station goes on as it is; to one with other points the line passes the last values of those that both have. */
  follow(old: LineMember): void {
    if (!(old instanceof ClientHost)) return;
    if (old.fingerprint === this.fingerprint) this.current = old.station;
    this.former ??= old;
    this.goesOn = this.former === old;
  }

  override join(late: boolean): void {
    this.goesOn = false;
    this.inherit();
    super.join(late);
    if (!this.goesOn) this.former?.replaced();
  }

  override leave(removed: boolean): void {
    this.isGone = true;
    left.set(this.id, this);
    if (removed) this.replaced();
    super.leave(removed);
  }

  addTaker(taker: ValueTaker): () => void {
    this.takers.add(taker);
    return () => this.takers.delete(taker);
  }

  /** The line does not bring its values any more. */
  replaced(): void {
    // Nodes close in no order: takers that are still there may have nobody to send to.
    for (const reception of this.current.takeLast()) this.keep(notTopical(reception));
  }

  override joined(service: LineService): void {
    super.joined(service);
    this.tellLeft();
  }

  override refused(why: string): void {
    super.refused(why);
    this.goesOn = false;
    this.inherit();
    this.former?.replaced();
    this.tellLeft();
  }

  received(reception: Reception): void {
    if (this.isGone) return this.keep(reception);
    const { point } = reception;
    if (point !== undefined) this.tell({ ...reception, point }, this.line.name);
  }

  /** All that is left of it, when nobody goes on with it. */
  ending(): readonly LeftValue[] {
    this.replaced();
    return this.rest().map(({ reception, line }) => ({ reception: asLeft(reception), line }));
  }

  /**
   * Sends a command, an interrogation or the like.
   * @param done is told once how it ended
   * @throws TelecontrolError naming the point and what is allowed; PropertyError when the line does not take the station
   */
  order(order: ClientOrder, done: (outcome: Outcome) => void): void {
    this.requireLine();
    // As long as the line has not taken the station nobody is there.
    if (this.service === undefined) done(notSent('disconnected'));
    else this.service.engine.order(this.current, order, done);
  }

  /** Takes over what the node before has left to be told. */
  private inherit(): void {
    this.former ??= left.get(this.id);
    left.delete(this.id);
  }

  private keep(reception: Reception): void {
    const { point } = reception;
    if (point !== undefined) this.untold.push({ reception: { ...reception, point }, line: this.line.name });
  }

  /** What has not been told yet, that of the host before it too. */
  private rest(): readonly LeftValue[] {
    return [...(this.former?.rest() ?? []), ...this.untold];
  }

  private tellLeft(): void {
    const rest = this.rest();
    this.former = undefined;
    this.untold = [];
    for (const { reception, line } of rest) {
      const point = this.current.points.find('in', reception.object.ioa);
      if (point?.row.untimed !== reception.row.untimed) continue;
      const value = { ...reception, station: this.current, point };
      this.tell(this.goesOn ? value : asLeft(value), line);
    }
  }

  private tell(reception: ReceivedValue, line: string): void {
    for (const taker of this.takers)
      if (taker.ioa === undefined || taker.ioa === reception.point.ioa) taker.take(reception, line);
  }
}

/** Marks what nobody brings any more. */
function asLeft(value: ReceivedValue): ReceivedValue {
  return { ...notTopical(value), point: value.point };
}
