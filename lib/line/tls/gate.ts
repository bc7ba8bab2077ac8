import type { Server, Socket } from 'node:net';
import { createServer, type TLSSocket, type Server as TlsServer } from 'node:tls';
import type { Channel } from '../channel.js';
import { addressOf, remoteOf } from '../remote.js';
import { printable } from './certificate.js';
import { TlsChannel } from './channel.js';
import { Handshakes } from './handshakes.js';
import type { TlsClock } from './keeper.js';
import { HANDSHAKE, handshakeProblem, type TlsProblem } from './refusal.js';
import type { CertificateFile } from './report.js';
import type { TlsSettings } from './settings.js';
import { type TlsObserver, TlsStore } from './store.js';

/** Who a gate tells. */
export interface GateObserver extends TlsObserver {
  /** Whether a handshake with this address is worth its while; who says no tells why itself. */
  admits(address: string, remote: string): boolean;
}

/**
 * Where peers come in by TLS: one listener's certificates or pre-shared key, and the decision who is let in. Until that is
 * made nothing of what a peer sends is read.
 */
export class TlsGate {
  private readonly store: TlsStore;
  private readonly handshakes: Handshakes;
  private server: TlsServer | undefined;
  /** What peers call themselves that use a pre-shared key, and whether it was theirs. */
  private readonly identities = new WeakMap<TLSSocket, { readonly name: string; readonly isKnown: boolean }>();

  /** @param handshake how long a handshake may take, ms */
  constructor(
    private readonly settings: TlsSettings,
    private readonly observer: GateObserver,
    clock: TlsClock,
    private readonly handshake = HANDSHAKE,
  ) {
    this.store = new TlsStore(settings, 'client', observer, clock, (context) => this.server?.setSecureContext(context));
    this.handshakes = new Handshakes((remote, reason) =>
      observer.refused({ remote, code: 'handshake-failed', reason }),
    );
  }

  /** What an operator should know as long as it is so. */
  get warnings(): string[] {
    return this.store.warnings;
  }

  /** Warnings of the settings alone, which no file and no day can change. */
  get standing(): string[] {
    return this.store.standing;
  }

  /**
   * A server that hands over whom it lets in.
   * @throws TelecontrolError `configuration` naming the file that cannot be used
   */
  createServer(accept: (channel: Channel) => void): Server {
    const { settings } = this;
    const server = createServer({
      ...this.store.open(),
      // Who is turned away, and why, is decided below: OpenSSL alone would let in who has a pre-shared key and no name.
      requestCert: this.store.hasPartners,
      rejectUnauthorized: false,
      handshakeTimeout: this.handshake,
      allowHalfOpen: false,
      noDelay: true,
      ...(settings.mode === 'psk'
        ? { pskCallback: (socket: TLSSocket, identity: string) => this.keyOf(socket, identity) }
        : {}),
    });
    server.on('connection', (socket) => this.arrived(socket));
    server.on('tlsClientError', (error, socket) => this.failed(error, socket));
    server.on('secureConnection', (socket) => this.decide(socket, accept));
    this.server = server;
    return server;
  }

  /** Why a connection may not last any longer; undefined where it may. */
  problemOf(channel: Channel): TlsProblem | undefined {
    return this.store.problemOf(channel);
  }

  /** What `CHECK CERTS` lists. @param mask with `*` and `?` over files and subjects; empty for all */
  certificates(mask = ''): CertificateFile[] {
    return this.store.certificates(mask);
  }

  /** Ends all handshakes and looks at no files any more. The server is its listener's. */
  close(): void {
    this.store.close();
    this.server = undefined;
    this.handshakes.clear();
  }

  private arrived(socket: Socket): void {
    // Its errors come through the TLS socket as well.
    socket.on('error', () => {});
    if (this.server === undefined || socket.remoteAddress === undefined) return void socket.destroy();
    if (!this.observer.admits(addressOf(socket), remoteOf(socket))) return void socket.destroy();
    this.handshakes.begin(socket);
  }

  private failed(error: NodeJS.ErrnoException, socket: TLSSocket): void {
    socket.on('error', () => {});
    const remote = remoteOf(socket);
    // Of who has simply gone the address is not known any more here; its TCP socket tells.
    const isNews = this.handshakes.end(socket);
    // Node.js leaves it open after a timeout.
    socket.destroy();
    if (!isNews) return;
    const identity = this.identities.get(socket);
    const problem = identity?.isKnown === false ? unknownIdentity(identity.name) : handshakeProblem(error);
    this.observer.refused({ remote, ...problem });
  }

  /** The one place where a peer is let in, or not. */
  private decide(socket: TLSSocket, accept: (channel: Channel) => void): void {
    if (!this.handshakes.end(socket)) return void socket.destroy();
    const verdict = this.store.judge(socket, () => this.problemBeside(socket));
    if (verdict instanceof TlsChannel) return accept(verdict);
    socket.on('error', () => {});
    socket.destroy();
    this.observer.refused(verdict);
  }

  private problemBeside(socket: TLSSocket): TlsProblem | undefined {
    if (this.settings.mode === 'psk') {
      const identity = this.identities.get(socket);
      return identity?.isKnown === true ? undefined : unknownIdentity(identity?.name ?? '');
    }
    return socket.isSessionReused()
      ? { code: 'handshake-failed', reason: 'it resumes a session that we do not keep' }
      : undefined;
  }

  private keyOf(socket: TLSSocket, identity: string): Buffer | null {
    const { settings } = this;
    if (settings.mode !== 'psk') return null;
    const isKnown = settings.identity === '' || identity === settings.identity;
    this.identities.set(socket, { name: identity, isKnown });
    return isKnown ? settings.key : null;
  }
}

function unknownIdentity(name: string): TlsProblem {
  return { code: 'unknown-identity', reason: `its identity "${printable(name).slice(0, 60)}" is unknown` };
}
