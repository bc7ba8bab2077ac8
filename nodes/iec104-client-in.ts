import type { Node, NodeAPI, NodeDef } from 'node-red';
import { parseIoa } from '../lib/station/points.js';
import { type ReceivedValue, valuesLeft } from './shared/client-host.js';
import { receptionMessage } from './shared/emission.js';
import { brief } from './shared/node-status.js';
import { PropertyError, text } from './shared/property.js';
import { clientStationOf } from './shared/reference.js';
import { whenStarted } from './shared/runtime-events.js';
import { StationStatus } from './shared/station-status.js';

interface Properties extends NodeDef {
  readonly station?: string;
  readonly ioa?: unknown;
}

export = (RED: NodeAPI): void => {
  function ClientIn(this: Node, properties: Properties): void {
    RED.nodes.createNode(this, properties);
    const status = new StationStatus(RED, this);
    let leave: (() => void) | undefined;
    try {
      status.follow(clientStationOf(RED, properties.station));
      leave = take(properties, (reception, line) => {
        const message = receptionMessage(reception, line);
        const { quality } = message.iec104;
        status.show({
          fill: quality.invalid || quality.notTopical ? 'yellow' : 'green',
          shape: quality.notTopical ? 'ring' : 'dot',
          text: `${message.topic}: ${brief(message.payload)}`,
        });
        this.send(message);
      });
    } catch (error) {
      const wrong = error instanceof Error ? error.message : String(error);
      this.error(wrong);
      status.show({ fill: 'red', shape: 'ring', text: wrong });
      // Whoever has had values from here is to know that there is nobody any more who brings them.
      leave = whenStarted(RED, () => {
        const own = text(properties.ioa);
        for (const { reception, line } of valuesLeft(text(properties.station)))
          if (own === '' || parseIoa(own) === reception.point.ioa) this.send(receptionMessage(reception, line));
      });
    }
    this.on('close', (done: () => void) => {
      leave?.();
      status.close();
      done();
    });
  }

  /** Takes the values of the node's point, or of all. @throws PropertyError */
  function take(properties: Properties, emit: (reception: ReceivedValue, line: string) => void): () => void {
    const host = clientStationOf(RED, properties.station);
    const own = text(properties.ioa);
    const ioa = own === '' ? undefined : parseIoa(own);
    if (own !== '' && (ioa === undefined || host.station.points.find('in', ioa) === undefined))
      throw new PropertyError(
        `ioa: station ${host.station.name} has no point to receive with object address ${own.slice(0, 40)}`,
      );
    return host.addTaker({ ioa, take: emit });
  }

  RED.nodes.registerType('iec104-client-in', ClientIn);
};
