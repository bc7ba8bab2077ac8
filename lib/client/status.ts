import {
  type ConnectionStatus,
  connectionStatus,
  flagName,
  type LineState,
  type LineStatus,
  lineStatus,
} from '../link/status.js';
import type { ClientStation } from './client-station.js';
import type { Paths } from './paths.js';
import type { Redundancy } from './redundancy.js';

/** What a line that connects shows: its own state, and that of its connections and stations. */
export function clientStatus(
  state: LineState,
  { connections, reason, warnings, lastClose, closes, refused }: Paths,
  { active, overflowed }: Redundancy,
  stations: readonly ClientStation[],
): LineStatus {
  const flags = connections.flatMap(({ flag }) => (flag === undefined ? [] : flagName(flag))).join('');
  const shown = connections.map((connection): ConnectionStatus => {
    const status = connectionStatus(connection);
    return active !== undefined && connection.state === 'stopped' ? { ...status, state: 'standby' } : status;
  });
  return lineStatus(
    {
      state,
      reason: active === undefined ? reason : undefined,
      warnings,
      flags,
      lost: 0,
      repeated: overflowed,
      lastClose,
      closes,
      refused: Object.keys(refused).length === 0 ? undefined : refused,
    },
    shown,
    stations.map(({ name, commonAddress, state }) => ({ name, address: commonAddress, state })),
  );
}
