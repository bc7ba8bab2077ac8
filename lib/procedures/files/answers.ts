import { type AsduHeader, asdu, encodeAsdu } from '../../asdu/asdu.js';
import { cause } from '../../asdu/cause.js';
import type { Request } from '../request.js';

/** What a controlled station says of its files, 7.3.6 of IEC 60870-5-101: each as an answer to a request. */

/** Select and call qualifier SCQ (7.2.6.30), the lower half of its octet; the upper one says why a master gives up. */
export const call = {
  directory: 0,
  selectFile: 1,
  requestFile: 2,
  deactivateFile: 3,
  deleteFile: 4,
  selectSection: 5,
  requestSection: 6,
  deactivateSection: 7,
} as const;

/** Acknowledge file or section qualifier AFQ (7.2.6.32), the lower half of its octet; the upper one says what is wrong. */
export const acknowledgement = { file: 1, notFile: 2, section: 3, notSection: 4 } as const;

/** Last section or segment qualifier LSQ (7.2.6.31). */
export const last = { file: 1, fileDeactivated: 2, section: 3, sectionDeactivated: 4 } as const;
export type LastQualifier = (typeof last)[keyof typeof last];

/** Bit 8 of FRQ (7.2.6.28) and of SRQ (7.2.6.29): refused, not ready. */
const NEGATIVE = 0x80;

/** Originator and T bit are the request's, as in every answer. */
export function headerOf({ asdu }: Request, causeId: number = cause.file): AsduHeader {
  const { commonAddress, originator, test } = asdu;
  return { typeId: asdu.typeId, cause: causeId, negative: false, commonAddress, originator, test };
}

/** File ready (120): selecting, requesting, deactivating or deleting is confirmed. @param lof octets of the file */
export function fileReady(request: Request, lof: number): Uint8Array {
  const { ioa, nof = 0 } = request.object;
  return encodeAsdu(asdu('F_FR_NA_1', headerOf(request), { ioa, nof, lof, file: 0 }));
}

/** Section ready (121). @param lof octets of the section */
export function sectionReady(request: Request, nos: number, lof: number): Uint8Array {
  const { ioa, nof = 0 } = request.object;
  return encodeAsdu(asdu('F_SR_NA_1', headerOf(request), { ioa, nof, nos, lof, file: 0 }));
}

/** Last segment or last section (123). @param chs sum of the octets, of which 8 bits are sent (7.2.6.37) */
export function lastOf(request: Request, nos: number, qualifier: LastQualifier, chs: number): Uint8Array {
  const { ioa, nof = 0 } = request.object;
  return encodeAsdu(asdu('F_LS_NA_1', headerOf(request), { ioa, nof, nos, file: qualifier, chs: chs & 0xff }));
}

export function segmentOf(request: Request, nos: number, segment: Uint8Array): Uint8Array {
  const { ioa, nof = 0 } = request.object;
  return encodeAsdu(asdu('F_SG_NA_1', headerOf(request), { ioa, nof, nos, segment }));
}

/**
 * The negative answer that fits: file not ready to what concerns a file, section not ready to what concerns a section.
 * All else is mirrored with its own cause and P/N = 1, since causes 7 and 9 do not go with these types.
 */
export function refusal(request: Request): Uint8Array {
  const { ioa, nof = 0, nos = 0, file = 0 } = request.object;
  const isCall = request.row?.label === 'F_SC_NA_1' && request.asdu.cause === cause.file;
  switch (isCall ? file & 0x0f : call.directory) {
    case call.selectFile:
    case call.requestFile:
    case call.deactivateFile:
    case call.deleteFile:
      return encodeAsdu(asdu('F_FR_NA_1', headerOf(request), { ioa, nof, lof: 0, file: NEGATIVE }));
    case call.selectSection:
    case call.requestSection:
    case call.deactivateSection:
      return encodeAsdu(asdu('F_SR_NA_1', headerOf(request), { ioa, nof, nos, lof: 0, file: NEGATIVE }));
    default:
      return request.answer(request.asdu.cause, true);
  }
}
