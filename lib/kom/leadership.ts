import type { Membership } from './membership.js';
import type { Moment } from './moment.js';
import type { Lease } from './records.js';
import { type Instant, Right } from './right.js';
import type { MachineSettings } from './settings.js';
import type { View } from './view.js';

/** Giving the process back: the lines close first. */
interface Handover {
  /** The instance it is for; 0 for whoever comes first. */
  readonly next: number;
  readonly order: string;
  readonly against: string;
  readonly since: number;
  closed: boolean;
}

/** Writings of which we may see late that they counted. */
const REMEMBERED = 8;
/** ms until a preferred instance that did not take the process is offered it again. */
const OFFER_PAUSE = 10_000;

/** Whom operators, or else the configuration, prefer; and how often that was set. */
export interface Preference {
  readonly preferred: number;
  readonly count: number;
}

/** The lease of a process as one instance deals with it: claims it, renews it, hands it over. */
export class Leadership {
  readonly right: Right;
  private handover: Handover | undefined;
  private activeSince = 0;
  private beat = 0;
  private readonly sent = new Map<number, Instant>();
  private sentAt = -Infinity;
  /** Of the lease seen last, which may be gone since. */
  private last: { readonly id: string; readonly term: number } = { id: '', term: 0 };
  private offered: { readonly id: string; readonly at: number } | undefined;

  constructor(
    private readonly settings: MachineSettings,
    private readonly id: string,
    private readonly view: View,
    private readonly moment: Moment,
    private readonly members: Membership,
    private readonly preference: () => Preference,
  ) {
    this.right = new Right(settings, moment);
  }

  get owns(): boolean {
    const lease = this.view.lease?.record;
    return lease?.id === this.id && !this.isLate(lease);
  }

  /** The lines are to close; then `closed` is called. */
  get isClosing(): boolean {
    return this.handover !== undefined && !this.handover.closed;
  }

  closed(): void {
    if (this.handover !== undefined) this.handover.closed = true;
  }

  /** Greater than all terms seen; a store that was wiped does not take it back. */
  get nextTerm(): number {
    return Math.max(this.last.term + 1, Math.floor(this.moment.wall));
  }

  /** Something of the store was seen: whose the lease is. */
  adopt(): void {
    const lease = this.view.lease?.record;
    if (lease === undefined) {
      // A holder trusts itself to the end of its time, although the store was wiped; a lost session says that it is over.
      if (this.settings.sessions) this.lost();
      return;
    }
    this.last = { id: lease.id, term: Math.max(this.last.term, lease.term) };
    if (lease.id !== this.id) return this.lost();
    if (this.isLate(lease)) return;
    const sent = this.sent.get(lease.beat);
    if (sent === undefined || this.handover !== undefined) return;
    const wasGranted = this.right.isGranted;
    this.right.grant(lease.term, sent, this.settings.sessions);
    if (!wasGranted) this.activeSince = this.moment.now;
  }

  /** Stops acting at once; the lease is given back when the lines have closed. */
  yield(next: number, order = this.view.lease?.record.order ?? '', against = ''): void {
    if (this.handover !== undefined) return;
    this.giveUp();
    this.handover = { next, order, against, since: this.moment.now, closed: false };
  }

  /** To the preferred instance, else to any that is there. */
  yieldToAny(): void {
    const { preferred } = this.preference();
    this.yield(this.members.isThere(preferred) ? preferred : (this.members.others[0] ?? 0));
  }

  /**
   * The lease to be written now, if any.
   * @param takesPart it is a member, and has read the store since
   * @param regainedAt when the coordinator answered again
   */
  next(takesPart: boolean, regainedAt: number): Lease | undefined {
    const { handover, moment } = this;
    if (handover === undefined && !takesPart && this.owns) this.yieldToAny();
    if (this.handover !== undefined) return this.release(this.handover);
    if (!takesPart) return undefined;
    if (this.right.isGranted) return this.keep();
    if (!moment.due(this.claimAt(regainedAt))) return undefined;
    const lease = this.view.lease?.record;
    this.sent.clear();
    const isNamed = lease?.id === '' && lease.next === this.settings.instance;
    return this.written({
      term: this.nextTerm,
      // Without a lease nothing says whether the operator's order was carried out: it is an old one then.
      order: lease?.order ?? this.view.order.id,
      against: isNamed ? lease.against : '',
    });
  }

  private lost(): void {
    // A claim that is on its way was not granted yet: it may still count.
    if (this.right.isGranted) this.giveUp();
    this.handover = undefined;
  }

  /** A claim of ours that was under way while the store was wiped: others have gone beyond it, and may trust themselves. */
  private isLate({ term }: Lease): boolean {
    return !this.settings.sessions && term < this.last.term;
  }

  /** Late news of what was written before must not bring the right back. */
  private giveUp(): void {
    this.right.drop();
    this.sent.clear();
  }

  private release({ since, closed, next, order, against }: Handover): Lease | undefined {
    if (!closed && !this.moment.due(since + this.settings.timing.closing)) return undefined;
    return { id: '', instance: 0, term: this.last.term, beat: 0, next, order, against };
  }

  /** Active: carries out what operators want, offers the process to the preferred instance, or renews. */
  private keep(): Lease | undefined {
    const { order: done = '', against: before = '' } = this.view.lease?.record ?? {};
    const { order } = this.view;
    const isNew = order.id !== '' && order.id !== done && this.owns;
    const against = isNew && order.to !== this.preference().preferred ? this.mark : isNew ? '' : before;
    if (isNew && this.members.isThere(order.to)) {
      this.yield(order.to, order.id, against);
      return undefined;
    }
    const preferred = this.preferredThatWaits(against);
    if (preferred !== 0) {
      this.yield(preferred, isNew ? order.id : done);
      return undefined;
    }
    const isDue = !this.settings.sessions && this.moment.due(this.sentAt + this.settings.timing.renewal);
    if (!isDue && !isNew) return undefined;
    const term = (this.owns ? this.right.term : undefined) ?? this.nextTerm;
    return this.written({ term, order: isNew ? order.id : done, against });
  }

  /** Stands for the preferred instance as it is now: its run, and how often operators have set it. */
  private get mark(): string {
    const { preferred, count } = this.preference();
    return preferred === 0 ? '' : `${this.view.member(preferred)?.record.id ?? ''}@${count}`;
  }

  private preferredThatWaits(against: string): number {
    const { preferred } = this.preference();
    const member = this.view.member(preferred);
    if (preferred === 0 || member === undefined || !this.members.isThere(preferred)) return 0;
    if (against === this.mark) return 0;
    // One that has died may still seem to be there.
    if (!this.settings.sessions && member.changedAt < this.activeSince) return 0;
    if (this.offered?.id === member.record.id && !this.moment.due(this.offered.at + OFFER_PAUSE)) return 0;
    if (!this.moment.due(member.sinceId + this.settings.preferredDelay)) return 0;
    this.offered = { id: member.record.id, at: this.moment.now };
    return preferred;
  }

  private written(of: Pick<Lease, 'term' | 'order' | 'against'>): Lease {
    const { now, wall } = this.moment;
    this.sentAt = now;
    this.sent.set(++this.beat, { now, wall });
    this.sent.delete(this.beat - REMEMBERED);
    return { id: this.id, instance: this.settings.instance, beat: this.beat, next: 0, ...of };
  }

  /** From when on the lease may be claimed; Infinity while it may not. */
  private claimAt(regainedAt: number): number {
    const { view, settings, moment } = this;
    const { ttl, headStart } = settings.timing;
    const lease = view.lease;
    if (lease === undefined) {
      // A store that was wiped hides who trusts itself still; even the last one seen may have had a successor. Where
      // nothing expires, who has never seen a lease may have come while one was handed to another.
      const pause = !settings.sessions ? ttl : this.last.id === '' ? headStart : 0;
      return this.waiting(view.leaseMissingSince(moment.now) + pause, 0, regainedAt);
    }
    const { id, next, instance } = lease.record;
    if (this.owns) return moment.now;
    if (id !== '') return settings.sessions ? Infinity : this.waiting(lease.changedAt + ttl, instance, regainedAt);
    if (next === settings.instance) return lease.changedAt;
    return this.waiting(lease.changedAt + (next === 0 ? 0 : headStart), next, regainedAt);
  }

  /** @param gone the instance that had the lease, or did not take it; 0 for none */
  private waiting(from: number, gone: number, regainedAt: number): number {
    const { headStart } = this.settings.timing;
    const { preferred } = this.preference();
    const isFirst = preferred !== 0 && preferred !== gone && this.members.isThere(preferred);
    // Where nothing expires, an answer that failed says nothing of the others.
    const answered = this.settings.sessions ? -Infinity : regainedAt + headStart;
    return Math.max(from, answered) + (isFirst ? headStart : 0);
  }
}
