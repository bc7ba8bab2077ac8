import type { Element, ObjectFields } from './element.js';
import * as e from './elements.js';

/** Who sends a type, and what for: 7.2.1 of IEC 60870-5-101. `system` goes to the controlled station. */
export type Direction = 'monitor' | 'control' | 'initialization' | 'system' | 'parameter' | 'file';

interface Details {
  /** The label of the type that carries the same without a time tag. */
  readonly untimed?: string;
  /** Tag kinds of the D2000 documentation (Tables 1 and 2). */
  readonly tags?: string;
}

interface Row<E extends readonly Element[]> extends Details {
  readonly id: number;
  readonly direction: Direction;
  readonly elements: E;
  readonly text: string;
}

const row = <const E extends readonly Element[]>(
  id: number,
  direction: Direction,
  elements: E,
  text: string,
  details: Details = {},
): Row<E> => ({ id, direction, elements, text, ...details });

/** THE table: every type identification of IEC 60870-5-101 and -104, the octets of its objects, and what it is. */
const table = {
  M_SP_NA_1: row(1, 'monitor', [e.SIQ], 'single-point information', { tags: 'Dout' }),
  M_SP_TA_1: row(2, 'monitor', [e.SIQ, e.CP24], 'single-point information with time tag', {
    untimed: 'M_SP_NA_1',
    tags: 'Dout',
  }),
  M_DP_NA_1: row(3, 'monitor', [e.DIQ], 'double-point information', { tags: 'Dout, Cout' }),
  M_DP_TA_1: row(4, 'monitor', [e.DIQ, e.CP24], 'double-point information with time tag', {
    untimed: 'M_DP_NA_1',
    tags: 'Dout, Cout',
  }),
  M_ST_NA_1: row(5, 'monitor', [e.VTI, e.QDS], 'step position information', { tags: 'Cout' }),
  M_ST_TA_1: row(6, 'monitor', [e.VTI, e.QDS, e.CP24], 'step position information with time tag', {
    untimed: 'M_ST_NA_1',
    tags: 'Cout',
  }),
  M_BO_NA_1: row(7, 'monitor', [e.BSI, e.QDS], 'bitstring of 32 bits', { tags: 'Cout' }),
  M_BO_TA_1: row(8, 'monitor', [e.BSI, e.QDS, e.CP24], 'bitstring of 32 bits with time tag', {
    untimed: 'M_BO_NA_1',
    tags: 'Cout',
  }),
  M_ME_NA_1: row(9, 'monitor', [e.NVA, e.QDS], 'measured value, normalized', { tags: 'Aout' }),
  M_ME_TA_1: row(10, 'monitor', [e.NVA, e.QDS, e.CP24], 'measured value, normalized, with time tag', {
    untimed: 'M_ME_NA_1',
    tags: 'Aout',
  }),
  M_ME_NB_1: row(11, 'monitor', [e.SVA, e.QDS], 'measured value, scaled', { tags: 'Cout' }),
  M_ME_TB_1: row(12, 'monitor', [e.SVA, e.QDS, e.CP24], 'measured value, scaled, with time tag', {
    untimed: 'M_ME_NB_1',
    tags: 'Cout',
  }),
  M_ME_NC_1: row(13, 'monitor', [e.R32, e.QDS], 'measured value, short floating point', { tags: 'Aout' }),
  M_ME_TC_1: row(14, 'monitor', [e.R32, e.QDS, e.CP24], 'measured value, short floating point, with time tag', {
    untimed: 'M_ME_NC_1',
    tags: 'Aout',
  }),
  M_IT_NA_1: row(15, 'monitor', [e.BCR], 'integrated totals', { tags: 'Cout' }),
  M_IT_TA_1: row(16, 'monitor', [e.BCR, e.CP24], 'integrated totals with time tag', {
    untimed: 'M_IT_NA_1',
    tags: 'Cout',
  }),
  M_EP_TA_1: row(17, 'monitor', [e.SEP, e.CP16, e.CP24], 'event of protection equipment with time tag'),
  M_EP_TB_1: row(18, 'monitor', [e.SPE, e.QDP, e.CP16, e.CP24], 'packed start events of protection equipment'),
  M_EP_TC_1: row(19, 'monitor', [e.OCI, e.QDP, e.CP16, e.CP24], 'packed output circuits of protection equipment'),
  M_PS_NA_1: row(20, 'monitor', [e.SCD, e.QDS], 'packed single-points with change detection', { tags: 'Cout' }),
  M_ME_ND_1: row(21, 'monitor', [e.NVA], 'measured value, normalized, without quality', { tags: 'Aout' }),
  M_SP_TB_1: row(30, 'monitor', [e.SIQ, e.CP56], 'single-point information with long time tag', {
    untimed: 'M_SP_NA_1',
    tags: 'Dout',
  }),
  M_DP_TB_1: row(31, 'monitor', [e.DIQ, e.CP56], 'double-point information with long time tag', {
    untimed: 'M_DP_NA_1',
    tags: 'Dout, Cout',
  }),
  M_ST_TB_1: row(32, 'monitor', [e.VTI, e.QDS, e.CP56], 'step position information with long time tag', {
    untimed: 'M_ST_NA_1',
    tags: 'Cout',
  }),
  M_BO_TB_1: row(33, 'monitor', [e.BSI, e.QDS, e.CP56], 'bitstring of 32 bits with long time tag', {
    untimed: 'M_BO_NA_1',
    tags: 'Cout',
  }),
  M_ME_TD_1: row(34, 'monitor', [e.NVA, e.QDS, e.CP56], 'measured value, normalized, with long time tag', {
    untimed: 'M_ME_NA_1',
    tags: 'Aout',
  }),
  M_ME_TE_1: row(35, 'monitor', [e.SVA, e.QDS, e.CP56], 'measured value, scaled, with long time tag', {
    untimed: 'M_ME_NB_1',
    tags: 'Cout',
  }),
  M_ME_TF_1: row(36, 'monitor', [e.R32, e.QDS, e.CP56], 'measured value, short floating point, with long time tag', {
    untimed: 'M_ME_NC_1',
    tags: 'Aout',
  }),
  M_IT_TB_1: row(37, 'monitor', [e.BCR, e.CP56], 'integrated totals with long time tag', {
    untimed: 'M_IT_NA_1',
    tags: 'Cout',
  }),
  M_EP_TD_1: row(38, 'monitor', [e.SEP, e.CP16, e.CP56], 'event of protection equipment with long time tag'),
  M_EP_TE_1: row(39, 'monitor', [e.SPE, e.QDP, e.CP16, e.CP56], 'packed start events of protection, long time tag'),
  M_EP_TF_1: row(40, 'monitor', [e.OCI, e.QDP, e.CP16, e.CP56], 'packed output circuits of protection, long time tag'),
  S_IT_TC_1: row(41, 'monitor', [e.AID, e.BCR, e.CP56], 'security statistics: integrated totals with long time tag'),
  C_SC_NA_1: row(45, 'control', [e.SCO], 'single command', { tags: 'Di, Qi' }),
  C_DC_NA_1: row(46, 'control', [e.DCO], 'double command', { tags: 'Qi' }),
  C_RC_NA_1: row(47, 'control', [e.RCO], 'regulating step command', { tags: 'Di, Qi' }),
  C_SE_NA_1: row(48, 'control', [e.NVA, e.QOS], 'set-point command, normalized', { tags: 'Ai' }),
  C_SE_NB_1: row(49, 'control', [e.SVA, e.QOS], 'set-point command, scaled', { tags: 'Ci' }),
  C_SE_NC_1: row(50, 'control', [e.R32, e.QOS], 'set-point command, short floating point', { tags: 'Ai' }),
  C_BO_NA_1: row(51, 'control', [e.BSI], 'bitstring command', { tags: 'Ci' }),
  C_SC_TA_1: row(58, 'control', [e.SCO, e.CP56], 'single command with time tag', {
    untimed: 'C_SC_NA_1',
    tags: 'Di, Qi',
  }),
  C_DC_TA_1: row(59, 'control', [e.DCO, e.CP56], 'double command with time tag', { untimed: 'C_DC_NA_1', tags: 'Qi' }),
  C_RC_TA_1: row(60, 'control', [e.RCO, e.CP56], 'regulating step command with time tag', {
    untimed: 'C_RC_NA_1',
    tags: 'Di, Qi',
  }),
  C_SE_TA_1: row(61, 'control', [e.NVA, e.QOS, e.CP56], 'set-point command, normalized, with time tag', {
    untimed: 'C_SE_NA_1',
    tags: 'Ai',
  }),
  C_SE_TB_1: row(62, 'control', [e.SVA, e.QOS, e.CP56], 'set-point command, scaled, with time tag', {
    untimed: 'C_SE_NB_1',
    tags: 'Ci',
  }),
  C_SE_TC_1: row(63, 'control', [e.R32, e.QOS, e.CP56], 'set-point command, short floating point, with time tag', {
    untimed: 'C_SE_NC_1',
    tags: 'Ai',
  }),
  C_BO_TA_1: row(64, 'control', [e.BSI, e.CP56], 'bitstring command with time tag', {
    untimed: 'C_BO_NA_1',
    tags: 'Ci',
  }),
  M_EI_NA_1: row(70, 'initialization', [e.COI], 'end of initialization'),
  C_IC_NA_1: row(100, 'system', [e.QOI], 'interrogation command'),
  C_CI_NA_1: row(101, 'system', [e.QCC], 'counter interrogation command'),
  C_RD_NA_1: row(102, 'system', [], 'read command'),
  C_CS_NA_1: row(103, 'system', [e.CP56], 'clock synchronization command'),
  C_TS_NA_1: row(104, 'system', [e.FBP], 'test command'),
  C_RP_NA_1: row(105, 'system', [e.QRP], 'reset process command'),
  C_CD_NA_1: row(106, 'system', [e.CP16], 'delay acquisition command'),
  C_TS_TA_1: row(107, 'system', [e.TSC, e.CP56], 'test command with time tag'),
  P_ME_NA_1: row(110, 'parameter', [e.NVA, e.QPM], 'parameter of measured value, normalized'),
  P_ME_NB_1: row(111, 'parameter', [e.SVA, e.QPM], 'parameter of measured value, scaled'),
  P_ME_NC_1: row(112, 'parameter', [e.R32, e.QPM], 'parameter of measured value, short floating point'),
  P_AC_NA_1: row(113, 'parameter', [e.QPA], 'parameter activation'),
  F_FR_NA_1: row(120, 'file', [e.NOF, e.LOF, e.FRQ], 'file ready'),
  F_SR_NA_1: row(121, 'file', [e.NOF, e.NOS, e.LOF, e.SRQ], 'section ready'),
  F_SC_NA_1: row(122, 'file', [e.NOF, e.NOS, e.SCQ], 'call directory, select file, call file, call section'),
  F_LS_NA_1: row(123, 'file', [e.NOF, e.NOS, e.LSQ, e.CHS], 'last section, last segment'),
  F_AF_NA_1: row(124, 'file', [e.NOF, e.NOS, e.AFQ], 'acknowledge file, acknowledge section'),
  F_SG_NA_1: row(125, 'file', [e.NOF, e.NOS, e.SEGMENT], 'segment'),
  F_DR_TA_1: row(126, 'file', [e.NOF, e.LOF, e.SOF, e.CP56], 'directory'),
  F_SC_NB_1: row(127, 'file', [e.NOF, e.FROM56, e.CP56], 'query log, request archive file'),
  M_ME_XA_1: row(241, 'monitor', [e.R64, e.QDS], 'measured value, 64-bit floating point', { tags: 'Aout' }),
  M_ME_XB_1: row(243, 'monitor', [e.R64, e.QDS, e.CP56], 'measured value, 64-bit floating point, with long time tag', {
    untimed: 'M_ME_XA_1',
    tags: 'Aout',
  }),
} as const;

/** The standard's label of a type identification, e.g. `M_ME_TF_1`. */
export type TypeLabel = keyof typeof table;

type FieldsOf<E> = E extends Element<infer F> ? F : never;

/** An information object of the given type: its address and the fields of its elements. */
export type ObjectOf<L extends TypeLabel> = { readonly ioa: number } & Readonly<
  Pick<ObjectFields, FieldsOf<(typeof table)[L]['elements'][number]>>
>;

/** What the rest of the engine reads of a row; all but the first five is derived from them. */
export interface TypeRow {
  readonly label: TypeLabel;
  readonly id: number;
  readonly direction: Direction;
  readonly elements: readonly Element[];
  readonly text: string;
  readonly tags: string;
  readonly time: 'none' | 'cp24' | 'cp56';
  /** Integrated totals: what a counter interrogation asks for. */
  readonly isCounter: boolean;
  /** Octets of one object without its address; of type 125 without the octets of the segment. */
  readonly size: number;
  /** The first element, which carries the value. */
  readonly first: Element | undefined;
  /** Single objects that one ASDU of 249 octets holds (SQ = 0). */
  readonly perAsdu: number;
  /** Elements that one ASDU holds behind one address (SQ = 1). */
  readonly perSequence: number;
  /** The type that carries the same without a time tag; the row itself where there is none. */
  readonly untimed: TypeRow;
}

/** Octets of an ASDU in IEC 60870-5-104: 253 of the APDU without its four control octets. */
export const ASDU_OCTETS = 249;
/** Type, variable structure qualifier, cause (2), common address (2). */
export const HEADER_OCTETS = 6;

function derive(label: TypeLabel): TypeRow {
  const { id, direction, elements, text, tags = '', untimed } = table[label] as Row<readonly Element[]>;
  const size = elements.reduce((sum, element) => sum + element.size, 0);
  const room = ASDU_OCTETS - HEADER_OCTETS;
  const derived: { -readonly [K in keyof TypeRow]: TypeRow[K] } = {
    label,
    id,
    direction,
    elements,
    text,
    tags,
    time: elements.includes(e.CP56) ? 'cp56' : elements.includes(e.CP24) ? 'cp24' : 'none',
    isCounter: direction === 'monitor' && elements[0] === e.BCR,
    size,
    first: elements[0],
    perAsdu: Math.min(127, Math.floor(room / (3 + size))),
    perSequence: Math.min(127, Math.floor((room - 3) / Math.max(1, size))),
    untimed: undefined as unknown as TypeRow,
  };
  derived.untimed = untimed === undefined ? derived : types[untimed as TypeLabel];
  return derived;
}

/** The table by label. */
export const types = {} as { readonly [L in TypeLabel]: TypeRow };
const byId: (TypeRow | undefined)[] = new Array(256).fill(undefined);
// An untimed row stands before its timed ones in the table, so that it exists when they refer to it.
for (const label of Object.keys(table) as TypeLabel[]) {
  const derived = derive(label);
  (types as Record<TypeLabel, TypeRow>)[label] = derived;
  byId[derived.id] = derived;
}

/** The row of a type identification 0..255, undefined where neither the standard nor we define one. */
export function typeById(id: number): TypeRow | undefined {
  return byId[id];
}

/** The row of a label; labels are written in capitals. */
export function typeByLabel(label: string): TypeRow | undefined {
  return Object.hasOwn(types, label) ? types[label as TypeLabel] : undefined;
}
