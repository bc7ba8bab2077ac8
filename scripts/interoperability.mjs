// `node scripts/interoperability.mjs`: writes docs/interoperability.md and docs/interoperability-controlling.md, the
// interoperability lists of both sides of the example flow. With --check it only says whether they are as they would be written.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { require as tsRequire } from 'tsx/cjs/api';

// From the sources: dist/ may be older than they are.
const engine = tsRequire('../lib/index.ts', import.meta.url);
const { clientParameters, compilePoints, parseParameters, toMarkdown, withDefaults } = engine;
const { controllingList, interoperabilityList } = engine;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const flow = JSON.parse(readFileSync(join(root, 'examples', 'This computer as a substation.json'), 'utf8'));

/** The station of a type that `npm start` has, and its line. */
function exampleStation(type) {
  const station = flow.find((node) => node.type === type);
  return { station, line: flow.find(({ id }) => id === station.line) };
}

function common({ station, line }, role) {
  const origins = station.points.map((point, i) => ({ point, place: `point ${i + 1}` }));
  const { table, problems } = compilePoints(origins, role);
  if (problems.length > 0) throw new Error(`example: ${problems.join('; ')}`);
  return {
    name: station.name,
    commonAddress: Number(station.address),
    lineNumber: Number(line.lineNumber),
    points: table,
    timeZone: station.timeZone ?? 'utc',
    syncPeriod: Number(station.syncPeriod ?? 0),
  };
}

function controlled() {
  const example = exampleStation('iec104-server-station');
  const { station, line } = example;
  const balanced = String(station.balanced) === 'true';
  return interoperabilityList({
    ...common(example, balanced),
    port: Number(line.port),
    parameters: withDefaults(parseParameters(station.parameters ?? '').defined),
    balanced,
    files: (station.files ?? '') !== '',
  });
}

function controlling() {
  const example = exampleStation('iec104-client-station');
  const { station, line } = example;
  return controllingList({
    ...common(example, 'client'),
    ports: [Number(line.port)],
    parameters: withDefaults(parseParameters(station.parameters ?? '', clientParameters).defined, clientParameters),
  });
}

const lists = { 'interoperability.md': controlled(), 'interoperability-controlling.md': controlling() };
for (const [name, list] of Object.entries(lists)) {
  const target = join(root, 'docs', name);
  const text = toMarkdown(list);
  const known = existsSync(target) ? readFileSync(target, 'utf8') : '';
  if (known === text) console.log(`interoperability: docs/${name} is up to date`);
  else if (process.argv.includes('--check')) {
    console.error(`interoperability: docs/${name} is out of date: run node scripts/interoperability.mjs`);
    process.exitCode = 1;
  } else {
    writeFileSync(target, text);
    console.log(`interoperability: docs/${name} written`);
  }
}
