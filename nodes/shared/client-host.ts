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

/** A value that a point of the table has received. */
export interface ReceivedValue extends Reception {
  readonly point: Point;
}

/** Who is told of the values of a station: an `iec104-client-in`. */
export interface ValueTaker {
  /** The object address of its values; undefined takes all. */
  readonly ioa: number | undefined;
  take(reception: ReceivedValue): void;
}

/**
 * What stations had received last whose line a deploy has replaced by another, by their node's id: who follows tells it, or
 * its flow would take old values for good ones.
 */
const untold = new Map<string, readonly Reception[]>();

/** The station of an `iec104-client-station` node. */
export class ClientHost extends MemberHost<ClientService> implements ClientMember {
  readonly kind = clientKind;
  private readonly takers = new Set<ValueTaker>();

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

  /** The same station goes on as it is; one with other points goes on with the last values of those that both have. */
  follow(old: LineMember): void {
    if (!(old instanceof ClientHost)) return;
    if (old.fingerprint === this.fingerprint) this.current = old.station;
    else this.current.follow(old.station);
  }

  addTaker(taker: ValueTaker): () => void {
    this.takers.add(taker);
    return () => this.takers.delete(taker);
  }

  replaced(): void {
    untold.set(this.id, this.current.takeLast());
  }

  override joined(service: LineService): void {
    super.joined(service);
    const left = untold.get(this.id) ?? [];
    untold.delete(this.id);
    for (const reception of left) {
      const point = this.current.points.find('in', reception.object.ioa);
      if (point?.row.untimed === reception.row.untimed)
        this.received(notTopical({ ...reception, station: this.current, point }));
    }
  }

  received(reception: Reception): void {
    const { point } = reception;
    if (point === undefined) return;
    for (const taker of this.takers)
      if (taker.ioa === undefined || taker.ioa === point.ioa) taker.take({ ...reception, point });
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
}
