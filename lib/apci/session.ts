import { Deadlines, expiryReason } from './deadlines.js';
import { type CloseReason, NOTHING, type SessionEffects, type SessionState, type Source } from './effects.js';
import {
  APCI_OCTETS,
  FrameSplitter,
  MIN_LENGTH,
  S_FRAME,
  STARTDT_ACT,
  STARTDT_CON,
  STOPDT_ACT,
  STOPDT_CON,
  sequenceAt,
  TESTFR_ACT,
  TESTFR_CON,
  type UFunction,
  uFunction,
  writeControlFrame,
  writeIControl,
} from './frame.js';
import { ReceiveWindow, SendWindow } from './sequence.js';
import type { SessionSettings } from './settings.js';

export * from './effects.js';
export * from './settings.js';

/**
 * The data transfer of one connection, IEC 60870-5-104 clause 5: sequence numbers, acknowledgement, the timers t1 to t3,
 * STARTDT, STOPDT and TESTFR. It does no input or output and has no clock: time is told in ms of any steady clock.
 */
export class Session {
  private current: SessionState = 'stopped';
  /** Controlled station: a STARTDT has come. */
  private everStarted = false;
  /** Controlling station: data transfer is what is asked for, at the latest when the act under way is confirmed. */
  private wanted = false;
  private readonly send: SendWindow;
  private readonly received = new ReceiveWindow();
  private readonly splitter = new FrameSplitter();
  private readonly deadlines = new Deadlines();
  private now = 0;
  private completed = false;
  /** Sets bit 0 of the third control octet of the I-frames sent (SSCF). */
  standbyMark = false;
  /** APDUs sent and received. */
  framesSent = 0;
  framesReceived = 0;

  /**
   * @param gate is asked before each I-frame whether this process may act; every I-frame of the product passes here
   */
  constructor(
    readonly settings: SessionSettings,
    private readonly effects: SessionEffects,
    private readonly gate: () => boolean,
  ) {
    this.send = new SendWindow(settings.k, settings.firstSequence);
  }

  get state(): SessionState {
    return this.current;
  }

  /** I-frames sent that the peer has not acknowledged. */
  get unacknowledged(): number {
    return this.send.outstanding;
  }

  /** I-frames received that we have not acknowledged. */
  get unacknowledgedReceived(): number {
    return this.received.unacknowledged;
  }

  /** When `expire` wants to be called, in ms of the clock; Infinity for never. */
  get deadline(): number {
    return this.deadlines.next;
  }

  /** The APDU received last, or the piece that was none: for logs, during the call of `closed`. */
  get lastReceived(): Uint8Array {
    return this.splitter.last;
  }

  /** The connection stands. */
  connected(now: number): void {
    if (this.current === 'closed') return;
    this.now = now;
    if (this.settings.role === 'controlled' && this.settings.waitStart > 0)
      this.deadlines.set('startdt', now + this.settings.waitStart);
    this.touch();
  }

  /** Octets arrived, in whatever pieces. */
  receive(octets: Uint8Array, now: number): void {
    if (this.current === 'closed') return;
    this.now = now;
    this.completed = false;
    const wrong = this.splitter.split(octets, this.onFrame);
    if (wrong !== undefined) return this.close(wrong);
    // Read again: a frame may have closed the session.
    if ((this.current as SessionState) === 'closed') return;
    if (this.splitter.pending === 0) this.deadlines.clear('frame');
    else if (this.completed || !this.deadlines.isSet('frame')) this.deadlines.set('frame', now + this.settings.t1);
  }

  /**
   * Sends I-frames as long as the source has some and the window is open.
   * @returns how many were sent
   */
  pull(source: Source, now: number): number {
    let sent = 0;
    this.now = now;
    while (this.state === 'started' && !this.send.full && this.gate()) {
      const to = this.effects.room();
      const start = to.at;
      to.at += APCI_OCTETS;
      const ticket = source.next(to);
      if (ticket === NOTHING) {
        to.at = start;
        break;
      }
      writeIControl(to.octets, start, to.at, this.send.next, this.received.next, this.standbyMark);
      if (this.send.outstanding === 0) this.deadlines.set('t1', now + this.settings.t1);
      this.send.push(ticket, now);
      sent++;
    }
    if (sent > 0) {
      this.framesSent += sent;
      this.acknowledgedNow();
      this.touch();
    }
    return sent;
  }

  /** Time has passed: acts on every deadline that has. */
  expire(now: number): void {
    this.now = now;
    for (;;) {
      const which = this.deadlines.take(now);
      if (which === undefined) return;
      if (which === 't2') this.sendS();
      else if (which === 't3') this.test(now);
      else return this.close(expiryReason[which]);
    }
  }

  /** Controlling station: asks for data transfer; while stopping, once that is confirmed. */
  start(now: number): void {
    if (this.settings.role !== 'controlling') return;
    this.now = now;
    this.wanted = true;
    if (this.current === 'stopped') this.act(STARTDT_ACT, 'starting');
  }

  /**
   * Controlling station: ends data transfer; while starting, once that is confirmed. What it has received is
   * acknowledged first.
   */
  stop(now: number): void {
    if (this.settings.role !== 'controlling') return;
    this.now = now;
    this.wanted = false;
    if (this.current !== 'started') return;
    if (this.received.unacknowledged > 0) this.sendS();
    this.act(STOPDT_ACT, 'stopping');
  }

  /** Tests the connection with TESTFR, unless a test is under way. */
  test(now: number): void {
    this.now = now;
    if (this.current === 'closed' || this.deadlines.isSet('testfr')) return;
    this.sendU(TESTFR_ACT);
    this.deadlines.clear('t3');
    this.deadlines.set('testfr', now + this.settings.t1);
  }

  /** Ends the session from our side, or tells it that the connection has gone. */
  close(reason: CloseReason): void {
    if (this.current === 'closed') return;
    this.current = 'closed';
    this.deadlines.clearAll();
    this.effects.closed(reason);
  }

  private readonly onFrame = (octets: Uint8Array, at: number, length: number): boolean => {
    this.framesReceived++;
    this.completed = true;
    this.touch();
    const control = octets[at + 2] as number;
    if ((control & 1) === 0) this.onI(octets, at, length);
    else if ((control & 3) === 1) this.onS(octets, at);
    else this.onU(octets, at);
    return this.current !== 'closed';
  };

  private onI(octets: Uint8Array, at: number, length: number): void {
    const open = this.current === 'started' || (this.current === 'stopping' && this.settings.role === 'controlling');
    if (!open) return this.close('i-frame-while-stopped');
    if (!this.received.take(sequenceAt(octets, at + 2))) return this.close('send-sequence');
    if (!this.acknowledge(sequenceAt(octets, at + 4))) return;
    if (this.received.unacknowledged === 1) this.deadlines.set('t2', this.now + this.settings.t2);
    this.effects.deliver(octets.subarray(at + APCI_OCTETS, at + length), ((octets[at + 4] as number) & 1) !== 0);
    if (this.current === 'closed') return;
    // While we wait for STOPDT con the peer holds it back until all is acknowledged: t2 would only delay it.
    if (this.received.unacknowledged >= (this.current === 'stopping' ? 1 : this.settings.w)) this.sendS();
  }

  private onS(octets: Uint8Array, at: number): void {
    if (octets[at + 1] !== MIN_LENGTH) return this.close('s-format');
    // After a STOPDT an S-frame may still be on its way; before the first STARTDT there is nothing to acknowledge.
    if (this.settings.role === 'controlled' && !this.everStarted) return this.close('s-frame-before-startdt');
    this.acknowledge(sequenceAt(octets, at + 4));
  }

  private onU(octets: Uint8Array, at: number): void {
    const which = uFunction(octets, at);
    const controlled = this.settings.role === 'controlled';
    switch (which) {
      case undefined:
        return this.close('u-format');
      case TESTFR_ACT:
        // A master that keeps its standby connection alive will start it when it needs it.
        this.renewWait();
        return this.sendU(TESTFR_CON);
      case TESTFR_CON:
        // With a longer t3 than ours it never comes to test: our acts break its silence.
        if (this.deadlines.isSet('testfr')) this.renewWait();
        this.deadlines.clear('testfr');
        return this.touch();
      case STARTDT_ACT:
        if (!controlled) return this.close('unexpected-act');
        this.everStarted = true;
        this.deadlines.clear('startdt');
        this.sendU(STARTDT_CON);
        return this.enter('started');
      case STOPDT_ACT:
        if (!controlled) return this.close('unexpected-act');
        if (this.received.unacknowledged > 0) this.sendS();
        if (this.current === 'started') this.enter('stopping');
        return this.send.outstanding === 0 ? this.confirmStop() : undefined;
      case STARTDT_CON:
        if (controlled || this.current !== 'starting') return;
        this.deadlines.clear('act');
        return this.wanted ? this.enter('started') : this.act(STOPDT_ACT, 'stopping');
      case STOPDT_CON:
        if (controlled || this.current !== 'stopping') return;
        this.deadlines.clear('act');
        return this.wanted ? this.act(STARTDT_ACT, 'starting') : this.enter('stopped');
    }
  }

  private acknowledge(nr: number): boolean {
    if (!this.send.acknowledge(nr, this.onConfirmed)) {
      this.close('receive-sequence');
      return false;
    }
    if (this.current === 'closed') return false;
    // Not only when fewer are outstanding than before: a confirmation may have sent new ones.
    if (this.send.outstanding > 0) this.deadlines.set('t1', this.send.oldestSentAt + this.settings.t1);
    else {
      this.deadlines.clear('t1');
      if (this.current === 'stopping' && this.settings.role === 'controlled') this.confirmStop();
    }
    return true;
  }

  private readonly onConfirmed = (ticket: number): void => {
    if (this.current !== 'closed') this.effects.confirmed(ticket);
  };

  private confirmStop(): void {
    this.sendU(STOPDT_CON);
    this.enter('stopped');
  }

  private act(which: UFunction, state: SessionState): void {
    this.sendU(which);
    this.deadlines.set('act', this.now + this.settings.t1);
    this.enter(state);
  }

  private enter(state: SessionState): void {
    if (this.current === state || this.current === 'closed') return;
    this.current = state;
    this.effects.stateChanged(state);
  }

  private sendS(): void {
    this.sendControl(S_FRAME, this.received.next);
    this.acknowledgedNow();
  }

  private sendU(which: UFunction): void {
    this.sendControl(which, 0);
  }

  private sendControl(control: UFunction | typeof S_FRAME, nr: number): void {
    writeControlFrame(this.effects.room(), control, nr);
    this.framesSent++;
    this.touch();
  }

  /** Whatever we send with an N(R) acknowledges all that was received. */
  private acknowledgedNow(): void {
    this.received.unacknowledged = 0;
    this.deadlines.clear('t2');
  }

  private renewWait(): void {
    if (this.deadlines.isSet('startdt')) this.deadlines.set('startdt', this.now + this.settings.waitStart);
  }

  /** A frame went or came: silence begins anew, unless a test of the connection is under way. */
  private touch(): void {
    if (this.settings.t3 > 0 && this.current !== 'closed' && !this.deadlines.isSet('testfr'))
      this.deadlines.set('t3', this.now + this.settings.t3);
  }
}
