import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');

const sources = ['lib', 'nodes'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|html)$/.test(name))
    .map((name) => read(folder, name)),
);
const words = new Set(sources.flatMap((text) => text.match(/[A-Za-z_]\w*/g) ?? []));

/** What stands between backticks, outside of drawings and examples. */
const spans = [
  ...read('docs', 'architecture.md')
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .matchAll(/`([^`]+)`/g),
].map(([, span = '']) => span);

const isPath = (span: string): boolean => /^(?:lib|nodes|docs|test|resources|scripts)\/|\.json$/.test(span);

describe('docs/architecture.md', () => {
  it('names files that exist', () => {
    const paths = spans.filter((span) => isPath(span) && !/[<*]/.test(span));
    assert.ok(paths.length > 20);
    assert.deepEqual(
      paths.filter((path) => !existsSync(join(root, path))),
      [],
    );
  });

  it('names what occurs in the code', () => {
    const names = spans
      .filter((span) => !isPath(span) && !/[<*/]/.test(span))
      .flatMap((span) => span.replaceAll(/'[^']*'/g, '').match(/[A-Za-z_]\w*/g) ?? []);
    assert.ok(names.length > 150);
    assert.deepEqual(
      [...new Set(names)].filter((name) => !words.has(name)),
      [],
    );
  });

  it('names members where their class, interface or object is', () => {
    const members = spans.flatMap((span) => {
      const [, owner, member] = /^([A-Z]\w+)\.(\w+)$/.exec(span) ?? [];
      return owner === undefined || member === undefined ? [] : [{ span, owner, member }];
    });
    assert.ok(members.length > 40);
    const gone = members.filter(({ owner, member }) => {
      const declares = new RegExp(`\\b(?:class|interface) ${owner}\\b`);
      const has = new RegExp(`\\b${member}\\b`);
      return !sources.some((text) => declares.test(text) && has.test(text));
    });
    assert.deepEqual(
      gone.map(({ span }) => span),
      [],
    );
  });
});
