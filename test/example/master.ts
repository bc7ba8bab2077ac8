import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * A control centre of literal octets: it uses nothing of the engine that it tests. IEC 60870-5-104 with cause of two
 * octets, common address of two, object address of three.
 */

/** An object of a received ASDU. */
export interface Received {
  readonly typeId: number;
  readonly cause: number;
  readonly negative: boolean;
  readonly ioa: number;
  readonly value: number;
  /** Quality flags; of integrated totals the octet of sequence number, carry and IV. */
  readonly quality: number;
  /** ms since 1970 of a time tag in UTC. */
  readonly time: number | undefined;
}

/** Octets of an object behind its address, of the types that the example sends, and where its quality stands. */
const types: Readonly<Record<number, { size: number; quality: number; value(at: DataView): number }>> = {
  1: { size: 1, quality: 0, value: (at) => at.getUint8(0) & 1 },
  3: { size: 1, quality: 0, value: (at) => at.getUint8(0) & 3 },
  11: { size: 3, quality: 2, value: (at) => at.getInt16(0, true) },
  13: { size: 5, quality: 4, value: (at) => at.getFloat32(0, true) },
  15: { size: 5, quality: 4, value: (at) => at.getInt32(0, true) },
  30: { size: 8, quality: 0, value: (at) => at.getUint8(0) & 1 },
  31: { size: 8, quality: 0, value: (at) => at.getUint8(0) & 3 },
  35: { size: 10, quality: 2, value: (at) => at.getInt16(0, true) },
  36: { size: 12, quality: 4, value: (at) => at.getFloat32(0, true) },
  37: { size: 12, quality: 4, value: (at) => at.getInt32(0, true) },
  45: { size: 1, quality: 0, value: (at) => at.getUint8(0) & 1 },
  50: { size: 5, quality: 4, value: (at) => at.getFloat32(0, true) },
  100: { size: 1, quality: 0, value: (at) => at.getUint8(0) },
  101: { size: 1, quality: 0, value: (at) => at.getUint8(0) },
};

function timeOf(tag: DataView): number {
  const ms = tag.getUint16(0, true);
  const octet = (i: number, mask: number): number => tag.getUint8(i) & mask;
  return Date.UTC(2000 + octet(6, 0x7f), octet(5, 0x0f) - 1, octet(4, 0x1f), octet(3, 0x1f), octet(2, 0x3f), 0, ms);
}

/** The objects of an ASDU, each address written out or the first of a sequence. */
function objectsOf(asdu: Buffer): Received[] {
  const typeId = asdu.readUInt8(0);
  const type = types[typeId];
  if (type === undefined) throw new Error(`type ${typeId} is none of the example's: ${asdu.toString('hex')}`);
  const isSequence = asdu.readUInt8(1) >= 128;
  let at = 6;
  let ioa = 0;
  return Array.from({ length: asdu.readUInt8(1) & 0x7f }, (_, i) => {
    if (isSequence && i > 0) ioa++;
    else {
      ioa = asdu.readUIntLE(at, 3);
      at += 3;
    }
    const view = new DataView(asdu.buffer, asdu.byteOffset + at, type.size);
    at += type.size;
    const hasTime = typeId >= 30 && typeId <= 37;
    return {
      typeId,
      cause: asdu.readUInt8(2) & 0x3f,
      negative: (asdu.readUInt8(2) & 0x40) !== 0,
      ioa,
      value: type.value(view),
      // Of single and double points the low bits are the value.
      quality: view.getUint8(type.quality) & (type.quality === 0 ? 0xf0 : 0xff),
      time: hasTime ? timeOf(new DataView(view.buffer, view.byteOffset + type.size - 7, 7)) : undefined,
    };
  });
}

export class Master {
  /** All objects received, in order. */
  readonly received: Received[] = [];
  /** What came before the last `send` is not looked at. */
  private since = 0;
  private nr = 0;
  private ns = 0;
  private pieces = Buffer.alloc(0);
  private readonly watchers = new Set<() => void>();

  private constructor(private readonly socket: Socket) {
    socket.on('data', (octets) => this.split(octets));
    socket.on('error', () => {});
  }

  /** Connects and starts data transfer. */
  static async connect(port: number): Promise<Master> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    const master = new Master(socket);
    socket.write(Buffer.from('680407000000', 'hex'));
    return master;
  }

  close(): void {
    this.socket.destroy();
  }

  /** Sends an ASDU with cause `activation` (6) and common address 1. @param rest the object, as hexadecimal digits */
  send(typeId: number, rest: string, cause = 6): void {
    const asdu = Buffer.from([typeId, 1, cause, 0, 1, 0, ...Buffer.from(rest, 'hex')]);
    const control = Buffer.alloc(4);
    control.writeUInt16LE(this.ns << 1, 0);
    this.ns = (this.ns + 1) % 32768;
    control.writeUInt16LE(this.nr << 1, 2);
    this.since = this.received.length;
    this.socket.write(Buffer.concat([Buffer.from([0x68, asdu.length + 4]), control, asdu]));
  }

  /** The first object since the last `send` that is as wanted, which may be still to come. */
  async next(what: string, wanted: (object: Received) => boolean): Promise<Received> {
    for (let at = this.since; ; ) {
      for (; at < this.received.length; at++) {
        const object = this.received[at] as Received;
        if (wanted(object)) return object;
      }
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          const last = this.received.slice(-3).map((object) => JSON.stringify(object));
          reject(new Error(`${what} has not come; last: ${last.join(' ')}`));
        }, 20_000);
        const watcher = (): void => {
          clearTimeout(timer);
          this.watchers.delete(watcher);
          resolve();
        };
        this.watchers.add(watcher);
      });
    }
  }

  /** The values of an interrogation by their addresses. @param typeId 100, or 101 for counters */
  async interrogate(typeId: 100 | 101): Promise<Map<number, Received>> {
    this.send(typeId, typeId === 100 ? '00000014' : '00000005');
    const answer = (cause: number) => (object: Received) => object.typeId === typeId && object.cause === cause;
    await this.next('confirmation of the interrogation', answer(7));
    await this.next('termination of the interrogation', answer(10));
    const cause = typeId === 100 ? 20 : 37;
    const values = this.received.slice(this.since).filter((object) => object.cause === cause);
    return new Map(values.map((object) => [object.ioa, object]));
  }

  private split(octets: Buffer): void {
    this.pieces = Buffer.concat([this.pieces, octets]);
    while (this.pieces.length >= 2 && this.pieces.length >= 2 + this.pieces.readUInt8(1)) {
      const end = 2 + this.pieces.readUInt8(1);
      this.frame(this.pieces.subarray(0, end));
      this.pieces = this.pieces.subarray(end);
    }
  }

  private frame(apdu: Buffer): void {
    const control = apdu.readUInt8(2);
    if (control === 0x43) this.socket.write(Buffer.from('680483000000', 'hex'));
    if ((control & 1) !== 0) return;
    this.nr = (this.nr + 1) % 32768;
    const supervisory = Buffer.from('680401000000', 'hex');
    supervisory.writeUInt16LE(this.nr << 1, 4);
    this.socket.write(supervisory);
    this.received.push(...objectsOf(Buffer.from(apdu.subarray(6))));
    for (const watcher of [...this.watchers]) watcher();
  }
}
