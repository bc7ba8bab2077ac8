import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as serialport from 'serialport';
import {
  SerialDevice,
  type SerialPackage,
  type SerialPort,
  type SerialSettings,
} from '../../lib/bytes/serial-device.js';
import { VirtualClock } from '../link/virtual-clock.js';
import { Cable, needsSocat } from './socat.js';
import { fastClock, World } from './world.js';

const settings = (path: string): SerialSettings => ({ path, baudRate: 9600, dataBits: 8, parity: 'even', stopBits: 1 });

describe('a serial port on a pseudo-terminal', () => {
  let world: World;
  let cable: Cable;
  before(function () {
    needsSocat(this);
  });
  beforeEach(() => {
    world = new World();
    cable = new Cable();
  });
  afterEach(async () => {
    await world.end();
    await cable.remove();
  });

  /** The other end of the cable: what it receives it gives back. */
  async function echo(): Promise<serialport.SerialPort> {
    const port = new serialport.SerialPort({ path: cable.far, baudRate: 9600, autoOpen: false });
    port.on('data', (octets: Buffer) => port.write(octets));
    port.on('error', () => {});
    await new Promise<void>((done, fail) => port.open((error) => (error ? fail(error) : done())));
    world.atEnd(() => port.isOpen && new Promise<void>((done) => port.close(() => done())));
    return port;
  }

  it('carries octets both ways', async () => {
    await cable.plug();
    await echo();
    const device = new SerialDevice(settings(cable.near), () => serialport, world.observer.log);
    const channel = world.channel({ device });
    await world.until(() => device.reason === undefined, 'the port');
    channel.send(Buffer.from('there and back'));
    await world.until(() => world.arrived.join('') === 'serial: there and back', 'the echo');
  });

  it('carries more than the cable holds, in order', async () => {
    await cable.plug();
    await echo();
    const device = new SerialDevice(settings(cable.near), () => serialport, world.observer.log);
    const channel = world.channel({
      device,
      sharing: 'raw',
      packing: { separator: 10, maxFrame: 1460, maxDelay: 500 },
    });
    await world.until(() => device.reason === undefined, 'the port');
    const lines = Array.from({ length: 500 }, (_, i) => `line ${i} ${'x'.repeat(80)}\n`);
    for (const line of lines) channel.send(Buffer.from(line));
    await world.until(() => world.arrived.length === lines.length, 'all lines');
    assert.deepEqual(
      world.arrived,
      lines.map((line) => `serial: ${line}`),
    );
  });

  it('is waited for where it is not there, and found again after it was unplugged', async () => {
    const device = new SerialDevice(settings(cable.near), () => serialport, world.observer.log, fastClock);
    const channel = world.channel({ device });
    await world.until(() => /No such file/.test(device.reason ?? ''), 'the error');
    assert.throws(() => channel.send(Buffer.from('lost')), /serial port .*near: .*No such file/);
    for (let times = 0; times < 2; times++) {
      await cable.plug();
      const far = await echo();
      await world.until(() => device.reason === undefined, 'the port');
      world.arrived.length = 0;
      channel.send(Buffer.from('here'));
      await world.until(() => world.arrived.join('') === 'serial: here', 'the echo');
      const gone = new Promise((done) => far.on('close', done));
      await cable.unplug();
      await gone;
      await world.until(() => device.reason !== undefined, 'the loss');
    }
    assert.equal(world.log.filter((text) => /is open$/.test(text)).length, 2);
  });

  it('says that another has it', async () => {
    await cable.plug();
    const first = new SerialDevice(settings(cable.near), () => serialport, world.observer.log, fastClock);
    world.channel({ device: first });
    await world.until(() => first.reason === undefined, 'the port');
    const second = new SerialDevice(settings(cable.near), () => serialport, world.observer.log, fastClock);
    world.channel({ device: second });
    await world.until(() => /lock/i.test(second.reason ?? ''), 'the refusal');
    await first.close();
    await world.until(() => second.reason === undefined, 'the port');
  });
});

describe('a serial port', () => {
  /** A port of the package, driven by the test. */
  class FakePort extends EventEmitter implements SerialPort {
    static readonly made: FakePort[] = [];
    isOpen = false;
    writes: ((error?: Error) => void)[] = [];
    opening: (error: Error | null) => void = () => {};
    constructor(readonly options: SerialSettings) {
      super();
      FakePort.made.push(this);
    }
    open(done: (error: Error | null) => void): void {
      this.opening = (error) => {
        this.isOpen = error === null;
        done(error);
      };
    }
    write(_octets: Uint8Array, done: (error?: Error) => void): void {
      this.writes.push(done);
    }
    drain(done: (error: null) => void): void {
      done(null);
    }
    close(done: (error: null) => void): void {
      this.isOpen = false;
      done(null);
    }
  }
  const fake = { SerialPort: FakePort } as unknown as SerialPackage;
  const last = (): FakePort => FakePort.made.at(-1) as FakePort;
  const told: string[] = [];
  const events: string[] = [];
  let clock: VirtualClock;
  let device: SerialDevice;

  beforeEach(() => {
    FakePort.made.length = 0;
    told.length = 0;
    events.length = 0;
    clock = new VirtualClock();
    device = new SerialDevice(
      settings('/dev/x'),
      () => fake,
      (level, text) => told.push(`${level}: ${text}`),
      clock,
      () => 1,
    );
    device.open({
      data: (octets) => events.push(Buffer.from(octets).toString()),
      written: () => events.push('written'),
      changed: () => events.push(device.reason ?? 'open'),
    });
  });

  it('is opened with its settings', () => {
    assert.deepEqual(last().options, { ...settings('/dev/x'), autoOpen: false });
  });

  it('is tried again after 1, 2, 4 … 30 s, and told of once', () => {
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      last().opening(new Error('No such file'));
      const before = FakePort.made.length;
      let waited = 0;
      while (FakePort.made.length === before) {
        clock.advance(1000);
        waited++;
      }
      waits.push(waited);
    }
    assert.deepEqual(waits, [1, 2, 4, 8, 16, 30, 30, 30]);
    assert.deepEqual(told, ['error: serial port /dev/x: No such file; it is tried again']);
    last().opening(null);
    clock.advance(30_000);
    last().emit('close', new Error('unplugged'));
    assert.equal(clock.pending, 1);
    clock.advance(1000);
    last().opening(null);
    assert.equal(events.at(-1), 'open', 'once it has stood, it is looked for soon again');
  });

  it('is opened anew where it does not send what it is given', () => {
    last().opening(null);
    const stuck = last();
    device.write(new Uint8Array(960));
    assert.equal(device.isReady, false);
    clock.advance(1200 + 4999);
    assert.equal(device.reason, undefined);
    clock.advance(1);
    assert.match(device.reason ?? '', /flow control/);
    assert.equal(stuck.isOpen, false);
    clock.advance(1000);
    last().opening(null);
    assert.equal(device.isReady, true);
    stuck.writes[0]?.();
    assert.deepEqual(
      events,
      ['open', 'does not send what it is given: flow control?', 'open'],
      'what is late is not heard',
    );
  });

  it('survives errors of writing', () => {
    last().opening(null);
    device.write(new Uint8Array(1));
    last().writes[0]?.(new Error('Input/output error'));
    assert.equal(device.reason, 'Input/output error');
    last().emit('error', new Error('and another'));
    assert.equal(told.length, 2);
  });

  it('says how to install the package, and takes it when it is there', () => {
    let isThere = false;
    const missing = new SerialDevice(
      settings('/dev/x'),
      () => {
        if (isThere) return fake;
        throw new Error('npm install serialport');
      },
      (level, text) => told.push(`${level}: ${text}`),
      clock,
    );
    missing.open({ data: () => {}, written: () => {}, changed: () => {} });
    assert.equal(missing.reason, 'npm install serialport');
    isThere = true;
    clock.advance(1000);
    last().opening(null);
    assert.equal(missing.reason, undefined);
  });

  it('whose file has gone was unplugged, though it reads as one that is silent', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'telecontrol-serial-'));
    const path = join(folder, 'port');
    writeFileSync(path, '');
    const world = new World();
    const silent = new SerialDevice(settings(path), () => fake, world.observer.log, fastClock);
    const channel = world.channel({ device: silent });
    last().opening(null);
    rmSync(path);
    await world.until(() => channel.status.reason === 'has been unplugged', 'the loss');
    await world.end();
    rmSync(folder, { recursive: true });
  });

  it('that is closed while it opens does not stay open', async () => {
    const port = last();
    await device.close();
    port.opening(null);
    assert.equal(port.isOpen, false);
    assert.equal(clock.pending, 0);
    assert.deepEqual(events, []);
  });
});
