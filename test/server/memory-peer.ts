import type { MemoryChannel } from '../../lib/line/memory.js';
import type { VirtualClock } from '../link/virtual-clock.js';
import { octets, Wire } from './wire.js';

/** One end of a connection in memory, whose time is virtual: nothing happens but when a test lets it. */
export class MemoryPeer {
  readonly wire = new Wire();
  /** APDUs that arrived and were not taken. */
  frames: string[] = [];
  closed = false;

  constructor(
    readonly own: MemoryChannel,
    readonly clock: VirtualClock,
  ) {
    own.attach({
      data: (data) => this.frames.push(...this.wire.cut(data)),
      drained: () => {},
      closed: () => {
        this.closed = true;
      },
    });
  }

  send(...literal: string[]): this {
    this.own.write(Buffer.concat(literal.map(octets)));
    return this;
  }

  ask(...asdus: string[]): this {
    return this.send(...asdus.map((asdu) => this.wire.frame(asdu)));
  }

  acknowledge(): void {
    this.send(this.wire.acknowledgement());
  }

  /** The ASDUs that have arrived, not acknowledged. */
  taken(): string[] {
    this.clock.settle();
    return this.frames.splice(0).flatMap((frame) => this.wire.asduOf(frame) ?? []);
  }

  /** All ASDUs that arrive while they are acknowledged as they come. */
  asdus(): string[] {
    const found: string[] = [];
    for (;;) {
      const some = this.taken();
      if (some.length === 0) return found;
      found.push(...some);
      this.acknowledge();
    }
  }

  cut(): void {
    this.own.cut('ECONNRESET');
    this.clock.settle();
  }
}
