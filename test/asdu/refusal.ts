import { CodecError, type CodecErrorCode } from '../../lib/octets/octets.js';

/** The code of the CodecError that octets cause; any other error is thrown on. */
export function codeOf(work: () => unknown): CodecErrorCode | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof CodecError) return error.code;
    throw error;
  }
}
