import { cause } from '../asdu/cause.js';
import type { TypeLabel, TypeRow } from '../asdu/types.js';
import { isPointType } from '../station/points.js';
import { EVENTS_ONLY } from './interrogation.js';

/**
 * What a controlled station takes and sends: the assignments of types and causes (clause 9.5 of IEC 60870-5-104) as data.
 * The procedures do it, this says it: a test asks the running server for every type and cause.
 */
export interface Assignment {
  /** Causes with which a client may send the type. */
  readonly taken: readonly number[];
  /** Causes with which a station sends it. */
  readonly sent: readonly number[];
}

const range = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

const groups = range(cause.interrogation, cause.interrogation + 16);
const counterGroups = range(cause['counter-interrogation'], cause['counter-interrogation'] + 4);
const refusals = [cause['unknown-cause'], cause['unknown-common-address'], cause['unknown-object-address']];
const { activation, deactivation } = cause;
const confirmation = cause['activation-confirmation'];
const termination = cause['activation-termination'];

const nothing: Assignment = { taken: [], sent: [] };
/** What only a client may send and the engine does not know is mirrored. */
const unknown: Assignment = { taken: [], sent: [cause['unknown-type']] };

/** Begun, confirmed, ended, and stopped before its end: commands and interrogations. */
const activated: Assignment = {
  taken: [activation, deactivation],
  sent: [confirmation, cause['deactivation-confirmation'], termination, ...refusals],
};
/** Known to a station with files, and refused: files are only read. */
const offered: Assignment = { taken: [cause.file], sent: [cause.file, ...refusals] };
const confirmed: Assignment = { taken: [activation], sent: [confirmation, ...refusals] };

/** System information, parameters, and files where a station has some; what is missing here the engine does not know. */
const others: Readonly<Partial<Record<TypeLabel, Assignment>>> = {
  M_EI_NA_1: { taken: [], sent: [cause.initialized] },
  C_IC_NA_1: activated,
  C_CI_NA_1: activated,
  C_RD_NA_1: { taken: [cause.request], sent: [confirmation, ...refusals] },
  C_CS_NA_1: { taken: [activation, cause.spontaneous], sent: [confirmation, termination, ...refusals] },
  C_RP_NA_1: confirmed,
  C_TS_TA_1: confirmed,
  P_ME_NA_1: confirmed,
  P_ME_NB_1: confirmed,
  P_ME_NC_1: confirmed,
  P_AC_NA_1: {
    taken: [activation, deactivation],
    sent: [confirmation, cause['deactivation-confirmation'], ...refusals],
  },
  F_FR_NA_1: offered,
  F_SR_NA_1: offered,
  F_SC_NA_1: { taken: [cause.request, cause.file], sent: [cause.request, cause.file, ...refusals] },
  F_LS_NA_1: offered,
  F_AF_NA_1: offered,
  F_SG_NA_1: offered,
  F_DR_TA_1: { taken: [], sent: [cause.request, cause['unknown-type']] },
};

/** The assignments of a type in the directions of the standard. */
export function assignment(row: TypeRow): Assignment {
  if (row.direction === 'monitor') return isPointType(row) ? { taken: [], sent: information(row) } : nothing;
  if (row.direction === 'control') return activated;
  return others[row.label] ?? unknown;
}

/** Process information: events, and what is sent in turns or asked for. */
function information(row: TypeRow): readonly number[] {
  const hasState = !EVENTS_ONLY.has(row.id);
  return [
    cause.periodic,
    // The background scan has no time tags.
    ...(hasState && row.time === 'none' ? [cause.background] : []),
    cause.spontaneous,
    cause.request,
    cause.remote,
    cause.local,
    ...(hasState ? groups : []),
    ...(row.isCounter ? counterGroups : []),
  ];
}

/** What a balanced station does besides, and one that sends its time (103): the same types the other way round. */
export function reversedAssignment(row: TypeRow): Assignment {
  const answers = [confirmation, cause['deactivation-confirmation'], termination, cause['unknown-type'], ...refusals];
  const asks: Assignment = { taken: answers, sent: [activation] };
  if (row.direction === 'monitor') return { taken: information(row), sent: [] };
  if (row.direction === 'control') return asks;
  return ['C_IC_NA_1', 'C_CI_NA_1', 'C_CS_NA_1'].includes(row.label) ? asks : nothing;
}

const ends = [cause['unknown-type'], ...refusals];
const asksAndEnds: Assignment = { taken: [confirmation, termination, ...ends], sent: [activation] };
const asks: Assignment = { taken: [confirmation, ...ends], sent: [activation] };

/** System information between a controlling station and its stations. */
const orders: Readonly<Partial<Record<TypeLabel, Assignment>>> = {
  M_EI_NA_1: { taken: [cause.initialized], sent: [] },
  C_IC_NA_1: asksAndEnds,
  C_CI_NA_1: asksAndEnds,
  C_RD_NA_1: { taken: [confirmation, ...ends], sent: [cause.request] },
  C_CS_NA_1: asksAndEnds,
  C_RP_NA_1: asks,
  C_TS_TA_1: asks,
};

/** What a controlling station (`client`) takes of its stations and sends them. */
export function controllingAssignment(row: TypeRow): Assignment {
  if (row.direction === 'monitor') return isPointType(row) ? { taken: information(row), sent: [] } : nothing;
  if (row.direction !== 'control') return orders[row.label] ?? nothing;
  // A bit string has no selection that could be released.
  if (row.first?.name === 'BSI') return asksAndEnds;
  return {
    taken: [...asksAndEnds.taken, cause['deactivation-confirmation']],
    sent: [activation, deactivation],
  };
}
