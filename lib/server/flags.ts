import { flagName } from '../link/status.js';

/**
 * The flags of active clients: the first gets A, the next B, up to P; when all are taken, further ones share from A on.
 */
export class ClientFlags {
  private readonly holders = new Array<number>(16).fill(0);

  take(): number {
    let flag = 0;
    for (let i = 0; i < 16; i++) if ((this.holders[i] as number) < (this.holders[flag] as number)) flag = i;
    this.holders[flag] = (this.holders[flag] as number) + 1;
    return flag;
  }

  release(flag: number): void {
    this.holders[flag] = Math.max(0, (this.holders[flag] as number) - 1);
  }

  /** Those that are set, as letters. */
  get names(): string {
    return this.holders.flatMap((count, flag) => (count > 0 ? [flagName(flag)] : [])).join('');
  }
}
