import { clockBlock, connectionTables, isCommand, isSetPoint, rfc2200, seconds } from './common.js';
import type { CentreFacts } from './facts.js';
import { type Block, type Choice, choices, markOf, type Section } from './structure.js';

/** Clause 9.6 from the other side: the basic application functions that a controlling station performs. */

const byOrder = 'by an order of a flow';

export function centreFunctionsSection(facts: CentreFacts): Section {
  return {
    clause: '9.6',
    title: 'Basic application functions',
    blocks: [
      ...transmission(facts),
      interrogation(facts),
      clockBlock(facts, markOf(facts.syncPeriod > 0)),
      commands(facts),
      totals(facts),
      ...others(),
      ...connection(facts),
    ],
  };
}

function transmission({ points }: CentreFacts): Block[] {
  const receives = markOf(points.in.length > 0);
  return [
    choices('Station initialization', {
      mark: 'used',
      text: 'Remote initialization',
      remark: `after end of initialization (70) the station is interrogated; reset process (105) ${byOrder}`,
    }),
    choices('Cyclic data transmission', { mark: receives, text: 'Cyclic data transmission' }),
    choices('Read procedure', { mark: 'supported', text: 'Read procedure', remark: byOrder }),
    choices('Spontaneous transmission', { mark: receives, text: 'Spontaneous transmission' }),
    choices('Double transmission of information objects with cause of transmission spontaneous', {
      mark: receives,
      text: 'a point takes its type with and without time tag; each is told',
    }),
    choices('Background scan', { mark: receives, text: 'Background scan' }),
  ];
}

const groups = (text: string, count: number): Choice[] =>
  Array.from({ length: count }, (_, i) => ({ mark: 'supported', text: `${text} ${i + 1}`, remark: byOrder }));

function interrogation({ points, parameters: { OIC } }: CentreFacts): Block {
  const isAsked = OIC > 0 && (points.in.length > 0 || points.out.length === 0);
  return choices(
    'Station interrogation',
    { mark: markOf(isAsked), text: 'global', remark: isAsked ? 'when data transfer begins' : byOrder },
    ...groups('group', 16),
  );
}

function commands({ points, parameters: { CMDC, WTN } }: CentreFacts): Block {
  const all = points.out.filter(isCommand);
  const setPoints = points.out.filter(isSetPoint);
  const duration = (text: string): Choice => ({ mark: markOf(all.length > 0), text, remark: 'as the order says' });
  return choices(
    'Command transmission',
    { mark: markOf(all.some(({ sbo }) => !sbo)), text: 'Direct command transmission' },
    { mark: markOf(setPoints.some(({ sbo }) => !sbo)), text: 'Direct set point command transmission' },
    { mark: markOf(all.some(({ sbo }) => sbo)), text: 'Select and execute command' },
    { mark: markOf(setPoints.some(({ sbo }) => sbo)), text: 'Select and execute set point command' },
    {
      mark: markOf(setPoints.length > 0 && CMDC >= 2),
      text: 'C_SE ACTTERM used',
      remark: `an answer is awaited for ${seconds(WTN)}`,
    },
    duration('No additional definition'),
    duration('Short-pulse duration'),
    duration('Long-pulse duration'),
    duration('Persistent output'),
    {
      mark: 'supported',
      text: 'Supervision of maximum delay in command direction of commands and set point commands',
      remark: 'by the controlled station: an order with a timestamp is sent with a time tag (58 to 64)',
    },
  );
}

function totals({ points, parameters: { OCIC } }: CentreFacts): Block {
  const has = points.in.some(({ row }) => row.isCounter);
  const asks = markOf(has && OCIC > 0);
  const ordered = (text: string): Choice => ({ mark: 'supported', text, remark: byOrder });
  return choices(
    'Transmission of integrated totals',
    { mark: markOf(has), text: 'Mode A: local freeze with spontaneous transmission' },
    { mark: asks, text: 'Mode B: local freeze with counter interrogation' },
    ordered('Mode C: freeze and transmit by counter-interrogation commands'),
    ordered('Mode D: freeze by counter-interrogation command, frozen values reported spontaneously'),
    { mark: asks, text: 'Counter read' },
    ordered('Counter freeze without reset'),
    ordered('Counter freeze with reset'),
    ordered('Counter reset'),
    { mark: asks, text: 'General request counter' },
    ...groups('Request counter group', 4),
  );
}

function others(): Block[] {
  const no = (title: string, ...texts: readonly string[]): Block =>
    choices(title, ...texts.map((text): Choice => ({ mark: 'unsupported', text })));
  return [
    no(
      'Parameter loading',
      'Threshold value',
      'Smoothing factor',
      'Low limit for transmission of measured values',
      'High limit for transmission of measured values',
    ),
    no(
      'Parameter activation',
      'Activation and deactivation of persistent cyclic or periodic transmission of the addressed object',
    ),
    choices('Test procedure', { mark: 'supported', text: 'Test procedure', remark: `type 107, ${byOrder}` }),
    no(
      'File transfer in monitor direction',
      'Transparent file',
      'Transmission of disturbance data of protection equipment',
      'Transmission of sequences of events',
      'Transmission of sequences of recorded analogue values',
    ),
    no('File transfer in control direction', 'Transparent file'),
    no('Acquisition of transmission delay', 'Acquisition of transmission delay'),
  ];
}

function connection({ parameters, ports }: CentreFacts): Block[] {
  const { REDM, WT0 } = parameters;
  const isRedundant = ports.length > 1;
  return [
    ...connectionTables(parameters, seconds(WT0), ports),
    choices(
      'Redundant connections',
      {
        mark: markOf(isRedundant && REDM === 'group'),
        text: 'Redundancy group: of two connections one is started, the other is tested',
      },
      {
        mark: markOf(isRedundant && REDM === 'parallel'),
        text: 'Both connections are started, and what comes twice is told once',
        remark: 'beside the standard',
      },
    ),
    rfc2200,
  ];
}
