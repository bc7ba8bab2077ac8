// One instance in a process of its own. It acts every millisecond as long as its guard allows, and notes each act: by which
// token, and when, by the clock that all processes of a computer share. `actor.ts` starts it and reads what it has noted.
import { openSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { hostname } from 'node:os';

const { EtcdCoordinator, Kom, LocalCoordinator, systemClock } = createRequire(import.meta.url)(
  '../../dist/lib/index.js',
);
const { instance, process: name, endpoints, file, ...more } = JSON.parse(process.argv[2]);

const now = () => Number(process.hrtime.bigint()) / 1e6;
const coordinator =
  endpoints === undefined ? new LocalCoordinator({ process: name }) : new EtcdCoordinator({ process: name, endpoints });
const id = `${instance} ${process.pid} ${now()}`;
const kom = new Kom({ process: name, instance, host: hostname(), clock: systemClock, id, coordinator, ...more });
const notes = openSync(file, 'a');
const note = new Float64Array(2);

setInterval(() => {
  const token = kom.guard();
  if (token === 0) return;
  note[0] = token;
  note[1] = now();
  writeSync(notes, note);
}, 1);

const tell = () => process.send?.({ at: now(), status: kom.status });
kom.follow({ activated: tell, deactivated: tell, changed: tell });
process.on('message', ({ stop, tell: to, n }) => {
  if (stop) void kom.stop().then(() => process.exit());
  else if (to !== undefined) void kom.activate(to).then((answer) => process.send?.({ n, answer }));
});
process.on('disconnect', () => process.exit());
kom.start();
