import assert from 'node:assert/strict';
import { VirtualClock } from '../link/virtual-clock.js';
import { MemoryFiles, pattern } from '../procedures/memory-files.js';
import { MemoryClient } from '../server/memory-client.js';
import { Served } from '../server/served.js';
import { digits } from '../server/wire.js';

/**
 * What has brought down other implementations. Each in virtual time, and each with a second client, to whom nothing of it
 * may matter.
 */
export const points = [
  { ioa: 1, type: 'M_BO_NA_1', groups: [1] },
  { ioa: 2, type: 'M_IT_NA_1' },
  { ioa: 45, type: 'C_SC_NA_1' },
];
export const GI = '64 01 06 00 01 00 00 00 00 14';
export const READ = '66 01 05 00 01 00 01 00 00';

/** A line, the client that is up to something, and another that does all right. */
export function setup(parameters = '', isServingFiles = false) {
  const clock = new VirtualClock();
  const files = isServingFiles ? new MemoryFiles({ 1: pattern(300) }) : undefined;
  const spec = { parameters: `SAI=False;${parameters}`, points, ...(files && { files }) };
  const served = new Served([spec], { clock });
  const client = new MemoryClient(served, clock, '192.0.2.1:1');
  const other = new MemoryClient(served, clock, '192.0.2.2:1').start();
  let serial = 0;
  /** The other client gets events and answers; nothing was logged as an error. */
  const unharmed = (): void => {
    other.asdus();
    served.write(1, ++serial);
    const value = digits(Uint8Array.of(serial & 255, serial >> 8));
    assert.deepEqual(other.asdus(), [`07 01 03 00 01 00 01 00 00 ${value} 00 00 00`], 'the other client gets an event');
    assert.deepEqual(other.ask(READ).asdus(), [`07 01 05 00 01 00 01 00 00 ${value} 00 00 00`], 'and an answer');
    assert.deepEqual(
      served.log.filter((line) => line.startsWith('error')),
      [],
    );
  };
  return { clock, served, client, other, unharmed };
}

export const word = (n: number): string => digits(Uint8Array.of(n));
