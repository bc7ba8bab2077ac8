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

/** What several dialogs have in common stands once, and is put in where `<!-- include path -->` says so. */
function withParts(html) {
  return html.replace(/^([ ]*)<!-- include (\S+) -->\n/gm, (_, indent, path) =>
    readFileSync(at('nodes', path), 'utf8').replace(/^(?=.)/gm, indent),
  );
}

function copyAssets() {
  mkdirSync(at('dist/nodes/sidebar'), { recursive: true });
  for (const folder of ['nodes', 'nodes/sidebar']) {
    const html = existsSync(at(folder)) ? readdirSync(at(folder)).filter((name) => name.endsWith('.html')) : [];
    for (const name of html) writeFileSync(at('dist', folder, name), withParts(readFileSync(at(folder, name), 'utf8')));
  }
  for (const [from, to] of [
    ['nodes/locales', 'dist/nodes/locales'],
    ['nodes/sidebar/locales', 'dist/nodes/sidebar/locales'],
    ['icons', 'dist/nodes/icons'],
  ]) {
    if (existsSync(at(from))) cpSync(at(from), at(to), { recursive: true });
  }
}

/** Written only when it differs: the file is committed, and a new date alone would look like a change. */
function writeGenerated(name, text) {
  const target = at('resources', name);
  if (existsSync(target) && readFileSync(target, 'utf8') === text) return;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
  console.log(`build: resources/${name} written`);
}

/** What a compiled file of lib/ exports under a name; undefined while nothing was compiled. */
function compiled(file, name) {
  const path = at('dist/lib', `${file}.js`);
  if (!existsSync(path)) return undefined;
  const found = createRequire(import.meta.url)(path)[name];
  if (found === undefined)
    throw new Error(`lib/${file}.ts exports no \`${name}\`: a file of resources/ is derived from it`);
  return found;
}

/** The editor cannot load the table of types, so it gets the columns that its menus and dialogs need. */
function writeEditorTypes() {
  const types = compiled('asdu/types', 'types');
  if (types === undefined) return;
  const takesDeadband = compiled('station/points', 'takesDeadband');
  const takesSelect = compiled('station/points', 'takesSelect');
  const rows = Object.entries(types)
    .filter(([, row]) => isPointType(row.id))
    .sort(([, a], [, b]) => a.id - b.id)
    .map(([label, row]) => {
      const tags = row.tags === '' ? '' : `'${row.tags.split(', ').join("', '")}'`;
      const deadband = takesDeadband(row) ? ', deadband: true' : '';
      const sbo = takesSelect(row) ? '' : ', noSbo: true';
      return `  { label: '${label}', id: ${row.id}, direction: '${row.direction}', untimed: '${row.untimed.label}', tags: [${tags}]${deadband}${sbo} },\n`;
    });
  const header =
    "// Generated from lib/asdu/types.ts, the engine's table of types: `untimed` is the type without time tag, `tags` tag kinds.\n// `deadband`: its points may have one; `noSbo`: they cannot be selected.\n";
  writeGenerated('types.js', `${header}window.telecontrolTypes = [\n${rows.join('')}];\n`);
}

/** A parameter as the editor's form needs it: what it may be stands in `allowed`, as the engine's warnings say it. */
function parameterRow([keyword, { name, scope, fallback, allowed, unit }]) {
  const range = /^(\d+)\.\.(\d+)$/.exec(allowed);
  const kind = typeof fallback === 'boolean' ? 'flag' : range ? 'number' : allowed === 'text' ? 'text' : 'choice';
  const value = kind === 'flag' ? (fallback ? 'True' : 'False') : String(fallback);
  const texts = { keyword, name, scope, unit, kind, fallback: value, ...(kind === 'choice' ? { words: allowed } : {}) };
  const fields = Object.entries(texts).map(([field, text]) => `      ${field}: '${text}',\n`);
  if (range) fields.push(`      low: ${range[1]},\n`, `      high: ${range[2]},\n`);
  return `    {\n${fields.join('')}    },\n`;
}

/** Likewise the parameters of stations, which the form of their dialogs shows. */
function writeEditorParameters() {
  const tables = [
    ['server', compiled('station/parameters', 'serverParameters')],
    ['client', compiled('station/parameters', 'clientParameters')],
  ];
  if (tables.some(([, table]) => table === undefined)) return;
  const parts = tables.map(
    ([role, table]) => `  ${role}: [\n${Object.entries(table).map(parameterRow).join('')}  ],\n`,
  );
  const header =
    "// Generated from lib/station/parameters.ts, the engine's tables of the parameters of server and client stations.\n";
  writeGenerated('parameters.js', `${header}window.telecontrolParameters = {\n${parts.join('')}};\n`);
}

prune();
copyAssets();
writeEditorTypes();
writeEditorParameters();
