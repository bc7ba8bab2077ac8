import type { Node, NodeAPI } from 'node-red';
import type { ThrottledStatus } from './node-status.js';
import { listen } from './runtime-events.js';

/**
 * Uses what a property names as long as the node runs, or shows why there is none. Each time the flows start it looks anew:
 * where an environment variable names it, Node-RED puts another in its place and leaves the node as it is.
 * @param find throws when there is none
 * @param use begins it, and knows whether the flows have started; the result ends that
 */
export function useNamed<H>(
  RED: NodeAPI,
  node: Node,
  status: ThrottledStatus,
  find: () => H,
  use: (host: H, hasStarted: boolean) => () => void,
): void {
  let used: H | undefined;
  let wrong = '';
  let end = (): void => {};
  const look = (hasStarted: boolean): void => {
    let found: H | undefined;
    let why = '';
    try {
      found = find();
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
    }
    if (found === used && why === wrong) return;
    end();
    used = found;
    wrong = why;
    if (found !== undefined) {
      end = use(found, hasStarted);
      return;
    }
    node.error(why);
    status.show({ fill: 'red', shape: 'ring', text: why });
  };
  look(false);
  const unlook = listen(RED, 'flows:started', () => look(true));
  node.on('close', (done: () => void) => {
    unlook();
    end();
    status.close();
    done();
  });
}
