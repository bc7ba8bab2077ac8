/** Octets to and from one peer, over whatever carries them. */
export interface Channel {
  /** The peer as `address:port`. */
  readonly remote: string;
  /** The peer's address alone. */
  readonly address: string;
  /** This end as `address:port`, where it is known. */
  readonly local?: string;
  /** The common name in the peer's certificate, where TLS has verified it. */
  readonly certificate?: string;
  /** Octets written and not yet taken by the operating system. */
  readonly backlog: number;
  /** From now on the handler is told what comes. */
  attach(handler: ChannelHandler): void;
  /**
   * Writes octets.
   * @returns true when the caller may use the memory again at once; false when the channel keeps it
   */
  write(octets: Uint8Array): boolean;
  /** Stops and goes on reading. */
  pause(): void;
  resume(): void;
  /** Has the operating system ask whether a peer that is silent is still there, where the protocol does not. */
  keepAlive?(): void;
  /** Sends what is written, then closes; at once when that takes longer than a moment. */
  end(): void;
  /** Closes at once. */
  destroy(): void;
}

export interface ChannelHandler {
  data(octets: Uint8Array): void;
  /** The backlog has gone. */
  drained(): void;
  /** The connection has gone, with the operating system's code if there was an error. */
  closed(code: string | undefined): void;
}
