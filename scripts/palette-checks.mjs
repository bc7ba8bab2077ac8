// `node-red-dev validate` over this package. It ends with 0 whatever it finds: its scorecard is looked at here.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'test', 'palette-checks');
const work = mkdtempSync(join(tmpdir(), 'telecontrol-palette-'));
const output = join(work, 'scorecard.json');
try {
  const tool = join(folder, 'node_modules', 'node-red-dev', 'bin', 'run');
  const { status } = spawnSync(
    process.execPath,
    ['--require', join(folder, 'offline.cjs'), tool, 'validate', '--path', root, '--output', output],
    { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const { package: checked, ...checks } = JSON.parse(readFileSync(output, 'utf8'));
  const failed = Object.entries(checks).filter(([, { test }]) => test !== true);
  for (const [code, found] of failed) console.error(`palette check ${code} failed: ${JSON.stringify(found)}`);
  // All of them: a tool that broke off half way has found nothing wrong either.
  const wanted = ['P01', 'P03', 'P04', 'P05', 'P06', 'P07', 'P08', 'N01', 'N02', 'D01', 'D02'];
  const missing = wanted.filter((code) => checks[code] === undefined);
  if (missing.length > 0) console.error(`palette checks that did not run: ${missing.join(', ')}`);
  console.log(`palette checks of ${checked.name}: ${Object.keys(checks).length - failed.length} passed`);
  process.exitCode = status === 0 && failed.length === 0 && missing.length === 0 ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
