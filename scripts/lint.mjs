// `npm run lint`: formatter, linter and all type checks. All of them run, so that one look shows everything.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);

/** The script behind a command of a package: started with this Node.js, it needs no shell and no PATH. */
function script(name, command) {
  const manifest = require.resolve(`${name}/package.json`);
  const { bin } = require(manifest);
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[command]);
}

const projects = ['tsconfig.test.json', 'tsconfig.scripts.json', 'tsconfig.resources.json'];
const biome = {
  name: 'biome check',
  file: script('@biomejs/biome', 'biome'),
  args: ['check', '--error-on-warnings', '--diagnostic-level=warn', '.'],
};
const compiler = script('typescript', 'tsc');
// The build is the type check of lib/ and nodes/, and the benchmarks are checked against the types that it writes.
const build = { name: 'build', file: join(root, 'scripts', 'setup.mjs'), args: [] };
const checks = [
  build,
  biome,
  ...projects
    .filter((project) => existsSync(join(root, project)))
    .map((project) => ({ name: `tsc -p ${project}`, file: compiler, args: ['--noEmit', '-p', project] })),
];

const failed = checks.filter(({ name, file, args }) => {
  console.log(`lint: ${name}`);
  return spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' }).status !== 0;
});

if (failed.length > 0) {
  console.error(`lint: failed: ${failed.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}
console.log('lint: all clean');
