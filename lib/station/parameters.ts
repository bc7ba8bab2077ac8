/** Station parameters: those of the protocols' documentation and ours, as one string `Keyword=value;…`. */

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

/** One of several words. */
const choice = <const W extends string>(
  name: string,
  scope: Scope,
  ...allowed: readonly [W, ...W[]]
): Definition<W> => ({
  name,
  scope,
  fallback: allowed[0],
  allowed: allowed.join(', '),
  unit: '',
  parse: (text) => allowed.find((word) => word === text.toLowerCase()),
});

const FOREVER = 2_147_483_647;
const ms = (name: string, fallback: number, low: number): Definition<number> =>
  whole(name, 'line', fallback, low, FOREVER, 'ms');

/** What both sides of the protocol know. */
const common = {
  CMDC: whole('Command Confirm', 'station', 3, 0, 3),
  DBGI: whole('Debug Input', 'line', 0, 0, 63),
  DBGO: whole('Debug Output', 'line', 0, 0, 63),
  ICF3: flag('Ignore Control Field 3 bit 0', 'line', false),
  IT: whole('Ignore Tests', 'station', 0, 0, 2),
  IUA: flag('Ignore Unknown Addresses', 'station', false),
  K: whole('K', 'line', 12, 1, 32767, 'I-frames'),
  NF: flag('No Flags', 'station', false),
  SSN: whole('Send sequence number', 'line', 0, 0, 32767),
  W: whole('W', 'line', 8, 1, 32767, 'I-frames'),
  WT1: ms('Wait Timeout T1', 15_000, 1),
  WT2: ms('Wait Timeout T2', 10_000, 1),
  WT3: ms('Wait Timeout T3', 20_000, 0),
  WTN: ms('Wait Timeout No answer', 60_000, 1),
} as const;

const order = (name: string, fallback: number): Definition<number> => whole(name, 'station', fallback, 0, 255);
const ORDER = 'Order of IC';
const COUNTER_ORDER = 'Order of Counter IC';

/** Every keyword of a server station. */
export const serverParameters = {
  ...common,
  EOI: flag('End of initialization', 'station', false),
  GISN: flag('GI Send New', 'station', false),
  II: flag('Ignore Invalids on Interrogation', 'station', false),
  IMPI: flag('Implicit Interrogation', 'line', false),
  ICCI: flag('Interrogation Covers Counter Interrogation', 'station', false),
  IGO: flag('Interrogation Groups Objects', 'station', false),
  IWOT: flag('Interrogation WithOut Timestamps', 'station', true),
  MC: whole('Maximum Clients', 'line', 0, 0, 65535),
  EBS: whole('Event buffer size', 'line', 100_000, 1, 16_000_000, 'events'),
  GRP: words('Redundancy groups of clients', 'line'),
  WTS: ms('Wait for STARTDT', 60_000, 0),
  CMR: whole('Commands per second and client', 'line', 0, 0, 1_000_000),
  OIC: order(ORDER, 0),
  OCIC: order(COUNTER_ORDER, 0),
  PW: flag('Pessimistic Write', 'line', false),
  SKO: flag('Standby Keep Open', 'line', false),
  SSCF: flag('Standby Set Control Field', 'line', false),
  SSTB: flag('Standby Set Test Bit', 'line', false),
  SWV: flag('Standby Write Values', 'line', false),
  SAI: flag('Spontaneous After Interrogation', 'line', true),
  SBOT: whole('Select timeout', 'station', 30_000, 1, FOREVER, 'ms'),
  BGS: whole('Background scan', 'station', 0, 0, 86_400, 's'),
  CAGE: whole('Command age limit', 'station', 0, 0, FOREVER, 'ms'),
  CTO: whole('Command response timeout', 'station', 10_000, 1, FOREVER, 'ms'),
  ALLOW: words('Clients allowed', 'line'),
  MCA: whole('Maximum Clients per Address', 'line', 0, 0, 65535),
  SCAN: whole('Unknown objects per minute that raise the scan alarm', 'line', 20, 0, 1_000_000),
} as const;

/** Every keyword of a client station. */
export const clientParameters = {
  ...common,
  OIC: order(ORDER, 1),
  OCIC: order(COUNTER_ORDER, 2),
  WT0: ms('Wait Timeout T0', 30_000, 1),
  ARMSD: whole('Slave detection', 'line', 0, 0, 2),
  ARMP: whole('Network check period', 'line', 0, 0, 65535, 'ASDUs'),
  STBY: choice('Standby mark', 'line', 'none', 'cf3', 'test'),
  REDM: choice('Redundancy mode', 'line', 'group', 'parallel'),
} as const;

/** What a table must have, so that the windows and timers of a connection can be checked against each other. */
type Table = Readonly<Record<string, Definition<unknown>>> & Pick<typeof common, 'K' | 'W' | 'WT1' | 'WT2'>;
type ValueOf<D> = D extends Definition<infer V> ? V : never;
/** The values of a table's parameters. */
export type ValuesOf<T extends Table> = { readonly [K in keyof T]: ValueOf<T[K]> };

export type ServerKeyword = keyof typeof serverParameters;
/** The values of a server station's parameters. */
export type ServerParameters = ValuesOf<typeof serverParameters>;
/** The values of a client station's parameters. */
export type ClientParameters = ValuesOf<typeof clientParameters>;

/** Keywords of the original system that have no meaning here. */
const unsupported = new Set(['D2CLS', 'D2CPA', 'D2VCO', 'D2H64', 'FST']);

export interface ParsedParameters<P = ServerParameters> {
  /** What the string defines, by keyword; nothing else. */
  readonly defined: Partial<P>;
  /** What was ignored or replaced, each naming the keyword. */
  readonly warnings: readonly string[];
}

/** Keywords by what users may write for them, in capitals. */
function namesOf(table: Table): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [keyword, { name }] of Object.entries(table)) names.set(keyword, keyword).set(name.toUpperCase(), keyword);
  // The documentation names these two by their letter, users also by what they are.
  return names.set('SENDING WINDOW', 'K').set('ACKNOWLEDGE AFTER W', 'W');
}

/** Reads a parameter string. Never fails: what it cannot use is a warning. @param table the keywords there are */
export function parseParameters(text: string): ParsedParameters;
export function parseParameters<T extends Table>(text: string, table: T): ParsedParameters<ValuesOf<T>>;
export function parseParameters(text: string, table: Table = serverParameters): ParsedParameters<object> {
  const defined: Record<string, unknown> = {};
  const warnings: string[] = [];
  const names = namesOf(table);
  for (const part of text.split(';')) {
    if (part.trim() === '') continue;
    const equals = part.indexOf('=');
    const given = (equals < 0 ? part : part.slice(0, equals)).trim();
    const value = equals < 0 ? '' : part.slice(equals + 1).trim();
    const keyword = names.get(given.toUpperCase());
    if (keyword === undefined) {
      const why = unsupported.has(given.toUpperCase()) ? 'not supported' : 'unknown';
      warnings.push(`parameter ${given}: ${why}, ignored`);
      continue;
    }
    const definition = table[keyword] as Definition<unknown>;
    const parsed = equals < 0 ? undefined : definition.parse(value);
    if (parsed !== undefined) defined[keyword] = parsed;
    else
      warnings.push(
        `parameter ${keyword}: "${value}" is not ${definition.allowed}, the default ${show(definition.fallback)} is used`,
      );
  }
  return { defined, warnings };
}

/** Own values and defaults of a station alone. */
export function withDefaults(defined: Partial<ServerParameters>): ServerParameters;
export function withDefaults<T extends Table>(defined: Partial<ValuesOf<T>>, table: T): ValuesOf<T>;
export function withDefaults(defined: object, table: Table = serverParameters): object {
  const defaults = Object.entries(table).map(([keyword, { fallback }]) => [keyword, fallback]);
  return { ...Object.fromEntries(defaults), ...defined };
}

export interface LineMember<P = ServerParameters> {
  readonly name: string;
  readonly commonAddress: number;
  readonly defined: Partial<P>;
}

export interface LineParameters<P = ServerParameters> {
  /** The values of the line and its connections. */
  readonly line: P;
  /** The values of each station, by common address. */
  readonly stations: ReadonlyMap<number, P>;
  readonly warnings: readonly string[];
}

/**
 * The parameters of a line's stations together: one that a station defines holds for the whole line, OIC and OCIC
 * excepted; a station's own value of one that concerns it alone stands; of differing values for the line the one of the
 * lowest common address counts.
 */
export function lineParameters(members: readonly LineMember[]): LineParameters;
export function lineParameters<T extends Table>(
  members: readonly LineMember<ValuesOf<T>>[],
  table: T,
): LineParameters<ValuesOf<T>>;
export function lineParameters(
  members: readonly LineMember<object>[],
  table: Table = serverParameters,
): LineParameters<object> {
  const warnings: string[] = [];
  const shared: Record<string, unknown> = {};
  const from = new Map<string, LineMember<object>>();
  for (const member of [...members].sort((a, b) => a.commonAddress - b.commonAddress)) {
    for (const [keyword, value] of Object.entries(member.defined)) {
      if (keyword === 'OIC' || keyword === 'OCIC') continue;
      const first = from.get(keyword);
      if (first === undefined) {
        shared[keyword] = value;
        from.set(keyword, member);
      } else if (shared[keyword] !== value && table[keyword]?.scope === 'line') {
        warnings.push(
          `parameter ${keyword}: station ${first.name} (${first.commonAddress}) says ${show(shared[keyword])}, ` +
            `station ${member.name} (${member.commonAddress}) says ${show(value)}; the first counts for the line`,
        );
      }
    }
  }
  const check = <V extends ValuesOf<Table>>(values: V): V => {
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
  const line = check(withDefaults<Table>(shared, table));
  const { OIC, OCIC } = withDefaults<Table>({}, table);
  const stations = new Map<number, object>();
  for (const { commonAddress, defined } of members) {
    const own: Record<string, unknown> = {};
    for (const [keyword, value] of Object.entries(defined))
      if (table[keyword]?.scope === 'station') own[keyword] = value;
    stations.set(commonAddress, { ...line, OIC, OCIC, ...own });
  }
  return { line, stations, warnings };
}

function show(value: unknown): string {
  return value === true ? 'True' : value === false ? 'False' : String(value);
}
