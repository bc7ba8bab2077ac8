import type { Node, NodeAPI } from 'node-red';
import type { ChannelHost, ChannelStatus } from './channel-host.js';
import { useNamed } from './named-host.js';
import { ThrottledStatus } from './node-status.js';

/**
 * Shows the state of its channel under a node, as long as that runs.
 * @param use begins what the node does with the channel; the result ends that
 */
export function showChannel(
  RED: NodeAPI,
  node: Node,
  find: () => ChannelHost,
  use: (host: ChannelHost) => () => void = () => () => {},
): void {
  const status = new ThrottledStatus(node);
  useNamed(RED, node, status, find, (host) => {
    const stop = use(host);
    const unwatch = host.watch(() => {
      const { reason, sessions } = host.status;
      if (reason !== undefined) return status.show({ fill: 'red', shape: 'ring', text: reason });
      const shape = sessions.length > 0 ? 'dot' : 'ring';
      status.show({ fill: sessions.length > 0 ? 'green' : 'yellow', shape, text: summary(host.status) });
    });
    return () => {
      stop();
      unwatch();
    };
  });

  /** The sessions, who has the device for itself, and what the flow has lost. */
  function summary({ sessions, holder, lost }: ChannelStatus): string {
    const text = (key: string, count = 0): string =>
      RED._(`node-red-contrib-telecontrol/channel:state.${key}`, { count });
    const shown = sessions.map(({ session, remote }) => `${remote}${session === holder ? ' \u25cf' : ''}`);
    if (shown.length === 0) shown.push(text('none'));
    if (lost > 0) shown.push(text('lost', lost));
    return shown.join(' \u00b7 ');
  }
}
