import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { ServerStationNode } from './shared/contract.js';
import { commandOf } from './shared/message.js';
import { ThrottledStatus } from './shared/node-status.js';

export = (RED: NodeAPI): void => {
  function CommandResponse(this: Node, properties: NodeDef): void {
    RED.nodes.createNode(this, properties);
    const status = new ThrottledStatus(this);
    this.on('input', (message, _send, done) => {
      const { payload } = message;
      try {
        if (payload !== true && payload !== false && payload !== 'terminate')
          throw new Error('the payload is not true (accepted), false (refused) or "terminate"');
        const named = commandOf(message as Readonly<Record<string, unknown>>);
        const host = named && (RED.nodes.getNode(named.station) as ServerStationNode | null)?.host;
        if (named === undefined || !host)
          throw new Error(
            'msg.iec104.command names no command: it stands in messages of iec104-command-in with confirm: flow',
          );
        host.answer(named.command, payload);
        status.show({ fill: payload === false ? 'yellow' : 'green', shape: 'dot', text: RED._(`answer.${payload}`) });
        done();
      } catch (error) {
        status.show({ fill: 'red', shape: 'dot', text: error instanceof Error ? error.message : String(error) });
        done(error instanceof Error ? error : new Error(String(error)));
      }
    });
    this.on('close', (done: () => void) => {
      status.close();
      done();
    });
  }

  RED.nodes.registerType('iec104-command-response', CommandResponse);
};
