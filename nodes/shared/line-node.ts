import type { NodeAPI, NodeDef } from 'node-red';
import { type TlsProperties, tlsSettings } from '../../lib/line/tls/settings.js';
import type { LogLevel } from '../../lib/link/line-log.js';
import type { LineNode } from './contract.js';
import { LineHost } from './line-host.js';
import type { LineProperties } from './line-service.js';
import { adopt, park } from './parked-lines.js';
import { fingerprint, PropertyError, text, truth, wholeNumber } from './property.js';
import { userDir } from './station-properties.js';
import { type LineCredentials, type TlsNodeProperties, tlsFingerprint, tlsProperties } from './tls-properties.js';

/** The properties that lines of both types have, as the editor and the environment give them. */
export interface LineNodeProperties extends NodeDef, TlsNodeProperties {
  readonly lineNumber?: unknown;
}

/** What this version does not do. A line that is one of several must not open as if it were not. */
const unavailable = ['kom'] as const;

/**
 * Registers a type of line nodes.
 * @param pathsOf where a line listens or connects; throws PropertyError
 */
export function registerLine<P extends LineNodeProperties>(
  RED: NodeAPI,
  type: string,
  pathsOf: (properties: P) => LineProperties['paths'],
): void {
  function Line(this: LineNode & { readonly credentials?: LineCredentials }, properties: P): void {
    RED.nodes.createNode(this, properties);
    let same: string;
    let line: LineHost;
    try {
      const secure = tlsProperties(RED, properties, this.credentials ?? {});
      const configuration = configurationOf(properties, secure);
      const { tls: _, ...plain } = configuration;
      same = fingerprint([type, ...Object.values(plain), tlsFingerprint(secure)]);
      line = hostOf(this, configuration, same);
    } catch (error) {
      this.error(error instanceof Error ? error.message : String(error));
      // A line that the node before has left has nobody to go to.
      adopt(this.id, '');
      return;
    }
    this.host = line;
    const settle = (): void => {
      line.settle().catch((error) => this.error(String(error)));
    };
    RED.events.on('flows:started', settle);
    this.on('close', (removed: boolean, done: () => void) => {
      RED.events.removeListener('flows:started', settle);
      if (removed) {
        line.close().then(done, done);
      } else {
        park(RED, this.id, same, line);
        done();
      }
    });
  }

  /** @throws PropertyError */
  function configurationOf(properties: P, secure: TlsProperties): Omit<LineProperties, 'id'> {
    for (const property of unavailable)
      if (text((properties as Readonly<Record<string, unknown>>)[property]) !== '')
        throw new PropertyError(`${property}: not available in this version; the line does not open without it`);
    const paths = pathsOf(properties);
    const lineNumber = wholeNumber('lineNumber', properties.lineNumber, 0, 0, 255);
    const tls = tlsSettings(secure, userDir(RED));
    if (tls === undefined && truth('tlsRequired', properties.tlsRequired))
      throw new PropertyError(
        'TLS is configured, but nothing of it is here: an empty environment variable, or a flow without its credentials; ' +
          'the line does not open in plain TCP',
      );
    const [{ host, port }] = paths;
    return { name: text(properties.name, `${host}:${port}`), paths, lineNumber, tls };
  }

  /** The line that the node before has left, if it is the same; otherwise a new one. */
  function hostOf(node: LineNode, configuration: Omit<LineProperties, 'id'>, same: string): LineHost {
    const log = (level: LogLevel, message: string): void => {
      if (level === 'error') node.error(message);
      else if (level === 'warn') node.warn(message);
      else node.log(message);
    };
    const left = adopt(node.id, same);
    if (left.host === undefined) return new LineHost({ id: node.id, ...configuration }, log, left.free);
    left.host.log = log;
    return left.host;
  }

  RED.nodes.registerType(type, Line, { credentials: { preSharedKey: { type: 'password' } } });
}
