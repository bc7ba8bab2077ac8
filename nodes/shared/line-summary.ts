import type { NodeStatusFill } from 'node-red';
import type { LineStatus } from '../../lib/link/status.js';

/** Grey: it does nothing; yellow: nothing is transferred, or something stands against its certificates; green: it works. */
export function colourOf({ state, flags, warnings }: LineStatus): NodeStatusFill {
  if (state === 'error') return 'red';
  if (state === 'closed' || state === 'passive') return 'grey';
  return flags === '' || warnings !== undefined ? 'yellow' : 'green';
}

/** The partner of a line that connects: its connection with data transfer, and one that stands by. */
export function placeOf({ connections }: LineStatus): string {
  const started = connections.find(({ state }) => state === 'started');
  const others = connections.filter((connection) => connection !== started);
  return [started, ...others]
    .flatMap((connection) => (connection === undefined ? [] : [connection.remote]))
    .join(' · ');
}
