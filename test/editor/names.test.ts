import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadScripts } from './scripts.js';

const folder = join(__dirname, '..', '..', 'resources');
const named = (ending: string) => readdirSync(folder).filter((name) => name.endsWith(ending));
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

/** What stands in more than one of the files. */
const shared = (files: string[], namesIn: (file: string) => Iterable<string>) => {
  const owners = new Map<string, Set<string>>();
  for (const file of files)
    for (const name of namesIn(file)) owners.set(name, (owners.get(name) ?? new Set()).add(file));
  return [...owners].filter(([, where]) => where.size > 1).map(([name, where]) => `${name}: ${[...where].join(', ')}`);
};

describe('names in the scripts and styles of the editor', () => {
  it('are those of one script: all add to one object, and the last that loads would win', () => {
    const scripts = named('.js');
    assert.ok(scripts.length > 10);
    assert.deepEqual(
      shared(scripts, (file) =>
        Object.keys(loadScripts<{ telecontrol?: object }>(file.slice(0, -3)).telecontrol ?? {}),
      ),
      [],
    );
  });

  it('are those of one style sheet: all are in force at once', () => {
    assert.ok(named('.css').length > 1);
    const classes = (file: string) =>
      [...read(file).matchAll(/^\.([\w-]+)(?= ?[{,:.])/gm)].map(([, name]) => name ?? '');
    assert.deepEqual(shared(named('.css'), classes), []);
  });
});
