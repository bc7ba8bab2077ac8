import { Machine, type Request, type Written } from '../../lib/kom/machine.js';
import { type MachineSettings, timing } from '../../lib/kom/settings.js';
import type { Entries, Entry } from '../../lib/kom/view.js';

/** Times that requests take, of random but repeatable length. */
export type Latency = () => number;

interface Happening {
  readonly at: number;
  readonly order: number;
  readonly call: () => void;
}

/** A linearizable store, as a cluster of etcd is one. */
export class Store {
  entries = new Map<string, Entry>();
  private revision = 0;
  readonly watchers = new Set<(key: string, entry: Entry) => void>();

  get snapshot(): Entries {
    return new Map(this.entries);
  }

  cas(key: string, over: Entry | undefined, value: string): Written {
    const there = this.entries.get(key);
    if (there?.revision !== over?.revision || there?.value !== over?.value) return 'conflict';
    const entry = { revision: ++this.revision, value };
    this.entries.set(key, entry);
    for (const watcher of this.watchers) watcher(key, entry);
    return entry.revision;
  }

  /** As if its disks had been replaced. */
  wipe(): void {
    this.entries = new Map();
    this.revision = 0;
  }
}

/** One run of a process in the world. */
export class Runner {
  readonly machine: Machine;
  frozen = false;
  cut = false;
  dead = false;
  /** Its clocks, against those of the world. */
  wallOffset = 0;
  private due = 0;
  private readonly caught: (() => void)[] = [];

  constructor(
    private readonly world: World,
    settings: Partial<MachineSettings>,
    readonly name: string,
    /** How fast its clock runs. */
    private readonly rate: number,
    private readonly offset: number,
  ) {
    this.machine = new Machine(
      {
        instance: 1,
        preferred: 0,
        preferredDelay: 0,
        mode: 'active-passive',
        onQuorumLoss: 'stop',
        host: name,
        sessions: false,
        timing,
        ...settings,
      },
      name,
    );
    world.store.watchers.add(this.news);
    this.run(() => {});
  }

  get now(): number {
    return this.offset + this.world.time * this.rate;
  }

  get wall(): number {
    return Math.floor(1_800_000_000_000 + this.world.time * this.rate + this.wallOffset);
  }

  /** What it would do if it acted now; one that is frozen cannot. */
  get token(): number {
    return this.frozen || this.dead ? 0 : this.machine.guard(this.now, this.wall);
  }

  kill(): void {
    this.dead = true;
    this.world.store.watchers.delete(this.news);
  }

  freeze(isFrozen: boolean): void {
    this.frozen = isFrozen;
    if (isFrozen) return;
    for (const call of this.caught.splice(0)) this.run(call);
    this.run(() => {});
  }

  leave(): void {
    this.run(() => this.machine.leave(this.now, this.wall));
  }

  /** Something happens to it: now, or when it is awake again. */
  private run(call: () => void): void {
    if (this.dead) return;
    if (this.frozen) {
      this.caught.push(call);
      return;
    }
    call();
    this.step();
  }

  private step(): void {
    const { machine } = this;
    for (const request of machine.step(this.now, this.wall)) this.carry(request);
    if (machine.isClosing) {
      machine.closed();
      for (const request of machine.step(this.now, this.wall)) this.carry(request);
    }
    const due = (machine.deadline - this.offset) / this.rate;
    this.due = due;
    this.world.at(Math.max(due, this.world.time + 0.1), () => {
      if (this.due === due && !this.frozen) this.run(() => {});
    });
  }

  private readonly news = (key: string, entry: Entry): void => {
    if (!this.cut) this.world.after(() => this.run(() => this.machine.changed(key, entry, this.now, this.wall)));
  };

  /** Brings a request to the store and the answer back; either may be lost. */
  private carry(request: Request): void {
    const { world } = this;
    let answered = false;
    const answer = (result: Entries | Written): void =>
      this.run(() => {
        if (answered) return;
        answered = true;
        const { now, wall } = this;
        if (request.kind === 'read') this.machine.read(result as Entries | 'failed', now, wall);
        else this.machine.wrote(request.key, request.value, result as Written, now, wall);
      });
    world.at(world.time + 400, () => answer('failed'));
    if (this.cut) return;
    world.after(() => {
      if (world.isDown || this.cut) return;
      const result =
        request.kind === 'read' ? world.store.snapshot : world.store.cas(request.key, request.over, request.value);
      world.after(() => {
        if (!this.cut) answer(result);
      });
    });
  }
}

/** Virtual time, a store, and instances with what befalls them. */
export class World {
  time = 0;
  readonly store = new Store();
  readonly runners: Runner[] = [];
  /** The store has no quorum. */
  isDown = false;
  private happenings: Happening[] = [];
  private order = 0;
  private runs = 0;

  /** @param look is called after everything that happens */
  constructor(
    private readonly latency: Latency,
    private readonly look: (world: World) => void = () => {},
  ) {}

  start(settings: Partial<MachineSettings>, rate = 1, offset = 0, wallOffset = 0): Runner {
    const runner = new Runner(this, settings, `${settings.instance ?? 1}-${++this.runs}`, rate, offset);
    runner.wallOffset = wallOffset;
    this.runners.push(runner);
    return runner;
  }

  get live(): readonly Runner[] {
    return this.runners.filter(({ dead }) => !dead);
  }

  get active(): readonly Runner[] {
    return this.runners.filter(({ token }) => token !== 0);
  }

  at(at: number, call: () => void): void {
    const happening = { at, order: this.order++, call };
    // Late ones are rare: looking from the end is short.
    let i = this.happenings.length;
    while (i > 0 && isAfter(this.happenings[i - 1] as Happening, happening)) i--;
    this.happenings.splice(i, 0, happening);
  }

  after(call: () => void): void {
    this.at(this.time + this.latency(), call);
  }

  advance(ms: number): void {
    const until = this.time + ms;
    for (let next = this.happenings[0]; next !== undefined && next.at <= until; next = this.happenings[0]) {
      this.happenings.shift();
      this.time = next.at;
      next.call();
      this.look(this);
    }
    this.time = until;
    this.look(this);
  }
}

function isAfter(a: Happening, b: Happening): boolean {
  return a.at > b.at || (a.at === b.at && a.order > b.order);
}
