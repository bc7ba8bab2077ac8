import type { Node, NodeAPI } from 'node-red';
import type { ChannelHost } from './channel-host.js';
import type { ClientHost } from './client-host.js';
import type { ChannelNode, ClientStationNode, KomNode, LineNode, ServerStationNode } from './contract.js';
import type { KomHost } from './kom-host.js';
import type { LineHost } from './line-host.js';
import { PropertyError, text } from './property.js';
import type { StationHost } from './station-host.js';

/** Lines that connect may be of both types. */
export const anyLine = ['tcp-line', 'tcp-line-redundant'] as const;

/** The line that a property names. @throws PropertyError saying what is there instead */
export function lineOf(RED: NodeAPI, id: unknown, types: readonly string[] = anyLine): LineHost {
  return hostOf(named(RED, 'line', id, types) as LineNode, 'line');
}

/** The communication process that a property names. @throws PropertyError saying what is there instead */
export function komOf(RED: NodeAPI, id: unknown): KomHost {
  return hostOf(named(RED, 'kom', id, ['kom-process']) as KomNode, 'kom');
}

/** The server station that a property names. @throws PropertyError saying what is there instead */
export function stationOf(RED: NodeAPI, id: unknown): StationHost {
  return hostOf(named(RED, 'station', id, ['iec104-server-station']) as ServerStationNode, 'station');
}

/** The client station that a property names. @throws PropertyError saying what is there instead */
export function clientStationOf(RED: NodeAPI, id: unknown): ClientHost {
  return hostOf(named(RED, 'station', id, ['iec104-client-station']) as ClientStationNode, 'station');
}

/** The channel that a property names. @throws PropertyError saying what is there instead */
export function channelOf(RED: NodeAPI, id: unknown): ChannelHost {
  return hostOf(named(RED, 'channel', id, ['channel']) as ChannelNode, 'channel');
}

/**
 * The id that `line` or `redundantLine` names: a line of either type, by one of them.
 * @throws PropertyError when both do
 */
export function lineId(properties: { readonly line?: unknown; readonly redundantLine?: unknown }): string {
  const line = text(properties.line);
  const redundant = text(properties.redundantLine);
  if (line !== '' && redundant !== '' && line !== redundant)
    throw new PropertyError('line, redundantLine: only one of them may be chosen');
  return line === '' ? redundant : line;
}

/** Whether a property names a node that exists by now, or names none, which time will not mend. */
export function isThere(RED: NodeAPI, id: unknown): boolean {
  const given = text(id);
  return given === '' || Boolean(RED.nodes.getNode(given));
}

/** Nodes of other packages have a `host` too, so the type counts. */
function named(RED: NodeAPI, property: string, id: unknown, types: readonly string[]): Node {
  const given = text(id);
  if (given === '') throw new PropertyError(`${property}: none is chosen`);
  const node = RED.nodes.getNode(given) as Node | null | undefined;
  if (!node) throw new PropertyError(`${property}: there is no node "${given.slice(0, 60)}"`);
  if (!types.includes(node.type))
    throw new PropertyError(`${property}: ${node.name || node.id} is no ${types.join(' or ')} but ${node.type}`);
  return node;
}

function hostOf<H>(node: Node & { readonly host?: H }, property: string): H {
  if (node.host === undefined)
    throw new PropertyError(`${property}: the configuration of ${node.name || node.id} is wrong`);
  return node.host;
}
