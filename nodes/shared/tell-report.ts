import type { Kom, TellAnswer } from '../../lib/kom/kom.js';
import type { Misunderstood, Tell } from '../../lib/kom/tell.js';
import { lines } from './line-registry.js';

/** What a TELL command is answered. */
export interface TellReport {
  readonly tell: string;
  readonly ok: boolean;
  readonly reason?: string;
  readonly [result: string]: unknown;
}

/** Carries out what an operator tells the process. */
export async function tell(command: Tell | Misunderstood, kom: Kom): Promise<TellReport> {
  if ('reason' in command) return { ok: false, ...command };
  if ('process' in command && command.process !== kom.process)
    return { ...command, ok: false, reason: `this is the process ${kom.process}` };
  switch (command.tell) {
    case 'SET_ACT_INST':
      return { ...command, ...(await kom.activate(command.instance)) };
    case 'SET_PREFERRED_INST':
      return { ...command, ...(await kom.prefer(command.instance)) };
    case 'SET_LOAD_BAL_MODE':
      return { ...command, ...(await kom.setMode(command.mode)) };
    case 'STWATCH':
      return { ...command, ...watch(command.station, kom) };
    case 'CHECK CERTS': {
      const certificates = [...lines].flatMap((line) =>
        line.certificates(command.mask).map((certificate) => ({ line: line.name, ...certificate })),
      );
      return { ...command, ok: true, certificates };
    }
  }
}

/** Interrogates the partners of a station, on whatever line it is. */
function watch(name: string, kom: Kom): TellAnswer & { readonly partners?: number } {
  if (!kom.isActive) return { ok: false, reason: 'this instance is passive' };
  const found = [...lines].flatMap((line) => line.watchStation(name) ?? []);
  const partners = found.reduce((sum, count) => sum + count, 0);
  if (found.length === 0) return { ok: false, reason: `there is no station ${name.slice(0, 60)}` };
  if (partners === 0) return { ok: false, reason: `station ${name} has no partner that could be interrogated` };
  return { ok: true, partners };
}
