import type { SessionState } from '../apci/session.js';

/** The primary connection of a redundant line is 0, the backup 1. */
export type Path = 0 | 1;

/** `group`: one connection is started, the other ready (IEC 60870-5-104 clause 10). `parallel`: both are started. */
export type RedundancyMode = 'group' | 'parallel';

/** What a redundant line asks of its connections. */
export interface RedundantLineEffects {
  /** STARTDT. */
  start(path: Path): void;
  /** STOPDT; what was received is acknowledged first. */
  stop(path: Path): void;
  /** Close the connection: it does not answer, and somebody will not wait. */
  drop(path: Path): void;
  /** The connection that commands take is another now. */
  moved(): void;
}

const other = (path: Path): Path => (path === 0 ? 1 : 0);

/**
 * Which of two connections to a substation has data transfer, and which one commands take. It is told what happens to
 * them; their sessions watch the time (t1 for every confirmation, t3 and TESTFR for the one that is ready).
 */
export class RedundantLine {
  private readonly states: [SessionState, SessionState] = ['closed', 'closed'];
  /** Connections whose device says of itself that it is standby (ARMSD). */
  private readonly marked: [boolean, boolean] = [false, false];
  private current: Path | undefined;
  /** Where data transfer is to go. */
  private target: Path | undefined;

  constructor(
    private readonly mode: RedundancyMode,
    private readonly effects: RedundantLineEffects,
  ) {}

  /** The connection that commands take; undefined while none is started. */
  get active(): Path | undefined {
    return this.current;
  }

  /** Whether a connection stands that could take over. */
  get hasStandby(): boolean {
    return this.current !== undefined && this.isReady(other(this.current));
  }

  /** The state of a connection has changed; `stopped` when it has come to stand, `closed` when it has gone. */
  changed(path: Path, state: SessionState): void {
    this.states[path] = state;
    if (state === 'closed') this.marked[path] = false;
    this.choose();
    this.settle();
  }

  /** A connection's device says whether it is standby, with what it sends (ARMSD). `parallel` only. */
  mark(path: Path, isStandby: boolean): void {
    if (this.marked[path] === isStandby) return;
    this.marked[path] = isStandby;
    this.choose();
  }

  /** Whether values of a connection count: those of a standby do not, while the other connection has an active device. */
  counts(path: Path): boolean {
    const second = other(path);
    return !this.marked[path] || this.marked[second] || this.states[second] !== 'started';
  }

  /**
   * An operator wants the other connection: STOPDT here, and with its confirmation STARTDT there. Asked again meanwhile,
   * the connection that does not confirm is closed.
   * @returns whether there is one to go to
   */
  switchOver(): boolean {
    if (this.mode === 'parallel') {
      if (this.current === undefined || this.states[other(this.current)] !== 'started') return false;
      this.become(other(this.current));
      return true;
    }
    const from = this.inTransfer;
    if (from === undefined || !this.isReady(other(from))) return false;
    if (this.target === other(from)) this.effects.drop(from);
    else {
      this.target = other(from);
      this.settle();
    }
    return true;
  }

  private isReady(path: Path): boolean {
    return this.states[path] === (this.mode === 'group' ? 'stopped' : 'started');
  }

  /** The connection that has data transfer, or may have: only with the confirmation of STOPDT it has none. */
  private get inTransfer(): Path | undefined {
    for (const path of [0, 1] as const)
      if (this.states[path] !== 'closed' && this.states[path] !== 'stopped') return path;
    return undefined;
  }

  private settle(): void {
    if (this.mode === 'parallel') {
      for (const path of [0, 1] as const) if (this.states[path] === 'stopped') this.effects.start(path);
      return;
    }
    if (this.target !== undefined && this.states[this.target] !== 'stopped') this.target = undefined;
    const from = this.inTransfer;
    if (from !== undefined) {
      const moves = this.target !== undefined && this.states[from] !== 'stopping';
      if (moves) this.effects.stop(from);
      return;
    }
    const to = this.target ?? ([0, 1] as const).find((path) => this.states[path] === 'stopped');
    if (to !== undefined) this.effects.start(to);
  }

  private choose(): void {
    const started = ([0, 1] as const).filter((path) => this.states[path] === 'started');
    const best = started.filter((path) => !this.marked[path]);
    const candidates = best.length > 0 ? best : started;
    const stays = this.current !== undefined && candidates.includes(this.current);
    this.become(stays ? this.current : candidates[0]);
  }

  private become(path: Path | undefined): void {
    if (this.current === path) return;
    this.current = path;
    this.effects.moved();
  }
}
