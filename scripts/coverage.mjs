// `npm run coverage [-- files or options of mocha]`: the suite once more, with what it reaches of lib/ and nodes/. At the end
// a summary for each folder of lib/, and the lines of asdu, apci and procedures that no test reaches; docs/coverage.md has to
// explain those and no others, or it fails. A page for each file is in coverage/index.html.
// `node scripts/coverage.mjs --report` reports once more what the last run found.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const reports = join(root, 'coverage');
const raw = join(reports, 'tmp');
const require = createRequire(import.meta.url);

/** The script behind a command of a package: started with this Node.js, it needs no shell and no PATH. */
function script(name, command) {
  const manifest = require.resolve(`${name}/package.json`);
  const { bin } = require(manifest);
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[command]);
}

const run = (file, args, environment = {}) =>
  spawnSync(process.execPath, [file, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  }).status ?? 1;

/**
 * What Node.js wrote down, without what is not ours: modules that have no file, as tsx makes some in child processes, stop
 * the report; and the code that tsx puts around each module would count as branches of it.
 */
function cleaned({ result, 'source-map-cache': maps = {}, ...rest }) {
  const ofFiles = Object.entries(maps).filter(([url]) => url.startsWith('file:'));
  const scripts = result.map((script) => ({
    ...script,
    functions: script.functions
      .filter(({ functionName }) => !functionName.startsWith('__'))
      // The first two are the module itself, in which only that code has branches.
      .map((found, i) => (i < 2 ? { ...found, ranges: found.ranges.slice(0, 1) } : found)),
  }));
  return { ...rest, result: scripts, 'source-map-cache': Object.fromEntries(ofFiles) };
}

/** Whether a source has nothing but types, so that nothing of it ever runs. */
function isTypesOnly(name) {
  const built = join(root, 'dist', name.replace(/\.ts$/, '.js'));
  if (!existsSync(built)) return false;
  const code = readFileSync(built, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  return /^\s*"use strict";\s*Object\.defineProperty\(exports, "__esModule", \{ value: true \}\);\s*$/.test(code);
}

/** The lines of a file that no test reaches, as they stand there. */
function unreached(file, { statementMap, s, fnMap, f, branchMap, b }) {
  const lines = readFileSync(file, 'utf8').split('\n');
  const numbers = new Set();
  for (const [id, count] of Object.entries(s)) if (count === 0) numbers.add(statementMap[id].start.line);
  for (const [id, count] of Object.entries(f)) if (count === 0) numbers.add(fnMap[id].loc.start.line);
  for (const [id, counts] of Object.entries(b))
    for (const [i, count] of counts.entries()) if (count === 0) numbers.add(branchMap[id].locations[i].start.line);
  // What tsx puts before a module stands in its first line, too.
  numbers.delete(1);
  return [...numbers].sort((x, y) => x - y).map((number) => ({ number, text: (lines[number - 1] ?? '').trim() }));
}

/** Rows of docs/coverage.md: the file, and the line or how it begins. */
function explained() {
  const page = join(root, 'docs', 'coverage.md');
  const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
  return [...text.matchAll(/^\| `(lib\/[^`]+)` \| `` ?(.+?) ?`` \|/gm)].map(([, file, line]) => ({ file, line }));
}

const percent = (covered, total) => `${(total === 0 ? 100 : (100 * covered) / total).toFixed(2).padStart(6)} %`;

let status = 0;
const given = process.argv.slice(2);
const isWhole = given.length === 0 || given[0] === '--report';
if (given[0] !== '--report') {
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(raw, { recursive: true });
  const tests = given.length > 0 ? given : ['test/**/*.test.ts'];
  status = run(script('mocha', 'mocha'), tests, { NODE_V8_COVERAGE: raw });
}
for (const name of readdirSync(raw)) {
  const file = join(raw, name);
  writeFileSync(file, JSON.stringify(cleaned(JSON.parse(readFileSync(file, 'utf8')))));
}
const c8 = ['report', '--temp-directory', raw, '--reports-dir', reports];
const reported = run(script('c8', 'c8'), [
  ...c8,
  '--reporter',
  'json',
  '--reporter',
  'json-summary',
  '--reporter',
  'html',
]);
if (reported !== 0) process.exit(reported);

const summary = JSON.parse(readFileSync(join(reports, 'coverage-summary.json'), 'utf8'));
const folders = new Map();
for (const [file, counts] of Object.entries(summary)) {
  const name = relative(root, file).replaceAll('\\', '/');
  if (!name.startsWith('lib/') || isTypesOnly(name)) continue;
  const parts = name.split('/');
  for (const folder of ['lib', parts.length > 2 ? `lib/${parts[1]}` : 'lib/index.ts']) {
    const sum = folders.get(folder) ?? { lines: [0, 0], branches: [0, 0], functions: [0, 0] };
    for (const kind of ['lines', 'branches', 'functions']) {
      sum[kind][0] += counts[kind].covered;
      sum[kind][1] += counts[kind].total;
    }
    folders.set(folder, sum);
  }
}
console.log(`\n${'coverage'.padEnd(22)}${'lines'.padStart(10)}${'branches'.padStart(12)}${'functions'.padStart(12)}`);
for (const [folder, sum] of [...folders].sort(([a], [b]) => a.localeCompare(b)))
  console.log(
    folder.padEnd(22) +
      percent(...sum.lines).padStart(10) +
      percent(...sum.branches).padStart(12) +
      percent(...sum.functions).padStart(12),
  );

const rows = explained();
const details = JSON.parse(readFileSync(join(reports, 'coverage-final.json'), 'utf8'));
const missed = Object.entries(details).flatMap(([file, counts]) => {
  const name = relative(root, file).replaceAll('\\', '/');
  if (!/^lib\/(asdu|apci|procedures)\//.test(name) || isTypesOnly(name)) return [];
  return unreached(file, counts).map((line) => ({ ...line, file: name }));
});
const explains = (row, line) => row.file === line.file && line.text.startsWith(row.line);
const problems = [
  ...missed
    .filter((line) => !rows.some((row) => explains(row, line)))
    .map(({ file, number, text }) => `neither tested nor explained in docs/coverage.md: ${file}:${number}: ${text}`),
  ...rows
    .filter((row) => !missed.some((line) => explains(row, line)))
    .map(({ file, line }) => `explained in docs/coverage.md, but tested or gone: ${file}: ${line}`),
];
// Some tests alone leave out much.
for (const problem of isWhole ? problems : []) console.error(`coverage: ${problem}`);
process.exitCode = status !== 0 ? status : isWhole && problems.length > 0 ? 1 : 0;
