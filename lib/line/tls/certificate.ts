import { X509Certificate } from 'node:crypto';

/** One block of a PEM file, with its label and its text. */
export interface PemBlock {
  readonly label: string;
  readonly text: string;
}

export function pemBlocks(octets: Uint8Array): PemBlock[] {
  const text = Buffer.from(octets).toString('latin1');
  return [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g)].map((match) => ({
    label: match[1] as string,
    text: match[0],
  }));
}

/** The DER of a PEM block that has no headers. */
export function derOf({ text }: PemBlock): Buffer {
  return Buffer.from(text.replaceAll(/-----[^-]*-----/g, ''), 'base64');
}

/** All certificates of a file, PEM or DER. @throws Error saying what the file is instead */
export function readCertificates(octets: Uint8Array): X509Certificate[] {
  const blocks = pemBlocks(octets);
  const found = blocks.filter(({ label }) => /^(?:X509 |TRUSTED )?CERTIFICATE$/.test(label));
  if (found.length > 0) return found.map(({ text }) => new X509Certificate(text));
  if (blocks.length > 0) throw new Error(`holds no certificate but ${blocks.map(({ label }) => label).join(', ')}`);
  try {
    return [new X509Certificate(octets)];
  } catch {
    throw new Error('holds no certificate: it is neither PEM nor DER');
  }
}

/** The common name of the subject, else the subject in one line: what logs, `line-status` and ALLOW call it. */
export function certificateName(certificate: X509Certificate): string {
  const name = commonName(certificate);
  // With several none of them is the name: joined they equal no entry of ALLOW.
  const text = Array.isArray(name) ? name.join(', ') : typeof name === 'string' ? name : oneLine(certificate.subject);
  return printable(text);
}

/** Anybody may show any certificate: what Node.js makes of it must not be able to throw. */
function commonName(certificate: X509Certificate): unknown {
  try {
    const subject: unknown = certificate.toLegacyObject().subject;
    return (subject as { CN?: unknown } | undefined)?.CN;
  } catch {
    return undefined;
  }
}

/** Whether an authority has signed a certificate; false also where Node.js knows no such key. */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

/** A name with all its parts in one line. */
export function oneLine(name: string | undefined): string {
  return printable((name ?? '').trim().replaceAll('\n', ', '));
}

/** What others named must not write lines into our log. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?');
}

/** ms since 1970 UTC. */
export function validFrom(certificate: X509Certificate): number {
  return Date.parse(certificate.validFrom);
}

/** ms since 1970 UTC, the last at which it is valid. */
export function validTo(certificate: X509Certificate): number {
  return Date.parse(certificate.validTo);
}

/** Whether a certificate signed itself, the end of a chain: an authority's, or one that stands for itself alone. */
export function isRoot(certificate: X509Certificate): boolean {
  try {
    return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
  } catch {
    return false;
  }
}

export function isSame(one: X509Certificate, other: X509Certificate): boolean {
  return one.raw.equals(other.raw);
}
