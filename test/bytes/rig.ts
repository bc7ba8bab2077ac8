import assert from 'node:assert/strict';
import { type Arrival, ByteChannel, type ByteChannelOptions } from '../../lib/bytes/byte-channel.js';
import type { Device, DeviceHandler } from '../../lib/bytes/device.js';
import { OctetWatch } from '../../lib/bytes/octet-watch.js';
import { ByteSession } from '../../lib/bytes/session.js';
import { type MemoryChannel, memoryPair } from '../../lib/line/memory.js';
import type { Party } from '../../lib/sharing/sharing.js';
import { VirtualClock } from '../link/virtual-clock.js';

/** A serial port in memory. */
export class TestDevice implements Device {
  readonly name = '/dev/test';
  reason: string | undefined;
  isReady = true;
  /** Whether what it is given is sent at once. */
  isFast = true;
  readonly written: string[] = [];
  handler!: DeviceHandler;

  constructor(private readonly clock: VirtualClock) {}

  open(handler: DeviceHandler): void {
    this.handler = handler;
  }

  write(octets: Uint8Array): void {
    assert.ok(this.isReady, 'it was given octets while it was not ready');
    this.written.push(Buffer.from(octets).toString());
    this.isReady = false;
    if (this.isFast) this.clock.soon(() => this.settle());
  }

  settle(): void {
    this.isReady = true;
    this.handler.written();
  }

  unplug(): void {
    this.reason = 'unplugged';
    this.isReady = false;
    this.handler.changed();
  }

  plug(): void {
    this.reason = undefined;
    this.isReady = true;
    this.handler.changed();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A channel in virtual time, and the far ends of its sessions. */
export class ChannelRig {
  readonly clock = new VirtualClock();
  readonly device = new TestDevice(this.clock);
  readonly channel: ByteChannel;
  readonly arrived: string[] = [];
  readonly arrivals: Arrival[] = [];
  /** How many times it told of a change. */
  changes = 0;
  readonly sessions = new Map<Party, ByteSession>();

  /** @param downstream a serial port, or a flow in its place */
  constructor(downstream: 'serial' | 'flow', options: Partial<ByteChannelOptions> = {}) {
    this.channel = new ByteChannel(
      {
        name: 'Test',
        sharing: 'slotted',
        slotTimeout: 600,
        packing: { separator: undefined, maxFrame: 1460, maxDelay: 10 },
        device: downstream === 'serial' ? this.device : undefined,
        clock: this.clock,
        ...options,
      },
      {
        arrived: (arrival) => {
          this.arrivals.push(arrival);
          this.arrived.push(`${arrival.session}: ${Buffer.from(arrival.octets).toString()}`);
        },
        changed: () => {
          this.changes++;
        },
      },
    );
    this.channel.open();
  }

  /** Connects a session. @returns the far end */
  connect(party: Party): FarEnd {
    const [near, far] = memoryPair({
      later: (call) => this.clock.soon(call),
      remote: party === 'primary' ? '192.0.2.1:40001' : '192.0.2.2:40002',
    });
    const session = new ByteSession(
      party,
      near,
      this.clock.wall(),
      {
        received: (from, octets) => this.channel.received(from, octets),
        closed: (from) => this.channel.detach(from),
      },
      new OctetWatch(() => {}),
    );
    this.sessions.set(party, session);
    this.channel.attach(session);
    return new FarEnd(far, this.clock);
  }

  /** The device says something. */
  say(text: string): void {
    this.device.handler.data(Buffer.from(text));
    this.clock.settle();
  }
}

export class FarEnd {
  readonly frames: string[] = [];
  isClosed = false;

  constructor(
    readonly channel: MemoryChannel,
    private readonly clock: VirtualClock,
  ) {
    channel.attach({
      data: (octets) => this.frames.push(Buffer.from(octets).toString()),
      drained: () => {},
      closed: () => {
        this.isClosed = true;
      },
    });
  }

  send(text: string): void {
    this.channel.write(Buffer.from(text));
    this.clock.settle();
  }
}
