import { connect, type Socket } from 'node:net';
import type { Channel } from './channel.js';
import { HostCycle } from './hosts.js';
import { TcpChannel } from './tcp.js';

export interface DialerHandler {
  /** An attempt begins. */
  connecting(host: string): void;
  connected(channel: Channel, host: string): void;
  /**
   * An attempt has failed.
   * @param code the operating system's; ETIMEDOUT when it took too long; of TLS that of the refusal, or `tls` where our own
   *   certificates cannot be used, and nobody was called
   * @param reason in words, where TLS has one
   */
  failed(host: string, code: string, reason?: string): void;
}

/** What stands between a socket that has connected and octets that may be sent: TLS. */
export interface Securing {
  /** Before an attempt. @throws Error saying why there can be none */
  prepare(): void;
  /**
   * Finds out whether the partner is who it has to be.
   * @param host as it was dialled
   * @param handler is told once
   * @returns gives up, and tells nobody
   */
  secure(socket: Socket, host: string, handler: SecuringHandler): () => void;
}

export interface SecuringHandler {
  secured(channel: Channel): void;
  failed(code: string, reason: string): void;
}

export interface DialerOptions {
  /** TLS; plain TCP if left out. Several dialers may share it. */
  readonly tls?: Securing | undefined;
  readonly timer?: Timer;
}

/** Calls once after that many ms; the result cancels. */
type Timer = (ms: number, call: () => void) => () => void;

const systemTimer: Timer = (ms, call) => {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
};

/** ms for each address of a name but the last: by itself Node.js gives each 250 ms, which is too short by radio. */
const PATIENCE = 5000;

/** Connects to one of several hosts, the next at each attempt. When to try again is for who asks. */
export class Dialer {
  private readonly cycle: HostCycle;
  /** Ends the attempt that is under way. */
  private cancel: (() => void) | undefined;
  private closed = false;
  private readonly tls: Securing | undefined;
  private readonly timer: Timer;

  /**
   * @param hosts addresses or names; a name is resolved anew at each attempt
   * @param timeout ms for an attempt, resolving and TLS included
   */
  constructor(
    hosts: readonly string[],
    private readonly port: number,
    private readonly timeout: number,
    private readonly handler: DialerHandler,
    { tls, timer = systemTimer }: DialerOptions = {},
  ) {
    this.cycle = new HostCycle(hosts);
    this.tls = tls;
    this.timer = timer;
  }

  /** Tries the next host. */
  dial(): void {
    if (this.closed || this.cancel !== undefined) return;
    const host = this.cycle.next();
    this.handler.connecting(host);
    try {
      this.tls?.prepare();
    } catch (error) {
      return this.unable(host, error instanceof Error ? error.message : String(error));
    }
    const socket = connect({ host, port: this.port, noDelay: true, autoSelectFamilyAttemptTimeout: PATIENCE });
    let giveUp = (): void => {};
    const cancelTimer = this.timer(this.timeout, () => fail('ETIMEDOUT'));
    const cancel = (): void => {
      cancelTimer();
      this.cancel = undefined;
      giveUp();
      socket.destroy();
    };
    this.cancel = cancel;
    const fail = (code: string, reason?: string): void => {
      if (this.cancel !== cancel) return;
      cancel();
      this.handler.failed(host, code, reason);
    };
    const succeed = (channel: Channel): void => {
      if (this.cancel !== cancel) return channel.destroy();
      cancelTimer();
      this.cancel = undefined;
      this.handler.connected(channel, host);
    };
    const onError = (error: NodeJS.ErrnoException): void => fail(error.code ?? 'error');
    socket.once('error', onError);
    socket.once('connect', () => {
      socket.off('error', onError);
      if (this.tls === undefined) return succeed(new TcpChannel(socket));
      giveUp = this.tls.secure(socket, host, { secured: succeed, failed: fail });
    });
  }

  /** Gives an attempt up; connections stay. */
  close(): void {
    this.closed = true;
    this.cancel?.();
  }

  /** Told later: who tries again at once must not come back to here. */
  private unable(host: string, reason: string): void {
    const cancelTimer = this.timer(0, () => {
      this.cancel = undefined;
      this.handler.failed(host, 'tls', reason);
    });
    this.cancel = () => {
      cancelTimer();
      this.cancel = undefined;
    };
  }
}
