// Packs the package and looks into the tarball: what a palette upload needs is in it, and nothing else.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const nodes = Object.keys(manifest['node-red'].nodes);
const plugins = Object.values(manifest['node-red'].plugins);

/** Each has to match at least one file. */
const wanted = [
  /^package\.json$/,
  /^LICENSE$/,
  /^README\.md$/,
  /^CHANGELOG\.md$/,
  /^SECURITY\.md$/,
  /^dist\/lib\/index\.js$/,
  /^dist\/lib\/index\.d\.ts$/,
  /^dist\/nodes\/icons\/[^/]+\.svg$/,
  /^examples\/[^/]+\.json$/,
  /^resources\/types\.js$/,
  ...nodes.flatMap((node) => [
    new RegExp(`^dist/nodes/${node}\\.js$`),
    new RegExp(`^dist/nodes/${node}\\.html$`),
    new RegExp(`^dist/nodes/locales/en-US/${node}\\.json$`),
    new RegExp(`^dist/nodes/locales/de/${node}\\.json$`),
    new RegExp(`^dist/nodes/locales/de/${node}\\.html$`),
  ]),
  ...plugins.flatMap((file) => {
    const [folder, name] = [dirname(file), basename(file, '.js')];
    const catalogues = ['en-US', 'de'].map((language) => new RegExp(`^${folder}/locales/${language}/${name}\\.json$`));
    return [new RegExp(`^${folder}/${name}\\.js$`), new RegExp(`^${folder}/${name}\\.html$`), ...catalogues];
  }),
];

/** None may match a file. */
const unwanted = [
  /^(?:test|bench|scripts|lib|nodes|node_modules)\//,
  /\.test\./,
  /(?<!\.d)\.ts$/,
  /^resources\/.*\.ts$/,
  /(?:^|\/)(?:package-lock|npm-shrinkwrap|\.package-lock)\.json$/,
  /(?:^|\/)\.[^/]*$/,
  /(?:^|\/)(?:tsconfig[^/]*|biome)\.json$/,
];

function check(folder) {
  const { status } = spawnSync('npm', ['pack', '--loglevel', 'warn', '--pack-destination', folder], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) return ['npm pack failed'];
  const tarball = join(folder, `${manifest.name}-${manifest.version}.tgz`);
  const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
    .split('\n')
    .filter((name) => name !== '' && !name.endsWith('/'))
    .map((name) => name.replace(/^package\//, ''));
  console.log(`pack: ${files.length} files, ${Math.ceil(statSync(tarball).size / 1024)} KiB packed`);

  execFileSync('tar', ['-xzf', tarball, '-C', folder]);
  // From a folder without node_modules: what the package needs at run time has to be in it.
  const load = spawnSync(process.execPath, ['-e', `require(${JSON.stringify(join(folder, 'package'))})`], {
    cwd: folder,
    encoding: 'utf8',
  });
  return [
    ...wanted.filter((pattern) => !files.some((file) => pattern.test(file))).map((pattern) => `missing: ${pattern}`),
    ...files.filter((file) => unwanted.some((pattern) => pattern.test(file))).map((file) => `too much: ${file}`),
    ...(load.status === 0 ? [] : [`does not load on its own: ${load.stderr}`]),
  ];
}

const folder = mkdtempSync(join(tmpdir(), 'telecontrol-pack-'));
try {
  const problems = check(folder);
  for (const problem of problems) console.error(`pack: ${problem}`);
  if (problems.length === 0) console.log('pack: holds what it should');
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
