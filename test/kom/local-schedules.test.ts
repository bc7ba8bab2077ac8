import assert from 'node:assert/strict';
import { setTimeout as passing, setImmediate as turn } from 'node:timers/promises';
import { LocalCoordinator } from '../../lib/kom/coordinator-local.js';
import type { Kom } from '../../lib/kom/kom.js';
import { flagOf } from '../../lib/kom/records.js';
import { times } from './figures.js';
import { instance } from './rig.js';

const COUNT = 3;
const rounds = times(400, 5);
let seed = Number(process.env.TELECONTROL_SEED ?? 20261121);
const random = (below: number): number => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % below;
};

/** Instances on one computer that come, go, die and hand over when they like, some turns of the event loop apart. */
class Troupe {
  private readonly all = new Map<number, { readonly kom: Kom; readonly coordinator: LocalCoordinator }>();
  private readonly ended: Promise<void>[] = [];
  /** What was done, and by which instance. */
  readonly story: string[] = [];

  constructor(private readonly process: string) {}

  step(): void {
    const n = 1 + random(COUNT);
    const kom = this.all.get(n)?.kom;
    const to = random(COUNT + 1);
    const what = random(9);
    if (kom === undefined) {
      this.story.push(`${n} starts`);
      this.start(n);
    } else if (what < 3) {
      this.story.push(`${n} stops`);
      this.ended.push(kom.stop());
      this.all.delete(n);
    } else if (what < 5) {
      this.story.push(`${n} dies`);
      this.die(n);
    } else if (what < 8) {
      this.story.push(`${n} orders ${to}`);
      void kom.activate(to);
    } else {
      this.story.push(`${n} prefers ${to}`);
      void kom.prefer(to);
    }
  }

  /** Who may act. */
  get acting(): readonly number[] {
    return [...this.all].filter(([, { kom }]) => kom.guard() !== 0).map(([n]) => n);
  }

  /** One is active, and all know it and who else is there. */
  get isSettled(): boolean {
    const flags = [...this.all.keys()].sort().map(flagOf).join('');
    const active = this.acting;
    return [...this.all.values()].every(
      ({ kom: { status } }) =>
        status.flags === flags &&
        status.reason === undefined &&
        status.coordinator.warnings.length === 0 &&
        status.members.every(({ instance: n, state }) => (state === 'active') === active.includes(n)) &&
        active.length === 1,
    );
  }

  get seen(): string {
    return [...this.all.values()].map(({ kom }) => JSON.stringify(kom.status)).join('\n');
  }

  async clear(): Promise<void> {
    await Promise.all([...this.ended, ...[...this.all.values()].map(({ kom }) => kom.stop())]);
  }

  private start(n: number): void {
    const coordinator = new LocalCoordinator({ process: this.process });
    this.all.set(n, { coordinator, kom: instance(coordinator, { process: this.process, instance: n }) });
  }

  /** Its connections end, and nothing that it does afterwards reaches anybody. */
  private die(n: number): void {
    this.all.get(n)?.coordinator.close();
    void this.all.get(n)?.kom.stop();
    this.all.delete(n);
  }
}

describe('instances on one computer, in random schedules', function () {
  this.timeout(rounds * 30_000);

  it(`${rounds} of them: never two are active, and in the end one is, and all know it`, async () => {
    for (let round = 0; round < rounds; round++) {
      const from = seed;
      const troupe = new Troupe(`schedules ${process.pid} ${round}`);
      const tell = (): string => `TELECONTROL_SEED=${from}: ${troupe.story.slice(-20).join(', ')}\n${troupe.seen}`;
      const look = (): void => assert.ok(troupe.acting.length <= 1, tell());
      for (let steps = 6 + random(20); steps > 0 || troupe.seen === ''; steps--) {
        troupe.step();
        look();
        if (random(6) === 0) await passing(random(300));
        else for (let turns = random(12); turns > 0; turns--) await turn().then(look);
      }
      const begun = performance.now();
      while (!troupe.isSettled) {
        assert.ok(performance.now() - begun < 20_000, tell());
        await turn();
        look();
      }
      await troupe.clear();
    }
  });
});
