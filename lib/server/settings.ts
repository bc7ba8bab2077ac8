import { sessionSettings } from '../link/settings.js';
import type { ServerParameters } from '../station/parameters.js';
import type { ConnectionSettings } from './connection.js';

/** What the parameters of a line mean for a connection that comes. */
export function connectionSettings(parameters: ServerParameters): ConnectionSettings {
  return {
    session: sessionSettings('controlled', parameters, parameters.WTS),
    afterInterrogation: parameters.SAI,
    implicit: parameters.IMPI,
    ignoreMarked: parameters.ICF3,
  };
}
