import { BROADCAST } from '../asdu/asdu.js';
import { cause } from '../asdu/cause.js';
import type { TypeLabel, TypeRow } from '../asdu/types.js';
import { isPointType } from '../station/points.js';
import type { Station } from '../station/station.js';
import type { Client, Operator } from './client.js';
import type { CommandDesk } from './commands.js';
import { servesFiles } from './files/client-files.js';
import { counterScan, freeze, interrogate, interrogationScan } from './interrogation.js';
import { activateParameters, loadParameter } from './parameter-loading.js';
import { inform, informationKind, isAnswer } from './partner.js';
import type { Request } from './request.js';
import { read, reset, synchronizeClock, test } from './system.js';

/** What the procedures of a line work on. */
export interface Surroundings {
  readonly stations: ReadonlyMap<number, Station>;
  readonly desk: CommandDesk;
  readonly operator: Operator;
  readonly lineNumber: number;
  /** An answer to what a station sent in control direction. */
  answered(request: Request, client: Client): void;
  /** Values of a partner for objects that the station does not have. */
  unknown(station: Station, addresses: readonly number[], client: Client): void;
}

interface Call {
  readonly request: Request;
  readonly station: Station;
  readonly client: Client;
  readonly around: Surroundings;
  readonly now: number;
  readonly wall: number;
}

interface Procedure {
  readonly causes: readonly number[];
  /** Whether the common address 65535 asks all stations. */
  readonly broadcast: boolean;
  /** Whether the object address must be 0. */
  readonly system: boolean;
  run(call: Call): void;
}

const activations = [cause.activation, cause.deactivation];

const command: Procedure = {
  causes: activations,
  broadcast: false,
  system: false,
  run: ({ request, station, client, around, now, wall }) => around.desk.handle(request, station, client, now, wall),
};

const file = (...causes: readonly number[]): Procedure => ({
  causes,
  broadcast: false,
  system: false,
  run: ({ request, station, client, now }) => client.files.handle(request, station, now),
});

const procedures: ReadonlyMap<TypeLabel, Procedure> = new Map<TypeLabel, Procedure>([
  ...(
    [
      'C_SC_NA_1',
      'C_DC_NA_1',
      'C_RC_NA_1',
      'C_SE_NA_1',
      'C_SE_NB_1',
      'C_SE_NC_1',
      'C_BO_NA_1',
      'C_SC_TA_1',
      'C_DC_TA_1',
      'C_RC_TA_1',
      'C_SE_TA_1',
      'C_SE_TB_1',
      'C_SE_TC_1',
      'C_BO_TA_1',
    ] as const
  ).map((label): [TypeLabel, Procedure] => [label, command]),
  [
    'C_IC_NA_1',
    {
      causes: activations,
      broadcast: true,
      system: true,
      run: ({ request, station, client }) => interrogate(request, station, client, interrogationScan),
    },
  ],
  [
    'C_CI_NA_1',
    {
      causes: activations,
      broadcast: true,
      system: true,
      run: ({ request, station, client, wall }) => {
        if (!freeze(request, station, client, wall)) interrogate(request, station, client, counterScan);
      },
    },
  ],
  [
    'C_RD_NA_1',
    {
      causes: [cause.request],
      broadcast: false,
      system: false,
      run: ({ request, station, client }) => read(request, station, client),
    },
  ],
  [
    'C_CS_NA_1',
    {
      causes: [cause.activation, cause.spontaneous],
      broadcast: true,
      system: true,
      run: ({ request, station, client, around, wall }) =>
        synchronizeClock(request, station, client, around.operator, wall),
    },
  ],
  [
    'C_RP_NA_1',
    {
      causes: [cause.activation],
      broadcast: true,
      system: true,
      run: ({ request, station, client, around }) =>
        reset(request, station, client, around.operator, around.lineNumber),
    },
  ],
  ...(['P_ME_NA_1', 'P_ME_NB_1', 'P_ME_NC_1'] as const).map((label): [TypeLabel, Procedure] => [
    label,
    {
      causes: [cause.activation],
      broadcast: false,
      system: false,
      run: ({ request, station, client }) => loadParameter(request, station, client),
    },
  ]),
  [
    'P_AC_NA_1',
    {
      causes: activations,
      broadcast: false,
      system: true,
      run: ({ request, station, client }) => activateParameters(request, station, client),
    },
  ],
  [
    'C_TS_TA_1',
    {
      causes: [cause.activation],
      broadcast: false,
      system: true,
      run: ({ request, station, client }) => test(request, station, client),
    },
  ],
  ['F_SC_NA_1', file(cause.request, cause.file)],
  ['F_AF_NA_1', file(cause.file)],
  // A master that sends a file: refused, but known.
  ['F_FR_NA_1', file(cause.file)],
  ['F_SR_NA_1', file(cause.file)],
  ['F_LS_NA_1', file(cause.file)],
  ['F_SG_NA_1', file(cause.file)],
]);

/**
 * Answers what a client sent, in the order type, cause, common address, object address, content: each a negative
 * confirmation of its own (44..47, or 7 with P/N = 1).
 * @param now ms of the clock
 * @param wall ms since 1970 UTC
 * @param ignoresTests whether ASDUs with the T bit are ignored where no station says so (IT = 1)
 */
export function dispatch(
  request: Request,
  client: Client,
  around: Surroundings,
  now: number,
  wall: number,
  ignoresTests: boolean,
): void {
  const { asdu, row } = request;
  const isBroadcast = asdu.commonAddress === BROADCAST;
  const addressed = around.stations.get(asdu.commonAddress);
  const ignores = ({ parameters }: Station): boolean => asdu.test && parameters.IT === 1;
  if (addressed !== undefined ? ignores(addressed) : asdu.test && !isBroadcast && ignoresTests) return;
  const all = isBroadcast ? [...around.stations.values()].filter((station) => !ignores(station)) : [];
  if (isBroadcast && all.length === 0 && around.stations.size > 0) return;
  if (addressed !== undefined && isAnswer(request, addressed)) return around.answered(request, client);
  if (addressed?.balanced && row?.direction === 'initialization') return;
  if (takesInformation(row, addressed, around.stations.values())) {
    const kind = informationKind(asdu.cause);
    if (kind === undefined) return client.reply(request.answer(cause['unknown-cause'], true));
    if (kind === 'refused') return;
    if (addressed === undefined) return client.reply(request.answer(cause['unknown-common-address'], true));
    const unknown = inform(request, addressed, client, around.operator, wall);
    return unknown.length > 0 ? around.unknown(addressed, unknown, client) : undefined;
  }
  // A refusal is not refused again, or two sides that mirror would go on for ever.
  if (asdu.negative && asdu.cause >= cause['unknown-type'] && asdu.cause <= cause['unknown-object-address']) return;
  // A time that is only told (103 with cause 3) is not answered, and not refused either.
  const isTold = row?.label === 'C_CS_NA_1' && asdu.cause === cause.spontaneous;
  const refuse = (why: number, station?: Station): void => {
    if (!isTold) client.reply(request.answer(why, true, station?.commonAddress));
  };
  const isFile = row?.direction === 'file';
  const isKnown = row !== undefined && (!isFile || servesFiles(addressed, around.stations.values()));
  const procedure = isKnown ? procedures.get(row.label) : undefined;
  if (procedure === undefined) return refuse(cause['unknown-type']);
  if (!procedure.causes.includes(asdu.cause)) return refuse(cause['unknown-cause']);
  const stations = addressed !== undefined ? [addressed] : procedure.broadcast ? all : [];
  if (stations.length === 0) return refuse(cause['unknown-common-address']);
  for (const station of stations) {
    if (procedure.system && request.object.ioa !== 0) refuse(cause['unknown-object-address'], station);
    else if (procedure !== command && !request.isSingle) refuse(isFile ? asdu.cause : request.confirmation, station);
    else procedure.run({ request, station, client, around, now, wall });
  }
}

/** Whether process information is known to whoever is addressed: a station, or where there is none, any of the line. */
function takesInformation(
  row: TypeRow | undefined,
  addressed: Station | undefined,
  stations: Iterable<Station>,
): boolean {
  if (row?.direction !== 'monitor' || !isPointType(row)) return false;
  return addressed !== undefined ? addressed.balanced : [...stations].some(({ balanced }) => balanced);
}
