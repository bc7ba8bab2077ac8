import type { Socket } from 'node:net';

/** The peer's address; an IPv4 peer of a socket that listens on both kinds comes as ::ffff:192.0.2.1. */
export function addressOf({ remoteAddress = '' }: Socket): string {
  return remoteAddress.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '');
}

/** The peer as `address:port`. */
export function remoteOf(socket: Socket): string {
  const address = addressOf(socket);
  return address.includes(':') ? `[${address}]:${socket.remotePort}` : `${address}:${socket.remotePort}`;
}
