import { AddressSet } from '../line/addresses.js';
import type { ServerParameters } from '../station/parameters.js';

type Limits = Pick<ServerParameters, 'ALLOW' | 'MC' | 'MCA'>;

/** Why a client is not let in; of the numbers the parameter. */
export type AdmissionCode = 'not-allowed' | 'MC' | 'MCA';

export interface Refusal {
  readonly code: AdmissionCode;
  /** In words. */
  readonly reason: string;
}

/** Which clients a line lets in: their addresses (ALLOW), how many (MC), and how many of one address (MCA). */
export class Admission {
  private allowed: AddressSet | undefined;
  /** Common names of certificates that are let in wherever they come from. */
  private names: ReadonlySet<string> = new Set();
  private limits: Pick<Limits, 'MC' | 'MCA'> = { MC: 0, MCA: 0 };

  /**
   * Takes over the parameters. ALLOW is addresses, networks and `CN=` names separated by commas, of which one has to
   * fit; empty or `all` lets everybody in.
   * @param warn is told of an entry that cannot be used, which lets nobody in
   */
  configure(parameters: Limits, warn: (text: string) => void): void {
    this.limits = parameters;
    const entries = parameters.ALLOW.split(',').map((entry) => entry.trim());
    const isOpen = parameters.ALLOW.trim() === '' || entries.some((entry) => entry.toLowerCase() === 'all');
    this.allowed = isOpen ? undefined : new AddressSet();
    const names = entries.flatMap((entry) => /^CN\s*=\s*(.+)$/i.exec(entry)?.[1] ?? []);
    this.names = new Set(names);
    for (const entry of entries)
      if (entry !== '' && !/^CN\s*=\s*./i.test(entry) && this.allowed?.add(entry) === false)
        warn(`parameter ALLOW: "${entry}" is no address or network`);
  }

  /** Why a client of this address is not let in whatever its certificate says; undefined where it may be. */
  refusalOfAddress(address: string): Refusal | undefined {
    if (this.names.size > 0 || this.allowed?.has(address) !== false) return undefined;
    return { reason: 'the address is not allowed (ALLOW)', code: 'not-allowed' };
  }

  /**
   * Why a client is not let in beside those that are; undefined where it is.
   * @param certificate the common name that TLS has verified
   */
  refusal(
    address: string,
    others: readonly { readonly channel: { readonly address: string } }[],
    certificate?: string,
  ): Refusal | undefined {
    const { MC, MCA } = this.limits;
    if (this.allowed?.has(address) === false && !(certificate !== undefined && this.names.has(certificate))) {
      const what = this.names.size === 0 ? 'the address is not' : 'neither the address nor a verified name is';
      return { reason: `${what} allowed (ALLOW)`, code: 'not-allowed' };
    }
    if (MC > 0 && others.length >= MC) return { code: 'MC', reason: `${MC} clients are connected (MC)` };
    const same = others.filter(({ channel }) => channel.address === address).length;
    if (MCA === 0 || same < MCA) return undefined;
    return { code: 'MCA', reason: `${MCA} clients of this address are connected (MCA)` };
  }
}
