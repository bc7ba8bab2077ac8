import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { FileDirectory, fileDirectory } from '../../nodes/shared/file-directory.js';
import { freePort, line, serverOut, station, tab } from './flow.js';
import { red, withNodeRed } from './runtime.js';

describe('the directory of a station', () => {
  let root: string;
  let folder: string;
  let problems: string[];
  let now: number;
  let files: FileDirectory;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'telecontrol-files-'));
    folder = join(root, 'files');
    mkdirSync(folder);
    problems = [];
    now = 0;
    files = new FileDirectory(
      folder,
      (problem) => problems.push(problem),
      () => now,
    );
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const put = (name: string, content = name): void => writeFileSync(join(folder, name), content);
  /** Name of file by the content, which is the file's name unless a test says otherwise. */
  const numbers = (): Record<string, number> => {
    now += 1000;
    return Object.fromEntries(files.list().map(({ nof }) => [contentOf(nof), nof]));
  };
  const contentOf = (nof: number): string | undefined => {
    const file = files.open(nof);
    const octets = file?.read(0, file.length);
    return octets === undefined ? undefined : Buffer.from(octets).toString();
  };

  it('gives a file the number that its name begins with, and others the lowest free ones by name', () => {
    for (const name of ['7.csv', '007 fault.dat', '2', 'b', 'a', '65535z', '65536z', '0.txt', '-3.txt']) put(name);
    assert.deepEqual(numbers(), {
      '2': 2,
      '007 fault.dat': 7,
      '65535z': 65535,
      '-3.txt': 1,
      '0.txt': 3,
      '65536z': 4,
      '7.csv': 5,
      a: 6,
      b: 8,
    });
    assert.deepEqual(problems, []);
  });

  it('keeps a number while the file is there, but a file that bears the number has it', () => {
    put('b');
    put('c');
    assert.deepEqual(numbers(), { b: 1, c: 2 });
    put('a');
    assert.deepEqual(numbers(), { a: 3, b: 1, c: 2 });
    put('1.txt');
    assert.deepEqual(numbers(), { '1.txt': 1, a: 3, b: 4, c: 2 });
    unlinkSync(join(folder, 'c'));
    put('d');
    assert.deepEqual(numbers(), { '1.txt': 1, a: 3, b: 4, d: 2 });
  });

  it('tells length and time of change', () => {
    put('1', 'abc');
    utimesSync(join(folder, '1'), 1_700_000_000.5, 1_700_000_000.5);
    assert.deepEqual(
      files.list().map(({ nof, length, changed }) => ({ nof, length, changed })),
      [{ nof: 1, length: 3, changed: 1_700_000_000_500 }],
    );
  });

  it('serves plain files alone: no subdirectories, links, pipes or hidden names', function () {
    put('1 plain');
    put('.2 hidden');
    mkdirSync(join(folder, '3 folder'));
    writeFileSync(join(folder, '3 folder', '4 below'), '');
    writeFileSync(join(root, 'secret'), 'secret');
    symlinkSync(join(root, 'secret'), join(folder, '5 out'));
    symlinkSync('../secret', join(folder, '6 up'));
    symlinkSync('1 plain', join(folder, '7 within'));
    symlinkSync('.', join(folder, '8 itself'));
    symlinkSync('nowhere', join(folder, '9 broken'));
    if (spawnSync('mkfifo', [join(folder, '10 pipe')]).status !== 0) this.skip();
    assert.deepEqual(numbers(), { '1 plain': 1 });
    for (let nof = 0; nof <= 10; nof++) if (nof !== 1) assert.equal(files.open(nof), undefined);
  });

  it('takes names for names, whatever stands in them', () => {
    for (const name of ['1..', '2..\\..\\secret', '3\n', '4 %2e%2e%2fsecret', '5 ~', '6 $(id)', '7 ä\u0301', '8 -rf'])
      put(name);
    writeFileSync(join(root, 'secret'), 'secret');
    assert.deepEqual(Object.values(numbers()), [1, 2, 3, 4, 5, 6, 7, 8]);
    for (let nof = 1; nof <= 8; nof++) assert.notEqual(contentOf(nof), 'secret');
  });

  for (const [what, swap] of [
    ['a link', (path: string, secret: string) => symlinkSync(secret, path)],
    ['a folder', (path: string) => mkdirSync(path)],
    ['a pipe', (path: string) => spawnSync('mkfifo', [path])],
    ['nothing', () => {}],
  ] as const)
    it(`a file in whose place there is ${what} since the directory was read cannot be opened, which is told`, () => {
      put('1');
      writeFileSync(join(root, 'secret'), 'secret');
      assert.equal(files.list().length, 1);
      unlinkSync(join(folder, '1'));
      swap(join(folder, '1'), join(root, 'secret'));
      assert.equal(files.open(1), undefined);
      assert.equal(problems.length, 1);
      assert.match(problems[0] as string, /^files: 1: /);
    });

  it('a file is read as it was when it was opened', () => {
    put('1', 'as it was');
    const file = files.open(1);
    appendFileSync(join(folder, '1'), ', and more');
    assert.equal(file?.length, 9);
    truncateSync(join(folder, '1'), 2);
    unlinkSync(join(folder, '1'));
    assert.equal(Buffer.from(file?.read(3, 6) ?? []).toString(), 'it was');
    assert.equal(file?.read(8, 5)?.length, 1, 'nothing beyond the end');
  });

  it('a file that has grown since the directory was read is opened whole', () => {
    put('1', 'a');
    files.list();
    appendFileSync(join(folder, '1'), 'bc');
    assert.equal(contentOf(1), 'abc');
  });

  it('two clients that read one file share its octets, until it changes', () => {
    put('1', 'one');
    const [a, b] = [files.open(1)?.read(0, 3), files.open(1)?.read(0, 3)];
    assert.equal(a?.buffer, b?.buffer);
    writeFileSync(join(root, 'other'), 'two');
    renameSync(join(root, 'other'), join(folder, '1'));
    assert.equal(contentOf(1), 'two');
    assert.equal(Buffer.from(a ?? []).toString(), 'one');
  });

  it('a file of 16777215 octets is served, one of one more is not, which is told once', () => {
    for (const [name, length] of [
      ['1', 16_777_215],
      ['2', 16_777_216],
    ] as const) {
      put(name);
      truncateSync(join(folder, name), length);
    }
    for (let i = 0; i < 3; i++) {
      now += 1000;
      assert.deepEqual(
        files.list().map(({ nof, length }) => [nof, length]),
        [[1, 16_777_215]],
      );
    }
    assert.deepEqual(problems, ['files: 2 is not served: it has more than 16777215 octets']);
    truncateSync(join(folder, '1'), 16_777_216);
    assert.equal(files.open(1), undefined);
  });

  it('of more than 1000 files the first by name are served, which is told once', () => {
    for (let i = 0; i < 1001; i++) put(`f${String(i).padStart(4, '0')}`);
    assert.deepEqual(Object.keys(numbers()).at(-1), 'f0999');
    assert.equal(Object.keys(numbers()).length, 1000);
    assert.equal(problems.length, 1);
  });

  it('the directory may come and go, which is told once', () => {
    rmSync(folder, { recursive: true });
    assert.deepEqual(numbers(), {});
    assert.deepEqual(numbers(), {});
    assert.equal(problems.length, 1);
    assert.match(problems[0] as string, /^files: ENOENT/);
    mkdirSync(folder);
    put('1');
    assert.deepEqual(numbers(), { '1': 1 });
  });

  it('what was found is believed for a second', () => {
    put('1');
    assert.equal(files.list().length, 1);
    put('2');
    now += 999;
    assert.equal(files.list().length, 1);
    now += 1;
    assert.equal(files.list().length, 2);
  });

  it('a hard link is a plain file', () => {
    put('1');
    linkSync(join(folder, '1'), join(folder, '2'));
    assert.equal(files.list().length, 2);
  });

  it('the user directory itself is refused by every name it has, a directory in it is not', () => {
    symlinkSync(root, join(folder, 'back'));
    for (const given of ['.', './', 'files/..', `../${basename(root)}`, root, 'files/back']) {
      assert.equal(
        fileDirectory(given, root, (problem) => problems.push(problem)),
        undefined,
        given,
      );
      assert.match(problems.pop() ?? '', /^files: the user directory itself is not served/);
    }
    assert.equal(fileDirectory('', root, assert.fail), undefined);
    for (const given of ['files', './files/', folder, 'not there yet'])
      assert.ok(fileDirectory(given, root, assert.fail));
  });
});

describe('files of iec104-server-station', () => {
  withNodeRed();

  const DIRECTORY = '7a 01 05 00 01 00 00 00 00 00 00 00 00';
  const points = [{ ioa: 100, type: 'M_SP_NA_1' }];

  it('serves the directory that the property names, relative to the user directory', async () => {
    const folder = join(red.userDir, 'faults');
    mkdirSync(folder);
    writeFileSync(join(folder, '9.txt'), 'AB');
    utimesSync(join(folder, '9.txt'), Date.UTC(2026, 1, 3, 4, 5, 6, 789) / 1000, 1_770_091_506.789);
    const port = await freePort();
    await red.deploy([tab, line(port), station(points, { files: 'faults' }), serverOut()]);
    const client = await red.client(port);
    await client.answers(DIRECTORY, '7e 81 05 00 01 00 09 00 00 09 00 02 00 00 20 85 1a 05 04 43 02 1a');
    await client.answers('7a 01 0d 00 01 00 09 00 00 09 00 00 01', '78 01 0d 00 01 00 09 00 00 09 00 02 00 00 00');
    await client.answers('7a 01 0d 00 01 00 09 00 00 09 00 00 02', '79 01 0d 00 01 00 09 00 00 09 00 01 02 00 00 00');
    await client.answers(
      '7a 01 0d 00 01 00 09 00 00 09 00 01 06',
      '7d 01 0d 00 01 00 09 00 00 09 00 01 02 41 42',
      '7b 01 0d 00 01 00 09 00 00 09 00 01 03 83',
    );
    assert.deepEqual(red.allErrors, []);
  });

  it('a directory that is not there is told once, and the station serves its points', async () => {
    const port = await freePort();
    await red.deploy([tab, line(port), station(points, { files: 'nowhere' }), serverOut()]);
    const client = await red.client(port);
    await client.answers(DIRECTORY, '7a 01 45 00 01 00 00 00 00 00 00 00 00');
    assert.equal(red.errors('station').length, 1);
    await client.answers('66 01 05 00 01 00 64 00 00', '01 01 05 00 01 00 64 00 00 c0');
  });

  for (const [what, files] of [
    ['no directory', ''],
    ['the user directory', '.'],
  ] as const)
    it(`a station with ${what} knows no file types: 44`, async () => {
      const port = await freePort();
      await red.deploy([tab, line(port), station(points, { files }), serverOut()]);
      const client = await red.client(port);
      await client.answers(DIRECTORY, '7a 01 6c 00 01 00 00 00 00 00 00 00 00');
      assert.equal(red.errors('station').length, files === '' ? 0 : 1);
    });
});
