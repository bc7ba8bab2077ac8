import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { Operation } from '../lib/procedures/client.js';
import { parseIoa } from '../lib/station/points.js';
import { operationMessage } from './shared/emission.js';
import { oneOf, PropertyError, text } from './shared/property.js';
import { stationOf } from './shared/reference.js';
import type { StationHost } from './shared/station-host.js';
import { StationStatus } from './shared/station-status.js';

interface Properties extends NodeDef {
  readonly station?: string;
  readonly ioa?: unknown;
  readonly confirm?: unknown;
}

export = (RED: NodeAPI): void => {
  function CommandIn(this: Node, properties: Properties): void {
    RED.nodes.createNode(this, properties);
    const status = new StationStatus(RED, this);
    let leave: ((removed: boolean) => void) | undefined;
    try {
      status.follow(stationOf(RED, properties.station));
      leave = take(this, properties, (operation, host) => {
        const message = operationMessage(operation, host);
        status.show({ fill: 'green', shape: 'dot', text: `${message.topic}: ${String(message.payload)}` });
        this.send(message);
      });
    } catch (error) {
      const wrong = error instanceof Error ? error.message : String(error);
      this.error(wrong);
      status.show({ fill: 'red', shape: 'ring', text: wrong });
    }
    this.on('close', (removed: boolean, done: () => void) => {
      leave?.(removed);
      status.close();
      done();
    });
  }

  /** Takes the commands of the node's point, or of all. @throws PropertyError */
  function take(
    node: Node,
    properties: Properties,
    emit: (operation: Operation, host: StationHost) => void,
  ): (removed: boolean) => void {
    const host = stationOf(RED, properties.station);
    const { station, line } = host;
    const own = text(properties.ioa);
    const ioa = own === '' ? undefined : parseIoa(own);
    if (own !== '' && (ioa === undefined || station.points.find('in', ioa) === undefined))
      throw new PropertyError(`ioa: station ${station.name} has no command point with object address ${own}`);
    const confirm = oneOf('confirm', properties.confirm, 'auto', ['auto', 'flow']);
    const remove = host.addTaker({
      name: node.name || node.id,
      ioa,
      confirm,
      take: (operation) => emit(operation, host),
    });
    return (removed) => {
      remove();
      // Commands wait for the node that follows, instead of being refused.
      if (!removed) line.hold();
    };
  }

  RED.nodes.registerType('iec104-command-in', CommandIn);
};
