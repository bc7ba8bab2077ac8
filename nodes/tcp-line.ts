import type { NodeAPI, NodeDef } from 'node-red';
import type { LineNode } from './shared/contract.js';
import { LineHost } from './shared/line-host.js';
import { knownText, PropertyError, text, wholeNumber } from './shared/property.js';

interface Properties extends NodeDef {
  readonly host?: unknown;
  readonly port?: unknown;
  readonly lineNumber?: unknown;
}

/** What this version does not do. A line that is to be secure, or one of several, must not open as if it were not. */
const unavailable = ['partnerCertificates', 'myCertificate', 'myKey', 'crl', 'pskIdentity', 'tls', 'kom'] as const;

export = (RED: NodeAPI): void => {
  function TcpLine(this: LineNode, properties: Properties): void {
    RED.nodes.createNode(this, properties);
    try {
      for (const property of unavailable)
        if (text((properties as unknown as Record<string, unknown>)[property]) !== '')
          throw new PropertyError(`${property}: not available in this version; the line does not open without it`);
      const host = knownText('host', properties.host, '127.0.0.1');
      const port = wholeNumber('port', properties.port, 2404, 1, 65535);
      const lineNumber = wholeNumber('lineNumber', properties.lineNumber, 0, 0, 255);
      const name = text(properties.name, `${host}:${port}`);
      this.host = new LineHost({ id: this.id, name, host, port, lineNumber }, (level, message) => {
        if (level === 'error') this.error(message);
        else if (level === 'warn') this.warn(message);
        else this.log(message);
      });
    } catch (error) {
      this.error(error instanceof Error ? error.message : String(error));
      return;
    }
    const line = this.host;
    const settle = (): void => {
      line.settle().catch((error) => this.error(String(error)));
    };
    RED.events.on('flows:started', settle);
    this.on('close', (done: () => void) => {
      RED.events.removeListener('flows:started', settle);
      line.close().then(done, done);
    });
  }

  RED.nodes.registerType('tcp-line', TcpLine);
};
