/** What the instances of a process write into their store, as JSON text: whatever else stands there must not disturb. */

export type Mode = 'active-passive' | 'active-active';

/** A process has instances 1..15; a process alone is instance 0. */
export const MAX_INSTANCE = 15;

/** Keys of the store. Each instance has one of its own besides. */
export const LEASE = 'lease';
export const SETTINGS = 'settings';
export const ORDER = 'order';
export const memberKey = (instance: number): string => `member/${instance}`;

/** Who is active. It counts as long as its holder writes it again and again. */
export interface Lease {
  /** The run of the process that holds it; empty when it was given back. */
  readonly id: string;
  readonly instance: number;
  /** The fencing token: greater for each who becomes active. */
  readonly term: number;
  /** Counts what one run has written, so that it knows its own writings again. */
  readonly beat: number;
  /** Given back for this instance; 0 for whoever comes first. */
  readonly next: number;
  /** The operator's order that was carried out last. */
  readonly order: string;
  /** The operator has chosen the holder although this one (a run, and a count of settings) is preferred. */
  readonly against: string;
}

/** An instance that is there. */
export interface Member {
  readonly id: string;
  /** `left`: it has ended in order. */
  readonly state: 'active' | 'passive' | 'left';
  /** ms since 1970 UTC by its own clock: when it entered that state. */
  readonly since: number;
  readonly host: string;
}

/** What operators have set; it goes before what the instances are configured to. */
export interface Settings {
  readonly preferred?: number;
  readonly mode?: Mode;
  /** How often the preferred instance was set. */
  readonly count: number;
}

/** An operator's order that another instance be active. */
export interface Order {
  readonly id: string;
  readonly to: number;
}

type Fields = Readonly<Record<string, unknown>>;

function fields(text: string): Fields {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? (read as Fields) : {};
  } catch {
    return {};
  }
}

const word = (given: unknown): string => (typeof given === 'string' ? given.slice(0, 100) : '');
const count = (given: unknown): number =>
  Number.isSafeInteger(given) && (given as number) >= 0 ? (given as number) : 0;
const instance = (given: unknown): number => Math.min(count(given), MAX_INSTANCE);

/** What is no lease is taken for that of a stranger: it expires. */
export function readLease(text: string): Lease {
  const { id, instance: holder, term, beat, next, order, against } = fields(text);
  return {
    id: typeof id === 'string' ? word(id) : '?',
    instance: instance(holder),
    term: count(term),
    beat: count(beat),
    next: instance(next),
    order: word(order),
    against: word(against),
  };
}

export function readMember(text: string): Member {
  const { id, state, since, host } = fields(text);
  return {
    id: word(id),
    state: state === 'active' || state === 'left' ? state : 'passive',
    since: count(since),
    host: word(host),
  };
}

export function readSettings(text: string): Settings {
  const { preferred, mode, count: times } = fields(text);
  return {
    ...(preferred === undefined ? {} : { preferred: instance(preferred) }),
    ...(mode === 'active-active' || mode === 'active-passive' ? { mode } : {}),
    count: count(times),
  };
}

export function readOrder(text: string): Order {
  const { id, to } = fields(text);
  return { id: word(id), to: instance(to) };
}

/** The letter of an instance in the flags: B for 1, C for 2, up to P; A is that of a process alone. */
export function flagOf(of: number): string {
  return String.fromCharCode(65 + of);
}

/** Where operators have set and ordered nothing. */
export const noSettings: Settings = { count: 0 };
export const noOrder: Order = { id: '', to: 0 };
