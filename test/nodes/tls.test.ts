import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { Authority, CertificateFolder, type Issued, needsOpenssl } from '../line/authority.js';
import { TestClient } from '../server/client.js';
import { catchAll, freePort, line, lineStatus, sink, station, tab } from './flow.js';
import { type Message, red, withNodeRed } from './runtime.js';
import { interrogate } from './wire.js';

const point = { ioa: 100, type: 'M_SP_NA_1' };
const unwritten = '01 01 14 00 01 00 64 00 00 c0';
const KEY = 'a key of some length';

interface Status {
  readonly state: string;
  readonly reason?: string;
  readonly warnings?: readonly string[];
  readonly closes?: Readonly<Record<string, number>>;
  readonly connections: readonly { readonly remote: string; readonly certificate?: string }[];
}

const statusOf = ({ payload }: Message): Status => payload as Status;

describe('tcp-line with TLS', () => {
  withNodeRed();

  let folder: CertificateFolder;
  let root: Authority;
  let server: Issued;
  let centre: Issued;
  let port: number;
  const clients: TestClient[] = [];

  before(function () {
    this.timeout(60_000);
    needsOpenssl(this);
    folder = new CertificateFolder();
    root = new Authority(folder, 'Root');
    server = root.issue('server');
    centre = root.issue('control-centre');
    mkdirSync(join(red.userDir, 'tls'), { recursive: true });
    for (const [from, to] of [
      [server.crt, 'my.crt'],
      [server.key, 'my.key'],
      [root.crt, 'ca.crt'],
    ] as const)
      copyFileSync(from, join(red.userDir, 'tls', to));
  });
  after(() => folder?.remove());
  beforeEach(async () => {
    port = await freePort();
  });
  afterEach(() => {
    for (const { socket } of clients.splice(0)) socket.destroy();
  });

  const files = {
    partnerCertificates: '#APPDIR#/tls/ca.crt',
    myCertificate: '#APPDIR#/tls/my.crt',
    myKey: '#APPDIR#/tls/my.key',
  };
  const flow = (properties: object, ...more: { id: string; type: string }[]) => [
    tab,
    line(port, { ...properties }),
    station([point]),
    lineStatus(),
    ...catchAll,
    sink('states'),
    ...more,
  ];
  const listening = () => red.nextWhere('states', (m) => statusOf(m).state === 'listening', 'listening');
  const client = async (options: ConnectionOptions): Promise<TestClient> => {
    const found = await TestClient.connectTls(port, options);
    clients.push(found);
    return found;
  };
  const showing = ({ crt, key }: Issued): ConnectionOptions => ({ cert: readFileSync(crt), key: readFileSync(key) });
  const psk = (identity: string, key = KEY): ConnectionOptions => ({
    ciphers: 'PSK:TLS_AES_128_GCM_SHA256',
    pskCallback: () => ({ identity, psk: Buffer.from(key) }),
  });
  /** Nobody listens, neither with TLS nor without. */
  const isShut = async (): Promise<void> => {
    const code = await new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      socket.once('connect', () => resolve('connected'));
    });
    assert.equal(code, 'ECONNREFUSED');
  };

  it('certificates from files below #APPDIR#; line-status names the client', async () => {
    await red.deploy(flow(files));
    await listening();
    const one = await (await client(showing(centre))).start();
    assert.deepEqual(await interrogate(one), [unwritten]);
    const connected = (m: Message) => statusOf(m).connections?.[0]?.certificate === 'control-centre';
    await red.nextWhere('states', connected, 'the name');
  });

  it('a security event is a message with code, remote and certificate', async () => {
    await red.deploy(flow(files));
    await listening();
    const stranger = await client(showing(new Authority(folder, 'Other').issue('foreign')));
    const { payload } = await red.nextWhere('states', (m) => 'security' in (m.payload as object), 'the event');
    assert.deepEqual(payload, {
      security: 'unknown-ca',
      remote: `127.0.0.1:${stranger.port}`,
      certificate: 'foreign',
    });
  });

  it('the pre-shared key is a credential', async () => {
    await red.deploy(flow({ pskIdentity: 'centre' }), 'full', { line: { preSharedKey: KEY } });
    await listening();
    assert.deepEqual(await interrogate(await (await client(psk('centre'))).start()), [unwritten]);
    await assert.rejects(client(psk('nobody')));
    const { payload } = await red.nextWhere('states', (m) => 'security' in (m.payload as object), 'the event');
    assert.equal((payload as { security: string }).security, 'unknown-identity');
  });

  it('the pre-shared key from the environment; one that is not set is an error that does not show the name of another', async () => {
    process.env.TELECONTROL_TEST_PSK = KEY;
    try {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as Node-RED writes it
      await red.deploy(flow({ pskIdentity: 'centre' }), 'full', { line: { preSharedKey: '${TELECONTROL_TEST_PSK}' } });
      await listening();
      await (await client(psk('centre'))).start();
    } finally {
      delete process.env.TELECONTROL_TEST_PSK;
    }
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as Node-RED writes it
    const unset = { preSharedKey: '${TELECONTROL_NOT_SET}' };
    await red.deploy(flow({ pskIdentity: 'centre' }), 'full', { line: unset });
    assert.match(red.errors('line').join('\n'), /preSharedKey: its environment variable is not set/);
    await isShut();
  });

  it('what has lost its TLS elsewhere does not open in plain TCP', async () => {
    await red.deploy(flow({ tlsRequired: true }), 'full', { line: { preSharedKey: '' } });
    assert.match(red.errors('line').join('\n'), /TLS is configured, but nothing of it is here/);
    await isShut();
    await red.deploy(flow({ partnerCertificates: ' , ' }), 'full');
    assert.match(red.errors('line').join('\n'), /partnerCertificates: names no file/);
    await isShut();
  });

  it('and the password of the key', async () => {
    const myKey = join(red.userDir, 'tls', 'locked.key');
    folder.openssl(
      'pkcs8',
      '-topk8',
      '-v2',
      'aes-256-cbc',
      '-in',
      server.key,
      '-out',
      myKey,
      '-passout',
      'pass:locked up',
    );
    await red.deploy(flow({ ...files, myKey }), 'full', { line: { preSharedKey: 'locked up' } });
    await listening();
    await (await client(showing(centre))).start();
  });

  it('a deploy that changes nothing keeps the connection; another key does not', async () => {
    await red.deploy(flow({ pskIdentity: 'centre' }), 'full', { line: { preSharedKey: KEY } });
    await listening();
    const one = await (await client(psk('centre'))).start();
    await red.deploy(flow({ pskIdentity: 'centre' }), 'full');
    assert.deepEqual(await interrogate(one), [unwritten]);
    await red.deploy(flow({ pskIdentity: 'centre', credentials: { preSharedKey: 'another key of length' } }), 'full');
    await one.closes();
    await listening();
    await (await client(psk('centre', 'another key of length'))).start();
  });

  it('other files are another line', async () => {
    await red.deploy(flow(files));
    await listening();
    const one = await (await client(showing(centre))).start();
    await red.deploy(flow({ ...files, verifyPartner: false }));
    await one.closes();
    const warned = (m: Message) => /verifyPartner is off/.test(statusOf(m).warnings?.join() ?? '');
    await red.nextWhere('states', warned, 'the warning');
    assert.match(red.warnings('line').join('\n'), /verifyPartner is off/);
    await (await client({})).start();
  });

  describe('what cannot be is an error, and never plain TCP', () => {
    for (const [what, properties, pattern] of [
      ['half of a pair', { myCertificate: '#APPDIR#/tls/my.crt' }, /myKey: is missing/],
      [
        'partner certificates alone',
        { partnerCertificates: '#APPDIR#/tls/ca.crt' },
        /myCertificate, myKey: are missing/,
      ],
      ['an identity without a key', { pskIdentity: 'centre' }, /preSharedKey: is missing/],
      ['a revocation list alone', { crl: 'a.crl' }, /crl: needs partnerCertificates/],
      ['a tls-config that is not there', { tls: 'nowhere' }, /tls: nowhere is no tls-config/],
      ['another node as tls-config', { tls: 'elsewhere' }, /tls: elsewhere is no tls-config/],
      [
        'a variable that is not set',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: as Node-RED writes it
        { myCertificate: '${TELECONTROL_NOT_SET}' },
        /myCertificate: the environment variable/,
      ],
      ['verifyPartner that is neither', { ...files, verifyPartner: 'perhaps' }, /verifyPartner: "perhaps" is neither/],
      ['a process that is not there', { kom: 'x' }, /kom: there is no node "x"; the line does not open without it/],
    ] as const)
      it(what, async () => {
        const stranger = { id: 'elsewhere', type: 'stranger', name: '' };
        await red.deploy([tab, stranger, line(port, properties), station([point])]);
        assert.match(red.errors('line').join('\n'), pattern);
        await isShut();
      });

    it('a file that is not there: the line is in error and says which', async () => {
      await red.deploy(flow({ ...files, myCertificate: '#APPDIR#/tls/none.crt' }));
      const { payload } = await red.nextWhere('states', (m) => statusOf(m).state === 'error', 'the error');
      const path = join(red.userDir, 'tls', 'none.crt');
      assert.equal((payload as Status).reason, `myCertificate ${path}: there is no such file`);
      assert.match(red.errors('line').join('\n'), /none\.crt: there is no such file/);
      await isShut();
    });

    it('a wrong password is not shown', async () => {
      const myKey = join(red.userDir, 'tls', 'locked.key');
      folder.openssl(
        'pkcs8',
        '-topk8',
        '-v2',
        'aes-256-cbc',
        '-in',
        server.key,
        '-out',
        myKey,
        '-passout',
        'pass:right',
      );
      await red.deploy(flow({ ...files, myKey }), 'full', { line: { preSharedKey: 'guessed wrongly' } });
      const { payload } = await red.nextWhere('states', (m) => statusOf(m).state === 'error', 'the error');
      assert.match((payload as Status).reason ?? '', /locked\.key: cannot be decrypted/);
      assert.ok(!JSON.stringify([payload, red.allErrors]).includes('guessed'));
      await isShut();
    });
  });

  it('verifyPartner that is missing or empty is on', async () => {
    await red.deploy(flow({ ...files, verifyPartner: '' }));
    await listening();
    await (await client({})).closes();
  });

  it('CHECK CERTS lists the files, with a mask some of them', async () => {
    await red.deploy(flow(files));
    await listening();
    const answer = async (payload: string) => {
      red.inject('status', { payload });
      const found = await red.nextWhere('states', (m) => 'certificates' in (m.payload as object), 'the list');
      return (found.payload as { certificates: Record<string, unknown>[] }).certificates;
    };
    const all = await answer('CHECK CERTS');
    assert.deepEqual(
      all.map(({ use, subject }) => [use, subject]),
      [
        ['myCertificate', 'O=Grid, CN=server'],
        ['myKey', undefined],
        ['partnerCertificates', 'O=Grid, CN=Root'],
      ],
    );
    assert.deepEqual(
      (await answer('check certs ca.*')).map(({ file }) => file),
      [join(red.userDir, 'tls', 'ca.crt')],
    );
    assert.deepEqual(await answer('CHECK CERTS nothing'), []);
    assert.deepEqual(red.messages('caught'), []);
  });

  describe('a tls-config node that names files', () => {
    const shared = { id: 'shared', type: 'tls-config', name: 'Shared', verifyservercert: true };
    beforeEach(() => {
      for (const [from, to] of [
        [server.crt, 'shared.crt'],
        [server.key, 'shared.key'],
        [root.crt, 'shared-ca.crt'],
      ] as const)
        copyFileSync(from, folder.at(to));
      process.env.TELECONTROL_TEST_CA = folder.at('shared-ca.crt');
    });
    afterEach(() => {
      delete process.env.TELECONTROL_TEST_CA;
    });
    const config = () => ({
      ...shared,
      cert: folder.at('shared.crt'),
      key: folder.at('shared.key'),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as Node-RED writes it
      ca: '${TELECONTROL_TEST_CA}',
    });
    it('has them watched: changed ones are in use without a deploy', async () => {
      await red.deploy(flow({ tls: 'shared' }, config()));
      await listening();
      await client(showing(centre));
      const renewed = root.issue('renewed');
      const other = new Authority(folder, 'Else');
      copyFileSync(renewed.crt, folder.at('shared.crt'));
      copyFileSync(renewed.key, folder.at('shared.key'));
      copyFileSync(other.crt, folder.at('shared-ca.crt'));
      const isClosed = (m: Message) => statusOf(m).closes?.certificate === 1;
      await red.nextWhere('states', isClosed, 'the end of who came with the authority before');
      const { socket } = await client(showing(other.issue('newcomer')));
      assert.equal((socket as TLSSocket).getPeerCertificate().subject.CN, 'renewed');
      assert.deepEqual(red.allErrors, []);
    });
  });

  it('the key material of a tls-config node', async () => {
    const material = {
      certdata: readFileSync(server.crt, 'utf8'),
      keydata: readFileSync(server.key, 'utf8'),
      cadata: readFileSync(root.crt, 'utf8'),
    };
    const config = {
      id: 'shared',
      type: 'tls-config',
      name: 'Shared',
      cert: '',
      key: '',
      ca: '',
      verifyservercert: true,
    };
    await red.deploy(flow({ tls: 'shared' }, config), 'full', { shared: material });
    await listening();
    assert.deepEqual(await interrogate(await (await client(showing(centre))).start()), [unwritten]);
    await assert.doesNotReject(async () => (await client({})).closes());
  });
});
