import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { SerialPackage } from '../../lib/bytes/serial-device.js';

/**
 * The package `serialport`, which is not ours: whoever has serial ports installs it, in the user directory or beside us.
 * @param places directories in which it is looked for, with those above them
 * @throws Error saying how to install it, or why it cannot be used
 */
export function serialPackage(places: readonly [string, ...string[]]): SerialPackage {
  for (const place of places)
    try {
      return createRequire(join(place, 'package.json'))('serialport') as SerialPackage;
    } catch (error) {
      if (isMissing(error)) continue;
      const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
      throw new Error(`the package serialport is installed and cannot be used: ${why}`);
    }
  throw new Error(
    `the package serialport is missing; install it by \`npm install serialport\` in ${places[0]}, and the port opens`,
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && /^Cannot find module 'serialport'/.test(error.message);
}
