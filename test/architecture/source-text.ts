/** One import of a file, whatever its form: import, export from, import =, require() or import(). */
export interface Import {
  readonly specifier: string;
  /** Gone after compiling. */
  readonly typeOnly: boolean;
  readonly line: number;
}

/** A source read as far as the rules need it. The compiler of TypeScript 7 has no interface to ask. */
export interface SourceText {
  /** The source with comments and the contents of strings and regular expressions blanked: same length, same lines. */
  readonly code: string;
  readonly imports: readonly Import[];
}

/** What may stand before a regular expression; a slash after anything else divides. */
const beforeRegex =
  /(?:^|[([{,;:=!&|?+\-*%^~<>}]|\b(?:return|typeof|case|in|of|void|delete|throw|new|else|do|await))\s*$/;

export function lineOf(text: string, at: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/** Index behind a string, a regular expression or a comment that starts at `at`; undefined where none starts. */
function endOfLiteral(source: string, at: number, before: string): number | undefined {
  const two = source.slice(at, at + 2);
  if (two === '//') return indexOrEnd(source, '\n', at);
  if (two === '/*') return indexOrEnd(source, '*/', at + 2, 2);
  const quote = source[at];
  if (quote === "'" || quote === '"') return endOfQuoted(source, at + 1, quote);
  if (quote === '/' && beforeRegex.test(before)) return endOfRegex(source, at + 1);
  return undefined;
}

function indexOrEnd(source: string, what: string, from: number, beyond = 0): number {
  const at = source.indexOf(what, from);
  return at < 0 ? source.length : at + beyond;
}

function endOfQuoted(source: string, from: number, quote: string): number {
  let at = from;
  while (at < source.length && source[at] !== quote && source[at] !== '\n') at += source[at] === '\\' ? 2 : 1;
  return Math.min(at + 1, source.length);
}

function endOfRegex(source: string, from: number): number {
  let at = from;
  let inClass = false;
  while (at < source.length && source[at] !== '\n' && (inClass || source[at] !== '/')) {
    if (source[at] === '[') inClass = true;
    if (source[at] === ']') inClass = false;
    at += source[at] === '\\' ? 2 : 1;
  }
  return Math.min(at + 1, source.length);
}

/** Index of the `${` or behind the backtick that ends a stretch of template text. */
function endOfTemplate(source: string, from: number): number {
  let at = from;
  while (at < source.length) {
    if (source[at] === '`') return at + 1;
    if (source.startsWith('${', at)) return at;
    at += source[at] === '\\' ? 2 : 1;
  }
  return source.length;
}

function blankLiterals(source: string): string {
  let code = '';
  /** Braces open in each `${}` that we stand in. */
  const templates: number[] = [];
  let at = 0;
  const skipTo = (end: number) => {
    code += blank(source.slice(at, end));
    at = end;
  };
  while (at < source.length) {
    const end = endOfLiteral(source, at, code.slice(-40));
    const depth = templates.at(-1);
    if (end !== undefined) {
      // The quotes stay, so that an import can be told from the words of a comment.
      const quoted = source[at] === "'" || source[at] === '"';
      if (!quoted) skipTo(end);
      else {
        code += source[at] + blank(source.slice(at + 1, end - 1)) + source[end - 1];
        at = end;
      }
    } else if (source[at] === '`') {
      skipTo(at + 1);
      skipTo(endOfTemplate(source, at));
      if (source.startsWith('${', at)) templates.push(0);
      if (source.startsWith('${', at)) skipTo(at + 2);
    } else if (depth === 0 && source[at] === '}') {
      templates.pop();
      skipTo(at + 1);
      skipTo(endOfTemplate(source, at));
      if (source.startsWith('${', at)) templates.push(0);
      if (source.startsWith('${', at)) skipTo(at + 2);
    } else {
      if (depth !== undefined && source[at] === '{') templates[templates.length - 1] = depth + 1;
      if (depth !== undefined && source[at] === '}') templates[templates.length - 1] = depth - 1;
      code += source[at++];
    }
  }
  return code;
}

/** `import … from ''`, `export … from ''`, `import ''`. The clause between has no quotes and no semicolon. */
const statement =
  /(?<![.\w$])(?:import|export)\s+(?:type\s+)?(?:[\w$*{}\s,]*?\sfrom\s*|[{*][\w$*{}\s,]*?from\s*)?(['"])/g;
/** `require('')` and `import('')`, also behind `import x =` and in types. */
const call = /(?<![.\w$])(?:require|import)\s*\(\s*(['"])/g;

function findImports(source: string, code: string): Import[] {
  const found: { at: number; quote: number; text: string }[] = [];
  for (const pattern of [statement, call]) {
    for (const match of code.matchAll(pattern)) {
      found.push({ at: match.index, quote: match.index + match[0].length - 1, text: match[0] });
    }
  }
  found.sort((a, b) => a.at - b.at);
  return found.map(({ at, quote, text }) => {
    const mark = source[quote] as string;
    const before = code.slice(code.lastIndexOf('\n', at) + 1, at);
    return {
      specifier: source.slice(quote + 1, source.indexOf(mark, quote + 1)),
      typeOnly: /^(?:import|export)\s+type\b/.test(text) || /\bimport\s+type\s+[\w$]+\s*=\s*$/.test(before),
      line: lineOf(source, at),
    };
  });
}

export function readSource(source: string): SourceText {
  const code = blankLiterals(source);
  return { code, imports: findImports(source, code) };
}
