import type { SessionSettings } from '../apci/session.js';
import { sessionSettings } from '../link/settings.js';
import type { ServerParameters } from '../station/parameters.js';

export interface ConnectionSettings {
  readonly session: SessionSettings;
  /** Events wait for an interrogation of the client (SAI). */
  readonly afterInterrogation: boolean;
  /** All values are sent without being asked for (IMPI). */
  readonly implicit: boolean;
  /** I-frames with the standby mark are ignored (ICF3). */
  readonly ignoreMarked: boolean;
  /** How what is sent while the instance is passive is marked (SSCF, SSTB), and whether values are sent then (SWV). */
  readonly standby: { readonly mark: boolean; readonly test: boolean; readonly values: boolean };
}

/** What the parameters of a line mean for a connection that comes. */
export function connectionSettings(parameters: ServerParameters): ConnectionSettings {
  return {
    session: sessionSettings('controlled', parameters, parameters.WTS),
    afterInterrogation: parameters.SAI,
    implicit: parameters.IMPI,
    ignoreMarked: parameters.ICF3,
    standby: { mark: parameters.SSCF, test: parameters.SSTB, values: parameters.SWV },
  };
}
