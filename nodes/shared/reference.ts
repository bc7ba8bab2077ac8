import type { Node, NodeAPI } from 'node-red';
import type { LineNode, ServerStationNode } from './contract.js';
import type { LineHost } from './line-host.js';
import { PropertyError, text } from './property.js';
import type { StationHost } from './station-host.js';

/** The line that a property names. @throws PropertyError saying what is there instead */
export function lineOf(RED: NodeAPI, id: unknown): LineHost {
  return hostOf(named(RED, 'line', id, 'tcp-line') as LineNode, 'line');
}

/** The station that a property names. @throws PropertyError saying what is there instead */
export function stationOf(RED: NodeAPI, id: unknown): StationHost {
  return hostOf(named(RED, 'station', id, 'iec104-server-station') as ServerStationNode, 'station');
}

/** Whether a property names a node that exists by now, or names none, which time will not mend. */
export function isThere(RED: NodeAPI, id: unknown): boolean {
  const given = text(id);
  return given === '' || Boolean(RED.nodes.getNode(given));
}

/** Nodes of other packages have a `host` too, so the type counts. */
function named(RED: NodeAPI, property: string, id: unknown, type: string): Node {
  const given = text(id);
  if (given === '') throw new PropertyError(`${property}: none is chosen`);
  const node = RED.nodes.getNode(given) as Node | null | undefined;
  if (!node) throw new PropertyError(`${property}: there is no node "${given.slice(0, 60)}"`);
  if (node.type !== type)
    throw new PropertyError(`${property}: ${node.name || node.id} is no ${type} but ${node.type}`);
  return node;
}

function hostOf<H>(node: Node & { readonly host?: H }, property: string): H {
  if (node.host === undefined)
    throw new PropertyError(`${property}: the configuration of ${node.name || node.id} is wrong`);
  return node.host;
}
