// The type check of these scripts knows the browser; this is what the editor and the scripts themselves add to it.
declare const RED: {
  _(key: string, options?: Record<string, unknown>): string;
  notify(text: string, kind: 'success' | 'warning' | 'error'): unknown;
  actions: { add(name: string, act: () => void): void };
  settings: { get(key: 'auth-tokens'): { access_token?: string } | undefined; apiRootUrl?: string };
  sidebar: { addTab(tab: Record<string, unknown>): void; show(id: string): void };
  editor: { getEditStack(): EditorNode[] };
  user: { hasPermission(permission: string): boolean };
  nodes: {
    node(id: string): EditorNode | null;
    eachConfig(visit: (node: EditorNode) => unknown): void;
  };
};

/** A node as the editor keeps it: its properties beside what the editor adds. */
interface EditorNode {
  id: string;
  type: string;
  name?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the properties are what a flow file says, of any type
  [property: string]: any;
}

interface PointType {
  label: string;
  id: number;
  direction: string;
  /** The type that carries the same without a time tag. */
  untimed: string;
  /** Tag kinds of the original system's documentation, e.g. Dout. */
  tags: string[];
  /** Its points may have a deadband. */
  deadband?: true;
  /** Its points cannot be selected before they are operated. */
  noSbo?: true;
}

/** One row of the point table: what stands in its cells, as text. `rest` is what the table has no column for. */
interface PointRow {
  ioa: string;
  tag: string;
  type: string;
  direction: string;
  groups: string;
  counterGroup: string;
  period: string;
  deadband: string;
  sbo: string;
  feedback: string;
  rest?: Record<string, unknown>;
}

type PointField = Exclude<keyof PointRow, 'rest'>;
type Problem = { field: PointField; message: string };

/** A common address that a line has received. */
interface SeenAddress {
  commonAddress: number;
  count: number;
  /** When it came last, ms since 1970 UTC. */
  at: number;
  objects: number;
}

/** An information object that a line has received, as it came last. */
interface SeenItem {
  ioa: number;
  type: string;
  /** Whether a point can have this type. */
  isPoint: boolean;
  value?: unknown;
  /** The flags that are set. */
  quality: string[];
  /** Of its time tag, ms since 1970 UTC. */
  time?: number;
  timeInvalid: boolean;
  cause: string;
  test: boolean;
  negative: boolean;
  at: number;
  count: number;
}

interface ParameterRow {
  keyword: string;
  name: string;
  /** `station` where each station may have its own value, `line` where the line has one. */
  scope: string;
  unit: string;
  /** `flag`, `number`, `choice` or `text`. */
  kind: string;
  fallback: string;
  low?: number;
  high?: number;
  /** What a choice may be, between commas. */
  words?: string;
}

interface ParameterPart {
  /** What stands in the string for the keyword. */
  given: string;
  /** The keyword of the table; undefined where it has none. */
  keyword?: string | undefined;
  value: string;
}

interface GridColumn {
  field: string;
  title: string;
  hint?: string;
  /** Pixels, of a growing column the least. */
  width: number;
  /** Its share of the room that is left. */
  grow?: number;
  /** A class of its cells: `number`, `centre` or `code`. */
  look?: string;
  isMore?: boolean;
}

/** What a grid asks its owner. Places are those in the owner's rows. */
interface GridOptions<R> {
  label: string;
  /** What stands there when there are no rows. */
  empty: string;
  columns: GridColumn[];
  isReadOnly?: boolean;
  /** Columns that stay in sight. */
  frozen?: string[];
  /** What is copied, and filtered where there is no `filterText`. */
  text(row: R, field: string): string;
  filterText?(row: R, field: string): string;
  show?(cell: HTMLElement, row: R, field: string): void;
  /** What a row is called, where that is not its number. */
  number?(row: R): string;
  problem?(place: number): { field: string; message: string } | undefined;
  /** A row keeps the focus under this name, wherever it moves. */
  identity?(row: R): string;
  editor?(row: R, field: string): HTMLInputElement | HTMLSelectElement;
  commit?(places: number[], field: string, value: string): void;
  append?(field: string): void;
  paste?(text: string): void;
  erase?(): void;
  /** Enter and double click, where nothing is edited. */
  activate?(row: R): void;
  selected?(): void;
  /** A key that the grid has no use for. @returns whether it was used */
  key?(event: KeyboardEvent): boolean;
}

interface Grid<R> {
  element: HTMLElement;
  /** @param isKept whether what the filter has found stays in sight */
  setRows(rows: readonly R[], isKept?: boolean): void;
  setColumns(columns: GridColumn[]): void;
  selection(): { places: number[]; fields: string[]; isWhole: boolean };
  readonly active: { place: number | undefined; field: string; row: R | undefined };
  go(place: number, field: string): void;
  edit(typed?: string): void;
  /** Ends editing and takes what was typed. */
  close(): void;
  redraw(): void;
  /** The rows in sight of the filter, from one on. */
  placesFrom(place: number | undefined): number[];
  /** How many rows the filter lets through. */
  readonly shown: number;
}

/** A frame of the monitor, as the runtime sends it. */
interface ShownFrame {
  number: number;
  at: number;
  line: string;
  remote: string;
  direction: 'sent' | 'received';
  kind: 'I' | 'S' | 'U' | '?' | 'B';
  text: string;
  octets: string;
}

interface Window {
  telecontrol: Telecontrol;
  telecontrolTypes: PointType[];
  telecontrolParameters: Record<string, ParameterRow[]>;
}

// biome-ignore lint/suspicious/noExplicitAny: each script adds its part, in whichever order the editor loads them
type Telecontrol = Record<string, any>;
declare const telecontrol: Telecontrol;
