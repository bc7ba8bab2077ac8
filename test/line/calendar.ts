import { VirtualClock } from '../link/virtual-clock.js';

const DAY = 86_400_000;

/** ms until a changed file is in use: noticed, and found at rest. */
export const NOTICED = 2000;

/** Turns pages: days are too many timers. */
export class Calendar extends VirtualClock {
  days = 0;

  override wall(): number {
    return super.wall() + this.days * DAY;
  }
}
