import type { ByteChannel } from '../../lib/bytes/byte-channel.js';
import type { OctetWatch } from '../../lib/bytes/octet-watch.js';
import type { Endpoint, PeerPort, PeerSettings } from '../../lib/bytes/peer-port.js';
import type { ByteSession } from '../../lib/bytes/session.js';
import { type LineStatus, lineStatus } from '../../lib/link/status.js';
import type { PassingFrame } from '../../lib/trace/frame-watch.js';
import type { ListedLine } from './line-registry.js';

/** The UDP port of a channel of peers, as a monitor shows it beside the lines. */
export class PeerLine implements ListedLine {
  readonly host: string;
  readonly ports: readonly number[];
  private readonly destinations: string;

  constructor(
    readonly id: string,
    private readonly channel: ByteChannel,
    private readonly port: PeerPort,
    private readonly session: ByteSession,
    private readonly frames: OctetWatch,
    { listen, destinations }: PeerSettings,
  ) {
    this.host = written(listen);
    this.ports = [listen.port];
    this.destinations = destinations.map(written).join(', ');
  }

  get name(): string {
    return this.channel.name;
  }

  get status(): LineStatus {
    const { channel, port, session, destinations } = this;
    const { reason } = port;
    const { flow } = channel;
    const lost = channel.lostOf(session) + port.dropped;
    const shown = {
      remote: session.remote || destinations,
      state: 'started' as const,
      since: session.since,
      framesSent: session.framesSent,
      framesReceived: session.framesReceived,
      sent: session.octetsSent,
      received: session.octetsReceived,
      unacknowledged: 0,
      buffered: channel.waitingOf(session),
      lost,
      ...(channel.isHolder('peer') ? { holder: true as const } : {}),
    };
    const state = reason === undefined ? 'listening' : 'error';
    const line = { state, reason, warnings: [], flags: '', closes: {}, lastClose: undefined, flow } as const;
    return lineStatus({ ...line, lost: lost + (flow?.lost ?? 0) }, [shown], []);
  }

  /** What is sent goes to all destinations, whoever was heard last. */
  watchFrames(watcher: (frame: PassingFrame) => void): () => void {
    const { destinations } = this;
    return this.frames.add((piece) => watcher(piece.direction === 'sent' ? { ...piece, remote: destinations } : piece));
  }

  /** There are no connections. */
  disconnect(): number {
    return 0;
  }

  switchOver(): boolean {
    return false;
  }

  watchStation(): undefined {
    return undefined;
  }

  certificates(): [] {
    return [];
  }
}

function written({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
