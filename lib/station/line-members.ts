import { TelecontrolError } from '../octets/error.js';
import type { LineParameters } from './parameters.js';

/** A station as its line knows it. */
export interface MemberStation<P> {
  readonly name: string;
  readonly commonAddress: number;
  /** In force since the line knows all of its stations. */
  parameters: P;
}

/** A station on the line, with what its parameter string defines. */
export interface Member<S, P> {
  readonly station: S;
  readonly defined: Partial<P>;
}

/** The stations of a line by common address, and the parameters that result from all of theirs. */
export class LineMembers<P, S extends MemberStation<P>> {
  readonly byAddress = new Map<number, S>();
  /** The parameters of the line and its connections. */
  parameters: P;
  private readonly members = new Map<S, Member<S, P>>();

  /** @param workOut the parameters of all stations together */
  constructor(
    private readonly lineName: string,
    private readonly workOut: (
      members: readonly { readonly name: string; readonly commonAddress: number; readonly defined: Partial<P> }[],
    ) => LineParameters<P>,
  ) {
    this.parameters = workOut([]).line;
  }

  get all(): readonly S[] {
    return [...this.byAddress.values()];
  }

  has(station: S): boolean {
    return this.members.has(station);
  }

  /**
   * @returns warnings of the parameters
   * @throws TelecontrolError `configuration` when the common address is taken, naming both
   */
  add(member: Member<S, P>): readonly string[] {
    const { commonAddress, name } = member.station;
    const other = this.byAddress.get(commonAddress);
    if (other !== undefined)
      throw new TelecontrolError(
        'configuration',
        `common address ${commonAddress} stands twice on line ${this.lineName}: stations ${other.name} and ${name}`,
      );
    this.members.set(member.station, member);
    this.byAddress.set(commonAddress, member.station);
    return this.recalculate();
  }

  /** Puts a station in the place of one with the same common address. @returns warnings of the parameters */
  replace(old: S, member: Member<S, P>): readonly string[] {
    this.members.delete(old);
    this.members.set(member.station, member);
    this.byAddress.set(member.station.commonAddress, member.station);
    return this.recalculate();
  }

  /** @returns warnings of the parameters */
  remove(station: S): readonly string[] {
    this.members.delete(station);
    this.byAddress.delete(station.commonAddress);
    return this.recalculate();
  }

  private recalculate(): readonly string[] {
    // A line that its last station has left keeps its parameters for the one that may follow.
    if (this.members.size === 0) return [];
    const members = [...this.members.values()].map(({ station: { name, commonAddress }, defined }) => ({
      name,
      commonAddress,
      defined,
    }));
    const { line, stations, warnings } = this.workOut(members);
    for (const station of this.all) station.parameters = stations.get(station.commonAddress) ?? line;
    this.parameters = line;
    return warnings;
  }
}
