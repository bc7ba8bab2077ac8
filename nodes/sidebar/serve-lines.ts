import type { NodeAPI } from 'node-red';
import type { ListedLine } from '../shared/line-registry.js';
import type { ListedProcess } from '../shared/process-registry.js';
import type { Monitors } from './monitors.js';

/** The state of the lines and processes, and what may be done with lines. */
export function serveLines(
  RED: NodeAPI,
  lines: Iterable<ListedLine>,
  processes: Iterable<ListedProcess>,
  monitors: Monitors,
): void {
  const mayRead = RED.auth.needsPermission('telecontrol.read');
  const mayAct = RED.auth.needsPermission('telecontrol.write');

  RED.httpAdmin.get('/telecontrol/lines', mayRead, (_request, response) => {
    const shown = [...lines].map(({ id, name, host, status }) => ({ id, name, host, status }));
    response.set('Cache-Control', 'no-store');
    response.json({ lines: shown, processes: [...processes].map(({ status }) => status), monitors: monitors.count });
  });

  RED.httpAdmin.get('/telecontrol/certificates', mayRead, (_request, response) => {
    response.set('Cache-Control', 'no-store');
    response.json([...lines].map((line) => ({ id: line.id, name: line.name, files: line.certificates('') })));
  });

  /** `{"remote": "address:port"}`: closes the connections of it. */
  RED.httpAdmin.post('/telecontrol/line/:id/disconnect', mayAct, (request, response) => {
    const line = lineOf(request.params.id);
    const remote: unknown = request.body?.remote;
    if (line === undefined) return void response.status(404).json({ error: 'there is no such line' });
    if (typeof remote !== 'string') return void response.status(400).json({ error: 'remote is an address:port' });
    const count = line.disconnect(remote);
    if (count === 0) return void response.status(404).json({ error: 'there is no such connection' });
    RED.log.audit({ event: 'telecontrol.disconnect', line: line.id, remote } as never, request);
    response.json({ count });
  });

  /** Moves data transfer to the standby connection of a redundant line. */
  RED.httpAdmin.post('/telecontrol/line/:id/switch', mayAct, (request, response) => {
    const line = lineOf(request.params.id);
    if (line === undefined) return void response.status(404).json({ error: 'there is no such line' });
    if (!line.switchOver()) return void response.status(409).json({ error: 'there is no standby connection' });
    RED.log.audit({ event: 'telecontrol.switch', line: line.id } as never, request);
    response.json({});
  });

  /** `{"station": "name"}`: interrogates its partners. */
  RED.httpAdmin.post('/telecontrol/line/:id/refresh', mayAct, (request, response) => {
    const line = lineOf(request.params.id);
    const station: unknown = request.body?.station;
    if (line === undefined) return void response.status(404).json({ error: 'there is no such line' });
    if (typeof station !== 'string') return void response.status(400).json({ error: 'station is a name' });
    const count = line.watchStation(station);
    if (count === undefined) return void response.status(404).json({ error: 'there is no such station' });
    if (count === 0) return void response.status(409).json({ error: 'nobody is there to interrogate' });
    RED.log.audit({ event: 'telecontrol.refresh', line: line.id, station } as never, request);
    response.json({ count });
  });

  const lineOf = (id: unknown): ListedLine | undefined => [...lines].find((line) => line.id === id);
}
