import { constants, createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, DEFAULT_CIPHERS, type SecureContextOptions } from 'node:tls';
import { TelecontrolError } from '../../octets/error.js';
import { certificateName, oneLine, readCertificates } from './certificate.js';
import { type Crl, certificateKeys, isSignedBy, readCrls } from './crl.js';
import type { CertificateSettings } from './settings.js';
import { Trust } from './trust.js';

/** A certificate and where it is from. */
export interface PlacedCertificate {
  readonly use: 'myCertificate' | 'partnerCertificates';
  /** Absolute path, or what the giver calls itself. */
  readonly file: string;
  readonly certificate: X509Certificate;
}

export interface PlacedCrl {
  readonly file: string;
  readonly crl: Crl;
}

/** Everything that the files of a line hold, read at one time and belonging together. */
export interface Material {
  /** Own ones, with that of the own key first. */
  readonly own: readonly PlacedCertificate[];
  readonly partners: readonly PlacedCertificate[];
  readonly crls: readonly PlacedCrl[];
  readonly trust: Trust;
  readonly context: SecureContextOptions;
}

/**
 * What every context of ours has in common. Nothing is resumed and nothing renegotiated: both would bring back who was
 * turned away since, or put somebody else in the place of who was let in.
 */
const common: SecureContextOptions = {
  minVersion: 'TLSv1.2',
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_TICKET,
};

/** @throws TelecontrolError `configuration` naming the file and what is wrong with it */
export function loadMaterial(settings: CertificateSettings): Material {
  const { given } = settings;
  const own = placed('myCertificate', settings.myCertificate, given?.certificate, given?.source);
  const partners = placed('partnerCertificates', settings.partnerCertificates, given?.authorities, given?.source);
  const crls = settings.crl.flatMap((file) =>
    reading('crl', file, () => readCrls(readFileSync(file)).map((crl) => ({ file, crl }))),
  );
  checkCrls(crls, partners);
  const key = own.length > 0 ? ownKey(settings) : undefined;
  const ordered = key === undefined ? own : ownFirst(own, key);
  const context: SecureContextOptions = {
    ...common,
    ciphers: `${DEFAULT_CIPHERS}:!PSK:!kRSAPSK`,
    ...(key === undefined
      ? {}
      : { key: pemOf(key.object), cert: ordered.map(({ certificate }) => certificate.toString()).join('') }),
    ...(partners.length === 0 ? {} : { ca: partners.map(({ certificate }) => certificate.toString()) }),
    ...(crls.length === 0 ? {} : { crl: crls.map(({ crl }) => crl.pem) }),
  };
  checkContext(context, own, partners);
  const trust = new Trust(
    partners.map(({ certificate }) => certificate),
    crls.map(({ crl }) => crl),
  );
  return { own: ordered, partners, crls, trust, context };
}

/** What OpenSSL does not take, a key that is too short say, must show now and not when the context is changed. */
function checkContext(context: SecureContextOptions, ...files: (readonly PlacedCertificate[])[]): void {
  try {
    createSecureContext(context);
  } catch (error) {
    const { reason, message } = error as Error & { readonly reason?: unknown };
    const names = [...new Set(files.flat().map(({ file }) => file))].join(', ');
    fail(`TLS takes not all of ${names}: ${typeof reason === 'string' ? reason : oneLine(message)}`);
  }
}

/**
 * What a pre-shared key needs: suites of TLS 1.3 with SHA-256, since its keys are bound to that hash, and those of TLS
 * 1.2 without kRSAPSK, which would want a certificate as well.
 */
export function pskContext(): SecureContextOptions {
  const suites = 'TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256';
  return { ...common, ciphers: `${suites}:PSK:!kRSAPSK:!eNULL:!aNULL:!3DES:!RC4` };
}

function placed(
  use: PlacedCertificate['use'],
  files: readonly string[],
  given: string | Uint8Array | undefined,
  source = '',
): PlacedCertificate[] {
  const from = (file: string, octets: () => Uint8Array): PlacedCertificate[] =>
    reading(use, file, () => readCertificates(octets()).map((certificate) => ({ use, file, certificate })));
  if (files.length > 0 || given === undefined) return files.flatMap((file) => from(file, () => readFileSync(file)));
  return from(source, () => Buffer.from(given as string));
}

interface OwnKey {
  readonly file: string;
  readonly object: KeyObject;
}

function ownKey({ myKey, given, password }: CertificateSettings): OwnKey {
  const file = myKey ?? given?.source ?? '';
  return reading('myKey', file, () => {
    const octets = myKey === undefined ? Buffer.from((given?.key ?? '') as string) : readFileSync(myKey);
    return { file, object: privateKey(octets, password) };
  });
}

/** @throws Error that never shows the password, nor anything of the key */
function privateKey(octets: Buffer, passphrase: string | undefined): KeyObject {
  const text = octets.toString('latin1');
  const isPem = text.includes('-----BEGIN ');
  if (isPem && !/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) throw new Error('holds no private key');
  const isEncrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text);
  if (isEncrypted && passphrase === undefined)
    throw new Error('is encrypted: its password is missing (in the field of the pre-shared key)');
  const secret = passphrase === undefined ? {} : { passphrase };
  try {
    if (isPem) return createPrivateKey({ key: octets, ...secret });
    return createPrivateKey({ key: octets, format: 'der', type: 'pkcs8', ...secret });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (isEncrypted && /UNSUPPORTED|UNKNOWN/.test(code))
      // One wrong password in 256 decrypts to something that looks like an unknown encoding.
      throw new Error(
        'cannot be decrypted: the password is wrong, or it is encrypted in a way that OpenSSL 3 does not read any more: ' +
          'AES-256 is',
      );
    if (isEncrypted) throw new Error('cannot be decrypted: the password (in the field of the pre-shared key) is wrong');
    throw new Error('holds no private key that OpenSSL 3 reads');
  }
}

/** The key as TLS takes it; it does not leave the memory. */
function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** The certificate of the key comes first, its authorities follow. @throws TelecontrolError where there is none */
function ownFirst(own: readonly PlacedCertificate[], key: OwnKey): PlacedCertificate[] {
  const first = own.find(({ certificate }) => certificate.checkPrivateKey(key.object));
  if (first !== undefined) return [first, ...own.filter((other) => other !== first)];
  const [{ file, certificate }] = own as [PlacedCertificate];
  return fail(`myKey ${key.file}: is not the key of the certificate of ${certificateName(certificate)} in ${file}`);
}

/**
 * Lists of others alone would have everybody refused, as OpenSSL wants one of each authority. One of others beside ours
 * may belong to an authority that peers send along.
 */
function checkCrls(crls: readonly PlacedCrl[], partners: readonly PlacedCertificate[]): void {
  const subjects = new Set(partners.map(({ certificate }) => certificateKeys(certificate.raw).subject));
  const [first] = crls;
  if (first !== undefined && !crls.some(({ crl }) => subjects.has(crl.issuer)))
    fail(`crl ${first.file}: is of an authority that is not among the partner certificates`);
  for (const { file, crl } of crls) {
    const named = partners.filter(({ certificate }) => certificateKeys(certificate.raw).subject === crl.issuer);
    // Several of one name, as while an authority changes its key: one of them has to have signed it.
    if (named.length > 0 && named.every(({ certificate }) => isSignedBy(crl, certificate.publicKey) === false))
      fail(`crl ${file}: is not signed by the authority whose name it bears`);
  }
}

/** The authorities that have no revocation list although others have: OpenSSL refuses whom they vouch for. */
export function withoutCrl({ partners, crls }: Material): PlacedCertificate[] {
  if (crls.length === 0) return [];
  const issuers = new Set(crls.map(({ crl }) => crl.issuer));
  return partners.filter(({ certificate }) => certificate.ca && !issuers.has(certificateKeys(certificate.raw).subject));
}

/** Names the property and the file in whatever goes wrong. */
function reading<T>(property: string, file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TelecontrolError) throw error;
    return fail(`${property} ${file}: ${reasonOf(error)}`);
  }
}

/** What is wrong with a file in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read by the user that runs this';
    case 'EISDIR':
      return 'is a directory';
    default:
      return code?.startsWith('ERR_OSSL') ? `cannot be read as what it should be (${code})` : oneLine(message);
  }
}

function fail(message: string): never {
  throw new TelecontrolError('configuration', message);
}
