import type { Point, PointTable } from '../station/points.js';
import { csvText, type Separator } from './csv.js';
import type { InteroperabilityList, Section } from './structure.js';

/** What a point list says of a station is worked out from these. */
export interface PointListFacts {
  readonly name: string;
  /** 1..65534 */
  readonly commonAddress: number;
  readonly points: PointTable;
}

interface Column {
  readonly title: string;
  /** Stands in every list; the others where some point has them. */
  readonly always: boolean;
  cell(point: Point): string;
}

const unless = (value: number, none: number): string => (value === none ? '' : String(value));

function groupsOf({ groups }: Point): string {
  return Array.from({ length: 16 }, (_, i) => i + 1)
    .filter((group) => (groups & (1 << (group - 1))) !== 0)
    .join(' ');
}

const columns: readonly Column[] = [
  { title: 'Object address', always: true, cell: ({ ioa }) => String(ioa) },
  { title: 'Hexadecimal', always: true, cell: ({ ioa }) => `#${ioa.toString(16).toUpperCase()}` },
  { title: 'Tag', always: true, cell: ({ tag }) => tag ?? '' },
  { title: 'Type', always: true, cell: ({ row }) => row.label },
  { title: 'Type identification', always: true, cell: ({ row }) => String(row.id) },
  { title: 'Meaning', always: true, cell: ({ row }) => row.text },
  { title: 'Information elements', always: true, cell: ({ row }) => row.elements.map(({ name }) => name).join(' ') },
  { title: 'Groups', always: false, cell: groupsOf },
  { title: 'Counter group', always: false, cell: ({ counterGroup }) => unless(counterGroup, 0) },
  { title: 'Period (s)', always: false, cell: ({ period }) => unless(period, 0) },
  { title: 'Deadband', always: false, cell: ({ deadband }) => unless(deadband, 0) },
  { title: 'Select before operate', always: false, cell: ({ sbo }) => (sbo ? 'yes' : '') },
  {
    title: 'Feedback address',
    always: false,
    cell: ({ feedback }) => (feedback === undefined ? '' : String(feedback)),
  },
];

const usedBy = (points: readonly Point[]): readonly Column[] =>
  columns.filter(({ always, cell }) => always || points.some((point) => cell(point) !== ''));

/** What it sends stands before what it receives, each by ascending address. */
const allOf = ({ points }: PointListFacts): readonly Point[] => [...points.out, ...points.in];

/** The points of a station as a document for those at the other end: what it sends, and what it receives. */
export function pointList(facts: PointListFacts): InteroperabilityList {
  const { name, commonAddress, points } = facts;
  const used = usedBy(allOf(facts));
  const section = (clause: string, title: string, listed: readonly Point[]): Section => ({
    clause,
    title,
    blocks: [
      { kind: 'text', text: listed.length === 0 ? 'None.' : `Number: ${listed.length}.` },
      ...(listed.length === 0
        ? []
        : [
            {
              kind: 'table' as const,
              title: '',
              columns: used.map((column) => column.title),
              rows: listed.map((point) => used.map(({ cell }) => cell(point))),
            },
          ]),
    ],
  });
  return {
    title: `Point list: ${name}, common address ${commonAddress}`,
    introduction:
      'Information objects of IEC 60870-5-104 with their object address, type identification and elements, as seen from this station.',
    sections: [section('1', 'Sent', points.out), section('2', 'Received', points.in)],
  };
}

/** The same as one table for spreadsheets. */
export function pointListCsv(facts: PointListFacts, separator: Separator = ','): string {
  const points = allOf(facts);
  const used = usedBy(points);
  const head = ['Common address', 'Direction', ...used.map(({ title }) => title)];
  const rows = points.map((point) => [
    String(facts.commonAddress),
    point.direction,
    ...used.map(({ cell }) => cell(point)),
  ]);
  return csvText([head, ...rows], separator);
}
