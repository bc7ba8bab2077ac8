import type { Point } from '../station/points.js';
import type { CommonFacts } from './facts.js';
import { type Block, choices, type Mark, markOf } from './structure.js';

/** What the lists of both sides have in the same form. */

export const seconds = (ms: number): string => `${ms / 1000} s`;

export const isCommand = ({ row }: Point): boolean => ['SCO', 'DCO', 'RCO'].includes(row.first?.name ?? '');
export const isSetPoint = ({ row }: Point): boolean =>
  row.direction === 'control' && ['NVA', 'SVA', 'R32'].includes(row.first?.name ?? '');

export function clockBlock({ timeZone }: CommonFacts, mark: Mark): Block {
  const zone = /^[+-]?\d+$/.test(timeZone) ? `${timeZone} minutes east of UTC` : timeZone;
  return choices(
    'Clock synchronization',
    { mark, text: 'Clock synchronization', remark: `time zone of tags: ${zone}` },
    { mark: 'used', text: 'Day of week used' },
    { mark: 'unsupported', text: 'RES1, GEN (time tag substituted, not substituted) used' },
    { mark: markOf(timeZone === 'local'), text: 'SU-bit (summertime) used' },
  );
}

interface Connection {
  readonly K: number;
  readonly W: number;
  readonly WT1: number;
  readonly WT2: number;
  readonly WT3: number;
}

/** Time-outs, windows and port numbers. @param t0 the selected value of t0, which is not for both sides */
export function connectionTables({ K, W, WT1, WT2, WT3 }: Connection, t0: string, ports: readonly number[]): Block[] {
  return [
    {
      kind: 'table',
      title: 'Definition of time-outs',
      columns: ['Parameter', 'Default value', 'Remarks', 'Selected value'],
      rows: [
        ['t0', '30 s', 'Time-out of connection establishment', t0],
        ['t1', '15 s', 'Time-out of send or test APDUs', seconds(WT1)],
        ['t2', '10 s', 'Time-out for acknowledges in case of no data messages, t2 < t1', seconds(WT2)],
        ['t3', '20 s', 'Time-out for sending test frames in case of a long idle state', WT3 > 0 ? seconds(WT3) : 'off'],
      ],
    },
    {
      kind: 'table',
      title: 'Maximum number of outstanding I format APDUs k and latest acknowledge APDUs w',
      columns: ['Parameter', 'Default value', 'Remarks', 'Selected value'],
      rows: [
        ['k', '12 APDUs', 'Maximum difference receive sequence number to send state variable', `${K} APDUs`],
        ['w', '8 APDUs', 'Latest acknowledge after receiving w I format APDUs', `${W} APDUs`],
      ],
    },
    {
      kind: 'table',
      title: 'Port number',
      columns: ['Parameter', 'Value', 'Remarks'],
      rows: ports.map((port) => [
        'Port number',
        String(port),
        port === 2404 ? 'the standard’s' : 'the standard’s is 2404',
      ]),
    },
  ];
}

export const rfc2200: Block = choices(
  'RFC 2200 suite',
  { mark: 'used', text: 'Ethernet 802.3', remark: 'and whatever else the computer carries TCP/IP over' },
  { mark: 'unsupported', text: 'Serial X.21 interface' },
);
