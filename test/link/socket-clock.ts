import { systemClock } from '../../lib/link/clock.js';
import { VirtualClock } from './virtual-clock.js';

/** Time passes when a test says so; what needs no time runs as ever, as sockets do. */
export class SocketClock extends VirtualClock {
  override readonly soon = systemClock.soon;
}
