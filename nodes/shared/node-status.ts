import type { Node, NodeStatus } from 'node-red';

/** ms between two updates: more would flood every open editor. */
const PAUSE = 500;

/** Shows the state of a node, at most twice a second; the last one always comes through. */
export class ThrottledStatus {
  private timer: NodeJS.Timeout | undefined;
  private waiting: NodeStatus | undefined;

  constructor(private readonly node: Node) {}

  show(status: NodeStatus): void {
    if (this.timer !== undefined) {
      this.waiting = status;
      return;
    }
    this.node.status(status);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      const next = this.waiting;
      this.waiting = undefined;
      if (next !== undefined) this.show(next);
    }, PAUSE);
    this.timer.unref();
  }

  close(): void {
    clearTimeout(this.timer);
    this.waiting = undefined;
  }
}

/** A value as the status shows it. Of an object only that it is one: what was accepted may still not be JSON. */
export function brief(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toPrecision(6);
  return typeof value === 'boolean' ? String(value) : '{…}';
}
