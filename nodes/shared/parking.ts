import type { NodeAPI } from 'node-red';
import { listen } from './runtime-events.js';

/** ms that something waits for its new node at most, where nothing says that none will come. */
const PATIENCE = 30_000;

/** What outlives its node over a deploy. */
export interface Parkable {
  /** Its node has been closed; another one is expected to follow. */
  hold(): void;
  close(): Promise<void>;
  /** Closes, since one of another configuration takes its place, or none. */
  replaced?(): Promise<void>;
}

interface Parked<H> {
  readonly fingerprint: string;
  readonly host: H;
  /** Nobody waits any more. */
  readonly forget: () => void;
}

/**
 * What a node has left when a deploy closed it: it stands, and waits for the node that follows. Modules are loaded once,
 * so both find each other here.
 */
export class Parking<H extends Parkable> {
  private readonly parked = new Map<string, Parked<H>>();

  /**
   * Keeps a host for the node that follows. It is closed when the flows are stopped for good, or nobody comes.
   * @param id of the node
   * @param fingerprint the host's own configuration
   */
  park(RED: NodeAPI, id: string, fingerprint: string, host: H): void {
    const close = (): void => {
      forget();
      void host.close();
    };
    const onRuntimeEvent = (event: unknown): void => {
      if (isFinalStop(event)) close();
    };
    const giveUp = (): void => {
      forget();
      void replace(host);
    };
    const timer = setTimeout(giveUp, PATIENCE);
    const forget = (): void => {
      clearTimeout(timer);
      for (const unlisten of listeners) unlisten();
      this.parked.delete(id);
    };
    timer.unref();
    const listeners = [
      listen(RED, 'runtime-event', onRuntimeEvent),
      // Who would have taken it over has been made by then: the node is disabled now.
      listen(RED, 'flows:started', giveUp),
    ];
    this.parked.set(id, { fingerprint, host, forget });
    host.hold();
  }

  /**
   * What the node of this id has left.
   * @returns the host if its configuration is the same; otherwise it is closed, and `free` tells when it has
   */
  adopt(id: string, fingerprint: string): { readonly host?: H; readonly free: Promise<void> } {
    const found = this.parked.get(id);
    found?.forget();
    if (found?.fingerprint === fingerprint) return { host: found.host, free: Promise.resolve() };
    if (found === undefined) return { free: Promise.resolve() };
    return { free: replace(found.host) };
  }
}

function replace(host: Parkable): Promise<void> {
  return host.replaced?.() ?? host.close();
}

/** Node-RED says of each stop whether it belongs to a deploy, which starts again. */
function isFinalStop(event: unknown): boolean {
  const { id, payload } = event as { id?: string; payload?: { state?: string; deploy?: boolean } };
  return id === 'runtime-state' && payload?.state === 'stop' && payload.deploy !== true;
}
