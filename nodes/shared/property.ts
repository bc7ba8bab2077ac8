import { createHash } from 'node:crypto';

/** Properties as the editor and the environment give them: text mostly, checked again where they are used. */

export class PropertyError extends Error {
  override readonly name = 'PropertyError';
}

/** Text of a property; the fallback where it is empty or missing. */
export function text(given: unknown, fallback = ''): string {
  if (given === undefined || given === null) return fallback;
  const trimmed = String(given).trim();
  return trimmed === '' ? fallback : trimmed;
}

/** A whole number. @throws PropertyError naming the property and what is allowed */
export function wholeNumber(name: string, given: unknown, fallback: number, low: number, high: number): number {
  const written = text(given, String(fallback));
  const value = /^-?\d+$/.test(written) ? Number(written) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw new PropertyError(`${name}: ${shown(written)} is not a whole number ${low}..${high}`);
}

/** One of some words. @throws PropertyError */
export function oneOf<W extends string>(name: string, given: unknown, fallback: W, words: readonly W[]): W {
  const written = text(given, fallback);
  const found = words.find((word) => word === written);
  if (found !== undefined) return found;
  throw new PropertyError(`${name}: ${shown(written)} is none of ${words.join(', ')}`);
}

/** A boolean, which the environment gives as text. @throws PropertyError */
export function truth(name: string, given: unknown): boolean {
  switch (text(given, 'false').toLowerCase()) {
    case 'true':
    case '1':
      return true;
    case 'false':
    case '0':
      return false;
    default:
      throw new PropertyError(`${name}: ${shown(text(given))} is neither true nor false`);
  }
}

/** Text that must be known: an environment variable that is missing is not one. @throws PropertyError */
export function knownText(name: string, given: unknown, fallback: string): string {
  const written = text(given, fallback);
  if (isUnset(written)) throw new PropertyError(`${name}: ${shown(written)} is not set`);
  return written;
}

/** What stands in ${} was not replaced: the variable is missing. */
function isUnset(written: string): boolean {
  return /^\$\{.*\}$/.test(written);
}

/** Stands for a configuration: equal ones have equal fingerprints. */
export function fingerprint(configuration: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(configuration)).digest('hex');
}

function shown(written: string): string {
  return isUnset(written) ? `the environment variable of ${written}` : `"${written.slice(0, 60)}"`;
}
