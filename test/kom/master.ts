import { connect, type Socket } from 'node:net';
import { octets, STARTDT_ACT, Wire } from '../server/wire.js';

/** What one instance has sent: which instance, and when it came. */
export interface Arrival {
  readonly instance: number;
  readonly at: number;
  readonly count: number;
}

/** ms between attempts to connect: a control centre tries again at once. */
const RETRY = 10;

/**
 * A control centre that connects again and again, and notes from which instance events come. A flow marks them: the first
 * 4 bits of a bit string are the number of its instance, the others count.
 */
export class Master {
  last: Arrival | undefined;
  readonly seen = new Map<number, number>();
  private socket: Socket | undefined;
  private isOver = false;
  private waiting: (() => void) | undefined;

  constructor(private readonly port: number) {
    this.dial();
  }

  close(): void {
    this.isOver = true;
    this.socket?.destroy();
  }

  /** Waits for events of an instance. @returns the first of them */
  async hears(is: (arrival: Arrival) => boolean): Promise<Arrival> {
    while (this.last === undefined || !is(this.last))
      await new Promise<void>((resolve) => {
        this.waiting = resolve;
      });
    return this.last;
  }

  /**
   * Does something to the instance that is active, and waits for events of another.
   * @returns ms between the last event of the old and the first of the new one
   */
  async takeover(act: () => Promise<unknown>): Promise<{ readonly ms: number; readonly to: number }> {
    const from = (this.last as Arrival).instance;
    let before = this.last as Arrival;
    const next = this.hears((arrival) => {
      if (arrival.instance === from) before = arrival;
      return arrival.instance !== from;
    });
    await act();
    const after = await next;
    return { ms: after.at - before.at, to: after.instance };
  }

  private dial(): void {
    if (this.isOver) return;
    const wire = new Wire();
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    this.socket = socket;
    let received = Buffer.alloc(0);
    socket.on('connect', () => socket.write(octets(STARTDT_ACT)));
    socket.on('error', () => {});
    socket.on('close', () => setTimeout(() => this.dial(), RETRY));
    socket.on('data', (data: Buffer) => {
      received = Buffer.concat([received, data]);
      for (let end = (received[1] ?? 254) + 2; received.length >= end; end = (received[1] ?? 254) + 2) {
        const frame = received.subarray(0, end);
        received = received.subarray(end);
        if ((frame[2] as number) % 2 === 0) this.take(frame, () => socket.write(octets(wire.acknowledgement())), wire);
      }
    });
  }

  private take(frame: Buffer, acknowledge: () => void, wire: Wire): void {
    wire.asduOf(frame.toString('hex').replace(/..(?!$)/g, '$& '));
    acknowledge();
    if (frame[6] !== 7 || frame[8] !== 3) return;
    const value = frame.readUInt32LE(15);
    this.last = { instance: value >>> 28, at: performance.now(), count: value & 0xfff_ffff };
    this.waiting?.();
  }
}
