// The engine's server for measuring clients.
// node bench/serve.mjs --port 2404 --points 100000 --type M_ME_NC_1 --events 1000000 --k 12 --ca 1 [--ticker] [--host 127.0.0.1]
// A single command stands at object address 5000. --events writes that many events once the first client has started
// data transfer (with --clients C, once C have), never more than the event buffer holds. --ticker sends one event per
// 100 ms whose value is the clock (Date.now() % 1e6), as M_ME_TF_1.
import { createRequire } from 'node:module';
import { serveForBench } from './server.mjs';

const given = {
  host: '127.0.0.1',
  port: 2404,
  points: 1000,
  type: 'M_ME_NC_1',
  events: 0,
  clients: 1,
  k: 12,
  w: 8,
  ca: 1,
  ticker: false,
};
for (let i = 2; i < process.argv.length; i++) {
  const name = process.argv[i].replace(/^--/, '');
  if (!(name in given)) {
    console.error(`--${name} is not known; known are ${Object.keys(given).join(', ')}`);
    process.exit(1);
  }
  if (typeof given[name] === 'boolean') given[name] = true;
  else given[name] = typeof given[name] === 'number' ? Number(process.argv[++i]) : process.argv[++i];
}
const engine = createRequire(import.meta.url)('../dist/lib/index.js');
await serveForBench(engine, given);
console.log('listening', given.port);
