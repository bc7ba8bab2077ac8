import assert from 'node:assert/strict';
import { cause, causeName } from '../../lib/asdu/cause.js';

/** IEC 60870-5-101 7.2.3, table 14: by number. */
const standard: Readonly<Record<number, string>> = {
  1: 'periodic',
  2: 'background',
  3: 'spontaneous',
  4: 'initialized',
  5: 'request',
  6: 'activation',
  7: 'activation-confirmation',
  8: 'deactivation',
  9: 'deactivation-confirmation',
  10: 'activation-termination',
  11: 'remote',
  12: 'local',
  13: 'file',
  20: 'interrogation',
  21: 'interrogation-group-1',
  36: 'interrogation-group-16',
  37: 'counter-interrogation',
  38: 'counter-interrogation-group-1',
  41: 'counter-interrogation-group-4',
  44: 'unknown-type',
  45: 'unknown-cause',
  46: 'unknown-common-address',
  47: 'unknown-object-address',
};

describe('causes of transmission', () => {
  for (const [id, name] of Object.entries(standard))
    it(`calls ${id} ${name}`, () => assert.equal(causeName(Number(id)), name));

  it('knows each by its name too', () => {
    for (const [name, id] of Object.entries(cause)) assert.equal(standard[id], name);
  });

  it('gives every number 0..63 another name, those without one their number', () => {
    const names = Array.from({ length: 64 }, (_, id) => causeName(id));
    assert.equal(new Set(names).size, 64);
    for (const id of [0, 14, 19, 42, 43, 48, 63]) assert.equal(names[id], String(id));
  });
});
