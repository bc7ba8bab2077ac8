import { type MemoryChannel, memoryPair } from '../../lib/line/memory.js';
import type { VirtualClock } from '../link/virtual-clock.js';
import { MemoryPeer } from './memory-peer.js';
import type { Served } from './served.js';
import { STARTDT_ACT } from './wire.js';

/** A controlling station of any address, whose time is virtual: nothing happens but when a test lets it. */
export class MemoryClient extends MemoryPeer {
  /** The server's end. */
  readonly server: MemoryChannel;

  constructor(served: Served, clock: VirtualClock, remote = '192.0.2.1:40000') {
    const [server, own] = memoryPair({ later: clock.soon, remote });
    super(own, clock);
    this.server = server;
    served.line.accept(server);
  }

  start(): this {
    this.send(STARTDT_ACT).clock.settle();
    this.frames.shift();
    return this;
  }
}
