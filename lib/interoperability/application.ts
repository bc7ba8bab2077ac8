import { causeName } from '../asdu/cause.js';
import { type Direction, type TypeRow, types } from '../asdu/types.js';
import type { CommonFacts } from './facts.js';
import { type Block, markText, type Section } from './structure.js';
import type { TypeUsage } from './usage.js';

/** Clause 9.5: how application data are laid out, and which types are transmitted with which causes. */

/** The selections of the standard, in its order. */
const selections: readonly { readonly direction: Direction; readonly title: string }[] = [
  { direction: 'monitor', title: 'Process information in monitor direction' },
  { direction: 'control', title: 'Process information in control direction' },
  { direction: 'initialization', title: 'System information in monitor direction' },
  { direction: 'system', title: 'System information in control direction' },
  { direction: 'parameter', title: 'Parameter in control direction' },
  { direction: 'file', title: 'File transfer' },
];

const single = (id: number): { readonly title: string; readonly causes: readonly number[] } => ({
  title: String(id),
  causes: [id],
});
const span = (first: number, last: number): { readonly title: string; readonly causes: readonly number[] } => ({
  title: `${first}–${last}`,
  causes: Array.from({ length: last - first + 1 }, (_, i) => first + i),
});

/** The columns of the table of types and causes. */
const causeColumns = [
  ...Array.from({ length: 13 }, (_, i) => single(i + 1)),
  single(20),
  span(21, 36),
  single(37),
  span(38, 41),
  ...[44, 45, 46, 47].map(single),
];

/** @param originators whose originator address stands in what is sent */
export function applicationSection(facts: CommonFacts, usage: TypeUsage, originators: string): Section {
  return {
    clause: '9.5',
    title: 'Application layer',
    blocks: [
      {
        kind: 'choices',
        title: 'Transmission mode for application data',
        choices: [{ mark: 'used', text: 'Mode 1: least significant octet first (IEC 60870-5-4, 4.10)' }],
      },
      {
        kind: 'choices',
        title: 'Common address of ASDU',
        choices: [{ mark: 'used', text: 'two octets', remark: `this station: ${facts.commonAddress}` }],
      },
      {
        kind: 'choices',
        title: 'Information object address',
        choices: [
          { mark: 'used', text: 'three octets', remark: addressRange(facts) },
          { mark: 'used', text: 'unstructured' },
          { mark: 'supported', text: 'structured', remark: 'as the addresses of the points are chosen' },
        ],
      },
      {
        kind: 'choices',
        title: 'Cause of transmission',
        choices: [
          {
            mark: 'used',
            text: 'two octets (with originator address)',
            remark: originators,
          },
        ],
      },
      {
        kind: 'choices',
        title: 'Length of APDU',
        choices: [
          { mark: 'used', text: 'maximum 253 octets in control direction' },
          { mark: 'used', text: 'maximum 253 octets in monitor direction' },
        ],
      },
      ...selections.map(({ direction, title }) => selection(direction, title, usage)),
      assignments(usage),
      { kind: 'text', text: `Causes: ${causeLegend()}.` },
    ],
  };
}

const rowsOf = (direction: Direction): readonly TypeRow[] =>
  Object.values(types).filter((row) => row.direction === direction);

function selection(direction: Direction, title: string, usage: TypeUsage): Block {
  const withPoints = direction === 'monitor' || direction === 'control';
  return {
    kind: 'table',
    title: `Selection of standard ASDUs: ${title}`,
    columns: ['', 'Type', 'Label', 'Meaning', ...(withPoints ? ['Points'] : [])],
    rows: rowsOf(direction).map((row) => {
      const count = usage.points(row);
      const { id, label, text } = row;
      const points = withPoints ? [count > 0 ? String(count) : ''] : [];
      return [markText(usage.ofType(row)), `<${id}>`, label, `${text}${id > 127 ? ' (private range)' : ''}`, ...points];
    }),
  };
}

function assignments(usage: TypeUsage): Block {
  const rows = selections
    .flatMap(({ direction }) => rowsOf(direction))
    .filter((row) => usage.supports(row) || usage.ofType(row) !== 'unsupported');
  return {
    kind: 'table',
    title: 'Type identification and cause of transmission assignments',
    columns: ['Type', 'Label', ...causeColumns.map(({ title }) => title)],
    rows: rows.map((row) => [
      `<${row.id}>`,
      row.label,
      ...causeColumns.map(({ causes }) => markText(usage.ofCauses(row, causes))),
    ]),
  };
}

function causeLegend(): string {
  return causeColumns
    .map(({ title, causes: [first = 0, ...others] }) => {
      const name = causeName(first);
      return `${title} ${others.length > 0 ? `groups of ${name.replace(/-group-\d+$/, '')}` : name}`;
    })
    .join(', ');
}

function addressRange({ points }: CommonFacts): string {
  const addresses = [...points.out, ...points.in].map(({ ioa }) => ioa);
  // Not by Math.min(...): a station may have more points than a call may have arguments.
  const lowest = addresses.reduce((least, ioa) => Math.min(least, ioa), Infinity);
  const highest = addresses.reduce((most, ioa) => Math.max(most, ioa), 0);
  return addresses.length === 0 ? 'no points' : `${addresses.length} points, ${lowest} to ${highest}`;
}
