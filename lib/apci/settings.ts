/** A controlled station waits for STARTDT; a controlling one sends it. */
export type Role = 'controlled' | 'controlling';

export interface SessionSettings {
  readonly role: Role;
  /** I-frames that may be unacknowledged, 1..32767 (K). */
  readonly k: number;
  /** Received I-frames after which one is acknowledged at the latest, 1..32767, less than k (W). */
  readonly w: number;
  /** ms to wait for an acknowledgement or confirmation (WT1). */
  readonly t1: number;
  /** ms after which a received I-frame is acknowledged at the latest, less than t1 (WT2). */
  readonly t2: number;
  /** ms of silence until TESTFR; 0 = never (WT3). */
  readonly t3: number;
  /** Controlled station: ms to wait for the first STARTDT of a connection; 0 = for ever (WTS). */
  readonly waitStart: number;
  /** N(S) of the first I-frame (SSN). */
  readonly firstSequence: number;
}

export const standardSettings: SessionSettings = {
  role: 'controlled',
  k: 12,
  w: 8,
  t1: 15_000,
  t2: 10_000,
  t3: 20_000,
  waitStart: 60_000,
  firstSequence: 0,
};
