import { connect, type Socket } from 'node:net';
import type { Channel } from './channel.js';
import { HostCycle } from './hosts.js';
import { TcpChannel } from './tcp.js';

export interface DialerHandler {
  /** An attempt begins. */
  connecting(host: string): void;
  connected(channel: Channel, host: string): void;
  /** An attempt has failed, with the operating system's code, or ETIMEDOUT when it took too long. */
  failed(host: string, code: string): void;
}

/** Calls once after that many ms; the result cancels. */
type Timer = (ms: number, call: () => void) => () => void;

const systemTimer: Timer = (ms, call) => {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
};

/** Connects to one of several hosts, the next at each attempt. When to try again is for who asks. */
export class Dialer {
  private readonly cycle: HostCycle;
  private socket: Socket | undefined;
  private closed = false;

  /**
   * @param hosts addresses or names; a name is resolved anew at each attempt
   * @param timeout ms for an attempt, resolving included
   */
  constructor(
    hosts: readonly string[],
    private readonly port: number,
    private readonly timeout: number,
    private readonly handler: DialerHandler,
    private readonly timer: Timer = systemTimer,
  ) {
    this.cycle = new HostCycle(hosts);
  }

  /** Tries the next host. */
  dial(): void {
    if (this.closed || this.socket !== undefined) return;
    const host = this.cycle.next();
    this.handler.connecting(host);
    const socket = connect({ host, port: this.port, noDelay: true });
    this.socket = socket;
    const cancel = this.timer(this.timeout, () => fail('ETIMEDOUT'));
    const settle = (): boolean => {
      cancel();
      if (this.socket !== socket) return false;
      this.socket = undefined;
      return true;
    };
    const fail = (code: string): void => {
      const isOurs = settle();
      socket.destroy();
      if (isOurs) this.handler.failed(host, code);
    };
    const onError = (error: NodeJS.ErrnoException): void => fail(error.code ?? 'error');
    socket.once('error', onError);
    socket.once('connect', () => {
      if (!settle()) return;
      socket.off('error', onError);
      this.handler.connected(new TcpChannel(socket), host);
    });
  }

  /** Gives an attempt up; connections stay. */
  close(): void {
    this.closed = true;
    const { socket } = this;
    this.socket = undefined;
    socket?.destroy();
  }
}
