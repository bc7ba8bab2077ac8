import { type Block, type Choice, type InteroperabilityList, markText } from './structure.js';

/** An interoperability list as Markdown, ending with a line feed. */
export function toMarkdown(list: InteroperabilityList): string {
  const sections = list.sections.flatMap(({ clause, title, blocks }) => [
    `## ${escaped(`${clause} ${title}`)}`,
    ...blocks.flatMap(blockText),
  ]);
  return `${[`# ${escaped(list.title)}`, escaped(list.introduction), ...sections].join('\n\n')}\n`;
}

function blockText(block: Block): string[] {
  switch (block.kind) {
    case 'text':
      return [escaped(block.text)];
    case 'choices':
      return [...heading(block.title), block.choices.map(choiceText).join('\n')];
    case 'table':
      return [...heading(block.title), tableText(block.columns, block.rows)];
  }
}

const heading = (title: string): string[] => (title === '' ? [] : [`### ${escaped(title)}`]);

function choiceText({ mark, text, remark }: Choice): string {
  return `- \`[${markText(mark) || ' '}]\` ${escaped(text)}${remark === undefined ? '' : `: ${escaped(remark)}`}`;
}

function tableText(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(columns), `|${columns.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Names are a user's: what Markdown or HTML would read as markup stands for itself. */
function escaped(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*[\]<>|#]/g, '\\$&')
    .replace(/&/g, '&amp;');
}
