/** scapy as an oracle: scapy_oracle.py prints its fields, which become objects again here. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Asdu, InformationObject } from '../../lib/asdu/asdu.js';

type Fields = Readonly<Record<string, number | string>>;

/** One line of scapy_oracle.py. */
export interface Scapy {
  readonly class: string;
  readonly header: Fields;
  readonly objects: readonly { readonly class: string; readonly fields: Fields; readonly left: string }[];
  readonly left: string;
}

/** What scapy says of each ASDU. Undefined where it is not installed. */
export function runScapy(asdus: readonly string[]): Scapy[] | undefined {
  const script = path.join(__dirname, 'scapy_oracle.py');
  // python3-scapy belongs to Debian's python, which another one may stand before in the PATH.
  for (const python of ['/usr/bin/python3', 'python3']) {
    const { error, status, stdout, stderr } = spawnSync(python, [script], {
      input: asdus.join('\n'),
      encoding: 'utf8',
    });
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') continue;
    if (status === 3) continue; // this python has no scapy
    if (error !== undefined || status !== 0) throw new Error(`scapy failed: ${error?.message ?? stderr}`);
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Scapy);
  }
  return undefined;
}

/** Fields of one object, of which each must be read. */
class Reader {
  private readonly left: Set<string>;
  constructor(private readonly fields: Fields) {
    this.left = new Set(Object.keys(fields));
  }
  text(name: string): string {
    assert.ok(this.left.delete(name), `scapy shows no ${name}`);
    return String(this.fields[name]);
  }
  number(name: string): number {
    return Number(this.text(name));
  }
  /** An octet or word of bit fields, highest first: `name` of one bit or `name:width`. */
  bits(layout: string): number {
    let word = 0;
    for (const part of layout.split(' ')) {
      const [name = '', width = '1'] = part.split(':');
      word = word * 2 ** Number(width) + this.number(name);
    }
    return word;
  }
  finish(): void {
    assert.deepEqual([...this.left], [], 'scapy shows fields that are not compared');
  }
}

const QUALITY = 'iv nt sb bl';
const CP24 = 'iv_time gen minutes:6';

function cp56(f: Reader, prefix = '', iv = 'iv_time'): Uint8Array {
  const p = prefix;
  const ms = f.number(`${p}sec_milli`);
  return Uint8Array.of(
    ms,
    ms >> 8,
    f.bits(`${p}${iv} ${p}gen ${p}minutes:6`),
    f.bits(`${p}su ${p}reserved_2:2 ${p}hours:5`),
    f.bits(`${p}weekday:3 ${p}day_of_month:5`),
    f.bits(`${p}reserved_3:4 ${p}month:4`),
    f.bits(`${p}reserved_4 ${p}year:7`),
  );
}

function cp24(f: Reader): Uint8Array {
  const ms = f.number('sec_milli');
  return Uint8Array.of(ms, ms >> 8, f.bits(CP24));
}

type Time = (f: Reader) => Uint8Array;
const event = (time: Time) => (f: Reader) => {
  const status = f.bits(`${QUALITY} ei reserved es:2`);
  return { status, value: status & 0x03, elapsed: f.number('elapsed_sec_milli'), time: time(f) };
};
const starts = (time: Time) => (f: Reader) => ({
  value: f.bits('reserved:2 srd sie sl3 sl2 sl1 gs'),
  status: f.bits(`${QUALITY} ei reserved_qdp:3`),
  elapsed: f.number('prot_act_sec_milli'),
  time: time(f),
});
const circuits = (time: Time) => (f: Reader) => ({
  value: f.bits('reserved:4 cl3 cl2 cl1 gc'),
  status: f.bits(`${QUALITY} ei reserved_qdp:3`),
  elapsed: f.number('prot_cmd_sec_milli'),
  time: time(f),
});

const numbered = (prefix: string): string => Array.from({ length: 16 }, (_, i) => `${prefix}_${16 - i}`).join(' ');

/** scapy reads the four octets of type 20 as one word with the highest first, so it shows ST as CD and CD as ST. */
function states(f: Reader): Omit<InformationObject, 'ioa'> {
  const word = f.bits(`${numbered('cd')} ${numbered('st')}`);
  return { value: swapped(word, 4), status: f.bits(`${QUALITY} reserved:3 ov`) };
}

/** scapy reads the length of a file with the highest octet first, though it is little-endian like all else. */
const length = (f: Reader): number => swapped(f.number('file_length'), 3);

function swapped(word: number, size: number): number {
  const octets = Buffer.alloc(size);
  octets.writeUIntBE(word, 0, size);
  return octets.readUIntLE(0, size);
}

const file = (f: Reader) => ({ nof: f.number('file_name') });
const section = (f: Reader) => ({ ...file(f), nos: f.number('section_name') });

const readers: Readonly<Record<number, (f: Reader) => Omit<InformationObject, 'ioa'>>> = {
  17: event(cp24),
  18: starts(cp24),
  19: circuits(cp24),
  20: states,
  38: event(cp56),
  39: starts(cp56),
  40: circuits(cp56),
  104: (f) => ({ pattern: f.number('fbp') }),
  106: (f) => ({ elapsed: f.number('sec_milli') }),
  107: (f) => ({ pattern: f.number('tsc'), time: cp56(f) }),
  113: (f) => ({ qualifier: f.number('qpa') }),
  120: (f) => ({ ...file(f), lof: length(f), file: f.bits('fr_ack fr:7') }),
  121: (f) => ({ ...section(f), lof: length(f), file: f.bits('section_load_state sr:7') }),
  122: (f) => ({ ...section(f), file: f.bits('errors:4 select_call:4') }),
  123: (f) => ({ ...section(f), file: f.number('lsq'), chs: f.number('checksum') }),
  124: (f) => ({ ...section(f), file: f.bits('errors:4 ack_file_or_sec:4') }),
  125: (f) => {
    const segment = Uint8Array.from(Buffer.from(f.text('data'), 'hex'));
    assert.equal(f.number('segment_length'), segment.length);
    return { ...section(f), segment };
  },
  126: (f) => ({ ...file(f), lof: length(f), file: f.bits('fa for_ lfd status:5'), time: cp56(f) }),
  127: (f) => ({ ...file(f), from: cp56(f, 'start_', 'iv'), time: cp56(f, 'stop_', 'iv') }),
};

/** The ASDU as scapy understood it. */
export function asduOfScapy(said: Scapy): Asdu {
  assert.equal(said.left, '', 'scapy leaves octets behind the last object');
  const h = new Reader(said.header);
  const header = {
    typeId: h.number('type_id'),
    sequence: h.number('sq') !== 0,
    count: h.number('num_io'),
    cause: h.number('cot'),
    negative: h.number('ack') !== 0,
    test: h.number('test') !== 0,
    originator: h.number('origin_address'),
    commonAddress: h.number('common_asdu_address'),
  };
  const first = header.sequence ? h.number('information_object_address') : undefined;
  for (const ofApci of ['start', 'apdu_length', 'tx_seq_num', 'rx_seq_num']) h.number(ofApci);
  h.finish();
  const objects = said.objects.map((object, i) => {
    assert.equal(object.left, '', 'scapy leaves octets of an object');
    const f = new Reader(object.fields);
    // Of a sequence scapy shows the first address only.
    const ioa = first === undefined ? f.number('information_object_address') : first + i;
    const read = readers[header.typeId];
    assert.ok(read, `no reader for what scapy shows of type ${header.typeId}`);
    const elements = read(f);
    f.finish();
    return { ioa, ...elements };
  });
  return { ...header, objects };
}
