import type { NodeAPI } from 'node-red';
import type { StationFacts } from '../../lib/interoperability/facts.js';
import { toHtml } from '../../lib/interoperability/html.js';
import { interoperabilityList } from '../../lib/interoperability/list.js';
import { toMarkdown } from '../../lib/interoperability/markdown.js';
import type { ServerStationNode } from './contract.js';

/** Documents that the editor offers of a deployed station, at the admin root: whoever may read may have them. */

const formats = {
  html: { write: toHtml, type: 'text/html; charset=utf-8' },
  md: { write: toMarkdown, type: 'text/markdown; charset=utf-8' },
} as const;

const isFormat = (given: unknown): given is keyof typeof formats =>
  typeof given === 'string' && Object.hasOwn(formats, given);

/** `GET telecontrol/station/<node id>/interoperability?format=html|md`: the list as a download; 404 unless deployed. */
export function serveDocuments(RED: NodeAPI): void {
  const mayRead = RED.auth.needsPermission('telecontrol.read');
  RED.httpAdmin.get('/telecontrol/station/:id/interoperability', mayRead, (request, response) => {
    const facts = factsOf(RED.nodes.getNode(String(request.params.id)) as ServerStationNode | null);
    const format = request.query.format ?? 'html';
    if (facts === undefined) return void response.status(404).json({ error: 'there is no such station' });
    if (!isFormat(format)) return void response.status(400).json({ error: 'format is html or md' });
    const { write, type } = formats[format];
    response.attachment(`interoperability-${facts.commonAddress}.${format}`);
    response.set('Content-Type', type);
    // What a user named a station must not become a page of the editor's origin, even when opened there.
    response.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    response.set('X-Content-Type-Options', 'nosniff');
    // After the next deploy it may say something else.
    response.set('Cache-Control', 'no-store');
    response.send(write(interoperabilityList(facts)));
  });
}

/** What is known of a station that runs; undefined of any other node. */
function factsOf(node: ServerStationNode | null): StationFacts | undefined {
  const host = node?.type === 'iec104-server-station' ? node.host : undefined;
  if (host === undefined) return undefined;
  const { station, line } = host;
  const { name, commonAddress, points, parameters, syncPeriod, balanced } = station;
  const { port, lineNumber } = line;
  const files = station.files !== undefined;
  const timeZone = node?.timeZone ?? 'utc';
  return { name, commonAddress, lineNumber, port, points, parameters, timeZone, syncPeriod, balanced, files };
}
