/** Causes of transmission, IEC 60870-5-101 7.2.3 and -5-104 table 14: the names that messages carry. */
const names = {
  periodic: 1,
  background: 2,
  spontaneous: 3,
  initialized: 4,
  request: 5,
  activation: 6,
  'activation-confirmation': 7,
  deactivation: 8,
  'deactivation-confirmation': 9,
  'activation-termination': 10,
  remote: 11,
  local: 12,
  file: 13,
  interrogation: 20,
  'counter-interrogation': 37,
  'unknown-type': 44,
  'unknown-cause': 45,
  'unknown-common-address': 46,
  'unknown-object-address': 47,
} as const;

export type CauseName = keyof typeof names;

/** The cause's number by its name: `cause.activation` is 6. */
export const cause: { readonly [N in CauseName]: (typeof names)[N] } = names;

const byId = new Map<number, string>(Object.entries(names).map(([name, id]) => [id, name]));
for (let group = 1; group <= 16; group++) byId.set(20 + group, `interrogation-group-${group}`);
for (let group = 1; group <= 4; group++) byId.set(37 + group, `counter-interrogation-group-${group}`);

/** The name of a cause 0..63; of a number without a name, the number as text. */
export function causeName(id: number): string {
  return byId.get(id) ?? String(id);
}
