/**
 * The vectors of the codec: an ASDU (without APCI) as octets and as the object that they are, for every row of the
 * table of types. The octets are derived by hand from the layouts of IEC 60870-5-101 clause 7.2 and 7.3, and of -104
 * clause 8, never written by our own encoder; `oracle` names the independent program that reads them as we do.
 */
import type { Asdu, InformationObject } from '../../lib/asdu/asdu.js';
import type { TypeLabel } from '../../lib/asdu/types.js';

/**
 * Who agrees, see oracles.test.ts. `layout` stands where neither program knows the type, which is so of 41, 241 and
 * 243 only: there the octets are built once more with a DataView from the layout.
 */
export type Oracle = 'tshark' | 'scapy' | 'layout';

export interface Vector {
  readonly label: TypeLabel;
  /** The ASDU in hexadecimal digits. */
  readonly octets: string;
  readonly asdu: Asdu;
  /** The octets field by field, `octets: what they are`, between bars. */
  readonly derivation: string;
  readonly oracle: Oracle;
}

export function hex(text: string): Uint8Array {
  return Uint8Array.from(text.split(' ').filter(Boolean), (octet) => Number.parseInt(octet, 16));
}

function decoded(
  typeId: number,
  cause: number,
  commonAddress: number,
  objects: readonly InformationObject[],
  more: Partial<Pick<Asdu, 'negative' | 'test' | 'originator' | 'sequence'>> = {},
): Asdu {
  const header = { negative: false, test: false, originator: 0, sequence: false, ...more };
  return { typeId, cause, commonAddress, count: objects.length, objects, ...header };
}

export const vectors: readonly Vector[] = [
  {
    label: 'M_SP_NA_1',
    octets: '01 02 03 00 0a 00 01 00 00 01 02 00 00 90',
    asdu: decoded(1, 3, 10, [
      { ioa: 1, value: 1, status: 0x01 },
      { ioa: 2, value: 0, status: 0x90 },
    ]),
    derivation: `01: type | 02: SQ 0, 2 objects | 03 00: spontaneous, originator 0 | 0a 00: CA 10 | 01 00 00: IOA 1 |
      01: SPI on | 02 00 00: IOA 2 | 90: IV BL, SPI off`,
    oracle: 'tshark',
  },
  {
    label: 'M_SP_NA_1',
    octets: '01 83 14 00 34 12 ff 00 01 61 00 f1',
    asdu: decoded(
      1,
      20,
      0x1234,
      [
        { ioa: 65791, value: 1, status: 0x61 },
        { ioa: 65792, value: 0, status: 0x00 },
        { ioa: 65793, value: 1, status: 0xf1 },
      ],
      { sequence: true },
    ),
    derivation: `01: type | 83: SQ 1, 3 elements | 14 00: interrogated by station | 34 12: CA 4660 | ff 00 01: IOA
      65791, then 65792, 65793 | 61: NT SB, SPI on | 00: off | f1: IV NT SB BL, on`,
    oracle: 'tshark',
  },
  {
    label: 'M_SP_NA_1',
    octets: '01 01 ec ff ff ff ff ff ff 0e',
    asdu: decoded(1, 44, 65535, [{ ioa: 16777215, value: 0, status: 0x0e }], {
      negative: true,
      test: true,
      originator: 255,
    }),
    derivation: `01: type | 01: SQ 0, 1 object | ec ff: T, P/N, unknown type, originator 255 | ff ff: CA 65535 | ff ff
      ff: IOA 16777215 | 0e: the reserved bits 1 to 3, off`,
    oracle: 'tshark',
  },
  {
    label: 'M_SP_TA_1',
    octets: '02 02 03 00 01 00 0a 00 00 01 e8 03 0f 0b 00 00 c0 5f ea bb',
    asdu: decoded(2, 3, 1, [
      { ioa: 10, value: 1, status: 0x01, time: hex('e8 03 0f') },
      { ioa: 11, value: 0, status: 0xc0, time: hex('5f ea bb') },
    ]),
    derivation: `02: type | 02: SQ 0, 2 objects | 03 00: spontaneous | 01 00: CA 1 | 0a 00 00: IOA 10 | 01: on | e8 03
      0f: 1000 ms, minute 15 | 0b 00 00: IOA 11 | c0: IV NT, off | 5f ea bb: 59999 ms, IV, minute 59`,
    oracle: 'tshark',
  },
  {
    label: 'M_SP_TA_1',
    octets: '02 01 0b 03 01 00 00 01 00 00 00 00 40',
    asdu: decoded(2, 11, 1, [{ ioa: 256, value: 0, status: 0x00, time: hex('00 00 40') }], { originator: 3 }),
    derivation: `02: type | 01: one object | 0b 03: return information remote, originator 3 | 01 00: CA 1 | 00 01 00:
      IOA 256 | 00: off | 00 00 40: 0 ms, GEN (RES1), minute 0`,
    oracle: 'tshark',
  },
  {
    label: 'M_DP_NA_1',
    octets: '03 04 02 00 01 00 01 00 00 00 02 00 00 01 03 00 00 12 04 00 00 83',
    asdu: decoded(3, 2, 1, [
      { ioa: 1, value: 0, status: 0x00 },
      { ioa: 2, value: 1, status: 0x01 },
      { ioa: 3, value: 2, status: 0x12 },
      { ioa: 4, value: 3, status: 0x83 },
    ]),
    derivation: `03: type | 04: SQ 0, 4 objects | 02 00: background scan | 01 00: CA 1 | 01 00 00: IOA 1 | 00:
      intermediate | 02 00 00: IOA 2 | 01: off | 03 00 00: IOA 3 | 12: BL, on | 04 00 00: IOA 4 | 83: IV,
      indeterminate`,
    oracle: 'tshark',
  },
  {
    label: 'M_DP_NA_1',
    octets: '03 82 24 00 01 00 fe ff ff 22 0d',
    asdu: decoded(
      3,
      36,
      1,
      [
        { ioa: 16777214, value: 2, status: 0x22 },
        { ioa: 16777215, value: 1, status: 0x0d },
      ],
      { sequence: true },
    ),
    derivation: `03: type | 82: SQ 1, 2 elements | 24 00: group 16 | 01 00: CA 1 | fe ff ff: IOA 16777214, then
      16777215 | 22: SB, on | 0d: reserved bits 2 and 3, off`,
    oracle: 'tshark',
  },
  {
    label: 'M_DP_TA_1',
    octets: '04 01 0c 00 02 00 01 02 03 42 10 27 00',
    asdu: decoded(4, 12, 2, [{ ioa: 197121, value: 2, status: 0x42, time: hex('10 27 00') }]),
    derivation: `04: type | 01: one object | 0c 00: return information local | 02 00: CA 2 | 01 02 03: IOA 197121 | 42:
      NT, on | 10 27 00: 10000 ms, minute 0`,
    oracle: 'tshark',
  },
  {
    label: 'M_ST_NA_1',
    octets: '05 03 03 00 01 00 01 00 00 40 00 02 00 00 bf 01 03 00 00 7f 91',
    asdu: decoded(5, 3, 1, [
      { ioa: 1, value: -64, transient: false, status: 0x00 },
      { ioa: 2, value: 63, transient: true, status: 0x01 },
      { ioa: 3, value: -1, transient: false, status: 0x91 },
    ]),
    derivation: `05: type | 03: 3 objects | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 40: value -64, not
      transient | 00: good | 02 00 00: IOA 2 | bf: transient, value 63 | 01: OV | 03 00 00: IOA 3 | 7f:
      value -1 | 91: IV BL OV`,
    oracle: 'tshark',
  },
  {
    label: 'M_ST_NA_1',
    octets: '05 82 15 00 01 00 10 00 00 c0 40 05 00',
    asdu: decoded(
      5,
      21,
      1,
      [
        { ioa: 16, value: -64, transient: true, status: 0x40 },
        { ioa: 17, value: 5, transient: false, status: 0x00 },
      ],
      { sequence: true },
    ),
    derivation: `05: type | 82: SQ 1, 2 elements | 15 00: group 1 | 01 00: CA 1 | 10 00 00: IOA 16, then 17 | c0:
      transient, value -64 | 40: NT | 05: value 5 | 00: good`,
    oracle: 'tshark',
  },
  {
    label: 'M_ST_TA_1',
    octets: '06 01 03 00 01 00 05 00 00 ff 20 01 00 3b',
    asdu: decoded(6, 3, 1, [{ ioa: 5, value: -1, transient: true, status: 0x20, time: hex('01 00 3b') }]),
    derivation: `06: type | 01: one object | 03 00: spontaneous | 01 00: CA 1 | 05 00 00: IOA 5 | ff: transient, value
      -1 | 20: SB | 01 00 3b: 1 ms, minute 59`,
    oracle: 'tshark',
  },
  {
    label: 'M_BO_NA_1',
    octets: '07 02 03 00 01 00 64 00 00 04 03 02 01 00 65 00 00 ff ff ff ff 10',
    asdu: decoded(7, 3, 1, [
      { ioa: 100, value: 0x01020304, status: 0x00 },
      { ioa: 101, value: 0xffffffff, status: 0x10 },
    ]),
    derivation: `07: type | 02: 2 objects | 03 00: spontaneous | 01 00: CA 1 | 64 00 00: IOA 100 | 04 03 02 01: bits
      16909060, lowest octet first | 00: good | 65 00 00: IOA 101 | ff ff ff ff: all 32 bits | 10: BL`,
    oracle: 'tshark',
  },
  {
    label: 'M_BO_NA_1',
    octets: '07 82 14 00 01 00 00 01 00 01 00 00 00 80 00 00 00 80 0e',
    asdu: decoded(
      7,
      20,
      1,
      [
        { ioa: 256, value: 1, status: 0x80 },
        { ioa: 257, value: 0x80000000, status: 0x0e },
      ],
      { sequence: true },
    ),
    derivation: `07: type | 82: SQ 1, 2 elements | 14 00: interrogated by station | 01 00: CA 1 | 00 01 00: IOA 256,
      then 257 | 01 00 00 00: bit 0 | 80: IV | 00 00 00 80: bit 31 | 0e: reserved bits 1 to 3`,
    oracle: 'tshark',
  },
  {
    label: 'M_BO_TA_1',
    octets: '08 01 03 00 01 00 01 00 00 78 56 34 12 00 5f ea 3b',
    asdu: decoded(8, 3, 1, [{ ioa: 1, value: 0x12345678, status: 0x00, time: hex('5f ea 3b') }]),
    derivation: `08: type | 01: one object | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 78 56 34 12: bits
      0x12345678 | 00: good | 5f ea 3b: 59999 ms, minute 59`,
    oracle: 'tshark',
  },
  {
    label: 'M_ME_NA_1',
    octets:
      '09 05 01 00 01 00 01 00 00 ff 7f 00 02 00 00 00 80 01 03 00 00 01 00 80 04 00 00 ff ff 40 05 00 00 00 40 f1',
    asdu: decoded(9, 1, 1, [
      { ioa: 1, value: 32767 / 32768, status: 0x00 },
      { ioa: 2, value: -1, status: 0x01 },
      { ioa: 3, value: 1 / 32768, status: 0x80 },
      { ioa: 4, value: -1 / 32768, status: 0x40 },
      { ioa: 5, value: 0.5, status: 0xf1 },
    ]),
    derivation: `09: type | 05: 5 objects | 01 00: periodic | 01 00: CA 1 | 01 00 00: IOA 1 | ff 7f: raw 32767 | 00:
      good | 02 00 00: IOA 2 | 00 80: raw -32768, which is -1 | 01: OV | 03 00 00: IOA 3 | 01 00: raw 1 |
      80: IV | 04 00 00: IOA 4 | ff ff: raw -1 | 40: NT | 05 00 00: IOA 5 | 00 40: raw 16384, which is 0.5 |
      f1: IV NT SB BL OV`,
    oracle: 'tshark',
  },
  {
    label: 'M_ME_NA_1',
    octets: '09 83 14 00 01 00 bd 02 00 01 80 00 00 00 20 fe 7f 10',
    asdu: decoded(
      9,
      20,
      1,
      [
        { ioa: 701, value: -32767 / 32768, status: 0x00 },
        { ioa: 702, value: 0, status: 0x20 },
        { ioa: 703, value: 32766 / 32768, status: 0x10 },
      ],
      { sequence: true },
    ),
    derivation: `09: type | 83: SQ 1, 3 elements | 14 00: interrogated by station | 01 00: CA 1 | bd 02 00: IOA 701,
      then 702, 703 | 01 80: raw -32767 | 00: good | 00 00: raw 0 | 20: SB | fe 7f: raw 32766 | 10: BL`,
    oracle: 'tshark',
  },
  {
    label: 'M_ME_TA_1',
    octets: '0a 01 03 00 01 00 01 00 00 00 c0 00 2c 01 9e',
    asdu: decoded(10, 3, 1, [{ ioa: 1, value: -0.5, status: 0x00, time: hex('2c 01 9e') }]),
    derivation: `0a: type | 01: one object | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 00 c0: raw -16384,
      which is -0.5 | 00: good | 2c 01 9e: 300 ms, IV, minute 30`,
    oracle: 'tshark',
  },
  {
    label: 'M_ME_NB_1',
    octets: '0b 03 03 00 01 00 01 00 00 00 80 00 02 00 00 ff 7f 01 03 00 00 ff ff 80',
    asdu: decoded(11, 3, 1, [
      { ioa: 1, value: -32768, status: 0x00 },
      { ioa: 2, value: 32767, status: 0x01 },
      { ioa: 3, value: -1, status: 0x80 },
    ]),
    derivation: `0b: type | 03: 3 objects | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 00 80: -32768 | 00:
      good | 02 00 00: IOA 2 | ff 7f: 32767 | 01: OV | 03 00 00: IOA 3 | ff ff: -1 | 80: IV`,
    oracle: 'tshark',
  },
  {
    label: 'M_ME_NB_1',
    octets: '0b 82 94 00 01 00 ff ff 00 2c 01 00 d4 fe 40',
    asdu: decoded(
      11,
      20,
      1,
      [
        { ioa: 65535, value: 300, status: 0x00 },
        { ioa: 65536, value: -300, status: 0x40 },
      ],
      { sequence: true, test: true },
    ),
    derivation: `0b: type | 82: SQ 1, 2 elements | 94 00: T, interrogated by station | 01 00: CA 1 | ff ff 00: IOA
      65535, then 65536 | 2c 01: 300 | 00: good | d4 fe: -300 | 40: NT`,
    oracle: 'tshark',
  },
  {
    label: 'M_ME_TB_1',
    octets: '0c 01 03 00 01 00 01 00 00 18 fc 10 00 00 00',
    asdu: decoded(12, 3, 1, [{ ioa: 1, value: -1000, status: 0x10, time: hex('00 00 00') }]),
    derivation: `0c: type | 01: one object | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 18 fc: -1000 | 10: BL
      | 00 00 00: 0 ms, minute 0`,
    oracle: 'tshark',
  },
  {
    label: 'M_ME_NC_1',
    octets:
      '0d 04 03 00 01 00 01 00 00 cd cc 4c 3e 00 02 00 00 33 93 88 c3 00 03 00 00 ff ff 7f 7f 01 04 00 00 01 00 00 00 80',
    asdu: decoded(13, 3, 1, [
      { ioa: 1, value: Math.fround(0.2), status: 0x00 },
      { ioa: 2, value: Math.fround(-273.15), status: 0x00 },
      { ioa: 3, value: 3.4028234663852886e38, status: 0x01 },
      { ioa: 4, value: 2 ** -149, status: 0x80 },
    ]),
    derivation: `0d: type | 04: 4 objects | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | cd cc 4c 3e: 0.2,
      3e4ccccd | 00: good | 02 00 00: IOA 2 | 33 93 88 c3: -273.15, c3889333 | 00: good | 03 00 00: IOA 3 |
      ff ff 7f 7f: the greatest, 7f7fffff | 01: OV | 04 00 00: IOA 4 | 01 00 00 00: the smallest, 2 ** -149
      | 80: IV`,
    oracle: 'tshark',
  },
  {
    label: 'M_ME_NC_1',
    octets: '0d 83 05 00 01 00 88 13 00 00 00 00 80 00 00 00 80 7f 81 00 00 66 43 20',
    asdu: decoded(
      13,
      5,
      1,
      [
        { ioa: 5000, value: -0, status: 0x00 },
        { ioa: 5001, value: Number.POSITIVE_INFINITY, status: 0x81 },
        { ioa: 5002, value: 230, status: 0x20 },
      ],
      { sequence: true },
    ),
    derivation: `0d: type | 83: SQ 1, 3 elements | 05 00: requested | 01 00: CA 1 | 88 13 00: IOA 5000, then 5001, 5002
      | 00 00 00 80: -0 | 00: good | 00 00 80 7f: infinite | 81: IV OV | 00 00 66 43: 230, 43660000 | 20: SB`,
    oracle: 'tshark',
  },
  {
    label: 'M_ME_TC_1',
    octets: '0e 01 03 00 01 00 01 00 00 00 00 c0 bf 00 e9 03 0a',
    asdu: decoded(14, 3, 1, [{ ioa: 1, value: -1.5, status: 0x00, time: hex('e9 03 0a') }]),
    derivation: `0e: type | 01: one object | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 00 00 c0 bf: -1.5,
      bfc00000 | 00: good | e9 03 0a: 1001 ms, minute 10`,
    oracle: 'tshark',
  },
  {
    label: 'M_IT_NA_1',
    octets:
      '0f 04 25 00 01 00 01 00 00 ff ff ff ff 00 02 00 00 00 00 00 80 9f 03 00 00 ff ff ff 7f 20 04 00 00 40 e2 01 00 41',
    asdu: decoded(15, 37, 1, [
      { ioa: 1, value: -1, status: 0x00 },
      { ioa: 2, value: -2147483648, status: 0x9f },
      { ioa: 3, value: 2147483647, status: 0x20 },
      { ioa: 4, value: 123456, status: 0x41 },
    ]),
    derivation: `0f: type | 04: 4 objects | 25 00: counters interrogated | 01 00: CA 1 | 01 00 00: IOA 1 | ff ff ff ff:
      -1 | 00: sequence 0 | 02 00 00: IOA 2 | 00 00 00 80: -2147483648 | 9f: IV, sequence 31 | 03 00 00: IOA
      3 | ff ff ff 7f: 2147483647 | 20: CY, sequence 0 | 04 00 00: IOA 4 | 40 e2 01 00: 123456 | 41: CA,
      sequence 1`,
    oracle: 'tshark',
  },
  {
    label: 'M_IT_NA_1',
    octets: '0f 82 29 00 01 00 2c 01 00 00 00 00 00 05 fe ff ff ff e5',
    asdu: decoded(
      15,
      41,
      1,
      [
        { ioa: 300, value: 0, status: 0x05 },
        { ioa: 301, value: -2, status: 0xe5 },
      ],
      { sequence: true },
    ),
    derivation: `0f: type | 82: SQ 1, 2 elements | 29 00: counter group 4 | 01 00: CA 1 | 2c 01 00: IOA 300, then 301 |
      00 00 00 00: 0 | 05: sequence 5 | fe ff ff ff: -2 | e5: IV CA CY, sequence 5`,
    oracle: 'tshark',
  },
  {
    label: 'M_IT_TA_1',
    octets: '10 01 03 00 01 00 01 00 00 01 02 03 04 03 60 ea 05',
    asdu: decoded(16, 3, 1, [{ ioa: 1, value: 67305985, status: 0x03, time: hex('60 ea 05') }]),
    derivation: `10: type | 01: one object | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 01 02 03 04: 67305985
      | 03: sequence 3 | 60 ea 05: 60000 ms (beyond a minute), minute 5`,
    oracle: 'tshark',
  },
  {
    label: 'M_EP_TA_1',
    octets: '11 02 03 00 01 00 01 00 00 02 64 00 e8 03 0f 02 00 00 fd ff ff 5f ea bb',
    asdu: decoded(17, 3, 1, [
      { ioa: 1, value: 2, status: 0x02, elapsed: 100, time: hex('e8 03 0f') },
      { ioa: 2, value: 1, status: 0xfd, elapsed: 65535, time: hex('5f ea bb') },
    ]),
    derivation: `11: type | 02: 2 objects | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 02: ES on | 64 00:
      elapsed 100 ms | e8 03 0f: 1000 ms, minute 15 | 02 00 00: IOA 2 | fd: IV NT SB BL EI, reserved, ES off
      | ff ff: elapsed 65535 ms | 5f ea bb: 59999 ms, IV, minute 59`,
    oracle: 'scapy',
  },
  {
    label: 'M_EP_TB_1',
    octets: '12 01 03 09 01 00 01 00 00 2b 88 2c 01 00 00 40',
    asdu: decoded(18, 3, 1, [{ ioa: 1, value: 0x2b, status: 0x88, elapsed: 300, time: hex('00 00 40') }], {
      originator: 9,
    }),
    derivation: `12: type | 01: one object | 03 09: spontaneous, originator 9 | 01 00: CA 1 | 01 00 00: IOA 1 | 2b: GS
      SL1 SL3 SRD | 88: IV EI | 2c 01: duration 300 ms | 00 00 40: 0 ms, GEN, minute 0`,
    oracle: 'scapy',
  },
  {
    label: 'M_EP_TB_1',
    octets: '12 01 03 00 01 00 02 00 00 d4 77 00 00 01 00 01',
    asdu: decoded(18, 3, 1, [{ ioa: 2, value: 0xd4, status: 0x77, elapsed: 0, time: hex('01 00 01') }]),
    derivation: `12: type | 01: one object | 03 00: spontaneous | 01 00: CA 1 | 02 00 00: IOA 2 | d4: both reserved
      bits, SIE, SL2 | 77: NT SB BL, reserved bits | 00 00: 0 ms | 01 00 01: 1 ms, minute 1`,
    oracle: 'scapy',
  },
  {
    label: 'M_EP_TC_1',
    octets: '13 01 03 00 01 00 01 00 00 05 10 32 00 98 3a 1e',
    asdu: decoded(19, 3, 1, [{ ioa: 1, value: 0x05, status: 0x10, elapsed: 50, time: hex('98 3a 1e') }]),
    derivation: `13: type | 01: one object | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 05: GC CL2 | 10: BL |
      32 00: operating time 50 ms | 98 3a 1e: 15000 ms, minute 30`,
    oracle: 'scapy',
  },
  {
    label: 'M_EP_TC_1',
    octets: '13 01 03 00 01 00 02 00 00 fa 00 ff ff 5f ea 3b',
    asdu: decoded(19, 3, 1, [{ ioa: 2, value: 0xfa, status: 0x00, elapsed: 65535, time: hex('5f ea 3b') }]),
    derivation: `13: type | 01: one object | 03 00: spontaneous | 01 00: CA 1 | 02 00 00: IOA 2 | fa: reserved bits,
      CL3 CL1 | 00: good | ff ff: 65535 ms | 5f ea 3b: 59999 ms, minute 59`,
    oracle: 'scapy',
  },
  {
    label: 'M_PS_NA_1',
    octets: '14 02 03 00 01 00 01 00 00 01 80 02 40 00 02 00 00 34 12 cd ab 91',
    asdu: decoded(20, 3, 1, [
      { ioa: 1, value: 0x40028001, status: 0x00 },
      { ioa: 2, value: 0xabcd1234, status: 0x91 },
    ]),
    derivation: `14: type | 02: 2 objects | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 01 80: ST 1 and 16 |
      02 40: CD 2 and 15 | 00: good | 02 00 00: IOA 2 | 34 12: ST 0x1234 | cd ab: CD 0xabcd | 91: IV BL OV`,
    oracle: 'scapy',
  },
  {
    label: 'M_PS_NA_1',
    octets: '14 82 14 00 01 00 0a 00 00 ff ff 00 00 00 00 00 ff ff 40',
    asdu: decoded(
      20,
      20,
      1,
      [
        { ioa: 10, value: 0x0000ffff, status: 0x00 },
        { ioa: 11, value: 0xffff0000, status: 0x40 },
      ],
      { sequence: true },
    ),
    derivation: `14: type | 82: SQ 1, 2 elements | 14 00: interrogated by station | 01 00: CA 1 | 0a 00 00: IOA 10,
      then 11 | ff ff: all ST | 00 00: no CD | 00: good | 00 00: no ST | ff ff: all CD | 40: NT`,
    oracle: 'scapy',
  },
  {
    label: 'M_ME_ND_1',
    octets: '15 02 01 00 01 00 01 00 00 00 80 02 00 00 ff 7f',
    asdu: decoded(21, 1, 1, [
      { ioa: 1, value: -1 },
      { ioa: 2, value: 32767 / 32768 },
    ]),
    derivation: `15: type | 02: 2 objects | 01 00: periodic | 01 00: CA 1 | 01 00 00: IOA 1 | 00 80: raw -32768 | 02 00
      00: IOA 2 | ff 7f: raw 32767`,
    oracle: 'tshark',
  },
  {
    label: 'M_ME_ND_1',
    octets: '15 84 14 00 01 00 e8 03 00 01 00 ff ff 00 40 00 00',
    asdu: decoded(
      21,
      20,
      1,
      [
        { ioa: 1000, value: 1 / 32768 },
        { ioa: 1001, value: -1 / 32768 },
        { ioa: 1002, value: 0.5 },
        { ioa: 1003, value: 0 },
      ],
      { sequence: true },
    ),
    derivation: `15: type | 84: SQ 1, 4 elements | 14 00: interrogated by station | 01 00: CA 1 | e8 03 00: IOA 1000,
      then 1001 to 1003 | 01 00: raw 1 | ff ff: raw -1 | 00 40: raw 16384 | 00 00: raw 0`,
    oracle: 'tshark',
  },
  {
    label: 'M_SP_TB_1',
    octets: '1e 02 03 00 0a 00 2c 01 00 01 5f ea 3b 17 9d 02 18 2d 01 00 50 24 77 8f 8a 8d 08 09',
    asdu: decoded(30, 3, 10, [
      { ioa: 300, value: 1, status: 0x01, time: hex('5f ea 3b 17 9d 02 18') },
      { ioa: 301, value: 0, status: 0x50, time: hex('24 77 8f 8a 8d 08 09') },
    ]),
    derivation: `1e: type | 02: 2 objects | 03 00: spontaneous | 0a 00: CA 10 | 2c 01 00: IOA 300 | 01: on | 5f ea 3b
      17 9d 02 18: Thursday 2024-02-29 23:59:59.999 | 2d 01 00: IOA 301 | 50: NT BL, off | 24 77 8f 8a 8d 08
      09: 30500 ms, IV minute 15, SU hour 10, Thursday 13, August, 2009`,
    oracle: 'tshark',
  },
  {
    label: 'M_SP_TB_1',
    octets: '1e 01 03 00 0a 00 01 00 00 00 00 00 40 00 1f 0c 63',
    asdu: decoded(30, 3, 10, [{ ioa: 1, value: 0, status: 0x00, time: hex('00 00 40 00 1f 0c 63') }]),
    derivation: `1e: type | 01: one object | 03 00: spontaneous | 0a 00: CA 10 | 01 00 00: IOA 1 | 00: off | 00 00 40
      00 1f 0c 63: GEN, no day of week, 2099-12-31 00:00:00.000`,
    oracle: 'tshark',
  },
  {
    label: 'M_SP_TB_1',
    octets: '1e 01 03 00 0a 00 01 00 00 01 e9 03 00 6c c1 f1 80',
    asdu: decoded(30, 3, 10, [{ ioa: 1, value: 1, status: 0x01, time: hex('e9 03 00 6c c1 f1 80') }]),
    derivation: `1e: type | 01: one object | 03 00: spontaneous | 0a 00: CA 10 | 01 00 00: IOA 1 | 01: on | e9 03 00 6c
      c1 f1 80: 1001 ms, minute 0, RES2 hour 12, Saturday 1, RES3 January, RES4 2000`,
    oracle: 'tshark',
  },
  {
    label: 'M_DP_TB_1',
    octets: '1f 02 03 00 01 00 01 00 00 02 00 00 00 00 81 01 46 02 00 00 b1 5f ea 3b 01 fd 03 1a',
    asdu: decoded(31, 3, 1, [
      { ioa: 1, value: 2, status: 0x02, time: hex('00 00 00 00 81 01 46') },
      { ioa: 2, value: 1, status: 0xb1, time: hex('5f ea 3b 01 fd 03 1a') },
    ]),
    derivation: `1f: type | 02: 2 objects | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 02: on | 00 00 00 00
      81 01 46: Thursday 1970-01-01 00:00:00.000 | 02 00 00: IOA 2 | b1: IV SB BL, off | 5f ea 3b 01 fd 03
      1a: Sunday 2026-03-29 01:59:59.999`,
    oracle: 'tshark',
  },
  {
    label: 'M_ST_TB_1',
    octets: '20 01 03 00 01 00 01 00 00 9c 01 d5 dd 22 8c 23 07 17',
    asdu: decoded(32, 3, 1, [{ ioa: 1, value: 28, transient: true, status: 0x01, time: hex('d5 dd 22 8c 23 07 17') }]),
    derivation: `20: type | 01: one object | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 9c: transient, value
      28 | 01: OV | d5 dd 22 8c 23 07 17: 56789 ms, minute 34, SU hour 12, Monday 3, July, 2023`,
    oracle: 'tshark',
  },
  {
    label: 'M_BO_TB_1',
    octets: '21 01 03 00 01 00 bc 02 00 ef be ad de 00 d5 dd 22 8c 23 07 17',
    asdu: decoded(33, 3, 1, [{ ioa: 700, value: 0xdeadbeef, status: 0x00, time: hex('d5 dd 22 8c 23 07 17') }]),
    derivation: `21: type | 01: one object | 03 00: spontaneous | 01 00: CA 1 | bc 02 00: IOA 700 | ef be ad de: bits
      0xdeadbeef | 00: good | d5 dd 22 8c 23 07 17: Monday 2023-07-03 12:34:56.789 SU`,
    oracle: 'tshark',
  },
  {
    label: 'M_ME_TD_1',
    octets: '22 02 03 00 01 00 01 00 00 00 80 00 5f ea 3b 17 9d 02 18 02 00 00 ff 7f 81 00 00 80 00 00 00 00',
    asdu: decoded(34, 3, 1, [
      { ioa: 1, value: -1, status: 0x00, time: hex('5f ea 3b 17 9d 02 18') },
      { ioa: 2, value: 32767 / 32768, status: 0x81, time: hex('00 00 80 00 00 00 00') },
    ]),
    derivation: `22: type | 02: 2 objects | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 00 80: raw -32768 |
      00: good | 5f ea 3b 17 9d 02 18: Thursday 2024-02-29 23:59:59.999 | 02 00 00: IOA 2 | ff 7f: raw 32767
      | 81: IV OV | 00 00 80 00 00 00 00: IV and nothing else`,
    oracle: 'tshark',
  },
  {
    label: 'M_ME_TE_1',
    octets: '23 01 03 00 01 00 01 00 00 85 ff 40 24 77 8f 8a 8d 08 09',
    asdu: decoded(35, 3, 1, [{ ioa: 1, value: -123, status: 0x40, time: hex('24 77 8f 8a 8d 08 09') }]),
    derivation: `23: type | 01: one object | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 85 ff: -123 | 40: NT
      | 24 77 8f 8a 8d 08 09: 30500 ms, IV minute 15, SU hour 10, Thursday 13, August, 2009`,
    oracle: 'tshark',
  },
  {
    label: 'M_ME_TF_1',
    octets:
      '24 02 03 01 01 00 01 00 00 3d 0a 48 42 00 5f ea 3b 17 9d 02 18 02 00 00 ff ff 7f ff 21 e9 03 00 6c c1 f1 80',
    asdu: decoded(
      36,
      3,
      1,
      [
        { ioa: 1, value: Math.fround(50.01), status: 0x00, time: hex('5f ea 3b 17 9d 02 18') },
        { ioa: 2, value: -3.4028234663852886e38, status: 0x21, time: hex('e9 03 00 6c c1 f1 80') },
      ],
      { originator: 1 },
    ),
    derivation: `24: type | 02: 2 objects | 03 01: spontaneous, originator 1 | 01 00: CA 1 | 01 00 00: IOA 1 | 3d 0a 48
      42: 50.01, 42480a3d | 00: good | 5f ea 3b 17 9d 02 18: Thursday 2024-02-29 23:59:59.999 | 02 00 00:
      IOA 2 | ff ff 7f ff: the most negative, ff7fffff | 21: SB OV | e9 03 00 6c c1 f1 80: 2000-01-01
      12:00:01.001, reserved bits set`,
    oracle: 'tshark',
  },
  {
    label: 'M_IT_TB_1',
    octets:
      '25 02 26 00 01 00 01 00 00 40 e2 01 00 07 5f ea 3b 17 9d 02 18 02 00 00 c0 1d fe ff ff 00 00 40 00 1f 0c 63',
    asdu: decoded(37, 38, 1, [
      { ioa: 1, value: 123456, status: 0x07, time: hex('5f ea 3b 17 9d 02 18') },
      { ioa: 2, value: -123456, status: 0xff, time: hex('00 00 40 00 1f 0c 63') },
    ]),
    derivation: `25: type | 02: 2 objects | 26 00: counter group 1 | 01 00: CA 1 | 01 00 00: IOA 1 | 40 e2 01 00:
      123456 | 07: sequence 7 | 5f ea 3b 17 9d 02 18: Thursday 2024-02-29 23:59:59.999 | 02 00 00: IOA 2 |
      c0 1d fe ff: -123456 | ff: IV CA CY, sequence 31 | 00 00 40 00 1f 0c 63: GEN, 2099-12-31 00:00:00.000`,
    oracle: 'tshark',
  },
  {
    label: 'M_EP_TD_1',
    octets: '26 01 03 00 01 00 01 00 00 8a e8 03 24 77 8f 8a 8d 08 09',
    asdu: decoded(38, 3, 1, [{ ioa: 1, value: 2, status: 0x8a, elapsed: 1000, time: hex('24 77 8f 8a 8d 08 09') }]),
    derivation: `26: type | 01: one object | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 8a: IV EI, ES on | e8
      03: elapsed 1000 ms | 24 77 8f 8a 8d 08 09: 30500 ms, IV minute 15, SU hour 10, Thursday 13, August,
      2009`,
    oracle: 'scapy',
  },
  {
    label: 'M_EP_TE_1',
    octets: '27 01 83 00 01 00 01 00 00 1f 48 01 00 5f ea 3b 17 9d 02 18',
    asdu: decoded(39, 3, 1, [{ ioa: 1, value: 0x1f, status: 0x48, elapsed: 1, time: hex('5f ea 3b 17 9d 02 18') }], {
      test: true,
    }),
    derivation: `27: type | 01: one object | 83 00: T, spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 1f: GS SL1 SL2 SL3
      SIE | 48: NT EI | 01 00: duration 1 ms | 5f ea 3b 17 9d 02 18: Thursday 2024-02-29 23:59:59.999`,
    oracle: 'scapy',
  },
  {
    label: 'M_EP_TF_1',
    octets: '28 01 03 00 01 00 01 00 00 0f 00 00 80 e9 03 00 6c c1 f1 80',
    asdu: decoded(40, 3, 1, [{ ioa: 1, value: 0x0f, status: 0x00, elapsed: 32768, time: hex('e9 03 00 6c c1 f1 80') }]),
    derivation: `28: type | 01: one object | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 0f: GC CL1 CL2 CL3 |
      00: good | 00 80: 32768 ms | e9 03 00 6c c1 f1 80: 2000-01-01 12:00:01.001, reserved bits set`,
    oracle: 'scapy',
  },
  {
    label: 'S_IT_TC_1',
    octets:
      '29 02 03 00 01 00 01 00 00 02 01 fe ff ff ff 05 5f ea 3b 17 9d 02 18 02 00 00 ff ff 40 e2 01 00 a0 00 00 40 00 1f 0c 63',
    asdu: decoded(41, 3, 1, [
      { ioa: 1, association: 258, value: -2, status: 0x05, time: hex('5f ea 3b 17 9d 02 18') },
      { ioa: 2, association: 65535, value: 123456, status: 0xa0, time: hex('00 00 40 00 1f 0c 63') },
    ]),
    derivation: `29: type | 02: 2 objects | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 02 01: association 258
      | fe ff ff ff: -2 | 05: sequence 5 | 5f ea 3b 17 9d 02 18: Thursday 2024-02-29 23:59:59.999 | 02 00
      00: IOA 2 | ff ff: association 65535 | 40 e2 01 00: 123456 | a0: IV CY, sequence 0 | 00 00 40 00 1f 0c
      63: GEN, 2099-12-31 00:00:00.000`,
    oracle: 'layout',
  },
  {
    label: 'C_SC_NA_1',
    octets: '2d 01 06 05 01 00 88 13 00 81',
    asdu: decoded(45, 6, 1, [{ ioa: 5000, value: 1, status: 0x81 }], { originator: 5 }),
    derivation: `2d: type | 01: one object | 06 05: activation, originator 5 | 01 00: CA 1 | 88 13 00: IOA 5000 | 81:
      select, QU 0, on`,
    oracle: 'tshark',
  },
  {
    label: 'C_SC_NA_1',
    octets: '2d 01 47 05 01 00 88 13 00 7e',
    asdu: decoded(45, 7, 1, [{ ioa: 5000, value: 0, status: 0x7e }], { negative: true, originator: 5 }),
    derivation: `2d: type | 01: one object | 47 05: P/N, activation confirmation, originator 5 | 01 00: CA 1 | 88 13
      00: IOA 5000 | 7e: execute, QU 31, reserved bit 1, off`,
    oracle: 'tshark',
  },
  {
    label: 'C_DC_NA_1',
    octets: '2e 01 06 00 01 00 89 13 00 06',
    asdu: decoded(46, 6, 1, [{ ioa: 5001, value: 2, status: 0x06 }]),
    derivation: `2e: type | 01: one object | 06 00: activation | 01 00: CA 1 | 89 13 00: IOA 5001 | 06: execute, QU 1
      short pulse, on`,
    oracle: 'tshark',
  },
  {
    label: 'C_DC_NA_1',
    octets: '2e 01 88 00 01 00 89 13 00 8d',
    asdu: decoded(46, 8, 1, [{ ioa: 5001, value: 1, status: 0x8d }], { test: true }),
    derivation: `2e: type | 01: one object | 88 00: T, deactivation | 01 00: CA 1 | 89 13 00: IOA 5001 | 8d: select, QU
      3 persistent, off`,
    oracle: 'tshark',
  },
  {
    label: 'C_RC_NA_1',
    octets: '2f 01 06 00 01 00 8a 13 00 0a',
    asdu: decoded(47, 6, 1, [{ ioa: 5002, value: 2, status: 0x0a }]),
    derivation: `2f: type | 01: one object | 06 00: activation | 01 00: CA 1 | 8a 13 00: IOA 5002 | 0a: execute, QU 2
      long pulse, step higher`,
    oracle: 'tshark',
  },
  {
    label: 'C_RC_NA_1',
    octets: '2f 01 0a 00 01 00 8a 13 00 83',
    asdu: decoded(47, 10, 1, [{ ioa: 5002, value: 3, status: 0x83 }]),
    derivation: `2f: type | 01: one object | 0a 00: activation termination | 01 00: CA 1 | 8a 13 00: IOA 5002 | 83:
      select, QU 0, RCS 3 not permitted`,
    oracle: 'tshark',
  },
  {
    label: 'C_SE_NA_1',
    octets: '30 01 06 00 01 00 01 00 00 00 80 80',
    asdu: decoded(48, 6, 1, [{ ioa: 1, value: -1, status: 0x80 }]),
    derivation: `30: type | 01: one object | 06 00: activation | 01 00: CA 1 | 01 00 00: IOA 1 | 00 80: raw -32768 |
      80: select, QL 0`,
    oracle: 'tshark',
  },
  {
    label: 'C_SE_NB_1',
    octets: '31 01 06 00 01 00 01 00 00 18 fc 00',
    asdu: decoded(49, 6, 1, [{ ioa: 1, value: -1000, status: 0x00 }]),
    derivation: `31: type | 01: one object | 06 00: activation | 01 00: CA 1 | 01 00 00: IOA 1 | 18 fc: -1000 | 00:
      execute, QL 0`,
    oracle: 'tshark',
  },
  {
    label: 'C_SE_NC_1',
    octets: '32 01 49 00 01 00 01 00 00 3d 0a 48 42 ff',
    asdu: decoded(50, 9, 1, [{ ioa: 1, value: Math.fround(50.01), status: 0xff }], { negative: true }),
    derivation: `32: type | 01: one object | 49 00: P/N, deactivation confirmation | 01 00: CA 1 | 01 00 00: IOA 1 | 3d
      0a 48 42: 50.01 | ff: select, QL 127`,
    oracle: 'tshark',
  },
  {
    label: 'C_BO_NA_1',
    octets: '33 01 06 00 01 00 01 00 00 01 02 03 f4',
    asdu: decoded(51, 6, 1, [{ ioa: 1, value: 0xf4030201 }]),
    derivation: `33: type | 01: one object | 06 00: activation | 01 00: CA 1 | 01 00 00: IOA 1 | 01 02 03 f4: bits
      0xf4030201`,
    oracle: 'tshark',
  },
  {
    label: 'C_SC_TA_1',
    octets: '3a 01 06 00 01 00 01 00 00 05 5f ea 3b 17 9d 02 18',
    asdu: decoded(58, 6, 1, [{ ioa: 1, value: 1, status: 0x05, time: hex('5f ea 3b 17 9d 02 18') }]),
    derivation: `3a: type | 01: one object | 06 00: activation | 01 00: CA 1 | 01 00 00: IOA 1 | 05: execute, QU 1, on
      | 5f ea 3b 17 9d 02 18: Thursday 2024-02-29 23:59:59.999`,
    oracle: 'tshark',
  },
  {
    label: 'C_DC_TA_1',
    octets: '3b 01 06 00 01 00 01 00 00 82 d5 dd 22 8c 23 07 17',
    asdu: decoded(59, 6, 1, [{ ioa: 1, value: 2, status: 0x82, time: hex('d5 dd 22 8c 23 07 17') }]),
    derivation: `3b: type | 01: one object | 06 00: activation | 01 00: CA 1 | 01 00 00: IOA 1 | 82: select, QU 0, on |
      d5 dd 22 8c 23 07 17: Monday 2023-07-03 12:34:56.789 SU`,
    oracle: 'tshark',
  },
  {
    label: 'C_RC_TA_1',
    octets: '3c 01 6f 00 01 00 01 00 00 01 00 00 80 00 00 00 00',
    asdu: decoded(60, 47, 1, [{ ioa: 1, value: 1, status: 0x01, time: hex('00 00 80 00 00 00 00') }], {
      negative: true,
    }),
    derivation: `3c: type | 01: one object | 6f 00: P/N, unknown object address | 01 00: CA 1 | 01 00 00: IOA 1 | 01:
      execute, QU 0, step lower | 00 00 80 00 00 00 00: IV and nothing else`,
    oracle: 'tshark',
  },
  {
    label: 'C_SE_TA_1',
    octets: '3d 01 06 00 01 00 01 00 00 ff 7f 00 24 77 8f 8a 8d 08 09',
    asdu: decoded(61, 6, 1, [{ ioa: 1, value: 32767 / 32768, status: 0x00, time: hex('24 77 8f 8a 8d 08 09') }]),
    derivation: `3d: type | 01: one object | 06 00: activation | 01 00: CA 1 | 01 00 00: IOA 1 | ff 7f: raw 32767 | 00:
      execute, QL 0 | 24 77 8f 8a 8d 08 09: 30500 ms, IV minute 15, SU hour 10, Thursday 13, August, 2009`,
    oracle: 'tshark',
  },
  {
    label: 'C_SE_TB_1',
    octets: '3e 01 06 00 01 00 01 00 00 00 80 81 5f ea 3b 01 fd 03 1a',
    asdu: decoded(62, 6, 1, [{ ioa: 1, value: -32768, status: 0x81, time: hex('5f ea 3b 01 fd 03 1a') }]),
    derivation: `3e: type | 01: one object | 06 00: activation | 01 00: CA 1 | 01 00 00: IOA 1 | 00 80: -32768 | 81:
      select, QL 1 | 5f ea 3b 01 fd 03 1a: Sunday 2026-03-29 01:59:59.999`,
    oracle: 'tshark',
  },
  {
    label: 'C_SE_TC_1',
    octets: '3f 01 06 00 01 00 01 00 00 00 00 80 ff 00 5f ea 3b 17 9d 02 18',
    asdu: decoded(63, 6, 1, [
      { ioa: 1, value: Number.NEGATIVE_INFINITY, status: 0x00, time: hex('5f ea 3b 17 9d 02 18') },
    ]),
    derivation: `3f: type | 01: one object | 06 00: activation | 01 00: CA 1 | 01 00 00: IOA 1 | 00 00 80 ff: minus
      infinity | 00: execute, QL 0 | 5f ea 3b 17 9d 02 18: Thursday 2024-02-29 23:59:59.999`,
    oracle: 'tshark',
  },
  {
    label: 'C_BO_TA_1',
    octets: '40 01 06 00 01 00 01 00 00 ef be ad de 00 00 40 00 1f 0c 63',
    asdu: decoded(64, 6, 1, [{ ioa: 1, value: 0xdeadbeef, time: hex('00 00 40 00 1f 0c 63') }]),
    derivation: `40: type | 01: one object | 06 00: activation | 01 00: CA 1 | 01 00 00: IOA 1 | ef be ad de: bits
      0xdeadbeef | 00 00 40 00 1f 0c 63: GEN, 2099-12-31 00:00:00.000`,
    oracle: 'tshark',
  },
  {
    label: 'M_EI_NA_1',
    octets: '46 01 04 00 01 00 00 00 00 82',
    asdu: decoded(70, 4, 1, [{ ioa: 0, qualifier: 0x82 }]),
    derivation: `46: type | 01: one object | 04 00: initialized | 01 00: CA 1 | 00 00 00: IOA 0 | 82: parameters
      changed, remote reset`,
    oracle: 'tshark',
  },
  {
    label: 'C_IC_NA_1',
    octets: '64 01 06 00 ff ff 00 00 00 14',
    asdu: decoded(100, 6, 65535, [{ ioa: 0, qualifier: 20 }]),
    derivation: '64: type | 01: one object | 06 00: activation | ff ff: all stations | 00 00 00: IOA 0 | 14: station',
    oracle: 'tshark',
  },
  {
    label: 'C_IC_NA_1',
    octets: '64 01 0a 11 01 00 00 00 00 24',
    asdu: decoded(100, 10, 1, [{ ioa: 0, qualifier: 36 }], { originator: 17 }),
    derivation: `64: type | 01: one object | 0a 11: activation termination, originator 17 | 01 00: CA 1 | 00 00 00: IOA
      0 | 24: group 16`,
    oracle: 'tshark',
  },
  {
    label: 'C_CI_NA_1',
    octets: '65 01 06 00 01 00 00 00 00 45',
    asdu: decoded(101, 6, 1, [{ ioa: 0, qualifier: 0x45 }]),
    derivation: `65: type | 01: one object | 06 00: activation | 01 00: CA 1 | 00 00 00: IOA 0 | 45: FRZ 1 freeze, RQT
      5 general`,
    oracle: 'tshark',
  },
  {
    label: 'C_RD_NA_1',
    octets: '66 01 05 00 01 00 bd 02 01',
    asdu: decoded(102, 5, 1, [{ ioa: 66237 }]),
    derivation: '66: type | 01: one object | 05 00: request | 01 00: CA 1 | bd 02 01: IOA 66237',
    oracle: 'tshark',
  },
  {
    label: 'C_CS_NA_1',
    octets: '67 01 06 00 ff ff 00 00 00 d5 dd 22 8c 23 07 17',
    asdu: decoded(103, 6, 65535, [{ ioa: 0, time: hex('d5 dd 22 8c 23 07 17') }]),
    derivation: `67: type | 01: one object | 06 00: activation | ff ff: all stations | 00 00 00: IOA 0 | d5 dd 22 8c 23
      07 17: Monday 2023-07-03 12:34:56.789 SU`,
    oracle: 'tshark',
  },
  {
    label: 'C_TS_NA_1',
    octets: '68 01 06 00 01 00 00 00 00 aa 55',
    asdu: decoded(104, 6, 1, [{ ioa: 0, pattern: 0x55aa }]),
    derivation: `68: type | 01: one object | 06 00: activation | 01 00: CA 1 | 00 00 00: IOA 0 | aa 55: pattern 0x55aa`,
    oracle: 'scapy',
  },
  {
    label: 'C_RP_NA_1',
    octets: '69 01 06 00 01 00 00 00 00 02',
    asdu: decoded(105, 6, 1, [{ ioa: 0, qualifier: 2 }]),
    derivation: `69: type | 01: one object | 06 00: activation | 01 00: CA 1 | 00 00 00: IOA 0 | 02: QRP 2, the event
      buffer`,
    oracle: 'tshark',
  },
  {
    label: 'C_CD_NA_1',
    octets: '6a 01 03 00 01 00 00 00 00 2c 01',
    asdu: decoded(106, 3, 1, [{ ioa: 0, elapsed: 300 }]),
    derivation: '6a: type | 01: one object | 03 00: spontaneous | 01 00: CA 1 | 00 00 00: IOA 0 | 2c 01: 300 ms',
    oracle: 'scapy',
  },
  {
    label: 'C_TS_TA_1',
    octets: '6b 01 07 02 01 00 00 00 00 34 12 24 77 8f 8a 8d 08 09',
    asdu: decoded(107, 7, 1, [{ ioa: 0, pattern: 0x1234, time: hex('24 77 8f 8a 8d 08 09') }], { originator: 2 }),
    derivation: `6b: type | 01: one object | 07 02: activation confirmation, originator 2 | 01 00: CA 1 | 00 00 00: IOA
      0 | 34 12: counter 4660 | 24 77 8f 8a 8d 08 09: 30500 ms, IV minute 15, SU hour 10, Thursday 13,
      August, 2009`,
    oracle: 'scapy',
  },
  {
    label: 'P_ME_NA_1',
    octets: '6e 01 06 00 01 00 01 00 00 00 e0 41',
    asdu: decoded(110, 6, 1, [{ ioa: 1, value: -0.25, qualifier: 0x41 }]),
    derivation: `6e: type | 01: one object | 06 00: activation | 01 00: CA 1 | 01 00 00: IOA 1 | 00 e0: raw -8192,
      which is -0.25 | 41: LPC, KPA 1 threshold`,
    oracle: 'tshark',
  },
  {
    label: 'P_ME_NB_1',
    octets: '6f 01 14 00 01 00 01 00 00 ff 7f 84',
    asdu: decoded(111, 20, 1, [{ ioa: 1, value: 32767, qualifier: 0x84 }]),
    derivation: `6f: type | 01: one object | 14 00: interrogated by station | 01 00: CA 1 | 01 00 00: IOA 1 | ff 7f:
      32767 | 84: POP, KPA 4 high limit`,
    oracle: 'tshark',
  },
  {
    label: 'P_ME_NC_1',
    octets: '70 01 06 00 01 00 01 00 00 cd cc 4c 3e 3f',
    asdu: decoded(112, 6, 1, [{ ioa: 1, value: Math.fround(0.2), qualifier: 0x3f }]),
    derivation: `70: type | 01: one object | 06 00: activation | 01 00: CA 1 | 01 00 00: IOA 1 | cd cc 4c 3e: 0.2 | 3f:
      KPA 63`,
    oracle: 'tshark',
  },
  {
    label: 'P_AC_NA_1',
    octets: '71 01 08 00 01 00 01 00 00 03',
    asdu: decoded(113, 8, 1, [{ ioa: 1, qualifier: 3 }]),
    derivation: `71: type | 01: one object | 08 00: deactivation | 01 00: CA 1 | 01 00 00: IOA 1 | 03: QPA 3,
      persistent cyclic transmission`,
    oracle: 'scapy',
  },
  {
    label: 'F_FR_NA_1',
    octets: '78 01 0d 00 01 00 0a 00 00 02 01 56 34 12 80',
    asdu: decoded(120, 13, 1, [{ ioa: 10, nof: 258, lof: 0x123456, file: 0x80 }]),
    derivation: `78: type | 01: one object | 0d 00: file transfer | 01 00: CA 1 | 0a 00 00: IOA 10 | 02 01: file 258 |
      56 34 12: 1193046 octets | 80: negative confirmation`,
    oracle: 'scapy',
  },
  {
    label: 'F_SR_NA_1',
    octets: '79 01 0d 00 01 00 0a 00 00 01 00 03 ff ff ff 7f',
    asdu: decoded(121, 13, 1, [{ ioa: 10, nof: 1, nos: 3, lof: 0xffffff, file: 0x7f }]),
    derivation: `79: type | 01: one object | 0d 00: file transfer | 01 00: CA 1 | 0a 00 00: IOA 10 | 01 00: file 1 |
      03: section 3 | ff ff ff: 16777215 octets | 7f: section ready, SRQ 127`,
    oracle: 'scapy',
  },
  {
    label: 'F_SC_NA_1',
    octets: '7a 01 0d 00 01 00 0a 00 00 ff ff ff 56',
    asdu: decoded(122, 13, 1, [{ ioa: 10, nof: 65535, nos: 255, file: 0x56 }]),
    derivation: `7a: type | 01: one object | 0d 00: file transfer | 01 00: CA 1 | 0a 00 00: IOA 10 | ff ff: file 65535
      | ff: section 255 | 56: error 5, call section`,
    oracle: 'scapy',
  },
  {
    label: 'F_LS_NA_1',
    octets: '7b 01 0d 00 01 00 0a 00 00 01 00 02 03 f1',
    asdu: decoded(123, 13, 1, [{ ioa: 10, nof: 1, nos: 2, file: 3, chs: 0xf1 }]),
    derivation: `7b: type | 01: one object | 0d 00: file transfer | 01 00: CA 1 | 0a 00 00: IOA 10 | 01 00: file 1 |
      02: section 2 | 03: LSQ 3, section without deactivation | f1: checksum`,
    oracle: 'scapy',
  },
  {
    label: 'F_AF_NA_1',
    octets: '7c 01 0d 00 01 00 0a 00 00 01 00 02 24',
    asdu: decoded(124, 13, 1, [{ ioa: 10, nof: 1, nos: 2, file: 0x24 }]),
    derivation: `7c: type | 01: one object | 0d 00: file transfer | 01 00: CA 1 | 0a 00 00: IOA 10 | 01 00: file 1 |
      02: section 2 | 24: error 2 checksum, AFQ 4 negative acknowledge of section`,
    oracle: 'scapy',
  },
  {
    label: 'F_SG_NA_1',
    octets: '7d 01 0d 00 01 00 0a 00 00 01 00 02 05 00 68 ff 7d 04',
    asdu: decoded(125, 13, 1, [{ ioa: 10, nof: 1, nos: 2, segment: hex('00 68 ff 7d 04') }]),
    derivation: `7d: type | 01: one object | 0d 00: file transfer | 01 00: CA 1 | 0a 00 00: IOA 10 | 01 00: file 1 |
      02: section 2 | 05: 5 octets | 00 68 ff 7d 04: the segment`,
    oracle: 'scapy',
  },
  {
    label: 'F_SG_NA_1',
    octets: '7d 01 0d 00 01 00 0a 00 00 01 00 02 00',
    asdu: decoded(125, 13, 1, [{ ioa: 10, nof: 1, nos: 2, segment: hex('') }]),
    derivation: `7d: type | 01: one object | 0d 00: file transfer | 01 00: CA 1 | 0a 00 00: IOA 10 | 01 00: file 1 |
      02: section 2 | 00: no octets`,
    oracle: 'scapy',
  },
  {
    label: 'F_DR_TA_1',
    octets: '7e 01 05 00 01 00 0a 00 00 01 00 00 10 00 a1 5f ea 3b 17 9d 02 18',
    asdu: decoded(126, 5, 1, [{ ioa: 10, nof: 1, lof: 4096, file: 0xa1, time: hex('5f ea 3b 17 9d 02 18') }]),
    derivation: `7e: type | 01: one object | 05 00: requested | 01 00: CA 1 | 0a 00 00: IOA 10 | 01 00: file 1 | 00 10
      00: 4096 octets | a1: FA transfer active, LFD last, status 1 | 5f ea 3b 17 9d 02 18: Thursday
      2024-02-29 23:59:59.999`,
    oracle: 'scapy',
  },
  {
    label: 'F_DR_TA_1',
    octets: '7e 82 0d 00 01 00 0a 00 00 01 00 01 02 03 40 5f ea 3b 17 9d 02 18 02 00 00 00 00 3f e9 03 00 6c c1 f1 80',
    asdu: decoded(
      126,
      13,
      1,
      [
        { ioa: 10, nof: 1, lof: 0x030201, file: 0x40, time: hex('5f ea 3b 17 9d 02 18') },
        { ioa: 11, nof: 2, lof: 0, file: 0x3f, time: hex('e9 03 00 6c c1 f1 80') },
      ],
      { sequence: true },
    ),
    derivation: `7e: type | 82: SQ 1, 2 elements | 0d 00: file transfer | 01 00: CA 1 | 0a 00 00: IOA 10, then 11 | 01
      00: file 1 | 01 02 03: 197121 octets | 40: FOR directory | 5f ea 3b 17 9d 02 18: Thursday 2024-02-29
      23:59:59.999 | 02 00: file 2 | 00 00 00: 0 octets | 3f: LFD last, status 31 | e9 03 00 6c c1 f1 80:
      2000-01-01 12:00:01.001, reserved bits set`,
    oracle: 'scapy',
  },
  {
    label: 'F_SC_NB_1',
    octets: '7f 01 0d 00 01 00 0a 00 00 03 00 00 00 00 00 81 01 46 24 77 8f 8a 8d 08 09',
    asdu: decoded(127, 13, 1, [
      { ioa: 10, nof: 3, from: hex('00 00 00 00 81 01 46'), time: hex('24 77 8f 8a 8d 08 09') },
    ]),
    derivation: `7f: type | 01: one object | 0d 00: file transfer | 01 00: CA 1 | 0a 00 00: IOA 10 | 03 00: file 3 | 00
      00 00 00 81 01 46: from Thursday 1970-01-01 00:00:00.000 | 24 77 8f 8a 8d 08 09: to 2009-08-13
      10:15:30.500, IV, SU`,
    oracle: 'scapy',
  },
  {
    label: 'M_ME_XA_1',
    octets:
      'f1 03 03 00 01 00 01 00 00 18 2d 44 54 fb 21 09 40 00 02 00 00 ff ff ff ff ff ff ef ff 01 03 00 00 01 00 00 00 00 00 00 00 80',
    asdu: decoded(241, 3, 1, [
      { ioa: 1, value: Math.PI, status: 0x00 },
      { ioa: 2, value: -Number.MAX_VALUE, status: 0x01 },
      { ioa: 3, value: Number.MIN_VALUE, status: 0x80 },
    ]),
    derivation: `f1: type | 03: 3 objects | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 18 2d 44 54 fb 21 09
      40: pi, 400921fb54442d18 | 00: good | 02 00 00: IOA 2 | ff ff ff ff ff ff ef ff: the most negative |
      01: OV | 03 00 00: IOA 3 | 01 00 00 00 00 00 00 00: the smallest | 80: IV`,
    oracle: 'layout',
  },
  {
    label: 'M_ME_XA_1',
    octets: 'f1 82 14 00 01 00 64 00 00 00 00 00 00 00 00 00 80 00 00 00 00 00 00 00 f0 7f f1',
    asdu: decoded(
      241,
      20,
      1,
      [
        { ioa: 100, value: -0, status: 0x00 },
        { ioa: 101, value: Number.POSITIVE_INFINITY, status: 0xf1 },
      ],
      { sequence: true },
    ),
    derivation: `f1: type | 82: SQ 1, 2 elements | 14 00: interrogated by station | 01 00: CA 1 | 64 00 00: IOA 100,
      then 101 | 00 00 00 00 00 00 00 80: -0 | 00: good | 00 00 00 00 00 00 f0 7f: infinite | f1: IV NT SB
      BL OV`,
    oracle: 'layout',
  },
  {
    label: 'M_ME_XB_1',
    octets: 'f3 01 03 00 01 00 01 00 00 9a 99 99 99 99 99 b9 3f 40 5f ea 3b 17 9d 02 18',
    asdu: decoded(243, 3, 1, [{ ioa: 1, value: 0.1, status: 0x40, time: hex('5f ea 3b 17 9d 02 18') }]),
    derivation: `f3: type | 01: one object | 03 00: spontaneous | 01 00: CA 1 | 01 00 00: IOA 1 | 9a 99 99 99 99 99 b9
      3f: 0.1, 3fb999999999999a | 40: NT | 5f ea 3b 17 9d 02 18: Thursday 2024-02-29 23:59:59.999`,
    oracle: 'layout',
  },
];
