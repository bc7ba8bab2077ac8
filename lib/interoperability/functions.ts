import { type TypeLabel, types } from '../asdu/types.js';
import { assignment } from '../procedures/assignments.js';
import { EVENTS_ONLY } from '../procedures/interrogation.js';
import { parseGroups } from '../redundancy/group-list.js';
import type { Point } from '../station/points.js';
import { clockBlock, connectionTables, isCommand, isSetPoint, rfc2200, seconds } from './common.js';
import type { StationFacts } from './facts.js';
import { type Block, type Choice, choices, type Mark, markOf, type Section } from './structure.js';
import { groupsOf } from './usage.js';

/** Clause 9.6: the basic application functions that a station performs. */

/** Whether clients may send the type: then the engine has a procedure for it. */
const takes = (label: TypeLabel): boolean => assignment(types[label]).taken.length > 0;

export function functionsSection(facts: StationFacts): Section {
  return {
    clause: '9.6',
    title: 'Basic application functions',
    blocks: [
      ...transmission(facts),
      ...interrogation(facts),
      clockBlock(facts, facts.syncPeriod > 0 ? 'both' : 'used'),
      ...commands(facts),
      ...totals(facts),
      ...parametersAndFiles(facts),
      ...connection(facts),
    ],
  };
}

function transmission({ points, parameters }: StationFacts): Block[] {
  const periodic = points.out.filter(({ period }) => period > 0).length;
  return [
    choices('Station initialization', {
      mark: 'used',
      text: 'Remote initialization',
      remark: `reset process (105) with QRP 1; end of initialization (70) ${parameters.EOI ? 'after each first STARTDT and ' : ''}after a reset`,
    }),
    choices('Cyclic data transmission', {
      mark: markOf(periodic > 0),
      text: 'Cyclic data transmission',
      ...(periodic > 0 ? { remark: `${periodic} points` } : {}),
    }),
    choices('Read procedure', { mark: 'used', text: 'Read procedure' }),
    choices('Spontaneous transmission', {
      mark: 'used',
      text: 'Spontaneous transmission',
      remark: parameters.SAI ? 'to a client that has interrogated (SAI)' : 'from STARTDT on',
    }),
    choices('Double transmission of information objects with cause of transmission spontaneous', {
      mark: 'unsupported',
      text: 'each event is transmitted once, with the type of its point',
    }),
  ];
}

function interrogation({ points, parameters }: StationFacts): Block[] {
  const interrogated = points.out.filter(
    ({ row }) => row.direction === 'monitor' && !EVENTS_ONLY.has(row.id) && (parameters.ICCI || !row.isCounter),
  );
  const used = new Set(interrogated.flatMap(groupsOf));
  const group = (number: number): Choice => ({ mark: markOf(used.has(number)), text: `group ${number}` });
  const tags = parameters.IWOT ? 'without time tags' : 'with the time tags of the types';
  return [
    choices(
      'Station interrogation',
      { mark: 'used', text: 'global', remark: `${interrogated.length} points, ${tags}` },
      ...Array.from({ length: 16 }, (_, i) => group(i + 1)),
    ),
    choices('Background scan', {
      mark: markOf(parameters.BGS > 0),
      text: 'Background scan',
      ...(parameters.BGS > 0 ? { remark: `every ${parameters.BGS} s` } : {}),
    }),
  ];
}

function commands({ points, parameters: { CAGE, CMDC, SBOT } }: StationFacts): Block[] {
  const commands = points.in.filter(isCommand);
  const setPoints = points.in.filter(isSetPoint);
  const direct = (list: readonly Point[]): Mark => markOf(list.some(({ sbo }) => !sbo));
  const selected = (list: readonly Point[]): Pick<Choice, 'mark' | 'remark'> => ({
    mark: markOf(list.length > 0),
    remark: `required for ${list.filter(({ sbo }) => sbo).length} points; a selection holds ${seconds(SBOT)}`,
  });
  const duration = (text: string): Choice => ({
    mark: markOf(commands.length > 0),
    text,
    remark: 'the qualifier is handed to the flow',
  });
  return [
    choices(
      'Command transmission',
      { mark: direct(commands), text: 'Direct command transmission' },
      { mark: direct(setPoints), text: 'Direct set point command transmission' },
      { ...selected(commands), text: 'Select and execute command' },
      { ...selected(setPoints), text: 'Select and execute set point command' },
      { mark: markOf(setPoints.length > 0 && CMDC >= 2), text: 'C_SE ACTTERM used' },
      duration('No additional definition'),
      duration('Short-pulse duration'),
      duration('Long-pulse duration'),
      duration('Persistent output'),
      {
        mark: markOf(CAGE > 0 && points.in.length > 0),
        text: 'Supervision of maximum delay in command direction of commands and set point commands',
        remark: CAGE > 0 ? `maximum allowable delay ${seconds(CAGE)}` : 'no maximum (CAGE = 0)',
      },
    ),
  ];
}

function totals({ points }: StationFacts): Block[] {
  const counters = points.out.filter(({ row }) => row.isCounter);
  const any = markOf(counters.length > 0);
  const group = (number: number): Choice => ({
    mark: markOf(counters.some(({ counterGroup }) => counterGroup === number)),
    text: `Request counter group ${number}`,
  });
  return [
    choices(
      'Transmission of integrated totals',
      { mark: any, text: 'Mode A: local freeze with spontaneous transmission', remark: 'the flow writes the readings' },
      { mark: any, text: 'Mode B: local freeze with counter interrogation', remark: 'the flow writes the readings' },
      { mark: any, text: 'Mode C: freeze and transmit by counter-interrogation commands' },
      {
        mark: 'unsupported',
        text: 'Mode D: freeze by counter-interrogation command, frozen values reported spontaneously',
      },
      { mark: any, text: 'Counter read' },
      { mark: any, text: 'Counter freeze without reset' },
      { mark: any, text: 'Counter freeze with reset' },
      { mark: any, text: 'Counter reset' },
      { mark: any, text: 'General request counter' },
      ...[1, 2, 3, 4].map(group),
    ),
  ];
}

function parametersAndFiles({ files }: StationFacts): Block[] {
  const loads = markOf(takes('P_ME_NC_1'), false);
  const transfers = takes('F_SC_NA_1');
  return [
    choices(
      'Parameter loading',
      { mark: loads, text: 'Threshold value', remark: 'of the deadband of a point' },
      { mark: 'unsupported', text: 'Smoothing factor' },
      { mark: 'unsupported', text: 'Low limit for transmission of measured values' },
      { mark: 'unsupported', text: 'High limit for transmission of measured values' },
    ),
    choices('Parameter activation', {
      mark: 'unsupported',
      text: 'Activation and deactivation of persistent cyclic or periodic transmission of the addressed object',
      remark: 'type 113 with QPA 1 and cause 8 brings the configured deadbands back',
    }),
    choices('Test procedure', {
      mark: 'used',
      text: 'Test procedure',
      remark: 'type 107; 104 is not of this standard',
    }),
    choices(
      'File transfer in monitor direction',
      { mark: markOf(files && transfers, transfers), text: 'Transparent file' },
      { mark: 'unsupported', text: 'Transmission of disturbance data of protection equipment' },
      { mark: 'unsupported', text: 'Transmission of sequences of events' },
      { mark: 'unsupported', text: 'Transmission of sequences of recorded analogue values' },
    ),
    choices('File transfer in control direction', { mark: 'unsupported', text: 'Transparent file' }),
    choices('Acquisition of transmission delay', {
      mark: markOf(takes('C_CD_NA_1'), false),
      text: 'Acquisition of transmission delay',
    }),
  ];
}

function connection({ parameters, port }: StationFacts): Block[] {
  const { MC, GRP } = parameters;
  const groups = parseGroups(GRP);
  const clients = MC > 0 ? `up to ${MC} clients` : 'any number of clients';
  const each = 'the clients of an address share one buffer of events';
  return [
    ...connectionTables(parameters, '– (the controlled station listens)', [port]),
    choices('Redundant connections', {
      mark: markOf(groups.length > 0),
      text: 'Redundancy groups, of whose connections one is started',
      remark:
        groups.length > 0
          ? groups.map(({ name, members }) => `${name}: ${members.join(', ')}`).join('; ')
          : `${clients}; ${each}`,
    }),
    rfc2200,
  ];
}
