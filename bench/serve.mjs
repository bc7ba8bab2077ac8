// The engine's server for measuring clients (README.md).
//
//   node bench/serve.mjs --port 2404 --points 100000 --type M_ME_NC_1 --events 1000000 --k 12 --ca 1
//
//   --host A     address to listen on (127.0.0.1)
//   --port P     0 lets the system choose; the line `listening P` names it
//   --points N   points of one type at the object addresses 1..N; a single command stands at 5000 beside them
//   --type T     type of the points
//   --k, --w     windows
//   --ca N       common address
//   --events N   writes N events once the clients have come, never more at a time than the event buffer holds: with
//                --clients C when C have started data transfer, without it when for half a second none has. Once all
//                have gone it is ready for the next.
//   --clients C
//   --ticker     one event of a point M_ME_TF_1 behind the others per --every ms (100); its value is Date.now() % 1e6,
//                with --fine the clock of options.mjs
import { createRequire } from 'node:module';
import { options, stop } from './options.mjs';
import { serveForBench } from './server.mjs';

const given = options({
  host: '127.0.0.1',
  port: 2404,
  points: 1000,
  type: 'M_ME_NC_1',
  events: 0,
  clients: 0,
  k: 12,
  w: 8,
  ca: 1,
  ticker: false,
  every: 100,
  fine: false,
});
const engine = createRequire(import.meta.url)('../dist/lib/index.js');
try {
  const line = await serveForBench(engine, given);
  console.log('listening', line.port);
} catch (error) {
  stop(error instanceof Error ? error.message : String(error));
}
