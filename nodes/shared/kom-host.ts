import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Coordinator } from '../../lib/kom/coordinator.js';
import { Kom, type KomFollower, type KomStatus } from '../../lib/kom/kom.js';
import type { Mode } from '../../lib/kom/records.js';
import type { QuorumLoss } from '../../lib/kom/settings.js';
import { systemClock } from '../../lib/link/clock.js';
import type { LogLevel } from '../../lib/link/line-log.js';
import type { Parkable } from './parking.js';
import { type ListedProcess, listProcess, unlistProcess } from './process-registry.js';

export interface KomProperties {
  readonly process: string;
  readonly instance: number;
  readonly preferred: number;
  /** ms */
  readonly preferredDelay: number;
  readonly mode: Mode;
  readonly onQuorumLoss: QuorumLoss;
}

/** What the log of a process says of a change. */
function words({ state, reason, instance, process }: KomStatus): string {
  const who = instance === 0 ? process : `${process}, instance ${instance}`;
  return `${who}: ${state}${reason === undefined ? '' : ` (${reason})`}`;
}

/** The instance of a `kom-process` node; it outlives the node over a deploy. */
export class KomHost implements Parkable, ListedProcess {
  readonly kom: Kom;
  private told = '';
  private warned: readonly string[] = [];

  /**
   * @param log the node's log; another node may follow
   * @param free when the one before has given the process back
   */
  constructor(
    properties: KomProperties,
    coordinator: Coordinator,
    public log: (level: LogLevel, text: string) => void,
    free: Promise<void>,
  ) {
    this.kom = new Kom({
      ...properties,
      coordinator,
      host: hostname(),
      clock: systemClock,
      id: randomUUID(),
      failed: (error) => this.log('error', error instanceof Error ? (error.stack ?? error.message) : String(error)),
    });
    this.kom.follow({ changed: () => this.tell() });
    void free.then(() => this.kom.start());
    listProcess(this);
  }

  get name(): string {
    return this.kom.process;
  }

  get status(): KomStatus {
    return this.kom.status;
  }

  /** Whether this runtime may act. */
  readonly guard = (): boolean => this.kom.guard() !== 0;

  follow(follower: KomFollower): () => void {
    return this.kom.follow(follower);
  }

  /** A deploy changes nothing for the process. */
  hold(): void {}

  close(): Promise<void> {
    unlistProcess(this);
    return this.kom.stop();
  }

  private tell(): void {
    const { status } = this.kom;
    const text = words(status);
    if (text !== this.told)
      this.log(status.reason === undefined || status.reason === 'starting' ? 'info' : 'warn', text);
    this.told = text;
    const { warnings } = status.coordinator;
    for (const warning of warnings) if (!this.warned.includes(warning)) this.log('warn', warning);
    this.warned = warnings;
  }
}
