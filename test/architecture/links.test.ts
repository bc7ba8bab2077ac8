import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(__dirname, '..', '..');

/** Every page, with the anchors of its titles. */
const pages = new Map(
  [
    ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
    ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('docs', name)),
  ].map((page) => [page, readFileSync(join(root, page), 'utf8')]),
);

/** A title as the anchor that leads to it: lower case, without punctuation, with hyphens for spaces. */
function anchors(page: string): string[] {
  return [...(pages.get(page) ?? '').matchAll(/^#{1,6} +(.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

describe('links of the documentation', () => {
  for (const [page, text] of pages)
    it(`${page}: lead somewhere`, () => {
      const broken: string[] = [];
      for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const [file = '', anchor] = target.split('#');
        const path = file === '' ? page : relative(root, join(root, dirname(page), file));
        const isThere = existsSync(join(root, path)) && (anchor === undefined || anchors(path).includes(anchor));
        if (!isThere) broken.push(target);
      }
      assert.deepEqual(broken, []);
    });
});
