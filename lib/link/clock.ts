/** Time and turns, as the computer gives them; tests bring their own. */
export interface Clock {
  /** ms of a clock that never jumps; its zero means nothing. */
  now(): number;
  /** ms since 1970 UTC. */
  wall(): number;
  /** Calls once after that many ms; the result cancels. */
  timer(ms: number, call: () => void): () => void;
  /** Calls once when what is going on has run to its end: many calls within one turn become one. */
  soon(call: () => void): void;
}

/** The longest time that a timer of the runtime can wait. */
const LONGEST = 2_147_483_647;

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  timer: (ms, call) => {
    const timer = setTimeout(call, Math.min(LONGEST, Math.max(0, Math.ceil(ms))));
    return () => clearTimeout(timer);
  },
  soon: (call) => {
    setImmediate(call);
  },
};
