import type { TypeRow } from '../asdu/types.js';
import { accept, type Sample, type ValueInput } from '../asdu/value.js';
import { TelecontrolError } from '../octets/error.js';

/** The value of a command that we send. */
export interface CommandInput extends ValueInput {
  /** QU 0..31, or QL 0..127. */
  readonly qualifier?: number | undefined;
}

/**
 * Checks the value of a command (45..51, 58..64) and its qualifier.
 * @param noFlags the status octet stays 0, whatever is given for it (NF)
 * @throws TelecontrolError `value` naming what is allowed
 */
export function commandSample(row: TypeRow, input: CommandInput, noFlags = false): Sample {
  const given = commandStatus(row, input);
  const sample = accept(row, { ...input, status: noFlags ? undefined : given });
  const name = row.first?.name;
  if ((name === 'DCO' || name === 'RCO') && sample.value !== 1 && sample.value !== 2)
    throw new TelecontrolError('value', `${sample.value} is no command of ${row.label}: 1 or 2`);
  return sample;
}

/** QU of a single, double or step command, QL of a set point, as the status octet carries it. */
function commandStatus(row: TypeRow, { qualifier, status }: CommandInput): number | undefined {
  if (qualifier === undefined) return status;
  const name = row.first?.name;
  const isCommand = name === 'SCO' || name === 'DCO' || name === 'RCO';
  const highest = isCommand ? 31 : 127;
  if (!Number.isInteger(qualifier) || qualifier < 0 || qualifier > highest || name === 'BSI')
    throw new TelecontrolError('value', `qualifier ${String(qualifier)} is none of ${row.label}: 0..${highest}`);
  return isCommand ? qualifier << 2 : qualifier;
}
