import type { PointInput } from '../../lib/station/points.js';
import { COMMAND, type Effect, prove } from './effect.js';

/** 103 with cause 3 is not answered: an I-frame that brings nothing back. */
const UNANSWERED = '67 01 03 00 01 00 00 00 00 85 1a 05 04 43 02 1a';
const balancedPoints: readonly PointInput[] = [{ ioa: 1, type: 'C_SC_NA_1', direction: 'out' }];

/** Sets bit 0 of the third control octet, as a standby master does. */
const mark = (frame: string): string =>
  frame
    .split(' ')
    .map((octet, i) => (i === 4 ? (Number.parseInt(octet, 16) | 1).toString(16).padStart(2, '0') : octet))
    .join(' ');

const effects: readonly Effect[] = [
  {
    keyword: 'ICF3',
    name: 'Ignore Control Field 3 bit 0',
    value: 'True',
    without: 2,
    with: 0,
    observe: (rig) => {
      const client = rig.client();
      return client.send(mark(client.wire.frame(COMMAND))).asdus().length;
    },
  },
  {
    keyword: 'IMPI',
    name: 'Implicit Interrogation',
    value: 'True',
    without: [],
    with: ['01', '1e', '0f'],
    observe: (rig) =>
      rig
        .client()
        .asdus()
        .map((asdu) => asdu.slice(0, 2)),
  },
  {
    keyword: 'K',
    name: 'K',
    value: '9',
    also: 'SAI=False',
    without: 12,
    with: 9,
    observe: (rig) => {
      rig.happen(20);
      return rig.client().taken().length;
    },
  },
  {
    keyword: 'W',
    name: 'W',
    value: '2',
    without: [],
    with: ['68 04 01 00 04 00', '68 04 01 00 08 00'],
    observe: (rig) => {
      const client = rig.client().ask(UNANSWERED, UNANSWERED, UNANSWERED, UNANSWERED, UNANSWERED);
      rig.clock.settle();
      return client.frames;
    },
  },
  {
    keyword: 'MC',
    name: 'Maximum Clients',
    value: '1',
    without: [false, false],
    with: [false, true],
    observe: (rig) => [rig.client(), rig.client('192.0.2.2:1')].map(({ closed }) => closed),
  },
  {
    keyword: 'MCA',
    name: 'Maximum Clients per Address',
    value: '1',
    without: [false, false, false],
    with: [false, true, false],
    observe: (rig) => [rig.client(), rig.client(), rig.client('192.0.2.2:1')].map(({ closed }) => closed),
  },
  {
    keyword: 'ALLOW',
    name: 'Clients allowed',
    value: '192.0.2.2',
    without: [false, false],
    with: [true, false],
    observe: (rig) => [rig.client(), rig.client('192.0.2.2:1')].map(({ closed }) => closed),
  },
  {
    keyword: 'PW',
    name: 'Pessimistic Write',
    value: '1',
    also: 'CMDC=1',
    kind: { balanced: true, points: balancedPoints },
    without: [true],
    with: [false],
    observe: (rig) => {
      const [one, two] = [rig.client(), rig.client('192.0.2.2:1')];
      const outcomes = rig.command({ ioa: 1, value: true });
      one.ask('2d 01 07 00 01 00 01 00 00 01').asdus();
      two.ask('2d 01 47 00 01 00 01 00 00 01').asdus();
      return outcomes.map(({ ok }) => ok);
    },
  },
  {
    keyword: 'SSN',
    name: 'Send sequence number',
    value: '300',
    also: 'SAI=False',
    without: '68 0e 00 00 00 00',
    with: '68 0e 58 02 00 00',
    observe: (rig) => {
      const client = rig.client();
      rig.happen(1);
      rig.clock.settle();
      return client.frames[0]?.slice(0, 17);
    },
  },
  {
    keyword: 'WT1',
    name: 'Wait Timeout T1',
    value: '12000',
    also: 'SAI=False',
    without: 15,
    with: 12,
    observe: (rig) => {
      const client = rig.client();
      rig.happen(1);
      return rig.closedAfter(client);
    },
  },
  {
    keyword: 'WT2',
    name: 'Wait Timeout T2',
    value: '2000',
    without: [10, '68 04 01 00 02 00'],
    with: [2, '68 04 01 00 02 00'],
    observe: (rig) => rig.frameAfter(rig.client().ask(UNANSWERED)),
  },
  {
    keyword: 'WT3',
    name: 'Wait Timeout T3',
    value: '5000',
    also: 'WT3=20000',
    without: [20, '68 04 43 00 00 00'],
    with: [5, '68 04 43 00 00 00'],
    observe: (rig) => rig.frameAfter(rig.client()),
  },
  {
    keyword: 'WTN',
    name: 'Wait Timeout No answer',
    value: '5000',
    kind: { balanced: true, points: balancedPoints },
    without: 60,
    with: 5,
    observe: (rig) => {
      const client = rig.client();
      rig.command({ ioa: 1, value: true });
      client.asdus();
      return rig.closedAfter(client);
    },
  },
  {
    keyword: 'WTS',
    name: 'Wait for STARTDT',
    value: '5000',
    without: 60,
    with: 5,
    observe: (rig) => rig.closedAfter(rig.connect()),
  },
  {
    keyword: 'SAI',
    name: 'Spontaneous After Interrogation',
    value: 'False',
    without: [],
    with: ['01 01 03 00 01 00 01 00 00 01'],
    observe: (rig) => {
      const client = rig.client();
      rig.happen(1);
      return client.asdus();
    },
  },
  {
    keyword: 'EBS',
    name: 'Event buffer size',
    value: '3',
    also: 'SAI=False',
    without: 10,
    with: 3,
    observe: (rig) => {
      rig.happen(10);
      return rig.client().asdus().length;
    },
  },
  {
    keyword: 'GRP',
    name: 'Redundancy groups of clients',
    value: 'A:192.0.2.1,192.0.2.2',
    without: [false, false],
    with: [true, false],
    observe: (rig) => [rig.client(), rig.client('192.0.2.2:1')].map(({ closed }) => closed),
  },
];

describe('every parameter of a line has its effect', () => prove(effects));
