import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { types } from '../../lib/asdu/types.js';

const root = join(__dirname, '..', '..');
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');

interface Manifest {
  readonly [key: string]: unknown;
  readonly keywords: readonly string[];
  readonly engines: { readonly node: string };
  readonly 'node-red': { readonly version: string; readonly nodes: Readonly<Record<string, string>> };
}

type Catalogue = { readonly [key: string]: string | Catalogue };

const manifest = JSON.parse(read('package.json')) as Manifest;
const nodes = Object.keys(manifest['node-red'].nodes);
const languages = ['en-US', 'de'];

/** Every key of a catalogue, nested ones with dots. */
function keysOf(catalogue: Catalogue, prefix = ''): string[] {
  return Object.entries(catalogue).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : keysOf(value, `${prefix}${key}.`),
  );
}

function testFiles(): string[] {
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.startsWith('node-red-5'),
  );
}

describe('package.json', () => {
  it('names what the palette looks for', () => {
    assert.ok(manifest.keywords.includes('node-red'));
    assert.equal(manifest.engines.node, '>=20');
    assert.equal(manifest['node-red'].version, '>=4.1.0');
    assert.equal(manifest.license, 'Apache-2.0');
  });

  it('has no runtime dependencies: a palette upload must install without internet', () => {
    for (const kind of ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies']) {
      assert.equal(manifest[kind], undefined, kind);
    }
  });

  it('runs nothing when it is installed', () => {
    const scripts = manifest.scripts as Record<string, string>;
    for (const hook of ['preinstall', 'install', 'postinstall', 'prepare'])
      assert.equal(scripts[hook], undefined, hook);
  });

  for (const lock of ['package-lock.json', 'test/node-red-5/package-lock.json']) {
    it(`${lock} names no registry: it has to install through any`, () => {
      const text = read(lock);
      assert.ok(!text.includes('"resolved"'), 'has "resolved": write it with omit-lockfile-registry-resolved');
      assert.ok(!/https?:\/\/[^"/]*(?:registry|npm)[^"/]*\//.test(text), 'has the address of a registry');
      const { packages } = JSON.parse(text) as { packages: Record<string, { integrity?: string; inBundle?: boolean }> };
      const bare = Object.entries(packages).filter(
        ([path, { integrity, inBundle }]) => path && !integrity && !inBundle,
      );
      assert.deepEqual(bare, [], 'without an integrity hash nothing says which package is meant');
    });
  }
});

describe('the registered nodes', () => {
  for (const node of nodes) {
    describe(node, () => {
      it('is registered from where the build puts it', () => {
        assert.equal(manifest['node-red'].nodes[node], `dist/nodes/${node}.js`);
        assert.ok(existsSync(join(root, 'nodes', `${node}.ts`)), `nodes/${node}.ts`);
      });

      it('has an editor part that registers it literally, for the checks of the palette read text', () => {
        const html = read('nodes', `${node}.html`);
        assert.match(html, new RegExp(`RED\\.nodes\\.registerType\\(\\s*['"]${node}['"]`));
        assert.match(html, new RegExp(`data-template-name=['"]${node}['"]`));
      });

      for (const language of languages) {
        it(`has help and a catalogue in ${language}`, () => {
          const help = join('nodes', 'locales', language, `${node}.html`);
          // Node-RED takes the help beside the template as the English one.
          const inTemplate = language === 'en-US' ? read('nodes', `${node}.html`) : '';
          const text = existsSync(join(root, help)) ? read(help) : inTemplate;
          assert.match(text, new RegExp(`data-help-name=['"]${node}['"]`), help);
          assert.ok(keysOf(JSON.parse(read('nodes', 'locales', language, `${node}.json`)) as Catalogue).length > 0);
        });
      }

      it('says the same things in both languages', () => {
        const [english, german] = languages.map((language) =>
          keysOf(JSON.parse(read('nodes', 'locales', language, `${node}.json`)) as Catalogue).sort(),
        );
        assert.deepEqual(german, english);
      });
    });
  }

  it('leaves no file of a node unregistered', () => {
    const registered = readdirSync(join(root, 'nodes')).filter((name) => name.endsWith('.html'));
    assert.deepEqual(registered.map((name) => name.replace('.html', '')).sort(), [...nodes].sort());
  });
});

describe('resources/types.js', () => {
  it('agrees with the table of types; `npm run build` writes it', () => {
    const window: { telecontrolTypes?: unknown } = {};
    runInNewContext(read('resources', 'types.js'), { window });
    const isPoint = (id: number) =>
      id <= 21 ||
      (id >= 30 && id <= 40) ||
      (id >= 45 && id <= 51) ||
      (id >= 58 && id <= 64) ||
      id === 241 ||
      id === 243;
    const expected = Object.entries(types)
      .map(([label, { id, direction, untimed, tags }]) => ({
        label,
        id,
        direction,
        untimed: untimed.label,
        tags: tags === '' ? [] : tags.split(', '),
        ...(/^(M_(ST|ME|IT)|C_SE)_/.test(label) ? { deadband: true } : {}),
        ...(/^C_BO_/.test(label) ? { noSbo: true } : {}),
      }))
      .filter(({ id }) => isPoint(id))
      .sort((a, b) => a.id - b.id);
    // Through JSON: the arrays of another context are of another class.
    assert.deepEqual(JSON.parse(JSON.stringify(window.telecontrolTypes)), expected);
    assert.equal(expected.length, 48);
    assert.ok(expected.every(({ direction }) => direction === 'monitor' || direction === 'control'));
  });
});

describe('the suite', () => {
  it('runs every file with tests: their names end in .test.ts', () => {
    const strays = testFiles().filter((name) => !name.endsWith('.test.ts') && /^describe\(/m.test(read('test', name)));
    assert.deepEqual(strays, []);
  });
});
