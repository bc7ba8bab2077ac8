import type { Confirmation, Operation } from '../../lib/procedures/client.js';
import { notSent, type Outcome } from '../../lib/procedures/enquiries.js';
import type { CommandAnswer } from '../../lib/procedures/pending.js';
import type { ServerParameters } from '../../lib/station/parameters.js';
import type { Point } from '../../lib/station/points.js';
import type { Station, WriteInput } from '../../lib/station/station.js';
import type { LineHost } from './line-host.js';
import type { LineMember } from './line-service.js';
import { MemberHost } from './member-host.js';
import { PropertyError } from './property.js';
import { type ServerMember, type ServerService, serverKind } from './server-service.js';
import { Takers } from './takers.js';

/** Who takes operations of a station: an `iec104-command-in`. */
export interface Taker {
  /** The node, for errors. */
  readonly name: string;
  /** The object address of its commands; undefined takes all, and the system commands 103 and 105. */
  readonly ioa: number | undefined;
  readonly confirm: Confirmation;
  take(operation: Operation): void;
}

const known = new Takers<Taker>();

/** The station of an `iec104-server-station` node. */
export class StationHost extends MemberHost<ServerService> implements ServerMember {
  readonly kind = serverKind;
  private readonly takers = known.of(this.id);

  constructor(
    id: string,
    private current: Station,
    /** The station's whole configuration but its parameters. */
    private readonly fingerprint: string,
    readonly defined: Partial<ServerParameters>,
    findLine: () => LineHost,
    private readonly followsMaster: boolean,
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

  get station(): Station {
    return this.current;
  }

  /** The same station goes on as it is; one with other points goes on with the values of those that both have. */
  follow(old: LineMember): void {
    if (!(old instanceof StationHost)) return;
    if (old.fingerprint === this.fingerprint) this.current = old.station;
    else this.current.follow(old.station);
    if (!this.followsMaster) this.current.ahead = 0;
  }

  /**
   * Writes a value, or sends a command of a balanced station.
   * @param done is told once how a command ended
   * @returns whether it was a command
   * @throws TelecontrolError naming the point and what is allowed; PropertyError when the line does not take the station
   */
  write(input: WriteInput, done: (outcome: Outcome) => void): boolean {
    this.requireLine();
    if (this.station.balanced && this.command(input, done)) return true;
    this.station.write(input, Date.now() + this.station.ahead);
    return false;
  }

  private command(input: WriteInput, done: (outcome: Outcome) => void): boolean {
    if (this.service !== undefined) return this.service.engine.command(this.station, input, done);
    // As long as the line has not taken the station it has no partner.
    if (this.station.command(input) === undefined) return false;
    done(notSent('disconnected'));
    return true;
  }

  /** @throws PropertyError when another flow answers the same commands, naming both */
  addTaker(taker: Taker): () => void {
    for (const other of this.takers) {
      const meet = other.ioa === undefined || taker.ioa === undefined || other.ioa === taker.ioa;
      if (meet && other.confirm === 'flow' && taker.confirm === 'flow')
        throw new PropertyError(
          `confirm: the nodes ${other.name} and ${taker.name} would both answer commands for ` +
            `object address ${taker.ioa ?? other.ioa ?? '(all)'} of station ${this.station.name}`,
        );
    }
    this.takers.add(taker);
    return () => this.takers.delete(taker);
  }

  takes(point: Point): Confirmation | undefined {
    let found: Confirmation | undefined;
    for (const { ioa, confirm } of this.takers)
      if ((ioa ?? point.ioa) === point.ioa && found !== 'flow') found = confirm;
    return found;
  }

  /** A flow's answer to a command. @throws TelecontrolError when the command does not wait for it */
  answer(command: string, answer: CommandAnswer): void {
    if (this.service === undefined) throw new PropertyError(`station ${this.name} is not on its line`);
    this.service.engine.answer(command, answer);
  }

  operate(operation: Operation): void {
    const { point, timestamp, request } = operation;
    const isTest = request.isTestOf(this.station);
    if (point === undefined && timestamp !== undefined && this.followsMaster && !isTest)
      this.station.ahead = timestamp - Date.now();
    for (const taker of this.takers) if (taker.ioa === undefined || taker.ioa === point?.ioa) taker.take(operation);
  }
}
