// Makes a fresh clone ready: installs what package-lock.json says, then builds. Runs before every npm script, so it uses
// nothing but Node.js itself and does nothing when nothing changed.
//   node scripts/setup.mjs                      install and build where needed
//   node scripts/setup.mjs --rebuild            build in any case
//   node scripts/setup.mjs --folder <folder>    install only, in that folder
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'dist', '.built');

/** Everything that `npm run build` reads. */
const sources = [
  'lib',
  'nodes',
  'icons',
  'scripts/copy-assets.mjs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

function say(text) {
  console.log(`setup: ${text}`);
}

/** npm of the running script where there is one: on Windows `npm` is a batch file that only a shell can start. */
function npm(args, cwd) {
  const script = process.env.npm_execpath;
  const [command, first] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
  const shell = command === 'npm' && process.platform === 'win32';
  const { status, error } = spawnSync(command, [...first, ...args], { cwd, stdio: 'inherit', shell });
  if (error) console.error(`setup: npm could not be started: ${error.message}`);
  if (status !== 0) {
    console.error(`setup: "npm ${args.join(' ')}" failed`);
    process.exit(status || 1);
  }
}

function packagesOf(lock) {
  return existsSync(lock) ? JSON.parse(readFileSync(lock, 'utf8')).packages : undefined;
}

/**
 * Compares what is installed with what is wanted, package by package. The dates of the two files would say the same only
 * until a checkout touches one of them. npm writes the second file at the end, so a broken-off install counts as none.
 */
function isInstalled(folder) {
  const wanted = packagesOf(join(folder, 'package-lock.json'));
  const installed = packagesOf(join(folder, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
    if (path === '') return true;
    const there = installed[path];
    // Optional packages of other platforms (compilers, mostly) are in the lock and never on the disk.
    if (there === undefined) return optional === true || devOptional === true;
    return there.version === version;
  });
}

function install(folder) {
  if (isInstalled(folder)) return false;
  say('installing what package-lock.json names (npm ci); the first time this takes about a minute');
  npm(['ci', '--no-audit', '--no-fund'], folder);
  return true;
}

/** Names, sizes and dates of all sources: a file that went away is a change too. */
function fingerprint() {
  const hash = createHash('sha256');
  const visit = (path) => {
    if (!existsSync(path)) return;
    const { mtimeMs, size } = statSync(path);
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) visit(join(path, name));
      return;
    }
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  };
  for (const source of sources) visit(join(root, source));
  return hash.digest('hex');
}

function build(always) {
  // Taken before the compiler reads, so that what is edited meanwhile is built the next time.
  const before = fingerprint();
  if (!always && existsSync(stamp) && readFileSync(stamp, 'utf8') === before) return false;
  say('building dist/');
  npm(['run', '--silent', 'build'], root);
  writeFileSync(stamp, before);
  return true;
}

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(`setup: Node.js 20 or newer is needed, this is ${process.version}`);
  process.exit(1);
}

const started = Date.now();
const folder = process.argv.indexOf('--folder');
const alone = folder > 0;
const installed = install(alone ? resolve(process.argv[folder + 1] ?? '.') : root);
const built = alone ? false : build(installed || process.argv.includes('--rebuild'));
const seconds = ((Date.now() - started) / 1000).toFixed(1);
say(installed || built ? `ready after ${seconds} s` : `nothing changed (${seconds} s)`);
