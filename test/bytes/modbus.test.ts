import assert from 'node:assert/strict';
import { once } from 'node:events';
import ModbusRTU, { ServerSerial } from 'modbus-serial';
import * as serialport from 'serialport';
import { ChannelListener } from '../../lib/bytes/channel-listener.js';
import { SerialDevice } from '../../lib/bytes/serial-device.js';
import { Cable, needsSocat } from './socat.js';
import { World } from './world.js';

/** Requests of each master. */
const REQUESTS = 1000;

describe('two MODBUS masters and one slave on a slotted channel', () => {
  let world: World;
  let cable: Cable;
  before(function () {
    needsSocat(this);
  });
  beforeEach(async () => {
    world = new World();
    cable = new Cable();
    await cable.plug();
  });
  afterEach(async () => {
    await world.end();
    await cable.remove();
  });

  /** Asked for register n of unit u, the slave says that it was: nobody can take it for another answer. */
  const answerOf = (unit: number, address: number): number => (unit * 10_000 + address) & 0xffff;

  async function slave(): Promise<void> {
    const vector = { getHoldingRegister: (address: number, unit: number): number => answerOf(unit, address) };
    const server = new ServerSerial(vector as never, { path: cable.far, baudRate: 115_200, interval: 1 } as never);
    await once(server, 'initialized');
    world.atEnd(() => new Promise<void>((done) => server.close(() => done())));
  }

  async function master(port: number, unit: number): Promise<ModbusRTU> {
    const client = new ModbusRTU();
    // RTU frames over TCP as they are.
    await client.connectTelnet('127.0.0.1', { port });
    client.setID(unit);
    client.setTimeout(60_000);
    world.atEnd(() => new Promise<void>((done) => client.close(() => done())));
    return client;
  }

  it(`ask at once, ${REQUESTS} times each: no answer goes to the wrong master, none is mixed`, async function () {
    this.timeout(180_000);
    await slave();
    const settings = { path: cable.near, baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;
    const device = new SerialDevice(settings, () => serialport, world.observer.log);
    // The slave is a program beside others: what it has not answered by the end of its slot would go to the other master.
    const channel = world.channel({ device, slotTimeout: 1000 });
    const ports: number[] = [];
    for (const seat of ['primary', 'secondary'] as const) {
      const line = new ChannelListener({ host: '127.0.0.1', port: 0, observer: world.observer });
      world.atEnd(() => line.close());
      line.serve(channel, seat);
      line.open();
      await world.until(() => line.status.state === 'listening', 'a port');
      ports.push(line.port as number);
    }
    await world.until(() => device.reason === undefined, 'the serial port');
    const masters = [await master(ports[0] as number, 1), await master(ports[1] as number, 2)];
    const seen = new Map<string, number>();
    await Promise.all(
      masters.map(async (client, index) => {
        for (let i = 0; i < REQUESTS; i++) {
          const count = 1 + (i % 20);
          const address = (i * 7) % 5000;
          const { data } = await client.readHoldingRegisters(address, count);
          assert.deepEqual(
            data,
            Array.from({ length: count }, (_, n) => answerOf(index + 1, address + n)),
          );
          const key = `master ${index + 1}`;
          seen.set(key, (seen.get(key) ?? 0) + 1);
          const counts = [...seen.values()];
          // Neither has to wait until the other is done.
          if (counts.length === 2 && i % 100 === 99) assert.ok(Math.min(...counts) > 0);
        }
      }),
    );
    assert.deepEqual([...seen.values()], [REQUESTS, REQUESTS]);
    assert.equal(channel.status.lost, 0);
    // What went to the slave, as flows are shown it: whole requests alone.
    for (const frame of world.frames.filter(({ session }) => session !== 'serial'))
      assert.ok(frame.octets.length === 8 && crc(frame.octets) === 0, Buffer.from(frame.octets).toString('hex'));
    assert.equal(world.frames.filter(({ session }) => session !== 'serial').length, 2 * REQUESTS);
  });
});

/** CRC-16 of MODBUS: 0 over a frame with its own. */
function crc(octets: Uint8Array): number {
  let value = 0xffff;
  for (const octet of octets) {
    value ^= octet;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >> 1) ^ 0xa001 : value >> 1;
  }
  return value;
}
