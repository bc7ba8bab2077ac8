// `npm run bench`: the engine's server against servers without any engine, as ratios (README.md). It asserts nothing:
// the table says which aims are met.
//
//   node bench/run.mjs [--quick] [--json]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { options } from './options.mjs';
import { pinned, pinnings } from './pinning.mjs';
import { table } from './table.mjs';

const { quick, json } = options({ quick: false, json: false });
const folder = dirname(fileURLToPath(import.meta.url));
const rounds = quick ? 3 : 5;
const scale = quick ? 0.1 : 1;
const { pinnings: ways, missing } = pinnings();

/**
 * The arguments of serve.mjs, frames.mjs and client.mjs.
 * @typedef {Record<string, string | number | true>} Arguments
 * @typedef {{ serve: Arguments, frames: Arguments, client: Arguments }} Programs
 */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill();
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => process.exit(1));

/** @param {string} file @param {Arguments} args */
function start(file, args, processor, flags = []) {
  const words = Object.entries(args).flatMap(([name, value]) => [
    `--${name}`,
    ...(value === true ? [] : [String(value)]),
  ]);
  const [command, ...rest] = pinned(processor, [process.execPath, ...flags, join(folder, file), ...words]);
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  child.on('exit', () => running.delete(child));
  return child;
}

/** The first line that a program writes. */
async function firstLine(child) {
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('a program has failed, this comparison is left out');
}

/** Runs a program to its end. @returns what it says */
async function outcome(file, args, processor, flags = []) {
  const child = start(file, args, processor, flags);
  const exit = once(child, 'exit');
  const line = await firstLine(child);
  await exit;
  return JSON.parse(line);
}

/** @param {readonly number[]} numbers @param {number} share 0.5 for the median */
function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
const median = (numbers) => quantile(numbers, 0.5);

const engine = { points: 1000, type: 'M_ME_TF_1', k: 12 };
const clients = 100;
const few = (count) => Math.round(count * scale);

/**
 * What is compared, and the aim: that the engine's figure is at least or at most so many times that of frames.mjs.
 * @type {(Programs & { what: string, least?: number, most?: number })[]}
 */
const comparisons = [
  {
    what: 'events of one object to 1 client, objects/s',
    serve: { ...engine, events: few(120_000), clients: 1 },
    frames: { kind: 'events', count: few(120_000), clients: 1 },
    client: { measure: 'events', count: few(120_000) },
    least: 0.6,
  },
  {
    what: `events of one object to ${clients} clients, objects/s`,
    serve: { ...engine, events: few(1500), clients },
    frames: { kind: 'events', count: few(1500), clients },
    client: { measure: 'events', count: few(1500), clients },
    least: 0.4,
  },
  {
    what: 'interrogation of 100,000 points, ms',
    serve: { ...engine, points: 100_000, type: 'M_ME_NC_1' },
    frames: { kind: 'interrogation', count: 100_000 },
    client: { measure: 'interrogation', count: 100_000, rounds: quick ? 3 : 8 },
    most: 3,
  },
  {
    what: 'commands of 1 client, round trips/s',
    serve: { ...engine },
    frames: { kind: 'commands' },
    client: { measure: 'commands', count: few(6000) },
  },
  {
    what: `commands of ${clients} clients, round trips/s`,
    serve: { ...engine },
    frames: { kind: 'commands' },
    client: { measure: 'commands', count: few(150), clients },
  },
];

const rows = [];

/** Starts a server on the first processor. @returns its port and how to end it */
async function serve(file, args) {
  const child = start(file, { ...args, port: 0 }, ways[0]?.server);
  const port = Number((await firstLine(child)).split(' ')[1]);
  return { port, end: () => child.kill() };
}

/**
 * Runs the client against the engine and against ready-made frames in turn, in each pinning, `rounds` times.
 * @param {Programs} programs
 * @returns the outcomes by pinning: what the client said of the engine and of the frames, round by round
 */
async function measure({ serve: served, frames, client }) {
  const servers = [await serve('serve.mjs', served), await serve('frames.mjs', frames)];
  /** @type {{ pinning: import('./pinning.mjs').Pinning, engine: any[], frames: any[] }[]} */
  const outcomes = ways.map((pinning) => ({ pinning, engine: [], frames: [] }));
  try {
    // Round 0 is not counted: in it the servers run code that was never run before. The short form cannot afford it.
    for (let round = quick ? 1 : 0; round <= rounds; round++)
      for (const found of round === 0 ? outcomes.slice(0, 1) : outcomes)
        for (const [i, { port }] of servers.entries()) {
          const result = await outcome('client.mjs', { ...client, port }, found.pinning.client);
          if (round > 0) (i === 0 ? found.engine : found.frames).push(result);
        }
  } finally {
    for (const server of servers) server.end();
  }
  return outcomes;
}

const figure = ({ perSecond, ms }) => perSecond ?? ms;

/** @param {(typeof comparisons)[number]} comparison */
async function compare({ what, least, most, ...programs }) {
  for (const found of await measure(programs)) {
    const own = found.engine.map(figure);
    const limit = found.frames.map(figure);
    // The pair of one round ran in the same second, so its ratio bears what else the computer did.
    const ratio = median(own.map((value, i) => value / limit[i]));
    rows.push({
      what,
      pinning: found.pinning.name,
      engine: median(own),
      limit: median(limit),
      ratio,
      ...(least === undefined ? {} : { aim: `>= ${least}`, met: ratio >= least }),
      ...(most === undefined ? {} : { aim: `<= ${most}`, met: ratio <= most }),
    });
  }
}

async function compareLatency() {
  const every = 10;
  const outcomes = await measure({
    serve: { ...engine, ticker: true, every, fine: true },
    frames: { kind: 'ticks', every },
    client: { measure: 'ticks', count: quick ? 15 : 60 },
  });
  for (const [name, share] of /** @type {const} */ ([
    ['p50', 0.5],
    ['p99', 0.99],
  ]))
    for (const found of outcomes) {
      const [own, limit] = [found.engine, found.frames].map((all) =>
        quantile(
          all.flatMap(({ ms }) => ms),
          share,
        ),
      );
      const what = `a single event on an idle line, ${name}, ms`;
      rows.push({
        what,
        pinning: found.pinning.name,
        engine: own,
        limit,
        ratio: own / limit,
        aim: '< 1 ms',
        met: own < 1,
      });
    }
}

async function startUp() {
  const found = [];
  for (let round = 0; round < (quick ? 1 : rounds); round++)
    found.push(await outcome('startup.mjs', { points: 100_000 }, ways[0]?.server, ['--expose-gc']));
  const [ms, resident, bare] = ['ms', 'resident', 'bare'].map((key) => median(found.map((each) => each[key])));
  const pinning = ways[0]?.name;
  rows.push({ what: '100,000 points from a file, ms', pinning, engine: ms, aim: '< 2000 ms', met: ms < 2000 });
  rows.push({ what: 'resident with 100,000 points (limit: without), MB', pinning, engine: resident, limit: bare });
}

const steps = [
  ...comparisons.map((comparison) => ({ what: comparison.what, run: () => compare(comparison) })),
  { what: 'a single event on an idle line', run: compareLatency },
  { what: 'start-up with 100,000 points', run: startUp },
];
const since = performance.now();
for (const { what, run } of steps) {
  process.stderr.write(`bench: ${what}\n`);
  // One comparison that fails costs its own rows only.
  await run().catch((error) => console.error(`bench: ${error instanceof Error ? error.message : error}`));
}
const seconds = Math.round((performance.now() - since) / 1000);
if (json) console.log(JSON.stringify({ node: process.version, quick, rounds, seconds, missing, rows }, undefined, 2));
else {
  console.log(table(rows));
  console.log(`${rounds} rounds on Node.js ${process.version}, ${seconds} s${quick ? ', short form' : ''}`);
  if (missing !== undefined) console.log(missing);
}
process.exit(0);
