import type { SecurityCode } from '../link/observer.js';
import type { ServerParameters } from '../station/parameters.js';

/** Who is watched: a connection. */
export interface Watchable {
  readonly remote: string;
  readonly channel: { readonly certificate?: string };
}

interface Counter {
  since: number;
  count: number;
}

interface Watched {
  readonly commands: Counter;
  readonly unknown: Counter;
  /** When an alarm of each kind was raised last. */
  readonly raised: Map<SecurityCode, number>;
}

const SECOND = 1000;
const MINUTE = 60_000;

/** Watches what clients do: how many commands a second (CMR), how many unknown objects a minute (SCAN). */
export class Vigilance {
  private readonly clients = new WeakMap<object, Watched>();
  private limits: Pick<ServerParameters, 'CMR' | 'SCAN'> = { CMR: 0, SCAN: 0 };

  /**
   * @param now ms of the clock
   * @param alarm is told once a minute and client of each kind
   */
  constructor(
    private readonly now: () => number,
    private readonly alarm: (code: SecurityCode, client: Watchable) => void,
  ) {}

  configure(limits: Pick<ServerParameters, 'CMR' | 'SCAN'>): void {
    this.limits = limits;
  }

  /** A command has come. @returns whether it is one too many in this second */
  isTooFast(client: Watchable): boolean {
    const { CMR } = this.limits;
    if (CMR === 0 || this.count(this.of(client).commands, SECOND) <= CMR) return false;
    this.raise('command-rate', client);
    return true;
  }

  /** An object was asked for that does not exist. */
  unknownObject(client: Watchable): void {
    const { SCAN } = this.limits;
    if (SCAN > 0 && this.count(this.of(client).unknown, MINUTE) > SCAN) this.raise('object-scan', client);
  }

  private raise(code: SecurityCode, client: Watchable): void {
    const { raised } = this.of(client);
    const last = raised.get(code);
    if (last !== undefined && this.now() - last < MINUTE) return;
    raised.set(code, this.now());
    this.alarm(code, client);
  }

  private count(counter: Counter, period: number): number {
    const now = this.now();
    if (now - counter.since >= period) {
      counter.since = now;
      counter.count = 0;
    }
    return ++counter.count;
  }

  private of(client: object): Watched {
    let watched = this.clients.get(client);
    if (watched === undefined) {
      const counter = (): Counter => ({ since: this.now(), count: 0 });
      watched = { commands: counter(), unknown: counter(), raised: new Map() };
      this.clients.set(client, watched);
    }
    return watched;
  }
}
