/** How long a handshake may take, ms. */
export const HANDSHAKE = 10_000;

/** Why a peer was not let in, or not any longer, as `line-status` tells it. */
export type TlsSecurityCode =
  | 'handshake-failed'
  | 'no-certificate'
  | 'unknown-ca'
  | 'expired'
  | 'not-yet-valid'
  | 'revoked'
  | 'wrong-version'
  | 'unknown-identity';

export interface TlsProblem {
  readonly code: TlsSecurityCode;
  /** In words, without secrets. */
  readonly reason: string;
}

/** A peer that was turned away. */
export interface TlsRefusal extends TlsProblem {
  /** The peer as `address:port`. */
  readonly remote: string;
  /** The name in the certificate that it showed, which nobody may have vouched for. */
  readonly certificate?: string;
}

const problem = (code: TlsSecurityCode, reason: string): TlsProblem => ({ code, reason });

/** What OpenSSL found wrong with a peer's certificate. @param peer what it has to be made for */
export function verificationProblem(code: string, peer: 'client' | 'server'): TlsProblem {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return problem('expired', 'its certificate, or one of its chain, has expired');
    case 'CERT_NOT_YET_VALID':
      return problem('not-yet-valid', 'its certificate, or one of its chain, is not yet valid');
    case 'CERT_REVOKED':
      return problem('revoked', 'its certificate is revoked');
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return problem(
        'unknown-ca',
        'the authority of its certificate, or one above it, is not among the partner certificates',
      );
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return problem(
        'unknown-ca',
        'its certificate ends at a self-signed one that is not among the partner certificates',
      );
    case 'CERT_SIGNATURE_FAILURE':
    case 'CERT_UNTRUSTED':
    case 'INVALID_CA':
    case 'PATH_LENGTH_EXCEEDED':
      return problem('unknown-ca', `its certificate is not signed by an authority that may (${code})`);
    case 'UNABLE_TO_GET_CRL':
      return problem('handshake-failed', 'crl has no list of an authority of its chain; each needs one');
    case 'CRL_HAS_EXPIRED':
      return problem('handshake-failed', 'the revocation list of its authority (crl) is out of date');
    case 'CRL_NOT_YET_VALID':
      return problem('handshake-failed', 'the revocation list of its authority (crl) is of the future');
    case 'INVALID_PURPOSE':
      return problem('handshake-failed', `its certificate is not made for a ${peer} (extended key usage)`);
    default:
      return problem('handshake-failed', `its certificate was not accepted (${code})`);
  }
}

/** What went wrong in a handshake. @param error as Node.js tells it */
export function handshakeProblem(error: NodeJS.ErrnoException & { readonly reason?: unknown }): TlsProblem {
  const code = error.code ?? '';
  const reason = typeof error.reason === 'string' ? error.reason : code;
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return problem('handshake-failed', 'the handshake took too long');
  if (/UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|ALERT_PROTOCOL_VERSION/.test(code))
    return problem('wrong-version', 'it offers neither TLS 1.2 nor TLS 1.3');
  if (/WRONG_VERSION_NUMBER|HTTP_REQUEST|UNKNOWN_PROTOCOL/.test(code))
    return problem('handshake-failed', 'it does not speak TLS');
  if (/ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE|UNSUPPORTED_CERTIFICATE)/.test(code))
    return problem('handshake-failed', `it does not accept our certificate: ${reason}`);
  if (/NO_SHARED_CIPHER|NO_SUITABLE_SIGNATURE_ALGORITHM/.test(code))
    return problem(
      'handshake-failed',
      `it offers no cipher of ours; one side has perhaps certificates and the other a pre-shared key: ${reason}`,
    );
  if (/ALERT_UNKNOWN_PSK_IDENTITY/.test(code)) return problem('unknown-identity', 'it does not know our identity');
  if (code === 'ECONNRESET') return problem('handshake-failed', 'it left before the handshake was finished');
  if (/BINDER_DOES_NOT_VERIFY|BAD_RECORD_MAC/.test(code))
    return problem('handshake-failed', `what was sent was made with another key: ${reason}`);
  if (/ALERT_(?:HANDSHAKE_FAILURE|ILLEGAL_PARAMETER)/.test(code))
    return problem(
      'handshake-failed',
      `it finds no cipher in common, no certificate of ours, or another pre-shared key: ${reason}`,
    );
  return problem('handshake-failed', reason === '' ? 'the handshake failed' : reason);
}
