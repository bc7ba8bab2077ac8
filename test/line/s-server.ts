import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** How long anything may take before a test gives up. */
const PATIENCE = 20_000;

/** `openssl s_server`: a partner that is not of Node.js. */
export class SServer {
  /** What it says, and the octets that it got among it. */
  said = '';
  port = 0;
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  private waiting: () => void = () => {};

  constructor(...options: string[]) {
    this.child = spawn('openssl', ['s_server', '-accept', '127.0.0.1:0', ...options]);
    this.ended = once(this.child, 'close');
    const hear = (octets: Buffer): void => {
      this.said += octets.toString('latin1');
      this.waiting();
    };
    this.child.stdout?.on('data', hear);
    this.child.stderr?.on('data', hear);
    this.child.stdin?.on('error', () => {});
  }

  /** Listens. */
  async open(): Promise<this> {
    await this.until(/ACCEPT .*:(\d+)/);
    this.port = Number(/ACCEPT .*:(\d+)/.exec(this.said)?.[1]);
    return this;
  }

  /** To whoever is connected. */
  send(digits: string): void {
    this.child.stdin?.write(Buffer.from(digits, 'hex'));
  }

  async until(text: RegExp): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited in vain for ${text}; ${this.said}`)), PATIENCE);
      this.waiting = () => {
        if (!text.test(this.said)) return;
        clearTimeout(timer);
        this.waiting = () => {};
        resolve();
      };
      this.waiting();
    });
  }

  async kill(): Promise<void> {
    this.child.kill();
    await this.ended;
  }
}
