import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { showChannel } from './shared/channel-status.js';
import { channelOf } from './shared/reference.js';

interface Properties extends NodeDef {
  readonly channel?: string;
}

export = (RED: NodeAPI): void => {
  function ChannelIn(this: Node, properties: Properties): void {
    RED.nodes.createNode(this, properties);
    showChannel(
      RED,
      this,
      () => channelOf(RED, properties.channel),
      (host) =>
        host.addTaker(({ octets, session, remote }) =>
          this.send({ topic: host.name, payload: Buffer.from(octets), channel: { session, remote } } as NodeMessage),
        ),
    );
  }

  RED.nodes.registerType('channel-in', ChannelIn);
};
