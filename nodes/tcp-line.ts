import type { NodeAPI } from 'node-red';
import { serveBrowse } from './shared/browse.js';
import { type LineNodeProperties, registerLine } from './shared/line-node.js';
import { lines } from './shared/line-registry.js';
import { knownText, wholeNumber } from './shared/property.js';

interface Properties extends LineNodeProperties {
  readonly host?: unknown;
  readonly port?: unknown;
}

export = (RED: NodeAPI): void => {
  serveBrowse(RED, lines);
  registerLine<Properties>(RED, 'tcp-line', ({ host, port }) => [
    { host: knownText('host', host, '127.0.0.1'), port: wholeNumber('port', port, 2404, 1, 65535) },
  ]);
};
