import type { NodeAPI } from 'node-red';
import { type Separator, toCsv } from '../../lib/interoperability/csv.js';
import { toHtml } from '../../lib/interoperability/html.js';
import { controllingList, interoperabilityList } from '../../lib/interoperability/list.js';
import { toMarkdown } from '../../lib/interoperability/markdown.js';
import { type PointListFacts, pointList, pointListCsv } from '../../lib/interoperability/point-list.js';
import type { InteroperabilityList } from '../../lib/interoperability/structure.js';
import { ClientHost } from './client-host.js';
import type { ClientStationNode, ServerStationNode } from './contract.js';

type StationNode = ServerStationNode | ClientStationNode;

/** One of a document's formats: what it is as octets, and how it is made. */
interface Format<Facts> {
  readonly type: string;
  write(facts: Facts, separator: Separator): string;
}

const html = 'text/html; charset=utf-8';

const csv = 'text/csv; charset=utf-8';

interface ListFacts {
  readonly commonAddress: number;
  readonly list: InteroperabilityList;
}

const interoperability: Readonly<Record<string, Format<ListFacts>>> = {
  html: { write: ({ list }) => toHtml(list), type: html },
  csv: { write: ({ list }, separator) => toCsv(list, separator), type: csv },
  md: { write: ({ list }) => toMarkdown(list), type: 'text/markdown; charset=utf-8' },
};

const points: Readonly<Record<string, Format<PointListFacts>>> = {
  html: { write: (facts) => toHtml(pointList(facts)), type: html },
  csv: { write: pointListCsv, type: csv },
};

/**
 * Documents that the editor offers of a deployed station, at the admin root: whoever may read may have them.
 * - `GET telecontrol/station/<node id>/interoperability?format=html|csv|md&separator=,|;`
 * - `GET telecontrol/station/<node id>/points?format=html|csv&separator=,|;`
 *
 * 404 unless deployed; the interoperability list, which says what the line does, unless the line has taken the station.
 */
export function serveDocuments(RED: NodeAPI): void {
  serve(RED, 'interoperability', interoperability, listOf);
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

/** The interoperability list of a station that its line has taken; undefined of any other node. */
function listOf(node: StationNode | null): ListFacts | undefined {
  if (stationOf(node) === undefined) return undefined;
  const { host, timeZone = 'utc' } = node as StationNode;
  if (host === undefined || host.refusal !== undefined) return undefined;
  const { lineNumber, port, ports } = host.line;
  const { name, commonAddress, points, syncPeriod } = host.station;
  const common = { name, commonAddress, lineNumber, points, timeZone, syncPeriod };
  if (host instanceof ClientHost) {
    const { parameters } = host.station;
    return { commonAddress, list: controllingList({ ...common, ports, parameters }) };
  }
  const { parameters, balanced, files } = host.station;
  const served = { port, parameters, balanced, files: files !== undefined };
  return { commonAddress, list: interoperabilityList({ ...common, ...served }) };
}
