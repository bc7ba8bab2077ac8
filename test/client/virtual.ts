import type { ClientLineOptions } from '../../lib/client/options.js';
import type { MakeDialling } from '../../lib/client/path.js';
import { HostCycle } from '../../lib/line/hosts.js';
import { type MemoryChannel, memoryPair } from '../../lib/line/memory.js';
import { VirtualClock } from '../link/virtual-clock.js';
import { MemoryPeer } from '../server/memory-peer.js';
import { STARTDT_ACT, STARTDT_CON } from '../server/wire.js';
import { ClientRig, type ClientSpec, type RigOptions } from './rig.js';

/** A substation's end of a connection in virtual time. */
export class MemoryOutstation extends MemoryPeer {
  constructor(
    own: MemoryChannel,
    clock: VirtualClock,
    readonly host: string,
  ) {
    super(own, clock);
  }

  /** What has arrived, U- and S-frames too; I-frames are acknowledged. */
  raw(): string[] {
    this.clock.settle();
    return this.frames.splice(0);
  }

  /** STARTDT has come, and is confirmed. @returns whether it had */
  start(): boolean {
    this.clock.settle();
    if (this.frames.shift() !== STARTDT_ACT) return false;
    this.send(STARTDT_CON).clock.settle();
    return true;
  }
}

/** A network in virtual time: who may be connected to, and who has been tried. */
export class VirtualNet {
  readonly clock = new VirtualClock();
  /** Attempts: the host, and ms since the beginning. */
  readonly dials: { readonly host: string; readonly at: number }[] = [];
  /** Substations' ends of the connections, in the order in which they were made. */
  readonly sessions: MemoryOutstation[] = [];
  private readonly began = this.clock.now();
  private readonly dead = new Set<string>();
  /** Called with each new connection. */
  onConnected: ((session: MemoryOutstation) => void) | undefined;

  /** Attempts to reach these hosts fail from now on, or no more. */
  kill(...hosts: string[]): void {
    for (const host of hosts) this.dead.add(host);
  }

  revive(...hosts: string[]): void {
    for (const host of hosts) this.dead.delete(host);
  }

  /** The connections of a host, the newest last. */
  of(host: string): MemoryOutstation {
    const found = this.sessions.filter((session) => session.host === host).at(-1);
    if (found === undefined) throw new Error(`no connection to ${host}`);
    return found;
  }

  line(
    paths: ClientLineOptions['paths'],
    specs: readonly ClientSpec[] = [{}],
    options: Omit<RigOptions, 'clock' | 'make'> = {},
  ): ClientRig {
    const rig = new ClientRig(
      paths,
      specs.map((spec) => ({ ...spec, parameters: `WT3=0;${spec.parameters ?? ''}` })),
      { random: () => 0.5, ...options, clock: this.clock, make: this.make },
    );
    rig.line.open();
    this.clock.advance(1);
    return rig;
  }

  private readonly make: MakeDialling = ({ hosts, port }, handler) => {
    const cycle = new HostCycle(hosts);
    let isClosed = false;
    const dial = (): void => {
      const host = cycle.next();
      this.dials.push({ host, at: this.clock.now() - this.began });
      handler.connecting(host);
      this.clock.soon(() => {
        if (isClosed) return;
        if (this.dead.has(host)) return handler.failed(host, 'ECONNREFUSED');
        const [near, far] = memoryPair({ later: this.clock.soon, remote: `${host}:${port}` });
        const session = new MemoryOutstation(far, this.clock, host);
        this.sessions.push(session);
        // All go over one interface.
        handler.connected(Object.assign(near, { local: '192.0.2.200:40000' }), host);
        this.onConnected?.(session);
      });
    };
    return {
      dial,
      close: () => {
        isClosed = true;
      },
    };
  };
}
