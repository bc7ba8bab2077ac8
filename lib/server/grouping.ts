import type { CloseReason } from '../apci/effects.js';
import { AddressSet } from '../line/addresses.js';
import { parseGroups } from '../redundancy/group-list.js';
import type { ClientGroup, ClientGroups } from '../redundancy/groups.js';

/** A connection as far as its group is concerned. */
interface Grouped {
  readonly channel: { readonly address: string };
  takesFrom(group: ClientGroup): boolean;
  close(reason: CloseReason): void;
}

/** Which group a client belongs to: one of the parameter GRP, or that of its own address. */
export class Grouping {
  private definitions: readonly { readonly name: string; readonly members: AddressSet }[] = [];

  constructor(private readonly groups: ClientGroups) {}

  /**
   * Takes over a GRP string. The groups are known before their first client comes, and keep events for it from now on.
   * @param warn is told of what is no address, and of a group that nobody can belong to
   */
  configure(text: string, warn: (text: string) => void): void {
    this.definitions = parseGroups(text).map(({ name, members }) => {
      if (members.length === 0) warn(`parameter GRP: "${name}" has no clients; a group is name:address,address`);
      const set = new AddressSet();
      for (const member of members)
        if (!set.add(member)) warn(`parameter GRP: "${member}" of group ${name} is no address or network`);
      return { name, members: set };
    });
    this.groups.configure(this.definitions.map(({ name }) => name));
  }

  /**
   * The group whose events a connection takes from now on. Of a redundancy group one connection has data transfer, the one
   * that asked for it last: the other is closed, and what it had not acknowledged is the new one's.
   * @param now ms of the clock
   */
  of(connection: Grouped, all: Iterable<Grouped>, now: number): ClientGroup {
    const { address } = connection.channel;
    const definition = this.definitions.find(({ members }) => members.has(address));
    if (definition === undefined) return this.groups.of(address, now);
    const group = this.groups.joined(definition.name);
    for (const other of all) if (other !== connection && other.takesFrom(group)) other.close('taken-over');
    return group;
  }
}
