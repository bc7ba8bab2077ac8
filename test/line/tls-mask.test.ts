import assert from 'node:assert/strict';
import { covers } from '../../lib/line/tls/mask.js';

describe('a mask of CHECK CERTS', () => {
  for (const [mask, text, is] of [
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'my.crt', true],
    ['*.crt', 'my.crt', true],
    ['*.crt', 'my.crt.old', false],
    ['*.CRT', 'My.crt', true],
    ['my*', 'not-my.crt', false],
    ['?y.crt', 'my.crt', true],
    ['?my.crt', 'my.crt', false],
    ['my.crt?', 'my.crt', false],
    ['*ab*ab*', 'xabxxabx', true],
    ['*ab*ab', 'abab.ab.aab', true],
    ['*ab*abc', 'ababab', false],
    ['a**b', 'ab', true],
    ['m.crt', 'mxcrt', false],
    ['[a-z]$(x)', '[a-z]$(x)', true],
    ['a*', '*a', false],
  ] as const)
    it(`"${mask}" ${is ? 'covers' : 'does not cover'} "${text}"`, () => assert.equal(covers(mask, text), is));

  it('with many stars is not slow', () => {
    // As a regular expression this would take longer than there is time.
    assert.equal(covers(`${'*a'.repeat(40)}b`, 'a'.repeat(4000)), false);
  });
});
