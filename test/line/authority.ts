import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Certificates made by OpenSSL at run time: nothing here is made by what is tested. */

const CONFIGURATION = `
[ca]
default_ca = authority
[authority]
database = $ENV::TELECONTROL_CA/index.txt
new_certs_dir = $ENV::TELECONTROL_CA
serial = $ENV::TELECONTROL_CA/serial
crlnumber = $ENV::TELECONTROL_CA/crlnumber
certificate = $ENV::TELECONTROL_CA/ca.crt
private_key = $ENV::TELECONTROL_CA/ca.key
default_md = sha256
policy = policy
unique_subject = no
default_crl_days = 30
[policy]
organizationName = optional
commonName = optional
[several]
basicConstraints = CA:FALSE
[leaf]
basicConstraints = CA:FALSE
subjectAltName = DNS:localhost,IP:127.0.0.1
[server_only]
basicConstraints = CA:FALSE
extendedKeyUsage = serverAuth
[client_only]
basicConstraints = CA:FALSE
extendedKeyUsage = clientAuth
[authority_extensions]
basicConstraints = critical,CA:TRUE
keyUsage = keyCertSign,cRLSign
[req]
distinguished_name = name
[name]
`;

export interface Issued {
  readonly crt: string;
  readonly key: string;
}

interface Validity {
  /** Days from now, may be negative; -1 and 3650 if left out. */
  readonly from?: number;
  readonly to?: number;
}

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** A folder for certificates, removed at the end. */
export class CertificateFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'telecontrol-tls-'));
  readonly configuration = this.write('openssl.cnf', CONFIGURATION);

  at(name: string): string {
    return join(this.path, name);
  }

  write(name: string, content: string | Uint8Array): string {
    const path = this.at(name);
    writeFileSync(path, content);
    return path;
  }

  /** The files one after the other, as a new one. */
  join(name: string, ...files: string[]): string {
    return this.write(name, files.map((file) => readFileSync(file, 'utf8')).join(''));
  }

  openssl(...args: string[]): void {
    this.opensslFor(this.path, ...args);
  }

  opensslFor(authority: string, ...args: string[]): void {
    // What it says of its progress is of no use; what goes wrong is in the error.
    execFileSync('openssl', args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TELECONTROL_CA: authority },
    });
  }

  selfSigned(name: string): Issued {
    const [crt, key] = [this.at(`${name}.crt`), this.at(`${name}.key`)];
    this.openssl(
      ...['req', '-x509', '-config', this.configuration, ...curve, '-keyout', key, '-out', crt],
      ...['-subj', `/CN=${name}`, '-days', '3650'],
    );
    return { crt, key };
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A certification authority: a root, or one below another. */
export class Authority {
  readonly crt: string;
  private readonly folder: string;

  constructor(
    private readonly within: CertificateFolder,
    readonly name: string,
    above?: Authority,
    kind: readonly string[] = curve,
  ) {
    this.folder = within.at(name);
    if (!existsSync(this.folder)) mkdirSync(this.folder);
    this.crt = join(this.folder, 'ca.crt');
    const key = join(this.folder, 'ca.key');
    for (const [file, content] of Object.entries({ 'index.txt': '', serial: '1001', crlnumber: '01' }))
      writeFileSync(join(this.folder, file), content);
    const subject = ['-subj', `/O=Grid/CN=${name}`];
    if (above === undefined) {
      this.openssl(
        'req',
        '-x509',
        ...this.settings,
        '-extensions',
        'authority_extensions',
        ...kind,
        '-nodes',
        '-keyout',
        key,
        '-out',
        this.crt,
        ...subject,
        '-days',
        '3650',
      );
    } else {
      const request = join(this.folder, 'ca.csr');
      this.openssl('req', ...this.settings, '-new', ...curve, '-keyout', key, '-out', request, ...subject);
      above.sign(request, this.crt, 'authority_extensions', {});
    }
  }

  /** A certificate and its key, in files of that name. */
  issue(name: string, validity: Validity = {}, extensions = 'leaf', subject = `/O=Grid/CN=${name}`): Issued {
    const [crt, key, request] = ['crt', 'key', 'csr'].map((ending) => this.within.at(`${name}.${ending}`)) as [
      string,
      string,
      string,
    ];
    this.openssl('req', ...this.settings, '-new', ...curve, '-keyout', key, '-out', request, '-subj', subject);
    this.sign(request, crt, extensions, validity);
    return { crt, key };
  }

  sign(request: string, crt: string, extensions: string, { from = -1, to = 3650 }: Validity): void {
    this.openssl(
      'ca',
      ...this.settings,
      '-batch',
      '-notext',
      '-extensions',
      extensions,
      '-in',
      request,
      '-out',
      crt,
      '-startdate',
      day(from),
      '-enddate',
      day(to),
    );
  }

  revoke(...issued: Issued[]): void {
    for (const { crt } of issued) this.openssl('ca', ...this.settings, '-revoke', crt);
  }

  /** A revocation list of what is revoked by now. */
  crl(file: string, ...more: string[]): string {
    const path = this.within.at(file);
    this.openssl('ca', ...this.settings, '-gencrl', '-out', path, ...more);
    return path;
  }

  private get settings(): string[] {
    return ['-config', this.within.configuration];
  }

  private openssl(...args: string[]): void {
    this.within.opensslFor(this.folder, ...args);
  }
}

function day(offset: number): string {
  const time = new Date(Date.now() + offset * 86_400_000).toISOString();
  return `${time.slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
}

let found: boolean | undefined;

/** For `before`: skips on a machine without OpenSSL's program, except where everything has to be there. */
export function needsOpenssl(context: Mocha.Context): void {
  try {
    if (found === undefined) execFileSync('openssl', ['version'], { stdio: 'ignore' });
    found = true;
  } catch (error) {
    found = false;
    if (process.env.TELECONTROL_REQUIRE_ALL === '1') throw error;
    context.skip();
  }
}
