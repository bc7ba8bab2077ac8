import type { NodeAPI, NodeDef } from 'node-red';
import { type TlsProperties, tlsSettings } from '../../lib/line/tls/settings.js';
import type { LogLevel } from '../../lib/link/line-log.js';
import type { LineNode } from './contract.js';
import { LineHost, nobody } from './line-host.js';
import type { LineProperties } from './line-service.js';
import { Parking } from './parking.js';
import { fingerprint, PropertyError, text, truth, wholeNumber } from './property.js';
import { komOf } from './reference.js';
import { listen } from './runtime-events.js';
import { userDir } from './station-properties.js';
import { type LineCredentials, type TlsNodeProperties, tlsFingerprint, tlsProperties } from './tls-properties.js';

/** The properties that lines of both types have, as the editor and the environment give them. */
export interface LineNodeProperties extends NodeDef, TlsNodeProperties {
  readonly lineNumber?: unknown;
  readonly kom?: unknown;
}

const parked = new Parking<LineHost>();

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
      parked.adopt(this.id, '');
      return;
    }
    this.host = line;
    const settle = (): void => {
      obey(this, line, properties);
      line.settle().catch((error) => this.error(String(error)));
    };
    const unsettle = listen(RED, 'flows:started', settle);
    this.on('close', (removed: boolean, done: () => void) => {
      unsettle();
      if (removed) {
        line.replaced().then(done, done);
      } else {
        parked.park(RED, this.id, same, line);
        done();
      }
    });
  }

  /** @throws PropertyError */
  function configurationOf(properties: P, secure: TlsProperties): Omit<LineProperties, 'id'> {
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

  /** Has the line do what the process says that it belongs to. */
  function obey(node: LineNode, line: LineHost, { kom }: P): void {
    try {
      line.obey(text(kom) === '' ? undefined : komOf(RED, kom));
    } catch (error) {
      node.error(`${error instanceof Error ? error.message : String(error)}; the line does not open without it`);
      line.obey(nobody);
    }
  }

  /** The line that the node before has left, if it is the same; otherwise a new one. */
  function hostOf(node: LineNode, configuration: Omit<LineProperties, 'id'>, same: string): LineHost {
    const log = (level: LogLevel, message: string): void => {
      if (level === 'error') node.error(message);
      else if (level === 'warn') node.warn(message);
      else node.log(message);
    };
    const left = parked.adopt(node.id, same);
    if (left.host === undefined) {
      const host = new LineHost({ id: node.id, ...configuration }, log, left.free);
      // Before it is known what the process says.
      host.obey(nobody);
      return host;
    }
    left.host.log = log;
    return left.host;
  }

  RED.nodes.registerType(type, Line, { credentials: { preSharedKey: { type: 'password' } } });
}
