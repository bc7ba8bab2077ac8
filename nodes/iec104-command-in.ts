import type { Node, NodeAPI, NodeDef } from 'node-red';
import { parseIoa } from '../lib/station/points.js';
import type { ServerStationNode } from './shared/contract.js';
import { operationMessage } from './shared/message.js';
import { ThrottledStatus } from './shared/node-status.js';
import { text } from './shared/property.js';

interface Properties extends NodeDef {
  readonly station?: string;
  readonly ioa?: unknown;
}

export = (RED: NodeAPI): void => {
  function CommandIn(this: Node, properties: Properties): void {
    RED.nodes.createNode(this, properties);
    const status = new ThrottledStatus(this);
    const own = text(properties.ioa);
    const ioa = own === '' ? undefined : parseIoa(own);
    const host = (RED.nodes.getNode(properties.station ?? '') as ServerStationNode | null)?.host;
    const wrong =
      host === undefined
        ? 'station: there is none, or its configuration is wrong'
        : own !== '' && host.station.points.find('in', ioa ?? -1) === undefined
          ? `station ${host.station.name} has no command point with object address ${own}`
          : undefined;
    if (wrong !== undefined || host === undefined) {
      this.error(wrong ?? '');
      status.show({ fill: 'red', shape: 'ring', text: wrong ?? '' });
      return;
    }
    const remove = host.addTaker({
      ioa,
      take: (operation) => {
        const message = operationMessage(operation, host.line.name);
        status.show({ fill: 'green', shape: 'dot', text: `${message.topic}: ${String(message.payload)}` });
        this.send(message);
      },
    });
    this.on('close', (done: () => void) => {
      remove();
      status.close();
      done();
    });
  }

  RED.nodes.registerType('iec104-command-in', CommandIn);
};
