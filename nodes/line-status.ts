import type { Node, NodeAPI, NodeDef, NodeStatusFill } from 'node-red';
import type { LineStatus } from '../lib/server/status.js';
import type { LineNode } from './shared/contract.js';
import { ThrottledStatus } from './shared/node-status.js';

interface Properties extends NodeDef {
  readonly line?: string;
}

export = (RED: NodeAPI): void => {
  function LineStatusNode(this: Node, properties: Properties): void {
    RED.nodes.createNode(this, properties);
    const status = new ThrottledStatus(this);
    const host = (RED.nodes.getNode(properties.line ?? '') as LineNode | null)?.host;
    if (host === undefined) {
      const wrong = 'line: there is none, or its configuration is wrong';
      this.error(wrong);
      status.show({ fill: 'red', shape: 'ring', text: wrong });
    }
    const unwatch = host?.watch((line) => {
      status.show({ fill: colour(line), shape: line.flags === '' ? 'ring' : 'dot', text: summary(line) });
      this.send({ topic: host.name, payload: line });
    });
    this.on('input', (message, _send, done) => {
      const { payload } = message;
      if (host === undefined) return done(new Error('there is no line'));
      const remote: unknown =
        typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>).disconnect : undefined;
      if (typeof remote !== 'string')
        return done(new Error('the payload is none that a line takes: {disconnect: "address:port"}'));
      if (host.disconnect(remote) > 0) return done();
      done(new Error(`no connection from ${remote.slice(0, 60)} on line ${host.name}`));
    });
    this.on('close', (done: () => void) => {
      unwatch?.();
      status.close();
      done();
    });
  }

  /** State, number of clients and flags; translated as the rest of the node. */
  function summary(line: LineStatus): string {
    const state = RED._(`state.${line.state}`);
    if (line.reason !== undefined) return `${state}: ${line.reason}`;
    const count = line.connections.length;
    return count === 0 ? state : `${RED._('clients', { count })} ${line.flags}`.trim();
  }

  RED.nodes.registerType('line-status', LineStatusNode);
};

function colour({ state, flags }: LineStatus): NodeStatusFill {
  if (state === 'error') return 'red';
  if (state === 'closed' || state === 'passive') return 'grey';
  return flags === '' ? 'yellow' : 'green';
}
