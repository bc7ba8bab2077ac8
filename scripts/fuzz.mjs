// `npm run fuzz -- --minutes 60 [--seed N]`: plays random clients, flows and times against a server line until the minutes
// are over, each round from a new seed. A failure ends it with the smallest counterexample found, and with what repeats it:
// `npm run fuzz -- --campaign frames --seed N --rounds 1`.
//   --minutes N     how long, at least one round (default 1)
//   --seed N        of the first round (default: of the moment); every further round has the next one
//   --rounds N      ends after so many rounds, whatever the minutes say
//   --campaign X    `frames` or `octets` only
//   --runs N        sequences in a round (default 200); --steps N: steps of a sequence at most (default 80)
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { register } from 'tsx/cjs/api';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    rounds: { type: 'string' },
    campaign: { type: 'string' },
    runs: { type: 'string', default: '200' },
    steps: { type: 'string', default: '80' },
  },
});

/** @param {string} name @param {string | undefined} text @param {number} fallback */
function number(name, text, fallback) {
  const given = text === undefined ? fallback : Number(text);
  if (given > 0 || (name === 'seed' && Number.isInteger(given))) return given;
  console.error(`fuzz: --${name} ${text} is not a number`);
  process.exit(2);
}

const minutes = number('minutes', values.minutes, 1);
const rounds = number('rounds', values.rounds, Infinity);
const runs = number('runs', values.runs, 200);
const steps = number('steps', values.steps, 80);
const first = number('seed', values.seed, Date.now() % 0x7fff_0000);

register();
const { campaigns, fuzz } = createRequire(import.meta.url)('../test/fuzz/campaign.ts');
const names = Object.keys(campaigns).filter((name) => values.campaign === undefined || name === values.campaign);
if (names.length === 0) {
  console.error(`fuzz: --campaign is ${Object.keys(campaigns).join(' or ')}`);
  process.exit(2);
}

const started = performance.now();
const seconds = () => (performance.now() - started) / 1000;
let played = 0;
let told = 0;
console.log(`fuzz: ${names.join(' and ')} from seed ${first}, ${minutes} min`);
for (let round = 0; round < rounds && (round === 0 || seconds() < minutes * 60); round++) {
  for (const campaign of names) {
    const seed = first + round;
    try {
      fuzz(campaign, { seed, runs, steps });
    } catch (error) {
      console.error(`fuzz: ${campaign}, seed ${seed}: failed after ${Math.round(seconds())} s`);
      console.error(error instanceof Error ? error.message : error);
      console.error(error instanceof Error && error.cause instanceof Error ? error.cause.stack : '');
      console.error(
        `fuzz: npm run fuzz -- --campaign ${campaign} --seed ${seed} --rounds 1 --runs ${runs} --steps ${steps}`,
      );
      process.exit(1);
    }
    played += runs;
  }
  if (seconds() - told < 10) continue;
  told = seconds();
  console.log(`fuzz: ${Math.round(told)} s, seed ${first + round}, ${played} sequences`);
}
console.log(`fuzz: ${played} sequences in ${Math.round(seconds())} s, nothing found`);
