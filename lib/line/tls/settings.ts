import { isAbsolute, resolve } from 'node:path';
import { TelecontrolError } from '../../octets/error.js';

/** The TLS properties of a line as they are written. */
export interface TlsProperties {
  /** Paths separated by commas; `#APPDIR#` stands for the user directory. */
  readonly partnerCertificates: string;
  readonly myCertificate: string;
  readonly myKey: string;
  readonly crl: string;
  readonly verifyPartner: boolean;
  readonly pskIdentity: string;
  /** The pre-shared key; with certificates the password of the own key. */
  readonly preSharedKey: string;
  readonly given?: GivenMaterial | undefined;
}

/** Certificates and a key that do not come from our own properties but from elsewhere. */
export interface GivenMaterial<T = Content | GivenFile> {
  /** What errors and lists call what has no path. */
  readonly source: string;
  readonly certificate?: T | undefined;
  readonly key?: T | undefined;
  readonly authorities?: T | undefined;
  readonly password?: string | undefined;
}

/** Text or DER, which stays as it is. */
export type Content = string | Uint8Array;

/** A path, whose file is watched as those of our own properties are. */
export interface GivenFile {
  readonly file: string;
}

export interface CertificateSettings {
  readonly mode: 'certificates';
  /** Absolute paths. */
  readonly partnerCertificates: readonly string[];
  readonly myCertificate: readonly string[];
  /** Absolute path; undefined where the key is given otherwise, or there is none. */
  readonly myKey: string | undefined;
  readonly crl: readonly string[];
  /** Whether a partner without a certificate of ours is refused. */
  readonly verifyPartner: boolean;
  /** Of the own key. */
  readonly password: string | undefined;
  /** What has no path, in the place of what has none above. */
  readonly given: GivenMaterial<Content> | undefined;
}

export interface PskSettings {
  readonly mode: 'psk';
  /** Empty: whoever has the key, whatever it calls itself. */
  readonly identity: string;
  readonly key: Buffer;
}

export type TlsSettings = CertificateSettings | PskSettings;

/** The longest pre-shared key that OpenSSL takes, octets. */
const LONGEST_KEY = 256;

/** The longest identity that OpenSSL sends, octets. */
const LONGEST_IDENTITY = 256;

/**
 * What the properties mean: certificates before a pre-shared key, and undefined for plain TCP.
 * @param directory what `#APPDIR#` stands for, and what relative paths are relative to
 * @throws TelecontrolError `configuration` naming the property: half of a configuration is never taken for none
 */
export function tlsSettings(properties: TlsProperties, directory: string): TlsSettings | undefined {
  const { given, preSharedKey, pskIdentity } = properties;
  const paths = (name: 'partnerCertificates' | 'myCertificate' | 'myKey' | 'crl'): string[] => {
    const found = pathsOf(properties[name], directory);
    if (found.length === 0 && properties[name].trim() !== '') fail(`${name}: names no file`);
    return found;
  };
  const partnerCertificates = paths('partnerCertificates');
  const myCertificate = paths('myCertificate');
  const keys = paths('myKey');
  const crl = paths('crl');
  if (keys.length > 1) fail('myKey: one file, not several');
  const [myKey] = keys;
  const isOwn = myCertificate.length > 0 || myKey !== undefined;
  if (isOwn && myKey === undefined) fail('myKey: is missing; myCertificate needs the key that belongs to it');
  if (isOwn && myCertificate.length === 0)
    fail('myCertificate: is missing; myKey needs the certificate that belongs to it');
  if (partnerCertificates.length > 0 || isOwn || given !== undefined) {
    if (crl.length > 0 && partnerCertificates.length === 0 && given?.authorities === undefined)
      fail('crl: needs partnerCertificates, whose certificates it revokes');
    const inPlace = (own: readonly string[], other: Content | GivenFile | undefined): readonly string[] =>
      own.length > 0 || other === undefined || isContent(other) ? own : [resolve(other.file)];
    return {
      mode: 'certificates',
      partnerCertificates: inPlace(partnerCertificates, given?.authorities),
      myCertificate: inPlace(myCertificate, given?.certificate),
      myKey: inPlace(keys, given?.key)[0],
      crl,
      verifyPartner: properties.verifyPartner,
      password: isOwn ? preSharedKey || undefined : given?.password,
      given: given && contentOf(given),
    };
  }
  if (crl.length > 0) fail('crl: needs partnerCertificates, whose certificates it revokes');
  if (preSharedKey === '' && pskIdentity === '') return undefined;
  if (preSharedKey === '') fail('preSharedKey: is missing; pskIdentity needs the key that belongs to it');
  return { mode: 'psk', identity: pskIdentity, key: keyOf(preSharedKey) };
}

/** Settings for a listener. @throws TelecontrolError `configuration` */
export function listenerSettings(properties: TlsProperties, directory: string): TlsSettings | undefined {
  const settings = tlsSettings(properties, directory);
  requireOwnCertificate(settings);
  return settings;
}

/** Who listens has to show a certificate of its own. @throws TelecontrolError `configuration` where there is none */
export function requireOwnCertificate(settings: TlsSettings | undefined): void {
  if (settings?.mode !== 'certificates') return;
  const { myKey, given } = settings;
  if (myKey === undefined && (given?.key === undefined || given.certificate === undefined))
    fail('myCertificate, myKey: are missing; a line that listens with TLS needs a certificate of its own');
}

/** Settings for a line that connects. @throws TelecontrolError `configuration` */
export function clientSettings(properties: TlsProperties, directory: string): TlsSettings | undefined {
  const settings = tlsSettings(properties, directory);
  requireIdentity(settings);
  return settings;
}

/** Who connects has to say who it is where it has a pre-shared key. @throws TelecontrolError `configuration` */
export function requireIdentity(settings: TlsSettings | undefined): void {
  if (settings?.mode !== 'psk') return;
  const { length } = Buffer.from(settings.identity, 'utf8');
  if (length === 0) fail('pskIdentity: is missing; a line that connects names itself to the partner by it');
  if (length > LONGEST_IDENTITY) fail(`pskIdentity: has ${length} octets, ${LONGEST_IDENTITY} are allowed`);
}

function isContent(given: Content | GivenFile): given is Content {
  return typeof given === 'string' || given instanceof Uint8Array;
}

function contentOf({ source, certificate, key, authorities, password }: GivenMaterial): GivenMaterial<Content> {
  const content = (part: Content | GivenFile | undefined) => (part !== undefined && isContent(part) ? part : undefined);
  return {
    source,
    certificate: content(certificate),
    key: content(key),
    authorities: content(authorities),
    password,
  };
}

function pathsOf(written: string, directory: string): string[] {
  return written
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '')
    .map((path) => path.replaceAll('#APPDIR#', () => directory))
    .map((path) => (isAbsolute(path) ? path : resolve(directory, path)));
}

/** The octets of a pre-shared key: the text as UTF-8, or hexadecimal digits behind `hex:`. */
function keyOf(written: string): Buffer {
  const digits = /^hex:(.*)$/is.exec(written)?.[1]?.replaceAll(/\s/g, '');
  if (digits !== undefined && !/^(?:[0-9a-f]{2})+$/i.test(digits))
    fail('preSharedKey: behind hex: stand pairs of hexadecimal digits');
  const key = digits === undefined ? Buffer.from(written, 'utf8') : Buffer.from(digits, 'hex');
  if (key.length > LONGEST_KEY) fail(`preSharedKey: has ${key.length} octets, ${LONGEST_KEY} are allowed`);
  return key;
}

function fail(message: string): never {
  throw new TelecontrolError('configuration', message);
}
