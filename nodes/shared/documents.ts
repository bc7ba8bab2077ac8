import type { NodeAPI } from 'node-red';
import type { StationFacts } from '../../lib/interoperability/facts.js';
import { toHtml } from '../../lib/interoperability/html.js';
import { interoperabilityList } from '../../lib/interoperability/list.js';
import { toMarkdown } from '../../lib/interoperability/markdown.js';
import { type PointListFacts, pointList, pointListCsv } from '../../lib/interoperability/point-list.js';
import type { ClientStationNode, ServerStationNode } from './contract.js';

type StationNode = ServerStationNode | ClientStationNode;

/** One of a document's formats: what it is as octets, and how it is made. */
interface Format<Facts> {
  readonly type: string;
  write(facts: Facts, separator: ',' | ';'): string;
}

const html = 'text/html; charset=utf-8';

const interoperability: Readonly<Record<string, Format<StationFacts>>> = {
  html: { write: (facts) => toHtml(interoperabilityList(facts)), type: html },
  md: { write: (facts) => toMarkdown(interoperabilityList(facts)), type: 'text/markdown; charset=utf-8' },
};

const points: Readonly<Record<string, Format<PointListFacts>>> = {
  html: { write: (facts) => toHtml(pointList(facts)), type: html },
  csv: { write: pointListCsv, type: 'text/csv; charset=utf-8' },
};

/**
 * Documents that the editor offers of a deployed station, at the admin root: whoever may read may have them.
 * - `GET telecontrol/station/<node id>/interoperability?format=html|md`, of a server station
 * - `GET telecontrol/station/<node id>/points?format=html|csv&separator=,|;`
 *
 * 404 unless deployed.
 */
export function serveDocuments(RED: NodeAPI): void {
  serve(RED, 'interoperability', interoperability, factsOf);
  serve(RED, 'points', points, (node) => stationOf(node));
}

function serve<Facts extends { readonly commonAddress: number }>(
  RED: NodeAPI,
  name: string,
  formats: Readonly<Record<string, Format<Facts>>>,
  factsOfNode: (node: StationNode | null) => Facts | undefined,
): void {
  const mayRead = RED.auth.needsPermission('telecontrol.read');
  RED.httpAdmin.get(`/telecontrol/station/:id/${name}`, mayRead, (request, response) => {
    const facts = factsOfNode(RED.nodes.getNode(String(request.params.id)) as StationNode | null);
    const given = String(request.query.format ?? 'html');
    const format = Object.hasOwn(formats, given) ? formats[given] : undefined;
    if (facts === undefined) return void response.status(404).json({ error: 'there is no such station' });
    if (format === undefined)
      return void response.status(400).json({ error: `format is ${Object.keys(formats).join(' or ')}` });
    response.attachment(`${name}-${facts.commonAddress}.${given}`);
    response.set('Content-Type', format.type);
    // What a user named a station must not become a page of the editor's origin, even when opened there.
    response.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    response.set('X-Content-Type-Options', 'nosniff');
    // After the next deploy it may say something else.
    response.set('Cache-Control', 'no-store');
    response.send(format.write(facts, request.query.separator === ';' ? ';' : ','));
  });
}

/** The station of a node that runs; undefined of any other node. */
function stationOf(node: StationNode | null): PointListFacts | undefined {
  return node !== null && /^iec104-(server|client)-station$/.test(node.type) ? node.host?.station : undefined;
}

/** What is known of a server station that runs; undefined of any other node. */
function factsOf(node: StationNode | null): StationFacts | undefined {
  if (node?.type !== 'iec104-server-station') return undefined;
  const { host, timeZone = 'utc' } = node as ServerStationNode;
  if (host === undefined) return undefined;
  const { station, line } = host;
  const { name, commonAddress, points, parameters, syncPeriod, balanced } = station;
  const { port, lineNumber } = line;
  const files = station.files !== undefined;
  return { name, commonAddress, lineNumber, port, points, parameters, timeZone, syncPeriod, balanced, files };
}
