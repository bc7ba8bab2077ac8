import type { NodeAPI } from 'node-red';
import { ClientStation } from '../lib/client/client-station.js';
import { clientParameters, parseParameters } from '../lib/station/parameters.js';
import { ClientHost, forgetLeft } from './shared/client-host.js';
import type { ClientStationNode } from './shared/contract.js';
import type { LineHost } from './shared/line-host.js';
import { fingerprint, text } from './shared/property.js';
import { isThere, lineId, lineOf } from './shared/reference.js';
import { listen } from './shared/runtime-events.js';
import { attachMember } from './shared/station-node.js';
import { definedBy, type StationNodeProperties, stationProperties } from './shared/station-properties.js';

interface Properties extends StationNodeProperties {
  readonly redundantLine?: string;
}

export = (RED: NodeAPI): void => {
  function ClientStationNode(this: ClientStationNode, properties: Properties): void {
    RED.nodes.createNode(this, properties);
    this.timeZone = text(properties.timeZone, 'utc').toLowerCase();
    attachMember(RED, this, properties.line || properties.redundantLine, () => hostOf(this, properties));
  }

  function hostOf(node: ClientStationNode, properties: Properties): ClientHost {
    const id = lineId(properties);
    const findLine = (): LineHost => lineOf(RED, id);
    // Now, if it is there: then nothing else is looked at.
    if (isThere(RED, id)) findLine();
    const defined = definedBy(node, parseParameters(text(properties.parameters), clientParameters));
    const { configuration, made } = stationProperties(RED, node, properties, 'client');
    const station = new ClientStation(configuration);
    return new ClientHost(node.id, station, fingerprint(made), defined, findLine, (why) => node.error(why));
  }

  listen(RED, 'flows:started', forgetLeft);
  RED.nodes.registerType('iec104-client-station', ClientStationNode);
};
