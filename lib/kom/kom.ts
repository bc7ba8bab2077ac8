import type { Clock } from '../link/clock.js';
import { TelecontrolError } from '../octets/error.js';
import type { Coordinator, CoordinatorHealth } from './coordinator.js';
import { type InstanceState, Machine, type Request } from './machine.js';
import type { Refusal } from './membership.js';
import { flagOf, type Mode, ORDER, SETTINGS, type Settings } from './records.js';
import { type MachineSettings, timing } from './settings.js';
import type { Entries } from './view.js';

/** What a process is doing, as one of its instances sees it. */
export interface KomStatus {
  readonly state: InstanceState;
  /** Why it is down, or what is wrong. */
  readonly reason?: Refusal | 'no-contact' | 'holding';
  readonly process: string;
  readonly instance: number;
  /** 0 for none. */
  readonly preferred: number;
  readonly mode: Mode;
  /** A letter for each instance that is there: B for 1, C for 2; A for a process alone. */
  readonly flags: string;
  /** The fencing token; 0 while it may not act. */
  readonly token: number;
  readonly members: readonly {
    readonly instance: number;
    readonly state: 'active' | 'passive';
    /** ms since 1970 UTC by the clock of that instance. */
    readonly since: number;
    readonly host: string;
  }[];
  readonly coordinator: CoordinatorHealth;
}

/** How a wish of an operator ended. */
export type TellAnswer = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Who follows an instance: lines. */
export interface KomFollower {
  /** The instance has become active. */
  activated?(): void;
  /** It is not active any more. @returns when the lines are closed; the next instance waits for that a moment */
  deactivated?(): Promise<void> | void;
  /** Something that the status shows has changed. */
  changed?(): void;
}

export interface KomOptions extends Partial<Omit<MachineSettings, 'sessions'>> {
  /** Name of the process; instances of one name are instances of one process. */
  readonly process: string;
  readonly instance: number;
  readonly host: string;
  readonly coordinator: Coordinator;
  readonly clock: Clock;
  /** Names this run of the instance; no other run may have the same. */
  readonly id: string;
  /** A fault of a follower. */
  readonly failed?: (error: unknown) => void;
}

/** ms that an operator's order has to be carried out. */
const PATIENCE = 5000;
const ATTEMPTS = 5;

/** One instance of a process: the state machine with its coordinator and a clock. */
export class Kom {
  readonly process: string;
  readonly instance: number;
  private readonly machine: Machine;
  private readonly clock: Clock;
  private readonly coordinator: Coordinator;
  private readonly followers = new Set<KomFollower>();
  private cancelTimer: (() => void) | undefined;
  private state: InstanceState = 'down';
  private shown = '';
  private closing: Promise<void> | undefined;
  private isEnded = false;
  private readonly gone: (() => void)[] = [];
  private orders = 0;

  /** @throws TelecontrolError `configuration` */
  constructor(private readonly options: KomOptions) {
    const { process, instance, coordinator, clock, id } = options;
    if (process === '') throw new TelecontrolError('configuration', 'a communication process needs a name');
    if (!(Number.isInteger(instance) && instance >= 0 && instance <= 15))
      throw new TelecontrolError('configuration', `instance: ${instance} is not 0..15`);
    this.process = process;
    this.instance = instance;
    this.clock = clock;
    this.coordinator = coordinator;
    this.machine = new Machine(
      {
        preferred: 0,
        preferredDelay: 0,
        mode: 'active-passive',
        onQuorumLoss: 'stop',
        timing,
        ...options,
        sessions: coordinator.sessions,
      },
      id,
    );
  }

  start(): void {
    const { machine, clock } = this;
    // Stopped before it could begin.
    if (this.isEnded) return;
    this.coordinator.watch({
      changed: (key, entry) => this.turn(() => machine.changed(key, entry, clock.now(), clock.wall())),
      missed: () => this.turn(() => machine.missed()),
    });
    this.turn();
  }

  /** The fencing token; 0 while this instance may not act. To be asked right before each act. */
  guard(): number {
    return this.machine.guard(this.clock.now(), this.clock.wall());
  }

  get isActive(): boolean {
    return this.state === 'active';
  }

  get status(): KomStatus {
    const { machine } = this;
    const reason = machine.refusal ?? (machine.isHolding ? 'holding' : machine.isCutOff ? 'no-contact' : undefined);
    const { holder, mode, roll } = machine;
    // Who was lost still stands there as what it was: it is not active any more where another holds the lease.
    const isActive = (of: number): boolean => mode === 'active-active' || of === this.instance || of === holder;
    return {
      state: this.state,
      ...(reason === undefined ? {} : { reason }),
      process: this.process,
      instance: this.instance,
      preferred: machine.preferred,
      mode,
      flags: roll.map(({ instance }) => flagOf(instance)).join(''),
      token: this.guard(),
      members: roll.map(({ instance, record: { state, since, host } }) => ({
        instance,
        state: state === 'active' && isActive(instance) ? 'active' : 'passive',
        since,
        host,
      })),
      coordinator: this.coordinator.health,
    };
  }

  /** Tells of every change; the result ends that. */
  follow(follower: KomFollower): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }

  /** Makes another instance active, or this one. @returns when it is, or why it is not */
  async activate(instance: number): Promise<TellAnswer> {
    const { machine } = this;
    const isActive = () =>
      machine.roll.some((member) => member.instance === instance && member.record.state === 'active');
    if (machine.mode === 'active-active') return no('the process is active-active: there is no one active instance');
    if (!machine.roll.some((member) => member.instance === instance)) return no(`instance ${instance} is not there`);
    const id = `${this.options.id}-${++this.orders}`;
    const written = await this.put(ORDER, () => ({ id, to: instance }));
    if (!written.ok) return written;
    return (await this.until(() => machine.holder === instance && isActive()))
      ? { ok: true }
      : no(`instance ${instance} has not become active within ${PATIENCE / 1000} s`);
  }

  /** @param instance 1..15, or 0 for none */
  prefer(instance: number): Promise<TellAnswer> {
    return this.put(SETTINGS, () => ({
      ...this.machine.operators,
      preferred: instance,
      count: this.machine.operators.count + 1,
    }));
  }

  setMode(mode: Mode): Promise<TellAnswer> {
    return this.put(SETTINGS, () => ({ ...this.machine.operators, mode }));
  }

  /** Ends in order: the lines close, another instance goes on. @returns when all that is done, or nobody answers */
  async stop(): Promise<void> {
    this.turn(() => this.machine.leave(this.clock.now(), this.clock.wall()));
    if (this.isEnded) return;
    const ended = new Promise<void>((resolve) => this.gone.push(resolve));
    const cancel = this.clock.timer(this.machine.settings.timing.ttl, () => this.ended());
    this.turn();
    await ended;
    cancel();
  }

  // Own business

  private ended(): void {
    this.isEnded = true;
    this.cancelTimer?.();
    this.coordinator.close();
    for (const resolve of this.gone.splice(0)) resolve();
  }

  private turn(happened?: () => void): void {
    if (this.isEnded) return;
    happened?.();
    const { machine, clock } = this;
    for (const request of machine.step(clock.now(), clock.wall())) void this.carry(request);
    this.tell();
    // Closed already; or active-active, where another takes the lease and nothing is to be closed for that.
    if (machine.isClosing && this.closing === undefined) {
      machine.closed();
      for (const request of machine.step(clock.now(), clock.wall())) void this.carry(request);
    }
    if (machine.isGone) return this.ended();
    this.cancelTimer?.();
    this.cancelTimer = clock.timer(machine.deadline - clock.now(), () => this.turn());
  }

  private async carry(request: Request): Promise<void> {
    const { machine, coordinator, clock } = this;
    if (request.kind === 'read') {
      const entries: Entries | 'failed' = await coordinator.get().catch(() => 'failed' as const);
      return this.turn(() => machine.read(entries, clock.now(), clock.wall()));
    }
    const { key, over, value } = request;
    const written = await coordinator.cas(key, over, value).then(
      (result) => result ?? ('conflict' as const),
      () => 'failed' as const,
    );
    this.turn(() => machine.wrote(key, value, written, clock.now(), clock.wall()));
  }

  /** Tells followers what has changed. */
  private tell(): void {
    const { machine } = this;
    const before = this.state;
    this.state = machine.state;
    if (before !== 'active' && this.state === 'active') this.each((follower) => follower.activated?.());
    if (before === 'active' && this.state !== 'active') {
      const all = [...this.followers].map(async (follower) => follower.deactivated?.());
      this.closing = Promise.allSettled(all).then((results) => {
        this.closing = undefined;
        for (const result of results) if (result.status === 'rejected') this.options.failed?.(result.reason);
        this.turn(() => machine.closed());
      });
    }
    const { token: _, ...status } = this.status;
    const shown = JSON.stringify(status);
    if (shown === this.shown) return;
    this.shown = shown;
    this.each((follower) => follower.changed?.());
  }

  private each(call: (follower: KomFollower) => void): void {
    for (const follower of [...this.followers])
      try {
        call(follower);
      } catch (error) {
        this.options.failed?.(error);
      }
  }

  /** Writes what an operator wants over whatever stands there. */
  private async put(
    key: string,
    make: () => Settings | { readonly id: string; readonly to: number },
  ): Promise<TellAnswer> {
    try {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const { clock, coordinator, machine } = this;
        const mark = machine.view.mark;
        const entries = await coordinator.get();
        this.turn(() => machine.see(entries, mark, clock.now(), clock.wall()));
        const value = JSON.stringify(make());
        const revision = await coordinator.cas(key, entries.get(key), value);
        if (revision === undefined) continue;
        this.turn(() => machine.changed(key, { revision, value }, clock.now(), clock.wall()));
        return { ok: true };
      }
      return no('others were faster, again and again');
    } catch (error) {
      return no(`the coordinator does not answer: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Whether something comes true in time. */
  private until(is: () => boolean): Promise<boolean> {
    if (is()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const done = (result: boolean): void => {
        cancel();
        stop();
        resolve(result);
      };
      const cancel = this.clock.timer(PATIENCE, () => done(false));
      const stop = this.follow({ changed: () => is() && done(true) });
    });
  }
}

function no(reason: string): TellAnswer {
  return { ok: false, reason };
}
