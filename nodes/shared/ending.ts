/**
 * The end of the whole program. Node-RED closes its nodes then as for a deploy, one flow after the other, and waits for
 * nothing that goes on afterwards: what has to be done for others is begun with the signal, and waited for by a node.
 */
let ending = false;
let watching = false;
const calls = new Set<() => void>();

export function isEnding(): boolean {
  return ending;
}

/** Calls as soon as the program is about to end; the result ends that. */
export function onEnding(call: () => void): () => void {
  if (!watching) watch();
  calls.add(call);
  return () => calls.delete(call);
}

function watch(): void {
  watching = true;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const note = (): void => {
      // A program that leaves a signal to the operating system ends by it, and is to go on doing so.
      if (process.listenerCount(signal) === 1) {
        process.removeListener(signal, note);
        process.kill(process.pid, signal);
        return;
      }
      ending = true;
      for (const call of calls) call();
    };
    // Before Node-RED's own, which closes the nodes.
    process.prependListener(signal, note);
  }
}
