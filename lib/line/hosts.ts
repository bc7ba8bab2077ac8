import { isIPv6 } from 'node:net';
import { TelecontrolError } from '../octets/error.js';

/** Hosts of one line at most. */
export const MAX_HOSTS = 8;
const MAX_LENGTH = 80;

/**
 * The hosts of a line that connects: addresses or names, separated by commas or semicolons, with spaces around them as one
 * likes; an IPv6 address may stand in brackets.
 * @throws TelecontrolError `configuration` when there is none, there are more than 8, or one is no host
 */
export function parseHosts(text: string): string[] {
  const hosts = text
    .split(/[,;]/)
    .map((host) => host.trim().replace(/^\[(.*)\]$/, '$1'))
    .filter((host) => host !== '');
  if (hosts.length === 0 || hosts.length > MAX_HOSTS)
    throw new TelecontrolError('configuration', `host: 1 to ${MAX_HOSTS} addresses or names, not ${hosts.length}`);
  for (const host of hosts)
    if (host.length > MAX_LENGTH || /[\s*/]|^all$/i.test(host) || (host.includes(':') && !isIPv6(host)))
      throw new TelecontrolError('configuration', `host: "${host.slice(0, 40)}" is no address or name to connect to`);
  return hosts;
}

/** Hosts in turn: the first, after it the second, and after the last the first again. */
export class HostCycle {
  private at = -1;

  constructor(private readonly hosts: readonly string[]) {}

  next(): string {
    this.at = (this.at + 1) % this.hosts.length;
    return this.hosts[this.at] as string;
  }

  /** Whether the next host is the first: all have been tried. */
  get isRound(): boolean {
    return this.at === this.hosts.length - 1;
  }
}
