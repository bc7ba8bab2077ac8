/** Time and turns, as the computer gives them; tests bring their own. */
export interface Clock {
  /** ms of a clock that never jumps; its zero means nothing. */
  now(): number;
  /** ms since 1970 UTC. */
  wall(): number;
  /** Calls once after that many ms, and after what had come by then was read; the result cancels. */
  timer(ms: number, call: () => void): () => void;
  /** Calls once when what is going on has run to its end: many calls within one turn become one. */
  soon(call: () => void): void;
}

/** The longest time that a timer of the runtime can wait. */
const LONGEST = 2_147_483_647;
/** ms; a timer that is later found the process busy. */
const LATE = 50;

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  timer: (ms, call) => {
    const wait = Math.min(LONGEST, Math.max(0, Math.ceil(ms)));
    const due = performance.now() + wait;
    let turn: NodeJS.Immediate | undefined;
    const timer = setTimeout(() => {
      // Timers come before what sockets have: the answer that is awaited may stand there unread.
      if (performance.now() - due > LATE) turn = setImmediate(call);
      else call();
    }, wait);
    return () => {
      clearTimeout(timer);
      clearImmediate(turn);
    };
  },
  soon: (call) => {
    setImmediate(call);
  },
};
