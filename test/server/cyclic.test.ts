import assert from 'node:assert/strict';
import { Virtual } from './virtual.js';

const GI = '64 01 06 00 01 00 00 00 00 14';
const COUNTERS = '65 01 06 00 01 00 00 00 00 05';

describe('periodic transmission', () => {
  const points = [
    { ioa: 1, type: 'M_ME_TE_1', period: 2 },
    { ioa: 2, type: 'M_ME_NB_1', period: 5 },
    { ioa: 3, type: 'M_SP_NA_1' },
    { ioa: 4, type: 'M_IT_TB_1', period: 3 },
  ];
  const one = (value: string): string => `0b 01 01 09 01 00 01 00 00 ${value} 00 00`;

  function setup(parameters = '') {
    const rig = new Virtual([{ parameters, points }], { lineNumber: 9 });
    const client = rig.client();
    rig.served.write(1, 1);
    rig.served.write(2, 2);
    rig.served.write(4, 4);
    client.ask(GI).asdus();
    const after = (ms: number): string[] => {
      rig.clock.advance(ms);
      return client.asdus();
    };
    return { rig, client, after };
  }

  it('PROTOCOL 29: each point in its period, with cause 1, without time tag, the line number as originator', () => {
    const { after } = setup();
    assert.deepEqual(after(1999), []);
    assert.deepEqual(after(1), [one('01')]);
    assert.deepEqual(after(1999), []);
    assert.deepEqual(after(1), [one('01')]);
    assert.deepEqual(after(999), []);
    assert.deepEqual(after(1), ['0b 01 01 09 01 00 02 00 00 02 00 00']);
    assert.deepEqual(after(1000), [one('01')]);
  });

  it('PROTOCOL 29: the value is that of the moment it is sent; changes go out in between', () => {
    const { rig, client, after } = setup();
    after(1000);
    rig.served.write(1, 7, rig.clock.wall());
    assert.deepEqual(client.asdus(), ['23 01 03 09 01 00 01 00 00 07 00 00 6d 1e 05 04 43 02 1a']);
    assert.deepEqual(after(1000), [one('07')]);
  });

  it('PROTOCOL 29: a value that is invalid is sent so', () => {
    const { rig, client, after } = setup('II=True');
    rig.served.station.write({ ioa: 1, value: 1, quality: { invalid: true } }, 0);
    client.asdus();
    assert.deepEqual(after(2000), ['0b 01 01 09 01 00 01 00 00 01 00 80']);
  });

  it('PROTOCOL 29: several objects share an ASDU with IGO', () => {
    const rig = new Virtual([
      {
        parameters: 'IGO=True',
        points: [
          { ioa: 1, type: 'M_SP_TB_1', period: 1 },
          { ioa: 2, type: 'M_SP_TB_1', period: 1 },
        ],
      },
    ]);
    const client = rig.client();
    client.ask(GI).asdus();
    rig.clock.advance(1000);
    assert.deepEqual(client.asdus(), ['01 02 01 00 01 00 01 00 00 c0 02 00 00 c0']);
  });

  it('PROTOCOL 33: only to who has interrogated, counters only to who has sent 101', () => {
    const { rig, client, after } = setup();
    const silent = rig.client('192.0.2.9:1');
    assert.deepEqual(after(3000), [one('01')]);
    assert.deepEqual(silent.asdus(), []);
    client.ask(COUNTERS).asdus();
    silent.ask(COUNTERS).asdus();
    const reading = '0f 01 01 09 01 00 04 00 00 04 00 00 00 00';
    assert.deepEqual(after(3000), [one('01'), '0b 01 01 09 01 00 02 00 00 02 00 00', one('01'), reading]);
    assert.deepEqual(silent.asdus(), [reading]);
  });

  it('PROTOCOL 29: it is not kept for who is away', () => {
    const { rig, client } = setup('SAI=False');
    client.cut();
    rig.clock.advance(10_000);
    assert.deepEqual(rig.client().asdus(), []);
  });

  it('PROTOCOL 29: a client that does not take it has one turn waiting, however many have come', () => {
    const { rig, client } = setup('K=1;W=1;WT1=600000');
    rig.clock.advance(120_000);
    const other = '0b 01 01 09 01 00 02 00 00 02 00 00';
    assert.deepEqual(client.asdus(), [one('01'), one('01'), other], 'the first was on its way');
  });

  it('PROTOCOL 20: no periodic value comes before an older event of its point', () => {
    const { rig, client } = setup('K=1;W=1;WT1=600000');
    rig.served.write(3, true);
    rig.clock.settle();
    for (const value of [8, 9]) rig.served.write(1, value);
    rig.clock.advance(2000);
    const values = client.asdus().filter((asdu) => asdu.slice(18, 20) === '01');
    assert.deepEqual(
      values.map((asdu) => asdu.slice(6, 8)),
      ['03', '03', '01'],
    );
    assert.equal(values.at(-1), one('09'));
  });

  it('PROTOCOL 29: ends with the station, and begins anew with a new one', () => {
    const { rig, after } = setup();
    rig.served.line.remove(rig.served.station);
    assert.deepEqual(after(10_000), []);
    rig.add({ ca: 1, points: [{ ioa: 1, type: 'M_ME_NB_1', period: 2 }] });
    assert.deepEqual(after(2000), ['0b 01 01 09 01 00 01 00 00 00 00 c0']);
  });
});

describe('the background scan', () => {
  const points = [
    { ioa: 1, type: 'M_SP_TB_1' },
    { ioa: 2, type: 'M_ME_TF_1' },
    { ioa: 3, type: 'M_EP_TD_1' },
    { ioa: 4, type: 'M_IT_TB_1' },
  ];
  const single = '01 01 02 09 01 00 01 00 00 01';
  const float = '0d 01 02 09 01 00 02 00 00 00 00 c0 3f 00';

  function setup() {
    const rig = new Virtual(
      [
        { parameters: 'BGS=10', points },
        { ca: 2, parameters: 'BGS=0', points },
      ],
      {
        lineNumber: 9,
      },
    );
    const client = rig.client();
    rig.served.write(1, true);
    rig.served.write(2, 1.5);
    rig.served.write(4, 4);
    client.ask(GI).asdus();
    return { rig, client };
  }

  it('PROTOCOL 29: every BGS seconds all values with cause 2, none with a time tag, none that is an event only', () => {
    const { rig, client } = setup();
    rig.clock.advance(9999);
    assert.deepEqual(client.asdus(), []);
    for (let round = 0; round < 3; round++) {
      rig.clock.advance(round === 0 ? 1 : 10_000);
      assert.deepEqual(client.asdus(), [single, float]);
    }
  });

  it('PROTOCOL 33: counters belong to it for who has sent 101', () => {
    const { rig, client } = setup();
    client.ask(COUNTERS).asdus();
    rig.clock.advance(10_000);
    assert.deepEqual(client.asdus(), [single, float, '0f 01 02 09 01 00 04 00 00 04 00 00 00 00']);
  });

  it('PROTOCOL 29: it does not hold up an interrogation, nor an interrogation it', () => {
    const { rig, client } = setup();
    rig.clock.advance(10_000);
    const got = client.ask(GI).asdus();
    assert.deepEqual(got, [
      single,
      float,
      '64 01 07 00 01 00 00 00 00 14',
      '01 01 14 00 01 00 01 00 00 01',
      '0d 01 14 00 01 00 02 00 00 00 00 c0 3f 00',
      '64 01 0a 00 01 00 00 00 00 14',
    ]);
  });
});

describe('clock synchronization that is sent', () => {
  const points = [{ ioa: 1, type: 'M_SP_NA_1' }];
  const clock = (minute: string, ms: string, ca = '01', originator = '09'): string =>
    `67 01 06 ${originator} ${ca} 00 00 00 00 ${ms} ${minute} 04 43 02 1a`;

  function setup(syncPeriod = 60) {
    const rig = new Virtual(
      [
        { points, syncPeriod },
        { ca: 2, points },
      ],
      { lineNumber: 9 },
    );
    return { rig, client: rig.client() };
  }

  it('PROTOCOL 23: 103 with cause 6 and the time, every syncPeriod seconds, for the stations that have one', () => {
    const { rig, client } = setup();
    rig.clock.advance(59_999);
    assert.deepEqual(client.asdus(), []);
    rig.clock.advance(1);
    assert.deepEqual(client.asdus(), [clock('06', '85 1a')]);
    rig.clock.advance(60_000);
    assert.deepEqual(client.asdus(), [clock('07', '85 1a')]);
  });

  it('PROTOCOL 23: not before STARTDT, and not after STOPDT', () => {
    const { rig, client } = setup(10);
    const waiting = rig.connect('192.0.2.9:1');
    client.send('68 04 13 00 00 00').clock.settle();
    client.frames.splice(0);
    rig.clock.advance(20_000);
    assert.deepEqual([client.asdus(), waiting.asdus()], [[], []]);
    client.start();
    rig.clock.advance(10_000);
    assert.equal(client.asdus().length, 1);
  });

  it('PROTOCOL 23: each answer to it is ignored: 7, 10, negative, 44 to 47', () => {
    const { rig, client } = setup();
    rig.clock.advance(60_000);
    client.asdus();
    for (const cause of ['07', '0a', '47', '6c', '6d', '6e', '6f', '2c'])
      assert.deepEqual(client.ask(clock('06', '85 1a').replace('67 01 06', `67 01 ${cause}`)).asdus(), [], cause);
    assert.deepEqual(rig.served.operations, []);
    // The master's own is answered as ever.
    assert.deepEqual(client.ask('67 01 06 05 01 00 00 00 00 85 1a 05 04 43 02 1a').asdus(), [
      '67 01 07 05 01 00 00 00 00 85 1a 05 04 43 02 1a',
    ]);
  });

  it('PROTOCOL 23: a station that sends none takes no answers: 45', () => {
    const { client } = setup();
    const answer = clock('06', '85 1a', '02').replace('67 01 06', '67 01 07');
    assert.deepEqual(client.ask(answer).asdus(), [answer.replace('67 01 07', '67 01 6d')]);
  });

  it('PROTOCOL 23: a station that comes later synchronizes clients that are there already', () => {
    const rig = new Virtual([{ points }], { lineNumber: 9 });
    const client = rig.client();
    rig.add({ ca: 2, points, syncPeriod: 10 });
    rig.clock.advance(10_000);
    assert.deepEqual(client.asdus(), [clock('05', '95 41', '02')]);
  });
});
