import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { checkFloors, LINES_AT_MOST, report, type SourceFile } from './floors.js';
import { readSource } from './source-text.js';

const root = join(__dirname, '..', '..');

function sourcesBelow(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
    .sort()
    .map((path) => ({ path: path.split(sep).join('/'), text: readFileSync(join(root, path), 'utf8') }));
}

/** What is reported for one file; `others` stand beside it. */
function offencesOf(path: string, text: string, others: readonly SourceFile[] = []): string {
  return report(checkFloors([{ path, text }, ...others]));
}

describe('the floors of the house', () => {
  it('holds in lib/ and nodes/', () => {
    const files = [...sourcesBelow('lib'), ...sourcesBelow('nodes')];
    assert.ok(files.length > 0, 'no sources found: the test would pass without looking');
    const offences = checkFloors(files);
    assert.equal(offences.length, 0, `\n${report(offences)}`);
  });

  const forbidden: readonly [path: string, text: string, expected: string][] = [
    ['lib/octets/a.ts', "import { b } from '../asdu/b.js';", 'lib/octets/a.ts:1 imports lib/asdu/b.ts: octets may'],
    ['lib/asdu/a.ts', "import '../apci/b.js';", 'asdu may import octets, not apci'],
    ['lib/apci/a.ts', "export * from '../link/b.js';", 'not link'],
    ['lib/line/a.ts', "import type { b } from '../asdu/b.js';", 'line may import octets, not asdu'],
    ['lib/station/a.ts', "\n\nimport {\n  b,\n} from '../link/b.js';", 'lib/station/a.ts:3 imports lib/link/b.ts'],
    ['lib/station/a.ts', "import { b } from '../procedures/b.js';", 'not procedures'],
    ['lib/procedures/a.ts', "import { b } from '../line/b.js';", 'not line'],
    ['lib/trace/a.ts', "import { b } from '../link/b.js';", 'not link'],
    ['lib/link/a.ts', "import { b } from '../redundancy/b.js';", 'not redundancy'],
    ['lib/redundancy/a.ts', "import { b } from '../server/b.js';", 'not server'],
    ['lib/server/a.ts', "import { b } from '../client/b.js';", 'not client'],
    ['lib/client/a.ts', "const b = require('../server/b.js');", 'not server'],
    ['lib/link/a.ts', "import { b } from '../kom/b.js';", 'not kom'],
    ['lib/server/a.ts', "import { b } from '../index.js';", 'lib/index.ts is for others'],
    ['lib/server/a.ts', "import { b } from '../../nodes/b.js';", 'lib/ knows nothing of Node-RED'],
    ['lib/server/a.ts', "import type { NodeAPI } from 'node-red';", 'imports the package node-red'],
    ['lib/index.ts', "export { b } from '../nodes/b.js';", 'lib/ knows nothing of Node-RED'],
    ['lib/misc/a.ts', "import { b } from '../octets/b.js';", 'does not know'],
    ['lib/server/a.ts', "import { b } from '../../test/b.js';", 'is not packed'],
    ['nodes/a.ts', "import { b } from '../bench/b.js';", 'is not packed'],
    ['nodes/a.ts', "import express = require('express');", 'imports the package express'],
    ['nodes/a.ts', "import { parse } from 'csv';", 'imports the package csv'],
    ['lib/line/a.ts', "import net from 'net';", 'imports the package net'],
    ['lib/apci/a.ts', "import net from 'node:net';", 'apci does no input or output'],
    ['lib/station/points-file.ts', "import { readFile } from 'node:fs/promises';", 'station does no input or output'],
    ['lib/redundancy/a.ts', "const fs = await import('node:fs');", 'redundancy does no input or output'],
    ['lib/kom/state.ts', "import 'node:timers';", 'kom does no input or output'],
    ['lib/asdu/a.ts', 'const a = 1;\nconst now = Date.now();', 'lib/asdu/a.ts:2 uses Date'],
    ['lib/asdu/a.ts', 'const now = new Date();', 'uses Date'],
    ['lib/procedures/a.ts', 'setTimeout(() => {}, 1);', 'uses setTimeout'],
    ['lib/redundancy/a.ts', 'const t = setInterval(f, 1);', 'uses setInterval'],
    ['lib/apci/a.ts', 'setImmediate(f);', 'uses setImmediate'],
    ['lib/octets/a.ts', 'const t = performance.now();', 'uses performance'],
    ['lib/kom/state.ts', 'process.hrtime();', 'uses process'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a source
    ['lib/asdu/a.ts', 'const text = `${`at ${Date.now()}`} {`;', 'uses Date'],
    ['lib/asdu/a.ts', 'const half = a / 2; const now = Date.now(); const b = c / d;', 'uses Date'],
    ['lib/octets/a.ts', 'export default 1;', 'has a default export'],
    ['lib/octets/a.ts', 'const a = 1;\nexport = a;', 'lib/octets/a.ts:2 has a default export'],
    ['lib/octets/a.ts', 'const a = 1;\nexport { a as default };', 'has a default export'],
    ['lib/octets/a.ts', `${'\n'.repeat(LINES_AT_MOST)}const a = 1;`, `has ${LINES_AT_MOST + 1} lines`],
    ['nodes/a.ts', '//\n'.repeat(LINES_AT_MOST + 1), `has ${LINES_AT_MOST + 1} lines`],
  ];
  for (const [path, text, expected] of forbidden) {
    it(`reports ${path}: ${JSON.stringify(text.trim().slice(0, 60))}`, () => {
      const found = offencesOf(path, text);
      assert.ok(found.includes(expected), `expected "${expected}" in "${found}"`);
      assert.equal(found.split('\n').length, 1, found);
    });
  }

  const allowed: readonly [path: string, text: string][] = [
    ['lib/asdu/a.ts', "import { b } from '../octets/b.js';\nimport { c } from './c.js';"],
    ['lib/procedures/a.ts', "import type { b } from '../station/b.js';"],
    [
      'lib/link/a.ts',
      "import { b } from '../line/b.js';\nimport { performance } from 'node:perf_hooks';\nsetTimeout(f, 1);",
    ],
    ['lib/server/a.ts', "import { b } from '../redundancy/b.js';\nimport { c } from '../kom/c.js';"],
    ['lib/index.ts', "export { b } from './server/b.js';"],
    ['lib/kom/coordinator-etcd.ts', "import http2 from 'node:http2';\nsetTimeout(f, 1);"],
    ['nodes/a.ts', "import type { NodeAPI } from 'node-red';\nimport { b } from '../lib/server/b.js';\nexport = f;"],
    ['nodes/a.ts', "import type nodeRed = require('node-red');\nimport fs from 'node:fs';"],
    ['lib/asdu/a.ts', "// import { b } from '../apci/b.js'; Date.now()\n/* setTimeout\n * require('node:net') */"],
    ['lib/asdu/a.ts', 'const text = "import \'../apci/b.js\'; Date.now()";'],
    ['lib/asdu/a.ts', "const text = `import '../apci/b.js'; setTimeout`;"],
    ['lib/asdu/a.ts', 'const word = /Date|[\'"/]|[/]require/g;\nconst row = { Date: 1, process?: 2 };\nrow.process();'],
    ['lib/asdu/types.ts', `${'\n'.repeat(LINES_AT_MOST * 2)}const a = 1;`],
    ['lib/octets/a.ts', 'export const defaultValue = 1;'],
    ['lib/kom/state.ts', 'const { process, instance } = member;\nreturn process.name;'],
  ];
  for (const [path, text] of allowed) {
    it(`accepts ${path}: ${JSON.stringify(text.trim().slice(0, 60))}`, () => {
      assert.equal(offencesOf(path, text), '');
    });
  }

  it('reports a circle once, with the files that make it', () => {
    const found = offencesOf('lib/asdu/b.ts', "import '../octets/x.js';\nimport type { C } from './c.js';", [
      { path: 'lib/asdu/c.ts', text: "import { a } from './a.js';" },
      { path: 'lib/asdu/a.ts', text: "\nimport { b } from './b.js';" },
      { path: 'lib/octets/x.ts', text: 'export const x = 1;' },
    ]);
    const circle = 'lib/asdu/a.ts -> lib/asdu/b.ts -> lib/asdu/c.ts -> lib/asdu/a.ts';
    assert.equal(found, `lib/asdu/a.ts:2 imports in a circle: ${circle}`);
  });

  it('reports a file that imports itself', () => {
    const circle = 'lib/asdu/a.ts -> lib/asdu/a.ts';
    assert.equal(offencesOf('lib/asdu/a.ts', "import './a.js';"), `lib/asdu/a.ts:1 imports in a circle: ${circle}`);
  });

  it('takes two ways to one file for no circle', () => {
    const found = offencesOf('lib/asdu/a.ts', "import './b.js';\nimport './c.js';", [
      { path: 'lib/asdu/b.ts', text: "import './d.js';" },
      { path: 'lib/asdu/c.ts', text: "import './d.js';" },
      { path: 'lib/asdu/d.ts', text: '' },
    ]);
    assert.equal(found, '');
  });

  it('finds every form of import', () => {
    const text = [
      "import a, { b } from './1.js';",
      "import * as c from './2.js';",
      "import './3.js';",
      "import type { d } from './4.js';",
      "import e = require('./5.js');",
      "export { f } from './6.js';",
      "export * from './7.js';",
      "export type { g } from './8.js';",
      "const h = await import('./9.js');",
      "const i: typeof import('./10.js') = require('./11.js');",
      'export const j = "k";',
      "export type l = 'm' | 'n';",
    ].join('\n');
    const found = readSource(text).imports.map(({ specifier, typeOnly, line }) => [specifier, typeOnly, line]);
    assert.deepEqual(found, [
      ['./1.js', false, 1],
      ['./2.js', false, 2],
      ['./3.js', false, 3],
      ['./4.js', true, 4],
      ['./5.js', false, 5],
      ['./6.js', false, 6],
      ['./7.js', false, 7],
      ['./8.js', true, 8],
      ['./9.js', false, 9],
      ['./10.js', false, 10],
      ['./11.js', false, 10],
    ]);
  });
});
