import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowNode } from '../node-red/runtime.js';

export const file = join(__dirname, '..', '..', 'examples', 'This computer as a substation.json');

interface Point {
  readonly ioa: number;
  readonly tag: string;
  readonly type: string;
}

export const example = (): FlowNode[] => JSON.parse(readFileSync(file, 'utf8'));

/** The example with its line on another port, so that a test disturbs no other. */
export function exampleOn(port: number): FlowNode[] {
  return example().map((node) => (node.type === 'tcp-line' ? { ...node, port: String(port) } : node));
}

export const points = example().find(({ type }) => type === 'iec104-server-station')?.points as readonly Point[];

/** The object address of a tag. */
export function ioa(tag: string): number {
  const point = points.find((point) => point.tag === tag);
  if (point === undefined) throw new Error(`the example has no point ${tag}`);
  return point.ioa;
}
