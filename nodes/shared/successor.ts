import type { Node, NodeAPI } from 'node-red';
import { whenStarted } from './runtime-events.js';

/**
 * Calls with the node that has followed one that a deploy has closed: at once, or when the flows have started. Of one that
 * is not there any more, or is another, nothing comes.
 */
export function whenRunning(RED: NodeAPI, { id, type }: Node, call: (successor: Node) => void): void {
  const find = (): boolean => {
    const found = RED.nodes.getNode(id) as Node | null;
    if (found?.type !== type) return false;
    call(found);
    return true;
  };
  if (!find()) whenStarted(RED, find);
}
