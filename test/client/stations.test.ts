import assert from 'node:assert/strict';
import { fixedZone } from '../../lib/asdu/time.js';
import { COUNTERS, INTERROGATION } from './outstation.js';
import { defined } from './rig.js';
import { VirtualNet } from './virtual.js';

const paths = [{ hosts: ['a'], port: 2404 }] as const;
const ON = '01 01 03 00 01 00 01 00 00 01';
/** An interrogation of the station with this common address, as octet. */
const interrogationOf = (address: string): string =>
  INTERROGATION.replace('01 00 00 00 00 14', `${address} 00 00 00 00 14`);

describe('a client: the stations of a line', () => {
  it('clock synchronization: when data transfer begins, and in its period, in the time of the station', () => {
    const net = new VirtualNet();
    net.line(paths, [
      { parameters: 'OIC=0;OCIC=0', syncPeriod: 60, zone: fixedZone(60) },
      { ca: 2, parameters: 'OIC=0;OCIC=0' },
    ]);
    net.clock.advance(30_000);
    assert.ok(net.of('a').start());
    // 04:05:36.790 UTC, an hour later there; the turn comes a minute after the line was opened.
    assert.deepEqual(net.of('a').asdus(), ['67 01 06 00 01 00 00 00 00 b6 8f 05 05 43 02 1a']);
    net.clock.advance(29_998);
    assert.deepEqual(net.of('a').asdus(), []);
    net.clock.advance(2);
    assert.deepEqual(net.of('a').asdus(), ['67 01 06 00 01 00 00 00 00 85 1a 06 05 43 02 1a']);
    net.clock.advance(60_000);
    assert.equal(net.of('a').asdus().length, 1);
  });

  it('its confirmation is awaited, and an order of it has one outcome of its own', () => {
    const net = new VirtualNet();
    const rig = net.line(paths, [{ parameters: 'OIC=0;OCIC=0', syncPeriod: 60 }]);
    net.of('a').start();
    const [sent] = net.of('a').asdus();
    net.of('a').ask((sent as string).replace('67 01 06', '67 01 07'));
    net.clock.advance(59_000);
    assert.equal(rig.line.status.connections[0]?.ignored, 0);
    const outcomes = rig.order({ clockSync: true });
    const [ordered, ...others] = net.of('a').asdus();
    net.clock.advance(1500);
    assert.deepEqual([others, net.of('a').asdus()], [[], []], 'while it is open the turn is left out');
    net.of('a').ask((ordered as string).replace('67 01 06', '67 01 07'));
    net.clock.advance(1);
    assert.deepEqual(
      outcomes.map(({ ok, durationMs }) => [ok, durationMs]),
      [[true, 1500]],
    );
  });

  it('one that joins while data transfer goes on is interrogated; its neighbours are not', () => {
    const net = new VirtualNet();
    const rig = net.line(paths, [{ parameters: 'CMDC=0' }]);
    net.of('a').start();
    assert.deepEqual(net.of('a').asdus(), [INTERROGATION, COUNTERS]);
    rig.add({ ca: 7, parameters: 'OCIC=0' });
    assert.deepEqual(net.of('a').asdus(), [interrogationOf('07')]);
    assert.deepEqual(
      rig.line.status.stations.map(({ state }) => state),
      ['StON', 'StON'],
    );
  });

  it('two with one common address: an error that names both', () => {
    const net = new VirtualNet();
    const rig = net.line(paths, [{}]);
    const twin = rig.make({});
    assert.throws(() => rig.line.add({ station: twin, defined: {} }), {
      message: 'common address 1 stands twice on line Line 1: stations Station 1 and Station 1',
    });
  });

  it('one that follows another with other points is interrogated; what both know is told once more if the line is lost', () => {
    const net = new VirtualNet();
    const points = [1, 2].map((ioa) => ({ ioa, type: 'M_SP_NA_1' }));
    const rig = net.line(paths, [{ points, parameters: 'CMDC=0;OCIC=0' }]);
    net.of('a').start();
    net.of('a').asdus();
    net.of('a').ask(ON, ON.replace('01 00 00 01', '02 00 00 01'));
    net.clock.advance(1);
    assert.deepEqual(rig.taken(), ['1=true', '2=true']);
    const next = rig.make({ points: [points[0] as (typeof points)[0], { ioa: 2, type: 'M_DP_NA_1' }] });
    rig.line.replace(rig.station, { station: next, defined: defined('WT3=0;CMDC=0;OCIC=0') });
    assert.deepEqual(net.of('a').asdus(), [INTERROGATION]);
    net.of('a').cut();
    assert.deepEqual(
      rig.receptions.map(({ station, again, object }) => [station === next, again, object.ioa]),
      [[true, true, 1]],
    );
  });

  it('the same one with other parameters is not; the interrogation under way goes on', () => {
    const net = new VirtualNet();
    const rig = net.line(paths, [{}]);
    net.of('a').start();
    assert.deepEqual(net.of('a').asdus(), [INTERROGATION]);
    rig.line.replace(rig.station, { station: rig.station, defined: defined('WT3=0;WTN=50000') });
    assert.deepEqual(net.of('a').asdus(), []);
    net.of('a').ask(INTERROGATION.replace('64 01 06', '64 01 0a'));
    assert.deepEqual(net.of('a').asdus(), [COUNTERS]);
    assert.equal(rig.station.parameters.WTN, 50_000);
  });

  it('what comes of one that is removed is unknown, nothing of it is told once more, and no order of it goes out', () => {
    const net = new VirtualNet();
    const points = [{ ioa: 1, type: 'M_SP_NA_1' }];
    const rig = net.line(paths, [
      { points, parameters: 'CMDC=0' },
      { ca: 2, points },
    ]);
    net.of('a').start();
    net.of('a').asdus();
    net.of('a').ask(ON);
    net.clock.advance(1);
    rig.line.remove(rig.station);
    net.of('a').ask(ON);
    net.clock.advance(1);
    assert.deepEqual(
      rig.order({ test: true }).map(({ reason }) => reason),
      ['disconnected'],
    );
    net.of('a').cut();
    assert.deepEqual(rig.taken(), ['1=true']);
    assert.equal(rig.station.state, 'StOFF');
  });

  it('another redundancy mode, or another time to connect, is taken over', () => {
    const net = new VirtualNet();
    const rig = net.line(
      [
        { hosts: ['a'], port: 2404 },
        { hosts: ['b'], port: 2404 },
      ],
      [{ parameters: 'OIC=0;OCIC=0' }],
    );
    net.of('a').start();
    rig.line.replace(rig.station, { station: rig.station, defined: defined('WT3=0;OIC=0;OCIC=0;REDM=parallel;WT0=5') });
    net.clock.advance(1000);
    assert.ok(net.of('a').start());
    assert.ok(net.of('b').start());
    assert.deepEqual(rig.line.status.flags, 'AB');
  });

  it('DBGI and DBGO show its frames, and a watcher sees them', () => {
    const net = new VirtualNet();
    const rig = net.line(paths, [{ parameters: 'OCIC=0;DBGI=8;DBGO=8', points: [{ ioa: 1, type: 'M_SP_NA_1' }] }]);
    const frames: string[] = [];
    const end = rig.line.frames.add(({ direction }) => frames.push(direction));
    net.of('a').start();
    net.of('a').ask(ON);
    net.clock.advance(1);
    assert.deepEqual(frames, ['received', 'sent', 'received']);
    assert.ok(rig.logged.some((line) => /a:2404 sent: .*C_IC_NA_1/.test(line)));
    assert.ok(rig.logged.some((line) => /a:2404 received: .*M_SP_NA_1/.test(line)));
    end();
  });
});
