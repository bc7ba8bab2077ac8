import assert from 'node:assert/strict';
import { Virtual } from './virtual.js';

const points = [
  { ioa: 1, type: 'M_SP_NA_1', period: 7 },
  { ioa: 2, type: 'M_IT_NA_1' },
  { ioa: 45, type: 'C_SC_NA_1', feedback: 1 },
  { ioa: 46, type: 'C_SC_TA_1' },
];
const TAG = '85 1a 05 04 43 02 1a';

/** The line number is 9; what a master sends bears 5 (or 6). */
function setup(parameters = '', kind: { balanced?: boolean; syncPeriod?: number } = {}) {
  const rig = new Virtual([{ parameters, points, ...kind }], { lineNumber: 9 });
  return { rig, client: rig.client() };
}

describe('originator addresses', () => {
  it('PROTOCOL 24: the line number is that of the end of initialization, at the beginning and after a reset', () => {
    const { client } = setup('EOI=1');
    assert.deepEqual(client.asdus(), ['46 01 04 09 01 00 00 00 00 00']);
    assert.deepEqual(client.ask('69 01 06 05 01 00 00 00 00 01').asdus(), [
      '69 01 07 05 01 00 00 00 00 01',
      '46 01 04 09 01 00 00 00 00 02',
    ]);
  });

  it('PROTOCOL 29: new values always bear the line number, whoever interrogated', () => {
    const { rig, client } = setup();
    client.ask('64 01 06 05 01 00 00 00 00 14', '65 01 06 06 01 00 00 00 00 05').asdus();
    rig.served.write(1, true);
    rig.served.write(2, 7);
    assert.deepEqual(client.asdus(), ['01 01 03 09 01 00 01 00 00 01', '0f 01 03 09 01 00 02 00 00 07 00 00 00 00']);
    rig.clock.advance(7000);
    assert.deepEqual(client.asdus(), ['01 01 01 09 01 00 01 00 00 01']);
  });

  it('PROTOCOL 29: so do the background scan, an implicit interrogation and what is sent again', () => {
    const { rig, client } = setup('IMPI=1;BGS=3');
    assert.deepEqual(client.asdus(), ['01 01 03 09 01 00 01 00 00 c0', '0f 01 03 09 01 00 02 00 00 00 00 00 00 80']);
    client.ask('64 01 06 05 01 00 00 00 00 14').asdus();
    rig.clock.advance(3000);
    assert.deepEqual(client.asdus(), ['01 01 02 09 01 00 01 00 00 c0', '0f 01 02 09 01 00 02 00 00 00 00 00 00 80']);
    rig.served.write(1, true);
    assert.equal(client.taken().length, 1);
    client.cut();
    assert.deepEqual(rig.client().asdus()[0], '01 01 03 09 01 00 01 00 00 01');
  });

  it('PROTOCOL 25: so does return information of a command', () => {
    const { rig, client } = setup('SAI=False');
    assert.deepEqual(client.ask('2d 01 06 05 01 00 2d 00 00 01').asdus(), ['2d 01 07 05 01 00 2d 00 00 01']);
    rig.served.write(1, true);
    assert.deepEqual(client.asdus(), ['01 01 0b 09 01 00 01 00 00 01', '2d 01 0a 05 01 00 2d 00 00 01']);
  });

  it('PROTOCOL 20: what answers 100 and 101 bears theirs, confirmation, values and termination', () => {
    const { client } = setup();
    assert.deepEqual(client.ask('64 01 06 05 01 00 00 00 00 14', '65 01 06 06 01 00 00 00 00 05').asdus(), [
      '64 01 07 05 01 00 00 00 00 14',
      '01 01 14 05 01 00 01 00 00 c0',
      '64 01 0a 05 01 00 00 00 00 14',
      '65 01 07 06 01 00 00 00 00 05',
      '0f 01 25 06 01 00 02 00 00 00 00 00 00 80',
      '65 01 0a 06 01 00 00 00 00 05',
    ]);
  });

  it('PROTOCOL 16: all other answers bear that of the request', () => {
    const { client } = setup();
    for (const [asked, ...answers] of [
      ['66 01 05 07 01 00 01 00 00', '01 01 05 07 01 00 01 00 00 c0'],
      [`67 01 06 07 01 00 00 00 00 ${TAG}`, `67 01 07 07 01 00 00 00 00 ${TAG}`],
      [`6b 01 06 07 01 00 00 00 00 01 00 ${TAG}`, `6b 01 07 07 01 00 00 00 00 01 00 ${TAG}`],
      [
        `3a 01 06 07 01 00 2e 00 00 01 ${TAG}`,
        `3a 01 07 07 01 00 2e 00 00 01 ${TAG}`,
        `3a 01 0a 07 01 00 2e 00 00 01 ${TAG}`,
      ],
      ['2d 01 06 ff 01 00 63 00 00 01', '2d 01 6f ff 01 00 63 00 00 01'],
      ['64 01 06 07 08 00 00 00 00 14', '64 01 6e 07 08 00 00 00 00 14'],
    ] as const)
      assert.deepEqual(client.ask(asked).asdus(), answers);
  });

  it('what a balanced station asks and commands bears the line number', () => {
    const rig = new Virtual(
      [{ parameters: 'OIC=1;OCIC=2', balanced: true, points: [{ ioa: 1, type: 'C_SC_NA_1', direction: 'out' }] }],
      { lineNumber: 9 },
    );
    const client = rig.client();
    client.ask('64 01 06 05 01 00 00 00 00 14');
    assert.deepEqual(client.asdus().slice(0, 2), ['64 01 06 09 01 00 00 00 00 14', '65 01 06 09 01 00 00 00 00 05']);
    rig.command({ ioa: 1, value: true });
    assert.deepEqual(client.asdus(), ['2d 01 06 09 01 00 01 00 00 01']);
  });
});

describe('the originator of clock synchronization', () => {
  /** Originators of the 103 that are sent in the next period. */
  const sent = (rig: Virtual, ...clients: ReturnType<Virtual['client']>[]): string[] => {
    for (const client of clients) client.asdus();
    rig.clock.advance(10_000);
    return clients.flatMap((client) =>
      client
        .asdus()
        .filter((asdu) => asdu.startsWith('67 01 06'))
        .map((asdu) => asdu.slice(9, 11)),
    );
  };

  it('PROTOCOL 23: is the line number until 100 or 101 has come, then that of the last one', () => {
    const { rig, client } = setup('', { syncPeriod: 10 });
    assert.deepEqual(sent(rig, client), ['09']);
    client.ask('64 01 06 05 01 00 00 00 00 14');
    assert.deepEqual(sent(rig, client), ['05']);
    client.ask('65 01 06 06 01 00 00 00 00 05', '2d 01 06 07 01 00 2d 00 00 01', '66 01 05 08 01 00 01 00 00');
    assert.deepEqual(sent(rig, client), ['06'], 'other requests do not count');
  });

  it('PROTOCOL 23: is that of each connection, stays across STOPDT, and begins anew with a connection', () => {
    const { rig, client } = setup('', { syncPeriod: 10 });
    const other = rig.client('192.0.2.9:1');
    client.ask('64 01 06 05 01 00 00 00 00 14');
    assert.deepEqual(sent(rig, client, other), ['05', '09']);
    client.send('68 04 13 00 00 00').clock.settle();
    client.frames.splice(0);
    client.start();
    assert.deepEqual(sent(rig, client), ['05']);
    client.cut();
    assert.deepEqual(sent(rig, rig.client()), ['09']);
  });

  it('PROTOCOL 23: an interrogation that is refused does not count', () => {
    const { rig, client } = setup('', { syncPeriod: 10 });
    client.ask(
      '64 01 06 05 01 00 00 00 00 1e',
      '64 01 06 05 01 00 00 00 00 63',
      '65 01 06 05 01 00 00 00 00 04',
      '64 01 06 05 08 00 00 00 00 14',
      '64 01 06 05 01 00 01 00 00 14',
      '64 01 05 05 01 00 00 00 00 14',
    );
    assert.deepEqual(sent(rig, client), ['09']);
  });

  it('PROTOCOL 23: an answer to our own 100 is no interrogation', () => {
    const { rig, client } = setup('OIC=1', { syncPeriod: 10, balanced: true });
    client.ask('64 01 06 05 01 00 00 00 00 14').asdus();
    client.ask('64 01 07 09 01 00 00 00 00 14', '64 01 0a 09 01 00 00 00 00 14');
    assert.deepEqual(sent(rig, client), ['05']);
  });
});
