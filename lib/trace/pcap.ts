import { octetsOfAddress } from './ip-address.js';

/**
 * Writes APDUs as a capture file (pcapng) that Wireshark opens. We never see IP packets: headers are made up around each
 * APDU, with sequence numbers that go on, so that the streams are put together as those of a real capture are.
 */

/** One end of a TCP connection. */
export interface Endpoint {
  /** An IPv4 or IPv6 address; what is none becomes the unspecified address. */
  readonly address: string;
  readonly port: number;
}

export interface CapturePacket {
  /** ms since 1970 UTC. */
  readonly at: number;
  /** What Wireshark shows as the interface: the name of the line. */
  readonly line: string;
  /** As this computer sees it. */
  readonly direction: 'sent' | 'received';
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly octets: Uint8Array;
}

/** Blocks of pcapng: section header, interface description, enhanced packet. */
const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const PACKET = 6;
/** Packets begin with the IP header. */
const LINKTYPE_RAW = 101;
/** Options of an interface and of a packet. */
const IF_NAME = 2;
const IF_TSRESOL = 9;
const EPB_FLAGS = 2;
const INBOUND = 1;
const OUTBOUND = 2;

const TCP = 6;
const TCP_OCTETS = 20;
/** PSH and ACK: every APDU is handed on at once. */
const FLAGS = 0x18;

const utf8 = new TextEncoder();

/** The pieces of one capture file, in the order of the calls. */
export class PcapWriter {
  private readonly interfaces = new Map<string, number>();
  /** Sequence number of the next octet of each direction. */
  private readonly next = new Map<string, number>();

  /** What the file begins with. @param application who has written it */
  begin(application: string): Uint8Array {
    const body = new Uint8Array(16);
    const view = new DataView(body.buffer);
    view.setUint32(0, 0x1a2b3c4d, true);
    view.setUint16(4, 1, true); // version 1.0
    body.fill(0xff, 8); // the length of the section is not known
    return block(SECTION, body, option(4, utf8.encode(application)));
  }

  /** One APDU as a packet of its own; an interface first where its line is new. */
  packet(packet: CapturePacket): Uint8Array {
    const number = this.interfaces.get(packet.line);
    if (number !== undefined) return this.enhanced(packet, number);
    this.interfaces.set(packet.line, this.interfaces.size);
    return joined(described(packet.line), this.enhanced(packet, this.interfaces.size - 1));
  }

  private enhanced({ at, direction, from, to, octets }: CapturePacket, number: number): Uint8Array {
    const data = this.datagram(from, to, octets);
    const head = new Uint8Array(20);
    const view = new DataView(head.buffer);
    view.setUint32(0, number, true);
    view.setUint32(4, Math.floor(at / 2 ** 32), true);
    view.setUint32(8, at % 2 ** 32, true);
    view.setUint32(12, data.length, true);
    view.setUint32(16, data.length, true);
    const way = Uint8Array.of(direction === 'received' ? INBOUND : OUTBOUND, 0, 0, 0);
    return block(PACKET, joined(head, padded(data)), option(EPB_FLAGS, way));
  }

  /** An IP datagram with one TCP segment. */
  private datagram(from: Endpoint, to: Endpoint, octets: Uint8Array): Uint8Array {
    const [source, target] = sameFamily(octetsOfAddress(from.address), octetsOfAddress(to.address));
    const forth = `${source}:${from.port}>${target}:${to.port}`;
    const sequence = this.next.get(forth) ?? 1;
    const acknowledged = this.next.get(`${target}:${to.port}>${source}:${from.port}`) ?? 1;
    this.next.set(forth, (sequence + octets.length) >>> 0);

    const segment = new Uint8Array(TCP_OCTETS + octets.length);
    const tcp = new DataView(segment.buffer);
    tcp.setUint16(0, from.port);
    tcp.setUint16(2, to.port);
    tcp.setUint32(4, sequence);
    tcp.setUint32(8, acknowledged);
    tcp.setUint8(12, (TCP_OCTETS / 4) << 4);
    tcp.setUint8(13, FLAGS);
    tcp.setUint16(14, 0xffff); // window
    segment.set(octets, TCP_OCTETS);
    // Over addresses, protocol and length as well: the pseudo header of RFC 9293 3.1 and RFC 8200 8.1.
    tcp.setUint16(16, checksum(segment, sum(joined(source, target)) + TCP + segment.length));
    return joined(source.length === 4 ? header4(source, target, segment) : header6(source, target, segment), segment);
  }
}

function header4(source: Uint8Array, target: Uint8Array, segment: Uint8Array): Uint8Array {
  const header = new Uint8Array(20);
  const view = new DataView(header.buffer);
  view.setUint8(0, 0x45);
  view.setUint16(2, header.length + segment.length);
  view.setUint16(6, 0x4000); // not to be fragmented, so it needs no identification
  view.setUint8(8, 64);
  view.setUint8(9, TCP);
  header.set(source, 12);
  header.set(target, 16);
  view.setUint16(10, checksum(header, 0));
  return header;
}

function header6(source: Uint8Array, target: Uint8Array, segment: Uint8Array): Uint8Array {
  const header = new Uint8Array(40);
  const view = new DataView(header.buffer);
  view.setUint8(0, 0x60);
  view.setUint16(4, segment.length);
  view.setUint8(6, TCP);
  view.setUint8(7, 64);
  header.set(source, 8);
  header.set(target, 24);
  return header;
}

/** Both in IPv4 where they can be; what is no address is the unspecified one of the other's family. */
function sameFamily(a: Uint8Array | undefined, b: Uint8Array | undefined): [Uint8Array, Uint8Array] {
  const length = Math.max(a?.length ?? 0, b?.length ?? 0) || 4;
  return [widened(a, length), widened(b, length)];
}

/** An IPv4 address beside an IPv6 one is written as `::ffff:192.0.2.1`. */
function widened(address: Uint8Array | undefined, length: number): Uint8Array {
  if (address?.length === length) return address;
  const wide = new Uint8Array(length);
  if (address !== undefined) wide.set([0xff, 0xff, ...address], 10);
  return wide;
}

function sum(octets: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < octets.length; i++) total += (octets[i] as number) << (i % 2 === 0 ? 8 : 0);
  return total;
}

/** The checksum of the Internet (RFC 1071). @param more to be summed before */
function checksum(octets: Uint8Array, more: number): number {
  let total = sum(octets) + more;
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return ~total & 0xffff;
}

function described(name: string): Uint8Array {
  const body = new Uint8Array(8);
  new DataView(body.buffer).setUint16(0, LINKTYPE_RAW, true);
  // Names are what a user wrote, and an option has at most 65535 octets.
  return block(INTERFACE, body, option(IF_NAME, utf8.encode(name.slice(0, 200))), option(IF_TSRESOL, Uint8Array.of(3)));
}

function option(code: number, value: Uint8Array): Uint8Array {
  const head = new Uint8Array(4);
  const view = new DataView(head.buffer);
  view.setUint16(0, code, true);
  view.setUint16(2, value.length, true);
  return joined(head, padded(value));
}

/** A block: type, length, body, options with their end, and the length again. */
function block(type: number, body: Uint8Array, ...options: readonly Uint8Array[]): Uint8Array {
  const content = joined(body, ...options, new Uint8Array(4));
  const whole = new Uint8Array(content.length + 12);
  const view = new DataView(whole.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, whole.length, true);
  whole.set(content, 8);
  view.setUint32(whole.length - 4, whole.length, true);
  return whole;
}

/** To a multiple of four octets. */
function padded(octets: Uint8Array): Uint8Array {
  return joined(octets, new Uint8Array((4 - (octets.length % 4)) % 4));
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
