import { MAX_INSTANCE, type Mode } from './records.js';

/** A TELL command of an operator, understood. */
export type Tell =
  | { readonly tell: 'SET_ACT_INST'; readonly process: string; readonly instance: number }
  | { readonly tell: 'SET_PREFERRED_INST'; readonly process: string; readonly instance: number }
  | { readonly tell: 'SET_LOAD_BAL_MODE'; readonly process: string; readonly mode: Mode }
  | { readonly tell: 'STWATCH'; readonly station: string }
  | { readonly tell: 'CHECK CERTS'; readonly mask: string };

/** Not understood, and why. */
export interface Misunderstood {
  readonly tell: string;
  readonly reason: string;
}

const known =
  'SET_ACT_INST <process> <n>, SET_PREFERRED_INST <process> <n>|NONE, SET_LOAD_BAL_MODE <process> ON|OFF, STWATCH <station> ' +
  'or CHECK CERTS [mask]';

/** Reads a command as an operator types it; upper and lower case are the same, names of processes and stations aside. */
export function readTell(text: string): Tell | Misunderstood {
  const trimmed = text.trim();
  const certificates = /^CHECK\s+CERTS(?:\s+(.+))?$/i.exec(trimmed);
  if (certificates !== null) return { tell: 'CHECK CERTS', mask: certificates[1] ?? '' };
  const station = /^STWATCH\s+(.+)$/i.exec(trimmed)?.[1];
  if (station !== undefined) return { tell: 'STWATCH', station };
  // The name of a process may have spaces; what follows it has none.
  const match = /^(SET_ACT_INST|SET_PREFERRED_INST|SET_LOAD_BAL_MODE)\s+(.+)\s+(\S+)$/i.exec(trimmed);
  if (match === null) return { tell: trimmed.slice(0, 60), reason: `not understood; known are ${known}` };
  const tell = (match[1] as string).toUpperCase();
  const process = (match[2] as string).trim();
  const last = (match[3] as string).toUpperCase();
  if (tell === 'SET_LOAD_BAL_MODE') {
    if (last === 'ON') return { tell, process, mode: 'active-active' };
    if (last === 'OFF') return { tell, process, mode: 'active-passive' };
    return { tell, reason: `${last.slice(0, 20)} is neither ON nor OFF` };
  }
  const isNone = tell === 'SET_PREFERRED_INST' && last === 'NONE';
  const instance = isNone ? 0 : /^\d+$/.test(last) ? Number(last) : Number.NaN;
  if (!isNone && !(instance >= 1 && instance <= MAX_INSTANCE)) {
    const or = tell === 'SET_PREFERRED_INST' ? ' or NONE' : '';
    return { tell, reason: `${last.slice(0, 20)} is not 1..${MAX_INSTANCE}${or}` };
  }
  return tell === 'SET_ACT_INST' ? { tell, process, instance } : { tell: 'SET_PREFERRED_INST', process, instance };
}
