import type { X509Certificate } from 'node:crypto';
import { certificateName, isIssuedBy, isRoot, isSame, validFrom, validTo } from './certificate.js';
import { type Crl, certificateKeys } from './crl.js';
import type { TlsProblem } from './refusal.js';

/** Certificates that stand one above the other, at most. */
const LONGEST_PATH = 10;

export interface Examination {
  /** Why the certificate is not to be trusted; undefined where it is. */
  readonly problem?: TlsProblem;
  /** ms since 1970 UTC: the last at which that holds without looking again. */
  readonly until: number;
}

/**
 * Whom we trust: authorities, and what they have revoked. OpenSSL looks at a peer's certificate during the handshake
 * and never again; this looks again while the connection lasts.
 */
export class Trust {
  constructor(
    private readonly authorities: readonly X509Certificate[],
    private readonly crls: readonly Crl[],
  ) {}

  /**
   * Whether a chain is valid now and leads to one of the authorities.
   * @param chain the peer's certificate first, then what it sent along
   * @param now ms since 1970 UTC
   */
  examine(chain: readonly X509Certificate[], now: number): Examination {
    let [current] = chain;
    let until = Infinity;
    for (let depth = 0; current !== undefined && depth < LONGEST_PATH; depth++) {
      const problem = this.problemOf(current, now);
      if (problem !== undefined) return { problem, until: now };
      until = Math.min(until, validTo(current));
      const one: X509Certificate = current;
      if (isRoot(one) && this.authorities.some((authority) => isSame(authority, one))) return { until };
      current = this.issuerOf(one, chain, now);
    }
    const reason = 'the authority of its certificate, or one above it, is not among the partner certificates';
    return { problem: { code: 'unknown-ca', reason }, until: now };
  }

  private problemOf(certificate: X509Certificate, now: number): TlsProblem | undefined {
    const name = certificateName(certificate);
    // So written that a time which cannot be read is one that has passed.
    if (!(now <= validTo(certificate))) return { code: 'expired', reason: `the certificate of ${name} has expired` };
    if (now < validFrom(certificate))
      return { code: 'not-yet-valid', reason: `the certificate of ${name} is not yet valid` };
    if (this.crls.length === 0) return undefined;
    try {
      const { issuer, serial } = certificateKeys(certificate.raw);
      const isRevoked = this.crls.some((crl) => crl.issuer === issuer && crl.revoked.has(serial));
      return isRevoked ? { code: 'revoked', reason: `the certificate of ${name} is revoked` } : undefined;
    } catch {
      return { code: 'handshake-failed', reason: `the serial number in the certificate of ${name} cannot be read` };
    }
  }

  /** Among several of one name and key, as while an authority renews its certificate, one that is valid. */
  private issuerOf(
    certificate: X509Certificate,
    chain: readonly X509Certificate[],
    now: number,
  ): X509Certificate | undefined {
    if (isRoot(certificate)) return undefined;
    // What a peer sends along counts only as an authority's; ours are what we say they are.
    const sent = chain.filter(({ ca }) => ca);
    const signed = [...this.authorities, ...sent].filter((issuer) => isIssuedBy(certificate, issuer));
    return signed.find((issuer) => now <= validTo(issuer) && now >= validFrom(issuer)) ?? signed[0];
  }
}
