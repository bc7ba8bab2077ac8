import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { TcpChannel } from '../tcp.js';
import { certificateName } from './certificate.js';
import type { Trust } from './trust.js';

/** A TLS connection whose peer is who it has to be. */
export class TlsChannel extends TcpChannel {
  /** The common name of the peer's certificate, where somebody vouched for it. */
  readonly certificate?: string;
  /** Who was asked last whether the peer is to be trusted, and until when the answer holds (ms since 1970 UTC). */
  trustedBy: Trust | undefined;
  trustedUntil = 0;

  /**
   * @param chain the peer's certificate and what it sent along; empty where it showed none
   * @param isVerified whether the chain leads to one of our authorities
   */
  constructor(
    private readonly tlsSocket: TLSSocket,
    readonly chain: readonly X509Certificate[],
    isVerified: boolean,
  ) {
    super(tlsSocket);
    const [own] = chain;
    if (isVerified && own !== undefined) this.certificate = certificateName(own);
  }

  /** SHA-256 of the peer's certificate, pairs of digits with colons; undefined where it showed none. */
  get fingerprint(): string | undefined {
    return this.chain[0]?.fingerprint256;
  }

  /** `TLSv1.2` or `TLSv1.3`. */
  get protocol(): string | null {
    return this.tlsSocket.getProtocol();
  }

  /** TLS encrypts later, so the octets are copied: the caller may use its memory again at once. */
  override write(octets: Uint8Array): boolean {
    super.write(Buffer.from(octets));
    return true;
  }
}

/** The peer's certificate and what it sent along, in the order of the handshake. */
export function chainOf(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next = socket.getPeerX509Certificate();
  while (next !== undefined && chain.length < 10) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}
