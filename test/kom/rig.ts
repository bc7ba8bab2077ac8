import { randomUUID } from 'node:crypto';
import type { Coordinator } from '../../lib/kom/coordinator.js';
import { Kom, type KomOptions } from '../../lib/kom/kom.js';
import { systemClock } from '../../lib/link/clock.js';

/** An instance over a real coordinator, within the process of the test. */
export function instance(coordinator: Coordinator, options: Partial<KomOptions> = {}): Kom {
  const kom = new Kom({
    process: 'SELF.KOM',
    instance: 1,
    host: 'here',
    clock: systemClock,
    id: randomUUID(),
    ...options,
    coordinator,
  });
  kom.start();
  return kom;
}

/** Waits until something is so of an instance. */
export function until(kom: Kom, is: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (is()) return resolve();
    const stop = kom.follow({
      changed: () => {
        if (!is()) return;
        stop();
        resolve();
      },
    });
  });
}
