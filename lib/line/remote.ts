import type { Socket } from 'node:net';

/** The peer's address. */
export function addressOf({ remoteAddress = '' }: Socket): string {
  return plain(remoteAddress);
}

/** The peer as `address:port`. */
export function remoteOf(socket: Socket): string {
  return joined(addressOf(socket), socket.remotePort);
}

/** This end as `address:port`. */
export function localOf({ localAddress = '', localPort }: Socket): string {
  return joined(plain(localAddress), localPort);
}

/** What is IPv4 comes as ::ffff:192.0.2.1 from a socket that listens on both kinds. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '');
}

function joined(address: string, port: number | undefined): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
