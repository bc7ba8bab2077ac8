// The type check of these scripts knows the browser; this is what the editor and the scripts themselves add to it.
declare const RED: {
  _(key: string, options?: Record<string, unknown>): string;
  notify(text: string, kind: 'success' | 'warning' | 'error'): unknown;
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

interface Window {
  telecontrol: Telecontrol;
  telecontrolTypes: PointType[];
}

// biome-ignore lint/suspicious/noExplicitAny: each script adds its part, in whichever order the editor loads them
type Telecontrol = Record<string, any>;
declare const telecontrol: Telecontrol;
