// Many lines that connect, in one runtime: how much processor time and memory they cost, how long an event takes until the
// engine tells of it, and whether a substation that stalls disturbs the others.
//
//   node bench/lines.mjs [--lines 200] [--points 500] [--events 10] [--seconds 20] [--json]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { options, sinceTick, stop } from './options.mjs';
import { pinned, pinnings } from './pinning.mjs';

const given = options({ lines: 200, points: 500, events: 10, seconds: 20, json: false });
const { ClientLine, ClientStation, clientParameters, compilePoints, parseParameters } = createRequire(import.meta.url)(
  '../dist/lib/index.js',
);

const [pinning] = pinnings().pinnings.slice(-1);
const [command, ...words] = pinned(pinning?.server, [
  process.execPath,
  join(dirname(fileURLToPath(import.meta.url)), 'substations.mjs'),
  '--points',
  String(given.points),
  '--events',
  String(given.events),
]);
const substations = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'] });
process.on('exit', () => substations.kill());
const [first] = await once(createInterface({ input: substations.stdout }), 'line');
const port = Number(first.split(' ')[1]);
const before = memory();

let values = 0;
let events = 0;
/** ms that events of lines other than the first took. @type {number[]} */
let latencies = [];
const points = Array.from({ length: given.points }, (_, i) => ({ ioa: i + 1, type: 'M_ME_TF_1' }));
const began = performance.now();
const lines = Array.from({ length: given.lines }, (_, number) => {
  const { table } = compilePoints(
    points.map((point) => ({ point, place: `point ${point.ioa}` })),
    'client',
  );
  const station = new ClientStation({ name: `S${number}`, commonAddress: 1, points: table });
  const line = new ClientLine({
    name: `Line ${number}`,
    paths: [{ hosts: ['127.0.0.1'], port }],
    lineNumber: 0,
    observer: {
      changed: () => {},
      log: (level, text) => {
        if (level === 'error') stop(text);
      },
      received: ({ asdu, object, again }) => {
        values++;
        if (asdu.cause !== 3 || again) return;
        events++;
        if (number > 0) latencies.push(sinceTick(object.value ?? 0));
      },
    },
  });
  line.add({ station, defined: parseParameters('WT1=5000;WT2=2000;WT3=5000', clientParameters).defined });
  line.open();
  return line;
});

const wanted = given.lines * given.points;
while (values - events < wanted) {
  if (performance.now() - began > 60_000) stop(`after a minute ${values - events} of ${wanted} values had come`);
  await pause(10);
}
const interrogated = performance.now() - began;

/** Measures for some seconds. */
async function measure(seconds) {
  latencies = [];
  events = 0;
  const cpu = process.cpuUsage();
  const at = performance.now();
  await pause(seconds * 1000);
  const ms = performance.now() - at;
  const { user, system } = process.cpuUsage(cpu);
  const sorted = [...latencies].sort((a, b) => a - b);
  const quantile = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return {
    eventsPerSecond: (events / ms) * 1000,
    processor: ((user + system) / 1000 / ms) * 100,
    p50: quantile(0.5),
    p99: quantile(0.99),
    most: quantile(1),
  };
}

await pause(1000);
const usual = await measure(given.seconds);
const after = memory();
substations.stdin.write('stall 1\n');
// Long enough for the stalled connection to be tested, given up and made anew.
const stalled = await measure(given.seconds);
const outcome = {
  ...given,
  pinning: pinning?.name,
  interrogatedMs: interrogated,
  rssMiB: after.rss,
  rssPerLineKiB: ((after.rss - before.rss) * 1024) / given.lines,
  heapMiB: after.heap,
  usual,
  stalled,
  connected: lines.filter(({ status }) => status.state === 'connected').length,
};
await Promise.all(lines.map((line) => line.close()));

if (given.json) console.log(JSON.stringify(outcome));
else {
  const show = (number) => number.toLocaleString('en', { maximumFractionDigits: number < 10 ? 2 : 0 });
  const row = (what, { eventsPerSecond, processor, p50, p99, most }) =>
    console.log(
      `${what}: ${show(eventsPerSecond)} events/s, ${show(processor)} % of one processor, ` +
        `event to observer p50 ${show(p50)} ms, p99 ${show(p99)} ms, most ${show(most)} ms`,
    );
  console.log(`${given.lines} lines of ${given.points} points, ${given.events} events/s each, ${outcome.pinning}`);
  console.log(`connected and interrogated after ${show(interrogated)} ms: ${show(wanted)} values`);
  console.log(
    `resident ${show(after.rss)} MiB, ${show(outcome.rssPerLineKiB)} KiB a line; heap ${show(after.heap)} MiB`,
  );
  row('usual', usual);
  row('one stalled', stalled);
}
process.exit(0);

function memory() {
  const { rss, heapUsed } = process.memoryUsage();
  return { rss: rss / 1024 / 1024, heap: heapUsed / 1024 / 1024 };
}
