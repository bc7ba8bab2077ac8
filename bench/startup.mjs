// What 100,000 points cost before the first client comes. Prints one line of JSON: { ms } from the text of a points file
// to the checked table, { resident } MB of a process that serves them, { bare } MB of one without points.
//
//   node --expose-gc bench/startup.mjs --points 100000
import { createRequire } from 'node:module';
import { options, stop } from './options.mjs';

const given = options({ points: 100_000 });
const { compilePoints, parsePointsFile, Station, ServerLine } = createRequire(import.meta.url)('../dist/lib/index.js');

const resident = () => {
  globalThis.gc?.();
  return process.memoryUsage.rss() / 1e6;
};

function pointsFile() {
  const rows = ['ioa;tag;type;direction;groups;deadband'];
  for (let ioa = 1; ioa <= given.points; ioa++)
    rows.push(`${ioa};feeder ${ioa >> 4} value ${ioa & 15};M_ME_TF_1;out;${1 + (ioa % 16)};0.5`);
  return rows.join('\n');
}

/** @param {string} text of a points file */
function compile(text) {
  const since = performance.now();
  const { table, problems } = compilePoints(parsePointsFile(text, 'points.csv'));
  const ms = performance.now() - since;
  if (problems.length > 0 || table.out.length !== given.points) stop(problems[0] ?? 'points are missing');
  return { table, ms };
}

const bare = resident();
const { table, ms } = compile(pointsFile());
const station = new Station({ name: 'bench', commonAddress: 1, points: table });
const line = new ServerLine({
  name: 'bench',
  host: '127.0.0.1',
  port: 0,
  lineNumber: 0,
  operator: { takes: () => true, operate: () => {} },
  observer: { changed: () => {}, log: () => {} },
});
line.add({ station, defined: {} });
for (const { ioa } of table.out) station.write({ ioa, value: ioa * 0.5 }, Date.now());
console.log(JSON.stringify({ ms, bare, resident: resident() }));
