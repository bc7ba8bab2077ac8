import fc from 'fast-check';
import { play } from './play.js';
import { frameSteps, octetSteps, setup } from './steps.js';

export const campaigns = { frames: frameSteps, octets: octetSteps } as const;
export type Campaign = keyof typeof campaigns;

export interface Size {
  readonly seed: number;
  readonly runs: number;
  /** Steps of a run at most. */
  readonly steps: number;
}

/**
 * Plays so many runs, which follow from the seed alone.
 * @throws the counterexample, made as small as it gets, with seed and path
 */
export function fuzz(campaign: Campaign, { seed, runs, steps }: Size): void {
  const sequence = fc.array(campaigns[campaign], { minLength: 1, maxLength: steps, size: 'max' });
  fc.assert(
    fc.property(setup, sequence, (line, all) => play(line, all)),
    { seed, numRuns: runs, endOnFailure: false },
  );
}
