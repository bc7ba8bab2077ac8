// As lines.mjs, with nodes and flows: a Node-RED with client lines, each with a station and an `iec104-client-in`, wired to a
// function that looks at each message. How much processor time and memory all of Node-RED costs. Linux only (/proc).
//
//   node bench/flows.mjs [--lines 200] [--points 500] [--events 10] [--seconds 20] [--json]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { options, stop } from './options.mjs';

const given = options({ lines: 200, points: 500, events: 10, seconds: 20, json: false });
const here = dirname(fileURLToPath(import.meta.url));
const userDir = mkdtempSync(join(tmpdir(), 'telecontrol-bench-'));
/** Of `/proc/<pid>/stat`: clock ticks a second, on every Linux that Node.js runs on. */
const HZ = 100;

/** @type {import('node:child_process').ChildProcess[]} */
const children = [];
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(userDir, { recursive: true, force: true });
});

/** Starts a program. @returns it, and the first line it prints that matches */
function begin(script, words, pattern, env = {}) {
  const child = spawn(process.execPath, [script, ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  children.push(child);
  child.once('exit', () => stop(`${script} has ended`));
  return new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = pattern.exec(line);
      if (match !== null) resolve({ child, match });
    });
  });
}

// The substations' clock stands in their values in steps of 10 µs. The function's own has 1 ms, and may seem to be behind.
const look = `
  const n = context.get('n') || { values: 0, events: 0, ms: {} };
  n.values++;
  if (msg.iec104.cause === 'spontaneous' && !msg.iec104.quality.notTopical) {
    n.events++;
    const ms = Math.floor(((Date.now() * 100 + 100 - msg.payload) & 16777215) / 100);
    n.ms[ms] = (n.ms[ms] || 0) + 1;
  }
  context.set('n', n);
  global.set('n', n);
`;
const answer = `msg.payload = global.get('n') || {}; return msg;`;

function flows(port) {
  const node = (id, type, wires, more) => ({ id, type, z: 'tab', x: 100, y: 100, wires, ...more });
  const code = { outputs: 1, initialize: '', finalize: '', libs: [] };
  const points = Array.from({ length: given.points }, (_, i) => ({ ioa: i + 1, type: 'M_ME_TF_1' }));
  const lines = Array.from({ length: given.lines }, (_, n) => [
    { id: `line${n}`, type: 'tcp-line', name: `Line ${n}`, host: '127.0.0.1', port, lineNumber: '0' },
    {
      id: `station${n}`,
      type: 'iec104-client-station',
      name: `S${n}`,
      line: `line${n}`,
      address: '1',
      parameters: '',
      points,
    },
    node(`in${n}`, 'iec104-client-in', [['look']], { station: `station${n}`, ioa: '' }),
  ]);
  return [
    { id: 'tab', type: 'tab', label: 'Benchmark' },
    ...lines.flat(),
    node('look', 'function', [[]], { ...code, func: look }),
    node('ask', 'http in', [['answer']], { url: '/figures', method: 'get' }),
    node('answer', 'function', [['told']], { ...code, func: answer }),
    node('told', 'http response', [], { statusCode: '' }),
  ];
}

const words = ['--points', String(given.points), '--events', String(given.events)];
const { child: substations, match } = await begin(join(here, 'substations.mjs'), words, /^listening (\d+)/);
writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flows(match[1])));
const began = performance.now();
const { child: runtime, match: editor } = await begin(
  join(here, '..', 'scripts', 'start.mjs'),
  [],
  /Editor +(http:\S+)/,
  {
    TELECONTROL_USER_DIR: userDir,
    TELECONTROL_EDITOR_PORT: '0',
  },
);
/** @typedef {{ values: number, events: number, ms: Record<string, number> }} Figures */
/** @returns {Promise<Figures>} */
const figures = async () => /** @type {any} */ ((await fetch(`${editor[1]}/figures`)).json());

/** ms of processor time so far, and MiB resident. */
function usage() {
  const stat = readFileSync(`/proc/${runtime.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const status = readFileSync(`/proc/${runtime.pid}/status`, 'utf8');
  return {
    ms: ((Number(stat[11]) + Number(stat[12])) * 1000) / HZ,
    rss: Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) / 1024,
  };
}

const wanted = given.lines * given.points;
for (
  let told = /** @type {Partial<Figures>} */ ({});
  (told.values ?? 0) - (told.events ?? 0) < wanted;
  told = await figures()
) {
  if (performance.now() - began > 120_000) stop(`after two minutes ${told.values} of ${wanted} values had come`);
  await pause(100);
}
const interrogated = performance.now() - began;

/** Measures for some seconds. */
async function measure() {
  const [before, cpu, at] = [await figures(), usage(), performance.now()];
  await pause(given.seconds * 1000);
  const [after, later, ms] = [await figures(), usage(), performance.now() - at];
  const events = after.events - before.events;
  const within = (share) => {
    let seen = 0;
    for (const [took, count] of Object.entries(after.ms)) {
      seen += count - (before.ms[took] ?? 0);
      if (seen >= events * share) return Number(took) + 1;
    }
    return Number.NaN;
  };
  return {
    eventsPerSecond: (events / ms) * 1000,
    processor: ((later.ms - cpu.ms) / ms) * 100,
    rss: later.rss,
    p50: within(0.5),
    p99: within(0.99),
  };
}

await pause(1000);
const usual = await measure();
substations.stdin?.write('stall 1\n');
const stalled = await measure();

if (given.json) console.log(JSON.stringify({ ...given, interrogatedMs: interrogated, usual, stalled }));
else {
  const show = (number) => number.toLocaleString('en', { maximumFractionDigits: 0 });
  console.log(`${given.lines} lines of ${given.points} points, ${given.events} events/s each, in a Node-RED`);
  console.log(`started, connected and interrogated after ${show(interrogated)} ms: ${show(wanted)} values`);
  for (const [what, { eventsPerSecond, processor, rss, p50, p99 }] of Object.entries({ usual, 'one stalled': stalled }))
    console.log(
      `${what}: ${show(eventsPerSecond)} events/s, ${show(processor)} % of one processor, resident ${show(rss)} MiB, ` +
        `event to flow within ${show(p50)} ms (half of all), ${show(p99)} ms (99 %)`,
    );
}
process.exit(0);
