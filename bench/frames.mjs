// A server without any engine, as the limit of what Node.js can send: it looks at acknowledgements, keeps to the window
// and writes what was made ready beforehand, one write per window.
//
//   --kind events         M_ME_TF_1, one object each: --count of them to each client once --clients have started
//   --kind interrogation  encodes --count points M_ME_NC_1 while it sends them, as no image can be made ready
//   --kind commands       answers each I-frame with confirmation and termination of a single command
//   --kind ticks          one event per --every ms that carries the clock
import { createServer } from 'node:net';
import { APCI, apci, COMMAND, EVENT, event, header, MODULO } from './apdu.mjs';
import { options, stop, tick } from './options.mjs';

const given = options({ host: '127.0.0.1', port: 0, kind: 'events', count: 100_000, clients: 1, k: 12, every: 100 });

/** One frame for each number; any window is a stretch of them. */
function readyFrames(length, write) {
  const octets = Buffer.alloc(length * MODULO);
  for (let n = 0; n < MODULO; n++) write(octets, n * length, n);
  return (first, count) => octets.subarray(first * length, (first + count) * length);
}

class Peer {
  sent = 0;
  acknowledged = 0;
  received = 0;
  isStarted = false;
  /** Where the interrogation under way has come to. */
  place = Infinity;
  octets = Buffer.alloc(0);

  constructor(socket) {
    this.socket = socket;
  }

  get room() {
    return given.k - (this.sent - this.acknowledged);
  }

  /** @returns the memory for the next window */
  memory() {
    if (this.octets.length === 0 || this.socket.writableLength > 0) this.octets = Buffer.alloc(given.k * 256);
    return this.octets;
  }
}

const kinds = {
  events() {
    const frames = readyFrames(APCI + EVENT, (octets, at, n) => event(octets, at, n, 1 + (n % 1000), n));
    return {
      pump(peer) {
        while (peer.isStarted && started >= given.clients) {
          const first = peer.sent % MODULO;
          const count = Math.min(peer.room, given.count - peer.sent, MODULO - first);
          if (count <= 0) return;
          peer.sent += count;
          peer.socket.write(frames(first, count));
        }
      },
    };
  },

  interrogation() {
    const values = Float64Array.from({ length: given.count }, (_, i) => i * -0.5);
    const number = new Float32Array(1);
    const parts = new Uint8Array(number.buffer);
    const most = 30;
    const answer = (peer, cause) => {
      const octets = Buffer.alloc(APCI + COMMAND);
      const object = header(octets, apci(octets, 0, COMMAND, peer.sent++, peer.received), 100, 1, cause);
      octets[object + 3] = 20;
      peer.socket.write(octets);
    };
    return {
      asked(peer) {
        answer(peer, 7);
        peer.place = 0;
      },
      pump(peer) {
        if (peer.place > given.count || peer.room <= 0) return;
        const octets = peer.memory();
        let at = 0;
        while (peer.room > 0 && peer.place < given.count) {
          const count = Math.min(most, given.count - peer.place);
          apci(octets, at, 6 + 8 * count, peer.sent++, peer.received);
          at = header(octets, at + APCI, 13, count, 20);
          for (const end = peer.place + count; peer.place < end; peer.place++) {
            const ioa = peer.place + 1;
            number[0] = values[peer.place];
            octets[at++] = ioa;
            octets[at++] = ioa >> 8;
            octets[at++] = ioa >> 16;
            octets[at++] = parts[0];
            octets[at++] = parts[1];
            octets[at++] = parts[2];
            octets[at++] = parts[3];
            octets[at++] = 0;
          }
        }
        peer.socket.write(octets.subarray(0, at));
        if (peer.place < given.count || peer.room <= 0) return;
        answer(peer, 10);
        peer.place = Infinity;
      },
    };
  },

  commands() {
    const length = APCI + COMMAND;
    // The nth command gets the frames 2n and 2n + 1: what both carry comes again after as many commands as numbers.
    const answers = readyFrames(2 * length, (octets, at, n) => {
      for (const [i, cause] of [7, 10].entries()) {
        const object = header(octets, apci(octets, at + i * length, COMMAND, 2 * n + i, n + 1), 45, 1, cause);
        octets.writeUIntLE(5000, object, 3);
        octets[object + 3] = 1;
      }
    });
    return {
      asked(peer) {
        peer.socket.write(answers((peer.received - 1) % MODULO, 1));
        peer.sent += 2;
      },
      pump() {},
    };
  },

  ticks() {
    const peers = new Set();
    setInterval(() => {
      for (const peer of peers) {
        const octets = Buffer.alloc(APCI + EVENT);
        event(octets, 0, peer.sent++, 1, tick());
        peer.socket.write(octets);
      }
    }, given.every);
    return {
      pump(peer) {
        if (peer.isStarted) peers.add(peer);
      },
      gone: (peer) => peers.delete(peer),
    };
  },
};
if (!Object.hasOwn(kinds, given.kind))
  stop(`--kind ${given.kind} is not known; known are ${Object.keys(kinds).join(', ')}`);

const kind = kinds[given.kind]();
const all = new Set();
let started = 0;

const server = createServer({ noDelay: true }, (socket) => {
  const peer = new Peer(socket);
  all.add(peer);
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    const octets = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let at = 0;
    while (octets.length - at >= 2 && octets.length - at >= octets[at + 1] + 2) {
      const control = octets[at + 2];
      if ((control & 3) !== 3) {
        const nr = (octets[at + 4] >> 1) | (octets[at + 5] << 7);
        peer.acknowledged += (nr - peer.acknowledged) & (MODULO - 1);
        if ((control & 1) === 0) {
          peer.received++;
          kind.asked?.(peer);
        }
      } else if (control === 7) {
        socket.write(Buffer.from([0x68, 4, 0x0b, 0, 0, 0]));
        peer.isStarted = true;
        if (++started === given.clients) for (const other of all) kind.pump(other);
      }
      at += octets[at + 1] + 2;
    }
    rest = at < octets.length ? octets.subarray(at) : Buffer.alloc(0);
    kind.pump(peer);
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    all.delete(peer);
    kind.gone?.(peer);
    if (peer.isStarted) started--;
  });
});
server.listen(given.port, given.host, () => {
  const address = server.address();
  console.log('listening', typeof address === 'object' ? address?.port : address);
});
