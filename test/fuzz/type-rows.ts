import type { Message } from '../../nodes/shared/message.js';

/** 2025-11-24 16:34:56.789 UTC, a Monday: 56789 ms, minute 34, hour 16, day 24 and weekday 1, November, 25. */
export const MOMENT = Date.UTC(2025, 10, 24, 16, 34, 56, 789);
export const CP24 = 'd5 dd 22';
export const CP56 = 'd5 dd 22 10 38 0b 19';
export const good = { invalid: false, notTopical: false, substituted: false, blocked: false, overflow: false };

export interface Row {
  readonly untimed: string;
  /** Type identifications without, with short and with long time tag. */
  readonly ids: readonly (number | undefined)[];
  /** What a flow sends; the same comes out at the other end. */
  readonly payload: unknown;
  readonly beside?: Message;
  readonly quality: Message;
  /** The information elements as octets; the status octet for the quality, and for flags A..H all set. */
  readonly value: (status: string) => string;
  readonly status: string;
  readonly all: string;
}

export const rows: readonly Row[] = [
  {
    untimed: 'single-point information',
    ids: [1, 2, 30],
    payload: false,
    quality: { invalid: true, substituted: true },
    value: (status) => status,
    status: 'a0',
    // Flag A is the value.
    all: 'fe',
  },
  {
    untimed: 'double-point information',
    ids: [3, 4, 31],
    payload: 2,
    quality: { notTopical: true, blocked: true },
    value: (status) => status,
    status: '52',
    all: 'fe',
  },
  {
    untimed: 'step position',
    ids: [5, 6, 32],
    payload: -5,
    beside: { transient: true },
    quality: { overflow: true },
    value: (status) => `fb ${status}`,
    status: '01',
    all: 'ff',
  },
  {
    untimed: 'bit string',
    ids: [7, 8, 33],
    payload: 0x12345678,
    quality: { blocked: true },
    value: (status) => `78 56 34 12 ${status}`,
    status: '10',
    all: 'ff',
  },
  {
    untimed: 'normalized value',
    ids: [9, 10, 34],
    payload: -0.5,
    quality: { notTopical: true },
    value: (status) => `00 c0 ${status}`,
    status: '40',
    all: 'ff',
  },
  {
    untimed: 'scaled value',
    ids: [11, 12, 35],
    payload: -2,
    quality: { invalid: true, overflow: true },
    value: (status) => `fe ff ${status}`,
    status: '81',
    all: 'ff',
  },
  {
    untimed: 'short floating point',
    ids: [13, 14, 36],
    payload: 1.5,
    quality: { substituted: true },
    value: (status) => `00 00 c0 3f ${status}`,
    status: '20',
    all: 'ff',
  },
  {
    untimed: 'integrated totals',
    ids: [15, 16, 37],
    payload: 258,
    beside: { sequence: 5, carry: true, adjusted: true },
    quality: { invalid: true },
    value: (status) => `02 01 00 00 ${status}`,
    status: 'e5',
    all: 'ff',
  },
  {
    untimed: 'event of protection equipment',
    ids: [undefined, 17, 38],
    payload: { event: 2, elapsedMs: 258 },
    quality: { blocked: true },
    value: (status) => `${status} 02 01`,
    status: '12',
    all: 'fe',
  },
  {
    untimed: 'start events of protection equipment',
    ids: [undefined, 18, 39],
    payload: {
      start: { general: true, l1: false, l2: true, l3: false, earth: false, reverse: false },
      durationMs: 1,
    },
    quality: { substituted: true },
    value: (status) => `05 ${status} 01 00`,
    status: '20',
    all: 'ff',
  },
  {
    untimed: 'output circuits of protection equipment',
    ids: [undefined, 19, 40],
    payload: { output: { general: false, l1: false, l2: false, l3: true }, operatingMs: 65535 },
    quality: { notTopical: true },
    value: (status) => `08 ${status} ff ff`,
    status: '40',
    all: 'ff',
  },
  {
    untimed: 'packed single points: states 1 in the low half, changes 3 in the high one',
    ids: [20],
    payload: 0x0003_0001,
    quality: { overflow: true },
    value: (status) => `01 00 03 00 ${status}`,
    status: '01',
    all: 'ff',
  },
  {
    untimed: 'normalized value without quality',
    ids: [21],
    payload: 0.25,
    quality: {},
    value: () => '00 20',
    status: '00',
    all: '00',
  },
  {
    untimed: '64-bit floating point',
    ids: [241, undefined, 243],
    payload: 1.5,
    quality: { blocked: true, invalid: true },
    value: (status) => `00 00 00 00 00 00 f8 3f ${status}`,
    status: '90',
    all: 'ff',
  },
];
