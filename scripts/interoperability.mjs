// `node scripts/interoperability.mjs`: writes docs/interoperability.md, the interoperability list of the station of the
// example flow. With --check it only says whether the file is as it would be written.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { require as tsRequire } from 'tsx/cjs/api';

// From the sources: dist/ may be older than they are.
const engine = tsRequire('../lib/index.ts', import.meta.url);
const { compilePoints, interoperabilityList, parseParameters, toMarkdown, withDefaults } = engine;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'docs', 'interoperability.md');

/** The station that `npm start` serves, and its line. */
function exampleStation() {
  const file = join(root, 'examples', 'This computer as a substation.json');
  const flow = JSON.parse(readFileSync(file, 'utf8'));
  const station = flow.find(({ type }) => type === 'iec104-server-station');
  return { station, line: flow.find(({ id }) => id === station.line) };
}

function listOf({ station, line }) {
  const balanced = String(station.balanced) === 'true';
  const origins = station.points.map((point, i) => ({ point, place: `point ${i + 1}` }));
  const { table, problems } = compilePoints(origins, balanced);
  if (problems.length > 0) throw new Error(`example: ${problems.join('; ')}`);
  return interoperabilityList({
    name: station.name,
    commonAddress: Number(station.address),
    lineNumber: Number(line.lineNumber),
    port: Number(line.port),
    points: table,
    parameters: withDefaults(parseParameters(station.parameters ?? '').defined),
    timeZone: station.timeZone ?? 'utc',
    syncPeriod: Number(station.syncPeriod ?? 0),
    balanced,
    files: (station.files ?? '') !== '',
  });
}

const text = toMarkdown(listOf(exampleStation()));
const known = existsSync(target) ? readFileSync(target, 'utf8') : '';
if (known === text) console.log('interoperability: docs/interoperability.md is up to date');
else if (process.argv.includes('--check')) {
  console.error('interoperability: docs/interoperability.md is out of date: run node scripts/interoperability.mjs');
  process.exitCode = 1;
} else {
  writeFileSync(target, text);
  console.log('interoperability: docs/interoperability.md written');
}
