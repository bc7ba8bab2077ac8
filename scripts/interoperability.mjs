// `node scripts/interoperability.mjs`: writes docs/interoperability.md, the interoperability list of the station of the
// example flow. With --check it only says whether the file is as it would be written.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { require as tsRequire } from 'tsx/cjs/api';

// From the sources: dist/ may be older than they are.
const engine = tsRequire('../lib/index.ts', import.meta.url);
const { compilePoints, interoperabilityList, parseParameters, toMarkdown, withDefaults } = engine;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'docs', 'interoperability.md');

/** The server stations of the example flows, each with its line. */
function stations() {
  const folder = join(root, 'examples');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return files.sort().flatMap((file) => {
    const flow = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    return flow
      .filter(({ type }) => type === 'iec104-server-station')
      .map((station) => ({ station, line: flow.find(({ id }) => id === station.line) ?? {} }));
  });
}

function listOf({ station, line }) {
  const balanced = String(station.balanced) === 'true';
  const origins = station.points.map((point, i) => ({ point, place: `point ${i + 1}` }));
  const { table, problems } = compilePoints(origins, balanced);
  if (problems.length > 0) throw new Error(`example: ${problems.join('; ')}`);
  return interoperabilityList({
    name: station.name,
    commonAddress: Number(station.address),
    lineNumber: Number(line.lineNumber ?? 0),
    port: Number(line.port ?? 2404),
    points: table,
    parameters: withDefaults(parseParameters(station.parameters ?? '').defined),
    timeZone: station.timeZone ?? 'utc',
    syncPeriod: Number(station.syncPeriod ?? 0),
    balanced,
    files: (station.files ?? '') !== '',
  });
}

const [first] = stations();
if (first === undefined) console.log('interoperability: there is no example with a server station, nothing is written');
else {
  const text = toMarkdown(listOf(first));
  const known = existsSync(target) ? readFileSync(target, 'utf8') : '';
  if (known === text) console.log('interoperability: docs/interoperability.md is up to date');
  else if (process.argv.includes('--check')) {
    console.error('interoperability: docs/interoperability.md is out of date: run node scripts/interoperability.mjs');
    process.exitCode = 1;
  } else {
    writeFileSync(target, text);
    console.log('interoperability: docs/interoperability.md written');
  }
}
