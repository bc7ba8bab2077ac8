import { type MemoryChannel, memoryPair } from '../../lib/line/memory.js';
import type { VirtualClock } from '../link/virtual-clock.js';
import type { Served } from './served.js';
import { octets, STARTDT_ACT, Wire } from './wire.js';

/** A controlling station of any address, whose time is virtual: nothing happens but when a test lets it. */
export class MemoryClient {
  readonly wire = new Wire();
  /** APDUs that arrived and were not taken. */
  frames: string[] = [];
  closed = false;
  /** The server's end, and ours. */
  readonly server: MemoryChannel;
  readonly own: MemoryChannel;

  constructor(
    served: Served,
    readonly clock: VirtualClock,
    remote = '192.0.2.1:40000',
  ) {
    [this.server, this.own] = memoryPair({ later: clock.soon, remote });
    this.own.attach({
      data: (data) => this.frames.push(...this.wire.cut(data)),
      drained: () => {},
      closed: () => {
        this.closed = true;
      },
    });
    served.line.accept(this.server);
  }

  send(...literal: string[]): this {
    this.own.write(Buffer.concat(literal.map(octets)));
    return this;
  }

  ask(...asdus: string[]): this {
    return this.send(...asdus.map((asdu) => this.wire.frame(asdu)));
  }

  start(): this {
    this.send(STARTDT_ACT).clock.settle();
    this.frames.shift();
    return this;
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
