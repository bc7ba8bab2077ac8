import type { X509Certificate } from 'node:crypto';
import type { Server, Socket } from 'node:net';
import { createServer, type TLSSocket, type Server as TlsServer } from 'node:tls';
import type { Channel } from '../channel.js';
import { addressOf, remoteOf } from '../remote.js';
import { certificateName, oneLine, printable } from './certificate.js';
import { TlsChannel } from './channel.js';
import { Handshakes } from './handshakes.js';
import { CertificateKeeper, type TlsClock, type TlsLog } from './keeper.js';
import { pskContext } from './material.js';
import { handshakeProblem, type TlsProblem, type TlsRefusal, verificationProblem } from './refusal.js';
import { type CertificateFile, certificateFiles, matching } from './report.js';
import type { TlsSettings } from './settings.js';
import type { Trust } from './trust.js';

/** How long a handshake may take, ms. */
const HANDSHAKE = 10_000;
/** ms between two looks at the files. */
const LOOK = 1000;
/** Octets of a pre-shared key below which it is no good one. */
const SHORT = 16;
/** Looks at the files between two at the calendar. */
const CALENDAR = 60;

/** Who a gate tells. */
export interface TlsObserver {
  readonly log: TlsLog;
  /** A peer was turned away. */
  refused(refusal: TlsRefusal): void;
  /** Whether a handshake with this address is worth its while; who says no tells why itself. */
  admits(address: string, remote: string): boolean;
  /** Time has passed, or certificates have changed: `problemOf` may say something else of a connection. */
  examine(): void;
}

/**
 * Where peers come in by TLS: one listener's certificates or pre-shared key, and the decision who is let in. Until that is
 * made nothing of what a peer sends is read.
 */
export class TlsGate {
  private readonly keeper: CertificateKeeper | undefined;
  private readonly handshakes: Handshakes;
  private server: TlsServer | undefined;
  private cancelLook: (() => void) | undefined;
  private looks = 0;
  /** What peers call themselves that use a pre-shared key, and whether it was theirs. */
  private readonly identities = new WeakMap<TLSSocket, { readonly name: string; readonly isKnown: boolean }>();

  /** @param handshake how long a handshake may take, ms */
  constructor(
    private readonly settings: TlsSettings,
    private readonly observer: TlsObserver,
    private readonly clock: TlsClock,
    private readonly handshake = HANDSHAKE,
  ) {
    if (settings.mode === 'certificates') this.keeper = new CertificateKeeper(settings, clock, observer.log);
    this.handshakes = new Handshakes((remote, reason) => this.refuse(remote, { code: 'handshake-failed', reason }));
  }

  /** What an operator should know as long as it is so. */
  get warnings(): string[] {
    return [...this.standing, ...(this.keeper?.warnings ?? [])];
  }

  /** Warnings of the settings alone, which no file and no day can change. */
  get standing(): string[] {
    const { settings } = this;
    if (settings.mode === 'psk')
      return settings.key.length < SHORT ? ['preSharedKey is short: one of fewer than 16 octets can be guessed'] : [];
    if (!this.hasPartners) return ['TLS without partnerCertificates: whoever reaches the port is let in'];
    if (settings.verifyPartner) return [];
    return ['verifyPartner is off: whoever reaches the port is let in, with or without a certificate'];
  }

  /**
   * A server that hands over whom it lets in.
   * @throws TelecontrolError `configuration` naming the file that cannot be used
   */
  createServer(accept: (channel: Channel) => void): Server {
    const { settings } = this;
    const context = this.keeper?.load().context ?? pskContext();
    const server = createServer({
      ...context,
      // Who is turned away, and why, is decided below: OpenSSL alone would let in who has a pre-shared key and no name.
      requestCert: settings.mode === 'certificates' && this.hasPartners,
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
    this.cancelLook?.();
    if (this.keeper !== undefined) this.look();
    return server;
  }

  /** Why a connection may not last any longer; undefined where it may. */
  problemOf(channel: Channel): TlsProblem | undefined {
    const trust = this.trust;
    if (trust === undefined || !(channel instanceof TlsChannel)) return undefined;
    const now = this.clock.wall();
    if (channel.trustedBy === trust && now <= channel.trustedUntil) return undefined;
    const { problem, until } = trust.examine(channel.chain, now);
    channel.trustedBy = trust;
    channel.trustedUntil = until;
    return problem;
  }

  /** What `CHECK CERTS` lists. @param mask with `*` and `?` over files and subjects; empty for all */
  certificates(mask = ''): CertificateFile[] {
    const { settings, keeper } = this;
    if (settings.mode === 'psk' || keeper === undefined) return [];
    return matching(certificateFiles(settings, keeper.material, this.clock.wall(), keeper.reason), mask);
  }

  /** Ends all handshakes and looks at no files any more. The server is its listener's. */
  close(): void {
    this.cancelLook?.();
    this.cancelLook = undefined;
    this.server = undefined;
    this.handshakes.clear();
  }

  private get hasPartners(): boolean {
    const { settings } = this;
    if (settings.mode === 'psk') return false;
    return settings.partnerCertificates.length > 0 || settings.given?.authorities !== undefined;
  }

  /** Who vouches for peers; undefined where nobody has to. */
  private get trust(): Trust | undefined {
    const { settings } = this;
    const verifies = settings.mode === 'certificates' && settings.verifyPartner && this.hasPartners;
    return verifies ? this.keeper?.material?.trust : undefined;
  }

  private look(): void {
    this.cancelLook = this.clock.timer(LOOK, () => {
      const material = this.keeper?.refresh();
      if (material !== undefined) this.server?.setSecureContext(material.context);
      if (++this.looks % CALENDAR === 0) this.keeper?.look();
      this.look();
      this.observer.examine();
    });
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
    // Node.js leaves it open after a timeout.
    socket.destroy();
    // Of who has simply gone the address is not known any more here; its TCP socket tells.
    if (!this.handshakes.end(remote)) return;
    const identity = this.identities.get(socket);
    this.refuse(remote, identity?.isKnown === false ? unknownIdentity(identity.name) : handshakeProblem(error));
  }

  /** The one place where a peer is let in, or not. */
  private decide(socket: TLSSocket, accept: (channel: Channel) => void): void {
    const remote = remoteOf(socket);
    if (!this.handshakes.end(remote)) return void socket.destroy();
    let chain: X509Certificate[] = [];
    let problem: TlsProblem | undefined;
    try {
      chain = chainOf(socket);
      problem = this.refusalOf(socket, chain);
    } catch (error) {
      // Whatever a stranger shows us, it costs no more than its own connection.
      problem = { code: 'handshake-failed', reason: `its certificate cannot be read: ${oneLine(String(error))}` };
    }
    if (problem === undefined) {
      socket.disableRenegotiation();
      const channel = new TlsChannel(socket, chain, this.trust !== undefined);
      return accept(channel);
    }
    socket.on('error', () => {});
    socket.destroy();
    this.refuse(remote, problem, chain[0]);
  }

  private refusalOf(socket: TLSSocket, chain: readonly X509Certificate[]): TlsProblem | undefined {
    if (this.settings.mode === 'psk') {
      const identity = this.identities.get(socket);
      return identity?.isKnown === true ? undefined : unknownIdentity(identity?.name ?? '');
    }
    if (socket.isSessionReused())
      return { code: 'handshake-failed', reason: 'it resumes a session that we do not keep' };
    const { trust } = this;
    if (trust === undefined) return undefined;
    if (chain.length === 0) return { code: 'no-certificate', reason: 'it has shown no certificate' };
    if (!socket.authorized) return verificationProblem(String(socket.authorizationError));
    // The handshake may have begun before the certificates that count now.
    return trust.examine(chain, this.clock.wall()).problem;
  }

  private keyOf(socket: TLSSocket, identity: string): Buffer | null {
    const { settings } = this;
    if (settings.mode !== 'psk') return null;
    const isKnown = settings.identity === '' || identity === settings.identity;
    this.identities.set(socket, { name: identity, isKnown });
    return isKnown ? settings.key : null;
  }

  private refuse(remote: string, problem: TlsProblem, certificate?: X509Certificate): void {
    const name = certificate === undefined ? {} : { certificate: certificateName(certificate) };
    this.observer.refused({ remote, ...problem, ...name });
  }
}

function unknownIdentity(name: string): TlsProblem {
  return { code: 'unknown-identity', reason: `its identity "${printable(name).slice(0, 60)}" is unknown` };
}

/** The peer's certificate and what it sent along, in the order of the handshake. */
function chainOf(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next = socket.getPeerX509Certificate();
  while (next !== undefined && chain.length < 10) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}
