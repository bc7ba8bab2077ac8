import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const statements = JSON.parse(read('scripts/conformance-statements.json')) as { number: number; text: string }[];

/** A script would write its file as it is, and has nothing else to complain of. */
function isUpToDate(script: string): void {
  const args = [join(root, 'scripts', script), '--check'];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

describe('docs/conformance.md', () => {
  it('has every statement, 1 to 33', () => {
    assert.deepEqual(
      statements.map(({ number }) => number),
      Array.from({ length: 33 }, (_, i) => i + 1),
    );
    const headings = [...read('docs/conformance.md').matchAll(/^### (\d+)$/gm)].map(([, number]) => Number(number));
    assert.deepEqual(
      headings,
      statements.map(({ number }) => number),
    );
  });

  it('is what the tests say, those of 14 to 33 over a socket too; `node scripts/conformance.mjs` writes it', () => {
    isUpToDate('conformance.mjs');
  });
});

describe('docs/interoperability.md, and that of the controlling station', () => {
  it('are what the example flow says; `node scripts/interoperability.mjs` writes them', function () {
    if (!existsSync(join(root, 'docs', 'interoperability.md'))) this.skip();
    isUpToDate('interoperability.mjs');
  });
});
