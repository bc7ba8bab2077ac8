// Second half of `npm run build`, after the compiler: what Node-RED looks for beside a registered .js goes there.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => join(root, ...parts);

/** Types of points: process information of both directions and the private ones. System types have no point. */
const pointTypes = [
  [1, 21],
  [30, 40],
  [45, 51],
  [58, 64],
  [241, 241],
  [243, 243],
];

const isPointType = (id) => pointTypes.some(([first, last]) => id >= first && id <= last);

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** Where the source of a file in dist/nodes or dist/lib stands. */
function sourceOf(folder, file) {
  const icon = folder === 'nodes' && /^icons[\\/]/.test(file);
  return icon ? at(file) : at(folder, file.replace(/(\.d\.ts|\.js)$/, '.ts'));
}

/** The compiler never deletes: without this a renamed file would stay in dist and be packed. */
function prune() {
  for (const folder of ['lib', 'nodes']) {
    for (const file of filesBelow(at('dist', folder))) {
      if (!existsSync(sourceOf(folder, file))) rmSync(at('dist', folder, file));
    }
  }
}

function copyAssets() {
  mkdirSync(at('dist/nodes'), { recursive: true });
  for (const folder of ['nodes', 'nodes/sidebar']) {
    const html = existsSync(at(folder)) ? readdirSync(at(folder)).filter((name) => name.endsWith('.html')) : [];
    for (const name of html) cpSync(at(folder, name), at('dist', folder, name));
  }
  for (const [from, to] of [
    ['nodes/locales', 'dist/nodes/locales'],
    ['nodes/sidebar/locales', 'dist/nodes/sidebar/locales'],
    ['icons', 'dist/nodes/icons'],
  ]) {
    if (existsSync(at(from))) cpSync(at(from), at(to), { recursive: true });
  }
}

/** The editor cannot load the table of types, so it gets the four columns that its menus need. */
function writeEditorTypes() {
  const compiled = at('dist/lib/asdu/types.js');
  if (!existsSync(compiled)) return;
  const { types } = createRequire(import.meta.url)(compiled);
  if (types === undefined)
    throw new Error('lib/asdu/types.ts exports no `types`: resources/types.js is derived from it');
  const rows = Object.entries(types)
    .filter(([, row]) => isPointType(row.id))
    .sort(([, a], [, b]) => a.id - b.id)
    .map(([label, row]) => {
      const tags = row.tags === '' ? '' : `'${row.tags.split(', ').join("', '")}'`;
      return `  { label: '${label}', id: ${row.id}, direction: '${row.direction}', tags: [${tags}] },\n`;
    });
  const header =
    "// Generated from lib/asdu/types.ts, the engine's table of types: label, type identification, direction, tag kinds.\n";
  const text = `${header}window.telecontrolTypes = [\n${rows.join('')}];\n`;
  const target = at('resources/types.js');
  // Written only when it differs: the file is committed, and a new date alone would look like a change.
  if (existsSync(target) && readFileSync(target, 'utf8') === text) return;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
  console.log(`build: resources/types.js written (${rows.length} types)`);
}

prune();
copyAssets();
writeEditorTypes();
