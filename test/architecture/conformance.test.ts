import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const statements = JSON.parse(read('scripts/conformance-statements.json')) as { number: number; text: string }[];

/** The tests that docs/conformance.md names: file and title without escapes. */
function named(): { readonly file: string; readonly title: string }[] {
  return [...read('docs/conformance.md').matchAll(/^- `(test\/[^`]+)`: (.+)$/gm)].map(([, file = '', title = '']) => ({
    file,
    title: title.replace(/\\(.)/g, '$1'),
  }));
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

  it('names tests that exist; `node scripts/conformance.mjs` writes it', () => {
    const tests = named();
    assert.ok(tests.length > 100);
    const sources = new Map<string, string>();
    const gone = tests.filter(({ file, title }) => {
      if (!sources.has(file)) sources.set(file, existsSync(join(root, file)) ? read(file).replace(/\\(.)/g, '$1') : '');
      // What a table of cases fills in stands as `…`.
      const parts = title.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      return !new RegExp(`PROTOCOL [^:\\n]+: ${parts.join('[^\\n]*')}`).test(sources.get(file) as string);
    });
    assert.deepEqual(gone, []);
  });
});

describe('docs/interoperability.md', () => {
  it('is what the example flow says; `node scripts/interoperability.mjs` writes it', function () {
    if (!existsSync(join(root, 'docs', 'interoperability.md'))) this.skip();
    const script = join(root, 'scripts', 'interoperability.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });
});
