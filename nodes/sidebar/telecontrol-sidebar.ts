import type { NodeAPI } from 'node-red';
import { lines } from '../shared/line-registry.js';
import { processes } from '../shared/process-registry.js';
import { Monitors } from './monitors.js';
import { serveLines } from './serve-lines.js';
import { serveMonitors } from './serve-monitors.js';

/** The runtime's half of the sidebar: what it asks for at the admin root, each of it behind a permission. */
export = (RED: NodeAPI): void => {
  const monitors = new Monitors(lines);
  serveLines(RED, lines, processes, monitors);
  serveMonitors(RED, lines, monitors);
  RED.plugins.registerPlugin('telecontrol-sidebar', { type: 'telecontrol', onremove: () => monitors.close() } as never);
};
