/** Reads capture files (pcap and pcapng) down to the octets of each direction of each TCP connection. */

/** A stretch of octets of one direction, without gaps. */
export interface Stretch {
  /** `from > to`, addresses with ports. */
  readonly stream: string;
  readonly ports: readonly [from: number, to: number];
  readonly octets: Buffer;
}

interface Packet {
  readonly link: number;
  readonly data: Buffer;
}

interface Segment {
  readonly stream: string;
  readonly ports: readonly [number, number];
  readonly sequence: number;
  readonly syn: boolean;
  readonly data: Buffer;
}

/** The octets of every direction, in order; a new stretch begins with a connection and behind a gap. */
export function stretches(file: Buffer): Stretch[] {
  const flows = new Map<string, Segment[]>();
  const connections: Segment[][] = [];
  for (const packet of packets(file)) {
    const segment = segmentOf(packet);
    if (segment === undefined) continue;
    const key = segment.stream;
    let flow = flows.get(key);
    // A SYN with another number is a new connection of the same ports; one with the same is a retransmission.
    if (flow === undefined || (segment.syn && flow[0]?.sequence !== segment.sequence)) {
      flow = [];
      flows.set(key, flow);
      connections.push(flow);
    }
    flow.push(segment);
  }
  return connections.flatMap(joined);
}

/** Puts segments in order and leaves out what was sent twice. Sequence numbers wrap at 2 ** 32. */
function joined(segments: readonly Segment[]): Stretch[] {
  const first = segments[0] as Segment;
  const base = first.syn ? first.sequence + 1 : first.sequence;
  const placed = segments
    .filter((segment) => segment.data.length > 0)
    .map(({ sequence, syn, data }) => ({ at: (sequence + (syn ? 1 : 0) - base) | 0, data }))
    .sort((a, b) => a.at - b.at);
  const runs: Buffer[][] = [];
  let next = Number.NaN;
  for (const { at, data } of placed) {
    if (at <= next) {
      const fresh = data.subarray(next - at);
      (runs.at(-1) as Buffer[]).push(fresh);
      next += fresh.length;
    } else {
      runs.push([data]);
      next = at + data.length;
    }
  }
  return runs.map((run) => ({ stream: first.stream, ports: first.ports, octets: Buffer.concat(run) }));
}

function packets(file: Buffer): Packet[] {
  const magic = file.readUInt32BE(0);
  if (magic === 0x0a0d0d0a) return packetsOfPcapng(file);
  // Microseconds or nanoseconds, in either order of octets.
  if (magic === 0xa1b2c3d4 || magic === 0xa1b23c4d) return packetsOfPcap(file, (at) => file.readUInt32BE(at));
  if (magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1) return packetsOfPcap(file, (at) => file.readUInt32LE(at));
  throw new Error(`no capture file: ${magic.toString(16)}`);
}

function packetsOfPcap(file: Buffer, u32: (at: number) => number): Packet[] {
  const link = u32(20) & 0xffff;
  const found: Packet[] = [];
  let at = 24;
  while (at + 16 <= file.length) {
    const length = u32(at + 8);
    found.push({ link, data: file.subarray(at + 16, at + 16 + length) });
    at += 16 + length;
  }
  return found;
}

function packetsOfPcapng(file: Buffer): Packet[] {
  const found: Packet[] = [];
  let links: number[] = [];
  let little = true;
  const u16 = (at: number): number => (little ? file.readUInt16LE(at) : file.readUInt16BE(at));
  const u32 = (at: number): number => (little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  let at = 0;
  while (at + 12 <= file.length) {
    // A section header gives the order of octets for what follows, its own length too.
    if (file.readUInt32BE(at) === 0x0a0d0d0a) {
      little = file.readUInt32BE(at + 8) === 0x4d3c2b1a;
      links = [];
    }
    const type = u32(at);
    const length = u32(at + 4);
    if (length < 12) throw new Error(`a block of ${length} octets`);
    if (type === 1) links.push(u16(at + 8));
    if (type === 6) {
      const data = file.subarray(at + 28, at + 28 + u32(at + 20));
      found.push({ link: links[u32(at + 8)] ?? -1, data });
    }
    if (type === 3) {
      const data = file.subarray(at + 12, at + 12 + Math.min(u32(at + 8), length - 16));
      found.push({ link: links[0] ?? -1, data });
    }
    at += length;
  }
  return found;
}

/** Where the network layer begins and its ether type, by link type. */
function network({ link, data }: Packet): [type: number, at: number] | undefined {
  switch (link) {
    case 0: // loopback: the address family in the machine's order, 2 for IPv4
      return [data[0] === 2 || data[3] === 2 ? 0x0800 : 0x86dd, 4];
    case 1: {
      let at = 12;
      while ([0x8100, 0x88a8].includes(data.readUInt16BE(at))) at += 4; // VLAN tags
      return [data.readUInt16BE(at), at + 2];
    }
    case 101: // raw IP
      return [(data[0] as number) >> 4 === 4 ? 0x0800 : 0x86dd, 0];
    case 113: // Linux cooked
      return [data.readUInt16BE(14), 16];
    case 276: // Linux cooked, second version
      return [data.readUInt16BE(0), 20];
    default:
      throw new Error(`link type ${link} is not read here`);
  }
}

function segmentOf(packet: Packet): Segment | undefined {
  const found = network(packet);
  if (found === undefined) return undefined;
  const [type, at] = found;
  const ip = packet.data.subarray(at);
  let tcp: Buffer;
  let addresses: [string, string];
  // The length comes from the IP header: a short Ethernet frame is padded behind it.
  if (type === 0x0800 && ip.length >= 20) {
    if (ip[9] !== 6) return undefined;
    if ((ip.readUInt16BE(6) & 0x3fff) !== 0) throw new Error('fragments of IP are not put together here');
    tcp = ip.subarray(((ip[0] as number) & 0x0f) * 4, ip.readUInt16BE(2));
    addresses = [ip.subarray(12, 16).join('.'), ip.subarray(16, 20).join('.')];
  } else if (type === 0x86dd && ip.length >= 40) {
    if (ip[6] !== 6) return undefined;
    tcp = ip.subarray(40, 40 + ip.readUInt16BE(4));
    addresses = [ip.subarray(8, 24).toString('hex'), ip.subarray(24, 40).toString('hex')];
  } else return undefined;
  const ports: [number, number] = [tcp.readUInt16BE(0), tcp.readUInt16BE(2)];
  return {
    stream: `${addresses[0]}:${ports[0]} > ${addresses[1]}:${ports[1]}`,
    ports,
    sequence: tcp.readUInt32BE(4),
    syn: ((tcp[13] as number) & 0x02) !== 0,
    data: tcp.subarray(((tcp[12] as number) >> 4) * 4),
  };
}
