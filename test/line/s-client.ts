import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** How long anything may take before a test gives up. */
const PATIENCE = 20_000;

/** `openssl s_client`: a peer that is not of Node.js. */
export class SClient {
  /** Octets that arrived, as digits. */
  received = '';
  /** What it says of the handshake. */
  said = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  private waiting: () => void = () => {};

  constructor(port: number, ...options: string[]) {
    this.child = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-quiet', ...options]);
    this.ended = once(this.child, 'close');
    this.child.stdout?.on('data', (octets: Buffer) => {
      this.received += octets.toString('hex');
      this.waiting();
    });
    this.child.stderr?.on('data', (text: Buffer) => {
      this.said += text.toString();
    });
    this.child.stdin?.on('error', () => {});
  }

  send(digits: string): void {
    this.child.stdin?.write(Buffer.from(digits, 'hex'));
  }

  async until(digits: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`waited in vain for ${digits}, have ${this.received}; ${this.said}`)),
        PATIENCE,
      );
      this.waiting = () => {
        if (!this.received.endsWith(digits)) return;
        clearTimeout(timer);
        resolve();
      };
      this.waiting();
    });
  }

  /** It has ended by itself. */
  async end(): Promise<void> {
    await this.ended;
  }

  async kill(): Promise<void> {
    this.child.kill();
    await this.ended;
  }
}
