import { posix } from 'node:path';
import { lineOf, readSource } from './source-text.js';

/** A source to check: its path from the root of the repository, with slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface Offence {
  readonly path: string;
  readonly line: number;
  readonly what: string;
}

/** What each floor of lib/ may import besides itself. A floor that is not here fails: it has to be thought about. */
const floors: Readonly<Record<string, readonly string[]>> = {
  octets: [],
  asdu: ['octets'],
  apci: ['octets', 'asdu'],
  line: ['octets'],
  trace: ['octets', 'asdu', 'apci'],
  link: ['octets', 'asdu', 'apci', 'line', 'trace'],
  station: ['octets', 'asdu'],
  procedures: ['octets', 'asdu', 'station'],
  redundancy: ['octets', 'asdu', 'apci', 'line', 'trace', 'link', 'station'],
  interoperability: ['octets', 'asdu', 'station', 'procedures', 'redundancy'],
  kom: ['octets', 'link'],
  sharing: [],
  bytes: ['octets', 'line', 'trace', 'link', 'sharing', 'server'],
  server: ['octets', 'asdu', 'apci', 'line', 'trace', 'link', 'station', 'procedures', 'redundancy', 'kom'],
  client: ['octets', 'asdu', 'apci', 'line', 'trace', 'link', 'station', 'procedures', 'redundancy', 'kom'],
};

/** Floors that are told the time and handed the octets, so that a test can step them through virtual time. */
const sansIo = ['octets', 'asdu', 'apci', 'station', 'procedures', 'redundancy', 'interoperability', 'kom', 'sharing'];
/** The one part of such a floor that talks to the world: the coordinators of the instances of a process. */
const doesIo = /^lib\/kom\/coordinator/;
const ambient = new RegExp(
  String.raw`(?<![.\w$])(?:setTimeout|setInterval|setImmediate|queueMicrotask|Date|performance|globalThis` +
    // `process` is also a word of telecontrol: only what Node.js offers by it counts.
    String.raw`|process(?=\s*\.\s*(?:hrtime|nextTick|uptime|env|on|once|stdout|stderr|argv|cwd)\b))(?![\w$])(?!\s*\??:)`,
  'g',
);

const defaultExport = /(?<![.\w$])export\s*(?:default\b|=|\{[^}]*\bas\s+default\b)/g;

export const LINES_AT_MOST = 320;
/** A table is as long as what it lists. */
const longFiles = ['lib/asdu/types.ts'];

/** The floor of a file: a folder of lib/, `index` for lib/index.ts, `nodes`, or undefined for the rest of the repository. */
function floorOf(path: string): string | undefined {
  const [top, second] = path.split('/');
  if (top === 'nodes') return 'nodes';
  if (path === 'lib/index.ts') return 'index';
  return top === 'lib' ? second : undefined;
}

function directionOffence(from: SourceFile, target: string): string | undefined {
  const own = floorOf(from.path) as string;
  const other = floorOf(target);
  if (other === undefined) return `imports ${target}, which is not packed: only lib/ and nodes/ are`;
  if (own === 'nodes' || own === other) return undefined;
  if (other === 'nodes') return `imports ${target}: lib/ knows nothing of Node-RED`;
  if (other === 'index') return `imports ${target}: lib/index.ts is for others, import the file itself`;
  if (own === 'index') return undefined;
  const allowed = floors[own];
  if (allowed === undefined) return `stands on the floor lib/${own}, which test/architecture/floors.ts does not know`;
  if (allowed.includes(other)) return undefined;
  return `imports ${target}: ${own} may import ${allowed.join(', ') || 'no other floor'}, not ${other}`;
}

function packageOffence(from: SourceFile, specifier: string, typeOnly: boolean): string | undefined {
  const floor = floorOf(from.path) as string;
  if (specifier.startsWith('node:')) {
    if (!isSansIo(from.path)) return undefined;
    return `imports ${specifier}: ${floor} does no input or output, octets and text come in as arguments`;
  }
  if (floor === 'nodes' && typeOnly) return undefined;
  const hint = floor === 'nodes' ? 'import type only' : 'node: modules only';
  return `imports the package ${specifier}: there are no runtime dependencies (${hint})`;
}

function isSansIo(path: string): boolean {
  return path.startsWith('lib/') && sansIo.includes(floorOf(path) as string) && !doesIo.test(path);
}

function resolveImport(from: string, specifier: string): string {
  const path = posix.join(posix.dirname(from), specifier);
  return path.replace(/\.js$/, '.ts');
}

/** The edges of the import graph between files, by path. */
type Graph = Map<string, { target: string; line: number }[]>;

/** Each circle once, reported where its first file in the alphabet imports the next. */
function findCycles(graph: Graph): Offence[] {
  const offences: Offence[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: string[]) => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      offences.push(describeCycle(graph, trail.slice(at)));
      return;
    }
    if (done.has(path)) return;
    for (const { target } of graph.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of [...graph.keys()].sort()) visit(path, []);
  return offences;
}

function describeCycle(graph: Graph, circle: readonly string[]): Offence {
  const first = [...circle].sort()[0] as string;
  const start = circle.indexOf(first);
  const turned = [...circle.slice(start), ...circle.slice(0, start), first];
  const edge = graph.get(first)?.find(({ target }) => target === turned[1]);
  return { path: first, line: edge?.line ?? 1, what: `imports in a circle: ${turned.join(' -> ')}` };
}

function matches(file: SourceFile, code: string, pattern: RegExp, what: (found: string) => string): Offence[] {
  return [...code.matchAll(pattern)].map((match) => ({
    path: file.path,
    line: lineOf(code, match.index),
    what: what(match[0]),
  }));
}

function checkFile(file: SourceFile, graph: Graph): Offence[] {
  const { code, imports } = readSource(file.text);
  const offences: Offence[] = [];
  const edges: { target: string; line: number }[] = [];
  graph.set(file.path, edges);
  for (const { specifier, typeOnly, line } of imports) {
    const relative = specifier.startsWith('.');
    const target = relative ? resolveImport(file.path, specifier) : specifier;
    const what = relative ? directionOffence(file, target) : packageOffence(file, specifier, typeOnly);
    if (what !== undefined) offences.push({ path: file.path, line, what });
    if (relative) edges.push({ target, line });
  }
  if (isSansIo(file.path)) {
    const why = (name: string) =>
      `uses ${name}: ${floorOf(file.path)} has no clock and no timers, time comes in as an argument`;
    offences.push(...matches(file, code, ambient, why));
  }
  if (file.path.startsWith('lib/')) {
    offences.push(...matches(file, code, defaultExport, () => 'has a default export: lib/ exports by name'));
  }
  const lines = file.text.trimEnd().split('\n').length;
  if (lines > LINES_AT_MOST && !longFiles.includes(file.path)) {
    const what = `has ${lines} lines: a file holds one idea, ${LINES_AT_MOST} lines at most`;
    offences.push({ path: file.path, line: LINES_AT_MOST + 1, what });
  }
  return offences;
}

/** Every breach of the rules of the house (docs/architecture.md) in the given files, which are all of lib/ and nodes/. */
export function checkFloors(files: readonly SourceFile[]): Offence[] {
  const graph: Graph = new Map();
  const offences = files.flatMap((file) => checkFile(file, graph));
  return [...offences, ...findCycles(graph)];
}

export function report(offences: readonly Offence[]): string {
  return offences.map(({ path, line, what }) => `${path}:${line} ${what}`).join('\n');
}
