// The measuring client: acknowledges strictly, one S-frame after each 8th I-frame. Prints one line of JSON.
//
//   --measure events         { perSecond }: objects to all --clients together, each of which takes --count
//   --measure interrogation  { ms }: --rounds interrogations of --count points, one after the other: the median
//   --measure commands       { perSecond }: --count round trips from activation to termination of each of --clients
//   --measure ticks          { ms: […] }: how old each of --count events is that carries the clock
//
// Of events and commands the first tenth is not measured.
import { connect } from 'node:net';
import { options, sinceTick, stop } from './options.mjs';

const given = options({
  host: '127.0.0.1',
  port: 2404,
  measure: 'events',
  clients: 1,
  count: 1000,
  rounds: 5,
  timeout: 60,
});

const W = 8;
const MODULO = 32768;
/** Everything is received here, by one connection after the other. */
const chunk = Buffer.allocUnsafe(1 << 18);

class Master {
  received = 0;
  unacknowledged = 0;
  sent = 0;
  done = 0;
  rest = Buffer.alloc(0);
  acknowledgement = Buffer.from([0x68, 4, 1, 0, 0, 0]);

  /** @param {(master: Master, octets: Buffer, asdu: number) => void} take is told of each I-frame */
  constructor(take, started) {
    this.take = take;
    this.started = started;
    this.socket = connect({
      host: given.host,
      port: given.port,
      noDelay: true,
      onread: {
        buffer: chunk,
        callback: (length) => {
          this.read(chunk.subarray(0, length));
          return true;
        },
      },
    });
    this.socket.write(Buffer.from([0x68, 4, 0x07, 0, 0, 0]));
    this.socket.on('error', (error) => stop(error.message));
    this.socket.on('end', () => stop('the server has closed a connection'));
  }

  read(piece) {
    const octets = this.rest.length > 0 ? Buffer.concat([this.rest, piece]) : piece;
    let at = 0;
    while (!isFinished && octets.length - at >= 2 && octets.length - at >= octets[at + 1] + 2) {
      const control = octets[at + 2];
      if ((control & 1) === 0) {
        if (((control >> 1) | (octets[at + 3] << 7)) !== this.received) stop('an I-frame is missing');
        this.received = (this.received + 1) % MODULO;
        this.unacknowledged++;
        this.take(this, octets, at + 6);
        if (this.unacknowledged >= W) this.acknowledge();
      } else if (control === 0x0b) this.started(this);
      else if (control === 0x43) this.socket.write(Buffer.from([0x68, 4, 0x83, 0, 0, 0]));
      at += octets[at + 1] + 2;
    }
    this.rest = at < octets.length ? Buffer.from(octets.subarray(at)) : this.rest.subarray(0, 0);
  }

  acknowledge() {
    if (this.socket.writableLength > 0) this.acknowledgement = Buffer.from(this.acknowledgement);
    this.acknowledgement.writeUInt16LE(this.received << 1, 4);
    this.socket.write(this.acknowledgement);
    this.unacknowledged = 0;
  }

  /** Sends a command of one octet, which acknowledges too. */
  command(type, ioa, octet) {
    const octets = Buffer.from([0x68, 14, 0, 0, 0, 0, type, 1, 6, 0, 1, 0, 0, 0, 0, octet]);
    octets.writeUInt16LE(this.sent << 1, 2);
    octets.writeUInt16LE(this.received << 1, 4);
    octets.writeUIntLE(ioa, 12, 3);
    this.sent = (this.sent + 1) % MODULO;
    this.unacknowledged = 0;
    this.socket.write(octets);
  }
}

let isFinished = false;
/** @type {Master[]} */
const masters = [];
let ready = 0;
/** Opens all clients. @param {() => void} [all] is called when all have started data transfer */
function open(take, all) {
  const started = () => {
    if (++ready === given.clients) all?.();
  };
  for (let i = 0; i < given.clients; i++) masters.push(new Master(take, started));
}

function finish(result) {
  isFinished = true;
  console.log(JSON.stringify(result));
  // All is acknowledged, so that nothing is left over for the next client.
  for (const master of masters) {
    master.acknowledge();
    master.socket.end();
    master.socket.removeAllListeners('end');
  }
  clearTimeout(late);
}

const late = setTimeout(() => stop(`not done after ${given.timeout} s`), given.timeout * 1000);

/** Counts to --count for each client. @returns what to call for each that is done */
function counting(most = given.clients * given.count) {
  const skipped = Math.floor(most / 10);
  let total = 0;
  let since = 0;
  return (count) => {
    if (total <= skipped && total + count > skipped) since = performance.now();
    total += count;
    if (total - count < most && total >= most)
      finish({ perSecond: ((most - skipped) / (performance.now() - since)) * 1000 });
  };
}

const measures = {
  events() {
    const counted = counting();
    open((master, octets, asdu) => {
      if (octets[asdu] >= 45) return;
      const count = octets[asdu + 1] & 0x7f;
      const wanted = Math.min(count, given.count - master.done);
      master.done += count;
      if (wanted > 0) counted(wanted);
    });
  },

  interrogation() {
    const times = [];
    let since = 0;
    let objects = 0;
    const ask = () => {
      objects = 0;
      since = performance.now();
      masters[0].command(100, 0, 20);
    };
    open((_master, octets, asdu) => {
      if (octets[asdu] !== 100) objects += octets[asdu + 1] & 0x7f;
      else if (octets[asdu + 2] === 10) {
        times.push(performance.now() - since);
        if (objects !== given.count) stop(`${objects} points instead of ${given.count}`);
        if (times.length < given.rounds) ask();
        else finish({ ms: times.sort((a, b) => a - b)[times.length >> 1] });
      } else if (octets[asdu + 2] !== 7) stop('the interrogation was refused');
    }, ask);
  },

  commands() {
    const counted = counting();
    const ask = (master) => master.command(45, 5000, 1);
    open(
      (master, octets, asdu) => {
        if (octets[asdu] !== 45) return;
        if ((octets[asdu + 2] & 0x40) !== 0) stop('a command was refused');
        if (octets[asdu + 2] !== 10) return;
        if (++master.done < given.count) ask(master);
        counted(1);
      },
      () => {
        for (const master of masters) ask(master);
      },
    );
  },

  ticks() {
    const ages = [];
    open((master, octets, asdu) => {
      if (octets[asdu] !== 36) return;
      const age = sinceTick(octets.readFloatLE(asdu + 9));
      master.acknowledge();
      // The first ones run code that was never run before.
      if (++master.done <= 20) return;
      ages.push(age);
      if (ages.length === given.count) finish({ ms: ages });
    });
  },
};
if (!Object.hasOwn(measures, given.measure))
  stop(`--measure ${given.measure} is not known; known are ${Object.keys(measures).join(', ')}`);
measures[given.measure]();
