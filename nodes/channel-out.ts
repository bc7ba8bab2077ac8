import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { ChannelHost } from './shared/channel-host.js';
import { showChannel } from './shared/channel-status.js';
import { PropertyError } from './shared/property.js';
import { channelOf } from './shared/reference.js';

interface Properties extends NodeDef {
  readonly channel?: string;
}

export = (RED: NodeAPI): void => {
  function ChannelOut(this: Node, properties: Properties): void {
    RED.nodes.createNode(this, properties);
    const find = (): ChannelHost => channelOf(RED, properties.channel);
    showChannel(RED, this, find);
    this.on('input', (message, _send, done) => {
      try {
        const octets = octetsOf(message.payload);
        // Found anew each time: a channel that was wrong may have been put right.
        if (octets.length > 0) find().send(octets);
        done();
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  RED.nodes.registerType('channel-out', ChannelOut);
};

/** @throws PropertyError */
function octetsOf(payload: unknown): Uint8Array {
  if (typeof payload === 'string') return Buffer.from(payload, 'utf8');
  if (payload instanceof Uint8Array) return payload;
  throw new PropertyError(`payload: ${payload === null ? 'null' : typeof payload} is neither a Buffer nor a string`);
}
