import { AddressSet } from '../line/addresses.js';
import type { ServerParameters } from '../station/parameters.js';
import type { SecurityCode } from './vigilance.js';

type Limits = Pick<ServerParameters, 'ALLOW' | 'MC' | 'MCA'>;

export interface Refusal {
  readonly reason: string;
  readonly code?: SecurityCode;
}

/** Which clients a line lets in: their addresses (ALLOW), how many (MC), and how many of one address (MCA). */
export class Admission {
  private allowed: AddressSet | undefined;
  private limits: Pick<Limits, 'MC' | 'MCA'> = { MC: 0, MCA: 0 };

  /**
   * Takes over the parameters. ALLOW is addresses and networks separated by commas; empty or `all` lets everybody in.
   * @param warn is told of an entry that cannot be used, which lets nobody in
   */
  configure(parameters: Limits, warn: (text: string) => void): void {
    this.limits = parameters;
    const entries = parameters.ALLOW.split(',').map((entry) => entry.trim());
    const isOpen = parameters.ALLOW.trim() === '' || entries.some((entry) => entry.toLowerCase() === 'all');
    this.allowed = isOpen ? undefined : new AddressSet();
    for (const entry of entries)
      if (entry !== '' && this.allowed?.add(entry) === false)
        warn(`parameter ALLOW: "${entry}" is no address or network`);
  }

  /** Why a client of this address is not let in beside those that are; undefined where it is. */
  refusal(address: string, others: readonly { readonly channel: { readonly address: string } }[]): Refusal | undefined {
    const { MC, MCA } = this.limits;
    if (this.allowed?.has(address) === false)
      return { reason: 'the address is not allowed (ALLOW)', code: 'not-allowed' };
    if (MC > 0 && others.length >= MC) return { reason: `${MC} clients are connected (MC)` };
    const same = others.filter(({ channel }) => channel.address === address).length;
    return MCA > 0 && same >= MCA ? { reason: `${MCA} clients of this address are connected (MCA)` } : undefined;
  }
}
