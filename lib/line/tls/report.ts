import type { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { isRoot, oneLine, readCertificates, validFrom, validTo } from './certificate.js';
import { certificateKeys, readCrls } from './crl.js';
import { validityWarning } from './expiry.js';
import { covers } from './mask.js';
import { type Material, reasonOf } from './material.js';
import type { CertificateSettings } from './settings.js';

/** One certificate, key or revocation list of a line, as `CHECK CERTS` lists it. */
export interface CertificateFile {
  /** The property that names the file. */
  readonly use: 'myCertificate' | 'myKey' | 'partnerCertificates' | 'crl';
  readonly file: string;
  readonly subject?: string;
  readonly issuer?: string;
  /** Hexadecimal digits. */
  readonly serial?: string;
  /** ms since 1970 UTC; of a revocation list since and until when it counts. */
  readonly validFrom?: number;
  readonly validTo?: number;
  /** SHA-256, pairs of hexadecimal digits with colons. */
  readonly fingerprint?: string;
  /** Of a revocation list: how many certificates it revokes. */
  readonly revoked?: number;
  /** What is wrong, in words; empty where all is well. */
  readonly problems: readonly string[];
}

/**
 * Every file as it is on the disk now.
 * @param material what is in use
 * @param now ms since 1970 UTC
 * @param rejected why the files that are there now are not in use, where that is so
 */
export function certificateFiles(
  settings: CertificateSettings,
  material: Material | undefined,
  now: number,
  rejected?: string,
): CertificateFile[] {
  const { given } = settings;
  const used = new Set(
    [...(material?.own ?? []), ...(material?.partners ?? [])].map((p) => p.certificate.fingerprint256),
  );
  const list = (
    use: 'myCertificate' | 'partnerCertificates',
    file: string,
    octets: () => Uint8Array,
  ): CertificateFile[] =>
    attempt(use, file, () => {
      const found = readCertificates(octets());
      return found.map((certificate) => {
        const problems = [...problemsOf(use, file, certificate, now)];
        if (!used.has(certificate.fingerprint256))
          problems.push(`is not in use: ${rejected ?? 'it has just been written'}`);
        return entryOf(use, file, certificate, problems);
      });
    });
  const place = (
    use: 'myCertificate' | 'partnerCertificates',
    files: readonly string[],
    other: string | Uint8Array | undefined,
  ) =>
    files.length > 0 || other === undefined || given === undefined
      ? files.flatMap((file) => list(use, file, () => readFileSync(file)))
      : list(use, given.source, () => Buffer.from(other as string));
  const partners = place('partnerCertificates', settings.partnerCertificates, given?.authorities);
  return [
    ...place('myCertificate', settings.myCertificate, given?.certificate),
    ...(settings.myKey === undefined ? [] : [keyEntry(settings.myKey, rejected)]),
    ...withMissingIssuers(partners),
    ...settings.crl.flatMap((file) => crlEntries(file, material, now)),
  ];
}

/** Those whose file, file name or subject a mask with `*` and `?` covers. */
export function matching(files: readonly CertificateFile[], mask: string): CertificateFile[] {
  if (mask === '') return [...files];
  return files.filter(({ file, subject = '' }) => [file, basename(file), subject].some((text) => covers(mask, text)));
}

function entryOf(
  use: CertificateFile['use'],
  file: string,
  certificate: X509Certificate,
  problems: readonly string[],
): CertificateFile {
  return {
    use,
    file,
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    serial: certificate.serialNumber,
    validFrom: validFrom(certificate),
    validTo: validTo(certificate),
    fingerprint: certificate.fingerprint256,
    problems,
  };
}

function problemsOf(
  use: 'myCertificate' | 'partnerCertificates',
  file: string,
  certificate: X509Certificate,
  now: number,
): string[] {
  const warning = validityWarning({ use, file, certificate }, now);
  const text = warning?.text.slice(`${use} ${file}: `.length);
  const isUseless = use === 'partnerCertificates' && !certificate.ca && !isRoot(certificate);
  return [...(text === undefined ? [] : [text]), ...(isUseless ? ['is no authority: it vouches for nobody'] : [])];
}

/** What an intermediate authority signed is only trusted where all above it are given too. */
function withMissingIssuers(partners: readonly CertificateFile[]): CertificateFile[] {
  const subjects = new Set(partners.map(({ subject }) => subject));
  return partners.map((entry) =>
    entry.issuer === undefined || subjects.has(entry.issuer)
      ? entry
      : { ...entry, problems: [...entry.problems, `its issuer ${entry.issuer} is not among the partner certificates`] },
  );
}

function keyEntry(file: string, rejected: string | undefined): CertificateFile {
  const problems: string[] = [];
  try {
    // Windows has no such bits, and says that all may read.
    if (process.platform !== 'win32' && (statSync(file).mode & 0o004) !== 0)
      problems.push('every user of this computer may read it');
  } catch (error) {
    problems.push(reasonOf(error));
  }
  if (rejected?.startsWith(`myKey ${file}: `)) problems.push(rejected.slice(`myKey ${file}: `.length));
  return { use: 'myKey', file, problems };
}

function crlEntries(file: string, material: Material | undefined, now: number): CertificateFile[] {
  return attempt('crl', file, () =>
    readCrls(readFileSync(file)).map(({ issuer, thisUpdate, nextUpdate, revoked }): CertificateFile => {
      const authority = material?.partners.find(
        ({ certificate }) => certificateKeys(certificate.raw).subject === issuer,
      )?.certificate;
      const problems: string[] = [];
      if (authority === undefined) problems.push('is of an authority that is not among the partner certificates');
      if (nextUpdate !== undefined && now > nextUpdate) problems.push('is out of date: nobody new is let in');
      return {
        use: 'crl',
        file,
        ...(authority === undefined ? {} : { issuer: oneLine(authority.subject) }),
        validFrom: thisUpdate,
        ...(nextUpdate === undefined ? {} : { validTo: nextUpdate }),
        revoked: revoked.size,
        problems,
      };
    }),
  );
}

/** A file that cannot be read is listed all the same, with the reason. */
function attempt(use: CertificateFile['use'], file: string, read: () => CertificateFile[]): CertificateFile[] {
  try {
    return read();
  } catch (error) {
    return [{ use, file, problems: [reasonOf(error)] }];
  }
}
