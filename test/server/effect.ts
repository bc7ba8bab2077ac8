import assert from 'node:assert/strict';
import type { PointInput } from '../../lib/station/points.js';
import type { MemoryClient } from './memory-client.js';
import { Virtual, type VirtualSpec } from './virtual.js';

export const GI = '64 01 06 00 01 00 00 00 00 14';
export const COMMAND = '2d 01 06 00 01 00 2d 00 00 01';
const points: readonly PointInput[] = [
  { ioa: 1, type: 'M_SP_NA_1' },
  { ioa: 2, type: 'M_SP_TB_1' },
  { ioa: 3, type: 'M_IT_NA_1' },
  { ioa: 45, type: 'C_SC_NA_1' },
];
/** A parameter: a value other than its default, and what shows it, without and with it. */
export interface Effect {
  readonly keyword: string;
  readonly name: string;
  readonly value: string;
  readonly without: unknown;
  readonly with: unknown;
  readonly observe: (rig: Rig) => unknown;
  readonly also?: string;
  readonly kind?: Partial<VirtualSpec>;
  readonly confirm?: 'flow';
}

export class Rig extends Virtual {
  constructor(parameters: string, { also = '', kind, confirm }: Effect) {
    super([{ points, ...kind, parameters: `${also};${parameters}` }], { takes: () => confirm ?? 'auto' });
  }

  causes(client: MemoryClient, ...asked: string[]): string[] {
    return client
      .ask(...asked)
      .asdus()
      .map((asdu) => asdu.slice(6, 8));
  }

  /** Object addresses in what answers an interrogation, one value each. */
  interrogated(): string[] {
    return this.client()
      .ask(GI)
      .asdus()
      .slice(1, -1)
      .map((asdu) => `${asdu.slice(0, 2)} ${asdu.slice(18, 20)}`);
  }

  happen(count: number): void {
    for (let i = 1; i <= count; i++) this.served.write(1, i % 2 === 1);
  }

  /** Seconds until the connection is closed. */
  closedAfter(client: MemoryClient): number {
    return this.secondsUntil(() => client.closed);
  }

  /** Seconds until a frame comes. */
  frameAfter(client: MemoryClient): readonly [number, string | undefined] {
    return [this.secondsUntil(() => client.frames.length > 0), client.frames[0]];
  }
}

/** For a `describe`: a test of each parameter by its keyword, and one by its full name. */
export function prove(effects: readonly Effect[]): void {
  for (const effect of effects) {
    const { keyword, name, value, observe } = effect;
    for (const given of new Set([keyword, name]))
      it(`parameter ${keyword}: ${given}=${value} does what it does, and without it that is not so`, () => {
        assert.deepEqual(observe(new Rig('', effect)), effect.without, 'without');
        assert.deepEqual(observe(new Rig(`${given}=${value}`, effect)), effect.with, `${given}=${value}`);
      });
  }
}
