import { createHash } from 'node:crypto';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { Content, GivenFile, GivenMaterial, TlsProperties } from '../../lib/line/tls/settings.js';
import { knownText, PropertyError, text, truth } from './property.js';

/** The TLS properties of a line node, as the editor and the environment give them. */
export interface TlsNodeProperties {
  readonly partnerCertificates?: unknown;
  readonly myCertificate?: unknown;
  readonly myKey?: unknown;
  readonly crl?: unknown;
  readonly verifyPartner?: unknown;
  readonly pskIdentity?: unknown;
  readonly tls?: unknown;
  /** Set by the editor when any of the others is: what is left of them in another place must not be plain TCP. */
  readonly tlsRequired?: unknown;
}

/** What Node-RED keeps encrypted. */
export interface LineCredentials {
  readonly preSharedKey?: unknown;
}

/** What we use of Node-RED's own `tls-config`. */
interface TlsConfigNode extends Node {
  readonly valid?: boolean;
  addTLSOptions?(options: Record<string, unknown>): Record<string, unknown>;
}

/**
 * The TLS properties of a line.
 * @throws PropertyError naming the property: what cannot be understood must not be taken for plain TCP
 */
export function tlsProperties(RED: NodeAPI, given: TlsNodeProperties, credentials: LineCredentials): TlsProperties {
  return {
    partnerCertificates: knownText('partnerCertificates', given.partnerCertificates, ''),
    myCertificate: knownText('myCertificate', given.myCertificate, ''),
    myKey: knownText('myKey', given.myKey, ''),
    crl: knownText('crl', given.crl, ''),
    // Left empty it is on, whatever an empty truth is otherwise.
    verifyPartner: truth('verifyPartner', text(given.verifyPartner, 'true')),
    pskIdentity: knownText('pskIdentity', given.pskIdentity, ''),
    preSharedKey: secret(credentials.preSharedKey),
    given: materialOf(RED, knownText('tls', given.tls, '')),
  };
}

/** A password may begin and end with spaces, so it is taken as it is. The message does not show it. */
function secret(given: unknown): string {
  const written = given === undefined || given === null ? '' : String(given);
  // Both forms that Node-RED replaces: what is left was not, and would be a key that stands in the flow file.
  if (/^\$(?:\{\S+\}|\(\S+\))$/.test(written))
    throw new PropertyError('preSharedKey: its environment variable is not set');
  return written;
}

/** The key material of a `tls-config` node, taken as Node-RED's own nodes take it. @throws PropertyError */
function materialOf(RED: NodeAPI, id: string): GivenMaterial | undefined {
  if (id === '') return undefined;
  const node = RED.nodes.getNode(id) as TlsConfigNode | null;
  if (node?.type !== 'tls-config' || node.addTLSOptions === undefined)
    throw new PropertyError(`tls: ${id} is no tls-config node, or it is disabled`);
  const source = `tls-config ${node.name || id}`;
  if (node.valid === false) throw new PropertyError(`tls: ${source} is not valid; its own error says why`);
  const options = node.addTLSOptions({});
  const material = (name: 'cert' | 'key' | 'ca'): Content | GivenFile | undefined => {
    const found = options[name];
    if (found instanceof Uint8Array) return fileOf(RED, node, name) ?? found;
    return typeof found === 'string' && found !== '' ? found : undefined;
  };
  const { passphrase } = options;
  return {
    source,
    certificate: material('cert'),
    key: material('key'),
    authorities: material('ca'),
    password: typeof passphrase === 'string' && passphrase !== '' ? passphrase : undefined,
  };
}

/**
 * The file that a `tls-config` node has read, which the node does not keep: so that it is watched. Undefined where it
 * cannot be known, as within a subflow.
 */
function fileOf(RED: NodeAPI, node: Node, name: 'cert' | 'key' | 'ca'): GivenFile | undefined {
  let written: unknown;
  RED.nodes.eachNode(
    (definition: NodeDef & { readonly cert?: unknown; readonly key?: unknown; readonly ca?: unknown }) => {
      if (definition.id === node.id) written = definition[name];
    },
  );
  const path = text(written);
  const variable = /^\$(?:\{(\S+)\}|\((\S+)\))$/.exec(path);
  const file = variable === null ? path : text(RED.util.getSetting(node, variable[1] ?? variable[2] ?? ''));
  return file === '' ? undefined : { file };
}

/** Stands for the properties, so that a line whose secrets or given certificates have changed is another one. */
export function tlsFingerprint(properties: TlsProperties): string {
  return createHash('sha256').update(JSON.stringify(properties)).digest('hex');
}
