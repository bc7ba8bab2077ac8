import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import fc from 'fast-check';
import { octetsOfAddress } from '../../lib/trace/ip-address.js';
import { type CapturePacket, type Endpoint, PcapWriter } from '../../lib/trace/pcap.js';
import { stretches } from '../asdu/capture_file.js';
import { hex } from '../asdu/vectors.js';
import { fieldsOfCapture, hasTshark } from './tshark-capture.js';

const station: Endpoint = { address: '192.0.2.1', port: 2404 };
const master: Endpoint = { address: '192.0.2.7', port: 40112 };

function packet(digits: string, more: Partial<CapturePacket> = {}): CapturePacket {
  const direction = more.direction ?? 'received';
  const [from, to] = direction === 'received' ? [master, station] : [station, master];
  return { at: 1_764_000_000_123, line: 'Line 1', direction, from, to, octets: hex(digits), ...more };
}

function file(packets: Iterable<CapturePacket>): Buffer {
  const writer = new PcapWriter();
  const parts: Uint8Array[] = [writer.begin('test')];
  for (const packet of packets) parts.push(writer.packet(packet));
  return Buffer.concat(parts);
}

const iFrame = (i: number, asdu: string): string => {
  const body = hex(asdu);
  const head = [0x68, body.length + 4, (i << 1) & 0xff, (i >> 7) & 0xff, 0, 0];
  return Buffer.from([...head, ...body])
    .toString('hex')
    .replace(/../g, '$& ')
    .trim();
};

describe('a capture file', () => {
  before(function () {
    if (!hasTshark(this)) this.skip();
  });

  it('is decoded by tshark: kinds, types, times, directions and the line as interface', () => {
    const rows = fieldsOfCapture(
      file([
        packet('68 04 07 00 00 00'),
        packet('68 04 0b 00 00 00', { direction: 'sent', at: 1_764_000_000_124 }),
        packet(iFrame(0, '64 01 06 00 01 00 00 00 00 14'), { at: 1_764_000_001_000 }),
        packet('68 04 01 00 02 00', { direction: 'sent', at: 1_764_000_001_001 }),
      ]),
      [
        'frame.time_epoch',
        'frame.interface_name',
        'ip.src',
        'tcp.srcport',
        'iec60870_104.type',
        'iec60870_asdu.typeid',
      ],
    );
    assert.deepEqual(rows, [
      ['1764000000.123000000', 'Line 1', '192.0.2.7', '40112', '3', ''],
      ['1764000000.124000000', 'Line 1', '192.0.2.1', '2404', '3', ''],
      ['1764000001.000000000', 'Line 1', '192.0.2.7', '40112', '0', '100'],
      ['1764000001.001000000', 'Line 1', '192.0.2.1', '2404', '1', ''],
    ]);
  });

  it('has right checksums, and streams without gaps, repetitions or unseen acknowledgements', () => {
    const packets: CapturePacket[] = [];
    const others: readonly Endpoint[] = [
      master,
      { address: '192.0.2.7', port: 40113 },
      { address: '192.0.2.8', port: 40112 },
    ];
    for (let i = 0; i < 3000; i++) {
      const other = others[i % 3] as Endpoint;
      const sent = i % 5 < 3;
      packets.push(
        packet(iFrame(i % 32768, '0b 01 03 00 01 00 01 00 00 01 00 00'), {
          direction: sent ? 'sent' : 'received',
          at: 1_764_000_000_000 + i,
          from: sent ? station : other,
          to: sent ? other : station,
        }),
      );
    }
    const rows = fieldsOfCapture(file(packets), [
      'tcp.stream',
      'ip.checksum.status',
      'tcp.checksum.status',
      'tcp.analysis.flags',
      '_ws.malformed',
      'iec60870_asdu.typeid',
    ]);
    assert.equal(rows.length, packets.length);
    for (const [i, row] of rows.entries())
      assert.deepEqual(row, [String(i % 3), '1', '1', '', '', '11'], `packet ${i + 1}`);
  });

  it('holds connections over IPv6, and IPv4 beside IPv6', () => {
    const rows = fieldsOfCapture(
      file([
        packet('68 04 43 00 00 00', {
          from: { address: '2001:db8::7%eth0', port: 5000 },
          to: { address: '2001:db8::1', port: 2404 },
        }),
        packet('68 04 83 00 00 00', { from: { address: '::1', port: 2404 }, to: { address: '192.0.2.7', port: 5000 } }),
        packet('68 04 83 00 00 00', {
          from: { address: 'ALL', port: 2404 },
          to: { address: '2001:db8::9', port: 5000 },
        }),
      ]),
      ['ipv6.src', 'ipv6.dst', 'tcp.checksum.status', 'iec60870_104.utype'],
    );
    assert.deepEqual(rows, [
      ['2001:db8::7', '2001:db8::1', '1', '16'],
      ['::1', '::ffff:192.0.2.7', '1', '32'],
      ['::', '2001:db8::9', '1', '32'],
    ]);
  });

  it('of a long capture is put together to the octets that passed, beyond the wrap of sequence numbers of APCI', () => {
    const frames = Array.from({ length: 33_000 }, (_, i) =>
      iFrame(i % 32768, '67 01 06 00 01 00 00 00 00 01 02 03 04 05 06 07'),
    );
    const octets = file(frames.map((digits, i) => packet(digits, { at: 1_764_000_000_000 + i })));
    const found = stretches(octets);
    assert.equal(found.length, 1);
    assert.deepEqual(found[0]?.octets, Buffer.concat(frames.map((digits) => hex(digits))));
    const rows = fieldsOfCapture(octets, ['iec60870_asdu.typeid', '_ws.malformed']);
    assert.equal(rows.length, frames.length);
    assert.ok(rows.every(([type, malformed]) => type === '103' && malformed === ''));
  });

  it('holds what is no APDU, and lines with odd names, as well', () => {
    const names = ['Zählwerk <1>', '', 'x'.repeat(70_000)];
    const rows = fieldsOfCapture(file(names.map((line) => packet('00 01 02', { line }))), [
      'frame.interface_name',
      'tcp.len',
    ]);
    assert.deepEqual(rows, [
      ['Zählwerk <1>', '3'],
      ['', '3'],
      ['x'.repeat(200), '3'],
    ]);
  });
});

describe('addresses in octets', () => {
  const parts = [
    fc.constantFrom('', ':', '::', '.', '%e'),
    fc.stringMatching(/^[0-9a-fA-F]{0,5}$/),
    fc.nat(300).map(String),
  ];
  it('takes what Node.js takes for an address, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.ipV4(),
          fc.ipV6(),
          fc.array(fc.oneof(...parts), { maxLength: 17 }).map((all) => all.join('')),
        ),
        (text) => {
          const length = { 0: undefined, 4: 4, 6: 16 }[isIP(text)];
          if (text.includes('%')) return;
          assert.equal(octetsOfAddress(text)?.length, length, text);
        },
      ),
      { numRuns: 5000 },
    );
  });
});
