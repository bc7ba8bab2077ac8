import type { NodeAPI } from 'node-red';
import { parseHosts } from '../lib/line/hosts.js';
import { type LineNodeProperties, registerLine } from './shared/line-node.js';
import type { PathProperties } from './shared/line-service.js';
import { knownText, PropertyError, truth, wholeNumber } from './shared/property.js';

interface Properties extends LineNodeProperties {
  readonly primaryHost?: unknown;
  readonly primaryPort?: unknown;
  readonly useBackup?: unknown;
  readonly backupHost?: unknown;
  readonly backupPort?: unknown;
}

export = (RED: NodeAPI): void => {
  registerLine<Properties>(RED, 'tcp-line-redundant', (properties) => {
    const path = (device: 'primary' | 'backup'): PathProperties => ({
      host: hostsOf(`${device}Host`, properties[`${device}Host`]),
      port: wholeNumber(`${device}Port`, properties[`${device}Port`], 2404, 1, 65535),
    });
    const primary = path('primary');
    return truth('useBackup', properties.useBackup) ? [primary, path('backup')] : [primary];
  });
};

/** @throws PropertyError naming the property */
function hostsOf(property: string, given: unknown): string {
  const written = knownText(property, given, '');
  try {
    parseHosts(written);
    return written;
  } catch (error) {
    throw new PropertyError(error instanceof Error ? error.message.replace(/^host/, property) : String(error));
  }
}
