// `npm run master -- [--once] [host[:port]] [common address]`: a control centre in the terminal. It connects, sets the
// clock's time, interrogates, and shows what arrives, a line for each value.
//   --once   leaves after the interrogations
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as engine from '../dist/lib/index.js';

const { asdu, cause, causeName, cp56, decodeAsdu, encodeAsdu, instant, NOTHING, present, qualityOf, Session } = engine;
const { OctetWriter, standardSettings, timeInvalid, typeById, utc } = engine;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Connecting, and each answer to an interrogation, may take so many ms. */
const PATIENCE = 10_000;
/** The commands of the example "This computer as a substation". */
const RUN = 1000;
const PERIOD = 1001;

const usage = 'npm run master -- [--once] [host[:port]] [common address]   (127.0.0.1:2404 1)';
const interactive = process.stdin.isTTY && process.stdout.isTTY;
const coloured = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code) => (text) => (coloured ? `\x1b[${code}m${text}\x1b[0m` : text);
const [bold, red, yellow, grey] = [1, 31, 33, 90].map(paint);

function giveUp(text) {
  console.error(red(text));
  process.exit(1);
}

function options() {
  const given = process.argv.slice(2);
  const words = given.filter((word) => !word.startsWith('--'));
  const unknown = given.find((word) => word.startsWith('--') && word !== '--once');
  const [place = '127.0.0.1:2404', address = '1'] = words;
  const [, host, port = '2404'] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(place) ?? [];
  const commonAddress = Number(address);
  if (unknown !== undefined || words.length > 2 || host === undefined || Number(port) > 65535) giveUp(usage);
  if (!/^\d+$/.test(address) || commonAddress < 1 || commonAddress > 65534)
    giveUp(`The common address is 1 to 65534, not "${address}"\n${usage}`);
  return { once: given.includes('--once'), host: host.replace(/[[\]]/g, ''), port: Number(port), commonAddress };
}

const { once, host, port, commonAddress } = options();
const place = `${host}:${port}`;

/** Names of the example's points, by address: the telegrams carry none. */
function pointNames() {
  const flow = JSON.parse(readFileSync(join(root, 'examples', 'This computer as a substation.json'), 'utf8'));
  const { points } = flow.find(({ type }) => type === 'iec104-server-station');
  return new Map(points.map(({ ioa, tag }) => [ioa, tag]));
}
const names = pointNames();

const two = (number, digits = 2) => String(number).padStart(digits, '0');
function clock(ms) {
  const date = new Date(ms);
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => two(part)).join(':');
  return `${time}.${two(date.getMilliseconds(), 3)}`;
}

let prompt;
/** A line above what is being typed. */
function print(text) {
  if (!interactive || prompt === undefined) return console.log(text);
  process.stdout.write(`\r\x1b[K${text}\n`);
  prompt.prompt(true);
}

function valueText(row, object) {
  const { payload } = present(row, object);
  if (typeof payload === 'boolean') return payload ? 'on' : 'off';
  if (typeof payload !== 'number') return JSON.stringify(payload);
  if (row.first?.name === 'DIQ') return ['between', 'off', 'on', 'faulty'][payload];
  // A short float has seven digits; further ones say nothing.
  return String(row.first?.name === 'R32' ? Number(payload.toPrecision(7)) : payload);
}

function showValue(row, object, causeId) {
  const flags = Object.entries(qualityOf(row, object.status ?? 0)).filter(([, set]) => set);
  const quality = flags.length === 0 ? 'good' : yellow(flags.map(([flag]) => flag).join(' '));
  const time = object.time === undefined ? undefined : instant(object.time, utc, Date.now());
  const doubt = object.time !== undefined && timeInvalid(object.time) ? ' (invalid)' : '';
  const fields = [
    `${time === undefined ? '-'.padEnd(12) : clock(time)}${doubt}`,
    row.label.padEnd(9),
    String(object.ioa).padStart(6),
    (names.get(object.ioa) ?? '').padEnd(20),
    bold(valueText(row, object).padStart(14)),
    quality,
    grey(causeName(causeId)),
  ];
  print(fields.join('  '));
}

/** What waits for the end of an interrogation or a command, by type identification. */
const waiting = new Map();

function received(octets) {
  const message = decodeAsdu(octets);
  const row = typeById(message.typeId);
  if (row === undefined) return print(grey(`type ${message.typeId}, ${message.count} objects`));
  if (row.direction === 'monitor') {
    for (const object of message.objects) showValue(row, object, message.cause);
    return;
  }
  const answer = `${row.label} ${message.objects[0]?.ioa ?? ''} ${causeName(message.cause)}`;
  if (message.negative) print(red(`${answer}: refused`));
  else if (!once) print(grey(answer));
  if (message.negative || message.cause === cause['activation-termination']) {
    waiting.get(message.typeId)?.(!message.negative);
    waiting.delete(message.typeId);
  }
}

const socket = connect({ host, port, noDelay: true });
const out = new OctetWriter(new Uint8Array(65536));
const queue = [];
let timer;
let closing = false;

/** Sends what the session has written, and wakes it when it wants to be. */
function flush() {
  if (out.at > 0) socket.write(out.octets.slice(0, out.at));
  out.at = 0;
  clearTimeout(timer);
  if (session.deadline === Infinity || session.state === 'closed') return;
  timer = setTimeout(() => run((now) => session.expire(now)), Math.max(0, session.deadline - performance.now()));
}

/** Calls the session, then lets it send what is queued. */
function run(call) {
  call(performance.now());
  session.pull(source, performance.now());
  flush();
}

const source = {
  next(to) {
    const octets = queue.shift();
    if (octets === undefined) return NOTHING;
    to.bytes(octets);
    return 0;
  },
};

const reasons = {
  peer: 'closed by the substation',
  't1-act': 'the substation does not answer (STARTDT or STOPDT, t1)',
  't1-i-frame': 'the substation does not acknowledge (t1)',
  't1-testfr': 'the substation does not answer a test frame (t1)',
};

const session = new Session(
  { ...standardSettings, role: 'controlling' },
  {
    room: () => {
      if (out.room < 255) flush();
      return out;
    },
    deliver: (octets) => received(octets),
    confirmed: () => {},
    stateChanged: (state) => state === 'started' && begin(),
    closed: (reason) => {
      if (!closing) giveUp(`\r${place}: connection closed: ${reasons[reason] ?? reason}`);
    },
  },
  () => true,
);

function send(label, object) {
  const header = { cause: cause.activation, commonAddress };
  queue.push(encodeAsdu(asdu(label, header, object)));
  run(() => {});
}

/** An interrogation. @returns whether it came to its end */
function interrogate(label, typeId, qualifier) {
  const done = new Promise((end) => waiting.set(typeId, end));
  send(label, { ioa: 0, qualifier });
  return done;
}
const general = () => interrogate('C_IC_NA_1', 100, 20);
const counters = () => interrogate('C_CI_NA_1', 101, 5);
const single = (value) => send('C_SC_NA_1', { ioa: RUN, value, status: 0 });

async function begin() {
  if (!once) send('C_CS_NA_1', { ioa: 0, time: cp56(Date.now()) });
  if (once) setTimeout(() => giveUp(`${place}: the interrogation has not come to its end`), PATIENCE).unref();
  const ended = [await general(), await counters()];
  if (once) leave(ended.includes(false) ? 1 : 0);
}

function leave(code) {
  closing = true;
  socket.end();
  process.exitCode = code;
  prompt?.close();
  clearTimeout(timer);
}

const keys = {
  g: () => general(),
  c: () => counters(),
  1: () => single(1),
  0: () => single(0),
  q: () => leave(0),
};

function typed(line) {
  const [word = '', number] = line.trim().split(/\s+/);
  const period = Number(number);
  if (word === '') return;
  if (word === 'p' && number !== undefined && Number.isFinite(period))
    send('C_SE_NC_1', { ioa: PERIOD, value: period, status: 0 });
  else if (Object.hasOwn(keys, word)) keys[word]();
  else print('g interrogate   c counters   1 start   0 stop   p <seconds> period   q quit');
}

function listenToKeys() {
  prompt = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ', terminal: interactive });
  if (!interactive) prompt.setPrompt('');
  prompt.on('line', (line) => {
    typed(line);
    if (!closing) prompt.prompt();
  });
  prompt.on('SIGINT', () => leave(0));
  // Of a single letter that is a command, nobody wants to type Enter.
  if (interactive)
    process.stdin.on('keypress', () => {
      const { line } = prompt;
      if (!Object.hasOwn(keys, line)) return;
      prompt.write(null, { ctrl: true, name: 'u' });
      typed(line);
    });
  typed('?');
}

const connecting = setTimeout(() => giveUp(`${place} does not answer`), PATIENCE);
socket.on('connect', () => {
  clearTimeout(connecting);
  print(`connected to ${place}, common address ${commonAddress}`);
  if (!once) listenToKeys();
  run((now) => {
    session.connected(now);
    session.start(now);
  });
});
socket.on('data', (octets) => run((now) => session.receive(octets, now)));
socket.on('close', () => session.close('peer'));
socket.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
  const why = error.code === 'ECONNREFUSED' ? 'nothing listens there; npm start starts the substation' : error.message;
  giveUp(`${place}: ${why}`);
});
