import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

describe('docs/types.md', () => {
  it('is what the table of types says; `node scripts/types.mjs` writes it', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'types.mjs'), '--check'], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
  });

  it('has every type of Tables 1 and 2 of the original, and says which are refused', () => {
    const text = readFileSync(join(root, 'docs', 'types.md'), 'utf8');
    const ids = [...text.matchAll(/^\| `[MC]_\w+` \| (\d+) \|/gm)].map(([, id]) => Number(id));
    const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
    assert.deepEqual(ids, [...range(1, 21), ...range(30, 40), 241, 243, ...range(45, 51), ...range(58, 64)]);
    assert.match(text, /^## Refused: 249, 250, 251, 252$/m);
  });
});
