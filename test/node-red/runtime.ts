import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** A real Node-RED in a process of its own, as `npm start` starts it: this package linked into its user directory. */

const root = join(__dirname, '..', '..');
export const node = process.env.TELECONTROL_NODE ?? process.execPath;

/** A node of a flow, or a tab. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

export interface StartOptions {
  /** An empty directory, or one of an earlier start. */
  readonly userDir: string;
  /** What it runs; without, what the user directory holds, or the example. */
  readonly flows?: readonly FlowNode[];
  /** Port of the editor; without, one of the system's choice. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export type DeployType = 'full' | 'nodes' | 'flows' | 'reload';

/** How a process ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export class NodeRed {
  constructor(
    private readonly child: ChildProcess,
    /** Of the editor and the admin API, without a slash at the end. */
    readonly url: string,
    readonly userDir: string,
    private readonly said: () => string,
  ) {}

  /** What it has printed so far. */
  get output(): string {
    return this.said();
  }

  /** Waits until it has printed this. */
  async prints(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.output)) {
      if (this.child.exitCode !== null) throw new Error(`ended without ${pattern}:\n${this.output}`);
      await Promise.race([
        this.child.stdout && once(this.child.stdout, 'data'),
        this.child.stderr && once(this.child.stderr, 'data'),
        once(this.child, 'exit'),
      ]);
    }
  }

  /** Asks the admin API. @throws Error when the answer is none of 2xx */
  async get(path: string): Promise<unknown> {
    return (await this.fetch(path, { headers: { accept: 'application/json' } })).json();
  }

  /** As `get`, for what is not JSON. */
  async text(path: string): Promise<string> {
    return (await this.fetch(path)).text();
  }

  async flows(): Promise<FlowNode[]> {
    return (await this.get('/flows')) as FlowNode[];
  }

  /** Deploys flows as the editor does; back when Node-RED has taken them, which is before the last node has started. */
  async deploy(flows: readonly FlowNode[], type: DeployType = 'full'): Promise<void> {
    await this.fetch('/flows', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'node-red-deployment-type': type },
      body: JSON.stringify(flows),
    });
  }

  /** Presses the button of an `inject` node. */
  async inject(id: string): Promise<void> {
    await this.fetch(`/inject/${id}`, { method: 'POST' });
  }

  /** Sends it a signal; one that ends it is waited for. */
  async signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const close = signal === 'SIGKILL' ? once(this.child, 'close') : undefined;
    this.child.kill(signal);
    await close;
  }

  /** Ends it as Ctrl-C does. @returns how it ended; at once when it has already */
  async stop(): Promise<Ended> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const close = once(this.child, 'close');
      this.child.kill('SIGINT');
      await close;
    }
    return { code: this.child.exitCode, output: this.output };
  }

  private async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(this.url + path, init);
    if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}

/** What a test leaves behind when it breaks off. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

function launch({ userDir, flows, port = 0, env = {} }: StartOptions): { child: ChildProcess; said: () => string } {
  mkdirSync(userDir, { recursive: true });
  if (flows !== undefined) writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flows));
  const child = spawn(node, [join(root, 'scripts', 'start.mjs')], {
    env: { ...process.env, ...env, TELECONTROL_EDITOR_PORT: String(port), TELECONTROL_USER_DIR: userDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output += text;
    });
  }
  return { child, said: () => output };
}

/** Starts Node-RED; back when its flows run. @throws Error with all it has printed when it ends instead */
export async function start(options: StartOptions): Promise<NodeRed> {
  const { child, said } = launch(options);
  const editor = /Editor +(http:\S+)[\s\S]*Ctrl-C/;
  const begun = new NodeRed(child, '', options.userDir, said);
  await begun.prints(editor);
  return new NodeRed(child, editor.exec(said())?.[1] ?? '', options.userDir, said);
}

/** Starts Node-RED where that is to fail. @returns how it ended */
export async function startInVain(options: StartOptions): Promise<Ended> {
  const { child, said } = launch(options);
  // 'close' and not 'exit': by then all of the output is here.
  await once(child, 'close');
  return { code: child.exitCode, output: said() };
}

/** A port at 127.0.0.1 that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
