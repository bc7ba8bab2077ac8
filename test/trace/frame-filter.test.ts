import assert from 'node:assert/strict';
import { type CriterionName, criterionNames, type FrameOfLine, frameFilter } from '../../lib/trace/frame-filter.js';
import { hex } from '../asdu/vectors.js';

type Given = Partial<Record<CriterionName, string>>;

const frame = (octets: string, more: Partial<FrameOfLine> = {}): FrameOfLine => ({
  line: 'a',
  remote: '192.0.2.7:40112',
  local: undefined,
  direction: 'received',
  octets: hex(octets),
  ...more,
});

/** One of each kind, by name; object addresses 100 and 101 in sequence, 500, and two far apart. */
const frames = {
  start: frame('68 04 07 00 00 00'),
  ack: frame('68 04 01 00 02 00', { direction: 'sent' }),
  command: frame('68 0e 00 00 00 00 2d 01 06 00 02 00 f4 01 00 01'),
  sequence: frame('68 0f 02 00 02 00 01 82 14 00 01 00 64 00 00 01 00', { direction: 'sent', line: 'b' }),
  apart: frame('68 12 02 00 02 00 01 02 03 00 01 00 07 00 00 01 ff ff ff 00', { remote: '[2001:db8::9]:5000' }),
  unknown: frame('68 0d 00 00 00 00 c8 01 03 00 01 00 05 00 00'),
  short: frame('68 0b 00 00 00 00 2d 02 06 00 02 00 f4'),
  nonsense: frame('00 01 02'),
  /** Looks like STARTDT act, and is not: other protocols begin with 68 too. */
  channel: frame('68 04 07 00 00 00', { isOctets: true, remote: '10.0.0.5:4001' }),
} as const;

const shown = (given: Given): string[] =>
  Object.entries(frames).flatMap(([name, each]) => (frameFilter(given)(each) ? [name] : []));

describe('filters of frames', () => {
  const rows: readonly [given: Given, names: readonly string[]][] = [
    [{}, Object.keys(frames)],
    [{ text: '  ', kind: '' }, Object.keys(frames)],
    [{ line: 'b' }, ['sequence']],
    [{ kind: 'B' }, ['channel']],
    [{ text: '|h.....|' }, ['channel']],
    [{ direction: 'sent' }, ['ack', 'sequence']],
    [{ kind: 'U' }, ['start']],
    [{ kind: 's, ?' }, ['ack', 'nonsense']],
    [{ connection: '192.0.2.7:40112', kind: 'U' }, ['start']],
    [{ connection: '192.0.2.7' }, []],
    [{ connection: '10.*', ca: '0-65535' }, []],
    [{ connection: '[2001:db8*,10.*' }, ['apart', 'channel']],
    [{ type: '45' }, ['command', 'short']],
    [{ type: 'm_sp_*' }, ['sequence', 'apart']],
    [{ type: '40-44, C_SC_NA_1' }, ['command', 'short']],
    [{ type: '200' }, ['unknown']],
    [{ ca: '2' }, ['command', 'short']],
    [{ ca: '1-65535' }, ['command', 'sequence', 'apart', 'unknown', 'short']],
    [{ ioa: '500' }, ['command']],
    [{ ioa: '#1F4' }, ['command']],
    [{ ioa: '101' }, ['sequence']],
    [{ ioa: '16777215, 500' }, ['command', 'apart']],
    [{ ioa: '102-499' }, []],
    [{ cause: 'activation' }, ['command', 'short']],
    [{ cause: 'interrogation*, 3' }, ['sequence', 'apart', 'unknown']],
    [{ text: 'startdt' }, ['start']],
    [{ text: 'C_SC*CA=2' }, ['command', 'short']],
    [{ text: '101=' }, ['sequence']],
    [{ text: '(.' }, []],
    [{ text: 'startdt*startdt' }, []],
    [{ type: '*sp*sp*' }, []],
    [{ cause: '*act*tion' }, ['command', 'short']],
    [{ kind: 'I', direction: 'sent', ioa: '100', text: 'M_SP' }, ['sequence']],
  ];
  for (const [given, names] of rows)
    it(`${JSON.stringify(given)} shows ${names.length} of ${Object.keys(frames).length}`, () =>
      assert.deepEqual(shown(given), names));

  const wrong: readonly [CriterionName, string][] = [
    ['direction', 'up'],
    ['kind', 'X'],
    ['type', 'M_XX_NA_1'],
    ['type', '256'],
    ['cause', '64'],
    ['cause', 'because'],
    ['ca', '65536'],
    ['ca', 'x'],
    ['ioa', '16777216'],
    ['ioa', '5-1'],
    ['ioa', '1-2-3'],
    ['ioa', '#'],
  ];
  for (const [name, text] of wrong)
    it(`refuses ${name} ${text}, naming it`, () =>
      assert.throws(() => frameFilter({ [name]: text }), { code: 'value', message: new RegExp(`^${name}: `) }));

  it('takes no longer for a text full of asterisks', () => {
    const filter = frameFilter({ text: `${'0*'.repeat(200)}x` });
    const begun = performance.now();
    for (let i = 0; i < 1000; i++) assert.equal(filter(frames.apart), false);
    assert.ok(performance.now() - begun < 2000);
  });

  it('has a row for each criterion', () => {
    const asked = new Set(rows.flatMap(([given]) => Object.keys(given)));
    assert.deepEqual([...criterionNames].sort(), [...asked].sort());
  });
});
