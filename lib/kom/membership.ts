import type { Moment } from './moment.js';
import { MAX_INSTANCE, type Member, memberKey } from './records.js';
import type { MachineSettings } from './settings.js';
import type { Seen, View } from './view.js';

/** Why an instance takes no part: not yet, its number is taken, instances are there, a process alone is there, it has left. */
export type Refusal = 'starting' | 'duplicate' | 'instances' | 'non-instance' | 'stopped';

/** Who takes part in a process, as one instance sees it. */
export class Membership {
  /** It has entered itself into the store. */
  joined = false;

  constructor(
    private readonly settings: MachineSettings,
    private readonly id: string,
    private readonly view: View,
    private readonly moment: Moment,
  ) {}

  get key(): string {
    return memberKey(this.settings.instance);
  }

  /** What stands in the store under our own number. */
  get own(): Seen<Member> | undefined {
    return this.view.member(this.settings.instance);
  }

  /** It stands in the store. */
  get isEntered(): boolean {
    const record = this.own?.record;
    return record?.id === this.id && record.state !== 'left';
  }

  /** Whether another instance is there. */
  isThere(instance: number): boolean {
    return instance !== this.settings.instance && this.isLive(this.view.member(instance));
  }

  /** The other instances that are there. */
  get others(): readonly number[] {
    const all = Array.from({ length: MAX_INSTANCE }, (_, i) => i + 1);
    return all.filter((instance) => this.isThere(instance));
  }

  /** All that are there, this one by what it knows of itself. */
  all(self: Member | undefined): readonly { readonly instance: number; readonly record: Member }[] {
    const { instance: own } = this.settings;
    return Array.from({ length: MAX_INSTANCE + 1 }, (_, instance) => instance).flatMap((instance) => {
      const record = instance === own ? self : this.isThere(instance) ? this.view.member(instance)?.record : undefined;
      return record === undefined ? [] : [{ instance, record }];
    });
  }

  /** Instances and a process alone exclude each other; a number belongs to one. */
  refusal(isActive: boolean): Exclude<Refusal, 'starting' | 'stopped'> | undefined {
    const { own, settings } = this;
    if (own !== undefined && own.record.id !== this.id && this.isLive(own)) return 'duplicate';
    if (settings.instance === 0) return !isActive && this.others.length > 0 ? 'instances' : undefined;
    if (!this.isThere(0)) return undefined;
    // Who enters at the same time as a process alone stays: that one withdraws, unless it is active already.
    const isHeldByIt = this.view.lease?.record.id === this.view.member(0)?.record.id;
    return !this.joined || isHeldByIt ? 'non-instance' : undefined;
  }

  private isLive(member: Seen<Member> | undefined): boolean {
    if (member === undefined || member.record.state === 'left') return false;
    return this.settings.sessions || !this.moment.due(member.changedAt + this.settings.timing.absence);
  }
}
