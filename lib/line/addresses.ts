import { BlockList, isIP, isIPv6 } from 'node:net';

/** Addresses and networks (`10.0.0.1`, `10.0.1.0/24`, `2001:db8::/32`), asked whether an address is among them. */
export class AddressSet {
  private readonly list = new BlockList();

  /** @returns whether the text is an address or a network */
  add(text: string): boolean {
    const [address = '', prefix, more] = text.trim().split('/');
    if (isIP(address) === 0 || more !== undefined) return false;
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) {
      this.list.addAddress(address, family);
      return true;
    }
    const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
    if (!(bits >= 0 && bits <= (family === 'ipv6' ? 128 : 32))) return false;
    this.list.addSubnet(address, bits, family);
    return true;
  }

  has(address: string): boolean {
    const kind = isIP(address);
    return kind !== 0 && this.list.check(address, kind === 6 ? 'ipv6' : 'ipv4');
  }
}
