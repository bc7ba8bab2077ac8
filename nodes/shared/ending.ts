/**
 * Whether the whole program is about to end. Node-RED closes its nodes then as for a deploy, and does not wait for what goes
 * on afterwards; but it waits for the nodes.
 */
let ending = false;
let watching = false;

const signals = ['SIGINT', 'SIGTERM'] as const;

export function isEnding(): boolean {
  return ending;
}

/** Watches from now on, as soon as anybody needs to know. */
export function watchForEnd(): void {
  if (watching) return;
  watching = true;
  for (const signal of signals) {
    const note = (): void => {
      // A program that leaves a signal to the operating system ends by it, and is to go on doing so.
      if (process.listenerCount(signal) === 1) {
        process.removeListener(signal, note);
        process.kill(process.pid, signal);
      } else ending = true;
    };
    // Before Node-RED's own, which closes the nodes.
    process.prependListener(signal, note);
  }
}
