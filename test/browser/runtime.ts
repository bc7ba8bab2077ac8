import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../nodes/flow.js';

const root = join(__dirname, '..', '..');
export const node = process.env.TELECONTROL_NODE ?? process.execPath;
const nodeRed = resolve(process.env.TELECONTROL_NODE_RED ?? join(root, 'node_modules', 'node-red'));

/** A Node-RED as somebody has it who knows nothing of this package: an empty user directory and the palette. */
export class PlainNodeRed {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly userDir: string,
    private readonly said: () => string,
  ) {}

  get output(): string {
    return this.said();
  }

  /** @param prepare puts into the empty user directory what is to be there */
  static async start(
    settings: Readonly<Record<string, unknown>> = {},
    prepare: (userDir: string) => void = () => {},
  ): Promise<PlainNodeRed> {
    const userDir = mkdtempSync(join(tmpdir(), 'telecontrol-palette-'));
    mkdirSync(userDir, { recursive: true });
    prepare(userDir);
    const port = await freePort();
    writeFileSync(
      join(userDir, 'settings.js'),
      `module.exports = ${JSON.stringify({
        uiHost: '127.0.0.1',
        uiPort: port,
        flowFile: 'flows.json',
        credentialSecret: 'test',
        telemetry: { enabled: false },
        externalModules: { palette: { allowInstall: true, allowUpload: true } },
        editorTheme: { tours: false, projects: { enabled: false } },
        ...settings,
      })};\n`,
    );
    const child = spawn(node, [join(nodeRed, 'red.js'), '--userDir', userDir], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // What the palette installs must not come from a registry: the package has no dependencies.
      env: { ...process.env, npm_config_offline: 'true' },
    });
    const kill = (): void => void child.kill('SIGKILL');
    process.once('exit', kill);
    const ended = once(child, 'exit').then(() => process.off('exit', kill));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text: string) => {
        output += text;
      });
    }
    const begun = new PlainNodeRed(child, `http://127.0.0.1:${port}`, userDir, () => output);
    while (!/Started flows/.test(output)) {
      if (child.exitCode !== null) throw new Error(`Node-RED ended:\n${output}`);
      await Promise.race([child.stdout && once(child.stdout, 'data'), ended]);
    }
    return begun;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGINT');
      await ended;
    }
    rmSync(this.userDir, { recursive: true, force: true });
  }
}
