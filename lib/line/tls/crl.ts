import { type KeyObject, verify } from 'node:crypto';
import { derOf, pemBlocks } from './certificate.js';
import { BIT_STRING, DerReader, GENERALIZED_TIME, INTEGER, SEQUENCE, serialOf, timeOf, UTC_TIME } from './der.js';

/** A certificate revocation list, RFC 5280 clause 5, as far as it says what is revoked and until when that holds. */
export interface Crl {
  /** PEM, as Node.js takes it. */
  readonly pem: string;
  /** DER of the issuer's name as hexadecimal digits. */
  readonly issuer: string;
  /** ms since 1970 UTC. */
  readonly thisUpdate: number;
  /** ms since 1970 UTC; undefined where the list does not say. */
  readonly nextUpdate: number | undefined;
  /** Serial numbers, upper case hexadecimal digits, two for each octet. */
  readonly revoked: ReadonlySet<string>;
  readonly signature: CrlSignature;
}

interface CrlSignature {
  /** DER of the algorithm's object identifier as hexadecimal digits. */
  readonly algorithm: string;
  /** What is signed. */
  readonly over: Uint8Array;
  readonly octets: Uint8Array;
}

/** Hashes of the signatures in use, by the DER of their identifiers; null where the key alone decides. */
const hashes: Readonly<Record<string, string | null>> = {
  '06092a864886f70d01010b': 'sha256', // sha256WithRSAEncryption
  '06092a864886f70d01010c': 'sha384',
  '06092a864886f70d01010d': 'sha512',
  '06082a8648ce3d040302': 'sha256', // ecdsa-with-SHA256
  '06082a8648ce3d040303': 'sha384',
  '06082a8648ce3d040304': 'sha512',
  '06032b6570': null, // Ed25519
  '06032b6571': null, // Ed448
};

/** Whether an authority has signed a list; undefined where only OpenSSL can tell, as it does in each handshake. */
export function isSignedBy({ signature: { algorithm, over, octets } }: Crl, key: KeyObject): boolean | undefined {
  const hash = hashes[algorithm];
  if (hash === undefined) return undefined;
  try {
    return verify(hash, over, key, octets);
  } catch {
    // A key of another kind.
    return false;
  }
}

/** What of a certificate a revocation list is compared with. */
export interface CertificateKeys {
  readonly serial: string;
  /** DER of the names as hexadecimal digits. */
  readonly issuer: string;
  readonly subject: string;
}

/** All revocation lists of a file, PEM or DER. @throws Error saying what is wrong */
export function readCrls(octets: Uint8Array): Crl[] {
  const blocks = pemBlocks(octets);
  const found = blocks.filter(({ label }) => label === 'X509 CRL');
  if (found.length > 0) return found.map((block) => parseCrl(derOf(block)));
  if (blocks.length > 0) throw new Error(`holds no X509 CRL but ${blocks.map(({ label }) => label).join(', ')}`);
  return [parseCrl(octets)];
}

/** @throws Error */
export function parseCrl(der: Uint8Array): Crl {
  const outer = new DerReader(new DerReader(der).next(SEQUENCE).content);
  const whole = outer.next(SEQUENCE);
  const algorithm = hex(new DerReader(outer.next(SEQUENCE).content).next().octets);
  // A bit string begins with the number of bits that its last octet lacks: none.
  const signature = { algorithm, over: whole.octets, octets: outer.next(BIT_STRING).content.subarray(1) };
  const list = new DerReader(whole.content);
  if (list.tag === INTEGER) list.next();
  list.next(SEQUENCE); // the algorithm of the signature
  const issuer = hex(list.next(SEQUENCE).octets);
  const thisUpdate = timeOf(list.next());
  const nextUpdate = list.tag === UTC_TIME || list.tag === GENERALIZED_TIME ? timeOf(list.next()) : undefined;
  const revoked = new Set<string>();
  if (list.tag === SEQUENCE) {
    const entries = new DerReader(list.next(SEQUENCE).content);
    while (entries.tag !== undefined) {
      const entry = new DerReader(entries.next(SEQUENCE).content);
      revoked.add(serialOf(entry.next(INTEGER)));
    }
  }
  return { pem: pemOf(der), issuer, thisUpdate, nextUpdate, revoked, signature };
}

const known = new WeakMap<Uint8Array, CertificateKeys>();

/** Reads the names and the serial number of a certificate's DER. @throws Error */
export function certificateKeys(der: Uint8Array): CertificateKeys {
  const held = known.get(der);
  if (held !== undefined) return held;
  const body = new DerReader(new DerReader(new DerReader(der).next(SEQUENCE).content).next(SEQUENCE).content);
  if (body.tag === 0xa0) body.next(); // the version
  const serial = serialOf(body.next(INTEGER));
  body.next(SEQUENCE); // the algorithm of the signature
  const issuer = hex(body.next(SEQUENCE).octets);
  body.next(SEQUENCE); // the validity
  const subject = hex(body.next(SEQUENCE).octets);
  const keys = { serial, issuer, subject };
  known.set(der, keys);
  return keys;
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

function pemOf(der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString('base64')
    .replaceAll(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN X509 CRL-----\n${lines}\n-----END X509 CRL-----\n`;
}
