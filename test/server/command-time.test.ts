import assert from 'node:assert/strict';
import { fixedZone } from '../../lib/asdu/time.js';
import { Virtual } from './virtual.js';

const points = [
  { ioa: 1, type: 'M_SP_NA_1' },
  { ioa: 45, type: 'C_SC_TA_1', feedback: 1 },
  { ioa: 46, type: 'C_DC_NA_1', sbo: true },
];

/** The virtual clock stands at 2026-02-03 04:05:06.789 UTC; these are tags of ms within its minute. */
const at = (octets: string): string => `${octets} 05 04 43 02 1a`;
const timed = (cot: string, tag: string): string => `3a 01 ${cot} 2a 01 00 2d 00 00 01 ${tag}`;

function answer(parameters: string, tag: string): { cause: string; operated: number } {
  const rig = new Virtual([{ parameters, points }]);
  const [first = ''] = rig.client().ask(timed('06', tag)).asdus();
  assert.equal(first, timed(first.slice(6, 8), tag), 'the type with time tag, and its time');
  return { cause: first.slice(6, 8), operated: rig.served.operations.length };
}

const taken = { cause: '07', operated: 1 };
const refused = { cause: '47', operated: 0 };

describe('the age of commands', () => {
  for (const [what, tag, expected] of [
    ['5000 ms old', at('fd 06'), taken],
    ['5001 ms old', at('fc 06'), refused],
    ['5000 ms ahead', at('0d 2e'), taken],
    ['5001 ms ahead', at('0e 2e'), refused],
    ['a year old', '85 1a 05 04 43 02 19', refused],
    ['a century old', '85 1a 05 04 43 02 62', refused],
  ] as const)
    it(`PROTOCOL 28: CAGE = 5000: ${what}: ${expected === taken ? 'operated' : '7 with P/N = 1, not operated'}`, () => {
      assert.deepEqual(answer('CAGE=5000', tag), expected);
    });

  for (const [what, tag, expected] of [
    ['a year old', '85 1a 05 04 43 02 19', taken],
    ['a year ahead', '85 1a 05 04 43 02 1b', taken],
    ['invalid', at('85 1a').replace(' 05 04', ' 85 04'), refused],
    ['no time', '85 1a 05 18 43 02 1a', refused],
  ] as const)
    it(`PROTOCOL 28: CAGE = 0: ${what}: ${expected === taken ? 'operated, however old' : 'refused all the same'}`, () => {
      assert.deepEqual(answer('CAGE=0', tag), expected);
    });

  it('PROTOCOL 28: a stale command gets no silence, whatever CMDC says, and uses no time of others', () => {
    assert.deepEqual(answer('CAGE=5000;CMDC=0', at('fc 06')), refused);
  });

  it('PROTOCOL 28: types without a time have no age', () => {
    const rig = new Virtual([{ parameters: 'CAGE=1', points }]);
    assert.deepEqual(rig.client().ask('2d 01 06 00 01 00 2d 00 00 01').asdus(), ['2d 01 07 00 01 00 2d 00 00 01']);
  });

  it("PROTOCOL 28: the tag is in the station's time zone", () => {
    const rig = new Virtual([{ parameters: 'CAGE=5000', points, zone: fixedZone(60) }]);
    const client = rig.client();
    assert.deepEqual(client.ask(timed('06', '85 1a 05 05 43 02 1a')).asdus(), [timed('07', '85 1a 05 05 43 02 1a')]);
    assert.equal(rig.served.operations[0]?.timestamp, Date.UTC(2026, 1, 3, 4, 5, 6, 789));
  });

  it('PROTOCOL 28: where time follows a master, the age is measured by its clock', () => {
    const rig = new Virtual([{ parameters: 'CAGE=5000', points }]);
    rig.served.station.ahead = 60_000;
    const client = rig.client();
    const [ours, theirs] = [at('85 1a'), '85 1a 06 04 43 02 1a'];
    assert.deepEqual(client.ask(timed('06', ours)).asdus(), [timed('47', ours)]);
    assert.deepEqual(client.ask(timed('06', theirs)).asdus(), [timed('07', theirs)]);
  });

  it('PROTOCOL 28: select and execute are of an age each', () => {
    const rig = new Virtual([{ parameters: 'CAGE=5000', points }]);
    const client = rig.client();
    const command = (cot: string, content: string): string =>
      `3b 01 ${cot} 00 01 00 2e 00 00 ${content} ${at('85 1a')}`;
    assert.deepEqual(client.ask(command('06', '82')).asdus(), [command('07', '82')]);
    rig.clock.advance(5001);
    assert.deepEqual(client.ask(command('06', '02')).asdus(), [command('47', '02')]);
  });

  it('PROTOCOL 28: with the T bit it is answered with its time, shown, and waits for no return information', () => {
    const rig = new Virtual([{ parameters: 'CAGE=5000', points }]);
    const client = rig.client();
    const now = at('85 1a');
    assert.deepEqual(client.ask(timed('86', now)).asdus(), [timed('87', now), timed('8a', now)]);
    assert.deepEqual(client.ask(timed('86', at('fc 06'))).asdus(), [timed('c7', at('fc 06'))]);
    assert.equal(rig.served.operations.length, 1);
  });
});
