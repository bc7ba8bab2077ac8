import assert from 'node:assert/strict';
import { closeAll, type Served, serve } from './served.js';

const points = [
  { ioa: 100, type: 'M_SP_NA_1' },
  { ioa: 5000, type: 'C_SC_NA_1' },
];

describe('the header of an ASDU', () => {
  afterEach(closeAll);

  describe('types, causes and addresses that are unknown', () => {
    const mirrored = [
      ['14', 'a type that nobody defines', 'c8 01 06 00 01 00 00 00 00 14', 'c8 01 6c 00 01 00 00 00 00 14'],
      ['14', 'type 0', '00 01 06 00 01 00 00 00 00', '00 01 6c 00 01 00 00 00 00'],
      ['14', 'a monitor type', '01 01 03 00 01 00 64 00 00 01', '01 01 6c 00 01 00 64 00 00 01'],
      ['14', 'the test command of 101', '68 01 06 00 01 00 00 00 00 aa 55', '68 01 6c 00 01 00 00 00 00 aa 55'],
      ['14', 'end of initialization', '46 01 04 00 01 00 00 00 00 00', '46 01 6c 00 01 00 00 00 00 00'],
      ['15', 'a bad cause of a command', '2d 01 03 00 01 00 88 13 00 01', '2d 01 6d 00 01 00 88 13 00 01'],
      ['15', 'a bad cause of an interrogation', '64 01 05 00 01 00 00 00 00 14', '64 01 6d 00 01 00 00 00 00 14'],
      ['15', 'cause 0', '64 01 00 00 01 00 00 00 00 14', '64 01 6d 00 01 00 00 00 00 14'],
      ['15', 'a deactivation of a reset', '69 01 08 00 01 00 00 00 00 01', '69 01 6d 00 01 00 00 00 00 01'],
      ['15', 'an unknown common address', '2d 01 06 00 07 00 88 13 00 01', '2d 01 6e 00 07 00 88 13 00 01'],
      ['15', 'common address 0', '64 01 06 00 00 00 00 00 00 14', '64 01 6e 00 00 00 00 00 00 14'],
      ['15', 'an unknown object address', '2d 01 06 00 01 00 89 13 00 01', '2d 01 6f 00 01 00 89 13 00 01'],
      ['15', 'a command to a monitored object', '2d 01 06 00 01 00 64 00 00 01', '2d 01 6f 00 01 00 64 00 00 01'],
      ['15', 'a command of another type', '2e 01 06 00 01 00 88 13 00 01', '2e 01 6f 00 01 00 88 13 00 01'],
      ['15', 'an interrogation of an object', '64 01 06 00 01 00 01 00 00 14', '64 01 6f 00 01 00 01 00 00 14'],
      ['15', 'a counter interrogation of an object', '65 01 06 00 01 00 01 00 00 05', '65 01 6f 00 01 00 01 00 00 05'],
      ['15', 'a reset of an object', '69 01 06 00 01 00 00 01 00 01', '69 01 6f 00 01 00 00 01 00 01'],
    ] as const;
    for (const [statement, what, request, answer] of mirrored)
      it(`PROTOCOL ${statement}: ${what} is mirrored with P/N = 1`, async () => {
        const served = await serve([{ points }]);
        const client = await served.client();
        await client.answers(request, answer);
        await client.quiet();
        assert.deepEqual(served.operations, []);
      });

    for (const [statement, what, cot] of [
      ['14', '44', '6c'],
      ['15', '45', '6d'],
      ['15', '46', '6e'],
      ['15', '47', '6f'],
    ] as const)
      it(`PROTOCOL ${statement}: what is refused with ${what} already is not refused again`, async () => {
        const served = await serve([{ points }]);
        const client = await served.client();
        client.ask(
          `c8 01 ${cot} 00 01 00 00 00 00 14`,
          `01 01 ${cot} 00 01 00 64 00 00 01`,
          `2d 01 ${cot} 00 01 00 88 13 00 01`,
          `2d 01 ${cot} 00 07 00 88 13 00 01`,
          `64 01 ${cot} 00 ff ff 00 00 00 14`,
          `64 01 ${cot.replace('6', 'e')} 2a 01 00 00 00 00 14`,
        );
        await client.quiet();
        assert.deepEqual(served.operations, []);
        // Without P/N it is no refusal, but a cause that nobody sends in control direction.
        const positive = cot.replace('6', '2');
        await client.answers(`2d 01 ${positive} 00 01 00 88 13 00 01`, '2d 01 6d 00 01 00 88 13 00 01');
      });

    it('PROTOCOL 16: a refusal keeps originator and T bit', async () => {
      const client = await (await serve([{ points }])).client();
      await client.answers('c8 01 86 2a 01 00 00 00 00 14', 'c8 01 ec 2a 01 00 00 00 00 14');
      await client.answers('2d 01 83 2a 01 00 88 13 00 01', '2d 01 ed 2a 01 00 88 13 00 01');
      await client.answers('2d 01 86 2a 07 00 88 13 00 01', '2d 01 ee 2a 07 00 88 13 00 01');
      await client.answers('2d 01 86 2a 01 00 00 00 00 01', '2d 01 ef 2a 01 00 00 00 00 01');
    });
  });

  describe('the order of the answers', () => {
    it('PROTOCOL 18: type before cause, cause before common address, that before object address, that before content', async () => {
      const client = await (await serve([{ points }])).client();
      // Everything wrong, then one thing less each time: type, cause, common address, object address, qualifier.
      await client.answers('c8 01 05 00 07 00 01 00 00 7d', 'c8 01 6c 00 07 00 01 00 00 7d');
      await client.answers('2d 01 05 00 07 00 01 00 00 7d', '2d 01 6d 00 07 00 01 00 00 7d');
      await client.answers('2d 01 06 00 07 00 01 00 00 7d', '2d 01 6e 00 07 00 01 00 00 7d');
      await client.answers('2d 01 06 00 01 00 01 00 00 7d', '2d 01 6f 00 01 00 01 00 00 7d');
      await client.answers('2d 01 06 00 01 00 88 13 00 7d', '2d 01 47 00 01 00 88 13 00 7d');
      await client.answers('64 01 06 00 07 00 01 00 00 63', '64 01 6e 00 07 00 01 00 00 63');
      await client.answers('64 01 06 00 01 00 01 00 00 63', '64 01 6f 00 01 00 01 00 00 63');
      await client.answers('64 01 06 00 01 00 00 00 00 63', '64 01 47 00 01 00 00 00 00 63');
    });
  });

  describe('the broadcast address', () => {
    const twoStations = [
      { ca: 1, points },
      { ca: 258, points: [{ ioa: 100, type: 'M_SP_NA_1' }] },
    ];

    it('PROTOCOL 17: an interrogation of 65535 is answered by each station with its own address, one after the other', async () => {
      const client = await (await serve(twoStations)).client();
      await client.answers(
        '64 01 06 00 ff ff 00 00 00 14',
        '64 01 07 00 01 00 00 00 00 14',
        '01 01 14 00 01 00 64 00 00 c0',
        '64 01 0a 00 01 00 00 00 00 14',
        '64 01 07 00 02 01 00 00 00 14',
        '01 01 14 00 02 01 64 00 00 c0',
        '64 01 0a 00 02 01 00 00 00 14',
      );
      await client.quiet();
    });

    it('PROTOCOL 17: so are a counter interrogation, a clock synchronization and a reset', async () => {
      const served = await serve(twoStations);
      const client = await served.client();
      await client.answers(
        '65 01 06 00 ff ff 00 00 00 05',
        '65 01 07 00 01 00 00 00 00 05',
        '65 01 0a 00 01 00 00 00 00 05',
        '65 01 07 00 02 01 00 00 00 05',
        '65 01 0a 00 02 01 00 00 00 05',
      );
      await client.answers(
        '67 01 06 00 ff ff 00 00 00 85 1a 05 04 43 02 1a',
        '67 01 07 00 01 00 00 00 00 85 1a 05 04 43 02 1a',
        '67 01 07 00 02 01 00 00 00 85 1a 05 04 43 02 1a',
      );
      await client.answers(
        '69 01 06 00 ff ff 00 00 00 01',
        '69 01 07 00 01 00 00 00 00 01',
        '46 01 04 00 01 00 00 00 00 02',
        '69 01 07 00 02 01 00 00 00 01',
        '46 01 04 00 02 01 00 00 00 02',
      );
      assert.deepEqual(
        served.operations.map(({ row, station }) => [row.id, station.commonAddress]),
        [
          [103, 1],
          [103, 258],
          [105, 1],
          [105, 258],
        ],
      );
    });

    it('PROTOCOL 17: a deactivation of 65535 stops the scans of all stations', async () => {
      const client = await (await serve(twoStations)).client();
      await client.answers(
        '64 01 08 00 ff ff 00 00 00 14',
        '64 01 49 00 01 00 00 00 00 14',
        '64 01 49 00 02 01 00 00 00 14',
      );
    });

    for (const [what, request, answer] of [
      ['a command', '2d 01 06 00 ff ff 88 13 00 01', '2d 01 6e 00 ff ff 88 13 00 01'],
      ['a read', '66 01 05 00 ff ff 64 00 00', '66 01 6e 00 ff ff 64 00 00'],
      [
        'a test',
        '6b 01 06 00 ff ff 00 00 00 01 00 85 1a 05 04 43 02 1a',
        '6b 01 6e 00 ff ff 00 00 00 01 00 85 1a 05 04 43 02 1a',
      ],
    ] as const)
      it(`PROTOCOL 17: ${what} to 65535 is of an unknown common address`, async () => {
        const served = await serve(twoStations);
        const client = await served.client();
        await client.answers(request, answer);
        assert.deepEqual(served.operations, []);
      });
  });

  describe('octets that are no ASDU', () => {
    for (const [what, asdu] of [
      ['no objects', '64 00 06 00 01 00 00 00 00 14'],
      ['no objects, SQ = 1', '64 80 06 00 01 00 00 00 00 14'],
      ['no objects of an unknown type', 'c8 00 06 00 01 00 00 00 00 14'],
      ['a payload shorter than it says', '2d 02 06 00 01 00 88 13 00 01'],
      ['a payload shorter than its sequence', '2d 82 06 00 01 00 88 13 00 01'],
      ['a header only', '64 01 06 00 01 00'],
      ['half a header', '64 01 06'],
      ['one octet', '64'],
      ['half an object address', '64 01 06 00 01 00 00 00'],
      ['an element missing', '64 01 06 00 01 00 00 00 00'],
      ['an octet behind', '64 01 06 00 01 00 00 00 00 14 00'],
      ['a short time tag', '67 01 06 00 01 00 00 00 00 85 1a 05 04 43 02'],
      ['addresses past the last one', '2d 82 06 00 01 00 ff ff ff 01 01'],
      ['a monitor type cut short', '0d 01 03 00 01 00 64 00 00 00 00'],
      ['127 objects and the octets of one', '01 7f 03 00 01 00 64 00 00 01'],
    ] as const)
      it(`PROTOCOL 18: ${what} closes the connection, and no other`, async () => {
        const served = await serve([{ points }]);
        const [bad, good] = [await served.client(), await served.client()];
        bad.ask(asdu);
        await bad.closes();
        assert.deepEqual(
          bad.frames.filter((frame) => frame.slice(6, 11) !== '01 00'),
          [],
        );
        await served.until(() => served.line.status.lastClose !== undefined);
        assert.deepEqual(served.line.status.lastClose, { remote: `127.0.0.1:${bad.port}`, reason: 'asdu' });
        const told = served.log.filter((line) => line.includes('closed: asdu'));
        assert.equal(told.length, 1, 'logged once');
        assert.ok(told[0]?.includes(asdu), 'with the octets');
        await good.answers('64 01 06 00 01 00 00 00 00 63', '64 01 47 00 01 00 00 00 00 63');
      });

    it('PROTOCOL 18: an I-frame without any octet closes', async () => {
      const served = await serve([{ points }]);
      const client = await served.client();
      client.send('68 04 00 00 00 00');
      await client.closes();
    });
  });

  describe('commands of more than one object', () => {
    for (const [what, request, answer] of [
      ['SQ = 1', '2d 81 06 00 01 00 88 13 00 01', '2d 81 47 00 01 00 88 13 00 01'],
      ['two objects', '2d 02 06 00 01 00 88 13 00 01 88 13 00 00', '2d 02 47 00 01 00 88 13 00 01 88 13 00 00'],
      ['a sequence of two', '2d 82 06 00 01 00 88 13 00 01 00', '2d 82 47 00 01 00 88 13 00 01 00'],
      ['an interrogation with SQ = 1', '64 81 06 00 01 00 00 00 00 14', '64 81 47 00 01 00 00 00 00 14'],
      [
        'two interrogations in one',
        '64 02 06 00 01 00 00 00 00 14 00 00 00 14',
        '64 02 47 00 01 00 00 00 00 14 00 00 00 14',
      ],
    ] as const)
      it(`PROTOCOL 18: ${what}: 7 with P/N = 1, and not operated`, async () => {
        const served = await serve([{ points }]);
        const client = await served.client();
        await client.answers(request, answer);
        await client.quiet();
        assert.deepEqual(served.operations, []);
      });
  });

  describe('the T bit', () => {
    const told = (served: Served): unknown[] => served.operations.map(({ request }) => request.asdu.test);

    it('PROTOCOL 16: IT = 0: a command with T = 1 is confirmed with T = 1 and told as a test', async () => {
      const served = await serve([{ points }]);
      const client = await served.client();
      await client.answers(
        '2d 01 86 03 01 00 88 13 00 01',
        '2d 01 87 03 01 00 88 13 00 01',
        '2d 01 8a 03 01 00 88 13 00 01',
      );
      assert.deepEqual(told(served), [true]);
    });

    it('PROTOCOL 16: IT = 0: an interrogation with T = 1 is answered with T = 1', async () => {
      const client = await (await serve([{ points }])).client();
      await client.answers(
        '64 01 86 03 01 00 00 00 00 14',
        '64 01 87 03 01 00 00 00 00 14',
        '01 01 94 03 01 00 64 00 00 c0',
        '64 01 8a 03 01 00 00 00 00 14',
      );
    });

    it('PROTOCOL 16: IT = 1: whatever has T = 1 is ignored, even what would be refused', async () => {
      const served = await serve([{ parameters: 'IT=1', points }]);
      const client = await served.client();
      client.ask('2d 01 86 03 01 00 88 13 00 01');
      client.ask('64 01 86 03 01 00 00 00 00 14', 'c8 01 86 00 01 00 00 00 00 14', '2d 01 86 03 07 00 88 13 00 01');
      await client.quiet();
      assert.deepEqual(told(served), []);
      await client.answers('2d 01 06 03 07 00 88 13 00 01', '2d 01 6e 03 07 00 88 13 00 01');
    });

    it('PROTOCOL 16: by broadcast each station heeds its own IT', async () => {
      const served = await serve([
        { ca: 1, parameters: 'IT=1', points: [] },
        { ca: 2, parameters: 'IT=0', points: [] },
        { ca: 3, parameters: 'IT=2', points: [] },
      ]);
      const client = await served.client();
      await client.answers(
        '64 01 86 03 ff ff 00 00 00 14',
        '64 01 87 03 02 00 00 00 00 14',
        '64 01 8a 03 02 00 00 00 00 14',
        '64 01 87 03 03 00 00 00 00 14',
        '64 01 8a 03 03 00 00 00 00 14',
      );
      await client.answers('2d 01 86 03 ff ff 88 13 00 01', '2d 01 ee 03 ff ff 88 13 00 01');
    });

    it('PROTOCOL 16: by broadcast nothing is answered where all stations have IT = 1', async () => {
      const served = await serve([
        { ca: 1, parameters: 'IT=1', points: [] },
        { ca: 2, parameters: 'IT=1', points: [] },
      ]);
      const client = await served.client();
      client.ask('64 01 86 03 ff ff 00 00 00 14', '2d 01 86 03 ff ff 88 13 00 01', 'c8 01 86 00 ff ff 00 00 00 14');
      await client.quiet();
    });

    it('PROTOCOL 16: IT = 2: a command with T = 1 is processed', async () => {
      const served = await serve([{ parameters: 'IT=2', points }]);
      const client = await served.client();
      await client.answers(
        '2d 01 86 03 01 00 88 13 00 01',
        '2d 01 87 03 01 00 88 13 00 01',
        '2d 01 8a 03 01 00 88 13 00 01',
      );
      assert.deepEqual(told(served), [true]);
    });
  });

  it('PROTOCOL 8: with ICF3 an ASDU that bears the standby mark is ignored, without it it is processed', async () => {
    for (const [parameters, answered] of [
      ['ICF3=True', false],
      ['', true],
    ] as const) {
      const served = await serve([{ parameters, points }]);
      const client = await served.client();
      client.wire.vs = 1;
      client.send('68 0e 00 00 01 00 64 01 06 00 01 00 00 00 00 63');
      if (answered) await client.expect('64 01 47 00 01 00 00 00 00 63');
      else await client.quiet();
      await client.answers('64 01 06 00 01 00 00 00 00 63', '64 01 47 00 01 00 00 00 00 63');
    }
  });
});
