import { Leadership } from './leadership.js';
import { Membership, type Refusal } from './membership.js';
import { Moment } from './moment.js';
import { LEASE, type Member, type Mode, type Settings } from './records.js';
import { type Instant, Right } from './right.js';
import type { MachineSettings } from './settings.js';
import { type Entries, type Entry, View } from './view.js';

export type InstanceState = 'active' | 'passive' | 'down';

/** What the machine wants from the store. */
export type Request =
  | { readonly kind: 'read' }
  | { readonly kind: 'write'; readonly key: string; readonly over: Entry | undefined; readonly value: string };

/** How a write ended: its revision, another was first, or nobody knows. */
export type Written = number | 'conflict' | 'failed';

/** ms between readings at least. */
const AT_ONCE = 10;

interface Reading {
  readonly mark: number;
  readonly sent: Instant;
  readonly joined: boolean;
  readonly need: number;
}

/**
 * One instance of a process: whether it is active, and what it asks of the store to be so. It is told the time: `now` of a
 * clock that never jumps, and `wall`, ms since 1970 UTC, which goes on while a computer sleeps.
 *
 * The election is the lease scheme of Kubernetes client-go over a store with compare-and-set: who holds the lease writes it
 * again and again, and trusts itself until the time of sending + ttl - margin. Who sees the same revision for a whole ttl
 * by its own clock writes a lease of its own over that revision. No clock is compared across computers.
 */
export class Machine {
  readonly view: View;
  private readonly moment: Moment;
  private readonly members: Membership;
  private readonly leadership: Leadership;
  /** The right that active-active gives, to all that have read lately that it is so. */
  private readonly share: Right;
  private left = false;
  private known = false;
  /** The store was read after this instance had entered itself. */
  private confirmed = false;
  private shown: InstanceState = 'down';
  private since: number | undefined;
  /** Keys that are being written. */
  private readonly writing = new Set<string>();
  private reading: Reading | undefined;
  private readAt = -Infinity;
  private presentAt = -Infinity;
  /** How often a reading was needed: only one that was asked for since will do. */
  private need = 1;
  private met = 0;
  private failing = false;
  private contactAt = -Infinity;
  private regainedAt = -Infinity;

  /** @param id of this run: no other has it */
  constructor(
    readonly settings: MachineSettings,
    readonly id: string,
  ) {
    this.view = new View(settings.timing.ttl / 2);
    this.moment = new Moment(settings.timing.ttl / 2);
    this.members = new Membership(settings, id, this.view, this.moment);
    const preference = () => ({ preferred: this.preferred, count: this.operators.count });
    this.leadership = new Leadership(settings, id, this.view, this.moment, this.members, preference);
    this.share = new Right(settings, this.moment);
  }

  // What it says

  get state(): InstanceState {
    return this.shown;
  }

  /** When step() has something to do by itself at the latest, ms of the clock. */
  get deadline(): number {
    return this.moment.deadline;
  }

  get mode(): Mode {
    return this.operators.mode ?? this.settings.mode;
  }

  get preferred(): number {
    return this.operators.preferred ?? this.settings.preferred;
  }

  /** What operators have set. */
  get operators(): Settings {
    return this.view.settings;
  }

  /** Why it takes no part. */
  get refusal(): Refusal | undefined {
    if (this.left) return 'stopped';
    return this.known ? this.members.refusal(this.leadership.right.isGranted) : 'starting';
  }

  /** The coordinator does not answer. */
  get isCutOff(): boolean {
    return this.failing && this.moment.now - this.contactAt >= this.settings.timing.ttl;
  }

  /** Active, although the coordinator does not answer and another may be active too. */
  get isHolding(): boolean {
    return this.leadership.right.isHeld || this.share.isHeld;
  }

  /** It hands the process over: where it is not active any more the lines are to close; then `closed` is called. */
  get isClosing(): boolean {
    return this.leadership.isClosing;
  }

  /** The instance that has the lease, as far as is known; undefined for none. */
  get holder(): number | undefined {
    const lease = this.view.lease?.record;
    return lease === undefined || lease.id === '' ? undefined : lease.instance;
  }

  /** Who is there, in the order of their numbers. */
  get roll(): readonly { readonly instance: number; readonly record: Member }[] {
    return this.members.all(this.self);
  }

  /** The fencing token; 0 when this instance may not act. To be asked right before each act. */
  guard(now: number, wall: number): number {
    return this.leadership.right.guard(now, wall) || this.share.guard(now, wall);
  }

  /** Nothing is left to be written after leaving. */
  get isGone(): boolean {
    return this.left && this.writing.size === 0 && !this.leadership.owns && !this.members.isEntered;
  }

  // What it is told

  /** It is to end: the process is given back. */
  leave(now: number, wall: number): void {
    this.moment.at(now, wall);
    this.left = true;
    this.share.drop();
    if (this.leadership.owns) this.leadership.yieldToAny();
    this.leadership.right.drop();
  }

  /** The lines have closed. */
  closed(): void {
    this.leadership.closed();
  }

  /** One key has changed. */
  changed(key: string, entry: Entry | undefined, now: number, wall: number): void {
    this.moment.at(now, wall);
    this.view.changed(key, entry, now);
    this.adopt();
  }

  /** The store was read for another reason. @param mark the view's, from before */
  see(entries: Entries, mark: number, now: number, wall: number): void {
    this.moment.at(now, wall);
    this.view.read(entries, mark, now);
    this.adopt();
  }

  /** The news may have missed something. */
  missed(): void {
    this.need++;
  }

  read(entries: Entries | 'failed', now: number, wall: number): void {
    this.moment.at(now, wall);
    const { reading } = this;
    this.reading = undefined;
    if (entries === 'failed' || reading === undefined) return this.failed();
    this.contact();
    this.known = true;
    this.met = Math.max(this.met, reading.need);
    this.view.read(entries, reading.mark, now);
    this.confirmed ||= reading.joined;
    this.adopt();
    this.shareFrom(reading.sent);
  }

  wrote(key: string, value: string, result: Written, now: number, wall: number): void {
    this.moment.at(now, wall);
    this.writing.delete(key);
    if (result === 'failed') return this.failed();
    this.contact();
    if (result === 'conflict') return this.missed();
    this.view.changed(key, { revision: result, value }, now);
    if (key === this.members.key && this.members.isEntered && !this.members.joined) {
      this.members.joined = true;
      this.missed();
    }
    this.adopt();
  }

  /** Does what is due. @returns what is to be asked of the store */
  step(now: number, wall: number): readonly Request[] {
    this.moment.at(now, wall);
    // It never sleeps long: who is not told the time has to take itself for frozen.
    this.moment.deadline = now + this.settings.timing.renewal;
    const requests: Request[] = [];
    const mayHold = this.failing && this.settings.onQuorumLoss === 'hold';
    // What was held goes on until its lease is written anew, or another's is seen.
    this.leadership.right.expire(mayHold || (this.leadership.right.isHeld && this.refusal === undefined));
    this.share.expire(mayHold);
    if (this.refusal !== undefined) this.excluded();
    const isCurrent = this.met >= this.need;
    if (isCurrent && !this.writing.has(LEASE)) {
      const takesPart = this.refusal === undefined && this.confirmed;
      this.write(LEASE, this.leadership.next(takesPart, this.regainedAt), requests);
    }
    this.show();
    if (isCurrent && !this.writing.has(this.members.key)) this.write(this.members.key, this.presence(), requests);
    if (this.reading === undefined && this.moment.due(this.nextReading)) this.ask(requests);
    return requests;
  }

  // What it does

  /** It takes no part, or not any more: before it does again, it enters itself and reads who is there. */
  private excluded(): void {
    this.share.drop();
    this.members.joined = false;
    this.confirmed = false;
    if (this.reading !== undefined) this.reading = { ...this.reading, joined: false };
  }

  private adopt(): void {
    if (this.mode !== 'active-active') this.share.drop();
    this.leadership.adopt();
    if (this.left) this.leadership.right.drop();
  }

  /** Active-active: whoever has read lately that it is so may act, unless a process alone is there. */
  private shareFrom(sent: Instant): void {
    const { instance } = this.settings;
    if (this.mode !== 'active-active' || instance === 0 || !this.confirmed) return;
    if (this.refusal !== undefined || this.members.isThere(0)) return;
    this.share.grant(this.share.term ?? this.leadership.nextTerm, sent, false);
  }

  private show(): void {
    const { now, wall } = this.moment;
    const state = this.guard(now, wall) !== 0 ? 'active' : this.refusal === undefined ? 'passive' : 'down';
    if (state === this.shown && this.since !== undefined) return;
    this.shown = state;
    this.since = wall;
  }

  /** What it says of itself to the others. */
  private get self(): Member | undefined {
    if (this.shown === 'down') return undefined;
    return { id: this.id, state: this.shown, since: this.since ?? 0, host: this.settings.host };
  }

  private presence(): Member | undefined {
    const { self, members, moment, settings } = this;
    const now = members.own?.record;
    if (self === undefined) {
      if (now === undefined || !members.isEntered) return undefined;
      return { ...now, state: 'left' };
    }
    // Where the answer to the entry was lost, only another one tells that it counts.
    const isSettled = members.joined || this.refusal !== undefined;
    const isSame = isSettled && now?.id === this.id && now.state === self.state;
    if (isSame && (settings.sessions || !moment.due(this.presentAt + settings.timing.presence))) return undefined;
    this.presentAt = moment.now;
    return self;
  }

  private get nextReading(): number {
    const { renewal } = this.settings.timing;
    // What does not answer at all is not asked in a circle.
    if (this.met >= this.need) return this.readAt + renewal;
    return this.readAt + (this.failing ? renewal / 3 : AT_ONCE);
  }

  private ask(requests: Request[]): void {
    const { now, wall } = this.moment;
    this.readAt = now;
    this.reading = { mark: this.view.mark, sent: { now, wall }, joined: this.members.joined, need: this.need };
    requests.push({ kind: 'read' });
  }

  private write(key: string, record: object | undefined, requests: Request[]): void {
    if (record === undefined) return;
    this.writing.add(key);
    requests.push({ kind: 'write', key, over: this.view.entry(key), value: JSON.stringify(record) });
  }

  private failed(): void {
    this.failing = true;
    this.missed();
  }

  private contact(): void {
    if (this.failing) this.regainedAt = this.moment.now;
    this.failing = false;
    this.moment.stalled = false;
    this.contactAt = this.moment.now;
  }
}
