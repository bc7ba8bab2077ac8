import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { causeName } from '../../lib/asdu/cause.js';

const root = join(__dirname, '..', '..');
const languages = ['en-US', 'de'] as const;
const nodes = readdirSync(join(root, 'nodes'))
  .filter((file) => file.endsWith('.html'))
  .map((file) => basename(file, '.html'));

type Catalogue = { readonly [key: string]: string | Catalogue };

const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
/** @param name of a node, or of a plugin with its folder: catalogues stand beside their script */
const catalogue = (language: string, name: string): Catalogue =>
  JSON.parse(read('nodes', dirname(name), 'locales', language, `${basename(name)}.json`));

/** The texts of a catalogue by their dotted keys, as the editor asks for them. */
const texts = (tree: Catalogue, prefix = ''): Map<string, string> =>
  new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value] as const] : [...texts(value, `${prefix}${key}.`)],
    ),
  );
const keys = (language: string, node: string) => new Set(texts(catalogue(language, node)).keys());
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

function saysTheSame(name: string): void {
  it('has the same keys in every language', () => {
    assert.deepEqual([...keys('de', name)], [...keys('en-US', name)]);
  });

  it('has the same placeholders in every language, and no empty text', () => {
    const german = texts(catalogue('de', name));
    for (const [key, english] of texts(catalogue('en-US', name))) {
      const placeholders = (text: string) => all(text, /(__\w+?__|\$\{\w+\})/g).sort();
      assert.notEqual(english.trim(), '', key);
      assert.notEqual(german.get(key)?.trim(), '', key);
      assert.deepEqual(placeholders(german.get(key) ?? ''), placeholders(english), key);
    }
  });
}

describe('catalogues of the editor', () => {
  it('finds the nodes', () => assert.ok(nodes.length >= 5));

  for (const node of nodes) {
    describe(node, () => {
      const html = read('nodes', `${node}.html`).replace(/<!-- include (\S+) -->/g, (_, part) => read('nodes', part));

      saysTheSame(node);

      it('has every text that its dialog uses', () => {
        const used = [...all(html, /data-i18n="(?:\[[\w-]+\])?([^"]+)"/g), ...all(html, /this\._\('([^']+)'/g)];
        // Of another node where that is named.
        const missing = used.filter((key) => {
          const [, other, text] = /^node-red-contrib-telecontrol\/([\w-]+):(.+)$/.exec(key) ?? [undefined, node, key];
          return !keys('en-US', other as string).has(text as string);
        });
        assert.deepEqual(missing, []);
      });

      it('is registered by a literal name', () => {
        assert.deepEqual(all(html, /RED\.nodes\.registerType\('([^']+)'/g), [node]);
        assert.deepEqual(all(html, /data-template-name="([^"]+)"/g), [node]);
      });

      for (const language of languages) {
        it(`has help in ${language}`, () => {
          const help = read('nodes', 'locales', language, `${node}.html`);
          assert.deepEqual(all(help, /data-help-name="([^"]+)"/g), [node]);
          const pages = all(help, /<code>(docs\/[^<]+)<\/code>/g);
          assert.equal(pages[0], 'docs/manual.md');
          for (const page of pages) assert.ok(existsSync(join(root, page)), page);
          assert.equal(
            all(help, /(<(?:p|dl|dt|dd|ul|li|h3|code)\b)/g).length,
            all(help, /(<\/(?:p|dl|dt|dd|ul|li|h3|code)>)/g).length,
          );
        });
      }

      it('has help of the same shape in every language', () => {
        const shape = (language: string) => all(read('nodes', 'locales', language, `${node}.html`), /<(h3|dt|li|p)\b/g);
        assert.deepEqual(shape('de'), shape('en-US'));
      });
    });
  }

  describe('the sidebar', () => {
    const name = 'sidebar/telecontrol-sidebar';
    saysTheSame(name);

    it('has a name for each reason of closing and of turning away', () => {
      const unions = {
        'apci/effects': 'CloseReason',
        'apci/frame': 'Splitting',
        'bytes/session': 'SessionCloseReason',
        'line/tls/refusal': 'TlsSecurityCode',
        'server/admission': 'AdmissionCode',
      };
      const reasons = Object.entries(unions).flatMap(([file, type]) => {
        const [, union = ''] = new RegExp(`export type ${type} =([^;]+);`).exec(read('lib', `${file}.ts`)) ?? [];
        return all(union, /'([\w-]+)'/g);
      });
      assert.ok(reasons.length > 35);
      assert.deepEqual(
        reasons.filter((reason) => !keys('en-US', name).has(`reason.${reason}`)),
        [],
      );
    });

    it('has the texts that its scripts name, and no others', () => {
      const scripts = [
        'sidebar',
        'sidebar-lines',
        'sidebar-frames',
        'sidebar-certificates',
        'sidebar-processes',
        'frame-list',
      ];
      const source = scripts.map((script) => read('resources', `${script}.js`)).join('\n');
      const asked = all(source, /\bsay\(((?:[^()]|\([^()]*\))*)\)/g).join('\n');
      const named = all(asked, /'([a-z][\w.]+)'/g).filter((key) => key.includes('.') || key === 'name');
      // What a variable ends: `tab.${name}`.
      const begun = [
        ...all(asked, /`([\w.]+\.)\$\{/g),
        ...all(source, /reason\(failure, '(\w+)'/g).map((key) => `error.${key}`),
      ];
      const there = [...keys('en-US', name)];
      assert.ok(named.length > 40 && begun.length > 5);
      assert.deepEqual(
        named.filter((key) => !there.includes(key)),
        [],
      );
      assert.deepEqual(
        there.filter((key) => !named.includes(key) && !begun.some((start) => key.startsWith(start))),
        [],
      );
    });
  });

  describe('shared texts', () => {
    const scripts = readdirSync(join(root, 'resources')).filter((file) => file.endsWith('.js'));
    const sources = [
      ...scripts.map((file) => read('resources', file)),
      ...nodes.map((node) => read('nodes', `${node}.html`)),
    ].join('\n');
    const shared = new Set(
      [...keys('en-US', 'tcp-line')]
        .filter((key) => key.startsWith('shared.'))
        .map((key) => key.slice('shared.'.length)),
    );

    it('has every text that the scripts name', () => {
      const used = [
        ...all(sources, /\btext\('([^']+)'/g),
        ...all(sources, /(?:wholeNumber|notEmpty|oneOf|hosts|neededIn|endpoints|channelLine|pairOf)\('([^']+)'/g).map(
          (property) => `property.${property}`,
        ),
      ];
      assert.ok(used.length > 20);
      assert.deepEqual(
        used.filter((key) => !shared.has(key)),
        [],
      );
    });

    it('has a message for each field of a point, a title and a hint for each column', () => {
      const fields = all(read('resources', 'point-table.js'), /\{ field: '(\w+)'/g);
      const checked = all(read('resources', 'points.js'), /wrong\('(\w+)'/g);
      const wanted = [
        ...fields.flatMap((field) => [`column.${field}`, `columnHint.${field}`]),
        ...checked.map((f) => `point.${f}`),
      ];
      assert.ok(fields.length >= 10 && checked.length >= 9);
      assert.deepEqual(
        wanted.filter((key) => !shared.has(key)),
        [],
      );
    });

    it('has a name for each tag kind', () => {
      const kinds = all(read('resources', 'types.js'), /'([A-Z][a-z]+)'/g);
      assert.deepEqual(new Set(kinds), new Set(['Dout', 'Cout', 'Aout', 'Di', 'Qi', 'Ai', 'Ci']));
      assert.deepEqual(
        [...new Set([...kinds, 'other'])].filter((kind) => !shared.has(`kind.${kind}`)),
        [],
      );
    });

    it('has a name for each cause, in English that of messages', () => {
      const english = texts(catalogue('en-US', 'tcp-line'));
      const causes = Array.from({ length: 64 }, (_, id) => causeName(id)).filter((cause) => !/^\d/.test(cause));
      assert.equal(causes.length, 39);
      for (const cause of causes) {
        const [, kind = cause, group = ''] = /^(.+-group)-(\d+)$/.exec(cause) ?? [];
        assert.equal(english.get(`shared.cause.${kind}`)?.replace('__group__', group), cause);
      }
    });

    it('has a plain meaning for each type of the table', () => {
      const labels = all(read('resources', 'types.js'), /\blabel: '(\w+)'/g);
      assert.ok(labels.length >= 48);
      assert.deepEqual(
        labels.filter((label) => !shared.has(`type.${label}`)),
        [],
      );
    });
  });
});
