import { CodecError } from '../octets/octets.js';
import { element } from './element.js';

/** An octet whose lowest bits are the value and whose others are status: SIQ, DIQ, SEP, SCO, DCO, RCO. */
const valueInStatus = (name: string, mask: number) =>
  element(
    name,
    1,
    ['value', 'status'],
    (r, o) => {
      o.status = r.u8();
      o.value = o.status & mask;
    },
    (w, o) => w.u8((o.status & ~mask) | (o.value & mask)),
  );

// Reading and writing name their field literally: a field looked up by a variable costs more than all else here.

/** A status or quality octet beside a value. */
const statusOctet = (name: string) =>
  element(
    name,
    1,
    ['status'],
    (r, o) => {
      o.status = r.u8();
    },
    (w, o) => w.u8(o.status),
  );

/** The qualifier of a system command or parameter. */
const qualifierOctet = (name: string) =>
  element(
    name,
    1,
    ['qualifier'],
    (r, o) => {
      o.qualifier = r.u8();
    },
    (w, o) => w.u8(o.qualifier),
  );

/** The qualifier or status of a file type. */
const fileOctet = (name: string) =>
  element(
    name,
    1,
    ['file'],
    (r, o) => {
      o.file = r.u8();
    },
    (w, o) => w.u8(o.file),
  );

/** An octet of bits that is the value itself. */
const valueOctet = (name: string) =>
  element(
    name,
    1,
    ['value'],
    (r, o) => {
      o.value = r.u8();
    },
    (w, o) => w.u8(o.value),
  );

const patternWord = (name: string) =>
  element(
    name,
    2,
    ['pattern'],
    (r, o) => {
      o.pattern = r.u16();
    },
    (w, o) => w.u16(o.pattern),
  );

const timeTag = (name: string, size: number) =>
  element(
    name,
    size,
    ['time'],
    (r, o) => {
      o.time = r.bytes(size);
    },
    (w, o) => w.bytes(ofSize(name, size, o.time)),
  );

/** A time tag of another length would shift all that follows. */
function ofSize(name: string, size: number, tag: Uint8Array): Uint8Array {
  if (tag.length !== size) throw new CodecError('value', `${name} has ${size} octets, not ${tag.length}`);
  return tag;
}

// Process information in monitor direction, IEC 60870-5-101 7.2.6

/** Single-point information with quality descriptor. */
export const SIQ = valueInStatus('SIQ', 0x01);
/** Double-point information with quality descriptor. */
export const DIQ = valueInStatus('DIQ', 0x03);
/** Value with transient state indication: -64..63 in 7 bits, the eighth is the transient bit. */
export const VTI = element(
  'VTI',
  1,
  ['value', 'transient'],
  (r, o) => {
    const raw = r.u8();
    o.value = ((raw & 0x7f) << 25) >> 25;
    o.transient = (raw & 0x80) !== 0;
  },
  (w, o) => w.u8((o.value & 0x7f) | (o.transient ? 0x80 : 0)),
);
/** Quality descriptor of measured values, step positions and bit strings. */
export const QDS = statusOctet('QDS');
/** Quality descriptor for events of protection equipment. */
export const QDP = statusOctet('QDP');
/** Binary state information, 32 bits. */
export const BSI = element(
  'BSI',
  4,
  ['value'],
  (r, o) => {
    o.value = r.u32();
  },
  (w, o) => w.u32(o.value),
);
/** Status and status change detection: 16 states in the low half, 16 change marks in the high one. */
export const SCD = element('SCD', 4, ['value'], BSI.read, BSI.write);
/** Normalized value: a 16-bit fraction of full scale. The value is raw / 32768, which a number holds exactly. */
export const NVA = element(
  'NVA',
  2,
  ['value'],
  (r, o) => {
    o.value = r.i16() / 32768;
  },
  (w, o) => w.u16(Math.min(32767, Math.round(o.value * 32768))),
);
/** Scaled value, -32768..32767. */
export const SVA = element(
  'SVA',
  2,
  ['value'],
  (r, o) => {
    o.value = r.i16();
  },
  (w, o) => w.u16(o.value),
);
/** Short floating point number, IEEE 754. */
export const R32 = element(
  'R32',
  4,
  ['value'],
  (r, o) => {
    o.value = r.f32();
  },
  (w, o) => w.f32(o.value),
);
/** Double precision floating point number, IEEE 754: element of the private types 241 and 243. */
export const R64 = element(
  'R64',
  8,
  ['value'],
  (r, o) => {
    o.value = r.f64();
  },
  (w, o) => w.f64(o.value),
);
/** Binary counter reading: a signed 32-bit count; the status octet holds sequence (5 bits), CY, CA and IV. */
export const BCR = element(
  'BCR',
  5,
  ['value', 'status'],
  (r, o) => {
    o.value = r.i32();
    o.status = r.u8();
  },
  (w, o) => {
    w.u32(o.value);
    w.u8(o.status);
  },
);
/** Single event of protection equipment. */
export const SEP = valueInStatus('SEP', 0x03);
/** Start events of protection equipment: GS, SL1, SL2, SL3, SIE, SRD in bits 0..5. */
export const SPE = valueOctet('SPE');
/** Output circuit information of protection equipment: GC, CL1, CL2, CL3 in bits 0..3. */
export const OCI = valueOctet('OCI');
/** Two-octet binary time: elapsed, duration or operating time. */
export const CP16 = element(
  'CP16Time2a',
  2,
  ['elapsed'],
  (r, o) => {
    o.elapsed = r.u16();
  },
  (w, o) => w.u16(o.elapsed),
);
/** Association ID of the secure authentication (type 41). */
export const AID = element(
  'AID',
  2,
  ['association'],
  (r, o) => {
    o.association = r.u16();
  },
  (w, o) => w.u16(o.association),
);

// Process information in control direction, 7.2.6.15 to 7.2.6.18 and 7.2.6.39

export const SCO = valueInStatus('SCO', 0x01);
export const DCO = valueInStatus('DCO', 0x03);
export const RCO = valueInStatus('RCO', 0x03);
/** Qualifier of set-point command: QL in bits 0..6, S/E in bit 7. */
export const QOS = statusOctet('QOS');

// System information and parameters, 7.2.6.20 to 7.2.6.27

export const COI = qualifierOctet('COI');
export const QOI = qualifierOctet('QOI');
export const QCC = qualifierOctet('QCC');
export const QRP = qualifierOctet('QRP');
export const QPM = qualifierOctet('QPM');
export const QPA = qualifierOctet('QPA');
/** Fixed test bit pattern, 0x55AA. */
export const FBP = patternWord('FBP');
/** Test sequence counter. */
export const TSC = patternWord('TSC');

// File transfer, 7.2.6.28 to 7.2.6.38

export const NOF = element(
  'NOF',
  2,
  ['nof'],
  (r, o) => {
    o.nof = r.u16();
  },
  (w, o) => w.u16(o.nof),
);
export const NOS = element(
  'NOS',
  1,
  ['nos'],
  (r, o) => {
    o.nos = r.u8();
  },
  (w, o) => w.u8(o.nos),
);
export const LOF = element(
  'LOF',
  3,
  ['lof'],
  (r, o) => {
    o.lof = r.u24();
  },
  (w, o) => w.u24(o.lof),
);
export const FRQ = fileOctet('FRQ');
export const SRQ = fileOctet('SRQ');
export const SCQ = fileOctet('SCQ');
export const LSQ = fileOctet('LSQ');
export const AFQ = fileOctet('AFQ');
export const SOF = fileOctet('SOF');
export const CHS = element(
  'CHS',
  1,
  ['chs'],
  (r, o) => {
    o.chs = r.u8();
  },
  (w, o) => w.u8(o.chs),
);
/** Length of segment and the segment itself: the one element whose octets are counted by its first. */
export const SEGMENT = element(
  'LOS',
  1,
  ['segment'],
  (r, o) => {
    o.segment = r.bytes(r.u8());
  },
  (w, o) => {
    w.u8(o.segment.length);
    w.bytes(o.segment);
  },
);

// Time tags, 7.2.6.18 and 7.2.6.19

export const CP24 = timeTag('CP24Time2a', 3);
export const CP56 = timeTag('CP56Time2a', 7);
export const FROM56 = element(
  'CP56Time2a',
  7,
  ['from'],
  (r, o) => {
    o.from = r.bytes(7);
  },
  (w, o) => w.bytes(ofSize('CP56Time2a', 7, o.from)),
);
