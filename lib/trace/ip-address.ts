/**
 * The octets of an IP address as it is written: 4 or 16.
 * @returns undefined of what is no address, such as a name
 */
export function octetsOfAddress(text: string): Uint8Array | undefined {
  // A zone (`fe80::1%eth0`) means something on this computer only.
  const [address = ''] = text.split('%');
  return address.includes(':') ? octets6(address) : octets4(address);
}

function octets4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
  return Uint8Array.from(parts, Number);
}

function octets6(text: string): Uint8Array | undefined {
  const halves = text.split('::').map(octetsOfGroups);
  const [head, tail] = halves;
  if (head === undefined || halves.length > 2) return undefined;
  if (halves.length === 1) return head.length === 16 ? Uint8Array.from(head) : undefined;
  if (tail === undefined || head.length + tail.length > 14) return undefined;
  return Uint8Array.from([...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail]);
}

/** Groups of four digits; the last may be an IPv4 address (RFC 4291 2.2). */
function octetsOfGroups(text: string): number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  const octets: number[] = [];
  for (const [i, group] of groups.entries()) {
    const last = i === groups.length - 1 ? octets4(group) : undefined;
    if (last !== undefined) octets.push(...last);
    else if (/^[0-9a-f]{1,4}$/i.test(group))
      octets.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff);
    else return undefined;
  }
  return octets;
}
