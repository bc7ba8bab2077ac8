import { type Block, type InteroperabilityList, markText } from './structure.js';

/** What stands between cells: a comma, or what the language of the reader has in its place. */
export type Separator = ',' | ';';

type Row = readonly string[];

/** A table for spreadsheets: RFC 4180 with a byte order mark, so that they take it as UTF-8. */
export function csvText(rows: readonly Row[], separator: Separator): string {
  return `\uFEFF${rows.map((cells) => `${cells.map(cellText).join(separator)}\r\n`).join('')}`;
}

/** Names are a user's: what a spreadsheet would read as a formula stands behind an apostrophe; a number is none. */
function cellText(text: string): string {
  const harmless = /^([=@\t\r]|[+-](?![\d.]+$))/.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const columns: Row = ['Clause', 'Section', 'Title', 'Mark', 'Text', 'Remark'];

/**
 * An interoperability list as one table: each row with its clause, section and title, boxes by their mark. Tables keep
 * their columns, which stand in a row of their own, from the column of marks on.
 */
export function toCsv(list: InteroperabilityList, separator: Separator = ','): string {
  const sections = list.sections.flatMap(({ clause, title, blocks }) =>
    blocks.flatMap((block) => blockRows(block).map((cells) => [clause, title, ...cells])),
  );
  const rows = [columns, ['', '', list.title, '', list.introduction], ...sections];
  const width = Math.max(...rows.map(({ length }) => length));
  return csvText(
    rows.map((cells) => [...cells, ...Array<string>(width - cells.length).fill('')]),
    separator,
  );
}

/** The rows of a block, from their title on. */
function blockRows(block: Block): Row[] {
  switch (block.kind) {
    case 'text':
      return [['', '', block.text]];
    case 'choices':
      return block.choices.map(({ mark, text, remark = '' }) => [block.title, markText(mark), text, remark]);
    case 'table':
      return [block.columns, ...block.rows].map((cells) => [block.title, ...cells]);
  }
}
