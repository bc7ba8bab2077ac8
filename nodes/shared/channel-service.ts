import type { ByteChannel } from '../../lib/bytes/byte-channel.js';
import { ChannelDialer } from '../../lib/bytes/channel-dialer.js';
import { ChannelListener } from '../../lib/bytes/channel-listener.js';
import type { Seat } from '../../lib/bytes/session-seat.js';
import { parseHosts } from '../../lib/line/hosts.js';
import { requireIdentity, requireOwnCertificate } from '../../lib/line/tls/settings.js';
import { TelecontrolError } from '../../lib/octets/error.js';
import type { LineEngine, LineKind, LineMember, LineService, PathProperties } from './line-service.js';

/** What a channel brings to a line: itself, and which of its sessions the line carries. */
export interface ChannelMember extends LineMember {
  readonly channel: ByteChannel;
  readonly seat: Seat;
}

/** An engine that carries a session of a channel. */
interface ChannelEngine extends LineEngine {
  /** The channel that the session belongs to from now on; undefined lets it wait for one. */
  serve(channel: ByteChannel | undefined, seat?: Seat): void;
  /** Closes the session. */
  drop(): void;
}

/** ms that the partners of a channel wait for flows that have stopped. */
const PATIENCE = 10_000;

/** A line with a channel, which has it for itself. */
export class ChannelService implements LineService {
  readonly patience = PATIENCE;
  private member: ChannelMember | undefined;

  /** @param line its name */
  constructor(
    readonly kind: LineKind,
    private readonly line: string,
    readonly engine: ChannelEngine,
  ) {}

  add(member: ChannelMember): void {
    if (this.member !== undefined)
      throw new TelecontrolError(
        'configuration',
        `line ${this.line} has the channel ${this.member.name}, and cannot have the channel ${member.name} as well`,
      );
    this.take(member);
  }

  replace(_old: ChannelMember, member: ChannelMember): void {
    this.take(member);
  }

  remove(member: ChannelMember): void {
    if (this.member !== member) return;
    this.member = undefined;
    this.engine.serve(undefined);
    this.engine.drop();
  }

  /** The member goes, and another may follow: until then nothing is read. */
  park(member: ChannelMember): void {
    if (this.member === member) this.engine.serve(undefined);
  }

  /** There are no stations. */
  watchStation(): undefined {
    return undefined;
  }

  private take(member: ChannelMember): void {
    this.member = member;
    this.engine.serve(member.channel, member.seat);
  }
}

export const channelServerKind: LineKind = {
  name: 'server channel',
  connects: false,
  create: (line) => {
    requireOwnCertificate(line.tls);
    const [{ host, port }, backup] = line.paths;
    if (backup !== undefined)
      throw new TelecontrolError('configuration', 'a server channel listens, and a redundant line connects');
    return new ChannelService(channelServerKind, line.name, new ChannelListener({ ...line, host, port }));
  },
};

export const channelClientKind: LineKind = {
  name: 'client channel',
  connects: true,
  create: (line) => {
    requireIdentity(line.tls);
    const path = ({ host, port }: PathProperties) => ({ hosts: parseHosts(host), port });
    const [primary, backup] = line.paths;
    const paths = backup === undefined ? ([path(primary)] as const) : ([path(primary), path(backup)] as const);
    return new ChannelService(channelClientKind, line.name, new ChannelDialer({ ...line, paths }));
  },
};
