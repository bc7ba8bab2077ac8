import {
  APCI_OCTETS,
  MAX_LENGTH,
  MIN_LENGTH,
  START,
  STARTDT_ACT,
  STARTDT_CON,
  STOPDT_ACT,
  STOPDT_CON,
  sequenceAt,
  TESTFR_ACT,
  TESTFR_CON,
  type UFunction,
  uFunction,
} from '../apci/frame.js';
import { type AsduHeader, decodeAsdu, decodeHeader, type InformationObject } from '../asdu/asdu.js';
import { causeName } from '../asdu/cause.js';
import { HEADER_OCTETS, type TypeRow, typeById } from '../asdu/types.js';
import { CodecError, hex } from '../octets/octets.js';
import { objectMeaning } from './meaning.js';

/** Characters of a description at most. */
export const DESCRIPTION_AT_MOST = 480;
/** Objects that are described; of more only their number. */
const OBJECTS_SHOWN = 4;

export type FrameKind = 'I' | 'S' | 'U';

/**
 * One APDU in one line: kind, sequence numbers, type, cause, addresses, and the first objects as `ioa=value quality time`.
 * Of octets that are no APDU, or no ASDU, the digits. Never throws.
 * @param octets an APDU from its start octet on
 * @returns at most DESCRIPTION_AT_MOST characters
 */
export function describeFrame(octets: Uint8Array): string {
  const text = described(octets);
  return text.length > DESCRIPTION_AT_MOST ? `${text.slice(0, DESCRIPTION_AT_MOST - 1)}…` : text;
}

/** What an APDU is by its first control octet; undefined where start or length are not as they must be. */
export function frameKind(octets: Uint8Array): FrameKind | undefined {
  const length = octets[1] ?? 0;
  if (octets[0] !== START || length < MIN_LENGTH || length > MAX_LENGTH || octets.length !== length + 2)
    return undefined;
  const control = octets[2] as number;
  return (control & 1) === 0 ? 'I' : (control & 2) === 0 ? 'S' : 'U';
}

/** The name of a U-frame's function. */
export function functionName(which: UFunction): string {
  switch (which) {
    case STARTDT_ACT:
      return 'STARTDT act';
    case STARTDT_CON:
      return 'STARTDT con';
    case STOPDT_ACT:
      return 'STOPDT act';
    case STOPDT_CON:
      return 'STOPDT con';
    case TESTFR_ACT:
      return 'TESTFR act';
    case TESTFR_CON:
      return 'TESTFR con';
  }
}

function described(octets: Uint8Array): string {
  const kind = frameKind(octets);
  switch (kind) {
    case undefined:
      return `? ${hex(octets)}`;
    case 'S':
      return octets.length === APCI_OCTETS ? `S N(R)=${sequenceAt(octets, 4)}` : `S ? ${hex(octets)}`;
    case 'U': {
      const which = uFunction(octets, 0);
      return which === undefined ? `U ? ${hex(octets)}` : `U ${functionName(which)}`;
    }
    case 'I': {
      const mark = ((octets[4] as number) & 1) === 0 ? '' : ' standby';
      const numbers = `I N(S)=${sequenceAt(octets, 2)} N(R)=${sequenceAt(octets, 4)}${mark}`;
      return `${numbers} ${describeAsdu(octets.subarray(APCI_OCTETS))}`;
    }
  }
}

/** An ASDU in one line, as `describeFrame` does. */
export function describeAsdu(octets: Uint8Array): string {
  if (octets.length < HEADER_OCTETS) return `? ${hex(octets)}`;
  const header = headerMeaning(decodeHeader(octets));
  try {
    return `${header} ${objects(octets)}`;
  } catch (error) {
    if (error instanceof CodecError) return `${header} ? ${hex(octets.subarray(HEADER_OCTETS))} (${error.message})`;
    throw error;
  }
}

/** Type, cause, bits and addresses of an ASDU: `M_SP_NA_1 (1) spontaneous OA=0 CA=1`. */
export function headerMeaning({ typeId, cause, negative, test, originator, commonAddress }: AsduHeader): string {
  const row = typeById(typeId);
  const type = row === undefined ? `type ${typeId}` : `${row.label} (${typeId})`;
  const bits = `${negative ? ' P/N=1' : ''}${test ? ' T=1' : ''}`;
  return `${type} ${causeName(cause)}${bits} OA=${originator} CA=${commonAddress}`;
}

/** @throws CodecError */
function objects(octets: Uint8Array): string {
  const { typeId, objects: all, raw, count } = decodeAsdu(octets);
  const row = typeById(typeId);
  if (row === undefined || raw !== undefined) return hex(raw ?? new Uint8Array(0));
  const shown = all.slice(0, OBJECTS_SHOWN).map((object) => objectText(row, object));
  return shown.join(', ') + (count > OBJECTS_SHOWN ? ` … (${count} objects)` : '');
}

/** An object as `ioa=value quality time`. */
export function objectText(row: TypeRow, object: InformationObject): string {
  const meaning = objectMeaning(row, object);
  return meaning === '' ? String(object.ioa) : `${object.ioa}=${meaning}`;
}
