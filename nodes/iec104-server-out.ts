import type { Node, NodeAPI, NodeDef } from 'node-red';
import { parseIoa } from '../lib/station/points.js';
import type { ServerStationNode } from './shared/contract.js';
import { type Message, writesOf } from './shared/message.js';
import { ThrottledStatus } from './shared/node-status.js';
import { text } from './shared/property.js';

interface Properties extends NodeDef {
  readonly station?: string;
  readonly ioa?: unknown;
}

/** Errors of one message that are told in full. */
const ERRORS_SHOWN = 5;

export = (RED: NodeAPI): void => {
  function ServerOut(this: Node, properties: Properties): void {
    RED.nodes.createNode(this, properties);
    const status = new ThrottledStatus(this);
    const own = text(properties.ioa);
    const host = (RED.nodes.getNode(properties.station ?? '') as ServerStationNode | null)?.host;
    const wrong =
      host === undefined
        ? 'station: there is none, or its configuration is wrong'
        : own !== '' && host.station.points.find('out', parseIoa(own) ?? -1) === undefined
          ? `station ${host.station.name} has no point to send with object address ${own}`
          : undefined;
    if (wrong !== undefined) {
      this.error(wrong);
      status.show({ fill: 'red', shape: 'ring', text: wrong });
    }
    this.on('input', (message, _send, done) => {
      if (host === undefined) return done(new Error(wrong));
      const errors: string[] = [];
      const writes = writesOf(message as Message, own === '' ? undefined : own, host.station);
      for (const write of writes) {
        try {
          host.write(write);
        } catch (error) {
          errors.push(error instanceof Error ? error.message : String(error));
        }
      }
      if (errors.length === 0) {
        const last = writes.at(-1);
        const shown = last === undefined ? '' : `${last.tag ?? last.ioa}: ${brief(last.value)}`;
        status.show({ fill: 'green', shape: 'dot', text: writes.length > 1 ? `${writes.length} · ${shown}` : shown });
        return done();
      }
      status.show({ fill: 'red', shape: 'dot', text: errors[0] ?? '' });
      const more = errors.length > ERRORS_SHOWN ? `; and ${errors.length - ERRORS_SHOWN} more` : '';
      done(new Error(errors.slice(0, ERRORS_SHOWN).join('; ') + more));
    });
    this.on('close', (done: () => void) => {
      status.close();
      done();
    });
  }

  RED.nodes.registerType('iec104-server-out', ServerOut);
};

function brief(value: unknown): string {
  if (typeof value === 'number' && !Number.isInteger(value)) return value.toPrecision(6);
  return typeof value === 'object' && value !== null ? JSON.stringify(value).slice(0, 40) : String(value).slice(0, 40);
}
