import { fuzz } from './campaign.js';

const seed = 20_260_203;

describe('whatever comes', function () {
  this.timeout(120_000);

  it('frames in any order, right or wrong in one thing, break nothing', () =>
    fuzz('frames', { seed, runs: 150, steps: 60 }));

  it('octets that were frames, or never were, break nothing', () => fuzz('octets', { seed, runs: 150, steps: 40 }));
});
