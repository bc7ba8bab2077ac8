import assert from 'node:assert/strict';
import { ValueWatch } from '../../lib/trace/value-watch.js';
import { hex } from '../asdu/vectors.js';

/** What a watch with all bits says of I-frames with these ASDUs. */
function watched(): { show(...asdus: string[]): string[] } {
  const lines: string[] = [];
  const watch = new ValueWatch((line) => lines.push(line()));
  return {
    show(...asdus) {
      for (const asdu of asdus) watch.show(hex(`68 00 00 00 00 00 ${asdu}`), 63);
      return lines.splice(0);
    },
  };
}

describe('a watch of values', () => {
  it('counts the values of each group and each counter group of an interrogation, and no others', () => {
    const { show } = watched();
    show('64 01 07 00 01 00 00 00 00 24', '01 01 24 00 01 00 01 00 00 01', '01 01 13 00 01 00 01 00 00 01');
    show('01 01 25 00 01 00 01 00 00 01', '0f 01 29 00 01 00 01 00 00 00 00 00 00 00', '01 01 2a 00 01 00 01 00 00 01');
    assert.deepEqual(show('64 01 0a 00 01 00 00 00 00 24'), [
      '1 value: C_IC_NA_1 (100) activation-termination OA=0 CA=1 0=QOI 36 group 16',
    ]);
    assert.match(show('65 01 0a 00 01 00 00 00 00 04')[0] ?? '', /^2 values: C_CI_NA_1/);
  });

  it('begins anew with the confirmation', () => {
    const { show } = watched();
    show('01 01 14 00 01 00 01 00 00 01', '64 01 07 00 01 00 00 00 00 14');
    assert.match(show('64 01 0a 00 01 00 00 00 00 14')[0] ?? '', /^0 values/);
  });

  it('says nothing of octets that are no ASDU, and throws nothing', () => {
    const { show } = watched();
    assert.deepEqual(
      show('01 02 14 00 01 00 01 00 00 01', '01 00 14 00 01 00', '01', 'fa 01 03 00 01 00 00 00 00 01'),
      [],
    );
  });

  it('does not count for ever who ends no interrogation', () => {
    const { show } = watched();
    for (let ca = 0; ca < 1025; ca++)
      show(`01 01 14 00 ${(ca % 256).toString(16).padStart(2, '0')} 0${ca >> 8} 01 00 00 01`);
    assert.match(show('64 01 0a 00 01 00 00 00 00 14')[0] ?? '', /^0 values/, 'of the first 1024 nothing is known');
    assert.match(show('64 01 0a 00 00 04 00 00 00 14')[0] ?? '', /^1 value/);
  });
});
