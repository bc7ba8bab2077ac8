import { standardSettings } from '../apci/session.js';
import type { ServerParameters } from '../station/parameters.js';
import type { ConnectionSettings } from './connection.js';

/** What the parameters of a line mean for a connection that comes. */
export function connectionSettings(parameters: ServerParameters): ConnectionSettings {
  return {
    session: {
      ...standardSettings,
      k: parameters.K,
      w: parameters.W,
      t1: parameters.WT1,
      t2: parameters.WT2,
      t3: parameters.WT3,
      waitStart: parameters.WTS,
      firstSequence: parameters.SSN,
    },
    afterInterrogation: parameters.SAI,
    implicit: parameters.IMPI,
    ignoreMarked: parameters.ICF3,
  };
}
