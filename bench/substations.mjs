// Any number of substations without any engine, one behind each connection: answers STARTDT, TESTFR and interrogations, and
// sends events M_ME_TF_1 that carry the clock. Line by line on the standard input: `stall N` makes the first N connections
// read and write no more.
//
//   --points P   values that an interrogation brings
//   --events E   events per second and connection, once it has been interrogated
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { APCI, apci, COMMAND, EVENT, event, header, MODULO } from './apdu.mjs';
import { options, tick } from './options.mjs';

const given = options({ host: '127.0.0.1', port: 0, points: 500, events: 10, k: 12 });

const PER_ASDU = 30;
/** ms between two looks at who is to send; connections are spread over a period. */
const SLOT = 5;

/** @type {Substation[]} */
const substations = [];

class Substation {
  sent = 0;
  acknowledged = 0;
  received = 0;
  isInterrogated = false;
  isStalled = false;
  events = 0;
  rest = Buffer.alloc(0);
  /** Writes of I-frames that wait for the window. @type {((octets: Buffer, ns: number, nr: number) => number)[]} */
  waiting = [];

  constructor(socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (data) => this.take(data));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isStalled = true;
    });
  }

  take(data) {
    const octets = this.rest.length === 0 ? data : Buffer.concat([this.rest, data]);
    let at = 0;
    while (octets.length - at >= 2 && octets.length - at >= octets[at + 1] + 2) {
      this.frame(octets, at);
      at += octets[at + 1] + 2;
    }
    this.rest = octets.subarray(at);
    this.pump();
  }

  frame(octets, at) {
    const control = octets[at + 2];
    if ((control & 3) === 3) {
      if (control === 0x07) this.u(0x0b);
      else if (control === 0x43) this.u(0x83);
      return;
    }
    this.acknowledged = octets.readUInt16LE(at + 4) >> 1;
    if ((control & 1) === 1) return;
    this.received = (this.received + 1) % MODULO;
    const type = octets[at + APCI];
    const qualifier = octets[at + APCI + 9];
    this.answer(type, qualifier, 7);
    if (type === 100) for (let first = 1; first <= given.points; first += PER_ASDU) this.values(first);
    this.answer(type, qualifier, 10);
    if (type === 101) this.isInterrogated = true;
  }

  u(control) {
    this.socket.write(Buffer.of(0x68, 4, control, 0, 0, 0));
  }

  answer(type, qualifier, cause) {
    this.waiting.push((octets, ns, nr) => {
      const object = header(octets, apci(octets, 0, COMMAND, ns, nr), type, 1, cause);
      octets.fill(0, object, object + 3);
      octets[object + 3] = qualifier;
      return APCI + COMMAND;
    });
  }

  values(first) {
    const count = Math.min(PER_ASDU, given.points - first + 1);
    this.waiting.push((octets, ns, nr) => {
      let at = header(octets, apci(octets, 0, 6 + count * 8, ns, nr), 13, count, 20);
      for (let ioa = first; ioa < first + count; ioa++) {
        octets.writeUIntLE(ioa, at, 3);
        octets.writeFloatLE(0, at + 3);
        octets[at + 7] = 0;
        at += 8;
      }
      return at;
    });
  }

  event() {
    const ioa = 1 + (this.events++ % given.points);
    this.waiting.push((octets, ns, nr) => {
      event(octets, 0, ns, ioa, tick(), nr);
      return APCI + EVENT;
    });
    this.pump();
  }

  pump() {
    while (!this.isStalled && this.waiting.length > 0 && (this.sent - this.acknowledged + MODULO) % MODULO < given.k) {
      const octets = Buffer.alloc(256);
      const length = this.waiting.shift()?.(octets, this.sent, this.received) ?? 0;
      this.sent = (this.sent + 1) % MODULO;
      this.socket.write(octets.subarray(0, length));
    }
  }
}

const slots = Math.max(1, Math.round(1000 / given.events / SLOT));
const each = Math.max(1, Math.round((given.events * SLOT * slots) / 1000));
const began = performance.now();
let done = 0;
setInterval(() => {
  // Timers come late; what they are late is made up for.
  for (; done * SLOT < performance.now() - began; done++)
    for (let i = done % slots; i < substations.length; i += slots) {
      const substation = substations[i];
      if (substation.isInterrogated && !substation.isStalled) for (let n = 0; n < each; n++) substation.event();
    }
}, SLOT);

createInterface({ input: process.stdin }).on('line', (line) => {
  for (const substation of substations.slice(0, Number(line.split(' ')[1]))) {
    substation.isStalled = true;
    substation.socket.pause();
  }
});

const server = createServer((socket) => substations.push(new Substation(socket)));
server.listen(given.port, given.host, () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') console.log('listening', address.port);
});
