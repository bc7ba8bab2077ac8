import assert from 'node:assert/strict';
import { COMMAND, type Effect, prove } from './effect.js';
import { Virtual } from './virtual.js';

const effects: readonly Effect[] = [
  {
    keyword: 'CMDC',
    name: 'Command Confirm',
    value: '1',
    without: ['07', '0a'],
    with: ['07'],
    observe: (rig) => rig.causes(rig.client(), COMMAND),
  },
  {
    keyword: 'EOI',
    name: 'End of initialization',
    value: '1',
    without: [],
    with: ['46 01 04 00 01 00 00 00 00 00'],
    observe: (rig) => rig.client().asdus(),
  },
  {
    keyword: 'GISN',
    name: 'GI Send New',
    value: 'True',
    also: 'SAI=False',
    without: ['01 02'],
    with: ['01 01', '01 02'],
    observe: (rig) => {
      rig.served.write(1, true, rig.clock.wall() + 1);
      rig.served.write(2, true, rig.clock.wall());
      rig.client().asdus();
      return rig.interrogated();
    },
  },
  {
    keyword: 'II',
    name: 'Ignore Invalids on Interrogation',
    value: 'True',
    without: ['01 01', '01 02'],
    with: [],
    observe: (rig) => rig.interrogated(),
  },
  {
    keyword: 'IT',
    name: 'Ignore Tests',
    value: '1',
    without: ['87', '8a'],
    with: [],
    observe: (rig) => rig.causes(rig.client(), COMMAND.replace(' 06 ', ' 86 ')),
  },
  {
    keyword: 'IUA',
    name: 'Ignore Unknown Addresses',
    value: 'True',
    kind: { balanced: true },
    without: ['warn: 192.0.2.1:40000 named unknown object addresses of Station 1: 99'],
    with: [],
    observe: (rig) => {
      rig.client().ask('01 01 03 00 01 00 63 00 00 01').asdus();
      return rig.served.log;
    },
  },
  {
    keyword: 'ICCI',
    name: 'Interrogation Covers Counter Interrogation',
    value: 'True',
    without: ['01 01', '01 02'],
    with: ['01 01', '01 02', '0f 03'],
    observe: (rig) => rig.interrogated(),
  },
  {
    keyword: 'IGO',
    name: 'Interrogation Groups Objects',
    value: 'True',
    without: 2,
    with: 1,
    observe: (rig) => rig.interrogated().length,
  },
  {
    keyword: 'IWOT',
    name: 'Interrogation WithOut Timestamps',
    value: 'False',
    without: ['01 01', '01 02'],
    with: ['01 01', '1e 02'],
    observe: (rig) => rig.interrogated(),
  },
  {
    keyword: 'NF',
    name: 'No Flags',
    value: 'True',
    also: 'SAI=False',
    without: ['01 01 03 00 01 00 01 00 00 21'],
    with: ['01 01 03 00 01 00 01 00 00 01'],
    observe: (rig) => {
      const client = rig.client();
      rig.served.station.write({ ioa: 1, value: true, status: 0x20 }, 0);
      return client.asdus();
    },
  },
  {
    keyword: 'OIC',
    name: 'Order of IC',
    value: '1',
    kind: { balanced: true },
    without: [],
    with: ['64 01 06 00 01 00 00 00 00 14'],
    observe: (rig) => rig.client().asdus(),
  },
  {
    keyword: 'OCIC',
    name: 'Order of Counter IC',
    value: '1',
    kind: { balanced: true },
    without: [],
    with: ['65 01 06 00 01 00 00 00 00 05'],
    observe: (rig) => rig.client().asdus(),
  },
  {
    keyword: 'SBOT',
    name: 'Select timeout',
    value: '5000',
    kind: { points: [{ ioa: 45, type: 'C_SC_NA_1', sbo: true }] },
    without: ['07', '0a'],
    with: ['47'],
    observe: (rig) => {
      const client = rig.client();
      client.ask('2d 01 06 00 01 00 2d 00 00 81').asdus();
      rig.clock.advance(5000);
      return rig.causes(client, COMMAND);
    },
  },
  {
    keyword: 'CAGE',
    name: 'Command age limit',
    value: '5000',
    without: ['07', '0a'],
    with: ['47'],
    observe: (rig) => rig.causes(rig.client(), '3a 01 06 00 01 00 2d 00 00 01 85 1a 04 04 43 02 1a'),
  },
  {
    keyword: 'CTO',
    name: 'Command response timeout',
    value: '3000',
    confirm: 'flow',
    without: [10, '47'],
    with: [3, '47'],
    observe: (rig) => {
      const client = rig.client();
      client.ask(COMMAND).asdus();
      const seconds = rig.secondsUntil(() => client.frames.some((frame) => frame.startsWith('68 0e')));
      return [seconds, client.asdus()[0]?.slice(6, 8)];
    },
  },
  {
    keyword: 'BGS',
    name: 'Background scan',
    value: '2',
    also: 'SAI=False',
    without: [],
    with: ['02', '02', '02'],
    observe: (rig) => {
      const client = rig.client();
      rig.clock.advance(2000);
      return client.asdus().map((asdu) => asdu.slice(6, 8));
    },
  },
];

describe('every parameter of a station has its effect', () => {
  prove(effects);

  it('parameter IT: 2 processes a test, and operates it as any other', () => {
    const rig = new Virtual([
      {
        parameters: 'IT=2',
        points: [
          { ioa: 1, type: 'M_SP_NA_1' },
          { ioa: 45, type: 'C_SC_NA_1', feedback: 1 },
        ],
      },
    ]);
    assert.deepEqual(rig.client().ask(COMMAND.replace(' 06 ', ' 86 ')).asdus(), [COMMAND.replace(' 06 ', ' 87 ')]);
    assert.equal(rig.served.operations.length, 1);
  });

  it('parameter OCIC: below OIC the counters are asked for first', () => {
    for (const [parameters, expected] of [
      ['OIC=1;OCIC=2', ['64', '65']],
      ['OIC=2;OCIC=1', ['65', '64']],
    ] as const) {
      const rig = new Virtual([{ parameters, points: [], balanced: true }]);
      assert.deepEqual(
        rig
          .client()
          .asdus()
          .map((asdu) => asdu.slice(0, 2)),
        expected,
      );
    }
  });
});
