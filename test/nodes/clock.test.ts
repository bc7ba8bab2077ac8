import assert from 'node:assert/strict';
import type { TestClient } from '../server/client.js';
import { commandIn, freePort, line, serverOut, sink, station, tab } from './flow.js';
import { type Message, red, withNodeRed } from './runtime.js';
import { interrogate } from './wire.js';

/** 2025-11-24 16:00:00.000 UTC, a Monday. */
const WINTER = 1_764_000_000_000;
/** 2025-07-01 12:00:00.000 UTC, a Tuesday. */
const SUMMER = Date.UTC(2025, 6, 1, 12);

const points = [
  { ioa: 100, type: 'M_SP_TB_1' },
  { ioa: 202, type: 'C_SC_TA_1' },
];

describe('time tags', () => {
  withNodeRed();

  const flow = (port: number, properties: Readonly<Record<string, unknown>>, more: readonly object[] = []) => [
    tab,
    line(port),
    station([...points, ...more], properties),
    serverOut({ ioa: '100' }),
    commandIn(),
    sink('commands'),
  ];

  async function begin(properties: Readonly<Record<string, unknown>>, port?: number): Promise<TestClient> {
    port ??= await freePort();
    await red.deploy(flow(port, properties));
    assert.deepEqual(red.allErrors, []);
    const client = await red.client(port);
    await interrogate(client);
    return client;
  }

  /** The time tag of the event that a message causes. */
  async function tagOf(client: TestClient, message: Message): Promise<string> {
    red.inject('out', { payload: true, ...message });
    const asdu = await client.asdu();
    assert.equal(asdu.slice(0, 27 + 2), '1e 01 03 00 01 00 64 00 00 01');
    return asdu.slice(30);
  }

  const zones: readonly [zone: unknown, timestamp: number, tag: string][] = [
    ['utc', WINTER, '00 00 00 10 38 0b 19'],
    ['', WINTER, '00 00 00 10 38 0b 19'],
    [undefined, WINTER, '00 00 00 10 38 0b 19'],
    ['0', WINTER, '00 00 00 10 38 0b 19'],
    ['60', WINTER, '00 00 00 11 38 0b 19'],
    [60, WINTER, '00 00 00 11 38 0b 19'],
    ['+330', WINTER, '00 00 1e 15 38 0b 19'],
    ['-30', WINTER, '00 00 1e 0f 38 0b 19'],
    // Into the next day, a Tuesday.
    ['480', WINTER, '00 00 00 00 59 0b 19'],
  ];
  for (const [timeZone, timestamp, tag] of zones)
    it(`timeZone ${timeZone}: ${tag}`, async () => {
      assert.equal(await tagOf(await begin({ timeZone }), { timestamp }), tag);
    });

  describe('timeZone local, in Vienna', () => {
    const zone = process.env.TZ;
    before(() => {
      process.env.TZ = 'Europe/Vienna';
    });
    after(() => {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    });

    it('winter', async () => {
      assert.equal(await tagOf(await begin({ timeZone: 'local' }), { timestamp: WINTER }), '00 00 00 11 38 0b 19');
    });

    it('summer, with the summer time bit', async () => {
      assert.equal(await tagOf(await begin({ timeZone: 'Local' }), { timestamp: SUMMER }), '00 00 00 8e 41 07 19');
    });

    it('of a command', async () => {
      const client = await begin({ timeZone: 'local' });
      client.ask('3a 01 06 00 01 00 ca 00 00 01 00 00 00 8e 41 07 19');
      const { iec104 } = (await red.next('commands')) as { iec104: Message };
      assert.equal(iec104.timestamp, SUMMER);
      assert.equal(iec104.summerTime, true);
    });
  });

  it('the zone also holds for commands and for clock synchronization', async () => {
    const client = await begin({ timeZone: '60' });
    client.ask('3a 01 06 00 01 00 ca 00 00 01 00 00 00 11 38 0b 19');
    assert.equal(((await red.next('commands')).iec104 as Message).timestamp, WINTER);
    client.ask('67 01 06 00 01 00 00 00 00 00 00 00 11 38 0b 19');
    assert.equal((await red.next('commands')).payload, WINTER);
  });

  const synchronize = async (client: TestClient) => {
    await client.answers(
      '67 01 06 00 01 00 00 00 00 00 00 00 10 38 0b 19',
      '67 01 07 00 01 00 00 00 00 00 00 00 10 38 0b 19',
    );
    assert.equal((await red.next('commands')).payload, WINTER);
  };

  it('clock master: they follow the time that the control centre sends', async () => {
    const client = await begin({ clock: 'master' });
    await synchronize(client);
    // Seconds and minutes since then are the test's own; hour and date are the master's.
    assert.match(await tagOf(client, {}), /^.. .. 0[0-4] 10 38 0b 19$/);
  });

  it('clock master: also after a deploy of other points; with clock system not any more', async () => {
    const port = await freePort();
    const client = await begin({ clock: 'master' }, port);
    await synchronize(client);
    await red.deploy(flow(port, { clock: 'master' }, [{ ioa: 101, type: 'M_SP_NA_1' }]), 'full');
    assert.match(await tagOf(client, {}), /^.. .. 0[0-4] 10 38 0b 19$/);
    await red.deploy(flow(port, { clock: 'system' }), 'full');
    red.inject('out', { payload: false });
    const year = (new Date().getUTCFullYear() % 100).toString(16).padStart(2, '0');
    assert.equal((await client.asdu()).slice(-2), year);
  });

  it('clock master: not those that the flow gives itself', async () => {
    const client = await begin({ clock: 'master' });
    await synchronize(client);
    assert.equal(await tagOf(client, { timestamp: SUMMER }), '00 00 00 0c 41 07 19');
  });

  it('clock master: an invalid time is refused, and moves nothing', async () => {
    const client = await begin({ clock: 'master' });
    await client.answers(
      '67 01 06 00 01 00 00 00 00 00 00 80 10 38 0b 19',
      '67 01 47 00 01 00 00 00 00 00 00 80 10 38 0b 19',
    );
    assert.equal(
      (await tagOf(client, {})).slice(-2),
      (new Date().getUTCFullYear() % 100).toString(16).padStart(2, '0'),
    );
  });

  it('clock system: the time is only reported', async () => {
    const client = await begin({ clock: 'system' });
    await synchronize(client);
    const [day, month, year] = [
      new Date().getUTCDate(),
      new Date().getUTCMonth() + 1,
      new Date().getUTCFullYear() % 100,
    ];
    const octets = (await tagOf(client, {})).split(' ').map((digits) => Number.parseInt(digits, 16));
    assert.deepEqual([(octets[4] as number) % 32, octets[5], octets[6]], [day, month, year]);
  });
});
