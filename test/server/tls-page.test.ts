import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { listenerSettings, type TlsProperties } from '../../lib/line/tls/settings.js';
import { CertificateFolder, needsOpenssl } from '../line/authority.js';
import { nothing } from '../line/tls-gate.js';
import { closeAll, type Served, serve } from './served.js';

const run = promisify(execFile);

/** Answers what `openssl` asks on a terminal, and shows octets without the columns of xxd. */
const answers = `
  set -e
  openssl() {
    local command=$1; shift
    case "$command $*" in
      genpkey*) set -- "$@" -pass pass:authority;;
      "req -x509"*) set -- "$@" -passin pass:authority;;
      ca*) set -- "$@" -batch -passin pass:authority;;
      pkcs8*) set -- "$@" -passout pass:key;;
    esac
    command openssl $command "$@"
  }
  xxd() { od -An -v -tx1; }
`;

describe('docs/tls.md, followed word by word', () => {
  let folder: CertificateFolder;
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'tls.md'), 'utf8');
  /** What stands in the blocks of a step. */
  const blocks = (step: number): string[] => {
    const [section = ''] = new RegExp(`\\n## ${step}\\. [\\s\\S]*?(?=\\n## )`).exec(page) ?? [];
    return [...section.matchAll(/\n```\n([\s\S]*?)\n```/g)].map(([, text]) => text as string);
  };
  const type = async (commands: string | undefined): Promise<string> =>
    (await run('bash', ['-c', answers + commands], { cwd: folder.path, timeout: 15_000 })).stdout.trim();
  const at = (command: string | undefined, { line }: Served): string | undefined =>
    command?.replace('10.0.0.7:2404', `127.0.0.1:${line.port}`);
  const serving = (properties: Partial<TlsProperties>): Promise<Served> =>
    serve([{ points: [{ ioa: 1, type: 'M_SP_NA_1' }] }], {
      tls: listenerSettings({ ...nothing, ...properties }, folder.path),
    });
  const certificates = {
    partnerCertificates: 'ca.crt',
    myCertificate: 'my.crt',
    myKey: 'my_protected.key',
    preSharedKey: 'key',
  };

  before(async function () {
    this.timeout(30_000);
    needsOpenssl(this);
    folder = new CertificateFolder();
    const [authority, configuration] = blocks(1);
    await type(authority);
    writeFileSync(join(folder.path, 'ca.cnf'), `${configuration}\n`);
    for (const step of [2, 3, 4]) await type(blocks(step)[0]);
  });
  after(() => folder?.remove());
  afterEach(closeAll);

  it('a line that is made so lets in the client that is made so', async () => {
    const served = await serving(certificates);
    assert.equal(await type(at(blocks(6)[0], served)), '68 04 0b 00 00 00');
    assert.deepEqual(served.alarms, []);
  });

  it('a certificate is renewed by the commands that made it', async () => {
    const serial = 'openssl x509 -in my.crt -noout -serial';
    const before = await type(serial);
    await type(blocks(2)[0]);
    await type(blocks(4)[0]);
    assert.notEqual(await type(serial), before);
    await serving(certificates);
  });

  it('who is revoked does not get in', async () => {
    await type(blocks(8)[0]);
    const served = await serving({ ...certificates, crl: 'ca.crl' });
    await assert.rejects(type(`set -o pipefail; ${at(blocks(6)[0], served)}`));
    await served.until(() => served.alarms.length > 0);
    assert.deepEqual([served.alarms[0]?.[0], served.alarms[0]?.[2]], ['revoked', 'centre-a']);
  });

  it('a pre-shared key', async () => {
    const digits = await type('openssl rand -hex 32');
    const served = await serving({ pskIdentity: 'centre-a', preSharedKey: `hex:${digits}` });
    assert.equal(await type(at(blocks(9)[0], served)?.replace('<digits>', digits)), '68 04 0b 00 00 00');
  });
});
