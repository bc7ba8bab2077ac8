import type { Node, NodeAPI, NodeDef } from 'node-red';
import { parseIoa } from '../lib/station/points.js';
import type { WriteInput } from '../lib/station/station.js';
import { countWrites, type Message, writeOf } from './shared/message.js';
import { brief } from './shared/node-status.js';
import { PropertyError, text } from './shared/property.js';
import { stationOf } from './shared/reference.js';
import type { StationHost } from './shared/station-host.js';
import { StationStatus } from './shared/station-status.js';

interface Properties extends NodeDef {
  readonly station?: string;
  readonly ioa?: unknown;
}

/** Errors of one message that are told in full. */
const ERRORS_SHOWN = 5;

export = (RED: NodeAPI): void => {
  function ServerOut(this: Node, properties: Properties): void {
    RED.nodes.createNode(this, properties);
    const status = new StationStatus(RED, this);
    const own = text(properties.ioa);
    try {
      const host = stationOf(RED, properties.station);
      status.follow(host);
      if (own !== '' && host.station.points.find('out', parseIoa(own) ?? -1) === undefined)
        throw new PropertyError(`ioa: station ${host.station.name} has no point to send with object address ${own}`);
    } catch (error) {
      const wrong = error instanceof Error ? error.message : String(error);
      this.error(wrong);
      status.show({ fill: 'red', shape: 'ring', text: wrong });
    }
    this.on('input', (message, send, done) => {
      let host: StationHost;
      try {
        // Found anew each time: a deploy leaves the node as it is where a variable names the station.
        host = stationOf(RED, properties.station);
      } catch (error) {
        return done(error instanceof Error ? error : new Error(String(error)));
      }
      const address = own === '' ? undefined : own;
      const errors: string[] = [];
      let last: WriteInput | undefined;
      let count = 0;
      let wrongs = 0;
      const failed = (error: unknown, place: string): void => {
        if (++wrongs <= ERRORS_SHOWN) errors.push(place + (error instanceof Error ? error.message : String(error)));
      };
      const isMany = Array.isArray(message.payload);
      // What an element throws, even by a getter, must not cost the others.
      const write = (i: number, place: string): void => {
        try {
          last = writeOf(message as Message, i, address, host.station);
          // Of several the outcome says whose it is; a single one is named by the message's other properties.
          const { ioa, tag } = last;
          const which = isMany ? { ...(ioa === undefined ? {} : { ioa }), ...(tag === undefined ? {} : { tag }) } : {};
          host.write(last, (outcome) => send({ ...message, ...which, payload: outcome }));
        } catch (error) {
          failed(error, place);
        }
      };
      try {
        count = countWrites(message as Message);
        for (let i = 0; i < count; i++) write(i, isMany ? `element ${i + 1}: ` : '');
      } catch (error) {
        failed(error, '');
      }
      if (wrongs === 0) {
        const shown = last === undefined ? '' : `${last.tag ?? last.ioa}: ${brief(last.raw ?? last.value)}`;
        status.show({ fill: 'green', shape: 'dot', text: count > 1 ? `${count} · ${shown}` : shown });
        return done();
      }
      status.show({ fill: 'red', shape: 'dot', text: errors[0] ?? '' });
      done(new Error(errors.join('; ') + (wrongs > ERRORS_SHOWN ? `; and ${wrongs - ERRORS_SHOWN} more` : '')));
    });
    this.on('close', (done: () => void) => {
      status.close();
      done();
    });
  }

  RED.nodes.registerType('iec104-server-out', ServerOut);
};
