import type { NodeAPI } from 'node-red';

type RuntimeEvent = 'flows:started' | 'runtime-event';
type Listener = (told: unknown) => void;

/** Who listens to what. One listener of ours stands for all: of more than ten Node.js warns, and flows have many more nodes. */
const listening = new WeakMap<NodeAPI['events'], Map<RuntimeEvent, Set<Listener>>>();

/** Listens to an event of Node-RED. @returns ends it */
export function listen({ events }: NodeAPI, event: RuntimeEvent, listener: Listener): () => void {
  const known = listening.get(events) ?? new Map<RuntimeEvent, Set<Listener>>();
  listening.set(events, known);
  const listeners = known.get(event) ?? beginListening(events, event, known);
  // A function of its own, so that whoever listens twice is told twice.
  const own: Listener = (told) => listener(told);
  listeners.add(own);
  return () => listeners.delete(own);
}

/** Calls once, when all flows have started. @returns gives it up */
export function whenStarted(RED: NodeAPI, call: () => void): () => void {
  const leave = listen(RED, 'flows:started', () => {
    leave();
    call();
  });
  return leave;
}

/** How many listen at present, of each event. */
export function listenerCounts(events: NodeAPI['events']): Readonly<Record<string, number>> {
  return Object.fromEntries([...(listening.get(events) ?? [])].map(([event, { size }]) => [event, size]));
}

function beginListening(
  events: NodeAPI['events'],
  event: RuntimeEvent,
  known: Map<RuntimeEvent, Set<Listener>>,
): Set<Listener> {
  const listeners = new Set<Listener>();
  known.set(event, listeners);
  // Who joins meanwhile waits for the next time; who has left is not told any more.
  events.on(event, (told: unknown) => {
    for (const listener of [...listeners]) if (listeners.has(listener)) listener(told);
  });
  return listeners;
}
