/** Station parameters: Table 3 of the server protocol's documentation and ours, as one string `Keyword=value;…`. */

/** `station`: each station may have its own value. `line`: the line or its connections have one. */
type Scope = 'station' | 'line';

interface Definition<V> {
  readonly name: string;
  readonly scope: Scope;
  readonly fallback: V;
  /** What is allowed, for warnings. */
  readonly allowed: string;
  readonly unit: string;
  parse(text: string): V | undefined;
}

const whole = (
  name: string,
  scope: Scope,
  fallback: number,
  low: number,
  high: number,
  unit = '',
): Definition<number> => ({
  name,
  scope,
  fallback,
  allowed: `${low}..${high}`,
  unit,
  parse: (text) => {
    const value = /^[+]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    return value >= low && value <= high ? value : undefined;
  },
});

const flag = (name: string, scope: Scope, fallback: boolean): Definition<boolean> => ({
  name,
  scope,
  fallback,
  allowed: 'True, False, 1 or 0',
  unit: '',
  parse: (text) => ({ true: true, '1': true, false: false, '0': false })[text.toLowerCase()],
});

const words = (name: string, scope: Scope): Definition<string> => ({
  name,
  scope,
  fallback: '',
  allowed: 'text',
  unit: '',
  parse: (text) => text,
});

const FOREVER = 2_147_483_647;
const ms = (name: string, fallback: number, low: number): Definition<number> =>
  whole(name, 'line', fallback, low, FOREVER, 'ms');

/** Every keyword of a server station. */
export const serverParameters = {
  CMDC: whole('Command Confirm', 'station', 3, 0, 3),
  DBGI: whole('Debug Input', 'line', 0, 0, 63),
  DBGO: whole('Debug Output', 'line', 0, 0, 63),
  EOI: flag('End of initialization', 'station', false),
  GISN: flag('GI Send New', 'station', false),
  ICF3: flag('Ignore Control Field 3 bit 0', 'line', false),
  II: flag('Ignore Invalids on Interrogation', 'station', false),
  IT: whole('Ignore Tests', 'station', 0, 0, 2),
  IUA: flag('Ignore Unknown Addresses', 'station', false),
  IMPI: flag('Implicit Interrogation', 'line', false),
  ICCI: flag('Interrogation Covers Counter Interrogation', 'station', false),
  IGO: flag('Interrogation Groups Objects', 'station', false),
  IWOT: flag('Interrogation WithOut Timestamps', 'station', true),
  K: whole('K', 'line', 12, 1, 32767, 'I-frames'),
  MC: whole('Maximum Clients', 'line', 0, 0, 65535),
  NF: flag('No Flags', 'station', false),
  EBS: whole('Event buffer size', 'line', 100_000, 1, 16_000_000, 'events'),
  GRP: words('Redundancy groups of clients', 'line'),
  WTS: ms('Wait for STARTDT', 60_000, 0),
  CMR: whole('Commands per second and client', 'line', 0, 0, 1_000_000),
  OIC: whole('Order of IC', 'station', 0, 0, 255),
  OCIC: whole('Order of Counter IC', 'station', 0, 0, 255),
  PW: flag('Pessimistic Write', 'line', false),
  SSN: whole('Send sequence number', 'line', 0, 0, 32767),
  SKO: flag('Standby Keep Open', 'line', false),
  SSCF: flag('Standby Set Control Field', 'line', false),
  SSTB: flag('Standby Set Test Bit', 'line', false),
  SWV: flag('Standby Write Values', 'line', false),
  W: whole('W', 'line', 8, 1, 32767, 'I-frames'),
  WT1: ms('Wait Timeout T1', 15_000, 1),
  WT2: ms('Wait Timeout T2', 10_000, 1),
  WT3: ms('Wait Timeout T3', 20_000, 0),
  WTN: ms('Wait Timeout No answer', 60_000, 1),
  SAI: flag('Spontaneous After Interrogation', 'line', true),
  SBOT: whole('Select timeout', 'station', 30_000, 1, FOREVER, 'ms'),
  BGS: whole('Background scan', 'station', 0, 0, 86_400, 's'),
  CAGE: whole('Command age limit', 'station', 0, 0, FOREVER, 'ms'),
  CTO: whole('Command response timeout', 'station', 10_000, 1, FOREVER, 'ms'),
  ALLOW: words('Clients allowed', 'line'),
  MCA: whole('Maximum Clients per Address', 'line', 0, 0, 65535),
  SCAN: whole('Unknown objects per minute that raise the scan alarm', 'line', 20, 0, 1_000_000),
} as const;

export type ServerKeyword = keyof typeof serverParameters;
type ValueOf<D> = D extends Definition<infer V> ? V : never;

/** The values of a station's parameters. */
export type ServerParameters = { readonly [K in ServerKeyword]: ValueOf<(typeof serverParameters)[K]> };

/** Keywords of the original system that have no meaning here. */
const unsupported = new Set(['D2CLS', 'D2CPA', 'D2VCO', 'D2H64', 'FST']);

export interface ParsedParameters {
  /** What the string defines, by keyword; nothing else. */
  readonly defined: Partial<ServerParameters>;
  /** What was ignored or replaced, each naming the keyword. */
  readonly warnings: readonly string[];
}

const byName = new Map<string, ServerKeyword>();
for (const [keyword, { name }] of Object.entries(serverParameters)) {
  byName.set(keyword, keyword as ServerKeyword);
  byName.set(name.toUpperCase(), keyword as ServerKeyword);
}

// The documentation names these two by their letter, users also by what they are.
byName.set('SENDING WINDOW', 'K');
byName.set('ACKNOWLEDGE AFTER W', 'W');

/** Reads a parameter string. Never fails: what it cannot use is a warning. */
export function parseParameters(text: string): ParsedParameters {
  const defined: Record<string, unknown> = {};
  const warnings: string[] = [];
  for (const part of text.split(';')) {
    if (part.trim() === '') continue;
    const equals = part.indexOf('=');
    const given = (equals < 0 ? part : part.slice(0, equals)).trim();
    const value = equals < 0 ? '' : part.slice(equals + 1).trim();
    const keyword = byName.get(given.toUpperCase());
    if (keyword === undefined) {
      const why = unsupported.has(given.toUpperCase()) ? 'not supported' : 'unknown';
      warnings.push(`parameter ${given}: ${why}, ignored`);
      continue;
    }
    const definition = serverParameters[keyword] as Definition<unknown>;
    const parsed = equals < 0 ? undefined : definition.parse(value);
    if (parsed !== undefined) defined[keyword] = parsed;
    else
      warnings.push(
        `parameter ${keyword}: "${value}" is not ${definition.allowed}, the default ${show(definition.fallback)} is used`,
      );
  }
  return { defined: defined as Partial<ServerParameters>, warnings };
}

const defaults = Object.fromEntries(
  Object.entries(serverParameters).map(([keyword, { fallback }]) => [keyword, fallback]),
) as unknown as ServerParameters;

/** Own values and defaults of a station alone. */
export function withDefaults(defined: Partial<ServerParameters>): ServerParameters {
  return { ...defaults, ...defined };
}

export interface LineMember {
  readonly name: string;
  readonly commonAddress: number;
  readonly defined: Partial<ServerParameters>;
}

export interface LineParameters {
  /** The values of the line and its connections. */
  readonly line: ServerParameters;
  /** The values of each station, by common address. */
  readonly stations: ReadonlyMap<number, ServerParameters>;
  readonly warnings: readonly string[];
}

/**
 * The parameters of a line's stations together: one that a station defines holds for the whole line, OIC and OCIC
 * excepted; a station's own value of one that concerns it alone stands; of differing values for the line the one of the
 * lowest common address counts.
 */
export function lineParameters(members: readonly LineMember[]): LineParameters {
  const warnings: string[] = [];
  const shared: Record<string, unknown> = {};
  const from = new Map<string, LineMember>();
  for (const member of [...members].sort((a, b) => a.commonAddress - b.commonAddress)) {
    for (const [keyword, value] of Object.entries(member.defined)) {
      if (keyword === 'OIC' || keyword === 'OCIC') continue;
      const first = from.get(keyword);
      if (first === undefined) {
        shared[keyword] = value;
        from.set(keyword, member);
      } else if (shared[keyword] !== value && serverParameters[keyword as ServerKeyword].scope === 'line') {
        warnings.push(
          `parameter ${keyword}: station ${first.name} (${first.commonAddress}) says ${show(shared[keyword])}, ` +
            `station ${member.name} (${member.commonAddress}) says ${show(value)}; the first counts for the line`,
        );
      }
    }
  }
  const check = (values: ServerParameters): ServerParameters => {
    let { K, W, WT1, WT2 } = values;
    // A window of one leaves no smaller W: each I-frame is acknowledged at once.
    if (W >= K && !(K === 1 && W === 1)) {
      const better = Math.max(1, Math.floor((K * 2) / 3));
      warnings.push(`parameter W: ${W} is not less than K = ${K}, ${better} is used`);
      W = better;
    }
    if (WT2 >= WT1) {
      const better = Math.max(1, Math.floor((WT1 * 2) / 3));
      warnings.push(`parameter WT2: ${WT2} ms is not less than WT1 = ${WT1} ms, ${better} ms is used`);
      WT2 = better;
    }
    return { ...values, K, W, WT1, WT2 };
  };
  const line = check(withDefaults(shared as Partial<ServerParameters>));
  const stations = new Map<number, ServerParameters>();
  for (const { commonAddress, defined } of members) {
    const own: Record<string, unknown> = {};
    for (const [keyword, value] of Object.entries(defined))
      if (serverParameters[keyword as ServerKeyword].scope === 'station') own[keyword] = value;
    stations.set(commonAddress, { ...line, OIC: defaults.OIC, OCIC: defaults.OCIC, ...own });
  }
  return { line, stations, warnings };
}

function show(value: unknown): string {
  return value === true ? 'True' : value === false ? 'False' : String(value);
}
