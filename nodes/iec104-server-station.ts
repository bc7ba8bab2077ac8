import type { NodeAPI } from 'node-red';
import { parseParameters } from '../lib/station/parameters.js';
import { Station } from '../lib/station/station.js';
import type { ServerStationNode } from './shared/contract.js';
import { serveDocuments } from './shared/documents.js';
import { fileDirectory } from './shared/file-directory.js';
import type { LineHost } from './shared/line-host.js';
import { fingerprint, oneOf, text, truth } from './shared/property.js';
import { isThere, lineOf } from './shared/reference.js';
import { StationHost } from './shared/station-host.js';
import { attachMember } from './shared/station-node.js';
import { definedBy, type StationNodeProperties, stationProperties, userDir } from './shared/station-properties.js';

interface Properties extends StationNodeProperties {
  readonly clock?: unknown;
  readonly files?: unknown;
  readonly balanced?: unknown;
}

export = (RED: NodeAPI): void => {
  function ServerStation(this: ServerStationNode, properties: Properties): void {
    RED.nodes.createNode(this, properties);
    this.timeZone = text(properties.timeZone, 'utc').toLowerCase();
    attachMember(RED, this, properties.line, () => hostOf(this, properties));
  }

  function hostOf(node: ServerStationNode, properties: Properties): StationHost {
    const findLine = (): LineHost => lineOf(RED, properties.line, ['tcp-line']);
    // Now, if it is there: then nothing else is looked at.
    if (isThere(RED, properties.line)) findLine();
    const defined = definedBy(node, parseParameters(text(properties.parameters)));
    const clock = oneOf('clock', properties.clock, 'system', ['system', 'master']);
    const balanced = truth('balanced', properties.balanced);
    const role = balanced ? 'balanced' : 'server';
    const { configuration, made } = stationProperties(RED, node, properties, role);
    const files = fileDirectory(text(properties.files), userDir(RED), (problem) => node.error(problem));
    const station = new Station({ ...configuration, balanced, files });
    const same = fingerprint([...made, properties.files]);
    return new StationHost(node.id, station, same, defined, findLine, clock === 'master', (why) => node.error(why));
  }

  serveDocuments(RED);
  RED.nodes.registerType('iec104-server-station', ServerStation);
};
