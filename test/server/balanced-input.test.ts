import assert from 'node:assert/strict';
import { Virtual, type VirtualSpec } from './virtual.js';

const TAG = '85 1a 05 04 43 02 1a';
const AT = Date.UTC(2026, 1, 3, 4, 5, 6, 789);
const GI = '64 01 06 09 01 00 00 00 00 14';
const CI = '65 01 06 09 01 00 00 00 00 05';

function setup(spec: Partial<VirtualSpec>) {
  const rig = new Virtual([{ balanced: true, points: [], ...spec }], { lineNumber: 9 });
  /** What a flow is told, as object address and value. */
  const told = (): unknown[] => rig.served.operations.splice(0).map(({ object }) => [object.ioa, object.value]);
  return { rig, client: rig.client(), told, log: rig.served.log };
}

describe('interrogations that a balanced station sends', () => {
  for (const [parameters, expected] of [
    ['', []],
    ['OIC=0;OCIC=0', []],
    ['OIC=1', [GI]],
    ['OCIC=1', [CI]],
    ['OIC=1;OCIC=2', [GI, CI]],
    ['OIC=2;OCIC=1', [CI, GI]],
    ['OIC=10;OCIC=9', [CI, GI]],
  ] as const)
    it(`${parameters || 'neither OIC nor OCIC'}: ${expected.map((asdu) => Number.parseInt(asdu, 16)).join(', ') || 'none'}`, () => {
      assert.deepEqual(setup({ parameters }).client.asdus(), expected);
    });

  it('each station its own, of stations that are balanced alone', () => {
    const { rig, client } = setup({ parameters: 'OIC=1' });
    client.asdus();
    rig.add({ ca: 2, balanced: true, parameters: 'OCIC=1', points: [] });
    rig.add({ ca: 3, parameters: 'OIC=1;OCIC=1', points: [] });
    assert.deepEqual(rig.client('192.0.2.9:1').asdus(), [GI, CI.replace('09 01 00', '09 02 00')]);
  });

  it('to each client, at each STARTDT, behind the end of initialization and before events', () => {
    const points = [{ ioa: 1, type: 'M_SP_NA_1' }];
    const { rig, client } = setup({ parameters: 'OIC=1;EOI=1;SAI=False', points });
    assert.deepEqual(client.asdus(), ['46 01 04 09 01 00 00 00 00 00', GI]);
    client.send('68 04 13 00 00 00').clock.settle();
    client.frames.splice(0);
    rig.served.write(1, true);
    client.start();
    assert.deepEqual(client.asdus(), ['46 01 04 09 01 00 00 00 00 00', GI, '01 01 03 09 01 00 01 00 00 01']);
    client.send('68 04 07 00 00 00').clock.settle();
    assert.deepEqual(client.frames.splice(0), ['68 04 0b 00 00 00'], 'a repeated one begins nothing');
  });

  it('whatever answers them is not answered: 7, 9, 10, negative, 44 to 47, end of initialization', () => {
    const { client, told } = setup({ parameters: 'OIC=1;OCIC=2' });
    client.asdus();
    for (const cause of ['07', '0a', '09', '47', '6c', '6d', '6e', '6f', '2c'])
      for (const request of [GI, CI])
        assert.deepEqual(client.ask(request.replace(' 06 ', ` ${cause} `)).asdus(), [], cause);
    assert.deepEqual(client.ask('46 01 04 05 01 00 00 00 00 00').asdus(), []);
    assert.deepEqual(told(), []);
  });

  it('STWATCH sends them again, to all partners, and tells how many there are', () => {
    const { rig, client } = setup({ parameters: 'OIC=1;OCIC=2' });
    const other = rig.client('192.0.2.9:1');
    for (const each of [client, other]) each.asdus();
    assert.equal(rig.served.line.watch(rig.served.station), 2);
    for (const each of [client, other]) assert.deepEqual(each.asdus(), [GI, CI]);
    client.cut();
    other.cut();
    assert.equal(rig.served.line.watch(rig.served.station), 0);
  });

  it('STWATCH of a station that is not balanced has no partners and sends nothing', () => {
    const { rig, client } = setup({});
    const plain = rig.add({ ca: 2, parameters: 'OIC=1', points: [] });
    assert.equal(rig.served.line.watch(plain), 0);
    assert.deepEqual(client.asdus(), []);
  });

  it('the partner may interrogate and command as ever', () => {
    const { client } = setup({
      parameters: 'OIC=1',
      points: [
        { ioa: 1, type: 'M_SP_NA_1' },
        { ioa: 45, type: 'C_SC_NA_1' },
      ],
    });
    client.asdus();
    assert.deepEqual(client.ask('64 01 06 05 01 00 00 00 00 14', '2d 01 06 05 01 00 2d 00 00 01').asdus().length, 5);
  });
});

/** Type, object, and the value that is told. */
const informing: readonly (readonly [type: string, asdu: string, value: unknown])[] = [
  ['M_SP_NA_1', '01 01 14 05 01 00 64 00 00 01', 1],
  ['M_SP_TA_1', '02 01 03 05 01 00 64 00 00 01 85 1a 05', 1],
  ['M_DP_NA_1', '03 01 03 05 01 00 64 00 00 02', 2],
  ['M_ST_NA_1', '05 01 03 05 01 00 64 00 00 7f 00', -1],
  ['M_BO_NA_1', '07 01 03 05 01 00 64 00 00 01 02 03 84 00', 0x84030201],
  ['M_ME_NA_1', '09 01 03 05 01 00 64 00 00 00 80 00', -1],
  ['M_ME_NB_1', '0b 01 02 05 01 00 64 00 00 9c ff 00', -100],
  ['M_ME_NC_1', '0d 01 01 05 01 00 64 00 00 00 00 c0 3f 00', 1.5],
  ['M_IT_NA_1', '0f 01 25 05 01 00 64 00 00 07 00 00 00 05', 7],
  ['M_PS_NA_1', '14 01 03 05 01 00 64 00 00 05 00 03 00 00', 0x00030005],
  ['M_ME_ND_1', '15 01 03 05 01 00 64 00 00 00 c0', -0.5],
  ['M_SP_TB_1', `1e 01 0b 05 01 00 64 00 00 01 ${TAG}`, 1],
  ['M_DP_TB_1', `1f 01 0c 05 01 00 64 00 00 01 ${TAG}`, 1],
  ['M_ST_TB_1', `20 01 03 05 01 00 64 00 00 05 00 ${TAG}`, 5],
  ['M_BO_TB_1', `21 01 03 05 01 00 64 00 00 01 00 00 00 00 ${TAG}`, 1],
  ['M_ME_TD_1', `22 01 03 05 01 00 64 00 00 00 40 00 ${TAG}`, 0.5],
  ['M_ME_TE_1', `23 01 03 05 01 00 64 00 00 02 01 00 ${TAG}`, 258],
  ['M_ME_TF_1', `24 01 03 05 01 00 64 00 00 00 00 c0 3f 00 ${TAG}`, 1.5],
  ['M_IT_TB_1', `25 01 29 05 01 00 64 00 00 07 00 00 00 05 ${TAG}`, 7],
  ['M_EP_TD_1', `26 01 03 05 01 00 64 00 00 02 02 01 ${TAG}`, 2],
];

describe('process information that a balanced station takes', () => {
  for (const [type, asdu, value] of informing)
    it(`${type}: told with its value and time, and not answered`, () => {
      const { rig, client } = setup({ points: [{ ioa: 100, type, direction: 'in' }] });
      assert.deepEqual(client.ask(asdu).asdus(), []);
      const [operation] = rig.served.operations;
      assert.deepEqual(
        [operation?.row.label, operation?.point?.ioa, operation?.object.value, operation?.request.asdu.originator],
        [type, 100, value, 5],
      );
      assert.equal(operation?.timestamp, asdu.includes('85 1a 05') ? AT : undefined);
      assert.equal(rig.served.operations.length, 1);
    });

  const singles = [100, 101, 102].map((ioa) => ({ ioa, type: 'M_SP_TB_1', direction: 'in' }));

  it('several objects, and SQ = 1 with consecutive ones, are told one by one', () => {
    const { client, told } = setup({ points: singles });
    client.ask('01 02 14 05 01 00 66 00 00 01 64 00 00 00').asdus();
    assert.deepEqual(told(), [
      [102, 1],
      [100, 0],
    ]);
    client.ask('01 83 14 05 01 00 64 00 00 01 00 01').asdus();
    assert.deepEqual(told(), [
      [100, 1],
      [101, 0],
      [102, 1],
    ]);
  });

  it('with and without a time tag are the same object', () => {
    const { client, told } = setup({ points: singles });
    client
      .ask(
        '01 01 14 05 01 00 64 00 00 01',
        '02 01 03 05 01 00 64 00 00 00 85 1a 05',
        `1e 01 03 05 01 00 64 00 00 01 ${TAG}`,
      )
      .asdus();
    assert.deepEqual(told(), [
      [100, 1],
      [100, 0],
      [100, 1],
    ]);
  });

  it('an unknown address, and a type that does not fit, are named in a warning; the others are told; IUA keeps silent', () => {
    for (const [parameters, expected] of [
      [
        '',
        [
          'warn: 192.0.2.1:40000 named unknown object addresses of Station 1: 103, 99',
          'warn: 192.0.2.1:40000 named unknown object addresses of Station 1: 100',
        ],
      ],
      ['IUA=True', []],
    ] as const) {
      const { client, told, log } = setup({ parameters, points: singles });
      assert.deepEqual(client.ask('01 03 14 05 01 00 67 00 00 01 65 00 00 01 63 00 00 01').asdus(), []);
      assert.deepEqual(client.ask('03 01 03 05 01 00 64 00 00 01').asdus(), []);
      assert.deepEqual(told(), [[101, 1]]);
      assert.deepEqual(log, expected);
    }
  });

  it('a point in and a point out may share an address', () => {
    const { rig, client, told } = setup({
      parameters: 'SAI=False',
      points: [
        { ioa: 100, type: 'M_SP_NA_1', direction: 'in' },
        { ioa: 100, type: 'M_SP_NA_1', direction: 'out' },
      ],
    });
    client.ask('01 01 03 05 01 00 64 00 00 00').asdus();
    assert.deepEqual(told(), [[100, 0]]);
    rig.served.write(100, true);
    assert.deepEqual(client.asdus(), ['01 01 03 09 01 00 64 00 00 01']);
  });

  it('PROTOCOL 15: with a cause of control direction it is refused with 45', () => {
    const { client, told } = setup({ points: singles });
    for (const cause of ['06', '07', '08', '0a', '00', '2a'])
      assert.deepEqual(
        client.ask(`01 01 ${cause} 05 01 00 64 00 00 01`).asdus(),
        [`01 01 6d 05 01 00 64 00 00 01`],
        cause,
      );
    assert.deepEqual(told(), []);
  });

  it('our own values that the partner sends back as unknown are no input, and are not answered', () => {
    const { client, told } = setup({ points: singles });
    for (const cause of ['6c', '6d', '6e', '6f', '2c'])
      assert.deepEqual(client.ask(`01 01 ${cause} 09 01 00 64 00 00 01`).asdus(), [], cause);
    assert.deepEqual(told(), []);
  });

  it('PROTOCOL 16: with the T bit it is told under IT = 0 and 2, and ignored under IT = 1', () => {
    for (const [it, count] of [
      [0, 1],
      [1, 0],
      [2, 1],
    ] as const) {
      const { client, told } = setup({ parameters: `IT=${it}`, points: singles });
      assert.deepEqual(client.ask('01 01 83 05 01 00 64 00 00 01').asdus(), []);
      assert.equal(told().length, count);
    }
  });

  it('PROTOCOL 8: with the standby mark it is told, with ICF3 ignored', () => {
    for (const [parameters, count] of [
      ['', 1],
      ['ICF3=True', 0],
    ] as const) {
      const { client, told } = setup({ parameters, points: singles });
      client.send('68 0e 00 00 01 00 01 01 03 05 01 00 64 00 00 01').asdus();
      assert.equal(told().length, count);
    }
  });

  it('a time that is none, or marked invalid, is left out', () => {
    const { rig, client } = setup({ points: singles });
    client
      .ask('1e 01 03 05 01 00 64 00 00 01 85 1a 85 04 43 02 1a', '1e 01 03 05 01 00 64 00 00 01 85 1a 05 04 43 0d 1a')
      .asdus();
    assert.deepEqual(
      rig.served.operations.map(({ timestamp }) => timestamp),
      [undefined, undefined],
    );
  });

  it('PROTOCOL 14: a station that is not balanced mirrors it with 44', () => {
    const { client, told } = setup({ balanced: false, points: [{ ioa: 100, type: 'M_SP_NA_1' }] });
    assert.deepEqual(client.ask('01 01 03 05 01 00 64 00 00 01').asdus(), ['01 01 6c 05 01 00 64 00 00 01']);
    assert.deepEqual(told(), []);
  });

  it('PROTOCOL 14: security statistics (41) are not taken in balanced mode either: 44', () => {
    const { client, told, log } = setup({ points: singles });
    const asdu = `29 01 03 05 01 00 64 00 00 01 00 07 00 00 00 05 ${TAG}`;
    assert.deepEqual(client.ask(asdu).asdus(), [asdu.replace(' 03 ', ' 6c ')]);
    assert.deepEqual([told(), log], [[], []]);
  });

  it('PROTOCOL 15: where a station of the line takes it, an unknown common address is refused with 46, after the cause', () => {
    const { rig, client, told } = setup({ points: singles });
    rig.add({ ca: 2, points: [] });
    for (const [ca, why, refusal] of [
      ['09 00', '03', '6e'],
      ['09 00', '14', '6e'],
      ['ff ff', '03', '6e'],
      ['09 00', '06', '6d'],
      ['02 00', '03', '6c'],
    ] as const)
      assert.deepEqual(client.ask(`01 01 ${why} 05 ${ca} 64 00 00 01`).asdus(), [
        `01 01 ${refusal} 05 ${ca} 64 00 00 01`,
      ]);
    assert.deepEqual(client.ask('01 01 6e 05 09 00 64 00 00 01').asdus(), [], 'a refusal is not refused');
    assert.deepEqual(told(), []);
  });

  it('PROTOCOL 18: octets that are no ASDU close', () => {
    const { client, told } = setup({ points: singles });
    client.ask('01 02 14 05 01 00 66 00 00 01').clock.settle();
    assert.equal(client.closed, true);
    assert.deepEqual(told(), []);
  });
});
