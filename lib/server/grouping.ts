import { AddressSet } from '../line/addresses.js';
import { parseGroups } from '../redundancy/group-list.js';
import type { ClientGroup, ClientGroups } from '../redundancy/groups.js';

/** Which group a client belongs to: one of the parameter GRP, or that of its own address. */
export class Grouping {
  private definitions: readonly { readonly name: string; readonly members: AddressSet }[] = [];

  constructor(private readonly groups: ClientGroups) {}

  /**
   * Takes over a GRP string. The groups are known before their first client comes, and keep events for it from now on.
   * @param warn is told of what is no address
   */
  configure(text: string, warn: (text: string) => void): void {
    this.definitions = parseGroups(text).map(({ name, members }) => {
      const set = new AddressSet();
      for (const member of members)
        if (!set.add(member)) warn(`parameter GRP: "${member}" of group ${name} is no address or network`);
      this.groups.named(name);
      return { name, members: set };
    });
  }

  /** The redundancy group of an address; undefined where it has a group of its own. */
  shared(address: string): ClientGroup | undefined {
    const definition = this.definitions.find(({ members }) => members.has(address));
    return definition && this.groups.named(definition.name);
  }
}
