import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, line, serverOut, station, tab } from './flow.js';
import { red, withNodeRed } from './runtime.js';
import { interrogate } from './wire.js';

const COUNT = 100_000;

describe('100,000 points from a file', () => {
  withNodeRed();

  it('are loaded and served', async () => {
    const port = await freePort();
    const rows = Array.from({ length: COUNT }, (_, i) => `${i + 1},Feeder ${i},M_ME_TF_1,1 2`);
    writeFileSync(join(red.userDir, 'many.csv'), `ioa,tag,type,groups\n${rows.join('\n')}\n`);
    const began = performance.now();
    await red.deploy([tab, line(port), station([], { pointsFile: 'many.csv' }), serverOut()]);
    console.log(`      deployed in ${Math.round(performance.now() - began)} ms`);
    assert.deepEqual(red.allErrors, []);
    // The last of them, 0x0186a0.
    red.inject('out', { topic: `Feeder ${COUNT - 1}`, payload: 1.5, timestamp: 1_764_000_000_000 });
    const client = await red.client(port);
    const [event, ...values] = await interrogate(client);
    assert.equal(event, '24 01 03 00 01 00 a0 86 01 00 00 c0 3f 00 00 00 00 10 38 0b 19');
    const objects = values.reduce((sum, asdu) => sum + Number.parseInt(asdu.slice(3, 5), 16), 0);
    assert.equal(objects, COUNT);
    assert.match(values.at(-1) ?? '', /^0d .* a0 86 01 00 00 c0 3f 00$/);
  });
});
