import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadScripts } from './scripts.js';

const folder = join(__dirname, '..', '..', 'resources');

/** What stands in more than one of the files. */
const shared = (files: string[], namesIn: (file: string) => Iterable<string>) => {
  const owners = new Map<string, Set<string>>();
  for (const file of files)
    for (const name of namesIn(file)) owners.set(name, (owners.get(name) ?? new Set()).add(file));
  return [...owners].filter(([, where]) => where.size > 1).map(([name, where]) => `${name}: ${[...where].join(', ')}`);
};

describe('names in the scripts of the editor', () => {
  it('are those of one script: all add to one object, and the last that loads would win', () => {
    const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
    assert.ok(scripts.length > 10);
    assert.deepEqual(
      shared(scripts, (file) =>
        Object.keys(loadScripts<{ telecontrol?: object }>(file.slice(0, -3)).telecontrol ?? {}),
      ),
      [],
    );
  });
});
