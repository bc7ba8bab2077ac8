import type { X509Certificate } from 'node:crypto';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import type { Channel } from '../channel.js';
import { remoteOf } from '../remote.js';
import { certificateName, oneLine } from './certificate.js';
import { chainOf, TlsChannel } from './channel.js';
import { CertificateKeeper, type TlsClock, type TlsLog } from './keeper.js';
import { pskContext } from './material.js';
import { type TlsProblem, type TlsRefusal, verificationProblem } from './refusal.js';
import { type CertificateFile, certificateFiles, matching } from './report.js';
import type { TlsSettings } from './settings.js';

/** ms between two looks at the files. */
const LOOK = 1000;
/** Octets of a pre-shared key below which it is no good one. */
const SHORT = 16;
/** Looks at the files between two at the calendar. */
const CALENDAR = 60;

/** What the peers of a line are, and what it means where nobody vouches for them. */
const peers = {
  client: 'whoever reaches the port is let in',
  server: 'whoever answers is taken for the partner',
} as const;

/** Who the certificates of a line tell. */
export interface TlsObserver {
  readonly log: TlsLog;
  /** A peer was turned away, or turns us away. */
  refused(refusal: TlsRefusal): void;
  /** Time has passed, or certificates have changed: `problemOf` may say something else of a connection. */
  examine(): void;
}

/** The certificates or the pre-shared key of a line, kept up to date, and what they say of a peer. */
export class TlsStore {
  private readonly keeper: CertificateKeeper | undefined;
  private cancelLook: (() => void) | undefined;
  private looks = 0;

  /**
   * @param peer what others are to us
   * @param renewed takes what handshakes use from now on
   */
  constructor(
    readonly settings: TlsSettings,
    private readonly peer: keyof typeof peers,
    private readonly observer: TlsObserver,
    private readonly clock: TlsClock,
    private readonly renewed: (context: SecureContextOptions) => void,
  ) {
    if (settings.mode === 'certificates') this.keeper = new CertificateKeeper(settings, clock, observer.log);
  }

  /** Whether there are authorities that could vouch for a peer. */
  get hasPartners(): boolean {
    const { settings } = this;
    if (settings.mode === 'psk') return false;
    return settings.partnerCertificates.length > 0 || settings.given?.authorities !== undefined;
  }

  /** Whether somebody has to vouch for a peer. */
  get verifies(): boolean {
    return this.settings.mode === 'certificates' && this.settings.verifyPartner && this.hasPartners;
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
    const exposed = peers[this.peer];
    if (!this.hasPartners) return [`TLS without partnerCertificates: ${exposed}`];
    if (settings.verifyPartner) return [];
    return [`verifyPartner is off: ${exposed}, with or without a certificate`];
  }

  /**
   * Reads the files, and looks at them every second from now on.
   * @returns what handshakes use
   * @throws TelecontrolError `configuration` naming the file that cannot be used
   */
  open(): SecureContextOptions {
    this.close();
    if (this.keeper === undefined) return pskContext();
    const { context } = this.keeper.load();
    this.look();
    return context;
  }

  /** Looks at no files any more. */
  close(): void {
    this.cancelLook?.();
    this.cancelLook = undefined;
  }

  /**
   * Who a peer is, asked once the handshake is done and before anything is read.
   * @param problemOf what speaks against it beside its certificate
   */
  judge(
    socket: TLSSocket,
    problemOf: (chain: readonly X509Certificate[]) => TlsProblem | undefined,
  ): TlsChannel | TlsRefusal {
    let chain: X509Certificate[] = [];
    let problem: TlsProblem | undefined;
    try {
      chain = chainOf(socket);
      problem = this.distrust(socket, chain) ?? problemOf(chain);
    } catch (error) {
      // Whatever a stranger shows us, it costs no more than its own connection.
      problem = { code: 'handshake-failed', reason: `its certificate cannot be read: ${oneLine(String(error))}` };
    }
    if (problem === undefined) {
      socket.disableRenegotiation();
      return new TlsChannel(socket, chain, this.verifies);
    }
    const [own] = chain;
    return {
      remote: remoteOf(socket),
      ...problem,
      ...(own === undefined ? {} : { certificate: certificateName(own) }),
    };
  }

  /** Why a connection may not last any longer; undefined where it may. */
  problemOf(channel: Channel): TlsProblem | undefined {
    const trust = this.keeper?.material?.trust;
    if (!this.verifies || trust === undefined || !(channel instanceof TlsChannel)) return undefined;
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

  /** Why nobody vouches for a peer; undefined where somebody does, or nobody has to. */
  private distrust(socket: TLSSocket, chain: readonly X509Certificate[]): TlsProblem | undefined {
    if (!this.verifies) return undefined;
    const trust = this.keeper?.material?.trust;
    if (trust === undefined) return { code: 'unknown-ca', reason: 'no partner certificates are in use' };
    if (chain.length === 0) return { code: 'no-certificate', reason: 'it has shown no certificate' };
    if (!socket.authorized) return verificationProblem(String(socket.authorizationError), this.peer);
    // The handshake may have begun before the certificates that count now.
    return trust.examine(chain, this.clock.wall()).problem;
  }

  private look(): void {
    this.cancelLook = this.clock.timer(LOOK, () => {
      const material = this.keeper?.refresh();
      if (material !== undefined) this.renewed(material.context);
      if (++this.looks % CALENDAR === 0) this.keeper?.look();
      this.look();
      this.observer.examine();
    });
  }
}
