import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '..', '..', 'resources');

describe('the style sheets of the editor', () => {
  it('style no class twice: dialogs and sidebar are in one page', () => {
    const owners = new Map<string, string>();
    const sheets = readdirSync(folder).filter((name) => name.endsWith('.css'));
    assert.ok(sheets.length > 1);
    for (const sheet of sheets)
      for (const [, name] of readFileSync(join(folder, sheet), 'utf8').matchAll(/\.(telecontrol-[a-z-]+)/g)) {
        const owner = owners.get(name as string) ?? sheet;
        assert.equal(owner, sheet, `${name} is in ${owner} and ${sheet}`);
        owners.set(name as string, sheet);
      }
  });
});
