const COMMAND = 5000;

/**
 * Opens a line with one station, made of the engine's public parts.
 * @returns the line
 */
export function serveForBench(engine, options) {
  const { ServerLine, Station, compilePoints, parseParameters } = engine;
  const row = engine.typeByLabel(options.type);
  if (row === undefined) throw new Error(`type ${options.type} does not exist`);
  const points = [];
  for (let i = 1; i <= options.points; i++)
    points.push({ place: `point ${i}`, point: { ioa: i, type: options.ticker && i === 1 ? 'M_ME_TF_1' : options.type } });
  points.push({ place: 'the command', point: { ioa: COMMAND, type: 'C_SC_NA_1', direction: 'in' } });
  const { table, problems } = compilePoints(points);
  if (problems.length > 0) throw new Error(problems[0]);
  const station = new Station({ name: 'bench', commonAddress: options.ca, points: table });
  let started = false;
  const line = new ServerLine({
    name: 'bench',
    host: options.host,
    port: options.port,
    lineNumber: 0,
    operator: { takes: () => true, operate: () => {} },
    observer: {
      changed: () => {
        const active = line.status.connections.filter(({ state }) => state === 'started').length;
        if (!started && active >= options.clients) {
          started = true;
          if (options.ticker) setInterval(() => station.write({ ioa: 1, value: Date.now() % 1e6 }, Date.now()), 100);
          if (options.events > 0) setImmediate(flood);
        }
      },
      log: (level, text) => {
        if (level !== 'info') console.error(text);
      },
    },
  });
  // Before it is on the line a station makes no events: the image alone is filled.
  for (let ioa = 1; ioa <= options.points; ioa++) station.write({ ioa, value: row.first.name === 'R32' ? ioa * -0.5 : 0 }, Date.now());
  const parameters = parseParameters(`SAI=False;IGO=True;K=${options.k};W=${options.w}`);
  line.add({ station, defined: parameters.defined });

  let written = 0;
  const counting = table.out[0].row.first.name;
  const value = ['R32', 'R64', 'SVA', 'BCR', 'BSI'].includes(counting) ? (n) => n % 30_000 : (n) => n % 2;
  // Writes ahead of the clients by less than the buffer holds, so that what is measured is sending and not overflow; a
  // full buffer is left alone for a moment, so that what is measured is not the writer either.
  function flood() {
    const waiting = Math.max(0, ...line.status.connections.map(({ buffered }) => buffered));
    let room = Math.min(20_000 - waiting, options.events - written);
    for (; room > 0; room--) {
      const round = Math.floor(written / options.points) + 1;
      station.write({ ioa: 1 + (written % options.points), value: value(round) }, Date.now());
      written++;
    }
    if (written < options.events) setTimeout(flood, 5);
  }
  return new Promise((resolve) => {
    line.open();
    const wait = setInterval(() => {
      if (line.status.state === 'closed') return;
      clearInterval(wait);
      resolve(line);
    }, 5);
  });
}
