import { createHash } from 'node:crypto';
import type { NetConnectOpts } from 'node:net';

/** Where the instances of one computer meet: whoever listens there first is active, and any death frees it. */
export type Endpoint = NetConnectOpts & { readonly path?: string; readonly port?: number };

/** The length of an address of a local socket on Linux, without the zero that makes it abstract. */
const ABSTRACT_OCTETS = 107;
/** Of the ports that macOS gives to nobody by itself. */
const FIRST_PORT = 20_000;
const PORTS = 20_000;

/**
 * The endpoint of a process. On Linux an abstract socket, on Windows a named pipe, elsewhere a loopback TCP port: nothing
 * of them is left behind by who dies. A name belongs to one network namespace, so containers meet only if they share it.
 */
export function endpointOf(process: string, platform: string): Endpoint {
  const hash = createHash('sha256').update(process).digest();
  const name = `telecontrol-kom-${hash.toString('hex').slice(0, 32)}`;
  // Versions of Node.js differ in what they append to a short name: two would not meet.
  if (platform === 'linux') return { path: `\0${name.padEnd(ABSTRACT_OCTETS, '.')}` };
  if (platform === 'win32') return { path: `\\\\.\\pipe\\${name}` };
  return { host: '127.0.0.1', port: FIRST_PORT + (hash.readUInt32LE(0) % PORTS) };
}
