import { FrameSplitter } from '../apci/frame.js';
import { hex } from '../octets/octets.js';
import { describeFrame, frameKind } from './describe.js';
import { LimitedLog } from './limited-log.js';
import { VALUE_BITS, ValueWatch } from './value-watch.js';

/** Sees the octets of one connection pass, as they are written and received. They are only valid during the call. */
export interface OctetObserver {
  sent(octets: Uint8Array): void;
  received(octets: Uint8Array): void;
}

/** One APDU that passed. */
export interface PassingFrame {
  /** The peer as `address:port`. */
  readonly remote: string;
  /** This end as `address:port`, where it is known. */
  readonly local: string | undefined;
  readonly direction: 'sent' | 'received';
  /** The APDU, or octets that are none. Only valid during the call. */
  readonly octets: Uint8Array;
  /** They are octets of a byte channel, and no APDU whatever they look like. */
  readonly isOctets?: true;
}

/** A connection whose frames may be watched. */
export interface WatchedConnection {
  /** The peer as `address:port`. */
  readonly remote: string;
  /** This end as `address:port`, where it is known. */
  readonly local?: string | undefined;
}

/** Lines per second that DBGI and DBGO log at most on a line; more are counted and told. */
const LINES_PER_SECOND = 200;
/** Bits of DBGI and DBGO beyond those of values: I-frames; S- and U-frames; the octets of those that are logged. */
const I_FRAMES = 8;
const OTHER_FRAMES = 16;
const WITH_OCTETS = 32;

/**
 * Who looks at the frames of a line: its log, as far as DBGI and DBGO say so, and whoever was added. While nobody does,
 * connections have no observer, and frames cost nothing.
 */
export class FrameWatch {
  private readonly watchers = new Set<(frame: PassingFrame) => void>();
  private observers = new WeakMap<WatchedConnection, OctetObserver>();
  private masks = { received: 0, sent: 0 };
  private readonly limit: LimitedLog;

  /**
   * @param log takes the lines of DBGI and DBGO
   * @param now ms of a clock that never jumps
   * @param changed is called when connections must ask for their observer anew
   */
  constructor(
    private readonly log: (text: string) => void,
    now: () => number,
    private readonly changed: () => void,
  ) {
    const tell = (count: number): void => log(`${count} further lines were not logged (DBGI, DBGO)`);
    this.limit = new LimitedLog(LINES_PER_SECOND, 1000, now, tell);
  }

  /**
   * Says what is logged, masks of bits 0..63: 1 how many values an interrogation brought, 2 every value, 4 requests for
   * interrogations, 8 I-frames, 16 S- and U-frames, 32 the octets of those frames.
   * @param received DBGI @param sent DBGO
   */
  debug(received: number, sent: number): void {
    if (this.masks.received === received && this.masks.sent === sent) return;
    this.masks = { received, sent };
    this.update();
  }

  /** Shows every frame of the line from now on; the result ends that. */
  add(watcher: (frame: PassingFrame) => void): () => void {
    this.watchers.add(watcher);
    this.update();
    return () => {
      if (this.watchers.delete(watcher)) this.update();
    };
  }

  /** What a connection shows its octets to; undefined while nobody looks. */
  observer(connection: WatchedConnection): OctetObserver | undefined {
    if (!this.isWatched) return undefined;
    let observer = this.observers.get(connection);
    if (observer === undefined) {
      const { remote } = connection;
      const values = { received: this.valueWatch(remote, 'received'), sent: this.valueWatch(remote, 'sent') };
      observer = new FrameCutter(connection, (frame) => this.show(frame, values[frame.direction]));
      this.observers.set(connection, observer);
    }
    return observer;
  }

  private valueWatch(remote: string, direction: PassingFrame['direction']): ValueWatch {
    return new ValueWatch((line) => {
      if (this.limit.take()) this.log(`${remote} ${direction}: ${line()}`);
    });
  }

  private get isWatched(): boolean {
    return this.masks.received > 0 || this.masks.sent > 0 || this.watchers.size > 0;
  }

  private update(): void {
    // What passes unseen is missing in a stream that is looked at again: it has to be cut anew.
    if (!this.isWatched) this.observers = new WeakMap();
    this.changed();
  }

  private show(frame: PassingFrame, values: ValueWatch): void {
    for (const watcher of this.watchers) watcher(frame);
    const mask = this.masks[frame.direction];
    if (mask === 0) return;
    const kind = frameKind(frame.octets);
    if (kind === 'I' && (mask & VALUE_BITS) !== 0) values.show(frame.octets, mask);
    // What is no frame is shown with any.
    const wanted = kind === undefined ? I_FRAMES | OTHER_FRAMES : kind === 'I' ? I_FRAMES : OTHER_FRAMES;
    if ((mask & wanted) === 0 || !this.limit.take()) return;
    const octets = (mask & WITH_OCTETS) === 0 ? '' : ` [${hex(frame.octets, frame.octets.length)}]`;
    this.log(`${frame.remote} ${frame.direction}: ${describeFrame(frame.octets)}${octets}`);
  }
}

/** Cuts the octets of both directions into frames. */
class FrameCutter implements OctetObserver {
  private readonly cutters: Record<PassingFrame['direction'], FrameSplitter> = {
    sent: new FrameSplitter(),
    received: new FrameSplitter(),
  };

  constructor(
    private readonly connection: WatchedConnection,
    private readonly show: (frame: PassingFrame) => void,
  ) {}

  sent(octets: Uint8Array): void {
    this.cut('sent', octets);
  }

  received(octets: Uint8Array): void {
    this.cut('received', octets);
  }

  private cut(direction: PassingFrame['direction'], octets: Uint8Array): void {
    const splitter = this.cutters[direction];
    const { remote, local } = this.connection;
    const wrong = splitter.split(octets, (from, at, length) => {
      this.show({ remote, local, direction, octets: from.subarray(at, at + length) });
      return true;
    });
    if (wrong === undefined) return;
    // Either the peer sends nonsense, and its connection closes; or we began to look in the middle of a frame.
    this.show({ remote, local, direction, octets: splitter.last });
    this.cutters[direction] = new FrameSplitter();
  }
}
