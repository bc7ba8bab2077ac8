import type { NodeAPI } from 'node-red';
import type { LineHost } from './line-host.js';

/** ms that a line waits for its new node at most, where nothing says that none will come. */
const PATIENCE = 30_000;

interface Parked {
  readonly fingerprint: string;
  readonly host: LineHost;
  /** Nobody waits any more. */
  readonly forget: () => void;
}

/**
 * Lines whose node was closed by a deploy: they stand, and wait for the node that follows. Modules are loaded once, so
 * both find each other here.
 */
const parked = new Map<string, Parked>();

/**
 * Keeps a line for the node that follows. It is closed when the flows are stopped for good, or nobody comes.
 * @param id of the node
 * @param fingerprint the line's own configuration
 */
export function park(RED: NodeAPI, id: string, fingerprint: string, host: LineHost): void {
  const close = (): void => {
    forget();
    void host.close();
  };
  const onRuntimeEvent = (event: unknown): void => {
    if (isFinalStop(event)) close();
  };
  const timer = setTimeout(close, PATIENCE);
  const forget = (): void => {
    clearTimeout(timer);
    RED.events.removeListener('runtime-event', onRuntimeEvent);
    RED.events.removeListener('flows:started', close);
    parked.delete(id);
  };
  timer.unref();
  RED.events.on('runtime-event', onRuntimeEvent);
  // Who would have taken it over has been made by then: the node is disabled now, or its configuration is wrong.
  RED.events.on('flows:started', close);
  parked.set(id, { fingerprint, host, forget });
  host.hold();
}

/**
 * The line that the node of this id has left.
 * @returns its host if it is the same line; otherwise it is closed, and `free` tells when its port is
 */
export function adopt(id: string, fingerprint: string): { readonly host?: LineHost; readonly free: Promise<void> } {
  const found = parked.get(id);
  found?.forget();
  if (found?.fingerprint === fingerprint) return { host: found.host, free: Promise.resolve() };
  return { free: found === undefined ? Promise.resolve() : found.host.close() };
}

/** Node-RED says of each stop whether it belongs to a deploy, which starts again. */
function isFinalStop(event: unknown): boolean {
  const { id, payload } = event as { id?: string; payload?: { state?: string; deploy?: boolean } };
  return id === 'runtime-state' && payload?.state === 'stop' && payload.deploy !== true;
}
