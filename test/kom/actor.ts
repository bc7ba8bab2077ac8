import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KomStatus } from '../../lib/kom/kom.js';
import { node } from '../node-red/runtime.js';

export const now = (): number => Number(process.hrtime.bigint()) / 1e6;

interface Said {
  readonly at: number;
  readonly status: KomStatus;
}

export interface ActorOptions {
  readonly process: string;
  readonly instance: number;
  /** Of etcd; without, the instances are on one computer. */
  readonly endpoints?: string;
  readonly onQuorumLoss?: 'stop' | 'hold';
  /** The program that runs it, instead of that of the tests. */
  readonly program?: string;
}

/** An instance in a process of its own. */
export class Actor {
  last: Said | undefined;
  /** When it was woken from being frozen. */
  readonly woken: number[] = [];
  private waiting = new Set<() => void>();

  constructor(
    readonly child: ChildProcess,
    readonly instance: number,
    readonly file: string,
  ) {
    child.on('message', (message: Said) => {
      if (message.status === undefined) return;
      this.last = message;
      for (const look of [...this.waiting]) look();
    });
  }

  get isActive(): boolean {
    return this.last?.status.state === 'active';
  }

  get isDead(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Waits until what it says is as wanted. @returns what it said then */
  until(is: (status: KomStatus) => boolean): Promise<Said> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.last === undefined || !is(this.last.status)) return;
        this.waiting.delete(look);
        clearTimeout(timer);
        resolve(this.last);
      };
      const timer = setTimeout(
        () => reject(new Error(`instance ${this.instance} waited in vain: ${JSON.stringify(this.last?.status)}`)),
        20_000,
      );
      this.waiting.add(look);
      look();
    });
  }

  async kill(): Promise<void> {
    if (this.isDead) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }

  async stop(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.send({ stop: true });
    await exit;
  }

  freeze(isFrozen: boolean): void {
    if (!isFrozen) this.woken.push(now());
    this.child.kill(isFrozen ? 'SIGSTOP' : 'SIGCONT');
  }
}

/** An act that was noted. */
export interface Act {
  readonly token: number;
  readonly at: number;
  readonly by: string;
}

const all = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of all) child.kill('SIGKILL');
});

/** The actors of one test, and all they have done. */
export class Stage {
  readonly actors: Actor[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'telecontrol-instances-'));
  private runs = 0;

  start({ program = node, ...options }: ActorOptions): Actor {
    const file = join(this.folder, `${options.instance}-${++this.runs}`);
    const child = fork(join(__dirname, 'actor.mjs'), [JSON.stringify({ ...options, file })], {
      execPath: program,
      execArgv: [],
    });
    all.add(child);
    child.once('exit', () => all.delete(child));
    const actor = new Actor(child, options.instance, file);
    this.actors.push(actor);
    return actor;
  }

  get live(): readonly Actor[] {
    return this.actors.filter((actor) => !actor.isDead);
  }

  /** Whoever becomes active next, of those given. */
  next(among: readonly Actor[]): Promise<Actor> {
    const waits = among.map((actor) => actor.until(({ state }) => state === 'active').then(() => actor));
    return Promise.any(waits).catch(({ errors }: AggregateError) => {
      throw new Error((errors as Error[]).map(({ message }) => message).join('\n'));
    });
  }

  /** All acts of all, in the order in which they were. */
  get acts(): readonly Act[] {
    const acts = this.actors.flatMap(({ file }) => {
      const octets = readFileSync(file);
      const notes = new Float64Array(
        octets.buffer.slice(octets.byteOffset, octets.byteOffset + octets.length - (octets.length % 16)),
      );
      return Array.from({ length: notes.length / 2 }, (_, i) => ({
        token: notes[2 * i] as number,
        at: notes[2 * i + 1] as number,
        by: file,
      }));
    });
    return acts.sort((a, b) => a.at - b.at);
  }

  /** What does not hold of them, in words. */
  get offences(): readonly string[] {
    return offences(this.acts, new Map(this.actors.map(({ file, woken }) => [file, woken])));
  }

  async clear(): Promise<void> {
    await Promise.all(this.live.map((actor) => actor.kill()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * What must hold of all acts: no token is used by two, and after the first act of a greater one there is none of a smaller,
 * but for one after each waking: the freeze may have come between the guard and the act.
 * @param woken when who was woken, by what the acts call it
 * @returns what does not hold, in words
 */
export function offences(acts: readonly Act[], woken: ReadonlyMap<string, readonly number[]> = new Map()): string[] {
  const found: string[] = [];
  const owners = new Map<number, string>();
  const pardons = new Map([...woken].map(([by, times]) => [by, [...times]]));
  let highest = 0;
  for (const { token, at, by } of acts) {
    const owner = owners.get(token);
    if (owner !== undefined && owner !== by) found.push(`token ${token} is used by ${owner} and ${by}`);
    owners.set(token, by);
    const left = pardons.get(by) ?? [];
    const before = left.filter((time) => time <= at).length;
    // Whatever is done after a waking is the one act that it pardons.
    left.splice(0, before);
    if (token >= highest) highest = token;
    else if (before === 0) found.push(`${by} acts by ${token} at ${at} after ${highest}`);
  }
  return found;
}
