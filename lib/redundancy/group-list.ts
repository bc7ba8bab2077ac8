/** A redundancy group as the parameter GRP names it. */
export interface GroupDefinition {
  readonly name: string;
  /** Addresses and networks of its clients. */
  readonly members: readonly string[];
}

/** Reads `A:10.0.0.1,10.0.0.2|B:10.0.1.0/24`: groups between vertical bars, the first colon of each ends its name. */
export function parseGroups(text: string): GroupDefinition[] {
  return text
    .split('|')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const colon = part.indexOf(':');
      const members = (colon < 0 ? '' : part.slice(colon + 1)).split(',');
      return {
        name: (colon < 0 ? part : part.slice(0, colon)).trim(),
        members: members.map((member) => member.trim()).filter((member) => member !== ''),
      };
    });
}
