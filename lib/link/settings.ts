import { type Role, type SessionSettings, standardSettings } from '../apci/session.js';

/** Parameters of either kind of station that concern its connections. */
interface SessionParameters {
  readonly K: number;
  readonly W: number;
  readonly WT1: number;
  readonly WT2: number;
  readonly WT3: number;
  readonly SSN: number;
}

/** What the parameters of a line mean for the session of a connection. @param waitStart ms, of a controlled station */
export function sessionSettings(role: Role, parameters: SessionParameters, waitStart = 0): SessionSettings {
  const { K, W, WT1, WT2, WT3, SSN } = parameters;
  return { ...standardSettings, role, k: K, w: W, t1: WT1, t2: WT2, t3: WT3, waitStart, firstSequence: SSN };
}
