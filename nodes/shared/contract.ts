import type { Node } from 'node-red';
import type { ChannelHost } from './channel-host.js';
import type { ClientHost } from './client-host.js';
import type { KomHost } from './kom-host.js';
import type { LineHost } from './line-host.js';
import type { StationHost } from './station-host.js';

/** What our nodes find of each other by `RED.nodes.getNode`. */

/** A `kom-process` node; without a host its configuration is wrong. */
export interface KomNode extends Node {
  host?: KomHost;
}

/** A `tcp-line` or `tcp-line-redundant` node; without a host its configuration is wrong. */
export interface LineNode extends Node {
  host?: LineHost;
}

/** An `iec104-server-station` node; without a host its configuration is wrong. */
export interface ServerStationNode extends Node {
  host?: StationHost;
  /** The zone of its time tags as configured: `utc`, `local` or minutes east. */
  timeZone?: string;
}

/** An `iec104-client-station` node; without a host its configuration is wrong. */
export interface ClientStationNode extends Node {
  host?: ClientHost;
  /** The zone of its time tags as configured: `utc`, `local` or minutes east. */
  timeZone?: string;
}

/** A `channel` node; without a host its configuration is wrong. */
export interface ChannelNode extends Node {
  host?: ChannelHost;
}
