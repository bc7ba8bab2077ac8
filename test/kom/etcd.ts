import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../node-red/runtime.js';

/** A real etcd (Debian's `etcd-server`), of one or several members, on the loopback. */

const isThere = spawnSync('etcd', ['--version']).status === 0;

/** Skips the tests of a suite where there is no etcd; where everything is required that is a failure. */
export function needsEtcd(context: Mocha.Context): void {
  if (isThere) return;
  if (process.env.TELECONTROL_REQUIRE_ALL) throw new Error('etcd is missing: apt-get install etcd-server');
  console.log('      etcd is missing (apt-get install etcd-server): skipped');
  context.skip();
}

/** etcd writes every lease to the disk: memory is faster, and wears out nothing. */
const fast = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

interface Member {
  readonly name: string;
  readonly url: string;
  readonly peer: string;
  process: ChildProcess | undefined;
}

export interface EtcdTlsFiles {
  readonly ca: string;
  readonly crt: string;
  readonly key: string;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export class Etcd {
  private folder = mkdtempSync(join(fast, 'telecontrol-etcd-'));

  private constructor(
    private readonly members: readonly Member[],
    private readonly tls: EtcdTlsFiles | undefined,
  ) {}

  static async start(count = 1, tls?: EtcdTlsFiles): Promise<Etcd> {
    const members: Member[] = [];
    for (let i = 0; i < count; i++) {
      const [client, peer] = [await freePort(), await freePort()];
      const scheme = tls === undefined ? 'http' : 'https';
      members.push({
        name: `m${i}`,
        url: `${scheme}://127.0.0.1:${client}`,
        peer: `http://127.0.0.1:${peer}`,
        process: undefined,
      });
    }
    const etcd = new Etcd(members, tls);
    for (const i of members.keys()) etcd.launch(i);
    await etcd.ready();
    return etcd;
  }

  get endpoints(): string {
    return this.members.map(({ url }) => url).join(', ');
  }

  url(i: number): string {
    return (this.members[i] as Member).url;
  }

  launch(i: number): void {
    const { name, url, peer } = this.members[i] as Member;
    const cluster = this.members.map((member) => `${member.name}=${member.peer}`).join(',');
    const tls = this.tls && ['--cert-file', this.tls.crt, '--key-file', this.tls.key];
    const child = spawn(
      'etcd',
      [
        ...['--name', name, '--data-dir', join(this.folder, name), '--logger', 'zap', '--log-level', 'error'],
        ...['--listen-client-urls', url, '--advertise-client-urls', url, '--listen-peer-urls', peer],
        ...['--initial-advertise-peer-urls', peer, '--initial-cluster', cluster, '--initial-cluster-state', 'new'],
        ...['--heartbeat-interval', '50', '--election-timeout', '500', '--bcrypt-cost', '4', ...(tls ?? [])],
      ],
      { stdio: 'ignore' },
    );
    running.add(child);
    child.once('exit', () => running.delete(child));
    (this.members[i] as Member).process = child;
  }

  signal(i: number, signal: NodeJS.Signals): void {
    this.members[i]?.process?.kill(signal);
  }

  async kill(i: number): Promise<void> {
    const child = this.members[i]?.process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** The member that leads. */
  async leader(): Promise<number> {
    for (const i of this.members.keys()) {
      const status = await this.ask(i, '/v3/maintenance/status').catch(() => undefined);
      if (status?.leader !== undefined && status.leader === (status.header as Answer | undefined)?.member_id) return i;
    }
    throw new Error('no member leads');
  }

  /** Which member one of them takes for the leader, by what etcd calls it. */
  async follows(i: number): Promise<unknown> {
    return (await this.ask(i, '/v3/maintenance/status')).leader;
  }

  /** Whatever has befallen its members: all are there again. */
  async mend(): Promise<void> {
    for (const [i, { process }] of this.members.entries())
      if (process === undefined || process.exitCode !== null || process.signalCode !== null) this.launch(i);
      else process.kill('SIGCONT');
    await this.ready();
  }

  /** Replaces the disks of all members. */
  async wipe(): Promise<void> {
    for (const i of this.members.keys()) await this.kill(i);
    rmSync(this.folder, { recursive: true, force: true });
    this.folder = mkdtempSync(join(fast, 'telecontrol-etcd-'));
    for (const i of this.members.keys()) this.launch(i);
    await this.ready();
  }

  async stop(): Promise<void> {
    for (const i of this.members.keys()) await this.kill(i);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Asks without the product: what an operator would do with etcdctl. */
  ask(i: number, path: string, body: object = {}): Promise<Answer> {
    if (this.tls !== undefined) throw new Error('not over TLS');
    return new Promise((resolve, reject) => {
      const asked = request(new URL(path, this.url(i)), { method: 'POST', timeout: 1000 }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('end', () =>
          response.statusCode === 200 ? resolve(JSON.parse(text) as Answer) : reject(new Error(text)),
        );
      });
      asked.on('timeout', () => asked.destroy(new Error('no answer')));
      asked.on('error', reject);
      asked.end(JSON.stringify(body));
    });
  }

  /** All members can write. */
  async ready(): Promise<void> {
    if (this.tls !== undefined) return;
    const key = Buffer.from('ready').toString('base64');
    for (const i of this.members.keys())
      while (
        await this.ask(i, '/v3/kv/put', { key, value: key }).then(
          () => false,
          () => true,
        )
      )
        await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export type Answer = Readonly<Record<string, unknown>>;
