import {
  type ConnectionStatus,
  connectionStatus,
  type LineStatus,
  lineStatus,
  type ShownLine,
} from '../link/status.js';
import type { Station } from '../station/station.js';
import type { Connection } from './connection.js';

/** The status of a line with server stations. */
export function serverStatus(
  line: ShownLine,
  connections: Iterable<Connection>,
  stations: readonly Station[],
): LineStatus {
  return lineStatus(
    line,
    [...connections].map(statusOf),
    stations.map(({ name, commonAddress, balanced }) => ({
      name,
      address: commonAddress,
      state: line.state === 'listening' ? 'StON' : 'StOFF',
      ...(balanced ? { balanced: true as const } : {}),
    })),
  );
}

function statusOf(connection: Connection): ConnectionStatus {
  const shown = connectionStatus(connection);
  return connection.isStandby ? { ...shown, state: 'standby' } : shown;
}
