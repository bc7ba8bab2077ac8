import {
  LEASE,
  type Lease,
  type Member,
  memberKey,
  noOrder,
  noSettings,
  ORDER,
  type Order,
  readLease,
  readMember,
  readOrder,
  readSettings,
  SETTINGS,
  type Settings,
} from './records.js';

/** A value of the store, and the revision it was written at: greater for each writing of any key. */
export interface Entry {
  readonly revision: number;
  readonly value: string;
}

/** All keys of a process that the store has. */
export type Entries = ReadonlyMap<string, Entry>;

export interface Seen<R> {
  readonly revision: number;
  readonly record: R;
  /** When this revision was seen first, ms of our own clock: no other's counts. */
  readonly changedAt: number;
  /** When this run of an instance was seen first. */
  readonly sinceId: number;
}

interface Kept extends Entry {
  readonly record: (Lease | Member | Order | Settings) & { readonly id?: string };
  readonly changedAt: number;
  readonly sinceId: number;
  /** Our own count of changes: what a slow answer says of a key that has changed meanwhile does not count. */
  readonly version: number;
}

/** What one instance has seen of the store, and when. */
export class View {
  private readonly kept = new Map<string, Kept>();
  /** Keys that were there and are not any more. */
  private readonly gone = new Map<string, number>();
  private version = 0;
  private readAt = -Infinity;
  private missingSince: number | undefined;

  /** @param longestGap ms between two readings that may both have missed a lease which was there between them */
  constructor(private readonly longestGap: number) {}

  /** To be noted when a reading is asked for. */
  get mark(): number {
    return this.version;
  }

  /** Takes a whole reading. @param mark from before it was asked for */
  read(entries: Entries, mark: number, now: number): void {
    for (const key of [...this.kept.keys()])
      if (!entries.has(key) && (this.kept.get(key) as Kept).version <= mark) this.drop(key);
    for (const [key, entry] of entries) {
      const changed = Math.max(this.kept.get(key)?.version ?? 0, this.gone.get(key) ?? 0);
      if (changed <= mark) this.put(key, entry, now);
    }
    if (now - this.readAt > this.longestGap) this.missingSince = undefined;
    this.readAt = now;
    this.seeLease(now);
  }

  /** Takes the news of one key. What is older than what is known comes late. */
  changed(key: string, entry: Entry | undefined, now: number): void {
    const known = this.kept.get(key);
    if (entry === undefined) this.drop(key);
    else if (known === undefined || entry.revision > known.revision) this.put(key, entry, now);
    this.seeLease(now);
  }

  get lease(): Seen<Lease> | undefined {
    return this.kept.get(LEASE) as Seen<Lease> | undefined;
  }

  /**
   * Since when the store was seen again and again without a lease in it. Who has not looked for long has not seen that: one
   * may have been there, and wiped again.
   */
  leaseMissingSince(now: number): number {
    return now - this.readAt > this.longestGap ? now : (this.missingSince ?? now);
  }

  member(instance: number): Seen<Member> | undefined {
    return this.kept.get(memberKey(instance)) as Seen<Member> | undefined;
  }

  get settings(): Settings {
    return (this.kept.get(SETTINGS)?.record as Settings | undefined) ?? noSettings;
  }

  get order(): Order {
    return (this.kept.get(ORDER)?.record as Order | undefined) ?? noOrder;
  }

  entry(key: string): Entry | undefined {
    return this.kept.get(key);
  }

  private put(key: string, entry: Entry, now: number): void {
    const known = this.kept.get(key);
    if (known?.revision === entry.revision && known.value === entry.value) return;
    const record = readRecord(key, entry.value);
    const sinceId = known !== undefined && known.record.id === record.id ? known.sinceId : now;
    this.kept.set(key, { ...entry, record, changedAt: now, sinceId, version: ++this.version });
  }

  private drop(key: string): void {
    if (this.kept.delete(key)) this.gone.set(key, ++this.version);
  }

  private seeLease(now: number): void {
    this.missingSince = this.kept.has(LEASE) ? undefined : (this.missingSince ?? now);
  }
}

function readRecord(key: string, value: string): Kept['record'] {
  switch (key) {
    case LEASE:
      return readLease(value);
    case SETTINGS:
      return readSettings(value);
    case ORDER:
      return readOrder(value);
    default:
      return readMember(value);
  }
}
