import type { NodeAPI, NodeDef } from 'node-red';
import { type TlsProperties, tlsSettings } from '../lib/line/tls/settings.js';
import type { LogLevel } from '../lib/link/line-log.js';
import type { LineNode } from './shared/contract.js';
import { LineHost } from './shared/line-host.js';
import type { LineProperties } from './shared/line-service.js';
import { adopt, park } from './shared/parked-lines.js';
import { fingerprint, knownText, PropertyError, text, truth, wholeNumber } from './shared/property.js';
import {
  type LineCredentials,
  type TlsNodeProperties,
  tlsFingerprint,
  tlsProperties,
} from './shared/tls-properties.js';

interface Properties extends NodeDef, TlsNodeProperties {
  readonly host?: unknown;
  readonly port?: unknown;
  readonly lineNumber?: unknown;
}

/** What this version does not do. A line that is one of several must not open as if it were not. */
const unavailable = ['kom'] as const;

export = (RED: NodeAPI): void => {
  function TcpLine(this: LineNode & { readonly credentials?: LineCredentials }, properties: Properties): void {
    RED.nodes.createNode(this, properties);
    let same: string;
    let line: LineHost;
    try {
      const secure = tlsProperties(RED, properties, this.credentials ?? {});
      const configuration = configurationOf(properties, secure);
      const { tls: _, ...plain } = configuration;
      same = fingerprint([...Object.values(plain), tlsFingerprint(secure)]);
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
  function configurationOf(properties: Properties, secure: TlsProperties): Omit<LineProperties, 'id'> {
    for (const property of unavailable)
      if (text((properties as unknown as Record<string, unknown>)[property]) !== '')
        throw new PropertyError(`${property}: not available in this version; the line does not open without it`);
    const host = knownText('host', properties.host, '127.0.0.1');
    const port = wholeNumber('port', properties.port, 2404, 1, 65535);
    const lineNumber = wholeNumber('lineNumber', properties.lineNumber, 0, 0, 255);
    const tls = tlsSettings(secure, RED.settings.userDir ?? process.cwd());
    if (tls === undefined && truth('tlsRequired', properties.tlsRequired))
      throw new PropertyError(
        'TLS is configured, but nothing of it is here: an empty environment variable, or a flow without its credentials; ' +
          'the line does not open in plain TCP',
      );
    return { name: text(properties.name, `${host}:${port}`), paths: [{ host, port }], lineNumber, tls };
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

  RED.nodes.registerType('tcp-line', TcpLine, { credentials: { preSharedKey: { type: 'password' } } });
};
