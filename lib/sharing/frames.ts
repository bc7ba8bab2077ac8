/** How octets that follow each other are made into frames. */
export interface Packing {
  /** The octet that ends a frame, 0..255; it belongs to the frame. Undefined where none does. */
  readonly separator: number | undefined;
  /** Octets of a frame at most, 1..1460. */
  readonly maxFrame: number;
  /** ms without an octet after which a frame has ended, 1..2550. */
  readonly maxDelay: number;
}

export interface Frame {
  readonly octets: Uint8Array;
  /** When its first octet came, ms of the clock. */
  readonly at: number;
  /** False where the beginning of the frame has been taken before. */
  readonly begins: boolean;
  /** Where it came from, or where it goes: as whoever put it in says. */
  readonly tag: string;
}

/** Octets that wait in a queue at most; beyond them the oldest frame is dropped. */
export const MAX_WAITING = 65_536;
/** Frames that wait at most, so that very short ones cost no more memory than long ones. */
const MAX_FRAMES = 4096;

/** Octets that wait, cut into frames. Whoever is slow to take them loses the oldest frames, which are counted. */
export class FrameQueue {
  /** Octets that wait. */
  octets = 0;
  /** Frames that were dropped, since the queue was made. */
  dropped = 0;
  private readonly frames: Frame[] = [];
  /** The frame that has not ended, as far as it was not taken. */
  private readonly open: Uint8Array;
  private openLength = 0;
  /** Its octets that were taken already. */
  private openTaken = 0;
  private openAt = 0;
  private lastAt = Number.NEGATIVE_INFINITY;
  private tag = '';

  constructor(private readonly packing: Packing) {
    this.open = new Uint8Array(packing.maxFrame);
  }

  /** Appends octets, which it copies. @param tag octets of another tag are another frame */
  push(octets: Uint8Array, now: number, tag = ''): void {
    const { separator, maxFrame, maxDelay } = this.packing;
    if (now - this.lastAt >= maxDelay || tag !== this.tag) this.end();
    this.lastAt = now;
    this.tag = tag;
    for (let at = 0; at < octets.length; ) {
      const piece = octets.subarray(at, at + maxFrame - this.openTaken - this.openLength);
      const found = separator === undefined ? -1 : piece.indexOf(separator);
      const count = found < 0 ? piece.length : found + 1;
      if (this.openLength === 0) this.openAt = now;
      this.open.set(piece.subarray(0, count), this.openLength);
      this.openLength += count;
      this.octets += count;
      at += count;
      if (found >= 0 || this.openTaken + this.openLength === maxFrame) this.end();
    }
    while (this.octets > MAX_WAITING || this.frames.length > MAX_FRAMES) this.dropOldest();
  }

  /** What was put in so far is a whole frame, whatever follows. */
  end(): void {
    if (this.openLength > 0) this.frames.push(this.openFrame());
    this.openLength = 0;
    this.openTaken = 0;
  }

  /** Takes the next frame, or what there is of it. */
  take(): Frame | undefined {
    const frame = this.frames.shift() ?? this.takeOpen();
    if (frame !== undefined) this.octets -= frame.octets.length;
    return frame;
  }

  /** Takes the next frame that has ended. */
  takeWhole(now: number): Frame | undefined {
    if (now >= this.ripeAt) this.end();
    return this.frames.length > 0 ? this.take() : undefined;
  }

  /** When the frame that has not ended does so for want of octets, ms of the clock; Infinity where there is none. */
  get ripeAt(): number {
    return this.openLength > 0 ? this.lastAt + this.packing.maxDelay : Number.POSITIVE_INFINITY;
  }

  /** Whether what would be taken next is the beginning of a frame; false also where there is nothing. */
  get begins(): boolean {
    const [first] = this.frames;
    return first === undefined ? this.openLength > 0 && this.openTaken === 0 : first.begins;
  }

  /** Drops all that waits. */
  clear(): void {
    this.end();
    this.dropped += this.frames.length;
    this.frames.length = 0;
    this.octets = 0;
  }

  private openFrame(): Frame {
    const octets = this.open.slice(0, this.openLength);
    return { octets, at: this.openAt, begins: this.openTaken === 0, tag: this.tag };
  }

  private takeOpen(): Frame | undefined {
    if (this.openLength === 0) return undefined;
    const frame = this.openFrame();
    this.openTaken += this.openLength;
    this.openLength = 0;
    return frame;
  }

  private dropOldest(): void {
    this.octets -= this.frames.shift()?.octets.length ?? 0;
    this.dropped++;
  }
}
