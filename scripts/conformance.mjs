// `node scripts/conformance.mjs`: writes docs/conformance.md: the numbered statements of what the wire expects, and the
// tests whose titles begin with `PROTOCOL n:` or `PROTOCOL n, m:`. Marks those that run against a line that serves on a
// socket. Fails when a statement has no test, one of an ASDU none over a socket, or a test names a statement that does not
// exist.
//   --check   writes nothing, and also fails when the file is not as it would be written
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'docs', 'conformance.md');
const statements = JSON.parse(readFileSync(join(root, 'scripts', 'conformance-statements.json'), 'utf8'));

/** A title as it stands in a source: a string of either quotes or a template. */
const title = /(?<![.\w])(?:it|describe)\(\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g;
const numbered = /^PROTOCOL (\d+(?:, ?\d+)*|…): (.*)$/s;
/** Where the number is filled in from a table of cases, it stands first in each row. */
const numberOfRow = /\[\s*'(\d{1,2})',/g;
/** Opens a line on a port; in memory it is made by `new Served` or `new Virtual`. */
const serves = /\bawait serve\(/;

/** The tests of a file: the numbers of their statements, and what stands behind those. */
function testsOf(file) {
  const text = readFileSync(join(root, file), 'utf8');
  const titles = [...text.matchAll(title)];
  return titles.flatMap(({ 1: single, 2: double, 3: template, index }, i) => {
    const literal = single ?? double ?? template;
    // What a table of cases fills in is not known here.
    const known = template === undefined ? literal : literal.replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '…');
    const found = numbered.exec(known.replace(/\\(.)/g, '$1').replace(/\s+/g, ' '));
    if (found === null) return [];
    const numbers = found[1] === '…' ? [...text.matchAll(numberOfRow)].map((row) => row[1]) : found[1].split(',');
    const socket = serves.test(text.slice(index, titles[i + 1]?.index));
    return [{ file, numbers: [...new Set(numbers.map(Number))], title: found[2], socket }];
  });
}

function allTests() {
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((name) => `test/${name.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.test.ts') && !file.startsWith('test/node-red-5/'))
    .sort()
    .flatMap(testsOf);
}

const plain = (text) => text.replace(/[\\*_<>|`[\]]/g, '\\$&');

function written(tests) {
  const of = (number) => tests.filter(({ numbers }) => numbers.includes(number));
  const overview = statements.map(({ number, part, text }) => {
    const found = of(number);
    const sockets = found.filter(({ socket }) => socket);
    return `| [${number}](#${number}) | ${part} | ${plain(text)} | ${found.length} | ${sockets.length} |`;
  });
  const details = statements.flatMap(({ number, text }) => [
    `### ${number}`,
    '',
    plain(text),
    '',
    ...of(number).map(({ file, title, socket }) => `- \`${file}\`${socket ? ' ⇄' : ''}: ${plain(title)}`),
    '',
  ]);
  return [
    '# Conformance',
    '',
    'What a control centre may expect of the server on the wire, statement by statement, and the tests that prove it. A',
    'test whose title has `…` runs for each case of a table. Those with ⇄ send literal octets over a socket to a line that',
    'serves; the others take the same line, or its parts, in memory and in virtual time.',
    '',
    '| No. | Part | Statement | Tests | of these ⇄ |',
    '|---|---|---|---|---|',
    ...overview,
    '',
    '## Tests',
    '',
    ...details,
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}

const tests = allTests();
const known = new Set(statements.map(({ number }) => number));
const problems = [
  ...statements
    .filter(({ number }) => !tests.some(({ numbers }) => numbers.includes(number)))
    .map(({ number, text }) => `statement ${number} has no test: ${text}`),
  // What stands before them is of the connection alone, and is tested where connections are made of octets.
  ...statements
    .filter(({ number }) => number >= 14 && !tests.some(({ numbers, socket }) => socket && numbers.includes(number)))
    .map(({ number, text }) => `statement ${number} has no test over a socket: ${text}`),
  ...tests
    .filter(({ numbers }) => numbers.some((number) => !known.has(number)))
    .map(({ file, title }) => `${file}: "${title}" names a statement that does not exist`),
];
const text = written(tests);
const current = existsSync(target) ? readFileSync(target, 'utf8') : '';
if (process.argv.includes('--check')) {
  if (current !== text) problems.push('docs/conformance.md is out of date: run node scripts/conformance.mjs');
} else if (current !== text) {
  writeFileSync(target, text);
  console.log('conformance: docs/conformance.md written');
}
for (const problem of problems) console.error(`conformance: ${problem}`);
if (problems.length === 0) console.log(`conformance: ${statements.length} statements, ${tests.length} tests`);
process.exitCode = problems.length === 0 ? 0 : 1;
