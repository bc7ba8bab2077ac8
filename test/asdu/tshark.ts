/** tshark as an oracle: it decodes ASDUs from a capture file that is written here, and its fields become objects again. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Asdu, InformationObject } from '../../lib/asdu/asdu.js';

const PORT = 2404;

/** A node of tshark's JSON: numbers are texts, some of them hexadecimal. */
export interface Fields {
  readonly [name: string]: string | Fields;
}

/** A capture file with one I-frame per ASDU, all in one TCP connection, without its handshake. */
function capture(asdus: readonly Uint8Array[]): Buffer {
  const file = Buffer.alloc(24);
  file.writeUInt32LE(0xa1b2c3d4, 0);
  file.writeUInt16LE(2, 4);
  file.writeUInt16LE(4, 6);
  file.writeUInt32LE(65535, 16);
  file.writeUInt32LE(101, 20); // LINKTYPE_RAW: the packets begin with the IP header
  const parts: Buffer[] = [file];
  let sequence = 1;
  for (const [i, asdu] of asdus.entries()) {
    const apdu = Buffer.from([0x68, asdu.length + 4, i << 1, i >> 7, 0, 0, ...asdu]);
    const packet = Buffer.alloc(40 + apdu.length);
    packet.writeUInt8(0x45, 0);
    packet.writeUInt16BE(packet.length, 2);
    packet.writeUInt8(64, 8);
    packet.writeUInt8(6, 9);
    packet.set([192, 0, 2, 1, 192, 0, 2, 2], 12);
    packet.writeUInt16BE(PORT, 20);
    packet.writeUInt16BE(40000, 22);
    packet.writeUInt32BE(sequence, 24);
    packet.writeUInt32BE(1, 28);
    packet.writeUInt16BE(0x5018, 32); // 20 octets of header, PSH and ACK
    packet.writeUInt16BE(65535, 34);
    packet.set(apdu, 40);
    sequence += apdu.length;
    const header = Buffer.alloc(16);
    header.writeUInt32LE(i, 0);
    header.writeUInt32LE(packet.length, 8);
    header.writeUInt32LE(packet.length, 12);
    parts.push(header, packet);
  }
  return Buffer.concat(parts);
}

/** What tshark says of each ASDU: the layers of the packet. Undefined where tshark is not installed. */
export function runTshark(asdus: readonly Uint8Array[]): Fields[] | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'telecontrol-'));
  try {
    const file = path.join(folder, 'vectors.pcap');
    writeFileSync(file, capture(asdus));
    const args = ['-r', file, '-d', `tcp.port==${PORT},iec60870_104`, '-T', 'json', '--no-duplicate-keys'];
    // An empty configuration folder: what a user has set in Wireshark must not change the answer.
    const env = { ...process.env, WIRESHARK_CONFIG_DIR: folder, TZ: 'UTC', LC_ALL: 'C' };
    const { error, status, stdout, stderr } = spawnSync('tshark', args, { env, maxBuffer: 1 << 26, encoding: 'utf8' });
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined;
    if (error !== undefined || status !== 0) throw new Error(`tshark failed: ${error?.message ?? stderr}`);
    const packets = JSON.parse(stdout) as { _source: { layers: Fields } }[];
    return packets.map((packet) => packet._source.layers);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Malformed packets and expert information, wherever they hang in the tree. */
export function complaints(layers: Fields): string[] {
  return Object.entries(layers).flatMap(([name, field]) => {
    if (/^_ws\.(malformed|expert)/.test(name)) return [JSON.stringify(field)];
    return typeof field === 'string' ? [] : complaints(field);
  });
}

/** A reader of the fields of one subtree; what has been read is struck off, so that nothing is passed over. */
class Reader {
  private readonly left: Set<string>;
  constructor(private readonly fields: Fields) {
    this.left = new Set(Object.keys(fields));
  }
  has(name: string): boolean {
    return `iec60870_asdu.${name}` in this.fields;
  }
  number(name: string): number {
    const field = this.fields[`iec60870_asdu.${name}`];
    assert.equal(typeof field, 'string', `tshark shows no ${name}`);
    this.left.delete(`iec60870_asdu.${name}`);
    const unsigned = (field as string).replace(/^(-?)inf$/, '$1Infinity');
    const value = Number(unsigned);
    assert.ok(!Number.isNaN(value), `${name}: ${field}`);
    return value;
  }
  flag(name: string): boolean {
    return this.number(name) !== 0;
  }
  tree(name: string): Reader {
    const key = `iec60870_asdu.${name}_tree`;
    this.left.delete(`iec60870_asdu.${name}`);
    this.left.delete(key);
    return new Reader(this.fields[key] as Fields);
  }
  objects(): Reader[] {
    const keys = [...this.left].filter((key) => key.startsWith('IOA: '));
    for (const key of keys) this.left.delete(key);
    return keys.map((key) => new Reader(this.fields[key] as Fields));
  }
  finish(): void {
    assert.deepEqual([...this.left], [], 'tshark shows fields that are not compared');
  }
}

/** An octet with flags: the bits that tshark names, by their weight. */
function octet(object: Reader, name: string, bits: Readonly<Record<string, number>>): [octet: number, tree: Reader] {
  const value = object.number(name);
  const tree = object.tree(name);
  for (const [bit, weight] of Object.entries(bits))
    assert.equal(tree.number(`${name}.${bit}`), (value & weight) === 0 ? 0 : 1, `${name}.${bit} of ${value}`);
  return [value, tree];
}

const QUALITY = { iv: 0x80, nt: 0x40, sb: 0x20, bl: 0x10 };
const COMMAND = { se: 0x80 };

const swapped = (word: number): number => Buffer.from([word >>> 24, word >>> 16, word >>> 8, word]).readUInt32LE();

function objectOf(fields: Reader): InformationObject {
  const object: Record<string, unknown> = { ioa: fields.number('ioa') };
  const valueIn = (name: string, field: string, flags: Readonly<Record<string, number>>) => {
    const [status, tree] = octet(fields, name, flags);
    object.status = status;
    object.value = tree.number(`${name}.${field}`);
    if (tree.has(`${name}.qu`)) assert.equal(tree.number(`${name}.qu`), (status >> 2) & 0x1f);
    tree.finish();
  };
  if (fields.has('siq')) valueIn('siq', 'spi', QUALITY);
  if (fields.has('diq')) valueIn('diq', 'dpi', QUALITY);
  if (fields.has('sco')) valueIn('sco', 'on', COMMAND);
  if (fields.has('dco')) valueIn('dco', 'on', COMMAND);
  if (fields.has('rco')) valueIn('rco', 'up', COMMAND);
  if (fields.has('vti')) {
    fields.number('vti');
    const tree = fields.tree('vti');
    object.value = tree.number('vti.v');
    object.transient = tree.flag('vti.t');
    tree.finish();
  }
  // The standard's bit strings are little-endian like all else; tshark reads the first octet as the highest.
  if (fields.has('bitstring')) object.value = swapped(fields.number('bitstring'));
  // Printed with six digits, which is enough to find the raw integer.
  if (fields.has('normval')) object.value = Math.round(fields.number('normval') * 32768) / 32768;
  if (fields.has('scalval')) object.value = fields.number('scalval');
  if (fields.has('float')) object.value = fields.number('float');
  if (fields.has('bcr.count')) {
    object.value = fields.number('bcr.count');
    const flags = (fields.number('bcr.cy') << 5) | (fields.number('bcr.ca') << 6) | (fields.number('bcr.iv') << 7);
    object.status = fields.number('bcr.sq') | flags;
  }
  if (fields.has('qds')) {
    const [status, tree] = octet(fields, 'qds', { ...QUALITY, ov: 0x01 });
    object.status = status;
    tree.finish();
  }
  if (fields.has('qos')) {
    const [status, tree] = octet(fields, 'qos', { se: 0x80 });
    assert.equal(tree.number('qos.ql'), status & 0x7f);
    object.status = status;
    tree.finish();
  }
  for (const name of ['coi', 'qoi', 'qcc', 'qrp', 'qpm'])
    if (fields.has(name)) {
      object.qualifier = fields.number(name);
      if (name !== 'qoi' && name !== 'qrp') fields.tree(name);
    }
  if (fields.has('cp24time')) object.time = timeOf(fields.tree('cp24time'), 'cp24time');
  if (fields.has('cp56time')) object.time = timeOf(fields.tree('cp56time'), 'cp56time');
  fields.finish();
  return object as unknown as InformationObject;
}

function timeOf(tree: Reader, name: 'cp24time' | 'cp56time'): Uint8Array {
  const n = (field: string): number => tree.number(`${name}.${field}`);
  const ms = n('ms');
  const tag = [ms & 0xff, ms >> 8, n('min') | (n('iv') << 7)];
  if (name === 'cp56time') {
    tag[2] = (tag[2] as number) | (n('gen') << 6);
    tag.push(n('hour') | (n('su') << 7), n('day') | (n('dow') << 5), n('month'), n('year'));
  }
  tree.finish();
  return Uint8Array.from(tag);
}

/** The ASDU as tshark understood it. */
export function asduOfTshark(layers: Fields): Asdu {
  const fields = new Reader(layers.iec60870_asdu as Fields);
  const header = {
    typeId: fields.number('typeid'),
    sequence: fields.flag('sq'),
    count: fields.number('numix'),
    cause: fields.number('causetx'),
    negative: fields.flag('nega'),
    test: fields.flag('test'),
    originator: fields.number('oa'),
    commonAddress: fields.number('addr'),
  };
  const objects = fields.objects().map(objectOf);
  // An object without elements (read command) has no subtree.
  if (objects.length === 0) objects.push({ ioa: fields.number('ioa') });
  fields.finish();
  return { ...header, objects };
}

/** Types that carry a short floating point number. */
const FLOATS = [13, 14, 36, 50, 63, 112];

/** The same ASDU with what tshark does not show taken away. */
export function asTsharkShows(asdu: Asdu): Asdu {
  const shown = FLOATS.includes(asdu.typeId) ? sixDigits : (value: number): number => value;
  const objects = asdu.objects.map((object) => ({
    ...object,
    ...(object.value === undefined ? {} : { value: shown(object.value) }),
    ...(object.time === undefined ? {} : { time: withoutReserved(object.time) }),
  }));
  return { ...asdu, objects };
}

/** tshark prints a short floating point number with six digits. */
function sixDigits(value: number): number {
  return value === 0 || !Number.isFinite(value) ? value : Number(value.toPrecision(6));
}

/** tshark shows no reserved bits of time tags: RES2 to RES4 of CP56Time2a, and RES1 (GEN) of CP24Time2a. */
function withoutReserved(time: Uint8Array): Uint8Array {
  const masks = time.length === 3 ? [0xff, 0xff, 0xbf] : [0xff, 0xff, 0xff, 0x9f, 0xff, 0x0f, 0x7f];
  return time.map((octet, i) => octet & (masks[i] as number));
}
