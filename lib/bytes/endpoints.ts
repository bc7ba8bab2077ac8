import { isIPv4 } from 'node:net';
import { TelecontrolError } from '../octets/error.js';
import type { Endpoint } from './peer-port.js';

/** Destinations of one channel at most. */
const MAX_ENDPOINTS = 16;

/**
 * Hosts with ports, `host:port`, separated by commas; an address of IPv6 stands in brackets.
 * @throws TelecontrolError `configuration` naming the property
 */
export function parseEndpoints(property: string, text: string): Endpoint[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length > MAX_ENDPOINTS)
    throw new TelecontrolError('configuration', `${property}: ${MAX_ENDPOINTS} at most, not ${parts.length}`);
  return parts.map((part) => {
    const [, bracketed, plain, digits] = /^(?:\[([^\]\s]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(part) ?? [];
    const host = bracketed ?? plain;
    const port = Number(digits);
    if (host === undefined || host.length > 80 || !(port >= 1 && port <= 65_535))
      throw new TelecontrolError(
        'configuration',
        `${property}: "${part.slice(0, 60)}" is no host:port, such as 192.0.2.1:9000, with a port 1..65535`,
      );
    // `[*]` stands for all of IPv6, as in the host of a line.
    return { host: bracketed !== undefined && !bracketed.includes(':') ? `[${bracketed}]` : host, port };
  });
}

/**
 * A multicast group, 224.0.0.0 to 239.255.255.255; undefined for none.
 * @throws TelecontrolError `configuration`
 */
export function parseGroup(text: string): string | undefined {
  if (text === '') return undefined;
  const first = Number(text.split('.')[0]);
  if (isIPv4(text) && first >= 224 && first <= 239) return text;
  throw new TelecontrolError(
    'configuration',
    `multicastGroup: "${text.slice(0, 60)}" is no address 224.0.0.0 to 239.255.255.255`,
  );
}
