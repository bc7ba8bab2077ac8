import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Reader, Rig } from './rig.js';

interface Owed {
  readonly number: number;
  sent: boolean;
}

/** The contract told naively: a list of what each address has not acknowledged, out of what is still held. */
class Model {
  owed: Owed[] = [];
  /** Sent on this connection, overwritten since, and not acknowledged yet. */
  overwritten: number[] = [];
  lost = 0;

  overwrite(number: number): void {
    const first = this.owed[0];
    if (first?.number !== number) return;
    this.owed.shift();
    if (first.sent) this.overwritten.push(number);
    else this.lost++;
  }

  send(count: number): number[] {
    const unsent = this.owed.filter(({ sent }) => !sent).slice(0, count);
    for (const event of unsent) event.sent = true;
    return unsent.map(({ number }) => number);
  }

  acknowledge(count: number): void {
    const fromLost = this.overwritten.splice(0, count).length;
    this.owed.splice(0, Math.min(count - fromLost, this.owed.filter(({ sent }) => sent).length));
  }

  cut(): void {
    this.lost += this.overwritten.length;
    this.overwritten = [];
    for (const event of this.owed) event.sent = false;
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('happen' as const), count: fc.integer({ min: 1, max: 40 }) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('send' as const, 'acknowledge' as const),
      who: fc.nat({ max: 2 }),
      count: fc.integer({ min: 1, max: 12 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('cut' as const, 'return' as const), who: fc.nat({ max: 2 }) }),
  },
);

describe('the event buffer against a naive model', () => {
  for (const limit of [1000, 50, 7])
    it(`PROTOCOL 30: whatever is sent, acknowledged, cut and resumed: nothing is lost or reordered up to ${limit}`, () => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
          const rig = new Rig(limit);
          const models = [new Model(), new Model(), new Model()];
          const readers: (Reader | undefined)[] = models.map((_, i) => rig.open(`192.0.2.${i}`));
          for (const each of steps) {
            if (each.do === 'happen') {
              for (let i = 0; i < each.count; i++) {
                rig.happen(1);
                for (const model of models) {
                  model.owed.push({ number: rig.last, sent: false });
                  model.overwrite(rig.last - limit);
                }
              }
              continue;
            }
            const model = models[each.who] as Model;
            const reader = readers[each.who];
            if (each.do === 'return') readers[each.who] ??= rig.open(`192.0.2.${each.who}`);
            else if (reader === undefined) continue;
            else if (each.do === 'send') assert.deepEqual(reader.send(each.count), model.send(each.count));
            else if (each.do === 'acknowledge') {
              reader.acknowledge(each.count);
              model.acknowledge(each.count);
            } else {
              reader.close(1);
              model.cut();
              readers[each.who] = undefined;
            }
          }
          for (const [i, model] of models.entries()) {
            readers[i] ??= rig.open(`192.0.2.${i}`);
            assert.deepEqual(readers[i]?.send(5000), model.send(5000));
            assert.equal(rig.groups.of(`192.0.2.${i}`, 0).lost, model.lost, 'each lost event is counted once');
          }
        }),
        { seed: 20260203, numRuns: 500 },
      );
    });
});
