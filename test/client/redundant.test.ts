import assert from 'node:assert/strict';
import type { Outcome } from '../../lib/procedures/enquiries.js';
import { STARTDT_ACT, STOPDT_ACT, STOPDT_CON, TESTFR_ACT, TESTFR_CON } from '../server/wire.js';
import { COUNTERS, INTERROGATION } from './outstation.js';
import type { ClientRig } from './rig.js';
import { type MemoryOutstation, VirtualNet } from './virtual.js';

const points = [
  { ioa: 1, type: 'M_SP_NA_1' },
  { ioa: 2, type: 'M_ME_NC_1' },
  { ioa: 3, type: 'M_ME_NB_1' },
];
const ON = '01 01 03 00 01 00 01 00 00 01';
const OFF = '01 01 03 00 01 00 01 00 00 00';
const INTERROGATION_ALONE = 'CMDC=0;OCIC=0';

class Redundant {
  readonly net = new VirtualNet();
  readonly rig: ClientRig;

  constructor(parameters = '', hosts: readonly [string[], string[]] = [['a'], ['b']]) {
    const [primary, backup] = hosts.map((list) => ({ hosts: list, port: 2404 }));
    assert.ok(primary !== undefined && backup !== undefined);
    this.rig = this.net.line([primary, backup], [{ points, parameters: `${INTERROGATION_ALONE};${parameters}` }]);
  }

  get a(): MemoryOutstation {
    return this.net.of('a');
  }

  get b(): MemoryOutstation {
    return this.net.of('b');
  }

  /** Flags, and the state of each connection. */
  get state(): readonly string[] {
    const { flags, connections } = this.rig.line.status;
    return [flags, ...connections.map(({ remote, state }) => `${remote[0]} ${state}`)];
  }
}

describe('a redundant line, group', () => {
  /** The primary is started and has been interrogated. */
  const running = (parameters = 'WT3=20000'): Redundant => {
    const line = new Redundant(parameters);
    assert.ok(line.a.start());
    assert.deepEqual(line.a.asdus(), [INTERROGATION]);
    return line;
  };

  it('both connections stand, one is started and the other tested and ready', () => {
    const line = running();
    assert.deepEqual(line.b.raw(), []);
    assert.deepEqual(line.state, ['A', 'a started', 'b standby']);
    line.net.clock.advance(20_001);
    for (const session of [line.a, line.b]) {
      assert.deepEqual(session.raw(), [TESTFR_ACT]);
      session.send(TESTFR_CON);
    }
    line.net.clock.advance(15_000);
    assert.deepEqual(line.state, ['A', 'a started', 'b standby']);
  });

  it('the standby takes over at once when the started one is lost; it is interrogated, and nothing told once more', () => {
    const line = running();
    line.a.ask(ON);
    line.net.clock.advance(1);
    line.a.cut();
    assert.deepEqual(line.b.raw(), [STARTDT_ACT]);
    assert.deepEqual(line.rig.line.status.state, 'connecting');
    line.b.send('68 04 0b 00 00 00');
    assert.deepEqual(line.b.asdus(), [INTERROGATION]);
    assert.deepEqual(line.state, ['B', 'b started']);
    assert.deepEqual(line.rig.taken(), ['1=true']);
    line.net.clock.advance(2000);
    assert.deepEqual(line.state, ['B', 'a standby', 'b started'], 'who returns is the standby');
  });

  it('a standby that does not confirm STARTDT is closed, and then the line is lost', () => {
    const line = running();
    line.a.ask(ON);
    line.net.clock.advance(1);
    line.net.kill('a');
    line.a.cut();
    assert.deepEqual(line.rig.taken(), ['1=true']);
    line.net.kill('b');
    line.net.clock.advance(15_001);
    assert.equal(line.b.closed, true);
    assert.deepEqual(line.rig.taken(), ['1=true~']);
    assert.equal(line.rig.line.status.closes['t1-act'], 1);
  });

  it('a standby that does not confirm TESTFR is closed and made anew, and data transfer goes on', () => {
    const line = running();
    line.net.clock.advance(20_001);
    line.a.raw();
    line.a.send(TESTFR_CON);
    line.net.clock.advance(15_000);
    assert.equal(line.rig.line.status.closes['t1-testfr'], 1);
    assert.deepEqual(line.state.slice(0, 2), ['A', 'a started']);
    line.net.clock.advance(1000);
    assert.equal(line.net.sessions.length, 3);
  });

  it('an operator moves data transfer: STOPDT, its confirmation, STARTDT on the other, interrogation', () => {
    const line = running();
    line.net.clock.advance(1);
    assert.equal(line.rig.line.switchOver(), true);
    assert.deepEqual(line.a.raw(), [STOPDT_ACT]);
    assert.deepEqual(line.b.raw(), []);
    line.a.send(STOPDT_CON);
    assert.ok(line.b.start());
    assert.deepEqual(line.b.asdus(), [INTERROGATION]);
    assert.deepEqual(line.state, ['B', 'a standby', 'b started']);
    assert.equal(line.rig.line.switchOver(), true);
    line.b.raw();
    line.b.send(STOPDT_CON);
    assert.ok(line.a.start());
    assert.deepEqual(line.a.asdus(), [INTERROGATION], 'interrogated once');
  });

  it('a plain line has nothing to switch to', () => {
    const net = new VirtualNet();
    const rig = net.line([{ hosts: ['a'], port: 2404 }]);
    assert.ok(net.of('a').start());
    assert.equal(rig.line.switchOver(), false);
  });

  it('orders go over the started connection alone, and end when it is stopped', () => {
    const line = running();
    const outcomes: Outcome[] = line.rig.order({ command: 'single', ioa: 5, value: true });
    assert.deepEqual(
      outcomes.splice(0).map(({ ok }) => ok),
      [true],
      'CMDC=0',
    );
    line.net.clock.settle();
    assert.deepEqual([line.a.asdus().length, line.b.asdus().length], [1, 0]);
    const tested = line.rig.order({ test: true });
    line.a.asdus();
    line.rig.line.switchOver();
    line.a.raw();
    line.a.send(STOPDT_CON);
    line.net.clock.settle();
    assert.deepEqual(
      tested.map(({ reason }) => reason),
      ['disconnected'],
    );
  });

  it('orders that wait for the window are not sent when data transfer comes back', () => {
    const line = running('K=1;W=1');
    const orders = [5, 6].flatMap((ioa) => line.rig.order({ command: 'single', ioa, value: true }));
    assert.equal(orders.length, 2, 'CMDC=0');
    line.net.clock.settle();
    assert.equal(line.a.frames.length, 1, 'the second waits');
    line.rig.line.switchOver();
    assert.deepEqual(line.a.raw().slice(1), [STOPDT_ACT]);
    line.a.send(STOPDT_CON);
    line.net.clock.settle();
    assert.ok(line.b.start());
    line.b.asdus();
    line.rig.line.switchOver();
    line.b.raw();
    line.b.send(STOPDT_CON);
    line.net.clock.settle();
    assert.ok(line.a.start());
    line.a.wire.vr = 2;
    line.a.acknowledge();
    assert.deepEqual(line.a.asdus(), [INTERROGATION]);
  });

  it('when both are lost each point is told once more, once', () => {
    const line = running();
    line.a.ask(ON);
    line.net.clock.advance(1);
    line.net.kill('a', 'b');
    line.b.cut();
    line.a.cut();
    assert.deepEqual(line.rig.taken(), ['1=true', '1=true~']);
    assert.equal(line.rig.station.state, 'StCOMERR');
  });

  it('ARMP: two connections over one network are none; the one that stands by goes to its next host', () => {
    const line = new Redundant('ARMP=3', [['a'], ['b', 'c']]);
    assert.ok(line.a.start());
    line.a.asdus();
    line.a.ask(ON, ON);
    line.net.clock.advance(1);
    assert.equal(line.b.closed, false);
    line.a.ask(ON);
    line.net.clock.advance(2000);
    assert.deepEqual([line.b.closed, line.rig.line.status.closes], [true, { 'same-network': 1 }]);
    assert.deepEqual(line.state, ['A', 'a started', 'c standby']);
  });
});

describe('a redundant line, parallel', () => {
  const running = (parameters = ''): Redundant => {
    const line = new Redundant(`REDM=parallel;${parameters}`);
    for (const session of [line.a, line.b]) {
      assert.ok(session.start());
      assert.deepEqual(session.asdus().length, 1);
    }
    return line;
  };

  it('both are started and interrogated', () => {
    const line = running();
    assert.deepEqual(line.state, ['AB', 'a started', 'b started']);
  });

  it('what both bring is told once, in whatever order', () => {
    const line = running();
    line.a.ask(ON, OFF);
    line.net.clock.advance(1);
    line.b.ask(ON, OFF, ON);
    line.net.clock.advance(1);
    line.a.ask(ON, OFF);
    line.net.clock.advance(1);
    assert.deepEqual(line.rig.taken(), ['1=true', '1=false', '1=true', '1=false']);
  });

  it('one that lags too far behind may repeat values, which is counted; none is missing', () => {
    const line = running();
    const values = Array.from(
      { length: 70 },
      (_, i) => `0b 01 03 00 01 00 03 00 00 ${i.toString(16).padStart(2, '0')} 00 00`,
    );
    line.a.ask(...values);
    line.net.clock.advance(1);
    assert.equal(line.rig.receptions.length, 70);
    assert.equal(line.rig.line.status.repeated, 6);
    line.b.ask(...values);
    line.net.clock.advance(1);
    assert.ok(line.rig.receptions.length > 70);
    assert.equal(line.rig.line.status.lost, 0);
  });

  it('when one is lost the other goes on, and nothing is told once more', () => {
    const line = running();
    line.a.ask(ON);
    line.b.ask(ON);
    line.net.clock.advance(1);
    line.a.cut();
    line.b.ask(OFF);
    line.net.clock.advance(1);
    assert.deepEqual(line.rig.taken(), ['1=true', '1=false']);
    assert.equal(line.rig.line.status.state, 'connected');
  });

  it('one that returns is interrogated, and what it repeats is left out', () => {
    const line = running();
    line.a.ask(ON);
    line.b.ask(ON);
    line.net.clock.advance(1);
    line.a.cut();
    line.net.clock.advance(1000);
    assert.ok(line.a.start());
    assert.deepEqual(line.a.asdus(), [INTERROGATION]);
    line.a.ask('01 01 14 00 01 00 01 00 00 01');
    line.net.clock.advance(1);
    assert.deepEqual(line.rig.taken(), ['1=true']);
  });

  for (const [what, lose] of [
    ['when both were lost', (line) => [line.a, line.b].map((session) => session.cut())],
    ['when the line was closed and opened', (line) => [line.rig.line.close(), line.rig.line.open()]],
  ] satisfies readonly [string, (line: Redundant) => unknown][])
    it(`${what} the same values are told again: they are topical now`, () => {
      const line = running();
      for (const session of [line.a, line.b]) session.ask('01 01 14 00 01 00 01 00 00 01');
      line.net.clock.advance(1);
      assert.deepEqual(line.rig.taken(), ['1=true']);
      lose(line);
      line.net.clock.advance(1000);
      line.rig.taken();
      for (const session of [line.a, line.b]) {
        assert.ok(session.start());
        session.ask('01 01 14 00 01 00 01 00 00 01');
        line.net.clock.advance(1);
      }
      assert.deepEqual(line.rig.taken(), ['1=true']);
    });

  it('orders go over one; an operator chooses which', () => {
    const line = running();
    line.rig.order({ command: 'single', ioa: 5, value: true });
    assert.deepEqual([line.a.asdus().length, line.b.asdus().length], [1, 0]);
    assert.equal(line.rig.line.switchOver(), true);
    assert.deepEqual([line.a.raw(), line.b.asdus()], [[], [INTERROGATION]], 'no STOPDT');
    line.rig.order({ command: 'single', ioa: 5, value: true });
    assert.deepEqual([line.a.asdus().length, line.b.asdus().length], [0, 1]);
  });

  it('STBY = test: the standby connection sets the T bit of what it sends, the other does not', () => {
    const line = new Redundant('REDM=parallel;STBY=test');
    assert.ok(line.a.start());
    assert.ok(line.b.start());
    assert.deepEqual(line.a.asdus(), [INTERROGATION]);
    assert.deepEqual(line.b.asdus(), [INTERROGATION.replace('64 01 06', '64 01 86')]);
    line.a.cut();
    line.net.clock.settle();
    assert.deepEqual(line.b.asdus(), [INTERROGATION], 'it is what counts now');
  });

  it('STBY = cf3: the standby connection marks its I-frames', () => {
    const line = new Redundant('REDM=parallel;STBY=cf3');
    assert.ok(line.a.start());
    assert.ok(line.b.start());
    const marks = [line.a, line.b].map((session) => session.raw()[0]?.split(' ')[4]);
    assert.deepEqual(marks, ['00', '01']);
  });

  for (const [ARMSD, mark] of [
    [
      1,
      (frame: string) =>
        frame
          .split(' ')
          .map((octet, i) => (i === 4 ? odd(octet) : octet))
          .join(' '),
    ],
    [2, (frame: string) => frame.replace('01 01 03', '01 01 83')],
  ] as const)
    it(`ARMSD = ${ARMSD}: values of a device that marks itself standby do not count beside an active one`, () => {
      const line = running(`ARMSD=${ARMSD};IT=1`);
      const standby = (session: MemoryOutstation, ...asdus: string[]) =>
        session.send(...asdus.map((asdu) => mark(session.wire.frame(asdu))));
      standby(line.a, ON);
      line.b.ask(OFF);
      line.net.clock.advance(1);
      assert.deepEqual(line.rig.taken(), ['1=false']);
      assert.deepEqual(line.b.asdus(), [INTERROGATION], 'orders go to the active device, which is asked first');
      line.rig.order({ command: 'single', ioa: 5, value: true });
      assert.equal(line.b.asdus().length, 1);
      line.b.cut();
      standby(line.a, ON);
      line.net.clock.advance(1);
      assert.deepEqual(line.rig.taken(), ['1=true'], 'alone it counts');
    });

  it('the counters are asked for as well, in the order of OIC and OCIC', () => {
    const line = new Redundant('REDM=parallel;OCIC=2');
    assert.ok(line.b.start());
    assert.deepEqual(line.b.asdus(), [INTERROGATION, COUNTERS]);
  });
});

describe('a redundant line of two machines', () => {
  it('in every order of loss and return at most one is started, and one again as soon as one stands', () => {
    let seed = 7;
    const random = (n: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % n;
    };
    const line = new Redundant();
    const { net, rig } = line;
    /** A device confirms whatever it is asked, one step later. */
    const answer = (): void => {
      for (const session of net.sessions)
        for (const frame of session.frames.splice(0)) {
          if (frame === STARTDT_ACT) session.send('68 04 0b 00 00 00');
          else if (frame === STOPDT_ACT) session.send(STOPDT_CON);
          else if (session.wire.asduOf(frame) !== undefined) session.acknowledge();
        }
    };
    let started = 0;
    for (let step = 0; step < 2000; step++) {
      const host = random(2) === 0 ? 'a' : 'b';
      const act = random(10);
      if (act === 0) net.kill(host);
      else if (act < 3) net.revive(host);
      else if (act < 4)
        net.sessions
          .filter((session) => session.host === host && !session.closed)
          .at(-1)
          ?.own.cut('ECONNRESET');
      else if (act < 5) rig.line.switchOver();
      else answer();
      net.clock.advance(random(4) * 2000);
      const states = rig.line.status.connections.map(({ state }) => state);
      assert.ok(states.filter((state) => state === 'started' || state === 'stopping').length <= 1, states.join());
      if (states.includes('started')) started++;
      if (step % 50 !== 0) continue;
      // Nobody disturbs any more: within the longest wait to connect there is data transfer again.
      net.revive('a', 'b');
      for (let i = 0; i < 32; i++) {
        net.clock.advance(1000);
        answer();
      }
      net.clock.settle();
      assert.ok(rig.line.status.connections.some(({ state }) => state === 'started'));
    }
    assert.ok(started > 500, `${started}`);
  });
});

function odd(octet: string): string {
  return (Number.parseInt(octet, 16) | 1).toString(16).padStart(2, '0');
}
