import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Skips, or fails where everything has to be there, without `socat`. */
export function needsSocat(context: Mocha.Context): void {
  if (spawnSync('socat', ['-V']).status === 0) return;
  if (process.env.TELECONTROL_REQUIRE_ALL === '1') throw new Error('socat is missing');
  console.log('      socat is missing: pseudo-terminals are not tested');
  context.skip();
}

/** Two serial ports with a cable between them: pseudo-terminals, which stay until `unplug`. */
export class Cable {
  private readonly folder = mkdtempSync(join(tmpdir(), 'telecontrol-cable-'));
  readonly near = join(this.folder, 'near');
  readonly far = join(this.folder, 'far');
  private socat: ChildProcess | undefined;

  async plug(): Promise<void> {
    const watcher = watch(this.folder);
    const terminal = (path: string): string => `pty,raw,echo=0,link=${path}`;
    this.socat = spawn('socat', [terminal(this.near), terminal(this.far)], { stdio: 'ignore' });
    while (!existsSync(this.near) || !existsSync(this.far)) await once(watcher, 'change');
    watcher.close();
  }

  async unplug(): Promise<void> {
    const { socat } = this;
    this.socat = undefined;
    if (socat === undefined) return;
    const gone = once(socat, 'close');
    socat.kill();
    await gone;
  }

  async remove(): Promise<void> {
    await this.unplug();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
