import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect, type SecureContextOptions, type TLSSocket } from 'node:tls';
import type { Channel } from '../channel.js';
import type { Securing, SecuringHandler } from '../dialer.js';
import { remoteOf } from '../remote.js';
import { TlsChannel } from './channel.js';
import type { TlsClock } from './keeper.js';
import { HANDSHAKE, handshakeProblem, type TlsProblem, type TlsRefusal } from './refusal.js';
import type { CertificateFile } from './report.js';
import type { TlsSettings } from './settings.js';
import { type TlsObserver, TlsStore } from './store.js';

/**
 * TLS towards partners that a line connects to: its certificates or pre-shared key, for any number of dialers, and the
 * decision whether a partner is who it has to be. Until that is made nothing is read, and nothing but the handshake sent.
 */
export class TlsDial implements Securing {
  private readonly store: TlsStore;
  private context: SecureContextOptions = {};
  private isOpen = false;

  /** @param handshake how long a handshake may take, ms */
  constructor(
    private readonly settings: TlsSettings,
    private readonly observer: TlsObserver,
    private readonly clock: TlsClock,
    private readonly handshake = HANDSHAKE,
  ) {
    this.store = new TlsStore(settings, 'server', observer, clock, (context) => {
      this.context = context;
    });
  }

  /** What an operator should know as long as it is so. */
  get warnings(): string[] {
    return this.store.warnings;
  }

  /** Warnings of the settings alone, which no file and no day can change. */
  get standing(): string[] {
    return this.store.standing;
  }

  /** Reads the files where that has not succeeded yet. @throws TelecontrolError `configuration` naming the file */
  prepare(): void {
    if (this.isOpen) return;
    this.context = this.store.open();
    this.isOpen = true;
  }

  secure(socket: Socket, host: string, handler: SecuringHandler): () => void {
    const { settings } = this;
    const remote = remoteOf(socket);
    const name = serverName(host);
    // Its errors come through the TLS socket as well.
    socket.on('error', () => {});
    const secured = connect({
      ...this.context,
      socket,
      ...(name === undefined ? {} : { servername: name }),
      // Who is trusted is decided below, where the reason is known.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...(settings.mode === 'psk' ? { pskCallback: () => ({ identity: settings.identity, psk: settings.key }) } : {}),
    });
    let isOver = false;
    const settle = (): boolean => {
      if (isOver) return false;
      isOver = true;
      cancel();
      return true;
    };
    const refuse = (refusal: TlsRefusal): void => {
      secured.destroy();
      this.observer.refused(refusal);
      handler.failed(refusal.code, refusal.reason);
    };
    const give = (problem: TlsProblem): void => {
      if (settle()) refuse({ remote, ...problem });
    };
    const cancel = this.clock.timer(this.handshake, () =>
      give({ code: 'handshake-failed', reason: 'the handshake took too long' }),
    );
    secured.on('error', (error: NodeJS.ErrnoException) => {
      if (!isOver) return give(handshakeProblem(error));
      // TLS 1.3 is done for us before the partner has looked at our certificate.
      if (isRejection(error)) this.observer.refused({ remote, ...handshakeProblem(error) });
    });
    secured.once('secureConnect', () => {
      if (!settle()) return;
      const verdict = this.store.judge(secured, (chain) => this.problemBeside(secured, chain[0], name));
      if (verdict instanceof TlsChannel) handler.secured(verdict);
      else refuse(verdict);
    });
    return () => {
      isOver = true;
      cancel();
      secured.destroy();
    };
  }

  /** Why a connection may not last any longer; undefined where it may. */
  problemOf(channel: Channel): TlsProblem | undefined {
    return this.store.problemOf(channel);
  }

  /** What `CHECK CERTS` lists. @param mask with `*` and `?` over files and subjects; empty for all */
  certificates(mask = ''): CertificateFile[] {
    return this.store.certificates(mask);
  }

  /** Looks at no files any more; an attempt after it begins to again. */
  close(): void {
    this.store.close();
    this.isOpen = false;
  }

  private problemBeside(
    socket: TLSSocket,
    certificate: X509Certificate | undefined,
    name: string | undefined,
  ): TlsProblem | undefined {
    if (this.settings.mode === 'psk')
      return usesKey(socket) ? undefined : { code: 'handshake-failed', reason: 'it does not use the pre-shared key' };
    if (!this.store.verifies || name === undefined) return undefined;
    if (certificate?.checkHost(name, { partialWildcards: false }) !== undefined) return undefined;
    return { code: 'handshake-failed', reason: `its certificate is not made for the name ${name}` };
  }
}

/** RFC 6066, 3: a name without the dot at its end, and never an address. */
function serverName(host: string): string | undefined {
  return isIP(host) === 0 ? host.replace(/\.$/, '') : undefined;
}

/** A partner that does not know the key can go on in TLS 1.3 with a certificate of its own. */
function usesKey(socket: TLSSocket): boolean {
  if (socket.getPeerX509Certificate() !== undefined) return false;
  // A pre-shared key of TLS 1.3 looks like a session that is resumed, and we resume none.
  return socket.getProtocol() === 'TLSv1.3' ? socket.isSessionReused() : /PSK/.test(socket.getCipher().name);
}

function isRejection({ code = '' }: NodeJS.ErrnoException): boolean {
  return /_ALERT_/.test(code);
}
