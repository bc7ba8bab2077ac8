import { tick } from './options.mjs';

const COMMAND = 5000;
/** Without a given number of clients: all have come when none has started for so many ms. */
const QUIET = 500;
/** Events that may wait for the slowest client, well below what the event buffer holds. */
const AHEAD = 20_000;
/** ms until the writer looks again whether there is room. */
const PAUSE = 5;
/** Types whose values count up; the others alternate. */
const COUNTING = new Set(['R32', 'R64', 'SVA', 'BCR', 'BSI']);

/**
 * Opens a line with one station, made of the engine's public parts.
 * @param {typeof import('../dist/lib/index.js')} engine
 * @param {{ host: string, port: number, points: number, type: string, events: number, clients: number, k: number,
 *   w: number, ca: number, ticker: boolean, every: number, fine: boolean }} options as serve.mjs describes them
 * @returns {Promise<import('../dist/lib/index.js').ServerLine>} when it listens
 */
export function serveForBench(engine, options) {
  const { ServerLine, Station, compilePoints, parseParameters } = engine;
  const row = engine.typeByLabel(options.type);
  if (row?.direction !== 'monitor') throw new Error(`type ${options.type} is not one that a station sends`);
  if (options.points < 1) throw new Error('at least 1 point is needed');
  const points = [];
  for (let ioa = 1; ioa <= options.points; ioa++)
    points.push({ place: `point ${ioa}`, point: { ioa, type: options.type } });
  const ticking = { ioa: options.points + 1, type: 'M_ME_TF_1' };
  if (options.ticker) points.push({ place: 'the ticker', point: ticking });
  points.push({ place: 'the command', point: { ioa: COMMAND, type: 'C_SC_NA_1' } });
  const { table, problems } = compilePoints(points);
  if (problems.length > 0) throw new Error(problems[0]);

  const station = new Station({ name: 'bench', commonAddress: options.ca, points: table });
  // Before it is on the line a station makes no events: the image alone is filled.
  for (let ioa = 1; ioa <= options.points; ioa++)
    station.write({ ioa, value: row.first?.name === 'R32' ? ioa * -0.5 : 0 }, Date.now());

  let started = 0;
  let left = 0;
  let written = 0;
  /** @type {NodeJS.Timeout | undefined} */
  let quiet;
  /** @type {NodeJS.Timeout | undefined} */
  let writer;
  /** @type {NodeJS.Timeout | undefined} */
  let ticker;

  const value = COUNTING.has(row.first?.name ?? '') ? (n) => n % 30_000 : (n) => n % 2;
  // Writes ahead of the clients by less than the buffer holds, so that what is measured is sending and not overflow; a
  // full buffer is left alone for a moment, so that what is measured is not the writer either.
  const flood = () => {
    const waiting = Math.max(0, ...line.status.connections.map(({ buffered }) => buffered));
    for (let room = Math.min(AHEAD - waiting, left); room > 0; room--) {
      const round = Math.floor(written / options.points) + 1;
      station.write({ ioa: 1 + (written % options.points), value: value(round) }, Date.now());
      written++;
      left--;
    }
    if (left > 0) writer = setTimeout(flood, PAUSE);
  };
  const begin = () => {
    // Who came while events were written gets as many as the others, from the next round.
    if (left > 0) quiet = setTimeout(begin, QUIET);
    else {
      left = options.events;
      flood();
    }
  };

  const startedChanged = () => {
    clearTimeout(quiet);
    if (started === 0) {
      left = 0;
      clearTimeout(writer);
      clearInterval(ticker);
      ticker = undefined;
      return;
    }
    if (options.ticker)
      ticker ??= setInterval(
        () => station.write({ ioa: ticking.ioa, value: options.fine ? tick() : Date.now() % 1e6 }, Date.now()),
        options.every,
      );
    if (options.events === 0) return;
    if (options.clients === 0) quiet = setTimeout(begin, QUIET);
    else if (started === options.clients) setImmediate(begin);
  };

  /** @type {(line: import('../dist/lib/index.js').ServerLine) => void} */
  let listening;
  /** @type {(error: Error) => void} */
  let failed;
  const opened = new Promise((resolve, reject) => {
    listening = resolve;
    failed = reject;
  });
  const line = new ServerLine({
    name: 'bench',
    host: options.host,
    port: options.port,
    lineNumber: 0,
    operator: { takes: () => 'auto', operate: () => {} },
    observer: {
      changed: () => {
        const { state, reason, connections } = line.status;
        if (state === 'listening') listening(line);
        else if (state === 'error') failed(new Error(reason));
        const before = started;
        started = connections.filter((connection) => connection.state === 'started').length;
        // A client that goes while others are measured must not begin anything anew.
        if (started > before || started === 0) startedChanged();
      },
      log: (level, text) => {
        if (level !== 'info') console.error(text);
      },
    },
  });
  // Clients that measure events do not interrogate first, hence SAI.
  const parameters = parseParameters(`SAI=False;IGO=True;K=${options.k};W=${options.w}`);
  line.add({ station, defined: parameters.defined });
  line.open();
  return opened;
}
