import assert from 'node:assert/strict';
import { readTell } from '../../lib/kom/tell.js';

describe('TELL commands', () => {
  const understood: readonly [string, object][] = [
    ['SET_ACT_INST SELF.KOM 2', { tell: 'SET_ACT_INST', process: 'SELF.KOM', instance: 2 }],
    [' set_act_inst  My process 15 ', { tell: 'SET_ACT_INST', process: 'My process', instance: 15 }],
    ['SET_PREFERRED_INST SELF.KOM 1', { tell: 'SET_PREFERRED_INST', process: 'SELF.KOM', instance: 1 }],
    ['SET_PREFERRED_INST SELF.KOM NONE', { tell: 'SET_PREFERRED_INST', process: 'SELF.KOM', instance: 0 }],
    ['SET_LOAD_BAL_MODE SELF.KOM ON', { tell: 'SET_LOAD_BAL_MODE', process: 'SELF.KOM', mode: 'active-active' }],
    ['SET_LOAD_BAL_MODE SELF.KOM off', { tell: 'SET_LOAD_BAL_MODE', process: 'SELF.KOM', mode: 'active-passive' }],
    ['STWATCH Station 1', { tell: 'STWATCH', station: 'Station 1' }],
    ['CHECK CERTS', { tell: 'CHECK CERTS', mask: '' }],
    ['CHECK CERTS *.crt', { tell: 'CHECK CERTS', mask: '*.crt' }],
  ];
  for (const [text, expected] of understood)
    it(text, () => {
      assert.deepEqual(readTell(text), expected);
    });

  const not: readonly [string, RegExp][] = [
    ['', /not understood/],
    ['SHUTDOWN', /SET_ACT_INST <process> <n>/],
    ['SET_ACT_INST 2', /not understood/],
    ['SET_ACT_INST SELF.KOM 0', /0 is not 1\.\.15$/],
    ['SET_ACT_INST SELF.KOM 16', /16 is not 1\.\.15/],
    ['SET_ACT_INST SELF.KOM NONE', /NONE is not 1\.\.15$/],
    ['SET_PREFERRED_INST SELF.KOM 0', /or NONE/],
    ['SET_LOAD_BAL_MODE SELF.KOM MAYBE', /neither ON nor OFF/],
  ];
  for (const [text, reason] of not)
    it(`not understood: "${text}"`, () => {
      const answer = readTell(text);
      assert.match('reason' in answer ? answer.reason : '', reason);
    });
});
