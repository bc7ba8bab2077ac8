import assert from 'node:assert/strict';
import { types } from '../../lib/asdu/types.js';
import { present } from '../../lib/asdu/value.js';
import { isPointType } from '../../lib/station/points.js';
import { closeAll, serve } from '../server/served.js';
import { STARTDT_ACT, STOPDT_ACT } from '../server/wire.js';
import { INTERROGATION, Outstation } from './outstation.js';
import { ClientRig } from './rig.js';

/** A value of each information element. */
const values: Readonly<Record<string, unknown>> = {
  SIQ: true,
  DIQ: 2,
  VTI: -17,
  BSI: 0xdeadbeef,
  NVA: -0.25,
  SVA: -12_345,
  R32: 1.5,
  R64: 1 / 3,
  BCR: -987_654,
  SCD: 0x8001_4002,
  SEP: { event: 2, elapsedMs: 345 },
  SPE: {
    start: { general: true, l1: false, l2: true, l3: false, earth: false, reverse: false },
    durationMs: 12,
  },
  OCI: { output: { general: true, l1: true, l2: false, l3: false }, operatingMs: 65_535 },
};

describe('a client over sockets', () => {
  const rigs: ClientRig[] = [];
  const outstations: Outstation[] = [];

  const listen = async (port = 0, host = '127.0.0.1'): Promise<Outstation> => {
    const outstation = await Outstation.listen(port, host);
    outstations.push(outstation);
    return outstation;
  };

  const rigOf = (rig: ClientRig): ClientRig => {
    rigs.push(rig);
    return rig;
  };

  afterEach(async () => {
    for (const { line } of rigs.splice(0)) await line.close();
    for (const outstation of outstations.splice(0)) outstation.deafen();
    await closeAll();
  });

  it('every type of process information arrives with value, quality and time', async () => {
    const rows = Object.values(types).filter((row) => row.direction === 'monitor' && isPointType(row));
    const points = rows.map(({ id, label }) => ({ ioa: id, type: label }));
    const served = await serve([{ points }]);
    const rig = rigOf(ClientRig.to(served.line.port as number, [{ points }]));
    // The types of protection events have no state to interrogate.
    await rig.until(() => rig.receptions.some(({ asdu }) => asdu.cause === 37), 'the counters');
    rig.taken();
    const timestamp = Date.UTC(2026, 1, 3, 4, 5, 6, 789);
    const quality = { notTopical: true };
    for (const { id, first } of rows)
      served.station.write({ ioa: id, value: values[first?.name ?? ''], quality, timestamp }, timestamp);
    await rig.until(() => rig.receptions.filter(({ asdu }) => asdu.cause === 3).length === rows.length, 'the events');
    for (const row of rows) {
      const reception = rig.receptions.find(({ object, asdu }) => object.ioa === row.id && asdu.cause === 3);
      assert.ok(reception !== undefined, row.label);
      const { payload } = present(row, reception.object);
      assert.deepEqual([reception.row, payload], [row, values[row.first?.name ?? '']], row.label);
      // The status octet of counters has no NT, and that of type 21 is not there.
      const hasQuality = !row.isCounter && row.label !== 'M_ME_ND_1';
      assert.equal(reception.weak, hasQuality, row.label);
      // The hour and the date of CP24Time2a are those of the receiver.
      if (row.time === 'cp24')
        assert.equal((reception.timestamp as number) % 3_600_000, timestamp % 3_600_000, row.label);
      else assert.equal(reception.timestamp, row.time === 'none' ? undefined : timestamp, row.label);
    }
  });

  it('commands to our own server: select before operate, refusal, interrogation of a group', async () => {
    const served = await serve([
      {
        points: [
          { ioa: 1, type: 'C_SC_NA_1', sbo: true },
          { ioa: 2, type: 'M_SP_NA_1', groups: [3] },
        ],
      },
    ]);
    const rig = rigOf(
      ClientRig.to(served.line.port as number, [
        {
          points: [
            { ioa: 1, type: 'C_SC_NA_1' },
            { ioa: 2, type: 'M_SP_NA_1' },
          ],
        },
      ]),
    );
    await rig.until(() => rig.receptions.length === 1, 'the value');
    const direct = await rig.outcome(rig.order({ command: 'single', ioa: 1, value: true }));
    assert.deepEqual([direct.ok, direct.reason], [false, 'negative']);
    const selected = await rig.outcome(rig.order({ command: 'single', ioa: 1, value: true, select: true }));
    assert.deepEqual([selected.ok, selected.confirmed, selected.terminated], [true, true, true]);
    assert.deepEqual(
      served.operations.map(({ select }) => select),
      [true, false],
    );
    const unknown = await rig.outcome(rig.order({ command: 'float', ioa: 9, value: 1 }));
    assert.deepEqual([unknown.cause, unknown.reason], [47, 'negative']);
    const group = await rig.outcome(rig.order({ interrogation: 23 }));
    assert.deepEqual([group.ok, rig.receptions.at(-1)?.asdu.cause], [true, 23]);
    const empty = await rig.outcome(rig.order({ interrogation: 24 }));
    assert.equal(empty.reason, 'negative');
    for (const order of [
      { read: 2 },
      { test: true },
      { clockSync: true },
      { reset: 2 },
      { counterInterrogation: 5 },
    ] as const)
      assert.equal((await rig.outcome(rig.order(order))).ok, true, JSON.stringify(order));
  });

  it('after a time without a free moment it reads first: what was answered meanwhile is no reason to give up', async () => {
    const outstation = await listen();
    const rig = rigOf(ClientRig.to(outstation.port, [{ parameters: 'WT1=200;WT2=100;OCIC=0' }]));
    const session = await (await outstation.accept()).started();
    assert.equal(session.wire.asduOf(await session.next()), INTERROGATION);
    session.acknowledge();
    for (const until = performance.now() + 300; performance.now() < until; );
    await session.quiet();
    assert.deepEqual([rig.line.status.state, rig.line.status.closes], ['connected', {}]);
  });

  it('a redundant line moves to the backup when the primary goes, and back when an operator says so', async () => {
    const [first, second] = [await listen(), await listen()];
    const rig = rigOf(
      new ClientRig(
        [
          { hosts: ['127.0.0.1'], port: first.port },
          { hosts: ['127.0.0.1'], port: second.port },
        ],
        [{ points: [{ ioa: 100, type: 'M_SP_NA_1' }], parameters: 'OCIC=0' }],
      ),
    );
    rig.line.open();
    const primary = await first.accept();
    const backup = await second.accept();
    await Promise.race([
      primary.until(() => primary.frames.length > 0, 'STARTDT'),
      backup.until(() => backup.frames.length > 0, 'STARTDT'),
    ]);
    const [active, standby] = primary.frames.length > 0 ? [primary, backup] : [backup, primary];
    await active.started();
    await active.expect(INTERROGATION);
    await standby.quiet();
    const states = rig.line.status.connections.map(({ state }) => state).sort();
    assert.deepEqual(states, ['standby', 'started']);
    await active.cut();
    await standby.started();
    await standby.expect(INTERROGATION);
    const returned = await (active === primary ? first : second).accept();
    await rig.until(() => rig.line.status.connections.length === 2, 'the second connection');
    await returned.quiet();
    assert.equal(rig.line.switchOver(), true);
    assert.equal((await standby.next()).slice(0, 8), STOPDT_ACT.slice(0, 8));
    standby.send('68 04 23 00 00 00');
    assert.equal(await returned.next(), STARTDT_ACT);
  });

  it('ARMP: a backup behind the same address of ours goes to its next host, and stays where ours is another', async function () {
    const primary = await listen();
    const near = await listen(0, '127.0.0.2');
    // It has to have the same port: the hosts of a device share one.
    const far = await listen(near.port, '::1').catch(() => this.skip());
    const rig = rigOf(
      new ClientRig(
        [
          { hosts: ['127.0.0.1'], port: primary.port },
          { hosts: ['127.0.0.2', '::1'], port: near.port },
        ],
        [{ points: [{ ioa: 100, type: 'M_SP_NA_1' }], parameters: 'ARMP=3;OIC=0;OCIC=0' }],
      ),
    );
    rig.line.open();
    const one = await primary.accept();
    const two = await near.accept();
    await rig.until(() => rig.line.status.connections.length === 2, 'both connections');
    // Whichever came first is started; it is the backup that has to stand by.
    await Promise.race([one, two].map((session) => session.until(() => session.frames.length > 0, 'STARTDT')));
    if (two.frames.length > 0) {
      await two.started();
      rig.line.switchOver();
      await two.stopped();
    }
    await one.started();
    const value = '01 01 03 00 01 00 64 00 00 01';
    one.ask(value, value);
    await one.quiet();
    assert.equal(two.closed, false);
    one.ask(value);
    await two.closes();
    const standby = await far.accept();
    await rig.until(() => rig.line.status.connections.length === 2, 'the new standby connection');
    one.ask(value, value, value);
    await one.quiet();
    await standby.quiet();
    assert.deepEqual([rig.line.status.closes, near.count, far.count], [{ 'same-network': 1 }, 1, 1]);
  });
});
