import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeAsdu, encodeAsdu } from '../../lib/asdu/asdu.js';
import { typeById } from '../../lib/asdu/types.js';
import { type Stretch, stretches } from './capture_file.js';

const folder = path.join(__dirname, '..', '..', '..', 'shared', 'captures');
const PORT = 2404;
const APCI = 6;

/**
 * Octets in front of the first APDU of a stretch, which belong to none. The captures of one laboratory begin within a
 * connection with a TCP keep-alive: it repeats the last octet sent before, as a zero.
 */
const KEEP_ALIVES: Readonly<Record<string, readonly string[]>> = {
  '33.pcap': ['192.168.1.200:2404 > 192.168.1.75:50279', '192.168.1.75:50279 > 192.168.1.200:2404'],
  '63.pcap': ['192.168.1.200:2404 > 192.168.1.75:50262'],
};

/** APDUs of each file, and those with an ASDU, as tshark counts them. */
const COUNTS: Readonly<Record<string, readonly [apdus: number, asdus: number]>> = {
  '090813_diverse.pcap': [86, 72],
  '33.pcap': [5, 3],
  '50.pcap': [28, 24],
  '58_59.pcap': [48, 34],
  '60.pcap': [22, 18],
  '61.pcap': [33, 28],
  '62.pcap': [48, 40],
  '63.pcap': [30, 24],
  '64.pcap': [39, 32],
  'IEC1044.pcap': [4, 4],
  'Logfile_IEC104.pcap': [8, 6],
  'iec104.pcap': [115, 91],
};

interface Apdus {
  readonly apdus: readonly Buffer[];
  /** Octets in front of the first and behind the last one. */
  readonly before: Buffer;
  readonly behind: Buffer;
}

function apdusOf({ octets }: Stretch): Apdus {
  const start = octets.indexOf(0x68);
  if (start < 0) return { apdus: [], before: octets, behind: Buffer.alloc(0) };
  const apdus: Buffer[] = [];
  let at = start;
  while (at + 2 <= octets.length && octets[at] === 0x68) {
    const end = at + 2 + (octets[at + 1] as number);
    if (end > octets.length) break;
    apdus.push(octets.subarray(at, end));
    at = end;
  }
  return { apdus, before: octets.subarray(0, start), behind: octets.subarray(at) };
}

describe('captures of real devices', function () {
  this.timeout(30_000);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /\.pcap(ng)?$/.test(name)) : [];
  let apdus = 0;
  let asdus = 0;
  const seen = new Set<number>();

  before(function () {
    if (existsSync(folder)) return;
    console.log('      the captures are not here (../shared/captures): passed over');
    this.skip();
  });

  for (const name of files.sort())
    it(`decodes and encodes every APDU of ${name}`, () => {
      const found = stretches(readFileSync(path.join(folder, name))).filter(({ ports }) => ports.includes(PORT));
      let here = 0;
      let withAsdu = 0;
      for (const stretch of found) {
        const { apdus: ofStream, before, behind } = apdusOf(stretch);
        const keepAlive = (KEEP_ALIVES[name] ?? []).includes(stretch.stream);
        assert.equal(before.toString('hex'), keepAlive ? '00' : '', `in front of the APDUs of ${stretch.stream}`);
        assert.equal(behind.toString('hex'), '', `behind the APDUs of ${stretch.stream}`);
        here += ofStream.length;
        for (const apdu of ofStream) {
          if (((apdu[2] as number) & 0x01) !== 0) {
            assert.equal(apdu.length, APCI, 'an S- or U-frame has no ASDU');
            continue;
          }
          withAsdu++;
          const octets = apdu.subarray(APCI);
          const asdu = decodeAsdu(octets);
          assert.ok(typeById(asdu.typeId), `type ${asdu.typeId} is not in the table`);
          assert.deepEqual(Buffer.from(encodeAsdu(asdu)), Buffer.from(octets), apdu.toString('hex'));
          seen.add(asdu.typeId);
        }
      }
      console.log(`      ${name}: ${here} APDUs, ${withAsdu} with an ASDU`);
      assert.ok(here > 0, 'no APDU found');
      assert.deepEqual([here, withAsdu], COUNTS[name] ?? [here, withAsdu]);
      apdus += here;
      asdus += withAsdu;
    });

  after(() => {
    if (files.length > 0)
      console.log(`      ${apdus} APDUs, ${asdus} ASDUs of types ${[...seen].sort((a, b) => a - b)}`);
  });

  it('finds what the captures are known to hold', function () {
    if (files.length === 0) this.skip();
    assert.ok(apdus >= 466, `${apdus} APDUs`);
    assert.ok(asdus >= 376, `${asdus} ASDUs`);
  });
});
