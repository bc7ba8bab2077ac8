import { type Block, type Choice, type InteroperabilityList, markText } from './structure.js';

/** An interoperability list as a page of its own, ready to be sent or printed: it loads nothing. */
export function toHtml(list: InteroperabilityList): string {
  const sections = list.sections.map(
    ({ clause, title, blocks }) => `<h2>${escaped(`${clause} ${title}`)}</h2>\n${blocks.map(blockText).join('\n')}`,
  );
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escaped(list.title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(list.title)}</h1>
<p>${escaped(list.introduction)}</p>
${sections.join('\n')}
</body>
</html>
`;
}

const style = [
  'body{font:10pt sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#000;background:#fff}',
  'h3{margin-bottom:.3em}ul{list-style:none;padding:0;margin:0}',
  'table{border-collapse:collapse}th,td{border:1px solid #999;padding:.1em .4em;text-align:left;vertical-align:top}',
  '.mark{display:inline-block;width:1.4em;border:1px solid #999;text-align:center;margin-right:.5em;min-height:1.2em}',
  '.inapplicable{text-decoration:line-through;color:#666}.wide td,.wide th{padding:.1em .2em;font-size:8pt}',
  'tr{break-inside:avoid}h2,h3{break-after:avoid}',
].join('');

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${escaped(block.text)}</p>`;
    case 'choices':
      return `${heading(block.title)}<ul>\n${block.choices.map(choiceText).join('\n')}\n</ul>`;
    case 'table':
      return `${heading(block.title)}${tableText(block.columns, block.rows)}`;
  }
}

const heading = (title: string): string => (title === '' ? '' : `<h3>${escaped(title)}</h3>\n`);

function choiceText({ mark, text, remark }: Choice): string {
  const struck = mark === 'inapplicable' ? ' class="inapplicable"' : '';
  const more = remark === undefined ? '' : `: ${escaped(remark)}`;
  return `<li${struck}><span class="mark">${markText(mark) || '&nbsp;'}</span>${escaped(text)}${more}</li>`;
}

/** Columns from which on a table is set small. */
const WIDE = 10;

function tableText(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  const kind = columns.length >= WIDE ? ' class="wide"' : '';
  const body = rows.map((cells) => line(cells, 'td')).join('\n');
  return `<table${kind}>\n<thead>${line(columns, 'th')}</thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
