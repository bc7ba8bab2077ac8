import { lineStatus, sink } from './flow.js';
import { freePort, line, serverOut, station, tab } from './flow.js';
import { red, withNodeRed } from './runtime.js';
import { interrogate } from './wire.js';

describe('probe', () => {
  withNodeRed();
  it('works', async () => {
    const port = await freePort();
    await red.deploy([tab, line(port), station([{ ioa: 100, tag: 'a', type: 'M_SP_NA_1' }]), serverOut(), lineStatus(), sink('states')]);
    console.log(JSON.stringify(await red.next('states')));
    console.log(JSON.stringify(await red.next('states')));
    const client = await red.client(port);
    console.log(await interrogate(client), red.allErrors);
    console.log(red.statuses('status'), red.listeners);
  });
});
